// SPDX-License-Identifier: GPL-2.0-only
#include "model/model.h"

#include "model/attempt.h"
#include "model/avoided.h"
#include "model/requests.h"
#include "model/rows.h"

#define CGROUPS_MAX 65536

/* The kernel's own, which the C library has no name for. */
#define KERNEL_ERESTARTSYS 512
#define ERRNO_LAST 4095

/**
 * model_new - an empty model
 *
 * Return: the model, for model_free(), or NULL without memory.
 */
struct model *model_new(void)
{
	return calloc(1, sizeof(struct model));
}

/**
 * model_free - free a model and all it points to
 * @m: the model, or NULL
 */
void model_free(struct model *m)
{
	unsigned int kind;
	size_t i;

	if (!m)
		return;
	for (i = 0; i < m->nr_modules; i++) {
		struct requester *r = m->modules[i]->requesters;

		while (r) {
			struct requester *next = r->next;

			for (kind = 0; kind < CALL_NR; kind++)
				hist_free(&r->calls[kind]);
			free(r->devices);
			free(r);
			r = next;
		}
		tally_free(&m->modules[i]->tally);
		free(m->modules[i]);
	}
	for (i = 0; i < m->nr_requests; i++)
		free(m->requests[i]);
	for (i = 0; i < m->attempt_by_tid.nr_slots; i++)
		if (m->attempt_by_tid.slots[i].value)
			attempt_free(m->attempt_by_tid.slots[i].value);
	avoided_free(m);
	while (m->spare) {
		struct attempt *next = m->spare->next_clean;

		attempt_free(m->spare);
		m->spare = next;
	}
	free(m->modules);
	free(m->requests);
	tally_free(&m->totals);
	intervals_free(&m->duplicates);
	map_free(&m->module_by_name);
	map_free(&m->requester_by_key);
	map_free(&m->request_by_key);
	map_free(&m->attempt_by_tid);
	map_free(&m->unit_by_cgroup);
	relations_free(&m->relations);
	tasks_free(&m->tasks);
	devices_free(&m->devices);
	strings_free(&m->strings);
	free(m);
}

static enum outcome open_outcome(const struct attempt *a)
{
	return a->is_clean ? OUTCOME_IN_FLIGHT : OUTCOME_UNKNOWN;
}

static void count(struct model *m, const struct attempt *a, enum outcome outcome, int delta)
{
	if (a->hidden)
		return;
	m->totals.outcomes[outcome] += delta;
	m->totals.attempts += delta;
	a->module->tally.outcomes[outcome] += delta;
	a->module->tally.attempts += delta;
}

static u64 since_start(const struct model *m, u64 time_ns)
{
	if (m->filter && m->filter->absolute)
		return time_ns;
	return sat_sub(time_ns, m->start_ns ? m->start_ns : m->first_ns);
}

static struct attempt_facts facts_of(const struct attempt *a)
{
	return (struct attempt_facts){
		.serial = a->serial,
		.module = a->module->name,
		.who = a->who,
		.device = a->device,
		.tid = a->tid,
		.leader = a->leader,
		.begin_ns = a->begin_ns,
		.has_wait = a->has_wait,
		.wait_ns = a->wait_ns,
		.outcome = open_outcome(a),
		.gate = a->merged ? a->gate : GATE_UNKNOWN,
		.syscall = a->syscall,
		.by_writer = a->by_writer,
	};
}

static int tell(struct model *m, enum attempt_change change, const struct attempt *a)
{
	struct attempt_facts facts;

	if (!m->watch || a->hidden)
		return 0;
	facts = facts_of(a);
	return m->watch(m->watch_context, change, &facts);
}

static int tell_end(struct model *m, const struct attempt *a, enum outcome outcome,
		    const struct event *end)
{
	struct attempt_facts facts;

	if (!m->watch || a->hidden)
		return 0;
	facts = facts_of(a);
	facts.end_ns = end->time_ns;
	facts.outcome = outcome;
	facts.ret = end->ret;
	facts.stage = end->stage;
	facts.cost = cost_of_end(end);
	return m->watch(m->watch_context, ATTEMPT_ENDED, &facts);
}

