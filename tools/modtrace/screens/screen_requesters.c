// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "views/aliases.h"

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
	size_t folded; /* rows that look like this one, itself among them */
	struct asker askers[ASKERS_MAX]; /* of requests, who most often asked first */
	size_t nr_askers;
	u64 first_ns;
	u64 last_ns;
};

static u64 key_of_who(const void *of)
{
	const struct who *who = of;
	const u64 names = hash_two((uintptr_t)who->name, (uintptr_t)who->by);

	return hash_two(hash_two(names, (uintptr_t)who->in), !who->row);
}

static bool who_fits(const void *of, const char *text)
{
	const struct who *who = of;
	size_t i;

	for (i = 0; i < who->nr_askers; i++)
		if (text_fits(who->askers[i].comm, text) || text_fits(who->askers[i].parent, text))
			return true;
	return text_fits(who->name, text) || text_fits(who->by, text) || text_fits(who->in, text);
}

static const char *const who_heads[] = {
	"REQUESTER", "PARENT / SITE", "MODULES", "ATTEMPTS", "DUPS", "DUP TIME", "WASTED",
};

/* From these widths on there is room for the time, and for the numbers of modules and duplicates. */
#define TIME_FROM 76
#define COUNTS_FROM 60

/* The order of the reports is that of this column. */
#define SORT_WASTED (2 + WASTED)

static const char *service_of(const struct identity *who)
{
	return who->unit ? who->unit : who->service;
}

/* What a row shows of who asked: two that differ only in the request they served are equal. */
static bool looks_like(const struct identity *a, const struct who *who)
{
	return a->comm == who->name && a->parent == who->by && service_of(a) == who->in;
}

static bool is_equal(const struct who *a, const struct who *b)
{
	return a->name == b->name && a->by == b->by && a->in == b->in && !a->row == !b->row;
}

static int by_place(const void *x, const void *y)
{
	const struct who *a = x, *b = y;

	if (!a->row != !b->row)
		return a->row ? -1 : 1;
	if (a->name != b->name)
		return (uintptr_t)a->name < (uintptr_t)b->name ? -1 : 1;
	if (a->by != b->by)
		return (uintptr_t)a->by < (uintptr_t)b->by ? -1 : 1;
	if (a->in != b->in)
		return (uintptr_t)a->in < (uintptr_t)b->in ? -1 : 1;
	return 0;
}

/* A module that several of the rows asked for counts once. */
static u64 count_modules(const struct view *v, const struct who *who)
{
	const struct requester *r;
	u64 nr = 0;
	size_t i;

	for (i = 0; i < v->nr_modules; i++) {
		for (r = v->modules[i]->requesters; r && !looks_like(&r->who, who); r = r->next)
			;
		nr += r != NULL;
	}
	return nr;
}

static int by_asked(const void *x, const void *y)
{
	const struct asker *a = x, *b = y;

	if (a->requests != b->requests)
		return a->requests > b->requests ? -1 : 1;
	return strcmp(a->comm, b->comm);
}

static void add_asker(struct who *to, const struct asker *from)
{
	size_t i = 0;

	while (i < to->nr_askers &&
	       (to->askers[i].comm != from->comm || to->askers[i].parent != from->parent))
		i++;
	if (i < to->nr_askers)
		to->askers[i].requests += from->requests;
	else if (i < ASKERS_MAX)
		to->askers[to->nr_askers++] = *from;
	qsort(to->askers, to->nr_askers, sizeof(*to->askers), by_asked);
}

