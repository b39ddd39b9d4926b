// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <inttypes.h>

/* A column of the reports, with a heading that fits; in screens below and from 100 columns. */
struct module_column {
	enum column_id id;
	const char *head;
	int narrow;
	int wide;
};

static const struct module_column module_columns[] = {
	{ COLUMN_MODULE, "MODULE", 16, 16 },
	{ COLUMN_ATTEMPTS, "ATTEMPTS", 8, 8 },
	{ COLUMN_OPEN, "NOW", 3, 4 },
	{ COLUMN_LOADED, "LOADED", 6, 6 },
	{ COLUMN_MERGED, "MERGED", 6, 6 },
	{ COLUMN_EXISTS, "EXISTS", 6, 6 },
	{ COLUMN_BUSY, "BUSY", 4, 5 },
	{ COLUMN_FAILED, "FAIL", 4, 5 },
	{ COLUMN_WASTED, "WASTED", 9, 9 },
	{ COLUMN_DUP_TIME, "DUP TIME", 8, 8 },
	{ COLUMN_FAIL_TIME, "FAIL TIME", 9, 9 },
	{ COLUMN_LONGEST, "LONGEST", 8, 8 },
	{ COLUMN_LOAD_TIME, "LOAD TIME", 9, 9 },
	{ COLUMN_AVOIDED, "AVOIDED", 9, 9 },
	{ COLUMN_WAIT_P99, "WAIT p99", 8, 8 },
	{ COLUMN_BY_FILE, "BYFILE", 6, 6 },
	{ COLUMN_BY_LIVE, "BYLIVE", 6, 6 },
	{ COLUMN_BY_NAME, "BYNAME", 6, 6 },
	{ COLUMN_REQUESTER, "REQUESTER", 16, 16 },
};

/*
 * Those that a screen has room for, the most telling first; the column of the order comes ahead of all.
 * What is under way is worth more live than in a recording: it has two places.
 */
static const enum column_id by_worth[] = {
	COLUMN_MODULE,	 COLUMN_ATTEMPTS,  COLUMN_WASTED,  COLUMN_MERGED,    COLUMN_EXISTS,
	COLUMN_BUSY,	 COLUMN_FAILED,	   COLUMN_OPEN,	   COLUMN_DUP_TIME,  COLUMN_OPEN,
	COLUMN_LONGEST,	 COLUMN_FAIL_TIME, COLUMN_LOADED,  COLUMN_REQUESTER, COLUMN_AVOIDED,
	COLUMN_WAIT_P99, COLUMN_LOAD_TIME, COLUMN_BY_FILE, COLUMN_BY_LIVE,   COLUMN_BY_NAME,
};
#define OPEN_IF_LIVE 7
#define LOADED_FROM 100

#define NR_COLUMNS ((int)ARRAY_SIZE(module_columns))
/* The order of the reports is that of this column. */
#define SORT_WASTED 8

static struct view_cell cell_of(int column, const struct module *m)
{
	return column_of_module(&view_columns[module_columns[column].id], m);
}

static int column_width(int screen_width, int column)
{
	const struct module_column *c = &module_columns[column];
	int extra = (screen_width - 80) / 4;

	if (column)
		return screen_width < 100 ? c->narrow : c->wide;
	if (screen_width < 52)
		return 10;
	if (screen_width < 80)
		return screen_width < 72 ? 12 : 16;
	return c->narrow + (extra > 16 ? 16 : extra);
}

/* A quarter of the screen is the lanes', and of a narrow one a fifth. */
static int room_for_columns(int screen_width)
{
	return screen_width - screen_width / (screen_width < 100 ? 5 : 4);
}

static u64 key_of_module(const void *of)
{
	return (uintptr_t)((const struct module *)of)->name;
}

static bool module_fits(const void *of, const char *text)
{
	return text_fits(((const struct module *)of)->name, text);
}

static bool is_text(int column)
{
	return view_columns[module_columns[column].id].kind == CELL_NAME;
}

