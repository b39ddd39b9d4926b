// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <inttypes.h>

enum { MODULES, ATTEMPTS, DUPS, DUP_TIME, WASTED, COUNTS };

/* A row of who asked: processes for modules, and places in the kernel for names. */
struct who {
	const char *name;
	const char *by;
	const char *in;			/* the service, NULL if not known */
	u64 counts[COUNTS];
	struct byte_marks marks; /* of the wasted bytes */
	const struct requester_row *row;	/* one of these two */
	const struct request *request;
};

static u64 key_of_who(const void *of)
{
	const struct who *who = of;
	const u64 names = hash_two((uintptr_t)who->name, (uintptr_t)who->by);

	return hash_two(hash_two(names, (uintptr_t)who->in),
			who->row ? (uintptr_t)who->row->who.request : 1);
}

static bool who_fits(const void *of, const char *text)
{
	const struct who *who = of;

	return text_fits(who->name, text) || text_fits(who->by, text) || text_fits(who->in, text);
}

static const char *const who_heads[] = {
	"REQUESTER", "PARENT / SITE", "MODULES", "ATTEMPTS", "DUPS", "DUP TIME", "WASTED",
};

/* From this width on there is room for the time. */
#define TIME_FROM 76

/* The order of the reports is that of this column. */
#define SORT_WASTED (2 + WASTED)

static size_t all_who(const struct view *v, struct who *all)
{
	size_t nr = 0, i;

	for (i = 0; i < v->nr_requesters; i++) {
		const struct requester_row *r = &v->requesters[i];

		all[nr++] = (struct who){ r->who.comm,
					  r->who.parent,
					  r->who.unit ? r->who.unit : r->who.service,
					  { r->modules, r->attempts, r->duplicates,
					    r->times.ns[CALL_DUP], cost_total(&r->wasted) },
					  r->wasted.marks,
					  r,
					  NULL };
	}
	for (i = 0; i < v->nr_requests; i++) {
		const struct request *r = v->requests[i];

		all[nr++] = (struct who){ r->name, source_symbol(v->info, r->ip),
					  NULL,	   { 0, r->requests, r->dups, r->wait_ns, 0 },
					  { 0 },   NULL,
					  r };
	}
	return nr;
}

static bool time_known(const struct who *who)
{
	return !who->row || times_known(&who->row->times, CALL_DUP);
}

static void draw_who_row(struct draw *w, int y, const int *at, const struct who *who)
{
	const int width = w->f->width;
	const bool known = marks_wasted_known(&who->marks);
	char text[32];
	int i, x = 0;

	if (!who->row)
		x = frame_put(w->f, y, 0, 8, STYLE_AUTOLOAD, "request ");
	frame_put_name(w->f, y, x, at[1] - x - 1, STYLE_NORMAL, who->name);
	x = frame_put_name(w->f, y, at[1], at[2] - at[1] - 1,
			   who->by ? STYLE_NORMAL : STYLE_DIM, who->by ? who->by : "?");
	/* As much of it as there is room for. */
	if (who->in && at[2] - x > 8) {
		x = frame_put(w->f, y, x, at[2] - 1 - x, STYLE_DIM, " in ");
		frame_put_name(w->f, y, x, at[2] - 1 - x, STYLE_DIM, who->in);
	}
	for (i = 0; i < COUNTS; i++) {
		int end = i == WASTED ? width : at[i + 3];
		bool unknown = i == WASTED ? !known : i == DUP_TIME && !time_known(who);

		if (end == at[i + 2])
			continue;
		if (i == WASTED)
			format_marked_bytes(text, sizeof(text), who->counts[i], known,
					    marks_exact(&who->marks));
		else if (unknown)
			snprintf(text, sizeof(text), "?");
		else if (i == DUP_TIME)
			format_ns(text, sizeof(text), who->counts[i]);
		else
			format_few(text, sizeof(text), 8, who->counts[i]);
		frame_put_right(w->f, y, at[i + 2], end - at[i + 2] - 1,
				!who->counts[i] ? STYLE_DIM :
				i == WASTED	? STYLE_WARN :
						  STYLE_NORMAL,
				who->counts[i] || unknown ? text : "-");
	}
}

static void add_row(struct screen_rows *r, const struct who *who, size_t index, int sort)
{
	struct row *row = &r->rows[r->nr++];

	*row = (struct row){ .of = who, .index = index };
	if (sort == 0)
		row->text = who->name;
	else if (sort == 1)
		row->text = who->by ? who->by : "";
	else
		row->value = who->counts[sort - 2];
}

