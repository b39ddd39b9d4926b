// SPDX-License-Identifier: GPL-2.0-only
#include "source/raw_calls.h"
#include "unit.h"

#define HIGH 0x7ffe12345678ULL
#define LOW 0x81234567ULL

static struct raw_calls calls;

static bool begin(const char *arch)
{
	map_free(&calls.refused);
	return raw_calls_init(&calls, arch);
}

static enum event_type enter(s64 id, u64 a0, u64 a1, u64 a2, u64 a3, struct event *ev)
{
	*ev = (struct event){ .type = EVENT_RAW_ENTER,
			      .tid = 7,
			      .ino = id,
			      .ip = a0,
			      .read_bytes = a1,
			      .bytes = a2,
			      .duration_ns = a3 };
	assert_int_equal(raw_call_name(&calls, ev), 0);
	return ev->type;
}

static enum event_type leave(s64 id)
{
	struct event ev = { .type = EVENT_RAW_EXIT, .tid = 7, .ino = id };

	assert_int_equal(raw_call_name(&calls, &ev), 0);
	return ev.type;
}

static int teardown(void **state)
{
	(void)state;
	map_free(&calls.refused);
	return 0;
}

static void calls_are_those_of_the_architecture(void **state)
{
	static const struct {
		const char *arch;
		s64 finit, init, open;
	} archs[] = {
		{ "x86_64", 313, 175, 257 },  { "aarch64", 273, 105, 56 },
		{ "i686", 350, 128, 295 },    { "i386", 350, 128, 5 },
		{ "armv7l", 379, 128, 322 },  { "s390x", 344, 128, 288 },
		{ "riscv32", 273, 105, 56 },  { "mips64", 5307, 5168, 5247 },
		{ "mips", 4348, 4128, 4288 }, { "alpha", 507, 307, 450 },
	};
	struct event ev;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(archs); i++) {
		assert_true(begin(archs[i].arch));
		assert_int_equal(enter(archs[i].finit, 3, LOW, 4, 0, &ev), EVENT_FINIT_ENTER);
		assert_int_equal(ev.fd, 3);
		assert_int_equal(ev.flags, 4);
		assert_int_equal(ev.len, 0);
		assert_int_equal(leave(archs[i].finit), EVENT_FINIT_EXIT);
		assert_int_equal(enter(archs[i].init, LOW, 5000, LOW, 0, &ev), EVENT_INIT_ENTER);
		assert_int_equal(ev.len, 5000);
		assert_int_equal(leave(archs[i].init), EVENT_INIT_EXIT);
		assert_int_equal(leave(archs[i].open), EVENT_OPEN_EXIT);
		assert_int_equal(leave(-1), EVENT_NONE);
	}
	assert_false(begin("vax"));
	assert_false(begin(NULL));
	assert_int_equal(leave(313), EVENT_NONE);
}

/* What 313 and 175 are on x86_64 are splice() and rt_sigprocmask() in a 32-bit process. */
static void other_calls_have_the_same_numbers(void **state)
{
	struct event ev;

	(void)state;
	begin("x86_64");
	assert_int_equal(enter(175, 2, LOW, 0, 8, &ev), EVENT_NONE);
	assert_int_equal(leave(175), EVENT_NONE);
	assert_int_equal(enter(313, 4, 0, 5, 0, &ev), EVENT_NONE);
	assert_int_equal(leave(313), EVENT_NONE);
	/* rt_sigtimedwait() of 64 bits */
	assert_int_equal(enter(128, HIGH, HIGH, HIGH, 8, &ev), EVENT_NONE);
	assert_int_equal(leave(128), EVENT_NONE);
	assert_int_equal(enter(128, LOW, 0, LOW, 8, &ev), EVENT_NONE);
	assert_int_equal(leave(128), EVENT_NONE);
	/* getitimer() */
	begin("aarch64");
	assert_int_equal(enter(105, 0, LOW, 0, 0, &ev), EVENT_NONE);
	assert_int_equal(leave(105), EVENT_NONE);
}

static void processes_of_32_bits_load_modules(void **state)
{
	struct event ev;

	(void)state;
	begin("x86_64");
	assert_int_equal(enter(350, 3, LOW, 0, 0, &ev), EVENT_FINIT_ENTER);
	assert_int_equal(leave(350), EVENT_FINIT_EXIT);
	assert_int_equal(enter(128, LOW, 70000, LOW, 1, &ev), EVENT_INIT_ENTER);
	assert_int_equal(ev.len, 70000);
	assert_int_equal(leave(128), EVENT_INIT_EXIT);
	begin("arm64");
	assert_int_equal(enter(379, 3, LOW, 0, 0, &ev), EVENT_FINIT_ENTER);
	assert_int_equal(leave(379), EVENT_FINIT_EXIT);
	begin("mips64");
	assert_int_equal(enter(4348, 3, LOW, 0, 0, &ev), EVENT_FINIT_ENTER);
	assert_int_equal(leave(4348), EVENT_FINIT_EXIT);
}

/* An exit is of the last call that its thread entered; of one that nothing was seen of, what it says. */
static void exits_go_with_their_enters(void **state)
{
	struct event ev;

	(void)state;
	begin("x86_64");
	assert_int_equal(leave(313), EVENT_FINIT_EXIT);
	assert_int_equal(enter(175, 0, LOW, LOW, 8, &ev), EVENT_NONE);
	assert_int_equal(enter(313, 3, HIGH, 0, 0, &ev), EVENT_FINIT_ENTER);
	assert_int_equal(leave(313), EVENT_FINIT_EXIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(calls_are_those_of_the_architecture, teardown),
		cmocka_unit_test_teardown(other_calls_have_the_same_numbers, teardown),
		cmocka_unit_test_teardown(processes_of_32_bits_load_modules, teardown),
		cmocka_unit_test_teardown(exits_go_with_their_enters, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