/* Put an open attempt under a module, or under another when its name turns out. */
static int attempt_place(struct model *m, struct attempt *a, const char *name)
{
	struct module *module = a->module && a->module->name == name ? a->module :
				module_get(m, name);

	if (!module)
		return -ENOMEM;
	if (module == a->module)
		return 0;
	if (a->module) {
		count(m, a, open_outcome(a), -1);
		if (a->requester)
			a->requester->attempts--;
	}
	if (a->module)
		a->module->nr_open--;
	module->nr_open++;
	a->module = module;
	a->requester = NULL;
	a->hidden = m->filter && !filter_passes(m->filter, name, a->who.comm,
						since_start(m, a->begin_ns));
	if (a->hidden)
		return 0;
	if (!module->first_ns || a->begin_ns < module->first_ns)
		module->first_ns = a->begin_ns;
	a->requester = requester_get(m, module, &a->who);
	if (!a->requester)
		return -ENOMEM;
	count(m, a, open_outcome(a), 1);
	a->requester->attempts++;
	return 0;
}

static struct attempt *attempt_new(struct model *m, const struct event *ev)
{
	const char *name = file_module(m, &ev->file);
	struct attempt *a = attempt_alloc(m);

	if (!a || !name)
		goto fail;
	a->serial = m->nr_begun++;
	a->tid = ev->tid;
	/* Whose begin is missing says at its end how long it took. */
	a->begin_ns = sat_sub(ev->time_ns, m->untimed ? 0 : ev->duration_ns);
	if (tasks_identity(&m->tasks, ev->task, &m->strings, &a->who))
		goto fail;
	if (ev->cgroup)
		a->who.unit = map_get(&m->unit_by_cgroup, ev->cgroup);
	if (!a->who.comm)
		a->who.comm = strings_intern(&m->strings, COMM_UNKNOWN, strlen(COMM_UNKNOWN));
	if (!a->who.comm)
		goto fail;
	/* Others look at devices, too, and load modules, but not because of them. */
	if (ev->device && is_udev(a->who.comm) &&
	    device_keep(&m->devices, &m->strings, ev->device, &a->device))
		goto fail;
	if (map_set(&m->attempt_by_tid, (u32)ev->tid, a))
		goto fail;
	clean_add(m, a);
	if (attempt_place(m, a, name)) {
		map_del(&m->attempt_by_tid, (u32)ev->tid);
		clean_del(m, a);
		goto fail;
	}
	return a;
fail:
	if (a)
		attempt_free(a);
	return NULL;
}

/* Drop an attempt of which no end will come; it stays counted as what it is. */
static void attempt_abandon(struct model *m, struct attempt *a)
{
	size_t i;

	for (i = 0; i < a->nr_waiters; i++)
		avoid_by_inode(m, &a->waiters[i]);
	map_del(&m->attempt_by_tid, (u32)a->tid);
	clean_del(m, a);
	a->module->nr_open--;
	attempt_release(m, a);
}

static int handle_begin(struct model *m, const struct event *ev)
{
	struct attempt *a = map_get(&m->attempt_by_tid, (u32)ev->tid);
	int ret;

	if (a) {
		ret = tell(m, ATTEMPT_ABANDONED, a);
		attempt_abandon(m, a);
		if (ret)
			return ret;
	}
	a = attempt_new(m, ev);
	if (!a)
		return -ENOMEM;
	a->ino = ev->ino;
	a->dev = ev->dev;
	a->syscall = ev->syscall;
	ret = tell(m, ATTEMPT_BEGAN, a);
	if (ret || m->attempt_by_tid.nr <= UNDER_WAY_MAX)
		return ret;
	/* Its end, if one comes, is of one whose begin isn't known. */
	ret = tell(m, ATTEMPT_ABANDONED, a);
	attempt_abandon(m, a);
	return ret;
}

static struct attempt *attempt_of(struct model *m, const struct event *ev)
{
	struct attempt *a = map_get(&m->attempt_by_tid, (u32)ev->tid);

	if (a)
		return a;
	a = attempt_new(m, ev);
	if (!a)
		return NULL;
	a->no_begin = true;
	m->no_begin++;
	return a;
}

