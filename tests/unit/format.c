// SPDX-License-Identifier: GPL-2.0-only
#include "lib/format.h"
#include "unit.h"

static void bytes_have_three_digits(void **state)
{
	static const struct {
		u64 bytes;
		const char *text;
	} cases[] = {
		{ 0, "0 B" },
		{ 9999, "9999 B" },
		{ 10000, "9.77 KiB" },
		{ 82 << 20, "82.0 MiB" },
		{ UINT64_C(999) << 20, "999 MiB" },
		{ UINT64_C(1000) << 20, "0.98 GiB" },
		{ UINT64_MAX, "16.0 EiB" },
	};
	char text[16];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		format_bytes(text, sizeof(text), cases[i].bytes);
		assert_string_equal(text, cases[i].text);
	}
}

static void times_have_three_digits(void **state)
{
	static const struct {
		u64 ns;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 999, "999 ns" },
		{ 1000, "1.00 us" },
		{ 12345678, "12.3 ms" },
		{ UINT64_C(711000000), "711 ms" },
		{ UINT64_C(5000000000000), "5000 s" },
	};
	char text[32];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		format_ns(text, sizeof(text), cases[i].ns);
		assert_string_equal(text, cases[i].text);
	}
}

static void estimates_and_unknown_bytes_are_marked(void **state)
{
	char text[32];

	(void)state;
	format_marked_bytes(text, sizeof(text), 5, true, true);
	assert_string_equal(text, "5 B");
	format_marked_bytes(text, sizeof(text), 5, true, false);
	assert_string_equal(text, "~5 B");
	format_marked_bytes(text, sizeof(text), 5, false, false);
	assert_string_equal(text, "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_have_three_digits),
		cmocka_unit_test(times_have_three_digits),
		cmocka_unit_test(estimates_and_unknown_bytes_are_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
