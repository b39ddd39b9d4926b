// SPDX-License-Identifier: GPL-2.0-only
#include "views/slots.h"
#include "unit.h"

#define SLOTS 500

/* The first that is free, as whoever looks at one after the other finds it. */
static void first_free(void **state)
{
	struct slots s = { 0 };
	u64 ends[SLOTS], seed = 1, now;

	(void)state;
	for (now = 1; now < 20000; now++) {
		size_t want = 0, got = slots_find(&s, now);

		while (want < s.nr && ends[want] >= now)
			want++;
		assert_int_equal(got, want);
		if (got == s.nr) {
			assert_true(got < SLOTS);
			assert_int_equal(slots_add(&s, 1000 + got), 0);
		}
		assert_int_equal(s.tracks[got], 1000 + got);
		seed = seed * 6364136223846793005ULL + 1;
		ends[got] = now + (seed >> 33) % 300;
		slots_take(&s, got, ends[got]);
	}
	assert_true(s.nr > 50);
	slots_free(&s);
}

/* Attempts that never end take a slot each: a file has as many as it likes. */
static void many_that_do_not_end(void **state)
{
	struct slots s = { 0 };
	const u64 nr = 100000;
	u64 i;

	(void)state;
	for (i = 0; i < nr; i++) {
		assert_int_equal(slots_find(&s, i + 1), i);
		assert_int_equal(slots_add(&s, i), 0);
		slots_take(&s, i, i % 2 ? UINT64_MAX : nr * 2);
	}
	assert_true(s.steps < nr * 20);
	assert_int_equal(slots_find(&s, nr * 2), nr);
	assert_int_equal(slots_find(&s, nr * 2 + 1), 0);
	slots_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_free),
		cmocka_unit_test(many_that_do_not_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
