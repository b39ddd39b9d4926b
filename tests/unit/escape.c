// SPDX-License-Identifier: GPL-2.0-only
#include "lib/escape.h"

#include <limits.h>
#include <locale.h>
#include <wchar.h>

#include "unit.h"

static void check(const char *in, size_t len, const char *want)
{
	char *got = escape_dup(in, len);

	assert_string_equal(got, want);
	free(got);
}

#define CHECK(in, want) check(in, sizeof(in) - 1, want)

static void plain(void **state)
{
	(void)state;
	CHECK("", "");
	CHECK("kworker/u8:2+events", "kworker/u8:2+events");
	CHECK("J\xc3\xbcrgen \xe6\x97\xa5 \xf0\x9f\x90\xa7",
	      "J\xc3\xbcrgen \xe6\x97\xa5 \xf0\x9f\x90\xa7");
}

static void controls(void **state)
{
	(void)state;
	CHECK("a\033[2Jb", "a\\x1b[2Jb");
	CHECK("a\nb\tc\0d\x7f", "a\\x0ab\\x09c\\x00d\\x7f");
	CHECK("\xc2\x9b" "31m", "\\u009b31m");
	CHECK("abc\xe2\x80\xae" "cba", "abc\\u202ecba");
	CHECK("\xf3\xa0\x80\xa1", "\\U000e0021");
	/* No characters: XML doesn't take them. */
	CHECK("\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90", "\\ufffe\\uffff\\ufdd0");
}

/* Two names that differ never look the same, and a name stays in its line. */
static void what_is_not_seen(void **state)
{
	(void)state;
	CHECK("x\xe2\x80\x8b"
	      "fs",
	      "x\\u200bfs");
	CHECK("x\xe2\x81\xa0"
	      "fs",
	      "x\\u2060fs");
	CHECK("x\xc2\xad"
	      "fs",
	      "x\\u00adfs");
	CHECK("x\xe3\x85\xa4", "x\\u3164");
	CHECK("x\xef\xb8\x8f", "x\\ufe0f");
	CHECK("e\xcc\x81\xcc\x81", "e\\u0301\\u0301");
	CHECK("x\xc2\xa0y", "x\\u00a0y");
}

/* The C library has tables of its own; what it gives no column is a part of something else, or nothing. */
static void whatever_takes_no_column(void **state)
{
	unsigned int tried = 0;
	wchar_t c;

	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (c = 0xa0; c < 0x110000; c++) {
		char in[MB_LEN_MAX + 1] = { 0 };
		char *got;

		if (wcwidth(c) || wctomb(in, c) < 1)
			continue;
		got = escape_dup(in, strlen(in));
		if (!strcmp(in, got))
			fail_msg("U+%04x shows nothing, and is let through", (unsigned int)c);
		free(got);
		tried++;
	}
	assert_true(tried > 1000);
}

/* By Unicode's definition the same: the Kelvin sign, a syllable in pieces, an ideograph twice. */
static void twins(void **state)
{
	(void)state;
	CHECK("\xe2\x84\xaa", "\\u212a");
	CHECK("\xe1\x84\x80\xe1\x85\xa1", "\xe1\x84\x80\\u1161");
	CHECK("\xef\xa4\x80", "\\uf900");
	CHECK("\xee\x80\x80", "\\ue000");
}

static void a_backslash_stays_unambiguous(void **state)
{
	(void)state;
	CHECK("\\x1b", "\\\\x1b");
}

static void invalid_utf8(void **state)
{
	(void)state;
	CHECK("\xff", "\\xff");
	CHECK("\xc3", "\\xc3");
	CHECK("\xc0\xaf", "\\xc0\\xaf");			/* overlong */
	CHECK("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
	CHECK("\xed\xa0\x80", "\\xed\\xa0\\x80");		/* surrogate */
	CHECK("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");	/* beyond Unicode */
	CHECK("a\x80" "b", "a\\x80b");
}

static void cut_at_a_whole_escape(void **state)
{
	char out[6];

	(void)state;
	assert_int_equal(escape(out, sizeof(out), "ab\033cd", 5), 8);
	assert_string_equal(out, "ab");
	assert_int_equal(escape(out, 0, "ab", 2), 2);
}

static void width(void **state)
{
	(void)state;
	assert_int_equal(display_width("abc"), 3);
	assert_int_equal(display_width(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(controls),
		cmocka_unit_test(what_is_not_seen),
		cmocka_unit_test(whatever_takes_no_column),
		cmocka_unit_test(twins),
		cmocka_unit_test(a_backslash_stays_unambiguous),
		cmocka_unit_test(invalid_utf8),
		cmocka_unit_test(cut_at_a_whole_escape),
		cmocka_unit_test(width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
