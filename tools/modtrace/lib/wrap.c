// SPDX-License-Identifier: GPL-2.0-only
#include "lib/wrap.h"

#include "lib/escape.h"

#define WORD_MAX 512

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
