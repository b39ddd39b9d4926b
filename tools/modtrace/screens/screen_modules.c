// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include "model/rows.h"

enum form { FORM_NAME, FORM_COUNT, FORM_BYTES, FORM_NS, FORM_TEXT };

/* A column, in screens below and from 100 columns; @from is how wide one must be to have it. */
struct module_column {
	const char *head;
	int narrow;
	int wide;
	int from;
	enum form form;
	u64 (*value)(const struct module *m);
	const char *(*text)(const struct module *m);
};

static u64 attempts_of(const struct module *m)
{
	return m->tally.attempts;
}

static u64 open_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_IN_FLIGHT] + m->tally.outcomes[OUTCOME_UNKNOWN];
}

static u64 loaded_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_LOADED];
}

static u64 merged_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_MERGED];
}

static u64 exists_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_EXISTS];
}

static u64 busy_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_BUSY];
}

static u64 failed_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_FAILED] + m->tally.outcomes[OUTCOME_INTERRUPTED];
}

static u64 wasted_of(const struct module *m)
{
	return tally_wasted(&m->tally);
}

static u64 avoided_of(const struct module *m)
{
	return m->tally.avoided_bytes;
}

static u64 p99_of(const struct module *m)
{
	return m->tally.wait.count ? hist_percentile(&m->tally.wait, 99) : 0;
}

static u64 by_file_of(const struct module *m)
{
	return m->tally.gates[GATE_FILE];
}

static u64 by_live_of(const struct module *m)
{
	return m->tally.gates[GATE_LIVE];
}

static u64 by_name_of(const struct module *m)
{
	return m->tally.gates[GATE_NAME];
}

static const char *name_of(const struct module *m)
{
	return m->name;
}

static const char *requester_of(const struct module *m)
{
	const struct requester *r = module_top_requester(m);

	return r ? r->who.comm : "";
}

static const struct module_column module_columns[] = {
	{ "MODULE", 16, 16, 0, FORM_NAME, NULL, name_of },
	{ "ATTEMPTS", 8, 8, 0, FORM_COUNT, attempts_of, NULL },
	{ "NOW", 3, 4, 0, FORM_COUNT, open_of, NULL },
	{ "LOADED", 6, 6, 104, FORM_COUNT, loaded_of, NULL },
	{ "MERGED", 6, 6, 0, FORM_COUNT, merged_of, NULL },
	{ "EXISTS", 6, 6, 80, FORM_COUNT, exists_of, NULL },
	{ "BUSY", 4, 5, 74, FORM_COUNT, busy_of, NULL },
	{ "FAIL", 4, 5, 68, FORM_COUNT, failed_of, NULL },
	{ "WASTED", 9, 9, 0, FORM_BYTES, wasted_of, NULL },
	{ "AVOIDED", 9, 9, 114, FORM_BYTES, avoided_of, NULL },
	{ "WAIT p99", 8, 8, 124, FORM_NS, p99_of, NULL },
	{ "BYFILE", 6, 6, 170, FORM_COUNT, by_file_of, NULL },
	{ "BYLIVE", 6, 6, 170, FORM_COUNT, by_live_of, NULL },
	{ "BYNAME", 6, 6, 170, FORM_COUNT, by_name_of, NULL },
	{ "REQUESTER", 16, 16, 142, FORM_TEXT, NULL, requester_of },
};

#define NR_COLUMNS ((int)ARRAY_SIZE(module_columns))
/* The order of the reports is that of this column. */
#define COLUMN_WASTED 8

static int column_width(const struct draw *w, int column)
{
	const struct module_column *c = &module_columns[column];
	int extra = (w->f->width - 80) / 4;

	if (w->f->width < c->from)
		return 0;
	if (column)
		return w->f->width < 100 ? c->narrow : c->wide;
	if (w->f->width < 80)
		return w->f->width < 72 ? 12 : 16;
	return c->narrow + (extra > 16 ? 16 : extra);
}

static u64 key_of_module(const void *of)
{
	return (uintptr_t)((const struct module *)of)->name;
}

static bool module_fits(const struct draw *w, const void *of, const char *text)
{
	(void)w;
	return text_fits(((const struct module *)of)->name, text);
}

static bool is_text(int column)
{
	return module_columns[column].form == FORM_NAME || module_columns[column].form == FORM_TEXT;
}

static void draw_module_head(struct draw *w, int y)
{
	int x = 0, column;

	frame_fill(w->f, y, 0, w->f->width, STYLE_HEAD);
	for (column = 0; column < NR_COLUMNS; column++) {
		int width = column_width(w, column);

		if (!width)
			continue;
		rows_head(w, y, x, width, column, module_columns[column].head, is_text(column));
		x += width + 1;
	}
	draw_axis(w, y, x, w->f->width - x, STYLE_HEAD);
}

