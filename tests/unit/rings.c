// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/rings.h"

#include "unit.h"

static size_t size_of(const char *text)
{
	struct err err;
	size_t pages = 0;

	return ring_size_parse(text, &pages, &err) ? 0 : pages;
}

/* record and live have this one grammar for -m. */
static void sizes(void **state)
{
	const size_t page_size = sysconf(_SC_PAGESIZE);

	(void)state;
	assert_int_equal(size_of("4"), 4);
	assert_int_equal(size_of("512K"), 512 * 1024 / page_size);
	assert_int_equal(size_of("4M"), 4 * 1024 * 1024 / page_size);
	assert_int_equal(size_of("1G"), 1024 * 1024 * 1024 / page_size);
	assert_int_equal(size_of("1K"), 1);
	assert_int_equal(ring_size_default(), size_of("512K"));
}

static void no_sizes(void **state)
{
	static const char *const texts[] = {
		"",	"K",	"0",   "3",  "3M", "-4",
		" 4",	"4m",	"4 M", "2G", "4T", "99999999999999999999",
		"1.5M", "0x10",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(size_of(texts[i]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(no_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
