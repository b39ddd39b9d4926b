// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <fnmatch.h>

#include "lib/escape.h"

/**
 * text_fits - whether a row is what somebody looks for
 * @s: its text, may be NULL
 * @text: a part of it, or a pattern for all of it with *, ? or [; case doesn't matter
 *
 * Return: true if it is, and for an empty @text.
 */
bool text_fits(const char *s, const char *text)
{
	if (!*text)
		return true;
	if (!s)
		return false;
	if (strpbrk(text, "*?["))
		return !fnmatch(text, s, FNM_CASEFOLD);
	return strcasestr(s, text);
}

static int by_order(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = 0;

	if (x->text && y->text)
		c = strcmp(x->text, y->text);
	if (!c && x->value != y->value)
		c = x->value < y->value ? 1 : -1;
	return c ? c : x->index < y->index ? -1 : x->index > y->index;
}

/**
 * rows_order - put rows in the order that the user wants
 * @rows: the rows
 * @nr: how many
 * @l: the list they are of
 */
void rows_order(struct row *rows, size_t nr, const struct tui_list *l)
{
	size_t i;

	qsort(rows, nr, sizeof(*rows), by_order);
	if (!l->invert)
		return;
	for (i = 0; i < nr / 2; i++) {
		struct row swap = rows[i];

		rows[i] = rows[nr - 1 - i];
		rows[nr - 1 - i] = swap;
	}
}

static size_t search_from(struct draw *w, const struct row *rows, size_t nr, row_fits_fn fits,
			  size_t at, bool *found)
{
	struct tui_state *s = w->s;
	size_t i;

	for (i = s->found ? 0 : 1; i <= nr; i++) {
		size_t row = s->search_step > 0 ? (at + i) % nr : (at + nr - i % nr) % nr;

		if (fits(w, rows[row].of, s->search)) {
			*found = true;
			return row;
		}
	}
	*found = false;
	return at;
}

/**
 * rows_settle - find the cursor's row again, as rows come and go, and what is searched
 * @w: what is drawn; its screen's list is brought up to date
 * @rows: the rows, in order
 * @nr: how many
 * @page: how many fit
 * @key: tells them apart
 * @fits: whether one is what is searched
 *
 * Only when the user moved, the place decides which row is chosen.
 */
void rows_settle(struct draw *w, const struct row *rows, size_t nr, size_t page, row_key_fn key,
		 row_fits_fn fits)
{
	struct tui_list *l = &w->s->lists[w->s->screen];
	size_t i;

	if (!l->moved && l->has_key) {
		for (i = 0; i < nr; i++) {
			if (key(rows[i].of) == l->key) {
				l->cursor = i;
				break;
			}
		}
	}
	if (w->s->search_step && nr) {
		char clean[4 * TUI_TEXT];
		bool found;

		l->cursor = search_from(w, rows, nr, fits, l->cursor < nr ? l->cursor : 0, &found);
		escape(clean, sizeof(clean), w->s->search, strlen(w->s->search));
		if (!found)
			tui_message(w->s, " No row has \"%.100s\".", clean);
	}
	w->s->search_step = 0;
	l->moved = false;
	tui_list_settle(l, nr, page);
	l->has_key = nr != 0;
	if (nr)
		l->key = key(rows[l->cursor].of);
}

/**
 * rows_head - a column's heading, with an arrow behind it if the rows are in its order
 * @w: what is drawn
 * @y: the line
 * @x: where the column begins
 * @width: of it, without the gap behind it
 * @column: its number, for a click and for the order
 * @head: its heading
 * @is_text: it begins at the left; A comes first, and not the largest
 */
void rows_head(struct draw *w, int y, int x, int width, int column, const char *head, bool is_text)
{
	const struct tui_list *l = &w->s->lists[w->s->screen];
	const bool sorted = l->sort == column;
	const enum style style = sorted ? STYLE_SORTED : STYLE_HEAD;
	int end = x + width;

	frame_fill(w->f, y, x, width, style);
	if (is_text)
		end = frame_put(w->f, y, x, width, style, head);
	else
		frame_put_right(w->f, y, x, width, style, head);
	if (sorted && l->invert == is_text)
		frame_put_char(w->f, y, end, style, draw_glyph(w, 0x25bc, 'v'));
	else if (sorted)
		frame_put_char(w->f, y, end, style, draw_glyph(w, 0x25b2, '^'));
	draw_check(w, frame_hot(w->f, y, x, width, ACT_SORT_BY, column));
}
