// SPDX-License-Identifier: GPL-2.0-only
#include "lib/release.h"
#include "unit.h"

static void releases_compare(void **state)
{
	(void)state;
	assert_int_equal(release_number("6.1.0-49-amd64"), 601);
	assert_int_equal(release_number("6.12.74+deb13-amd64"), 612);
	assert_true(release_number("6.5.0-rc1") >= RELEASE_SHARES);
	assert_true(release_number("6.4.16") < RELEASE_SHARES);
	assert_true(release_number("7.3.4") > release_number("6.12.0"));
	assert_int_equal(release_number("4.999.1"), 499);
	assert_int_equal(release_number("unknown"), 0);
	assert_int_equal(release_number(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(releases_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
