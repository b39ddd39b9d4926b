// SPDX-License-Identifier: GPL-2.0-only
#include "views/traced.h"

#include "lib/escape.h"
#include "views/names.h"
#include "views/slots.h"

/* Bytes to be collected before they go to the stream. */
#define OUT_FULL (64U << 10)

/* Losers that are kept until their winner ends. */
#define PENDING_MAX 65536

/* Attempts without an end that are written last; others end where the recording had come to. */
#define UNENDED_MAX 16384

/* Loads of a module that are remembered. */
#define WORKERS 64

#define NAME_SIZE 256

/* An attempt that did the work: those who waited for it may end behind it. */
struct done_load {
	s32 tid;
	u64 track;
	u64 begin_ns;
};

/* A loser whose winner is not known yet. */
struct pending {
	struct attempt_facts a;
	struct traced_group *requester;
	u64 track;
	u64 requester_track;
};

/* An attempt without an end, and the flows from it. */
struct traced_unended {
	struct pending p;
	u64 *flows;
	size_t nr_flows;
};

/* A module or a requester. */
struct traced_group {
	struct traced_group *next;
	u64 parent;
	struct identity who;
	struct slots slots;
	u64 nr_open;
	/* of the last load */
	u64 winner_track;
	u64 winner_ns;
	struct done_load *workers; /* a ring of WORKERS, once it has so many */
	size_t nr_workers;
	size_t cap_workers;
	size_t next_worker;
	struct pending *pending;
	size_t nr_pending;
	size_t cap_pending;
	char *name;
};

/* An attempt under way. */
struct traced_open {
	struct traced_open *next;
	struct traced_group *module;
	u64 begin_ns;
	u64 *flows;
	size_t nr_flows;
	size_t cap_flows;
};

static int flush(struct traced *t)
{
	fwrite(t->out.data, 1, t->out.len, t->stream);
	t->out.len = 0;
	return ferror(t->stream) ? -EIO : 0;
}

static struct traced_group *group_new(struct traced *t, u64 parent)
{
	struct traced_group *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->parent = parent;
	g->next = t->groups;
	t->groups = g;
	return g;
}

/* Escaped, and cut where it is longer than a name should be. */
static char *shown_name(const char *name)
{
	char text[NAME_SIZE];

	escape(text, sizeof(text), name, strlen(name));
	return strdup(text);
}

static struct traced_group *module_of(struct traced *t, const char *name)
{
	struct traced_group *g = map_get(&t->module_by_name, (uintptr_t)name);

	if (g)
		return g;
	g = group_new(t, TRACK_MODULES);
	if (!g || map_set(&t->module_by_name, (uintptr_t)name, g))
		return NULL;
	g->name = shown_name(name);
	return g->name ? g : NULL;
}

/* "(udev-worker) of systemd-udevd", or in a unit, or for a request of the kernel's */
static int name_requester(struct traced_group *g)
{
	const struct identity *who = &g->who;
	_cleanup_buf_ struct buf name = { 0 };
	int ret = buf_addf(&name, "%s", who->comm ? who->comm : "?");

	if (!ret && who->parent)
		ret = buf_addf(&name, " of %s", who->parent);
	if (!ret && who->unit)
		ret = buf_addf(&name, " in %s", who->unit);
	else if (!ret && who->service && (!who->parent || strcmp(who->service, who->parent)))
		ret = buf_addf(&name, " in %s", who->service);
	if (!ret && who->request)
		ret = buf_addf(&name, " for %s", who->request->name);
	g->name = ret ? NULL : shown_name(name.data);
	return g->name ? 0 : -ENOMEM;
}

static struct traced_group *requester_of(struct traced *t, const struct identity *who)
{
	struct traced_group *g;
	u64 key = identity_hash(who);

	while ((g = map_get(&t->requester_by_hash, key)) != NULL && !identity_equal(&g->who, who))
		key++;
	if (g)
		return g;
	g = group_new(t, TRACK_REQUESTERS);
	if (!g || map_set(&t->requester_by_hash, key, g))
		return NULL;
	g->who = *who;
	return name_requester(g) ? NULL : g;
}