/* Nearly always that of the row which the attempt has because of its file. */
static const char *interned_name(struct model *m, const struct attempt *a, const struct str *name)
{
	const char *known = a->module->name;

	if (strlen(known) == name->len && !memcmp(known, name->text, name->len))
		return known;
	return strings_intern(&m->strings, name->text, name->len);
}

static int handle_merged(struct model *m, const struct event *ev)
{
	struct attempt *a = attempt_of(m, ev);
	int ret;

	if (!a)
		return -ENOMEM;
	a->merged = true;
	a->gate = ev->gate < GATE_UNKNOWN ? ev->gate : GATE_UNKNOWN;
	a->wait_ns = ev->wait_ns;
	a->has_wait = ev->has_wait && !(m->untimed && ev->from_calls);
	a->leader = ev->leader;
	if (ev->name.len) {
		a->merged_name = interned_name(m, a, &ev->name);
		if (!a->merged_name)
			return -ENOMEM;
		ret = attempt_place(m, a, a->merged_name);
		if (ret)
			return ret;
	}
	return tell(m, ATTEMPT_CHANGED, a);
}

/* Whether another load of the same module was under way at some time of this one. */
static bool has_overlapped(const struct attempt *a)
{
	/* This one is open, too. */
	return a->module->last_end_ns > a->begin_ns || a->module->nr_open > 1;
}

/* The series says so itself, if that was recorded; else it is what no other load explains. */
static bool is_refused_by_writer(const struct attempt *a, const struct event *end)
{
	if (end->ret != -ETXTBSY || end->stage >= STAGE_INIT)
		return false;
	return a->by_writer || (!a->by_load && !has_overlapped(a));
}

static enum outcome judge(const struct attempt *a, const struct event *end)
{
	if (a->by_writer)
		return OUTCOME_FAILED;
	if (a->merged)
		return OUTCOME_MERGED;
	if (end->unsure)
		return OUTCOME_UNKNOWN;
	if (!end->ret)
		return OUTCOME_LOADED;
	if (end->ret == -EEXIST && end->stage < STAGE_INIT)
		return OUTCOME_EXISTS;
	if ((end->ret == -EBUSY || end->ret == -ETXTBSY) && end->stage < STAGE_INIT &&
	    !end->by_writer)
		return OUTCOME_BUSY;
	if (end->ret == -KERNEL_ERESTARTSYS || end->ret == -EINTR)
		return OUTCOME_INTERRUPTED;
	return OUTCOME_FAILED;
}

static int account_merged(struct model *m, struct attempt *a, u64 spent)
{
	struct tally *t = &a->module->tally;
	int ret;

	if (a->hidden)
		return 0;
	m->totals.gates[a->gate]++;
	t->gates[a->gate]++;
	if (a->has_wait) {
		if (!a->wait_ns) {
			m->totals.late++;
			t->late++;
		}
		ret = hist_add(&m->totals.wait, a->wait_ns);
		if (!ret)
			ret = hist_add(&t->wait, a->wait_ns);
		if (ret)
			return ret;
	}
	return account_avoided(m, a, spent);
}

static void add_waste(struct tally *t, const struct cost *cost)
{
	unsigned int kind;

	for (kind = 0; kind < BYTES_NR; kind++) {
		if (marks_known(&cost->marks, kind))
			t->known_bytes[kind]++;
		else
			t->unknown_bytes[kind]++;
		t->wasted[kind] = sat_add(t->wasted[kind], cost->bytes[kind]);
	}
	t->estimated |= cost->marks.estimated;
}

static int account_duplicate(struct model *m, struct attempt *a, const struct event *end)
{
	const struct cost cost = cost_of_end(end);
	struct requester *r = a->requester;

	if (a->hidden)
		return 0;
	add_waste(&m->totals, &cost);
	add_waste(&a->module->tally, &cost);
	if (a->module->live_ns && a->begin_ns >= a->module->live_ns && !a->no_begin) {
		m->totals.serial++;
		a->module->tally.serial++;
	}
	r->duplicates++;
	cost_add(&r->wasted, &cost);
	if (a->syscall == SYSCALL_INIT) {
		m->totals.init_dups++;
		a->module->tally.init_dups++;
	}
	return m->untimed ? 0 : intervals_add(&m->duplicates, a->begin_ns, end->time_ns);
}

