// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "views/names.h"

static const struct module *module_find(const struct view *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->nr_modules; i++)
		if (!strcmp(v->modules[i]->name, name))
			return v->modules[i];
	return NULL;
}

static u64 key_of_attempt(const void *of)
{
	return ((const struct attempt_facts *)of)->serial;
}

/* "merged EEXIST", or what it is doing now. */
static void format_end(char *text, size_t size, const struct attempt_facts *a)
{
	char number[16];

	if (!a->end_ns)
		snprintf(text, size, "%s", a->outcome == OUTCOME_UNKNOWN ? "end was lost" :
			 a->gate != GATE_UNKNOWN ? "answered" : "in progress");
	else if (!a->ret)
		snprintf(text, size, "%s", outcome_name(a->outcome));
	else
		snprintf(text, size, "%s %s", outcome_name(a->outcome),
			 errno_text(a->ret < 0 && a->ret > -4096 ? -a->ret : 0, number,
				    sizeof(number)));
}

static bool attempt_fits(const void *of, const char *text)
{
	const struct attempt_facts *a = of;
	char tid[16], end[64];

	format_end(end, sizeof(end), a);
	snprintf(tid, sizeof(tid), "%d", a->tid);
	return text_fits(a->who.comm, text) || text_fits(a->who.parent, text) || text_fits(tid, text) ||
	       text_fits(end, text);
}

static u64 duration_of(const struct screen_data *d, const struct attempt_facts *a)
{
	return sat_sub(a->end_ns ? a->end_ns : d->now_ns, a->begin_ns);
}

static void draw_swim_bar(struct draw *w, int y, int x, int width, const struct attempt_facts *a)
{
	const enum lane_kind kind = lane_kind_of(a->outcome);
	u64 from_ns, to_ns, end_ns = a->end_ns ? a->end_ns : w->d->now_ns, wait_ns;
	int first, last, waits, i;

	draw_window_ns(w, &from_ns, &to_ns);
	if (width <= 0)
		return;
	if (end_ns < from_ns) {
		frame_put_char(w->f, y, x, STYLE_DIM, '<');
		return;
	}
	if (a->begin_ns > to_ns) {
		frame_put_char(w->f, y, x + width - 1, STYLE_DIM, '>');
		return;
	}
	first = a->begin_ns <= from_ns ? 0 :
		(int)((double)(a->begin_ns - from_ns) * width / (to_ns - from_ns));
	last = end_ns >= to_ns ? width - 1 :
	       (int)((double)(end_ns - from_ns) * width / (to_ns - from_ns));
	/* The wait is what precedes the answer; the rest is work of its own. */
	wait_ns = a->has_wait ? a->wait_ns : 0;
	waits = sat_sub(end_ns, wait_ns) <= from_ns ? 0 :
		(int)((double)(sat_sub(end_ns, wait_ns) - from_ns) * width / (to_ns - from_ns));
	if (first > width - 1)
		first = width - 1;
	if (last < first)
		last = first;
	for (i = first; i <= last; i++) {
		bool waiting = wait_ns && i >= waits && i < last;

		frame_put_char(w->f, y, x + i, kind_looks[kind].style,
			       waiting ? draw_glyph(w, 0x2500, '-') : draw_look(w, kind));
	}
}

enum { SWIM_TID, SWIM_COMM, SWIM_OUTCOME, SWIM_TOOK, SWIM_WAIT, SWIM_NR };

/* Columns ahead of the bars; on a screen narrower than @from there is none of it. */
static const struct swim_column {
	const char *head;
	int width;
	int from;
	bool is_text;
} swim_columns[] = {
	[SWIM_TID] = { "TID", 7, 60, false },	      [SWIM_COMM] = { "COMM", 15, 0, true },
	[SWIM_OUTCOME] = { "OUTCOME", 14, 56, true }, [SWIM_TOOK] = { "TOOK", 8, 0, false },
	[SWIM_WAIT] = { "WAIT", 8, 76, false },
};