/* A track of the group's that has been free since before the slice begins. */
static int slot_take(struct traced *t, struct traced_group *g, u64 begin_ns, u64 end_ns, u64 *track)
{
	size_t i = slots_find(&g->slots, begin_ns);

	if (i == g->slots.nr &&
	    (slots_add(&g->slots, t->next_track++) ||
	     t->ops->track(t, g->slots.tracks[i], g->parent, g->name, TRACK_SLICES)))
		return -ENOMEM;
	slots_take(&g->slots, i, end_ns ? end_ns : UINT64_MAX);
	*track = g->slots.tracks[i];
	return 0;
}

static struct traced_open *open_new(struct traced *t)
{
	struct traced_open *o = t->spare;

	if (!o)
		return calloc(1, sizeof(*o));
	t->spare = o->next;
	o->nr_flows = 0;
	return o;
}

static void open_release(struct traced *t, struct traced_open *o)
{
	o->next = t->spare;
	t->spare = o;
}

static int count_waiting(struct traced *t, u64 time_ns, s64 change)
{
	t->waiting += change;
	return t->ops->counter(t, TRACK_WAITING, time_ns, t->waiting);
}

/* Whoever is not the first of a module waits for the first, or does its work once more. */
static int enter(struct traced *t, struct traced_open *o, struct traced_group *module)
{
	o->module = module;
	return ++module->nr_open > 1 ? count_waiting(t, t->now_ns, 1) : 0;
}

static int leave(struct traced *t, struct traced_open *o)
{
	return o->module->nr_open-- > 1 ? count_waiting(t, t->now_ns, -1) : 0;
}

static int under_way(struct traced *t, const struct attempt_facts *a)
{
	struct traced_open *o = map_get(&t->open_by_tid, (u32)a->tid);
	struct traced_group *module = module_of(t, a->module);
	int ret;

	if (!module)
		return -ENOMEM;
	if (o) {
		if (o->module == module)
			return 0;
		ret = leave(t, o);
		return ret ? ret : enter(t, o, module);
	}
	o = open_new(t);
	if (!o || map_set(&t->open_by_tid, (u32)a->tid, o)) {
		free(o);
		return -ENOMEM;
	}
	o->begin_ns = a->begin_ns;
	return enter(t, o, module);
}

static bool is_loser(enum outcome outcome)
{
	return outcome == OUTCOME_MERGED || outcome == OUTCOME_EXISTS || outcome == OUTCOME_BUSY;
}

static int write_attempt(struct traced *t, const struct attempt_facts *a, u64 track,
			 const struct traced_group *requester, u64 requester_track, u64 from,
			 u64 from_ns, const struct traced_open *o)
{
	const u64 reach_ns = t->ops->needs_ends && !t->reach_ns ? t->now_ns : t->reach_ns;
	const u64 end_ns = a->end_ns ? a->end_ns : reach_ns;
	struct traced_slice s = {
		.track = track,
		.name = outcome_name(a->outcome),
		.begin_ns = a->begin_ns,
		.end_ns = end_ns,
		.a = a,
		.requester = requester->name,
		.from = from,
		.from_ns = from_ns,
		.to = o ? o->flows : NULL,
		.nr_to = o ? o->nr_flows : 0,
	};
	const struct traced_group *module;
	int ret = t->ops->slice(t, &s);

	module = map_get(&t->module_by_name, (uintptr_t)a->module);
	s = (struct traced_slice){
		.track = requester_track,
		.name = module ? module->name : "?",
		.begin_ns = a->begin_ns,
		.end_ns = end_ns,
	};
	return ret ? ret : t->ops->slice(t, &s);
}

/* When a flow from the winner reaches the loser: after the begin of both. */
static u64 meeting(const struct attempt_facts *loser, u64 winner_ns)
{
	return loser->begin_ns > winner_ns ? loser->begin_ns : winner_ns + 1;
}