static enum call_kind kind_of(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_LOADED:
		return CALL_LOAD;
	case OUTCOME_MERGED:
	case OUTCOME_EXISTS:
	case OUTCOME_BUSY:
		return CALL_DUP;
	case OUTCOME_INTERRUPTED:
	case OUTCOME_FAILED:
		return CALL_FAIL;
	default:
		return CALL_NR;
	}
}

static int account_time(struct model *m, struct attempt *a, enum outcome outcome,
			const struct event *end)
{
	const enum call_kind kind = kind_of(outcome);
	/* Of a call that was under way when the recording began only the series tells. */
	const bool told = end->duration_ns && !end->from_calls;
	const bool known = told || (!a->no_begin && !m->untimed);
	const u64 ns = m->untimed ? end->duration_ns : sat_sub(end->time_ns, a->begin_ns);
	int ret;

	if (a->hidden)
		return 0;
	times_add(&m->totals.times, kind, known, ns);
	times_add(&a->module->tally.times, kind, known, ns);
	times_add(&a->requester->times, kind, known, ns);
	if (kind == CALL_NR || !known)
		return 0;
	ret = hist_add(&m->totals.calls[kind], ns);
	if (!ret)
		ret = hist_add(&a->module->tally.calls[kind], ns);
	return ret ? ret : hist_add(&a->requester->calls[kind], ns);
}

/* An attempt that did the work itself: its waiters now know what they were spared. */
static int account_worker(struct model *m, struct attempt *a, enum outcome outcome,
			  const struct event *end, u64 spent)
{
	const bool known = !end->unknown_bytes;
	struct module *module = a->module;
	size_t i;

	for (i = 0; i < a->nr_waiters && known; i++)
		avoid(m, &a->waiters[i], spent);
	a->nr_waiters = 0;
	if (known)
		module->workers[module->next_worker++ % MODULE_WORKERS] =
			(struct worker){ .tid = a->tid, .spent = spent };
	if (outcome == OUTCOME_LOADED)
		return known ? remember_load(m, a, spent) : 0;
	if (a->hidden)
		return 0;
	if (outcome == OUTCOME_UNKNOWN) {
		m->unsure++;
		return 0;
	}
	m->totals.failed_unknown += !known;
	module->tally.failed_unknown += !known;
	m->totals.estimated |= end->estimated;
	module->tally.estimated |= end->estimated;
	m->totals.failed_bytes = sat_add(m->totals.failed_bytes, spent);
	module->tally.failed_bytes = sat_add(module->tally.failed_bytes, spent);
	return 0;
}

static const char *final_name(struct model *m, const struct attempt *a, const struct event *end)
{
	if (end->name.len)
		return interned_name(m, a, &end->name);
	if (a->merged_name)
		return a->merged_name;
	return end->file.len ? file_module(m, &end->file) : a->module->name;
}

/* Somebody's load of the same module asks the kernel for something, which led here. */
static void note_self_wait(struct model *m, const struct attempt *a, u16 err)
{
	struct damage d = { .kind = DAMAGE_SELF, .dependency = a->module->name, .err = err,
			    .comm = a->who.comm, .tid = a->tid, .request = a->who.request };
	size_t i;

	/* Few ask at a time; loads may be open without number. */
	for (i = 0; i < m->relations.nr_asking; i++) {
		const struct request *asked = m->relations.asking[i].request;
		const struct attempt *other =
			map_get(&m->attempt_by_tid, (u32)m->relations.asking[i].tid);

		if (!other || other == a || (a->who.request && asked != a->who.request))
			continue;
		/* The load of the module itself says most; any that asks is a link of the circle. */
		if (!d.holder || other->module == a->module) {
			d.holder = other->tid;
			d.dependent = other->module->name;
			d.request = asked;
		}
	}
	relations_damage(&m->relations, &d);
}