static bool is_of(const struct requester *r, const struct who *who)
{
	const struct requester_row *row = who->row;

	return row ? identity_equal(&r->who, &row->who) : r->who.request == who->request;
}

/* The module that a requester wasted most with, or asked for most often. */
static const char *worst_module(const struct view *v, const struct who *who)
{
	const struct requester *worst = NULL, *r;
	const char *name = NULL;
	u64 most = 0;
	size_t i;

	for (i = 0; i < v->nr_modules; i++) {
		for (r = v->modules[i]->requesters; r; r = r->next) {
			const u64 wasted = cost_total(&r->wasted);

			if (!is_of(r, who) ||
			    (worst && (wasted < most ||
				       (wasted == most && r->attempts <= worst->attempts))))
				continue;
			most = wasted;
			worst = r;
			name = v->modules[i]->name;
		}
	}
	return name;
}

/* All of the chosen row's names, for which its columns may be too narrow. */
static void draw_who(struct draw *w, int y, const struct who *who)
{
	const int width = w->f->width;
	int x;

	x = frame_put(w->f, y, 1, width - 1, STYLE_DIM, who->row ? "" : "request for ");
	x = frame_put_name(w->f, y, x, width - x, STYLE_BRIGHT, who->name);
	x = frame_put(w->f, y, x, width - x, STYLE_DIM, who->row ? ", child of " : ", at ");
	x = frame_put_name(w->f, y, x, width - x, STYLE_BRIGHT, who->by ? who->by : "?");
	if (who->in) {
		x = frame_put(w->f, y, x, width - x, STYLE_DIM, ", in ");
		frame_put_name(w->f, y, x, width - x, STYLE_BRIGHT, who->in);
	}
}

static int requesters_page(int height)
{
	return height - LIST_TOP - 3;
}

int settle_requesters(struct screen_rows *r, struct tui_state *s, const struct screen_data *d)
{
	struct tui_list *l = &s->lists[SCREEN_REQUESTERS];
	const struct view *v = d->view;
	struct who *all;
	size_t n;

	all = r->made = calloc(v->nr_requesters + v->nr_requests + 1, sizeof(*all));
	if (!all || list_make(r, all_who(v, all)))
		return -ENOMEM;
	l->columns = ARRAY_SIZE(who_heads);
	l->hidden = s->width < TIME_FROM ? 1U << (2 + DUP_TIME) : 0;
	if (l->sort == TUI_SORT_DEFAULT)
		l->sort = SORT_WASTED;
	for (n = 0; n < r->nr_all; n++)
		if (who_fits(&all[n], l->filter))
			add_row(r, &all[n], n, l->sort);
	list_order(r, l);
	list_settle(r, s, requesters_page(s->height), key_of_who, who_fits);
	s->chosen_module = r->chosen ? worst_module(v, r->chosen) : NULL;
	return 0;
}

void draw_requesters(struct draw *w)
{
	const int time = w->f->width < TIME_FROM ? 0 : 9;
	const int right = w->f->width - 36 - time, half = right / 2;
	const int at[] = { 0, half, right, right + 8, right + 17, right + 26, right + 26 + time };
	const struct tui_list *l = &w->s->lists[SCREEN_REQUESTERS];
	const int page = requesters_page(w->f->height);
	int i;

	if (w->r->chosen)
		draw_who(w, w->f->height - 3, w->r->chosen);
	frame_fill(w->f, LIST_TOP - 1, 0, w->f->width, STYLE_HEAD);
	for (i = 0; i < l->columns; i++) {
		int end = i + 1 < l->columns ? at[i + 1] : w->f->width;

		if (end > at[i])
			list_head(w, LIST_TOP - 1, at[i], end - at[i] - 1, i, who_heads[i], i < 2);
	}
	for (i = 0; i < page && l->top + i < w->r->nr; i++) {
		draw_who_row(w, LIST_TOP + i, at, w->r->rows[l->top + i].of);
		if (l->top + i == l->cursor)
			frame_select(w->f, LIST_TOP + i, 0, w->f->width);
		draw_check(w, frame_hot(w->f, LIST_TOP + i, 0, w->f->width, ACT_SELECT,
					 l->top + i));
	}
	if (!w->r->nr)
		frame_put(w->f, LIST_TOP + 1, 2, w->f->width, STYLE_DIM, *l->filter ?
			  "No requester matches the filter; F4 changes it." :
			  "No module has been requested.");
	draw_list_status(w, "requesters and the kernel's requests", w->r->nr_all,
			 who_heads[l->sort]);
}
