// SPDX-License-Identifier: GPL-2.0-only
#include "lib/escape.h"

#include <wchar.h>

#include "lib/unseen.h"

/* Length of the valid UTF-8 sequence at @s and its code point, or 0 for an invalid byte. */
static size_t utf8_sequence(const unsigned char *s, size_t len, u32 *code)
{
	static const u32 smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;
	u32 c;

	if (s[0] < 0x80) {
		*code = s[0];
		return 1;
	}
	if (s[0] >= 0xc2 && s[0] <= 0xdf) {
		n = 2;
		c = s[0] & 0x1f;
	} else if (s[0] >= 0xe0 && s[0] <= 0xef) {
		n = 3;
		c = s[0] & 0x0f;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		n = 4;
		c = s[0] & 0x07;
	} else {
		return 0;
	}
	if (n > len)
		return 0;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < smallest[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return n;
}

/* Code points that a terminal or an editor obeys instead of showing, and those that are none. */
static bool is_control(u32 c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
	       (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f) ||
	       (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

/* Names that differ by it alone would look the same, and a stack of marks would cover other lines. */
static bool is_unseen(u32 c)
{
	size_t low = 0, high = unseen_nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c > unseen_ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < unseen_nr && c >= unseen_ranges[low].first;
}

/**
 * escape - make a name harmless and unambiguous
 * @out: result, always terminated if @size is not 0; cut at a whole escape if it is too small
 * @size: room in @out
 * @s: the name; may hold any bytes, zeros among them
 * @len: its length
 *
 * Printable UTF-8 passes; a backslash is doubled; control characters of one byte and
 * invalid bytes become \xNN, other control characters and what unseen.h has \uNNNN or
 * \UNNNNNNNN. So the result is always valid UTF-8 of printable characters, and two different
 * names never look the same, but for letters of different scripts that do.
 *
 * Return: length the whole result has without the terminator, as snprintf() does.
 */
size_t escape(char *out, size_t size, const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t total = 0, used = 0;
	bool full = !size;

	while (len) {
		char piece[16];
		size_t n, width;
		u32 code;

		n = utf8_sequence(p, len, &code);
		if (!n) {
			n = 1;
			width = snprintf(piece, sizeof(piece), "\\x%02x", *p);
		} else if (code == '\\') {
			width = snprintf(piece, sizeof(piece), "\\\\");
		} else if (is_control(code) || is_unseen(code)) {
			width = snprintf(piece, sizeof(piece), code < 0x80 ? "\\x%02x" :
					 code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
		} else {
			memcpy(piece, p, n);
			width = n;
		}
		if (!full && used + width < size) {
			memcpy(out + used, piece, width);
			used += width;
		} else {
			full = true;
		}
		total += width;
		p += n;
		len -= n;
	}
	if (size)
		out[used] = '\0';
	return total;
}

/**
 * escape_dup - escape into new memory
 * @s: the name
 * @len: its length
 *
 * Return: the escaped string, which the caller frees, or NULL without memory.
 */
char *escape_dup(const char *s, size_t len)
{
	size_t need = escape(NULL, 0, s, len) + 1;
	char *out = malloc(need);

	if (out)
		escape(out, need, s, len);
	return out;
}

/**
 * display_width - columns a string takes on a terminal
 * @s: valid UTF-8 without control characters, as escape() makes it
 *
 * Return: the width; a character the locale has no width for counts as one column.
 */
size_t display_width(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t left = strlen(s), width = 0;

	while (left) {
		size_t n;
		u32 code;
		int w;

		n = utf8_sequence(p, left, &code);
		if (!n) {
			n = 1;
			code = '?';
		}
		w = wcwidth((wchar_t)code);
		width += w < 0 ? 1 : (size_t)w;
		p += n;
		left -= n;
	}
	return width;
}