/* The load is done: whoever lost without a leader lost to it. */
static int settle_pending(struct traced *t, struct traced_group *module, struct traced_open *winner,
			  u64 winner_ns)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < module->nr_pending && !ret; i++) {
		const struct pending *p = &module->pending[i];
		u64 flow = 0;

		/* Who had lost before the winner began lost to somebody else. */
		if (winner && winner_ns < p->a.end_ns) {
			if (grow(&winner->flows, &winner->cap_flows, winner->nr_flows + 1,
				 sizeof(*winner->flows)))
				return -ENOMEM;
			flow = ++t->next_flow;
			winner->flows[winner->nr_flows++] = flow;
		}
		ret = write_attempt(t, &p->a, p->track, p->requester, p->requester_track, flow,
				    meeting(&p->a, winner_ns), NULL);
	}
	t->nr_pending -= module->nr_pending;
	module->nr_pending = 0;
	return ret;
}

/* The leader's latest load; NULL if it isn't remembered. */
static const struct done_load *find_worker(const struct traced_group *module, s32 leader)
{
	size_t i;

	for (i = 1; i <= module->nr_workers && leader > 0; i++) {
		const struct done_load *w = &module->workers[(module->next_worker - i) % WORKERS];

		if (w->tid == leader)
			return w;
	}
	return NULL;
}

static int lose(struct traced *t, const struct attempt_facts *a, struct traced_group *module,
		u64 track, struct traced_group *requester, u64 requester_track,
		const struct traced_open *o)
{
	struct traced_open *leader = NULL;
	const struct done_load *worker = find_worker(module, a->leader);
	u64 flow = 0, winner_ns = module->winner_ns;
	int ret = 0;

	if (a->leader > 0 && a->leader != a->tid)
		leader = map_get(&t->open_by_tid, (u32)a->leader);
	if (leader && leader->module == module && leader->begin_ns < a->end_ns) {
		if (grow(&leader->flows, &leader->cap_flows, leader->nr_flows + 1,
			 sizeof(*leader->flows)))
			return -ENOMEM;
		flow = ++t->next_flow;
		leader->flows[leader->nr_flows++] = flow;
		winner_ns = leader->begin_ns;
	} else if (worker && worker->begin_ns < a->end_ns) {
		flow = ++t->next_flow;
		winner_ns = worker->begin_ns;
		ret = t->ops->late(t, worker->track, winner_ns, flow);
	} else if (module->winner_track) {
		flow = ++t->next_flow;
		ret = t->ops->late(t, module->winner_track, module->winner_ns, flow);
	} else if (t->nr_pending < PENDING_MAX && !(o && o->nr_flows)) {
		if (grow(&module->pending, &module->cap_pending, module->nr_pending + 1,
			 sizeof(*module->pending)))
			return -ENOMEM;
		t->nr_pending++;
		module->pending[module->nr_pending++] = (struct pending){
			.a = *a,
			.track = track,
			.requester = requester,
			.requester_track = requester_track,
		};
		return 0;
	} else {
		t->left_out++;
	}
	return ret ? ret :
		     write_attempt(t, a, track, requester, requester_track, flow,
				   meeting(a, winner_ns), o);
}

/* The flows become those of the attempt that is written later. */
static int put_off(struct traced *t, const struct attempt_facts *a, u64 track,
		   struct traced_group *requester, u64 requester_track, struct traced_open *o)
{
	if (grow(&t->unended, &t->cap_unended, t->nr_unended + 1, sizeof(*t->unended)))
		return -ENOMEM;
	t->unended[t->nr_unended++] = (struct traced_unended){
		.p = { .a = *a,
		       .track = track,
		       .requester = requester,
		       .requester_track = requester_track },
		.flows = TAKE_PTR(o->flows),
		.nr_flows = o->nr_flows,
	};
	o->nr_flows = o->cap_flows = 0;
	return 0;
}

static int write_unended(struct traced *t)
{
	size_t i;
	int ret = 0;

	t->reach_ns = t->now_ns;
	for (i = 0; i < t->nr_unended && !ret; i++) {
		const struct traced_unended *u = &t->unended[i];
		const struct traced_open o = { .flows = u->flows, .nr_flows = u->nr_flows };

		ret = write_attempt(t, &u->p.a, u->p.track, u->p.requester, u->p.requester_track, 0,
				    0, &o);
	}
	return ret;
}

