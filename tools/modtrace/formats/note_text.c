// SPDX-License-Identifier: GPL-2.0-only
#include "formats/note_text.h"

/**
 * note_encode - make any text one word of a note
 * @text: the text
 * @len: its length
 *
 * Return: the word, which the caller frees, or NULL without memory.
 */
char *note_encode(const char *text, size_t len)
{
	char *out = malloc(len * 3 + 1), *to = out;
	size_t i;

	if (!out)
		return NULL;
	for (i = 0; i < len; i++) {
		unsigned char c = text[i];

		if (c < 33 || c > 126 || c == '%')
			to += sprintf(to, "%%%02X", c);
		else
			*to++ = c;
	}
	*to = '\0';
	return out;
}

/**
 * hex_digit - the value of a digit
 * @c: one of 0-9 and A-F
 *
 * Return: 0 to 15, or -1.
 */
int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/**
 * note_decode - the text that a word of a note stands for
 * @text: the word; need not be trusted
 * @len: its length
 *
 * Return: the text, which the caller frees, or NULL without memory.
 */
char *note_decode(const char *text, size_t len)
{
	char *out = malloc(len + 1), *to = out;
	size_t i;

	if (!out)
		return NULL;
	for (i = 0; i < len; i++) {
		if (text[i] == '%' && len - i > 2 && hex_digit(text[i + 1]) >= 0 &&
		    hex_digit(text[i + 2]) >= 0) {
			*to++ = hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]);
			i += 2;
		} else {
			*to++ = text[i];
		}
	}
	*to = '\0';
	return out;
}
