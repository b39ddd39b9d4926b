// SPDX-License-Identifier: GPL-2.0-only
#include "source/twins.h"
#include "unit.h"

#define NR_BUFFERS 3
#define US 1000

/* "name" as a string, and a number. */
static const struct event_reader reader = {
	.nr = 2,
	.fields = {
		{ .to = offsetof(struct event, name), .is_string = true },
		{ .to = offsetof(struct event, ret), .to_size = 4 },
	},
};

static int is_new(struct twins *t, unsigned int buffer, u64 time_ns, s32 tid, const char *name,
		  s32 ret)
{
	const struct event ev = {
		.type = EVENT_FINIT_EXIT,
		.time_ns = time_ns,
		.tid = tid,
		.cpu = tid & 1,
		.ret = ret,
		.name = { name, strlen(name) },
		.reader = &reader,
	};

	return twins_is_new(t, buffer, &ev);
}

static void one_buffer_has_no_twins(void **state)
{
	struct twins t = { .nr_buffers = 1 };

	(void)state;
	assert_int_equal(is_new(&t, 0, 5, 1, "a", 0), 1);
	assert_int_equal(is_new(&t, 0, 5, 1, "a", 0), 1);
	twins_free(&t);
}

static void each_event_counts_once(void **state)
{
	struct twins t = { .nr_buffers = NR_BUFFERS };
	unsigned int round;

	(void)state;
	/* The same thread does the same again and again. */
	for (round = 1; round < 100; round++) {
		u64 at = round * 20 * US;

		assert_int_equal(is_new(&t, 0, at, 1, "a", -17), 1);
		assert_int_equal(is_new(&t, 2, at + US, 1, "a", -17), 0);
		assert_int_equal(is_new(&t, 1, at + 2 * US, 1, "a", -17), 0);
	}
	twins_free(&t);
}

static void what_differs_is_another(void **state)
{
	struct twins t = { .nr_buffers = NR_BUFFERS };

	(void)state;
	assert_int_equal(is_new(&t, 0, 10, 1, "a", 0), 1);
	assert_int_equal(is_new(&t, 1, 11, 3, "a", 0), 1); /* another thread */
	assert_int_equal(is_new(&t, 1, 12, 1, "b", 0), 1);
	assert_int_equal(is_new(&t, 1, 13, 1, "a", -2), 1);
	assert_int_equal(is_new(&t, 1, 14, 1, "a", 0), 0);
	twins_free(&t);
}

/* Filters give each buffer some; what one has lost, or began to record later, the other has. */
static void none_is_left_out(void **state)
{
	struct twins t = { .nr_buffers = NR_BUFFERS };

	(void)state;
	assert_int_equal(is_new(&t, 0, 10, 1, "a", 0), 1);
	assert_int_equal(is_new(&t, 0, 20, 1, "a", 0), 1);
	assert_int_equal(is_new(&t, 1, 21, 1, "a", 0), 0);
	/* The first has lost this one. */
	assert_int_equal(is_new(&t, 1, 30, 1, "a", 0), 0);
	assert_int_equal(is_new(&t, 1, 40, 1, "a", 0), 1);
	/* Long after, from a buffer that has had nothing yet. */
	assert_int_equal(is_new(&t, 2, 50 + 2 * TWINS_APART_NS, 1, "a", 0), 1);
	twins_free(&t);
}

/* A clock that hardly moves: one buffer's records of a moment come ahead of all of the other's. */
static void a_coarse_clock_counts_them_too(void **state)
{
	struct twins t = { .nr_buffers = NR_BUFFERS };
	unsigned int i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_int_equal(is_new(&t, 0, 7, 1, "a", -17), 1);
	for (i = 0; i < 5; i++)
		assert_int_equal(is_new(&t, 1, 7, 1, "a", -17), 0);
	assert_int_equal(is_new(&t, 1, 7, 1, "a", -17), 1);
	twins_free(&t);
}

static void what_is_past_is_forgotten(void **state)
{
	struct twins t = { .nr_buffers = NR_BUFFERS };
	unsigned int i;

	(void)state;
	for (i = 0; i < 10000; i++)
		assert_int_equal(is_new(&t, 0, (u64)i * 10 * NSEC_PER_MSEC, i, "a", 0), 1);
	assert_true(t.by_key.nr < 300);
	twins_free(&t);
}

/* More than it keeps apart: what the last ones share is not taken for twins of each other. */
static void many_buffers(void **state)
{
	struct twins t = { .nr_buffers = 1000 };

	(void)state;
	assert_int_equal(is_new(&t, 0, 1, 1, "a", 0), 1);
	assert_int_equal(is_new(&t, 999, 1, 1, "a", 0), 0);
	twins_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_buffer_has_no_twins),
		cmocka_unit_test(each_event_counts_once),
		cmocka_unit_test(what_differs_is_another),
		cmocka_unit_test(none_is_left_out),
		cmocka_unit_test(a_coarse_clock_counts_them_too),
		cmocka_unit_test(what_is_past_is_forgotten),
		cmocka_unit_test(many_buffers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