/* Where nobody waited there is no column for it. */
static u32 swim_hidden(int width, const struct attempt_facts *const *all, size_t nr)
{
	u32 hidden = 0;
	bool waits = false;
	size_t i;

	for (i = 0; i < nr; i++)
		waits |= all[i]->has_wait;
	for (i = 0; i < SWIM_NR; i++)
		if (width < swim_columns[i].from || (i == SWIM_WAIT && !waits))
			hidden |= 1U << i;
	return hidden;
}

static int swim_at(const struct draw *w, int column)
{
	int x = 0, i;

	for (i = 0; i < column; i++)
		if (!(w->s->lists[SCREEN_MODULE].hidden >> i & 1))
			x += swim_columns[i].width + 1;
	return x;
}

static int swim_left(const struct draw *w)
{
	return swim_at(w, SWIM_NR);
}

static void draw_swim_head(struct draw *w, int y, int width)
{
	int i;

	frame_fill(w->f, y, 0, width, STYLE_HEAD);
	for (i = 0; i < SWIM_NR; i++)
		if (!(w->s->lists[SCREEN_MODULE].hidden >> i & 1))
			list_head(w, y, swim_at(w, i), swim_columns[i].width, i,
				  swim_columns[i].head, swim_columns[i].is_text);
	draw_axis(w, y, swim_left(w), width - swim_left(w), STYLE_HEAD);
}

static void format_swim(const struct draw *w, int column, const struct attempt_facts *a, char *text,
			size_t size)
{
	switch (column) {
	case SWIM_TID:
		snprintf(text, size, "%d", a->tid);
		break;
	case SWIM_OUTCOME:
		format_end(text, size, a);
		break;
	case SWIM_TOOK:
		format_ns(text, size, duration_of(w->d, a));
		break;
	case SWIM_WAIT:
		snprintf(text, size, "-");
		if (a->has_wait)
			format_ns(text, size, a->wait_ns);
		break;
	default:
		*text = '\0';
	}
}

static enum style swim_style(int column, const struct attempt_facts *a)
{
	if (column == SWIM_OUTCOME || (column == SWIM_TOOK && !a->end_ns))
		return kind_looks[lane_kind_of(a->outcome)].style;
	return column == SWIM_WAIT && !a->has_wait ? STYLE_DIM : STYLE_NORMAL;
}

static void draw_swim_row(struct draw *w, int y, int width, const struct attempt_facts *a)
{
	char text[64];
	int i;

	for (i = 0; i < SWIM_NR; i++) {
		const struct swim_column *c = &swim_columns[i];
		const int x = swim_at(w, i);

		if (w->s->lists[SCREEN_MODULE].hidden >> i & 1)
			continue;
		format_swim(w, i, a, text, sizeof(text));
		if (i == SWIM_COMM)
			frame_put_name(w->f, y, x, c->width, STYLE_NORMAL, a->who.comm);
		else if (c->is_text)
			frame_put(w->f, y, x, c->width, swim_style(i, a), text);
		else
			frame_put_right(w->f, y, x, c->width, swim_style(i, a), text);
	}
	draw_swim_bar(w, y, swim_left(w), width - swim_left(w), a);
}

static const char *stage_name(u8 stage)
{
	static const char *const names[] = {
		[STAGE_FILE] = "before it was read", [STAGE_READ] = "while it was read",
		[STAGE_DECOMPRESS] = "while it was decompressed", [STAGE_VERIFY] = "in its checks",
		[STAGE_NAME] = "at its name", [STAGE_LAYOUT] = "in its layout",
		[STAGE_INIT] = "in its init",
	};

	return stage < ARRAY_SIZE(names) && names[stage] ? names[stage] : "at an unknown stage";
}

