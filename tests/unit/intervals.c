// SPDX-License-Identifier: GPL-2.0-only
#include "model/intervals.h"
#include "unit.h"

static void overlaps_count_once(void **state)
{
	struct intervals s = { 0 };

	(void)state;
	assert_int_equal(intervals_length(&s), 0);
	intervals_add(&s, 10, 20);
	intervals_add(&s, 30, 40);
	assert_int_equal(intervals_length(&s), 20);
	intervals_add(&s, 35, 45);
	assert_int_equal(intervals_length(&s), 25);
	intervals_add(&s, 15, 50);
	assert_int_equal(intervals_length(&s), 40);
	assert_int_equal(s.nr, 1);
	intervals_add(&s, 60, 60);
	intervals_add(&s, 80, 70);
	assert_int_equal(intervals_length(&s), 40);
	intervals_free(&s);
}

static void many_intervals_take_bounded_room(void **state)
{
	struct intervals s = { 0 };
	u64 i;

	(void)state;
	for (i = 0; i < 300000; i++)
		assert_int_equal(intervals_add(&s, i * 10, i * 10 + 5), 0);
	assert_int_equal(intervals_length(&s), 300000 * 5);
	assert_true(s.cap <= 131072);
	intervals_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overlaps_count_once),
		cmocka_unit_test(many_intervals_take_bounded_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
