// SPDX-License-Identifier: GPL-2.0-only
#include "screens/frame.h"

#include <wchar.h>

#include "lib/escape.h"

/**
 * frame_begin - make a frame empty, of a size
 * @f: the frame; all zero at first, frame_free() frees it
 * @width: columns
 * @height: lines
 *
 * Return: 0 or -ENOMEM, with the frame as it was.
 */
int frame_begin(struct frame *f, int width, int height)
{
	size_t nr = (size_t)width * height, i;

	if (width != f->width || height != f->height || !f->cells) {
		struct screen_cell *cells = malloc((nr + 1) * sizeof(*cells));

		if (!cells)
			return -ENOMEM;
		free(f->cells);
		f->cells = cells;
		f->width = width;
		f->height = height;
	}
	for (i = 0; i < nr; i++)
		f->cells[i] = (struct screen_cell){ .ch = ' ' };
	f->nr_hots = 0;
	return 0;
}

/**
 * frame_free - free what a frame owns
 * @f: the frame; empty afterwards
 */
void frame_free(struct frame *f)
{
	free(f->cells);
	free(f->hots);
	*f = (struct frame){ 0 };
}

static struct screen_cell *cell_at(struct frame *f, int y, int x)
{
	if (y < 0 || y >= f->height || x < 0 || x >= f->width)
		return NULL;
	return &f->cells[(size_t)y * f->width + x];
}

/**
 * frame_put_char - put one character of one column
 * @f: the frame
 * @y: line
 * @x: column; outside of the frame nothing happens
 * @style: its style
 * @ch: the character
 */
void frame_put_char(struct frame *f, int y, int x, enum style style, u32 ch)
{
	struct screen_cell *c = cell_at(f, y, x);

	if (c)
		*c = (struct screen_cell){ .ch = ch, .style = style, .selected = c->selected };
}

