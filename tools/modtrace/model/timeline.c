// SPDX-License-Identifier: GPL-2.0-only
#include "model/timeline.h"

#include "formats/events.h"

/* More than any machine loads; buckets take 3 KiB a lane. */
#define LANES_MAX 4096
#define FIRST_WIDTH_NS UINT64_C(1000)

/* Of a module that is loaded over and over, so many loads are kept. */
#define WORKERS_SHARE 8

/**
 * timeline_new - an empty timeline
 * @keep_all: ended attempts to keep in all
 * @keep_lane: ended attempts to keep of one module
 *
 * Return: the timeline, for timeline_free(), or NULL without memory.
 */
struct timeline *timeline_new(size_t keep_all, size_t keep_lane)
{
	struct timeline *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->keep_all = keep_all;
	t->keep_lane = keep_lane;
	return t;
}

static void list_add(struct shown_list *list, struct shown_attempt *s)
{
	s->older = list->newest;
	s->newer = NULL;
	if (list->newest)
		list->newest->newer = s;
	else
		list->oldest = s;
	list->newest = s;
	list->nr++;
}

static void list_del(struct shown_list *list, struct shown_attempt *s)
{
	if (s->older)
		s->older->newer = s->newer;
	else
		list->oldest = s->newer;
	if (s->newer)
		s->newer->older = s->older;
	else
		list->newest = s->older;
	list->nr--;
}

static void list_free(struct shown_list *list)
{
	while (list->oldest) {
		struct shown_attempt *s = list->oldest;

		list->oldest = s->newer;
		free(s);
	}
}

static void all_add(struct timeline *t, struct shown_attempt *s)
{
	s->all_older = t->newest;
	s->all_newer = NULL;
	if (t->newest)
		t->newest->all_newer = s;
	else
		t->oldest = s;
	t->newest = s;
	t->nr_kept++;
}

static void all_del(struct timeline *t, struct shown_attempt *s)
{
	if (s->all_older)
		s->all_older->all_newer = s->all_newer;
	else
		t->oldest = s->all_newer;
	if (s->all_newer)
		s->all_newer->all_older = s->all_older;
	else
		t->newest = s->all_older;
	t->nr_kept--;
}

/**
 * timeline_free - free a timeline
 * @t: the timeline, or NULL
 */
void timeline_free(struct timeline *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; i < t->nr_lanes; i++) {
		if (!t->copies) {
			list_free(&t->lanes[i]->open);
			list_free(&t->lanes[i]->workers);
			list_free(&t->lanes[i]->others);
			free(t->lanes[i]->buckets);
		}
		free(t->lanes[i]);
	}
	free(t->lanes);
	if (!t->copies)
		free(t->all.buckets);
	free(t->copies);
	free(t->bucket_copies);
	map_free(&t->lane_by_name);
	map_free(&t->lane_by_text);
	map_free(&t->open_by_serial);
	free(t);
}

/**
 * timeline_lane - a module's lane
 * @t: the timeline
 * @name: the model's string
 *
 * Return: the lane, or NULL if it has none.
 */
const struct lane *timeline_lane(const struct timeline *t, const char *name)
{
	return map_get(&t->lane_by_name, (uintptr_t)name);
}

static struct lane *lane_get(struct timeline *t, const char *name)
{
	struct lane *lane = map_get(&t->lane_by_name, (uintptr_t)name);

	if (lane)
		return lane;
	if (grow(&t->lanes, &t->cap_lanes, t->nr_lanes + 1, sizeof(*t->lanes)))
		return NULL;
	lane = calloc(1, sizeof(*lane));
	if (!lane)
		return NULL;
	lane->name = name;
	if (map_set(&t->lane_by_text, hash_bytes(name, strlen(name)), lane) ||
	    map_set(&t->lane_by_name, (uintptr_t)name, lane)) {
		map_del(&t->lane_by_text, hash_bytes(name, strlen(name)));
		free(lane);
		return NULL;
	}
	t->lanes[t->nr_lanes++] = lane;
	return lane;
}

static bool has_room(const struct timeline *t, const char *name)
{
	return t->nr_lanes < LANES_MAX || timeline_lane(t, name);
}

static u16 sat16(u32 n)
{
	return n > UINT16_MAX ? UINT16_MAX : n;
}