/* Everything known of the attempt under the cursor, in three lines. */
static void draw_attempt(struct draw *w, int y, const struct attempt_facts *a)
{
	char begin[32], took[32], wait[32], end[64], read[32], image[32], layout[32];
	const struct byte_marks *marks = &a->cost.marks;
	const int width = w->f->width - 1;
	int x;

	x = frame_putf(w->f, y, 1, width, STYLE_BRIGHT, "thread %d ", a->tid);
	x = frame_put_name(w->f, y, x, width - x, STYLE_BRIGHT, a->who.comm);
	x = frame_put(w->f, y, x, width - x, STYLE_NORMAL, ", child of ");
	x = frame_put_name(w->f, y, x, width - x, STYLE_NORMAL, a->who.parent ? a->who.parent :
			   "unknown");
	if (a->who.unit) {
		x = frame_put(w->f, y, x, width - x, STYLE_NORMAL, ", in ");
		x = frame_put_name(w->f, y, x, width - x, STYLE_NORMAL, a->who.unit);
	}
	frame_putf(w->f, y, x, width - x, STYLE_NORMAL, ", through %s",
		   a->syscall == SYSCALL_INIT ? "init_module()" : "finit_module()");
	draw_format_time(w, begin, sizeof(begin), sat_sub(a->begin_ns, w->d->start_ns));
	format_ns(took, sizeof(took), duration_of(w->d, a));
	format_ns(wait, sizeof(wait), a->wait_ns);
	format_end(end, sizeof(end), a);
	x = frame_putf(w->f, y + 1, 1, width, kind_looks[lane_kind_of(a->outcome)].style, "%s", end);
	if (a->end_ns && a->stage != STAGE_DONE)
		x = frame_putf(w->f, y + 1, x, width - x, STYLE_NORMAL, " %s",
			       stage_name(a->stage));
	if (a->gate != GATE_UNKNOWN)
		x = frame_putf(w->f, y + 1, x, width - x, STYLE_NORMAL, ", by the %s gate",
			       gate_name(a->gate));
	if (a->has_wait && a->leader)
		frame_putf(w->f, y + 1, x, width - x, STYLE_NORMAL, ", waited %s for thread %d",
			   wait, a->leader);
	format_marked_bytes(read, sizeof(read), a->cost.bytes[BYTES_READ],
			    marks_known(marks, BYTES_READ), !marks->estimated);
	format_marked_bytes(image, sizeof(image), a->cost.bytes[BYTES_IMAGE],
			    marks_known(marks, BYTES_IMAGE), !marks->estimated);
	format_marked_bytes(layout, sizeof(layout), a->cost.bytes[BYTES_LAYOUT],
			    marks_known(marks, BYTES_LAYOUT), !marks->estimated);
	x = frame_putf(w->f, y + 2, 1, width, STYLE_NORMAL, "began at %s, %s %s", begin,
		       a->end_ns ? "took" : "in progress for", took);
	if (a->end_ns)
		frame_putf(w->f, y + 2, x, width - x, STYLE_NORMAL,
			   "; read %s, decompressed %s, laid out %s", read, image, layout);
}

static int draw_errnos(struct draw *w, int y, int x, const struct tally *t)
{
	char text[16];
	size_t i;

	for (i = 0; i < t->nr_errnos; i++)
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, "%s%s %" PRIu64,
			       i ? ", " : " returned: ", errno_text(t->errnos[i].err, text,
								    sizeof(text)),
			       t->errnos[i].count);
	return x;
}