static void note_damage(struct model *m, const struct attempt *a, const struct event *end)
{
	const struct step *last = relations_last(&m->relations, a->tid);
	struct damage d = { .kind = DAMAGE_SYMBOL, .dependent = a->module->name,
			    .comm = a->who.comm, .tid = a->tid, .err = ENOENT };

	if (end->ret == -EDEADLK)
		note_self_wait(m, a, EDEADLK);
	/* Symbols are looked up once the module is laid out. */
	if (end->ret != -ENOENT || end->stage != STAGE_LAYOUT)
		return;
	if (last && (last->refused || last->failed) && last->module != a->module->name) {
		d.kind = DAMAGE_BROKE;
		d.dependency = last->module;
		d.err = last->err;
	}
	relations_damage(&m->relations, &d);
}

static int note_step(struct model *m, const struct attempt *a, enum outcome outcome,
		     const struct event *end)
{
	struct step step = {
		.module = a->module->name,
		.err = end->ret < 0 && end->ret >= -ERRNO_LAST ? -end->ret : 0,
		.refused = outcome == OUTCOME_BUSY ||
			   (outcome == OUTCOME_MERGED && end->ret && end->ret != -EEXIST),
		.failed = outcome == OUTCOME_FAILED,
		.end_ns = end->time_ns,
	};

	if (!a->hidden)
		note_damage(m, a, end);
	else
		step.refused = step.failed = false;
	return relations_step(&m->relations, a->tid, &step);
}

static int count_errno(struct model *m, struct attempt *a, s32 returned)
{
	u16 err = returned < 0 && returned >= -ERRNO_LAST ? -returned : 0;
	int ret;

	if (!returned || a->hidden)
		return 0;
	ret = tally_errno(&m->totals, err);
	return ret ? ret : tally_errno(&a->module->tally, err);
}

static int handle_end(struct model *m, const struct event *ev)
{
	struct attempt *a = attempt_of(m, ev);
	enum outcome outcome;
	const char *name;
	u64 spent;
	int ret;

	if (!a)
		return -ENOMEM;
	if (a->no_begin && !m->untimed)
		a->begin_ns = sat_sub(ev->time_ns, ev->duration_ns);
	name = final_name(m, a, ev);
	ret = name ? attempt_place(m, a, name) : -ENOMEM;
	if (ret)
		return ret;
	spent = sat_add(sat_add(ev->read_bytes, ev->image_bytes), ev->layout_bytes);
	a->by_writer = is_refused_by_writer(a, ev);
	outcome = judge(a, ev);
	if (outcome == OUTCOME_LOADED)
		a->module->live_ns = ev->time_ns;
	if (ev->ret != -ETXTBSY && ev->time_ns > a->module->last_end_ns)
		a->module->last_end_ns = ev->time_ns;
	if (!a->hidden && ev->time_ns > a->module->done_ns)
		a->module->done_ns = ev->time_ns;
	if (a->by_writer && !a->hidden) {
		m->totals.by_writer++;
		a->module->tally.by_writer++;
	}
	count(m, a, open_outcome(a), -1);
	count(m, a, outcome, 1);
	ret = count_errno(m, a, ev->ret);
	if (!ret && !a->hidden)
		ret = devices_count(&m->devices, &a->requester->devices, &a->device);
	if (!ret)
		ret = account_time(m, a, outcome, ev);
	if (!ret && outcome == OUTCOME_MERGED)
		ret = account_merged(m, a, spent);
	if (!ret) {
		if (outcome == OUTCOME_MERGED || outcome == OUTCOME_EXISTS ||
		    outcome == OUTCOME_BUSY)
			ret = account_duplicate(m, a, ev);
		else
			ret = account_worker(m, a, outcome, ev, spent);
	}
	if (!ret)
		ret = note_step(m, a, outcome, ev);
	if (!ret)
		ret = tell_end(m, a, outcome, ev);
	attempt_abandon(m, a);
	return ret;
}

static void handle_free(struct model *m, const struct event *ev)
{
	const char *name =
		strings_intern(&m->strings, ev->name.text ? ev->name.text : "", ev->name.len);
	struct module *module = name ? map_get(&m->module_by_name, (uintptr_t)name) : NULL;

	if (module)
		module->live_ns = 0;
}

