// SPDX-License-Identifier: GPL-2.0-only
#include "model/hist.h"
#include "unit.h"

static void empty(void **state)
{
	const struct hist h = { 0 };

	(void)state;
	assert_int_equal(hist_percentile(&h, 50), 0);
}

static void small_values_are_exact(void **state)
{
	struct hist h = { 0 };
	u64 v;

	(void)state;
	for (v = 1; v <= 200; v++)
		assert_int_equal(hist_add(&h, v), 0);
	assert_int_equal(hist_percentile(&h, 50), 100);
	assert_int_equal(hist_percentile(&h, 99), 198);
	assert_int_equal(hist_percentile(&h, 100), 200);
	assert_int_equal(h.sum, 20100);
	assert_int_equal(h.max, 200);
	hist_free(&h);
}

/* There may be 100,000 of them. */
static void few_values_take_little(void **state)
{
	struct hist h = { 0 };

	(void)state;
	hist_add(&h, 10);
	hist_add(&h, 5000);
	assert_true(sizeof(h) + h.cap * sizeof(*h.bins) <= 96);
	assert_null(h.places);
	hist_free(&h);
}

static void nearest_rank(void **state)
{
	struct hist h = { 0 };

	(void)state;
	hist_add(&h, 10);
	assert_int_equal(hist_percentile(&h, 1), 10);
	hist_add(&h, 20);
	assert_int_equal(hist_percentile(&h, 50), 10);
	assert_int_equal(hist_percentile(&h, 51), 20);
	hist_free(&h);
}

/* Of any value alone, every percentile is that value, to one part in 128. */
static void error_is_bounded(void **state)
{
	unsigned int shift;

	(void)state;
	for (shift = 0; shift < 64; shift++) {
		u64 offset;

		for (offset = 0; offset < 300; offset++) {
			u64 v = (1ULL << shift) + offset * ((1ULL << shift) / 300 + 1), got, off;
			struct hist h = { 0 };

			if (v < 1ULL << shift)
				continue;
			hist_add(&h, v);
			hist_add(&h, UINT64_MAX);
			got = hist_percentile(&h, 50);
			off = got > v ? got - v : v - got;
			assert_true(off <= v / 128);
			hist_free(&h);
		}
	}
}

static void sum_saturates(void **state)
{
	struct hist h = { 0 };

	(void)state;
	hist_add(&h, UINT64_MAX);
	hist_add(&h, UINT64_MAX);
	assert_true(h.sum == UINT64_MAX);
	assert_true(hist_percentile(&h, 99) <= UINT64_MAX);
	hist_free(&h);
}

static void merging_adds_up(void **state)
{
	struct hist a = { 0 }, b = { 0 }, both = { 0 }, copy = { 0 };
	u64 i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		hist_add(i % 3 ? &a : &b, i * i);
		hist_add(&both, i * i);
	}
	assert_int_equal(hist_copy(&copy, &a), 0);
	assert_int_equal(hist_merge(&copy, &b), 0);
	assert_int_equal(copy.count, both.count);
	assert_int_equal(copy.sum, both.sum);
	assert_int_equal(copy.max, both.max);
	assert_int_equal(copy.nr, both.nr);
	for (i = 1; i <= 100; i++)
		assert_int_equal(hist_percentile(&copy, i), hist_percentile(&both, i));
	hist_add(&copy, 1);
	assert_int_equal(a.count, 2000);
	hist_free(&a);
	hist_free(&b);
	hist_free(&both);
	hist_free(&copy);
}

int main(void)
{
	/* clang-format off */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(few_values_take_little),
		cmocka_unit_test(nearest_rank),
		cmocka_unit_test(error_is_bounded),
		cmocka_unit_test(sum_saturates),
		cmocka_unit_test(merging_adds_up),
	};
	/* clang-format on */

	return cmocka_run_group_tests(tests, NULL, NULL);
}
