// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/opens.h"
#include "unit.h"

/* What was told: the times, in that order, and that the record came along. */
struct told {
	u64 times[8];
	size_t nr;
};

static int tell(void *context, const struct open_exit *exit, const void *raw)
{
	struct told *t = context;

	assert_int_equal(exit->raw_size, sizeof(u64));
	assert_memory_equal(raw, &exit->time_ns, sizeof(u64));
	t->times[t->nr++] = exit->time_ns;
	return 0;
}

static void returned(struct opens *o, s32 tid, int cpu, u64 time_ns)
{
	const struct open_exit e = {
		.time_ns = time_ns, .tid = tid, .cpu = cpu, .raw_size = sizeof(time_ns),
	};

	assert_int_equal(opens_exit(o, &e, &time_ns), 0);
}

static void is_told(struct opens *o, size_t nr, const u64 *times)
{
	struct told t = { 0 };

	assert_int_equal(opens_settle(o, tell, &t), 0);
	assert_int_equal(t.nr, nr);
	if (nr)
		assert_memory_equal(t.times, times, nr * sizeof(*times));
}

/* CPU 0's buffer is drained first, and has the return of what began on CPU 1. */
static void the_return_comes_before_the_call(void **state)
{
	struct opens o = { 0 };

	(void)state;
	returned(&o, 7, 0, 5);		/* of an earlier file */
	returned(&o, 7, 0, 20);
	returned(&o, 7, 0, 40);		/* of a later one */
	returned(&o, 8, 0, 15);		/* of another thread */
	opens_begin(&o, 7, 10);
	is_told(&o, 1, (u64[]){ 20 });
	is_told(&o, 0, NULL);
	opens_free(&o);
}

static void an_open_may_take_longer_than_a_drain(void **state)
{
	struct opens o = { 0 };

	(void)state;
	opens_begin(&o, 7, 10);
	opens_begin(&o, 9, 11);
	returned(&o, 9, 0, 12);
	is_told(&o, 1, (u64[]){ 12 });
	returned(&o, 7, 1, 30);
	is_told(&o, 1, (u64[]){ 30 });
	opens_free(&o);
}

static void each_open_has_its_own(void **state)
{
	struct opens o = { 0 };

	(void)state;
	opens_begin(&o, 7, 30);
	returned(&o, 7, 0, 40);
	returned(&o, 7, 0, 20);
	opens_begin(&o, 7, 10);
	is_told(&o, 2, (u64[]){ 20, 40 });
	/* The first one's return was lost: the thread has gone on. */
	opens_begin(&o, 7, 50);
	opens_begin(&o, 7, 60);
	is_told(&o, 0, NULL);
	returned(&o, 7, 0, 70);
	is_told(&o, 1, (u64[]){ 70 });
	is_told(&o, 0, NULL);
	opens_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_return_comes_before_the_call),
		cmocka_unit_test(an_open_may_take_longer_than_a_drain),
		cmocka_unit_test(each_open_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