static int add_worker(struct traced_group *module, s32 tid, u64 track, u64 begin_ns)
{
	const size_t at = module->next_worker++ % WORKERS;

	if (at == module->nr_workers) {
		if (grow(&module->workers, &module->cap_workers, at + 1, sizeof(*module->workers)))
			return -ENOMEM;
		module->nr_workers++;
	}
	module->workers[at] = (struct done_load){ tid, track, begin_ns };
	return 0;
}

static int gone(struct traced *t, const struct attempt_facts *a)
{
	struct traced_open *o = map_del(&t->open_by_tid, (u32)a->tid), without = { 0 };
	struct traced_group *module = module_of(t, a->module),
			    *requester = requester_of(t, &a->who);
	u64 track, requester_track, wasted = is_loser(a->outcome) ? cost_total(&a->cost) : 0;
	int ret = o ? leave(t, o) : 0;

	if (!module || !requester)
		ret = -ENOMEM;
	if (!ret)
		ret = slot_take(t, module, a->begin_ns, a->end_ns, &track);
	if (!ret)
		ret = slot_take(t, requester, a->begin_ns, a->end_ns, &requester_track);
	if (!ret && wasted) {
		t->wasted = sat_add(t->wasted, wasted);
		ret = t->ops->counter(t, TRACK_WASTED, t->now_ns, t->wasted);
	}
	if (!ret && is_loser(a->outcome)) {
		ret = lose(t, a, module, track, requester, requester_track, o);
	} else if (!ret) {
		struct traced_open *winner = o ? o : &without;

		ret = add_worker(module, a->tid, track, a->begin_ns);
		if (!ret && a->outcome == OUTCOME_LOADED) {
			module->winner_track = track;
			module->winner_ns = a->begin_ns;
			ret = settle_pending(t, module, winner, a->begin_ns);
		}
		if (!ret && !a->end_ns && t->ops->needs_ends && t->nr_unended < UNENDED_MAX)
			ret = put_off(t, a, track, requester, requester_track, winner);
		else if (!ret)
			ret = write_attempt(t, a, track, requester, requester_track, 0, 0, winner);
	}
	free(without.flows);
	if (o)
		open_release(t, o);
	return ret;
}

/**
 * traced_attempt - write an attempt, once it has ended or is given up; for model_watch()
 * @traced: the file
 * @change: what has become of the attempt
 * @a: the attempt; its names must outlive the file
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int traced_attempt(void *traced, enum attempt_change change, const struct attempt_facts *a)
{
	struct traced *t = traced;
	int ret = 0;

	if (a->begin_ns > t->now_ns)
		t->now_ns = a->begin_ns;
	if (a->end_ns > t->now_ns)
		t->now_ns = a->end_ns;
	if (change == ATTEMPT_BEGAN || change == ATTEMPT_CHANGED)
		ret = under_way(t, a);
	else
		ret = gone(t, a);
	return !ret && t->out.len >= OUT_FULL ? flush(t) : ret;
}

/* A begin or an end. */
struct moment {
	u64 ns;
	const struct attempt_facts *a;
	bool is_end;
};

static int by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	if (x->a != y->a)
		return x->a->serial < y->a->serial ? -1 : 1;
	return x->is_end - y->is_end;
}

/**
 * traced_timeline - write the attempts that a timeline has kept
 * @t: the file
 * @timeline: the attempts
 *
 * Return: as traced_attempt().
 */
int traced_timeline(struct traced *t, const struct timeline *timeline)
{
	_cleanup_free_ struct moment *all = NULL;
	size_t cap = 0, nr = 0, i, n;
	int ret = 0;

	for (i = 0; i < timeline->nr_lanes; i++) {
		_cleanup_free_ const struct attempt_facts **some = NULL;
		size_t nr_some;

		some = lane_attempts(timeline->lanes[i], &nr_some);
		if (!some)
			continue;
		if (grow(&all, &cap, nr + 2 * nr_some, sizeof(*all)))
			return -ENOMEM;
		for (n = 0; n < nr_some; n++) {
			const struct attempt_facts *a = some[n];

			all[nr++] = (struct moment){ a->begin_ns, a, false };
			all[nr++] = (struct moment){ a->end_ns ? a->end_ns : UINT64_MAX, a, true };
		}
	}
	if (nr)
		qsort(all, nr, sizeof(*all), by_time);
	for (i = 0; i < nr && !ret; i++) {
		struct attempt_facts a = *all[i].a;
		enum attempt_change change = a.end_ns ? ATTEMPT_ENDED : ATTEMPT_ABANDONED;

		if (!all[i].is_end) {
			/* It is told as it was then. */
			change = ATTEMPT_BEGAN;
			a.end_ns = 0;
		}
		ret = traced_attempt(t, change, &a);
	}
	return ret;
}

