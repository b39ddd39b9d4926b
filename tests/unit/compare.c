// SPDX-License-Identifier: GPL-2.0-only
#include "views/compare.h"

#include <math.h>

#include "unit.h"

static struct spread spread_of(size_t n, const double *values)
{
	struct spread s = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		spread_add(&s, values[i]);
	return s;
}

#define SPREAD(...) spread_of(sizeof((double[]){ __VA_ARGS__ }) / sizeof(double), \
			      (double[]){ __VA_ARGS__ })

static enum verdict verdict(struct spread a, struct spread b)
{
	return spread_compare(&a, &b);
}

static void spreads(void **state)
{
	struct spread s = SPREAD(2, 4, 4, 4, 5, 5, 7, 9);

	(void)state;
	assert_int_equal(s.n, 8);
	assert_true(fabs(s.mean - 5) < 1e-9);
	assert_true(fabs(spread_deviation(&s) - 2.138089935) < 1e-6);
	assert_true(s.min == 2 && s.max == 9);
	/* far from zero the sum of squares still has its digits */
	s = SPREAD(1e15 + 1, 1e15 + 2, 1e15 + 3);
	assert_true(fabs(spread_deviation(&s) - 1) < 1e-3);
	s = SPREAD(7);
	assert_true(spread_deviation(&s) == 0);
}

static void verdicts(void **state)
{
	(void)state;
	assert_int_equal(verdict(SPREAD(1, 2, 3), SPREAD(1, 2, 3)), VERDICT_NOISE);
	assert_int_equal(verdict(SPREAD(10, 11, 12), SPREAD(20, 21, 22)), VERDICT_MORE);
	assert_int_equal(verdict(SPREAD(20, 21, 22), SPREAD(10, 11, 12)), VERDICT_LESS);
	assert_int_equal(verdict(SPREAD(10, 20, 30), SPREAD(20, 30, 40)), VERDICT_NOISE);
	assert_int_equal(verdict(SPREAD(5, 5), SPREAD(5)), VERDICT_SAME);
	assert_int_equal(verdict(SPREAD(5, 5), SPREAD(6, 6)), VERDICT_MORE);
	assert_int_equal(verdict(SPREAD(5, 5), SPREAD(6)), VERDICT_UNSURE);
	assert_int_equal(verdict(SPREAD(5), SPREAD(6, 7, 8)), VERDICT_UNSURE);
	assert_int_equal(verdict((struct spread){ 0 }, SPREAD(6, 7, 8)), VERDICT_UNSURE);
	/* one of the sets has no spread of its own */
	assert_int_equal(verdict(SPREAD(5, 5, 5), SPREAD(50, 51, 52)), VERDICT_MORE);
	/* two of each: it takes much to be sure */
	assert_int_equal(verdict(SPREAD(1, 2), SPREAD(8, 9)), VERDICT_NOISE);
	assert_int_equal(verdict(SPREAD(1, 2), SPREAD(80, 81)), VERDICT_MORE);
}

/* Each letter is a marker, its place in a set its time there. */
static void reach(struct comparison_row *rows, size_t set, const char *order)
{
	size_t i;

	for (i = 0; order[i]; i++)
		spread_add(&rows[order[i] - 'a'].spreads[set][MEASURE_DURATION], i + 1);
}

static void order_of_markers(void **state)
{
	static const char *const sets[][3] = {
		{ "abc", "abc", "abc" },
		{ "cab", "abc", "cab" },
		/* what only the second one has is where it is there */
		{ "bc", "abc", "abc" },
		{ "bd", "abcd", "abcd" },
		{ "ab", "abc", "abc" },
		{ "", "ba", "ba" },
	};
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		struct comparison_row rows[4] = {
			{ .name = "a" }, { .name = "b" }, { .name = "c" }, { .name = "d" }
		};
		struct comparison_row *all[4] = { &rows[0], &rows[1], &rows[2], &rows[3] };
		struct comparison c = { .nr_sets = 2,
					.markers = all,
					.nr_markers = strlen(sets[i][2]) };

		reach(rows, 0, sets[i][0]);
		reach(rows, 1, sets[i][1]);
		comparison_sort_markers(&c);
		for (n = 0; n < c.nr_markers; n++)
			assert_int_equal(*c.markers[n]->name, sets[i][2][n]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spreads),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(order_of_markers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