static void add_who(struct who *to, const struct who *from)
{
	size_t n;
	int i;

	for (n = 0; n < from->nr_askers; n++)
		add_asker(to, &from->askers[n]);
	if (from->first_ns && (!to->first_ns || from->first_ns < to->first_ns))
		to->first_ns = from->first_ns;
	if (from->last_ns > to->last_ns)
		to->last_ns = from->last_ns;
	for (i = 0; i < COUNTS; i++)
		to->counts[i] = sat_add(to->counts[i], from->counts[i]);
	to->marks.known |= from->marks.known;
	to->marks.unknown |= from->marks.unknown;
	to->marks.estimated |= from->marks.estimated;
	to->folded += from->folded;
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* The order of rows that are equal in what they are sorted by. */
static int by_attempts(const void *x, const void *y)
{
	const struct who *a = x, *b = y;
	int c;

	if (a->counts[ATTEMPTS] != b->counts[ATTEMPTS])
		return a->counts[ATTEMPTS] > b->counts[ATTEMPTS] ? -1 : 1;
	c = strcmp(a->name, b->name);
	if (!c)
		c = compare_texts(a->by, b->by);
	if (!c)
		c = compare_texts(a->in, b->in);
	return c ? c : !b->row - !a->row;
}

/* Rows that look the same become one, with the sums. Return: how many are left. */
static size_t fold(const struct view *v, struct who *all, size_t nr)
{
	size_t i, left = 0;

	qsort(all, nr, sizeof(*all), by_place);
	for (i = 0; i < nr; i++) {
		if (left && is_equal(&all[left - 1], &all[i]))
			add_who(&all[left - 1], &all[i]);
		else
			all[left++] = all[i];
	}
	for (i = 0; i < left; i++)
		if (all[i].folded > 1 && all[i].row)
			all[i].counts[MODULES] = count_modules(v, &all[i]);
	qsort(all, left, sizeof(*all), by_attempts);
	return left;
}

static size_t all_who(const struct view *v, struct who *all)
{
	size_t nr = 0, i;

	for (i = 0; i < v->nr_requesters; i++) {
		const struct requester_row *r = &v->requesters[i];

		all[nr++] = (struct who){
			.name = r->who.comm,
			.by = r->who.parent,
			.in = r->who.unit ? r->who.unit : r->who.service,
			.counts = { r->modules, r->attempts, r->duplicates, r->times.ns[CALL_DUP],
				    cost_total(&r->wasted) },
			.marks = r->wasted.marks,
			.row = r,
			.folded = 1,
		};
	}
	for (i = 0; i < v->nr_requests; i++) {
		const struct request *r = v->requests[i];
		size_t n;

		all[nr] = (struct who){
			.name = r->name,
			.by = source_symbol(v->info, r->ip),
			.counts = { 0, r->requests, r->dups, r->wait_ns, 0 },
			.request = r,
			.folded = 1,
			.first_ns = v->info->untimed ? 0 : r->first_ns,
			.last_ns = v->info->untimed ? 0 : r->last_ns,
		};
		for (n = 0; n < r->nr_askers; n++)
			add_asker(&all[nr], &r->askers[n]);
		nr++;
	}
	return fold(v, all, nr);
}

static bool time_known(const struct who *who)
{
	return !who->row || times_known(&who->row->times, CALL_DUP);
}

static void draw_who_row(struct draw *w, int y, const int *at, const struct who *who)
{
	const int width = w->f->width;
	const bool known = marks_wasted_known(&who->marks, who->counts[WASTED]);
	const char *asker = who->nr_askers ? who->askers[0].comm : NULL;
	char text[32];
	int i, x = 0;

	if (!who->row)
		x = frame_put(w->f, y, 0, 8, STYLE_AUTOLOAD, "request ");
	frame_put_name(w->f, y, x, at[1] - x - 1, STYLE_NORMAL, who->name);
	x = at[1];
	if (who->by || !asker)
		x = frame_put_name(w->f, y, x, at[2] - x - 1, who->by ? STYLE_NORMAL : STYLE_DIM,
				   who->by ? who->by : "?");
	if (asker && at[2] - x > 8) {
		x = frame_put(w->f, y, x, at[2] - 1 - x, STYLE_DIM, x > at[1] ? " by " : "by ");
		x = frame_put_name(w->f, y, x, at[2] - 1 - x, STYLE_NORMAL, asker);
	}
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
	if (who->row)
		return looks_like(&r->who, who);
	return r->who.request && r->who.request->name == who->name;
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
	char meaning[48];
	int x;

	x = frame_put(w->f, y, 1, width - 1, STYLE_DIM, who->row ? "" : "request for ");
	x = frame_put_name(w->f, y, x, width - x, STYLE_BRIGHT, who->name);
	if (!who->row && alias_meaning(who->name, meaning, sizeof(meaning)))
		x = frame_putf(w->f, y, x, width - x, STYLE_DIM, " (%s)", meaning);
	x = frame_put(w->f, y, x, width - x, STYLE_DIM, who->row ? ", child of " : ", at ");
	x = frame_put_name(w->f, y, x, width - x, STYLE_BRIGHT, who->by ? who->by : "?");
	if (who->in) {
		x = frame_put(w->f, y, x, width - x, STYLE_DIM, ", in ");
		x = frame_put_name(w->f, y, x, width - x, STYLE_BRIGHT, who->in);
	}
	if (who->nr_askers) {
		x = frame_put(w->f, y, x, width - x, STYLE_DIM, ", by ");
		x = frame_put_name(w->f, y, x, width - x, STYLE_BRIGHT, who->askers[0].comm);
	}
	if (who->nr_askers > 1)
		x = frame_put(w->f, y, x, width - x, STYLE_DIM, " and others");
	if (who->folded > 1)
		frame_putf(w->f, y, x, width - x, STYLE_DIM,
			   who->row ? ", for %zu requests" : ", from %zu places", who->folded);
}

static int add_askers(const struct who *who, struct buf *text)
{
	char comm[80], parent[80];
	int ret = 0;
	size_t i;

	for (i = 0; i < who->nr_askers && !ret; i++) {
		const struct asker *a = &who->askers[i];

		escape(comm, sizeof(comm), a->comm, strlen(a->comm));
		ret = buf_addf(text, "%s%s", i ? ", " : ": ", comm);
		if (!ret && a->parent) {
			escape(parent, sizeof(parent), a->parent, strlen(a->parent));
			ret = buf_addf(text, " (%s)", parent);
		}
		if (!ret)
			ret = buf_addf(text, " %" PRIu64, a->requests);
	}
	return ret;
}

/*
 * What is known of a request that led to no load: how often, when, and who asked. Of more than there
 * is room for there are the times at least.
 */
static int note_request(struct tui_state *s, const struct who *who, u64 start_ns)
{
	_cleanup_buf_ struct buf text = { 0 };
	char times[32], time[32];
	size_t len;
	int ret;

	*s->chosen_note = '\0';
	if (!who || !who->request || !who->counts[ATTEMPTS])
		return 0;
	format_times(times, sizeof(times), who->counts[ATTEMPTS]);
	ret = buf_addf(&text, "No load known; requested %s", times);
	if (!ret && who->first_ns) {
		format_ns(time, sizeof(time), sat_sub(who->first_ns, start_ns));
		ret = buf_addf(&text, ", %s", time);
	}
	if (!ret && who->last_ns > who->first_ns) {
		format_ns(time, sizeof(time), sat_sub(who->last_ns, start_ns));
		ret = buf_addf(&text, " to %s", time);
	}
	len = text.len;
	if (!ret)
		ret = add_askers(who, &text);
	if (ret)
		return ret;
	if (text.len >= sizeof(s->chosen_note))
		text.data[len] = '\0';
	snprintf(s->chosen_note, sizeof(s->chosen_note), "%s", text.data);
	return 0;
}

static int requesters_page(int height)
{
	return height - list_top(height) - 3;
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
	if (s->width < COUNTS_FROM)
		l->hidden |= 1U << (2 + MODULES) | 1U << (2 + DUPS);
	l->empty = l->hidden;
	if (l->sort == TUI_SORT_DEFAULT)
		l->sort = SORT_WASTED;
	for (n = 0; n < r->nr_all; n++)
		if (who_fits(&all[n], l->filter))
			add_row(r, &all[n], n, l->sort);
	list_order(r, l);
	list_settle(r, s, requesters_page(s->height), key_of_who, who_fits);
	s->chosen_module = r->chosen ? worst_module(v, r->chosen) : NULL;
	settle_span(s, d);
	return note_request(s, r->chosen, d->start_ns);
}

void draw_requesters(struct draw *w)
{
	const int time = w->f->width < TIME_FROM ? 0 : 9;
	const int counts = w->f->width < COUNTS_FROM ? 0 : 17;
	const int right = w->f->width - 19 - counts - time;
	const int half = right / 2;
	const int at[] = { 0,
			   half,
			   right,
			   right + (counts ? 8 : 0),
			   right + (counts ? 17 : 9),
			   right + 9 + counts,
			   right + 9 + counts + time };
	const struct tui_list *l = &w->s->lists[SCREEN_REQUESTERS];
	const int page = requesters_page(w->f->height), top = list_top(w->f->height);
	int i;

	if (w->r->chosen)
		draw_who(w, w->f->height - 3, w->r->chosen);
	frame_fill(w->f, top - 1, 0, w->f->width, STYLE_HEAD);
	for (i = 0; i < l->columns; i++) {
		int end = i + 1 < l->columns ? at[i + 1] : w->f->width;

		if (end > at[i])
			list_head(w, top - 1, at[i], end - at[i] - 1, i, who_heads[i], i < 2);
	}
	for (i = 0; i < page && l->top + i < w->r->nr; i++) {
		draw_who_row(w, top + i, at, w->r->rows[l->top + i].of);
		if (l->top + i == l->cursor)
			frame_select(w->f, top + i, 0, w->f->width);
		draw_check(w, frame_hot(w->f, top + i, 0, w->f->width, ACT_SELECT, l->top + i));
	}
	if (!w->r->nr)
		frame_put(w->f, top + 1, 2, w->f->width, STYLE_DIM,
			  *l->filter ? "No requester matches the filter; F4 changes it." :
				       "No module has been requested.");
	draw_list_status(w, "requesters and the kernel's requests", w->r->nr_all,
			 who_heads[l->sort]);
}