/* Who asked, the worst first, and what is wrong: in a line each, or beside the lanes. */
static void draw_blame_line(struct draw *w, int y, const struct module *m)
{
	_cleanup_free_ const struct requester **rows = NULL;
	char bytes[32];
	size_t nr, i;
	int x = 1;

	rows = view_module_requesters(m, &nr);
	x = frame_put(w->f, y, x, w->f->width - x, STYLE_DIM, "by ");
	for (i = 0; rows && i < nr && x < w->f->width - 20; i++) {
		const struct byte_marks *marks = &rows[i]->wasted.marks;

		format_marked_bytes(bytes, sizeof(bytes), cost_total(&rows[i]->wasted),
				    marks_wasted_known(marks, cost_total(&rows[i]->wasted)),
				    marks_exact(marks));
		if (i)
			x = frame_put(w->f, y, x, w->f->width - x, STYLE_NORMAL, "; ");
		x = frame_put_name(w->f, y, x, w->f->width - x, STYLE_BRIGHT, rows[i]->who.comm);
		x = frame_put(w->f, y, x, w->f->width - x, STYLE_DIM, " of ");
		x = frame_put_name(w->f, y, x, w->f->width - x, STYLE_NORMAL,
				   rows[i]->who.parent ? rows[i]->who.parent : "?");
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, " %" PRIu64 "x",
			       rows[i]->attempts);
		if (cost_total(&rows[i]->wasted) || !marks_wasted_known(marks, 0))
			x = frame_putf(w->f, y, x, w->f->width - x, STYLE_WARN, " %s", bytes);
	}
	if (rows && i < nr)
		frame_putf(w->f, y, x, w->f->width - x, STYLE_DIM, "; %zu more", nr - i);
}

static void draw_module_findings(struct draw *w, int y, const struct module *m)
{
	const struct findings *all = &w->d->view->findings;
	size_t i, nr = 0;
	int x = 1;

	for (i = 0; i < all->nr; i++) {
		const struct finding *f = &all->all[i];

		if (!finding_is_about(f, m->name))
			continue;
		if (!nr++)
			x = frame_put_name(w->f, y, x, w->f->width - x - 8,
					   severity_style(f->severity), f->text);
	}
	if (nr > 1)
		frame_putf(w->f, y, x, w->f->width - x, STYLE_DIM, " +%zu F5", nr - 1);
	else if (x >= w->f->width - 8)
		frame_put(w->f, y, x, w->f->width - x, STYLE_DIM, " F5: all");
	if (!nr)
		frame_put(w->f, y, 1, w->f->width, STYLE_DIM, "no findings");
}

#define MODULE_BOTTOM 5

static int module_top(int height)
{
	return height < LOW_HEIGHT ? 3 : 8;
}

static int attempts_page(int height)
{
	return height - module_top(height) - (height < LOW_HEIGHT ? 2 : MODULE_BOTTOM);
}

/* What an attempt is sorted by: as it came, if nothing else was chosen. */
static struct row row_of(const struct screen_data *d, const struct tui_list *l,
			 const struct attempt_facts *a, size_t index)
{
	struct row row = { .of = a, .index = index };

	switch (l->sort) {
	case SWIM_TID:
		row.value = (u32)a->tid;
		break;
	case SWIM_COMM:
		row.text = a->who.comm;
		break;
	case SWIM_OUTCOME:
		row.text = outcome_name(a->outcome);
		break;
	case SWIM_TOOK:
		row.value = duration_of(d, a);
		break;
	case SWIM_WAIT:
		row.value = a->has_wait ? a->wait_ns : 0;
		break;
	default:
		break;
	}
	return row;
}

static const struct module *module_shown(const struct tui_state *s, const struct screen_data *d)
{
	return s->module ? module_find(d->view, s->module) : NULL;
}

