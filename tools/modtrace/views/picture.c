// SPDX-License-Identifier: GPL-2.0-only
#include "views/picture.h"

/* Rows that are looked at for a free place; what finds none shares the last one. */
#define PACK_ROWS 256

/**
 * bar_kind_of - how an attempt shows
 * @outcome: its outcome
 *
 * Return: the kind.
 */
static enum bar_kind bar_kind_of(enum outcome outcome)
{
	static const enum bar_kind kinds[] = {
		[OUTCOME_LOADED] = BAR_LOADED,	    [OUTCOME_MERGED] = BAR_WAITED,
		[OUTCOME_EXISTS] = BAR_WASTED,	    [OUTCOME_BUSY] = BAR_WASTED,
		[OUTCOME_INTERRUPTED] = BAR_FAILED, [OUTCOME_FAILED] = BAR_FAILED,
		[OUTCOME_IN_FLIGHT] = BAR_OPEN,	    [OUTCOME_UNKNOWN] = BAR_OPEN,
	};

	return kinds[outcome];
}

/**
 * picture_attempt - have a timeline keep what a picture shows; for model_watch()
 * @timeline: the timeline
 * @change: what has become of the attempt
 * @a: the attempt
 *
 * What was given up stays, as it stays counted.
 *
 * Return: 0 or -ENOMEM.
 */
int picture_attempt(void *timeline, enum attempt_change change, const struct attempt_facts *a)
{
	return change == ATTEMPT_ABANDONED ? 0 : timeline_attempt(timeline, change, a);
}

static int by_begin(const void *a, const void *b)
{
	const struct picture_bar *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return x->first->serial < y->first->serial ? -1 : x->first->serial > y->first->serial;
}

static int by_row(const void *a, const void *b)
{
	const struct picture_bar *x = a, *y = b;

	return x->row != y->row ? x->row < y->row ? -1 : 1 : by_begin(a, b);
}

static u64 clamp(const struct picture *p, u64 ns)
{
	return ns < p->start_ns ? p->start_ns : ns > p->end_ns ? p->end_ns : ns;
}

static size_t pixel_of(const struct picture *p, u64 ns)
{
	const size_t pixel =
		(double)(ns - p->start_ns) * PICTURE_PIXELS / (p->end_ns - p->start_ns);

	return pixel < PICTURE_PIXELS ? pixel : PICTURE_PIXELS - 1;
}

/* As differences from one pixel to the next, which add_up() makes sums of. */
static void note_under_way(struct picture *p, const struct picture_bar *bar)
{
	const size_t last = pixel_of(p, bar->end_ns);

	p->under_way[bar->kind][pixel_of(p, bar->begin_ns)]++;
	if (last + 1 < PICTURE_PIXELS)
		p->under_way[bar->kind][last + 1]--;
}

static void add_up(struct picture *p)
{
	unsigned int kind, i;

	for (kind = 0; kind < BAR_KINDS; kind++)
		for (i = 1; i < PICTURE_PIXELS; i++)
			p->under_way[kind][i] += p->under_way[kind][i - 1];
}

static int add_bars(struct picture *p, struct picture_lane *lane, size_t *cap,
		    const struct lane *from)
{
	_cleanup_free_ const struct attempt_facts **all = NULL;
	size_t nr, i;

	all = lane_attempts(from, &nr);
	if (!all)
		return from->open.nr + from->workers.nr + from->others.nr ? -ENOMEM : 0;
	if (grow(&lane->bars, cap, lane->nr_bars + nr, sizeof(*lane->bars)))
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		const struct attempt_facts *a = all[i];
		struct picture_bar *bar = &lane->bars[lane->nr_bars++];

		*bar = (struct picture_bar){
			.first = a,
			.kind = bar_kind_of(a->outcome),
			.nr = 1,
			.begin_ns = clamp(p, a->begin_ns),
			.end_ns = a->end_ns ? clamp(p, a->end_ns) : p->end_ns,
		};
		if (bar->end_ns < bar->begin_ns)
			bar->end_ns = bar->begin_ns;
		lane->counts[bar->kind]++;
		note_under_way(p, bar);
	}
	return 0;
}

/* Rows of a kind, from 0: those that are under way at the same time are in different ones. */
static u32 pack_kind(struct picture_lane *lane, enum bar_kind kind)
{
	u64 ends[PACK_ROWS];
	u32 rows = 0, row;
	size_t i;

	for (i = 0; i < lane->nr_bars; i++) {
		struct picture_bar *bar = &lane->bars[i];

		if (bar->kind != kind)
			continue;
		for (row = 0; row < rows && ends[row] > bar->begin_ns; row++)
			;
		if (row == PACK_ROWS)
			row--;
		else if (row == rows)
			ends[rows++] = 0;
		if (bar->end_ns > ends[row])
			ends[row] = bar->end_ns;
		bar->row = row;
	}
	return rows;
}