static enum style module_style(int column, u64 value)
{
	if (!value)
		return STYLE_DIM;
	if (module_columns[column].value == open_of)
		return STYLE_OPEN;
	if (module_columns[column].value == failed_of)
		return STYLE_FAILED;
	if (module_columns[column].value == wasted_of)
		return STYLE_WARN;
	return STYLE_NORMAL;
}

static void draw_module_cell(struct draw *w, int y, int x, int width, int column,
			     const struct module *m)
{
	const struct module_column *c = &module_columns[column];
	u64 value = c->value ? c->value(m) : 0;
	char text[32];

	switch (c->form) {
	case FORM_NAME:
		frame_put_name(w->f, y, x, width, open_of(m) ? STYLE_OPEN : STYLE_NORMAL,
			       c->text(m));
		return;
	case FORM_TEXT:
		frame_put_name(w->f, y, x, width, STYLE_NORMAL, c->text(m));
		return;
	case FORM_COUNT:
		format_few(text, sizeof(text), width, value);
		break;
	case FORM_BYTES:
		format_bytes(text, sizeof(text), value);
		if (c->value == wasted_of)
			format_wasted(text, sizeof(text), &m->tally);
		if (c->value == avoided_of && !m->tally.avoided_known && merged_of(m))
			snprintf(text, sizeof(text), "?");
		break;
	case FORM_NS:
		format_ns(text, sizeof(text), value);
		break;
	}
	if (!value && strcmp(text, "?"))
		snprintf(text, sizeof(text), "-");
	frame_put_right(w->f, y, x, width, module_style(column, value), text);
}

static void draw_module_row(struct draw *w, int y, const struct module *m)
{
	int x = 0, column;

	for (column = 0; column < NR_COLUMNS; column++) {
		int width = column_width(w, column);

		if (!width)
			continue;
		draw_module_cell(w, y, x, width, column, m);
		x += width + 1;
	}
	draw_lane(w, y, x, w->f->width - x, timeline_lane(w->d->timeline, m->name));
}

static size_t module_rows(struct draw *w, struct row *rows)
{
	const struct view *v = w->d->view;
	const struct tui_list *l = &w->s->lists[SCREEN_MODULES];
	const struct module_column *c = &module_columns[l->sort];
	size_t nr = 0, i;

	for (i = 0; i < v->nr_modules; i++) {
		const struct module *m = v->modules[i];

		if (!text_fits(m->name, l->filter))
			continue;
		rows[nr++] = (struct row){ .of = m, .value = c->value ? c->value(m) : 0,
					   .text = c->text ? c->text(m) : NULL, .index = i };
	}
	rows_order(rows, nr, l);
	return nr;
}

#define MODULES_TOP 7

void draw_modules(struct draw *w)
{
	const struct view *v = w->d->view;
	_cleanup_free_ struct row *rows = calloc(v->nr_modules + 1, sizeof(*rows));
	struct tui_list *l = &w->s->lists[SCREEN_MODULES];
	int page = w->f->height - MODULES_TOP - 2, i;
	size_t nr;

	if (!rows) {
		w->ret = -ENOMEM;
		return;
	}
	l->columns = NR_COLUMNS;
	l->hidden = 0;
	for (i = 0; i < NR_COLUMNS; i++)
		if (!column_width(w, i))
			l->hidden |= 1U << i;
	if (l->sort == TUI_SORT_DEFAULT)
		l->sort = COLUMN_WASTED;
	nr = module_rows(w, rows);
	rows_settle(w, rows, nr, page, key_of_module, module_fits);
	w->s->chosen_module = nr ? ((const struct module *)rows[l->cursor].of)->name : NULL;
	draw_counts(w, 2, "attempts", &v->model->totals, v->model->autoload_dups);
	draw_bar(w, 3, &v->model->totals);
	draw_costs(w, 4, &v->model->totals);
	frame_put(w->f, 5, 0, 9, STYLE_DIM, " in time ");
	draw_lane(w, 5, 9, w->f->width - 9, &w->d->timeline->all);
	draw_module_head(w, 6);
	for (i = 0; i < page && l->top + i < nr; i++) {
		draw_module_row(w, MODULES_TOP + i, rows[l->top + i].of);
		if (l->top + i == l->cursor)
			frame_select(w->f, MODULES_TOP + i, 0, w->f->width);
		draw_check(w, frame_hot(w->f, MODULES_TOP + i, 0, w->f->width, ACT_SELECT,
					 l->top + i));
	}
	if (!nr)
		frame_put(w->f, MODULES_TOP + 1, 2, w->f->width - 2, STYLE_DIM, *l->filter ?
			  "No module's name fits the filter; F4 changes it." : w->s->replay ?
			  "No module was loaded up to here." :
			  "No module has been loaded yet: this fills as soon as one is.");
	draw_list_status(w, "modules", v->nr_modules, module_columns[l->sort].head);
}
