// SPDX-License-Identifier: GPL-2.0-only
#include "model/filter.h"

#include "unit.h"
#include "views/columns.h"

static u64 seconds(const char *text)
{
	u64 ns = 12345;

	return parse_seconds(text, strlen(text), &ns) ? UINT64_MAX : ns;
}

static void times(void **state)
{
	(void)state;
	assert_int_equal(seconds("0"), 0);
	assert_int_equal(seconds("1"), NSEC_PER_SEC);
	assert_int_equal(seconds("1s"), NSEC_PER_SEC);
	assert_int_equal(seconds("1.5"), 1500 * NSEC_PER_MSEC);
	assert_int_equal(seconds(".25ms"), 250000);
	assert_int_equal(seconds("7us"), 7000);
	assert_int_equal(seconds("7ns"), 7);
	assert_int_equal(seconds("0.0000000019"), 1);
	assert_int_equal(seconds("18446744073"), 18446744073 * NSEC_PER_SEC);
	assert_int_equal(seconds("18446744074"), UINT64_MAX);
	assert_int_equal(seconds("99999999999999999999999"), UINT64_MAX);
	assert_int_equal(seconds(""), UINT64_MAX);
	assert_int_equal(seconds("."), UINT64_MAX);
	assert_int_equal(seconds("1x"), UINT64_MAX);
	assert_int_equal(seconds("-1"), UINT64_MAX);
	assert_int_equal(seconds("1 "), UINT64_MAX);
}

static void ranges(void **state)
{
	struct filter f = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(filter_set_time(&f, "1,2", &err), 0);
	assert_int_equal(f.from_ns, NSEC_PER_SEC);
	assert_int_equal(f.until_ns, 2 * NSEC_PER_SEC);
	assert_int_equal(filter_set_time(&f, ",2", &err), 0);
	assert_int_equal(f.from_ns, 0);
	assert_int_equal(filter_set_time(&f, "2,", &err), 0);
	assert_int_equal(f.until_ns, 0);
	assert_int_equal(filter_set_time(&f, ",", &err), -EINVAL);
	assert_int_equal(filter_set_time(&f, "", &err), -EINVAL);
	assert_int_equal(filter_set_time(&f, "1,2,3", &err), -EINVAL);
	assert_int_equal(filter_set_time(&f, "2,2", &err), -EINVAL);
}

static void patterns(void **state)
{
	struct filter f = { 0 };
	int i;

	(void)state;
	assert_true(filter_is_empty(&f));
	assert_true(filter_passes(&f, "xfs", "modprobe", 0));
	assert_int_equal(filter_add(&f.modules, "kvm*,xf?"), 0);
	assert_int_equal(f.modules.nr, 2);
	assert_true(filter_passes(&f, "xfs", "modprobe", 0));
	assert_true(filter_passes(&f, "kvm_intel", "modprobe", 0));
	assert_false(filter_passes(&f, "ext4", "modprobe", 0));
	assert_int_equal(filter_add(&f.comms, "(udev*"), 0);
	assert_false(filter_passes(&f, "xfs", "modprobe", 0));
	assert_true(filter_passes(&f, "xfs", "(udev-worker)", 0));
	assert_int_equal(filter_add(&f.comms, ""), -EINVAL);
	assert_int_equal(filter_add(&f.comms, "a,,b"), -EINVAL);
	for (i = f.modules.nr; i < FILTER_PATTERNS_MAX; i++)
		assert_int_equal(filter_add(&f.modules, "x"), 0);
	assert_int_equal(filter_add(&f.modules, "x"), -E2BIG);
	filter_free(&f);
	assert_true(filter_is_empty(&f));
}

static void lists_of_columns(void **state)
{
	struct column_list list;
	struct err err;

	(void)state;
	assert_int_equal(columns_parse(&list, "module,-wasted,wait_ns.p99", &err), 0);
	assert_int_equal(list.nr, 3);
	assert_true(list.reverse[1] && !list.reverse[0] && !list.reverse[2]);
	assert_ptr_equal(list.all[1], column_find("wasted_bytes", 12));
	assert_ptr_equal(list.all[2], column_find("p99", 3));
	assert_int_equal(columns_parse(&list, "", &err), -EINVAL);
	assert_int_equal(columns_parse(&list, "module,", &err), -EINVAL);
	assert_int_equal(columns_parse(&list, "--module", &err), -EINVAL);
	assert_int_equal(columns_parse(&list, "modul", &err), -EINVAL);
	assert_int_equal(columns_parse(&list, "modules", &err), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(ranges),
		cmocka_unit_test(patterns),
		cmocka_unit_test(lists_of_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
