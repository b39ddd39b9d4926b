// SPDX-License-Identifier: GPL-2.0-only
#include "lib/wrap.h"

#include "lib/escape.h"

#define WORD_MAX 512

/**
 * wrapped_length - how much of a text goes into one line
 * @text: the text
 * @width: bytes that there is room for, at least 1
 *
 * Return: bytes, broken between words where it can be; the blank behind them isn't among them.
 */
size_t wrapped_length(const char *text, size_t width)
{
	const size_t len = strlen(text);
	size_t n = width;

	if (len <= width)
		return len;
	while (n && text[n] != ' ')
		n--;
	if (n)
		return n;
	/* One word: no character is cut in two. */
	for (n = width; n > 1 && (text[n] & 0xc0) == 0x80; n--)
		;
	return n;
}

static void print_word(FILE *out, const char *word, size_t len, unsigned int *at,
		       unsigned int width, unsigned int indent, bool first)
{
	char piece[WORD_MAX];
	size_t columns;

	if (len >= sizeof(piece))
		len = sizeof(piece) - 1;
	memcpy(piece, word, len);
	piece[len] = '\0';
	columns = display_width(piece);
	if (first) {
		*at += columns;
	} else if (width && *at + 1 + columns > width) {
		fprintf(out, "\n%*s", (int)indent, "");
		*at = indent + columns;
	} else {
		fputc(' ', out);
		*at += 1 + columns;
	}
	fwrite(piece, 1, len, out);
}

/**
 * print_wrapped - write a text, broken between words, and end the line
 * @out: the stream
 * @text: the text, which must be harmless
 * @width: columns there are, 0 for as many as it takes
 * @at: columns already taken in the first line
 * @indent: columns left free in those that follow
 */
void print_wrapped(FILE *out, const char *text, unsigned int width, unsigned int at,
		   unsigned int indent)
{
	bool first = true;

	while (*text) {
		size_t len = strcspn(text, " ");

		if (len)
			print_word(out, text, len, &at, width, indent, first);
		first &= !len;
		text += len + (text[len] == ' ');
	}
	fputc('\n', out);
}