/* If nobody has the file for a load, it was open for writing. */
static void handle_exclusive_busy(struct model *m, const struct event *ev)
{
	struct attempt *a = map_get(&m->attempt_by_tid, (u32)ev->tid);

	if (!a || ev->ret != -ETXTBSY)
		return;
	a->by_load = ev->leader;
	a->by_writer = !ev->leader;
}

static int handle_named(struct model *m, const struct event *ev)
{
	struct attempt *a = map_get(&m->attempt_by_tid, (u32)ev->tid);
	const char *name;
	int ret;

	if (!a)
		return 0;
	a->ino = ev->ino;
	a->dev = ev->dev;
	if (!ev->file.len)
		return 0;
	name = file_module(m, &ev->file);
	ret = name ? attempt_place(m, a, name) : -ENOMEM;
	return ret ? ret : tell(m, ATTEMPT_CHANGED, a);
}

static int handle_rejected(struct model *m, const struct event *ev)
{
	struct attempt *a = map_get(&m->attempt_by_tid, (u32)ev->tid);
	int ret;

	m->rejected++;
	if (!a)
		return 0;
	count(m, a, open_outcome(a), -1);
	if (a->requester)
		a->requester->attempts--;
	ret = tell_end(m, a, OUTCOME_FAILED, ev);
	attempt_abandon(m, a);
	return ret;
}

static int handle_request(struct model *m, const struct event *ev)
{
	struct request *r = request_get(m, ev);

	if (!r)
		return -ENOMEM;
	if (ev->type == EVENT_REQUEST)
		relations_ask(&m->relations, ev->tid, r);
	else
		relations_answer(&m->relations, ev->tid);
	if (!request_passes(m, r, ev, since_start(m, ev->time_ns)))
		return 0;
	if (ev->type == EVENT_REQUEST)
		return request_count(m, r, ev);
	r->dups++;
	r->wait_ns = sat_add(r->wait_ns, ev->wait_ns);
	m->autoload_dups++;
	return ev->has_wait ? hist_add(&m->totals.wait, ev->wait_ns) : 0;
}

/* A worker's child is a helper that the kernel starts: modprobe, most often. */
static void handle_fork(struct model *m, const struct event *ev)
{
	const char *parent;

	if (!ev->time_ns || !m->relations.nr_asking)
		return;
	parent = tasks_comm(&m->tasks, ev->parent_tid);
	if (parent && !strncmp(parent, "kworker/", 8))
		tasks_set_origin(&m->tasks, ev->task, relations_help(&m->relations));
}

/* What a task was started for, and could not get, is the last thing that happened to it. */
static void handle_exit(struct model *m, const struct event *ev)
{
	const struct step *last = relations_last(&m->relations, ev->task);
	const struct request *request;
	const char *comm;

	if (!last && !m->relations.nr_asking)
		return;
	request = tasks_origin(&m->tasks, ev->task);
	comm = tasks_comm(&m->tasks, ev->task);
	if (last && last->refused && request && strcmp(request->name, last->module)) {
		const struct damage d = {
			.kind = DAMAGE_CUT,
			.dependency = last->module,
			.err = last->err,
			.request = request,
			.tid = ev->task,
			.comm = comm ? strings_intern(&m->strings, comm, strlen(comm)) : NULL,
		};

		relations_damage(&m->relations, &d);
	}
	relations_forget(&m->relations, ev->task);
}

static int handle_task(struct model *m, const struct event *ev)
{
	int ret;

	if (ev->type == EVENT_EXIT)
		handle_exit(m, ev);
	ret = tasks_event(&m->tasks, ev);
	if (!ret && ev->type == EVENT_FORK)
		handle_fork(m, ev);
	return ret;
}

static int handle_cgroup(struct model *m, const struct event *ev)
{
	struct str name;
	const char *unit;

	/* The root is everybody's who has no group of his own. */
	if (!ev->comm.len || (ev->comm.len == 1 && *ev->comm.text == '/'))
		return 0;
	if (m->unit_by_cgroup.nr >= CGROUPS_MAX) {
		m->evicted++;
		return 0;
	}
	name = cgroup_unit(&ev->comm);
	unit = strings_intern(&m->strings, name.text, name.len);
	return unit ? map_set(&m->unit_by_cgroup, ev->cgroup, (void *)unit) : -ENOMEM;
}

