// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <fnmatch.h>

#include "lib/escape.h"

static bool matches(const char *s, const char *text)
{
	if (strpbrk(text, "*?["))
		return !fnmatch(text, s, FNM_CASEFOLD);
	return strcasestr(s, text);
}

/**
 * text_fits - whether a row is what somebody looks for
 * @s: its text, may be NULL
 * @text: a part of it, or a pattern for all of it with *, ? or [; case doesn't matter
 *
 * Return: true if it is, and for an empty @text.
 */
bool text_fits(const char *s, const char *text)
{
	char folded[256], *at;

	if (!*text)
		return true;
	if (!s)
		return false;
	if (matches(s, text))
		return true;
	if (!strchr(text, '-'))
		return false;
	/* Modules' names have _ where people may well type -. */
	snprintf(folded, sizeof(folded), "%s", text);
	for (at = folded; *at; at++)
		if (*at == '-')
			*at = '_';
	return matches(s, folded);
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
 * list_make - room for a screen's rows
 * @r: filled; screen_rows_free() frees it
 * @nr: how many there are at most
 *
 * Return: 0 or -ENOMEM.
 */
int list_make(struct screen_rows *r, size_t nr)
{
	r->rows = calloc(nr + 1, sizeof(*r->rows));
	r->nr_all = nr;
	return r->rows ? 0 : -ENOMEM;
}

/**
 * list_order - put rows in the order that the user wants
 * @r: the rows
 * @l: the list they are of
 */
void list_order(struct screen_rows *r, const struct tui_list *l)
{
	size_t i;

	qsort(r->rows, r->nr, sizeof(*r->rows), by_order);
	if (!l->invert)
		return;
	for (i = 0; i < r->nr / 2; i++) {
		struct row swap = r->rows[i];

		r->rows[i] = r->rows[r->nr - 1 - i];
		r->rows[r->nr - 1 - i] = swap;
	}
}

static size_t search_from(const struct screen_rows *r, const struct tui_state *s, row_fits_fn fits,
			  size_t at, bool *found)
{
	const size_t nr = r->nr;
	size_t i;

	for (i = s->found ? 0 : 1; i <= nr; i++) {
		size_t row = s->search_step > 0 ? (at + i) % nr : (at + nr - i % nr) % nr;

		if (fits(r->rows[row].of, s->search)) {
			*found = true;
			return row;
		}
	}
	*found = false;
	return at;
}

/**
 * list_settle - find the cursor's row again, as rows come and go, and what is searched
 * @r: the rows, in order; the one under the cursor becomes the chosen one
 * @s: the state; its screen's list is brought up to date
 * @page: how many fit
 * @key: tells them apart
 * @fits: whether one is what is searched
 *
 * Only when the user moved, the place decides which row is chosen.
 */
void list_settle(struct screen_rows *r, struct tui_state *s, size_t page, row_key_fn key,
		 row_fits_fn fits)
{
	struct tui_list *l = &s->lists[s->screen];
	size_t i;

	l->chosen |= l->moved;
	if (!l->moved && l->has_key && l->chosen) {
		for (i = 0; i < r->nr; i++) {
			if (key(r->rows[i].of) == l->key) {
				l->cursor = i;
				break;
			}
		}
	}
	if (s->search_step && r->nr) {
		char clean[4 * TUI_TEXT];
		bool found;

		l->cursor = search_from(r, s, fits, l->cursor < r->nr ? l->cursor : 0, &found);
		escape(clean, sizeof(clean), s->search, strlen(s->search));
		l->chosen |= found;
		if (!found)
			tui_message(s, " No row matches \"%.100s\".", clean);
	}
	s->search_step = 0;
	l->moved = false;
	tui_list_settle(l, r->nr, page);
	l->has_key = r->nr != 0;
	if (!r->nr)
		return;
	r->chosen = r->rows[l->cursor].of;
	l->key = key(r->chosen);
}

/**
 * list_head - a column's heading, with an arrow behind it if the rows are in its order
 * @w: what is drawn
 * @y: the line
 * @x: where the column begins
 * @width: of it, without the gap behind it
 * @column: its number, for a click and for the order
 * @head: its heading
 * @is_text: it begins at the left; A comes first, and not the largest
 */
void list_head(struct draw *w, int y, int x, int width, int column, const char *head, bool is_text)
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