static void lane_widen(struct lane *lane)
{
	struct bucket *b = lane->buckets;
	unsigned int i, kind;

	for (i = 0; i < LANE_BUCKETS / 2; i++) {
		struct bucket sum = b[2 * i];

		for (kind = 0; kind < LANE_KINDS; kind++)
			sum.begun[kind] = sat16((u32)b[2 * i].begun[kind] +
						b[2 * i + 1].begun[kind]);
		b[i] = sum;
	}
	memset(b + LANE_BUCKETS / 2, 0, LANE_BUCKETS / 2 * sizeof(*b));
	lane->width_ns *= 2;
}

static int lane_count(const struct timeline *t, struct lane *lane, enum lane_kind kind,
		      u64 begin_ns, u64 end_ns)
{
	u64 begin = sat_sub(begin_ns, t->start_ns), end = sat_sub(end_ns, t->start_ns), first, i;

	if (!lane->buckets) {
		lane->buckets = calloc(LANE_BUCKETS, sizeof(*lane->buckets));
		if (!lane->buckets)
			return -ENOMEM;
		lane->width_ns = FIRST_WIDTH_NS;
	}
	if (end < begin)
		end = begin;
	/* A time from a hostile file may be any; the width never wraps. */
	while (end / LANE_BUCKETS >= lane->width_ns && lane->width_ns < UINT64_MAX / 4)
		lane_widen(lane);
	first = begin / lane->width_ns;
	if (first >= LANE_BUCKETS)
		return 0;
	lane->buckets[first].begun[kind] = sat16((u32)lane->buckets[first].begun[kind] + 1);
	for (i = first + 1; i <= end / lane->width_ns && i < LANE_BUCKETS; i++)
		lane->buckets[i].carried[kind] = sat16((u32)lane->buckets[i].carried[kind] + 1);
	return 0;
}

static void note_time(struct timeline *t, u64 ns)
{
	if (!ns)
		return;
	if (!t->start_ns)
		t->start_ns = ns;
	if (ns > t->last_ns)
		t->last_ns = ns;
}

/**
 * lane_kind_of - how an outcome shows
 * @outcome: the outcome
 *
 * Return: the kind.
 */
enum lane_kind lane_kind_of(enum outcome outcome)
{
	static const enum lane_kind kinds[] = {
		[OUTCOME_LOADED] = LANE_LOADED,
		[OUTCOME_MERGED] = LANE_MERGED,
		[OUTCOME_EXISTS] = LANE_EXISTS,
		[OUTCOME_BUSY] = LANE_BUSY,
		[OUTCOME_INTERRUPTED] = LANE_FAILED,
		[OUTCOME_FAILED] = LANE_FAILED,
		[OUTCOME_IN_FLIGHT] = LANE_OPEN,
		[OUTCOME_UNKNOWN] = LANE_OPEN,
	};

	return kinds[outcome];
}

static struct shown_list *ended_list(struct lane *lane, const struct attempt_facts *a)
{
	return a->outcome == OUTCOME_LOADED ? &lane->workers : &lane->others;
}

static void fold(struct timeline *t, struct shown_attempt *s)
{
	struct lane *lane = map_get(&t->lane_by_name, (uintptr_t)s->a.module);

	list_del(ended_list(lane, &s->a), s);
	all_del(t, s);
	lane->folded++;
	t->folded++;
	free(s);
}

static void make_room(struct timeline *t, struct lane *lane)
{
	size_t workers = t->keep_lane / WORKERS_SHARE;

	while (lane->workers.nr > workers)
		fold(t, lane->workers.oldest);
	while (lane->others.nr > t->keep_lane - workers)
		fold(t, lane->others.oldest);
	while (t->nr_kept > t->keep_all)
		fold(t, t->oldest);
}

static struct shown_attempt *open_get(struct timeline *t, const struct attempt_facts *a)
{
	struct shown_attempt *s = map_get(&t->open_by_serial, a->serial + 1);

	if (s)
		return s;
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	if (map_set(&t->open_by_serial, a->serial + 1, s)) {
		free(s);
		return NULL;
	}
	t->nr_open++;
	return s;
}

static void open_forget(struct timeline *t, struct shown_attempt *s)
{
	if (s->a.module)
		list_del(&((struct lane *)map_get(&t->lane_by_name,
						  (uintptr_t)s->a.module))->open, s);
	map_del(&t->open_by_serial, s->a.serial + 1);
	t->nr_open--;
}