/* What the user sees of a column: nothing of one without data. */
static int shown_width(const struct draw *w, int column)
{
	return w->s->lists[SCREEN_MODULES].hidden >> column & 1 ? 0 :
								  column_width(w->f->width, column);
}

/* Live, what is under way comes and goes, and its column doesn't. */
static bool is_kept(int column, const struct tui_state *s)
{
	switch (module_columns[column].id) {
	case COLUMN_MODULE:
	case COLUMN_ATTEMPTS:
	case COLUMN_WASTED:
		return true;
	case COLUMN_OPEN:
		return !s->replay || s->now_ns < s->total_ns;
	default:
		return false;
	}
}

static bool has_data(int column, const struct view *v)
{
	size_t i;

	for (i = 0; i < v->nr_modules; i++) {
		const struct view_cell c = cell_of(column, v->modules[i]);

		if (c.known && (c.kind == CELL_NAME || c.number))
			return true;
	}
	return false;
}

static int column_of(enum column_id id)
{
	int column;

	for (column = 0; module_columns[column].id != id; column++)
		;
	return column;
}

/* Of the columns with data, as many as there is room for. */
static void choose_columns(struct tui_list *l, const struct tui_state *s)
{
	int room = room_for_columns(s->width), i;
	u32 seen = 1U << l->sort | 1U << column_of(COLUMN_MODULE);

	room -= column_width(s->width, l->sort) + 1;
	room -= l->sort ? column_width(s->width, 0) + 1 : 0;
	for (i = 0; i < (int)ARRAY_SIZE(by_worth); i++) {
		const int column = column_of(by_worth[i]);
		const int width = column_width(s->width, column) + 1;

		/* Ahead of the others, LOADED would move them in narrow screens. */
		if ((l->empty | seen) >> column & 1 || width > room ||
		    (i == OPEN_IF_LIVE && s->replay) ||
		    (by_worth[i] == COLUMN_LOADED && s->width < LOADED_FROM))
			continue;
		seen |= 1U << column;
		room -= width;
	}
	l->hidden = ~seen;
}

static void draw_module_head(struct draw *w, int y)
{
	int x = 0, column;

	frame_fill(w->f, y, 0, w->f->width, STYLE_HEAD);
	for (column = 0; column < NR_COLUMNS; column++) {
		int width = shown_width(w, column);

		if (!width)
			continue;
		list_head(w, y, x, width, column, module_columns[column].head, is_text(column));
		x += width + 1;
	}
	draw_axis(w, y, x, w->f->width - x, STYLE_HEAD);
}

static enum style module_style(int column, const struct view_cell *c)
{
	if (!c->number)
		return STYLE_DIM;
	switch (module_columns[column].id) {
	case COLUMN_OPEN:
		return STYLE_OPEN;
	case COLUMN_FAILED:
		return STYLE_FAILED;
	case COLUMN_WASTED:
		return STYLE_WARN;
	default:
		return STYLE_NORMAL;
	}
}

static void draw_module_cell(struct draw *w, int y, int x, int width, int column,
			     const struct module *m)
{
	const enum column_id id = module_columns[column].id;
	const struct view_cell c = cell_of(column, m);
	char text[32] = "-";

	if (c.kind == CELL_NAME) {
		const struct view_cell open = column_of_module(&view_columns[COLUMN_OPEN], m);

		frame_put_name(w->f, y, x, width, id == COLUMN_MODULE && open.number ?
			       STYLE_OPEN : STYLE_NORMAL, c.known ? c.text : "");
		return;
	}
	if (c.kind == CELL_COUNT && c.number)
		format_few(text, sizeof(text), width, c.number);
	else if (c.number || !c.known)
		cell_format(&c, text, sizeof(text));
	frame_put_right(w->f, y, x, width, module_style(column, &c), text);
}

static void draw_module_row(struct draw *w, int y, const struct module *m)
{
	int x = 0, column;

	for (column = 0; column < NR_COLUMNS; column++) {
		int width = shown_width(w, column);

		if (!width)
			continue;
		draw_module_cell(w, y, x, width, column, m);
		x += width + 1;
	}
	draw_lane(w, y, x, w->f->width - x, timeline_lane(w->d->timeline, m->name));
}

