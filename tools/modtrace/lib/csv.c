// SPDX-License-Identifier: GPL-2.0-only
#include "lib/csv.h"

#include "lib/escape.h"

/*
 * A spreadsheet takes these for a formula, those of full width, small ones and the minus sign too,
 * and gets an apostrophe ahead of them. So what begins with one gets another: two names never make
 * the same cell.
 */
static bool is_formula(const char *text)
{
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
					    "\xef\xbc\xa0", "\xef\xb9\xa6", "\xef\xb9\xa2",
					    "\xef\xb9\xa3", "\xef\xb9\xab", "\xe2\x88\x92" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wide); i++)
		if (!strncmp(text, wide[i], strlen(wide[i])))
			return true;
	return *text && strchr("=+-@'", *text);
}

/**
 * csv_text - a cell of any bytes, escaped, in quotes
 * @out: the stream
 * @text: the bytes
 * @len: how many
 *
 * Return: 0 or -ENOMEM.
 */
int csv_text(FILE *out, const char *text, size_t len)
{
	_cleanup_free_ char *clean = escape_dup(text, len);
	const char *p;

	if (!clean)
		return -ENOMEM;
	fputc('"', out);
	if (is_formula(clean))
		fputc('\'', out);
	for (p = clean; *p; p++) {
		if (*p == '"')
			fputc('"', out);
		fputc(*p, out);
	}
	fputc('"', out);
	return 0;
}
