// SPDX-License-Identifier: GPL-2.0-only
#include "lib/xml.h"

#include "lib/escape.h"

static void put(FILE *out, char c)
{
	switch (c) {
	case '&':
		fputs("&amp;", out);
		break;
	case '<':
		fputs("&lt;", out);
		break;
	case '>':
		fputs("&gt;", out);
		break;
	case '"':
		fputs("&quot;", out);
		break;
	default:
		fputc(c, out);
	}
}

/**
 * xml_text - write a text as content or as an attribute's value in double quotes
 * @out: the stream
 * @text: the text, of what escape() lets pass and line ends
 */
void xml_text(FILE *out, const char *text)
{
	for (; *text; text++)
		put(out, *text);
}

/* Length of the first @columns characters of a text that escape() made. */
static size_t cut(const char *text, size_t columns)
{
	size_t len = 0;

	while (text[len] && columns--)
		for (len++; (text[len] & 0xc0) == 0x80;)
			len++;
	return len;
}

/**
 * xml_name - write a name that somebody else chose, escaped
 * @out: the stream
 * @name: the name, of any bytes
 * @columns: characters of it to write at most; of a longer one less, with an ellipsis behind
 */
void xml_name(FILE *out, const char *name, size_t columns)
{
	/* No character is escaped to nothing: what follows so many bytes isn't shown in any case. */
	const size_t len = strnlen(name, 4 * columns + 4);
	_cleanup_free_ char *clean = escape_dup(name, len);
	size_t shown;

	if (!clean)
		return;
	shown = cut(clean, columns);
	if (!clean[shown]) {
		xml_text(out, clean);
		return;
	}
	clean[cut(clean, columns - 1)] = '\0';
	xml_text(out, clean);
	fputs("…", out);
}