/* Kinds are below each other; each has its share of the rows that there is room for. */
static void pack(struct picture_lane *lane)
{
	u32 rows[BAR_KINDS], shown[BAR_KINDS], first[BAR_KINDS], all = 0;
	unsigned int kind;
	size_t i;

	qsort(lane->bars, lane->nr_bars, sizeof(*lane->bars), by_begin);
	for (kind = 0; kind < BAR_KINDS; kind++) {
		rows[kind] = pack_kind(lane, kind);
		all += rows[kind];
	}
	for (kind = 0; kind < BAR_KINDS; kind++) {
		shown[kind] = rows[kind];
		if (all > PICTURE_ROWS && rows[kind])
			shown[kind] = (rows[kind] * PICTURE_ROWS + all - 1) / all;
		first[kind] = lane->rows;
		lane->rows += shown[kind];
	}
	lane->winners = shown[BAR_LOADED];
	for (i = 0; i < lane->nr_bars; i++) {
		struct picture_bar *bar = &lane->bars[i];

		bar->row = first[bar->kind] + bar->row * shown[bar->kind] / rows[bar->kind];
	}
	qsort(lane->bars, lane->nr_bars, sizeof(*lane->bars), by_row);
}

static bool is_short(const struct picture_bar *bar, u64 ns)
{
	return bar->end_ns - bar->begin_ns < ns;
}

static void merge(struct picture_lane *lane, u64 ns)
{
	size_t i, nr = 0;

	for (i = 0; i < lane->nr_bars; i++) {
		struct picture_bar *bar = &lane->bars[i], *last = nr ? &lane->bars[nr - 1] : NULL;

		if (!last || last->row != bar->row ||
		    (bar->begin_ns >= last->end_ns &&
		     (bar->begin_ns - last->end_ns >= ns ||
		      (!is_short(bar, ns) && !is_short(last, ns))))) {
			lane->bars[nr++] = *bar;
			continue;
		}
		last->nr += bar->nr;
		if (bar->end_ns > last->end_ns)
			last->end_ns = bar->end_ns;
	}
	lane->nr_bars = nr;
}

/* Once bars of a pixel are merged, wider ones are until there are few enough. */
static void merge_all(struct picture *p)
{
	u64 ns = (p->end_ns - p->start_ns) / PICTURE_PIXELS + 1;
	size_t bars, i;

	for (;; ns *= 2) {
		for (i = bars = 0; i < p->nr_lanes; i++) {
			merge(&p->lanes[i], ns);
			bars += p->lanes[i].nr_bars;
		}
		p->merged_ns = ns;
		if (bars <= PICTURE_BARS || ns / 2 > p->end_ns - p->start_ns)
			return;
	}
}

static int make_lane(struct picture *p, struct picture_lane *lane, const struct view *v,
		     const struct timeline *t, size_t first, size_t nr)
{
	unsigned int kind;
	size_t i, cap = 0;

	if (nr == 1)
		lane->module = v->modules[first];
	for (i = first; i < first + nr; i++) {
		const struct lane *from = timeline_lane(t, v->modules[i]->name);
		int ret = from ? add_bars(p, lane, &cap, from) : 0;

		if (ret)
			return ret;
	}
	if (lane->nr_bars)
		pack(lane);
	for (kind = 0; kind < BAR_KINDS; kind++)
		p->counts[kind] += lane->counts[kind];
	return 0;
}

/**
 * picture_make - lay attempts out
 * @p: filled; picture_free() frees it, after an error too
 * @v: the recording
 * @t: its attempts; both must outlive @p
 *
 * Return: 0 or -ENOMEM.
 */
int picture_make(struct picture *p, const struct view *v, const struct timeline *t)
{
	size_t alone = v->nr_modules, i;
	int ret = 0;

	*p = (struct picture){ .start_ns = view_start_ns(v) };
	p->end_ns = sat_add(p->start_ns, view_duration_ns(v));
	if (p->end_ns <= p->start_ns)
		p->end_ns = p->start_ns + 1;
	if (alone > PICTURE_LANES)
		alone = PICTURE_LANES - 1;
	p->nr_folded = v->nr_modules - alone;
	p->lanes = calloc(alone + 1, sizeof(*p->lanes));
	if (!p->lanes)
		return -ENOMEM;
	for (i = 0; i < alone && !ret; i++)
		ret = make_lane(p, &p->lanes[p->nr_lanes++], v, t, i, 1);
	if (!ret && p->nr_folded)
		ret = make_lane(p, &p->lanes[p->nr_lanes++], v, t, alone, p->nr_folded);
	if (ret)
		return ret;
	add_up(p);
	merge_all(p);
	return 0;
}

/**
 * picture_free - free what a picture has
 * @p: the picture; empty afterwards
 */
void picture_free(struct picture *p)
{
	size_t i;

	for (i = 0; i < p->nr_lanes; i++)
		free(p->lanes[i].bars);
	free(p->lanes);
	*p = (struct picture){ 0 };
}
