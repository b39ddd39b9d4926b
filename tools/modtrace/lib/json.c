// SPDX-License-Identifier: GPL-2.0-only
#include "lib/json.h"

#include <inttypes.h>
#include <math.h>

#include "lib/escape.h"

static void quoted_escaped(struct json *j, const char *text, size_t len)
{
	_cleanup_free_ char *clean = escape_dup(text, len);
	const char *p;

	if (!clean) {
		j->failed = true;
		clean = strdup("");
	}
	/* Escaped as everywhere, so only these two are left for JSON to quote. */
	putc_unlocked('"', j->out);
	for (p = clean ? clean : ""; *p; p++) {
		if (*p == '"' || *p == '\\')
			putc_unlocked('\\', j->out);
		putc_unlocked(*p, j->out);
	}
	putc_unlocked('"', j->out);
}

/* What neither escape() nor JSON would change: most of what there is. */
static bool is_plain(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7e || text[i] == '"' || text[i] == '\\')
			return false;
	return true;
}

static void quoted(struct json *j, const char *text, size_t len)
{
	if (is_plain(text, len)) {
		putc_unlocked('"', j->out);
		fwrite_unlocked(text, 1, len, j->out);
		putc_unlocked('"', j->out);
	} else {
		quoted_escaped(j, text, len);
	}
}

static void new_line(struct json *j)
{
	if (!j->compact)
		fprintf(j->out, "\n%*s", j->depth * 2, "");
}

static void begin_value(struct json *j, const char *key)
{
	if (j->inside)
		fputs_unlocked(j->compact ? ", " : ",", j->out);
	if (j->depth)
		new_line(j);
	j->inside = true;
	if (key) {
		quoted(j, key, strlen(key));
		fputs_unlocked(": ", j->out);
	}
}

/**
 * json_open - begin an object or an array
 * @j: the document
 * @key: its key, NULL in an array and at the top
 * @bracket: { or [
 */
void json_open(struct json *j, const char *key, char bracket)
{
	begin_value(j, key);
	putc_unlocked(bracket, j->out);
	j->depth++;
	j->inside = false;
}

/**
 * json_resume - go on with a document that somebody else began
 * @j: the document
 * @depth: how many groups are open, the innermost with something in it
 */
void json_resume(struct json *j, int depth)
{
	j->depth = depth;
	j->inside = true;
}

/**
 * json_close - end an object or an array
 * @j: the document
 * @bracket: } or ]
 */
void json_close(struct json *j, char bracket)
{
	j->depth--;
	if (j->inside)
		new_line(j);
	putc_unlocked(bracket, j->out);
	j->inside = true;
}

/**
 * json_bytes - a string of any bytes, escaped
 * @j: the document
 * @key: its key
 * @text: the bytes
 * @len: how many
 */
void json_bytes(struct json *j, const char *key, const char *text, size_t len)
{
	begin_value(j, key);
	quoted(j, text, len);
}

/**
 * json_string - a string, escaped
 * @j: the document
 * @key: its key
 * @text: the string; NULL for null
 */
void json_string(struct json *j, const char *key, const char *text)
{
	if (text)
		json_bytes(j, key, text, strlen(text));
	else
		json_null(j, key);
}

static void decimal(struct json *j, u64 value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = '0' + value % 10;
	while (value /= 10);
	fwrite_unlocked(digits + at, 1, sizeof(digits) - at, j->out);
}

/**
 * json_number - an integer
 * @j: the document
 * @key: its key
 * @value: the integer
 */
void json_number(struct json *j, const char *key, u64 value)
{
	begin_value(j, key);
	decimal(j, value);
}

/**
 * json_signed - an integer that may be negative
 * @j: the document
 * @key: its key
 * @value: the integer
 */
void json_signed(struct json *j, const char *key, s64 value)
{
	begin_value(j, key);
	if (value < 0)
		putc_unlocked('-', j->out);
	decimal(j, value < 0 ? 0 - (u64)value : (u64)value);
}

/**
 * json_null - nothing known
 * @j: the document
 * @key: its key
 */
void json_null(struct json *j, const char *key)
{
	begin_value(j, key);
	fputs_unlocked("null", j->out);
}

/**
 * json_number_if - an integer, or null
 * @j: the document
 * @key: its key
 * @known: whether it is the integer
 * @value: the integer
 */
void json_number_if(struct json *j, const char *key, bool known, u64 value)
{
	if (known)
		json_number(j, key, value);
	else
		json_null(j, key);
}

/**
 * json_bool - true or false
 * @j: the document
 * @key: its key
 * @value: which
 */
void json_bool(struct json *j, const char *key, bool value)
{
	begin_value(j, key);
	fputs_unlocked(value ? "true" : "false", j->out);
}

/**
 * json_fraction - a number with six digits behind the point, which the locale has no say in
 * @j: the document
 * @key: its key
 * @value: the number
 */
void json_fraction(struct json *j, const char *key, double value)
{
	const double size = fabs(value);
	/* In millionths not even the nanoseconds of a day would fit. */
	u64 whole = size < 1e18 ? (u64)size : round_u64(size), millionths = 0;

	if (size < 1e18)
		millionths = round_u64((size - (double)whole) * 1e6);
	if (millionths == 1000000) {
		millionths = 0;
		whole++;
	}
	begin_value(j, key);
	fprintf(j->out, "%s%" PRIu64 ".%06" PRIu64, value < 0 && (whole || millionths) ? "-" : "",
		whole, millionths);
}

/**
 * json_end - end the document's line
 * @j: the document
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int json_end(struct json *j)
{
	putc_unlocked('\n', j->out);
	j->inside = false;
	if (j->failed)
		return -ENOMEM;
	return ferror(j->out) ? -EIO : 0;
}