int settle_module(struct screen_rows *r, struct tui_state *s, const struct screen_data *d)
{
	const struct module *m = module_shown(s, d);
	const struct lane *lane = m ? timeline_lane(d->timeline, m->name) : NULL;
	struct tui_list *l = &s->lists[SCREEN_MODULE];
	const struct attempt_facts **all = NULL, *chosen;
	size_t nr = 0, n;

	if (!m)
		return 0;
	if (lane)
		all = lane_attempts(lane, &nr);
	r->made = all;
	if (list_make(r, nr) || (nr && !all))
		return -ENOMEM;
	for (n = 0; n < nr; n++)
		if (attempt_fits(all[n], l->filter))
			r->rows[r->nr++] = row_of(d, l, all[n], n);
	l->columns = SWIM_NR;
	l->empty = l->hidden = swim_hidden(s->width, all, nr);
	list_order(r, l);
	list_settle(r, s, attempts_page(s->height), key_of_attempt, attempt_fits);
	chosen = r->chosen;
	s->has_focus = chosen;
	if (chosen)
		s->focus_ns = sat_sub(chosen->begin_ns, d->start_ns) + duration_of(d, chosen) / 2;
	return 0;
}

static void draw_swimlanes(struct draw *w)
{
	const struct tui_list *l = &w->s->lists[SCREEN_MODULE];
	const int page = attempts_page(w->f->height), top = module_top(w->f->height);
	int i;

	draw_swim_head(w, top - 1, w->f->width);
	for (i = 0; i < page && l->top + i < w->r->nr; i++) {
		draw_swim_row(w, top + i, w->f->width, w->r->rows[l->top + i].of);
		if (l->top + i == l->cursor)
			frame_select(w->f, top + i, 0, w->f->width);
		draw_check(w, frame_hot(w->f, top + i, 0, w->f->width, ACT_SELECT, l->top + i));
	}
	if (w->r->chosen && !draw_is_low(w))
		draw_attempt(w, w->f->height - MODULE_BOTTOM, w->r->chosen);
	else if (!w->r->chosen)
		frame_put(w->f, top + 1, 2, w->f->width, STYLE_DIM,
			  *l->filter ? "No attempt matches the filter; F4 changes it." :
				       "No attempt of this module is kept.");
}

void draw_module(struct draw *w)
{
	const struct module *m = module_shown(w->s, w->d);
	const struct lane *lane = m ? timeline_lane(w->d->timeline, m->name) : NULL;
	const struct tui_list *l = &w->s->lists[SCREEN_MODULE];
	char text[256 + 4 * TUI_TEXT], clean[4 * TUI_TEXT], by[48] = "";
	int x;

	if (!m) {
		x = frame_put(w->f, 3, 2, w->f->width, STYLE_DIM, "No attempt to load ");
		x = frame_put_name(w->f, 3, x, w->f->width - x, STYLE_DIM, w->s->module);
		frame_put(w->f, 3, x, w->f->width - x, STYLE_DIM, " up to here.");
		draw_status(w, "");
		return;
	}
	if (draw_is_low(w)) {
		if (!w->d->filter || filter_is_empty(w->d->filter))
			draw_counts(w, 1, m->name, &m->tally, 0);
	} else {
		draw_counts(w, 2, m->name, &m->tally, 0);
		draw_costs(w, 3, &m->tally);
		draw_blame_line(w, 4, m);
		draw_module_findings(w, 5, m);
		draw_errnos(w, 6, 0, &m->tally);
		draw_lane(w, 6, swim_left(w), w->f->width - swim_left(w), lane);
	}
	draw_swimlanes(w);
	escape(clean, sizeof(clean), l->filter, strlen(l->filter));
	if (l->sort >= 0)
		snprintf(by, sizeof(by), "  by %s%s", swim_columns[l->sort].head,
			 l->invert ? ", inverted" : "");
	snprintf(text, sizeof(text), " %zu attempt%s%s%s%s%s", l->nr, l->nr == 1 ? "" : "s",
		 *l->filter ? "  filter: " : " kept", clean,
		 *by	   ? by :
		 l->invert ? "  inverted" :
			     "",
		 w->s->span_ns ? w->s->follow ? "  zoomed, following" :
						"  zoomed: Left and Right move, a shows all" :
				 "  + zooms in");
	if (lane && lane->folded)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "  %" PRIu64 " older ones in counts only", lane->folded);
	draw_status(w, text);
}