static int handle_lost(struct model *m, const struct event *ev)
{
	int ret = 0;

	m->lost = sat_add(m->lost, ev->lost);
	/* The end of any open attempt may be among them. */
	while (m->clean) {
		struct attempt *a = m->clean;

		count(m, a, OUTCOME_IN_FLIGHT, -1);
		count(m, a, OUTCOME_UNKNOWN, 1);
		clean_del(m, a);
		if (!ret)
			ret = tell(m, ATTEMPT_CHANGED, a);
	}
	return ret;
}

/**
 * model_event - take one more event in
 * @m: the model
 * @ev: the event; events must come in the order of time
 *
 * Return: 0 or -ENOMEM.
 */
int model_event(struct model *m, const struct event *ev)
{
	m->events[ev->type]++;
	if (ev->time_ns) {
		if (!m->first_ns || ev->time_ns < m->first_ns)
			m->first_ns = ev->time_ns;
		if (ev->time_ns > m->last_ns)
			m->last_ns = ev->time_ns;
	}
	switch (ev->type) {
	case EVENT_LOAD_BEGIN:
		return handle_begin(m, ev);
	case EVENT_LOAD_MERGED:
		return handle_merged(m, ev);
	case EVENT_LOAD_EXCLUSIVE_BUSY:
		handle_exclusive_busy(m, ev);
		return 0;
	case EVENT_LOAD_END:
		return handle_end(m, ev);
	case EVENT_LOAD_NAMED:
		return handle_named(m, ev);
	case EVENT_LOAD_REJECTED:
		return handle_rejected(m, ev);
	case EVENT_REQUEST:
	case EVENT_AUTOLOAD_DUP:
		return handle_request(m, ev);
	case EVENT_FREE:
		handle_free(m, ev);
		return 0;
	case EVENT_LOST:
		return handle_lost(m, ev);
	case EVENT_CGROUP:
		return handle_cgroup(m, ev);
	case EVENT_FORK:
	case EVENT_COMM:
	case EVENT_EXIT:
		return handle_task(m, ev);
	default:
		return 0;
	}
}

/**
 * model_watch - be told of each attempt when it begins, changes and ends
 * @m: the model
 * @watch: called during model_event(); NULL for nobody
 * @context: handed to it
 */
void model_watch(struct model *m, model_watch_fn watch, void *context)
{
	m->watch = watch;
	m->watch_context = context;
}

static int by_serial(const void *a, const void *b)
{
	const struct attempt *x = *(struct attempt **)a, *y = *(struct attempt **)b;

	return x->serial < y->serial ? -1 : x->serial > y->serial;
}

/**
 * model_tell_open - tell the watcher of attempts that have no end, when no more events come
 * @m: the model; unchanged
 *
 * Return: 0, -ENOMEM, or what the watcher returned.
 */
int model_tell_open(struct model *m)
{
	_cleanup_free_ struct attempt **open = NULL;
	size_t nr = 0, i;
	int ret = 0;

	if (!m->watch || !m->attempt_by_tid.nr)
		return 0;
	open = calloc(m->attempt_by_tid.nr, sizeof(*open));
	if (!open)
		return -ENOMEM;
	for (i = 0; i < m->attempt_by_tid.nr_slots; i++)
		if (m->attempt_by_tid.slots[i].value)
			open[nr++] = m->attempt_by_tid.slots[i].value;
	qsort(open, nr, sizeof(*open), by_serial);
	for (i = 0; i < nr && !ret; i++)
		ret = tell(m, ATTEMPT_ABANDONED, open[i]);
	return ret;
}

/**
 * model_evicted - how much is counted under another's name
 * @m: the model
 *
 * Return: how often "(others)" took the place of what there was no room for, rows and names.
 */
u64 model_evicted(const struct model *m)
{
	return sat_add(m->evicted, m->strings.evicted);
}

/**
 * model_comm - a thread's name now
 * @m: the model
 * @task: the thread, as task records count it
 *
 * Return: the name, valid until the next event, or NULL if nothing told.
 */
const char *model_comm(const struct model *m, s32 task)
{
	return tasks_comm(&m->tasks, task);
}