static int attempt_under_way(struct timeline *t, const struct attempt_facts *a)
{
	struct shown_attempt *s = open_get(t, a);
	struct lane *lane = s ? lane_get(t, a->module) : NULL;

	if (!s)
		return -ENOMEM;
	s->a.serial = a->serial;
	if (!lane) {
		open_forget(t, s);
		free(s);
		return -ENOMEM;
	}
	if (s->a.module != a->module) {
		if (s->a.module)
			list_del(&((struct lane *)map_get(&t->lane_by_name,
							  (uintptr_t)s->a.module))->open, s);
		list_add(&lane->open, s);
	}
	s->a = *a;
	return 0;
}

static int attempt_ended(struct timeline *t, const struct attempt_facts *a)
{
	struct shown_attempt *s = map_get(&t->open_by_serial, a->serial + 1);
	struct lane *lane;
	int ret;

	if (s)
		open_forget(t, s);
	else
		s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	ret = lane_count(t, &t->all, lane_kind_of(a->outcome), a->begin_ns, a->end_ns);
	lane = ret || !has_room(t, a->module) ? NULL : lane_get(t, a->module);
	if (!lane) {
		t->no_lane++;
		free(s);
		return ret;
	}
	ret = lane_count(t, lane, lane_kind_of(a->outcome), a->begin_ns, a->end_ns);
	s->a = *a;
	list_add(ended_list(lane, a), s);
	all_add(t, s);
	make_room(t, lane);
	return ret;
}

/**
 * timeline_attempt - what a model tells of an attempt; for model_watch()
 * @timeline: the timeline
 * @change: what has become of the attempt
 * @a: the attempt
 *
 * Return: 0 or -ENOMEM.
 */
int timeline_attempt(void *timeline, enum attempt_change change, const struct attempt_facts *a)
{
	struct timeline *t = timeline;
	struct shown_attempt *s;

	note_time(t, a->begin_ns);
	note_time(t, a->end_ns);
	switch (change) {
	case ATTEMPT_BEGAN:
	case ATTEMPT_CHANGED:
		return has_room(t, a->module) ? attempt_under_way(t, a) : 0;
	case ATTEMPT_ENDED:
		return attempt_ended(t, a);
	case ATTEMPT_ABANDONED:
		s = map_get(&t->open_by_serial, a->serial + 1);
		if (s) {
			open_forget(t, s);
			free(s);
		}
		return 0;
	}
	return 0;
}

/**
 * timeline_event - what the model doesn't tell: time passing, and converged requests
 * @t: the timeline
 * @ev: the event, after model_event() has had it
 *
 * Return: 0 or -ENOMEM.
 */
int timeline_event(struct timeline *t, const struct event *ev)
{
	u64 begin_ns = sat_sub(ev->time_ns, ev->wait_ns);
	struct lane *lane;
	char name[256];
	int ret;

	if (ev->type == EVENT_FORK || ev->type == EVENT_COMM || ev->type == EVENT_EXIT)
		return 0;
	if (ev->type != EVENT_AUTOLOAD_DUP) {
		note_time(t, ev->time_ns);
		return 0;
	}
	note_time(t, begin_ns);
	note_time(t, ev->time_ns);
	ret = lane_count(t, &t->all, LANE_AUTOLOAD, begin_ns, ev->time_ns);
	if (ret)
		return ret;
	/* An alias is no module; a request by the module's own name is one for it. */
	module_name_of_file(ev->name.text ? ev->name.text : "", ev->name.len, name, sizeof(name));
	lane = map_get(&t->lane_by_text, hash_bytes(name, strlen(name)));
	if (!lane || strcmp(lane->name, name))
		return 0;
	return lane_count(t, lane, LANE_AUTOLOAD, begin_ns, ev->time_ns);
}

static void cells_of_buckets(const struct timeline *t, const struct lane *lane, u64 from_ns,
			     u64 span_ns, unsigned int first_kind, struct lane_cell *cells,
			     size_t nr)
{
	u64 from = sat_sub(from_ns, t->start_ns);
	size_t i;

	for (i = 0; i < nr; i++) {
		u64 first = sat_add(from, part_of(span_ns, i, nr)) / lane->width_ns;
		u64 end = sat_add(from, part_of(span_ns, i + 1, nr)) / lane->width_ns, b;
		unsigned int kind;

		if (end == first)
			end = first + 1;
		for (b = first; b < end && b < LANE_BUCKETS; b++) {
			for (kind = first_kind; kind < LANE_KINDS; kind++) {
				cells[i].counts[kind] += lane->buckets[b].begun[kind];
				if (b == first)
					cells[i].counts[kind] += lane->buckets[b].carried[kind];
			}
		}
	}
}