/**
 * traced_start - begin a file
 * @t: filled; traced_free() frees it, after an error too
 * @ops: its format
 * @stream: where to
 *
 * Return: 0 or -ENOMEM.
 */
int traced_start(struct traced *t, const struct traced_ops *ops, FILE *stream)
{
	static const struct {
		u64 id;
		const char *name;
		enum track_kind kind;
	} tracks[] = {
		{ TRACK_BOOT, "boot", TRACK_SLICES },
		{ TRACK_WAITING, "waiting now", TRACK_COUNT },
		{ TRACK_WASTED, "bytes wasted", TRACK_BYTES },
		{ TRACK_MODULES, "modules", TRACK_GROUP },
		{ TRACK_REQUESTERS, "requesters", TRACK_GROUP },
	};
	size_t i;
	int ret;

	*t = (struct traced){ .ops = ops, .stream = stream, .next_track = TRACK_FIRST };
	ret = ops->start(t);
	for (i = 0; i < ARRAY_SIZE(tracks) && !ret; i++)
		ret = ops->track(t, tracks[i].id, 0, tracks[i].name, tracks[i].kind);
	return ret;
}

static int write_phases(struct traced *t, const struct source_info *info, u64 start_ns, u64 end_ns)
{
	_cleanup_(boot_story_free) struct boot_story boot = { 0 };
	char name[NAME_SIZE];
	size_t i;
	int ret = boot_story_make(&boot, info, start_ns, end_ns);

	for (i = 0; i < boot.nr_phases && !ret; i++) {
		const struct boot_piece *p = &boot.phases[i];
		struct traced_slice s = { .track = TRACK_BOOT,
					  .name = name,
					  .begin_ns = p->from_ns,
					  .end_ns = p->until_ns };
		const char *until = p->name ? p->name : "the end";

		snprintf(name, sizeof(name), "until ");
		escape(name + 6, sizeof(name) - 6, until, strlen(until));
		ret = t->ops->slice(t, &s);
	}
	return ret;
}

/**
 * traced_end - write what is known at the end only, and end the file
 * @t: the file
 * @info: the recording
 * @start_ns: when it began
 * @end_ns: when it ended
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int traced_end(struct traced *t, const struct source_info *info, u64 start_ns, u64 end_ns)
{
	struct traced_group *g;
	int ret = 0;

	if (end_ns > t->now_ns)
		t->now_ns = end_ns;
	for (g = t->groups; g && !ret; g = g->next)
		ret = settle_pending(t, g, NULL, 0);
	if (!ret)
		ret = write_unended(t);
	if (!ret && info->nr_markers)
		ret = write_phases(t, info, start_ns, end_ns);
	if (!ret)
		ret = t->ops->end(t, info);
	return ret ? ret : flush(t);
}

/**
 * traced_free - free what a file being written has
 * @t: the file; empty afterwards
 */
void traced_free(struct traced *t)
{
	size_t i;

	while (t->groups) {
		struct traced_group *next = t->groups->next;

		slots_free(&t->groups->slots);
		free(t->groups->pending);
		free(t->groups->workers);
		free(t->groups->name);
		free(t->groups);
		t->groups = next;
	}
	for (i = 0; i < t->open_by_tid.nr_slots; i++)
		if (t->open_by_tid.slots[i].value)
			open_release(t, t->open_by_tid.slots[i].value);
	while (t->spare) {
		struct traced_open *next = t->spare->next;

		free(t->spare->flows);
		free(t->spare);
		t->spare = next;
	}
	for (i = 0; i < t->nr_unended; i++)
		free(t->unended[i].flows);
	free(t->unended);
	map_free(&t->module_by_name);
	map_free(&t->requester_by_hash);
	map_free(&t->open_by_tid);
	buf_free(&t->out);
	*t = (struct traced){ 0 };
}
