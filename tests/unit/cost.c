// SPDX-License-Identifier: GPL-2.0-only
#include "model/cost.h"
#include "unit.h"

static void an_end_costs_what_it_says(void **state)
{
	struct event end = { .read_bytes = 100, .image_bytes = 20, .layout_bytes = 3 };
	struct cost c = cost_of_end(&end);

	(void)state;
	assert_int_equal(cost_total(&c), 123);
	assert_true(marks_exact(&c.marks));
	end.estimated = true;
	c = cost_of_end(&end);
	assert_false(marks_exact(&c.marks));
	assert_true(marks_wasted_known(&c.marks, cost_total(&c)));
}

static void what_is_known_of_one_is_known_in_part(void **state)
{
	struct event end = { .read_bytes = 100, .unknown_bytes = UNKNOWN_LAYOUT };
	struct cost sum = cost_of_end(&end), more;

	(void)state;
	assert_false(marks_known(&sum.marks, BYTES_LAYOUT));
	assert_true(marks_known(&sum.marks, BYTES_READ));
	end = (struct event){ .layout_bytes = 7 };
	more = cost_of_end(&end);
	cost_add(&sum, &more);
	assert_true(marks_known(&sum.marks, BYTES_LAYOUT));
	assert_false(marks_exact(&sum.marks));
	assert_int_equal(cost_total(&sum), 107);
}

static void nothing_is_known_to_be_nothing(void **state)
{
	const struct cost none = { 0 };
	struct event end = { .unknown_bytes = BYTES_ALL };
	struct cost c = cost_of_end(&end);

	(void)state;
	assert_true(marks_known(&none.marks, BYTES_READ));
	assert_true(marks_exact(&none.marks));
	assert_false(marks_wasted_known(&c.marks, 0));
	/* That nothing was laid out says nothing of what was read. */
	end.unknown_bytes = UNKNOWN_READ;
	c = cost_of_end(&end);
	assert_false(marks_wasted_known(&c.marks, cost_total(&c)));
	end.layout_bytes = 5;
	c = cost_of_end(&end);
	assert_true(marks_wasted_known(&c.marks, cost_total(&c)));
}

static void sums_do_not_wrap(void **state)
{
	struct cost sum = { .bytes = { UINT64_MAX } };
	const struct cost one = { .bytes = { 1, 0, 1 } };

	(void)state;
	cost_add(&sum, &one);
	assert_true(sum.bytes[BYTES_READ] == UINT64_MAX);
	assert_true(cost_total(&sum) == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_costs_what_it_says),
		cmocka_unit_test(what_is_known_of_one_is_known_in_part),
		cmocka_unit_test(nothing_is_known_to_be_nothing),
		cmocka_unit_test(sums_do_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