/* Where cells are narrower than buckets: from the attempts, as long as all are there. */
static void cells_of_attempts(const struct shown_list *list, u64 from_ns, u64 span_ns,
			      struct lane_cell *cells, size_t nr)
{
	const struct shown_attempt *s;

	for (s = list->oldest; s; s = s->newer) {
		const struct attempt_facts *a = &s->a;
		size_t i = 0, last;

		if (a->end_ns < from_ns || a->begin_ns >= from_ns + span_ns)
			continue;
		if (a->begin_ns > from_ns)
			i = (double)(a->begin_ns - from_ns) * nr / span_ns;
		last = (double)(a->end_ns - from_ns) * nr / span_ns;
		for (; i <= last && i < nr; i++)
			cells[i].counts[lane_kind_of(a->outcome)]++;
	}
}

/**
 * lane_cells - a lane as a row of cells
 * @t: the timeline
 * @lane: one of its lanes, or its @all
 * @from_ns: where the first cell begins
 * @to_ns: where the last one ends, which is no later than now
 * @cells: filled
 * @nr: how many
 */
void lane_cells(const struct timeline *t, const struct lane *lane, u64 from_ns, u64 to_ns,
		struct lane_cell *cells, size_t nr)
{
	u64 span_ns = to_ns > from_ns ? to_ns - from_ns : 1;
	const struct shown_attempt *s;

	memset(cells, 0, nr * sizeof(*cells));
	if (lane->name && !lane->folded && lane->width_ns * nr > span_ns) {
		cells_of_attempts(&lane->workers, from_ns, span_ns, cells, nr);
		cells_of_attempts(&lane->others, from_ns, span_ns, cells, nr);
		/* Requests are in no list. */
		if (lane->buckets)
			cells_of_buckets(t, lane, from_ns, span_ns, LANE_AUTOLOAD, cells, nr);
	} else if (lane->buckets) {
		cells_of_buckets(t, lane, from_ns, span_ns, 0, cells, nr);
	}
	for (s = lane->open.oldest; s; s = s->newer) {
		size_t i = 0;

		if (s->a.begin_ns > from_ns)
			i = (double)(s->a.begin_ns - from_ns) * nr / span_ns;
		/* One that began this moment is seen, too. */
		if (i == nr && s->a.begin_ns <= to_ns)
			i = nr - 1;
		for (; i < nr; i++)
			cells[i].counts[LANE_OPEN]++;
	}
}

/**
 * lane_cell_kind - the one kind that stands for a cell
 * @cell: the cell
 *
 * Return: the kind that most duplicates or failures in it are of; LANE_OPEN where somebody is
 * under way and nobody ended; LANE_LOADED where there were only loads; LANE_NONE.
 */
enum lane_kind lane_cell_kind(const struct lane_cell *cell)
{
	static const enum lane_kind order[] = {
		LANE_FAILED, LANE_BUSY, LANE_EXISTS, LANE_MERGED, LANE_AUTOLOAD,
	};
	enum lane_kind best = LANE_NONE;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order); i++)
		if (cell->counts[order[i]] &&
		    (best == LANE_NONE || cell->counts[order[i]] > cell->counts[best]))
			best = order[i];
	if (best != LANE_NONE)
		return best;
	if (cell->counts[LANE_OPEN])
		return LANE_OPEN;
	return cell->counts[LANE_LOADED] ? LANE_LOADED : LANE_NONE;
}

