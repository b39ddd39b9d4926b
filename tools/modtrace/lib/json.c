// SPDX-License-Identifier: GPL-2.0-only
#include "lib/json.h"

#include <inttypes.h>
#include <math.h>

#include "lib/escape.h"

static void quoted(struct json *j, const char *text, size_t len)
{
	_cleanup_free_ char *clean = escape_dup(text, len);
	const char *p;

	if (!clean) {
		j->failed = true;
		clean = strdup("");
	}
	/* Escaped as everywhere, so only these two are left for JSON to quote. */
	fputc('"', j->out);
	for (p = clean ? clean : ""; *p; p++) {
		if (*p == '"' || *p == '\\')
			fputc('\\', j->out);
		fputc(*p, j->out);
	}
	fputc('"', j->out);
}

static void new_line(struct json *j)
{
	if (!j->compact)
		fprintf(j->out, "\n%*s", j->depth * 2, "");
}

static void begin_value(struct json *j, const char *key)
{
	if (j->inside)
		fputs(j->compact ? ", " : ",", j->out);
	if (j->depth)
		new_line(j);
	j->inside = true;
	if (key) {
		quoted(j, key, strlen(key));
		fputs(": ", j->out);
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
	fputc(bracket, j->out);
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
	fputc(bracket, j->out);
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

/**
 * json_number - an integer
 * @j: the document
 * @key: its key
 * @value: the integer
 */
void json_number(struct json *j, const char *key, u64 value)
{
	begin_value(j, key);
	fprintf(j->out, "%" PRIu64, value);
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
	fprintf(j->out, "%" PRId64, value);
}

/**
 * json_null - nothing known
 * @j: the document
 * @key: its key
 */
void json_null(struct json *j, const char *key)
{
	begin_value(j, key);
	fputs("null", j->out);
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
	fputs(value ? "true" : "false", j->out);
}

/**
 * json_fraction - a number with six digits behind the point, which the locale has no say in
 * @j: the document
 * @key: its key
 * @value: the number
 */
void json_fraction(struct json *j, const char *key, double value)
{
	u64 millionths = round_u64(fabs(value) * 1e6);

	begin_value(j, key);
	fprintf(j->out, "%s%" PRIu64 ".%06" PRIu64, value < 0 && millionths ? "-" : "",
		millionths / 1000000, millionths % 1000000);
}

/**
 * json_end - end the document's line
 * @j: the document
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int json_end(struct json *j)
{
	fputc('\n', j->out);
	j->inside = false;
	if (j->failed)
		return -ENOMEM;
	return ferror(j->out) ? -EIO : 0;
}