static int modules_top(int height)
{
	return height < LOW_HEIGHT ? 3 : 7;
}

static int modules_page(int height)
{
	return height - modules_top(height) - 2;
}

int settle_modules(struct screen_rows *r, struct tui_state *s, const struct screen_data *d)
{
	struct tui_list *l = &s->lists[SCREEN_MODULES];
	const struct view *v = d->view;
	size_t n;
	int i;

	if (list_make(r, v->nr_modules))
		return -ENOMEM;
	l->columns = NR_COLUMNS;
	if (l->sort == TUI_SORT_DEFAULT)
		l->sort = SORT_WASTED;
	l->empty = 0;
	for (i = 0; i < NR_COLUMNS; i++) {
		if (!(l->had >> i & 1) && has_data(i, v))
			l->had |= 1U << i;
		if (!is_kept(i, s) && !(l->had >> i & 1))
			l->empty |= 1U << i;
	}
	choose_columns(l, s);
	for (n = 0; n < v->nr_modules; n++) {
		const struct module *m = v->modules[n];
		struct view_cell c;

		if (!text_fits(m->name, l->filter))
			continue;
		c = cell_of(l->sort, m);
		r->rows[r->nr++] = (struct row){
			.of = m, .value = c.number, .index = n,
			.text = is_text(l->sort) ? c.known ? c.text : "" : NULL,
		};
	}
	list_order(r, l);
	list_settle(r, s, modules_page(s->height), key_of_module, module_fits);
	s->chosen_module = r->chosen ? ((const struct module *)r->chosen)->name : NULL;
	settle_span(s, d);
	return 0;
}

static void draw_module_rows(struct draw *w, int top, int page)
{
	const struct tui_list *l = &w->s->lists[SCREEN_MODULES];
	const u64 asked = w->d->view->model->asked;
	int i;

	for (i = 0; i < page && l->top + i < w->r->nr; i++) {
		draw_module_row(w, top + i, w->r->rows[l->top + i].of);
		if (l->top + i == l->cursor)
			frame_select(w->f, top + i, 0, w->f->width);
		draw_check(w, frame_hot(w->f, top + i, 0, w->f->width, ACT_SELECT, l->top + i));
	}
	if (!w->r->nr)
		frame_put(w->f, top + 1, 2, w->f->width - 2, STYLE_DIM,
			  *l->filter ?
				  "No module's name matches the filter; F4 changes it." :
			  w->s->replay ?
				  "No module was loaded up to here." :
				  "No module has been loaded yet: this fills as soon as one is.");
	if (!w->r->nr && !*l->filter && asked && page > 1)
		frame_putf(w->f, top + 2, 2, w->f->width - 2, STYLE_DIM,
			   "The kernel made %" PRIu64 " request%s: F7 lists them, F5 the findings.",
			   asked, PLURAL(asked));
	draw_list_status(w, "modules", w->d->view->nr_modules, module_columns[l->sort].head);
}

void draw_modules(struct draw *w)
{
	const int page = modules_page(w->f->height), top = modules_top(w->f->height);
	const struct view *v = w->d->view;

	if (draw_is_low(w)) {
		if (!w->d->filter || filter_is_empty(w->d->filter))
			draw_costs(w, 1, &v->model->totals);
		draw_module_head(w, 2);
		draw_module_rows(w, top, page);
		return;
	}
	draw_counts(w, 2, "attempts", &v->model->totals, v->model->autoload_dups);
	draw_bar(w, 3, &v->model->totals);
	draw_costs(w, 4, &v->model->totals);
	frame_put(w->f, 5, 0, 9, STYLE_DIM, " in time ");
	draw_lane(w, 5, 9, w->f->width - 9, &w->d->timeline->all);
	draw_module_head(w, 6);
	draw_module_rows(w, top, page);
}