/* In the order of begins; of those at one time, in the order of their events. */
static int by_begin(const void *a, const void *b)
{
	const struct attempt_facts *x = *(const struct attempt_facts **)a;
	const struct attempt_facts *y = *(const struct attempt_facts **)b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static size_t collect(const struct shown_list *list, const struct attempt_facts **to, size_t nr)
{
	const struct shown_attempt *s;

	for (s = list->oldest; s; s = s->newer)
		to[nr++] = &s->a;
	return nr;
}

/*
 * Attempts that overlap belong together, and of those the one that did the work comes first:
 * each group is put in order by moving its workers ahead.
 */
static void workers_first(const struct attempt_facts **all, const struct attempt_facts **spare,
			  size_t nr)
{
	size_t from = 0, i;

	while (from < nr) {
		u64 until = 0;
		size_t to = from, n = 0;

		while (to < nr && (to == from || all[to]->begin_ns <= until)) {
			u64 end = all[to]->end_ns ? all[to]->end_ns : UINT64_MAX;

			if (end > until)
				until = end;
			to++;
		}
		for (i = from; i < to; i++)
			if (all[i]->outcome == OUTCOME_LOADED)
				spare[n++] = all[i];
		for (i = from; i < to; i++)
			if (all[i]->outcome != OUTCOME_LOADED)
				spare[n++] = all[i];
		memcpy(all + from, spare, n * sizeof(*all));
		from = to;
	}
}

/**
 * lane_attempts - the attempts kept, in groups that overlap, the winner of each first
 * @lane: the lane
 * @nr: how many there are
 *
 * Return: an array that the caller frees and whose elements are the timeline's, valid until its
 * next event; NULL without any or without memory.
 */
const struct attempt_facts **lane_attempts(const struct lane *lane, size_t *nr)
{
	size_t n = lane->open.nr + lane->workers.nr + lane->others.nr;
	const struct attempt_facts **all = n ? calloc(2 * n, sizeof(*all)) : NULL;

	*nr = 0;
	if (!all)
		return NULL;
	n = collect(&lane->workers, all, 0);
	n = collect(&lane->others, all, n);
	n = collect(&lane->open, all, n);
	qsort(all, n, sizeof(*all), by_begin);
	workers_first(all, all + n, n);
	*nr = n;
	return all;
}

static void list_copy(struct shown_list *list, const struct shown_list *from,
		      struct shown_attempt **room)
{
	const struct shown_attempt *s;

	for (s = from->oldest; s; s = s->newer) {
		/* What is ahead lies anywhere in memory: fetch it while this one is copied. */
		if (s->newer)
			__builtin_prefetch(s->newer->newer);
		(*room)->a = s->a;
		list_add(list, (*room)++);
	}
}

static void buckets_copy(struct lane *to, const struct lane *from, struct bucket **room)
{
	to->width_ns = from->width_ns;
	if (!from->buckets)
		return;
	to->buckets = *room;
	*room += LANE_BUCKETS;
	memcpy(to->buckets, from->buckets, LANE_BUCKETS * sizeof(*to->buckets));
}

/* Room for all at once: a clone is made between two key presses, of some hundred thousand. */
static int clone_room(struct timeline *to, const struct timeline *t)
{
	size_t attempts = 0, buckets = 1, i;

	for (i = 0; i < t->nr_lanes; i++) {
		const struct lane *lane = t->lanes[i];

		attempts += lane->open.nr + lane->workers.nr + lane->others.nr;
		buckets += lane->buckets != NULL;
	}
	to->copies = malloc((attempts + 1) * sizeof(*to->copies));
	to->bucket_copies = malloc(buckets * LANE_BUCKETS * sizeof(*to->bucket_copies));
	return to->copies && to->bucket_copies ? 0 : -ENOMEM;
}

/**
 * timeline_clone - what a timeline shows now, while it goes on
 * @t: the timeline
 *
 * Return: a timeline to look at, not to add to, for timeline_free(), with the same names; NULL
 * without memory.
 */
struct timeline *timeline_clone(const struct timeline *t)
{
	struct timeline *to = timeline_new(t->keep_all, t->keep_lane);
	struct shown_attempt *room;
	struct bucket *buckets;
	size_t i;

	if (!to)
		return NULL;
	if (clone_room(to, t))
		goto fail;
	room = to->copies;
	buckets = to->bucket_copies;
	buckets_copy(&to->all, &t->all, &buckets);
	for (i = 0; i < t->nr_lanes; i++) {
		const struct lane *from = t->lanes[i];
		struct lane *lane = lane_get(to, from->name);

		if (!lane)
			goto fail;
		buckets_copy(lane, from, &buckets);
		list_copy(&lane->open, &from->open, &room);
		list_copy(&lane->workers, &from->workers, &room);
		list_copy(&lane->others, &from->others, &room);
		lane->folded = from->folded;
	}
	to->start_ns = t->start_ns;
	to->last_ns = t->last_ns;
	to->nr_kept = t->nr_kept;
	to->nr_open = t->nr_open;
	to->folded = t->folded;
	to->no_lane = t->no_lane;
	return to;
fail:
	timeline_free(to);
	return NULL;
}