/* The next code point of what is valid UTF-8; anything else is passed over as ?. */
static u32 next_code(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;
	unsigned int n = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0, i;
	u32 c = *p < 0x80 ? *p : *p & (0x3f >> n);

	if (*p >= 0x80 && !n)
		c = '?';
	for (i = 1; i <= n; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			*text += i;
			return '?';
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	*text += n + 1;
	return c;
}

/* Columns @code takes; in ASCII it is spelled. */
static int width_of(const struct frame *f, u32 code)
{
	int w;

	if (code < 0x80)
		return 1;
	if (f->ascii)
		return code < 0x10000 ? 6 : 10;
	w = wcwidth((wchar_t)code);
	return w < 0 ? 1 : w;
}

static void spell(struct frame *f, int y, int x, enum style style, u32 code)
{
	char text[16];
	int i;

	snprintf(text, sizeof(text), code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
	for (i = 0; text[i]; i++)
		frame_put_char(f, y, x + i, style, text[i]);
}

static void put_code(struct frame *f, int y, int x, enum style style, u32 code, int w)
{
	struct screen_cell *before;

	if (f->ascii && code >= 0x80) {
		spell(f, y, x, style, code);
		return;
	}
	if (!w) {
		before = cell_at(f, y, x - 1);
		if (before && !before->ch)
			before = cell_at(f, y, x - 2);
		if (before)
			before->mark = code;
		return;
	}
	frame_put_char(f, y, x, style, code);
	if (w == 2)
		frame_put_char(f, y, x + 1, style, 0);
}

/* A text ends early: say so in its last column, and leave no half of a wide character. */
static void cut(struct frame *f, int y, int start, int x, int end, enum style style)
{
	const struct screen_cell *last;

	while (x < end)
		frame_put_char(f, y, x++, style, ' ');
	if (end <= start)
		return;
	last = cell_at(f, y, end - 1);
	if (last && !last->ch)
		frame_put_char(f, y, end - 2, style, ' ');
	frame_put_char(f, y, end - 1, style, f->ascii ? '~' : 0x2026);
}

/**
 * frame_put - put a text that fits, or its beginning and a mark
 * @f: the frame
 * @y: line
 * @x: column
 * @width: columns it may take; it takes none beyond the frame's edge
 * @style: its style
 * @text: valid UTF-8 without control characters, as escape() makes it
 *
 * Return: the column behind it.
 */
int frame_put(struct frame *f, int y, int x, int width, enum style style, const char *text)
{
	int end = x + width > f->width ? f->width : x + width, start = x;

	if (y < 0 || y >= f->height || x < 0)
		return x;
	while (*text) {
		u32 code = next_code(&text);
		int w = width_of(f, code);

		if (x + w > end) {
			cut(f, y, start, x, end, style);
			return end;
		}
		put_code(f, y, x, style, code, w);
		x += w;
	}
	return x;
}

/**
 * frame_putf - the same of a formatted text
 * @f: the frame
 * @y: line
 * @x: column
 * @width: columns it may take
 * @style: its style
 * @fmt: printf format; names among what is printed must be escaped
 *
 * Return: the column behind it.
 */
int frame_putf(struct frame *f, int y, int x, int width, enum style style, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return frame_put(f, y, x, width, style, text);
}

/**
 * frame_put_name - put a name as it came, which is escaped here
 * @f: the frame
 * @y: line
 * @x: column
 * @width: columns it may take
 * @style: its style
 * @name: the name; an empty one or NULL shows as -
 *
 * Return: the column behind it.
 */
int frame_put_name(struct frame *f, int y, int x, int width, enum style style, const char *name)
{
	char clean[1024];

	if (!name || !*name)
		return frame_put(f, y, x, width, style, "-");
	escape(clean, sizeof(clean), name, strlen(name));
	return frame_put(f, y, x, width, style, clean);
}

/**
 * frame_put_right - put a text at the right of its place
 * @f: the frame
 * @y: line
 * @x: where the place begins
 * @width: of the place
 * @style: its style
 * @text: the text, as for frame_put()
 */
void frame_put_right(struct frame *f, int y, int x, int width, enum style style, const char *text)
{
	int have = display_width(text);

	frame_put(f, y, have < width ? x + width - have : x, width, style, text);
}

/**
 * frame_fill - give a piece of a line a style, whatever is in it
 * @f: the frame
 * @y: line
 * @x: column
 * @width: columns
 * @style: the style
 */
void frame_fill(struct frame *f, int y, int x, int width, enum style style)
{
	int i;

	for (i = 0; i < width; i++) {
		struct screen_cell *c = cell_at(f, y, x + i);

		if (c)
			c->style = style;
	}
}

/**
 * frame_select - mark a piece of a line as chosen
 * @f: the frame
 * @y: line
 * @x: column
 * @width: columns
 */
void frame_select(struct frame *f, int y, int x, int width)
{
	int i;

	for (i = 0; i < width; i++) {
		struct screen_cell *c = cell_at(f, y, x + i);

		if (c)
			c->selected = 1;
	}
}

/**
 * frame_hot - let clicks on a piece of a line do something
 * @f: the frame
 * @y: line
 * @x: column
 * @width: columns
 * @action: what they do
 * @arg: of the action
 *
 * Return: 0 or -ENOMEM.
 */
int frame_hot(struct frame *f, int y, int x, int width, enum tui_action action, int arg)
{
	if (grow(&f->hots, &f->cap_hots, f->nr_hots + 1, sizeof(*f->hots)))
		return -ENOMEM;
	f->hots[f->nr_hots++] = (struct hot){ y, x, x + width, action, arg };
	return 0;
}

/**
 * frame_hot_at - what a click does
 * @f: the frame
 * @y: line
 * @x: column
 *
 * Return: the place, or NULL.
 */
const struct hot *frame_hot_at(const struct frame *f, int y, int x)
{
	size_t i;

	for (i = 0; i < f->nr_hots; i++)
		if (f->hots[i].y == y && x >= f->hots[i].x0 && x < f->hots[i].x1)
			return &f->hots[i];
	return NULL;
}

static int add_code(struct buf *out, u32 c)
{
	char bytes[4];

	return buf_add(out, bytes, utf8_encode(c, bytes));
}

/**
 * frame_text - a frame as lines of text
 * @f: the frame
 * @out: they are appended; trailing blanks are left out
 *
 * Return: 0 or -ENOMEM.
 */
int frame_text(const struct frame *f, struct buf *out)
{
	int y, x, ret = 0;

	for (y = 0; y < f->height && !ret; y++) {
		const struct screen_cell *line = f->cells + (size_t)y * f->width;
		int end = f->width;

		while (end && line[end - 1].ch == ' ')
			end--;
		for (x = 0; x < end && !ret; x++) {
			if (line[x].ch)
				ret = add_code(out, line[x].ch);
			if (line[x].mark && !ret)
				ret = add_code(out, line[x].mark);
		}
		if (!ret)
			ret = buf_add(out, "\n", 1);
	}
	return ret;
}
