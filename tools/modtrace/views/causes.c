// SPDX-License-Identifier: GPL-2.0-only
/* Findings by cause: a line for each, the worst modules inside it, the rest counted. */
#include "views/finder.h"

#include <inttypes.h>

#include "lib/format.h"
#include "views/aliases.h"
#include "views/blame.h"
#include "views/device_text.h"
#include "views/names.h"
#include "views/worst.h"

#define NAMED 3

enum cause {
	CAUSE_PER_CPU,
	CAUSE_NEVER_LOADS,
	CAUSE_FAILURES,
	CAUSE_SERIAL,
	CAUSE_DEVICES,
	CAUSE_STORM,
	CAUSE_INIT_MODULE,
	CAUSE_SLOW,
	CAUSE_WRITER,
	CAUSE_COMPRESSION,
	CAUSE_NR
};

/**
 * struct group - modules of one cause
 * @modules: those, the most wasteful first
 * @counts: what is counted of each
 * @nr: how many
 * @count: the sum of @counts
 * @attempts: of all of them
 * @duplicates: of all of them
 * @failed: of all of them
 * @cost: what duplicates wasted
 * @failed_bytes: what failed ones allocated
 * @times: of their calls
 * @blame: who asked
 * @devices: what for, as far as that is known
 */
struct group {
	const struct module **modules;
	u64 *counts;
	size_t nr;
	u64 count;
	u64 attempts;
	u64 duplicates;
	u64 failed;
	struct cost cost;
	u64 failed_bytes;
	struct call_times times;
	struct blame_list blame;
	struct device_list devices;
};

/**
 * struct facts - what several causes ask of one module
 * @by_udev: attempts that udev made
 * @per_cpu: each CPU's device asked for it
 * @of_devices: many devices of a kind asked, as they themselves tell
 */
struct facts {
	u64 by_udev;
	bool per_cpu;
	bool of_devices;
};

static u64 failed_of(const struct tally *t)
{
	return t->outcomes[OUTCOME_FAILED] + t->outcomes[OUTCOME_INTERRUPTED];
}

/* A bucket for what has no name is no module. */
static bool is_bucket(const struct module *m)
{
	return *m->name == '(';
}

static u64 errno_count(const struct tally *t, u16 err)
{
	size_t i;

	for (i = 0; i < t->nr_errnos; i++)
		if (t->errnos[i].err == err)
			return t->errnos[i].count;
	return 0;
}

/* The errno returned most. */
static const struct errno_count *main_errno(const struct tally *t, bool duplicates)
{
	const struct errno_count *most = NULL;
	size_t i;

	for (i = 0; i < t->nr_errnos; i++) {
		const u16 err = t->errnos[i].err;

		if (!duplicates && (err == EEXIST || err == EBUSY))
			continue;
		if (!most || t->errnos[i].count > most->count)
			most = &t->errnos[i];
	}
	return most;
}

/* Those of duplicates that cost something: merged ones that waited for a load cost time alone. */
static bool is_wasteful(const struct tally *t)
{
	const struct byte_marks marks = marks_of_tally(t);

	return tally_wasted(t) || !marks_wasted_known(&marks, tally_wasted(t)) ||
	       t->outcomes[OUTCOME_MERGED] < tally_duplicates(t) / 2;
}

static bool is_storm(const struct tally *t)
{
	const u64 dups = tally_duplicates(t);

	return dups >= STORM_DUPLICATES && dups * 2 >= t->attempts && is_wasteful(t);
}

static u64 by_udev(const struct module *m)
{
	struct blame_list blame = { 0 };

	blame_add(&blame, m->requesters);
	return blame.by[CULPRIT_UDEV].attempts;
}

static void devices_of(const struct module *m, struct device_list *list)
{
	const struct requester *r;

	*list = (struct device_list){ 0 };
	for (r = m->requesters; r; r = r->next)
		devices_merge(list, r->devices);
}

/* Of most CPUs the device asked. */
static bool is_of_cpus(const struct device_list *list, unsigned int cpus)
{
	u64 devices = 0, attempts = 0;
	size_t i;

	for (i = 0; i < list->nr; i++) {
		const struct device_group *g = &list->groups[i];

		if (!device_group_is_cpu(g))
			continue;
		attempts += g->attempts;
		if (g->devices > devices)
			devices = g->devices;
	}
	return devices * 4 >= (u64)cpus * 3 && attempts * 2 >= devices_attempts(list);
}

/*
 * A module that each CPU's device asks for. Where devices aren't known of most attempts, their
 * number tells: udev makes about one attempt a CPU.
 */
static bool is_per_cpu(const struct module *m, unsigned int cpus, const struct device_list *list,
		       u64 udevs)
{
	const u64 attempts = m->tally.attempts;

	if (cpus < STORM_DUPLICATES)
		return false;
	if (devices_attempts(list) * 4 >= attempts * 3)
		return is_of_cpus(list, cpus);
	return is_storm(&m->tally) && attempts / 3 * 4 >= cpus && udevs * 4 >= attempts * 3;
}

static bool is_of_devices(const struct module *m, const struct device_list *list)
{
	size_t i;

	if (devices_attempts(list) * 4 < m->tally.attempts * 3)
		return false;
	for (i = 0; i < list->nr; i++)
		if (list->groups[i].devices >= STORM_DUPLICATES)
			return true;
	return false;
}

static struct facts facts_of(const struct finder *f, const struct module *m)
{
	struct device_list list;
	struct facts facts = { 0 };

	/* Of fewer none of these is said. */
	if (m->tally.attempts < STORM_DUPLICATES / 2)
		return facts;
	devices_of(m, &list);
	facts.by_udev = by_udev(m);
	facts.per_cpu = is_per_cpu(m, f->info->cpus, &list, facts.by_udev);
	facts.of_devices = is_of_devices(m, &list);
	return facts;
}

static bool never_loads(const struct module *m)
{
	return m->tally.attempts >= STORM_DUPLICATES && module_never_loads(m);
}

static u64 count_of(enum cause cause, const struct module *m, const struct facts *facts)
{
	const struct tally *t = &m->tally;
	const u64 dups = tally_duplicates(t);

	switch (cause) {
	case CAUSE_NEVER_LOADS:
		return never_loads(m) ? t->attempts : 0;
	case CAUSE_FAILURES:
		return !never_loads(m) && !is_bucket(m) &&
				       failed_of(t) - t->by_writer >= STORM_DUPLICATES
			       ? failed_of(t)
			       : 0;
	case CAUSE_PER_CPU:
		return dups * 2 >= t->attempts && is_wasteful(t) && !is_bucket(m) &&
				       !never_loads(m) && facts->per_cpu ?
			       dups :
			       0;
	case CAUSE_SERIAL:
		return is_storm(t) && !is_bucket(m) && !facts->per_cpu &&
				       t->serial * 4 >= dups * 3 && !facts->of_devices ?
			       t->serial :
			       0;
	case CAUSE_DEVICES:
	case CAUSE_STORM:
		return is_storm(t) && !is_bucket(m) && !never_loads(m) && !facts->per_cpu &&
				       (t->serial * 4 < dups * 3 || facts->of_devices) &&
				       (facts->by_udev * 4 >= t->attempts * 3) ==
					       (cause == CAUSE_DEVICES) ?
			       dups :
			       0;
	case CAUSE_INIT_MODULE:
		return t->init_dups;
	case CAUSE_SLOW:
		return t->calls[CALL_LOAD].max >= SLOW_LOAD_NS;
	case CAUSE_WRITER:
		return t->by_writer;
	case CAUSE_COMPRESSION:
		return errno_count(t, EOPNOTSUPP);
	case CAUSE_NR:
		break;
	}
	return 0;
}

static void group_free(struct group *g)
{
	free(g->modules);
	free(g->counts);
}

static void group_add(struct group *g, const struct module *m, u64 count)
{
	struct device_list devices;
	const struct requester *r;

	g->modules[g->nr] = m;
	g->counts[g->nr++] = count;
	g->count += count;
	g->attempts += m->tally.attempts;
	g->duplicates += tally_duplicates(&m->tally);
	g->failed += failed_of(&m->tally);
	g->failed_bytes = sat_add(g->failed_bytes, m->tally.failed_bytes);
	times_merge(&g->times, &m->tally.times);
	blame_add(&g->blame, m->requesters);
	devices_of(m, &devices);
	devices_merge(&g->devices, &devices);
	for (r = m->requesters; r; r = r->next)
		cost_add(&g->cost, &r->wasted);
}

static int group_make(struct group *g, const struct finder *f, enum cause cause,
		      const struct facts *facts)
{
	size_t i;

	g->modules = calloc(f->nr_modules + 1, sizeof(*g->modules));
	g->counts = calloc(f->nr_modules + 1, sizeof(*g->counts));
	if (!g->modules || !g->counts)
		return -ENOMEM;
	for (i = 0; i < f->nr_modules; i++) {
		u64 count = count_of(cause, f->modules[i], &facts[i]);

		if (count)
			group_add(g, f->modules[i], count);
	}
	return 0;
}

/* "kvm 29, aesni_intel 29, kvm_amd 29 and 9 more" */
static int say_modules(const struct group *g, struct buf *text)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < g->nr && i < NAMED && !ret; i++)
		ret = buf_addf(text, "%s%s %" PRIu64, i ? ", " : "", g->modules[i]->name,
			       g->counts[i]);
	if (!ret && g->nr > NAMED)
		ret = buf_addf(text, " and %zu more", g->nr - NAMED);
	return ret;
}

/* "they wasted 12 MiB and 3 worker-seconds", failed ones included. */
static int say_cost(const struct group *g, bool failures, struct buf *text)
{
	const u64 bytes = sat_add(cost_total(&g->cost), failures ? g->failed_bytes : 0);
	const u64 ns = sat_add(g->times.ns[CALL_DUP], failures ? g->times.ns[CALL_FAIL] : 0);
	const bool known = marks_wasted_known(&g->cost.marks, cost_total(&g->cost)) ||
			   (failures && g->failed_bytes);
	const char *about = marks_exact(&g->cost.marks) ? "" : "about ";
	char some[32], time[48];

	format_bytes(some, sizeof(some), bytes);
	format_worker_seconds(time, sizeof(time), ns);
	if (!known && !g->times.any)
		return buf_addf(text, "cost unknown");
	return buf_addf(text, "%s%s%s%s%s", known ? about : "", known ? some : "bytes unknown",
			g->times.any ? ", " : "", g->times.any ? time : "", "");
}

static int say_errnos(const struct group *g, struct buf *text)
{
	const struct errno_count *most;
	char name[16];
	int ret = 0;
	size_t i;

	for (i = 0; i < g->nr && i < NAMED && !ret; i++) {
		most = main_errno(&g->modules[i]->tally, false);
		ret = buf_addf(text, "%s%s %" PRIu64, i ? ", " : "", g->modules[i]->name,
			       g->counts[i]);
		if (!ret && most)
			ret = buf_addf(text, " (%s %" PRIu64 ")",
				       errno_text(most->err, name, sizeof(name)), most->count);
	}
	if (!ret && g->nr > NAMED)
		ret = buf_addf(text, " and %zu more", g->nr - NAMED);
	return ret;
}

/* "aesni_intel took 31.2 s, kvm 10.3 s" */
static int say_loads(const struct group *g, struct buf *text)
{
	char time[32];
	size_t i;
	int ret = 0;

	for (i = 0; i < g->nr && i < NAMED && !ret; i++) {
		format_ns(time, sizeof(time), g->modules[i]->tally.calls[CALL_LOAD].max);
		ret = buf_addf(text, "%s%s %s%s", i ? ", " : "", g->modules[i]->name,
			       i ? "" : "took ", time);
	}
	if (!ret && g->nr > NAMED)
		ret = buf_addf(text, " and %zu more", g->nr - NAMED);
	return ret;
}

static const struct blame *main_blame(const struct group *g)
{
	const struct blame *most = NULL, *b;

	for (b = g->blame.by; b < g->blame.by + CULPRIT_NR; b++)
		if (b->attempts && (!most || b->attempts > most->attempts))
			most = b;
	return most;
}

static void add_names(struct finder *f, const struct group *g)
{
	size_t i;

	if (!f->last)
		return;
	f->last->modules = calloc(g->nr + 1, sizeof(*f->last->modules));
	if (!f->last->modules) {
		f->ret = -ENOMEM;
		return;
	}
	for (i = 0; i < g->nr; i++)
		f->last->modules[i] = g->modules[i]->name;
	f->last->cost_ns = sat_add(g->times.ns[CALL_DUP], g->times.ns[CALL_FAIL]);
	f->last->nr_modules = g->nr;
}

static void add_evidence_of(struct finder *f, const struct group *g, const struct blame *most)
{
	const struct errno_count *err = main_errno(&g->modules[0]->tally, !g->failed);

	evidence(f, "modules", g->nr);
	evidence(f, "attempts", g->attempts);
	evidence(f, "duplicates", g->duplicates);
	evidence(f, "failed", g->failed);
	evidence(f, "cpus", f->info->cpus);
	evidence_if(f, "wasted_bytes", cost_total(&g->cost),
		    marks_wasted_known(&g->cost.marks, cost_total(&g->cost)));
	if (g->failed)
		evidence(f, "failed_bytes", g->failed_bytes);
	evidence_if(f, "dup_time_ns", g->times.ns[CALL_DUP], times_known(&g->times, CALL_DUP));
	if (g->failed)
		evidence_if(f, "fail_time_ns", g->times.ns[CALL_FAIL],
			    times_known(&g->times, CALL_FAIL));
	if (g->failed && err)
		evidence(f, "errno", err->err);
	if (most) {
		evidence_text(f, "who", blame_name(most));
		evidence_text(f, "requester", most->top ? most->top->who.comm : NULL);
	}
}

/* ", for cpu0 ... cpu63 (64 of subsystem cpu)" */
static int say_devices(const struct group *g, struct buf *text)
{
	int ret;

	if (!devices_attempts(&g->devices))
		return buf_addf(text, "%s", "");
	ret = buf_addf(text, ", for ");
	return ret ? ret : devices_say(&g->devices, text);
}

/* Lines that can be copied; for udev alone, as a module asked for by its name is loaded all the same. */
static void add_blacklist(struct finder *f, const struct group *g, const struct blame *most)
{
	_cleanup_buf_ struct buf text = { 0 };
	size_t i, nr = 0;

	if (!f->last || !most || most->culprit != CULPRIT_UDEV)
		return;
	for (i = 0; i < g->nr && nr < NAMED && !f->ret; i++)
		if (alias_is_plain(g->modules[i]->name))
			f->ret = buf_addf(&text, "%s\"blacklist %s\"", nr++ ? ", " : "",
					  g->modules[i]->name);
	if (f->ret || !nr)
		return;
	f->ret = buf_addf(
		&text,
		"%s in a file of /etc/modprobe.d, where the hardware is another's, and the "
		"initramfs made anew; or clear MODALIAS of the devices that ask, by a udev rule%s",
		g->nr > nr ? " and the like" : "",
		f->cpus_ask ? " (modtrace-udev enable leaves one of them to ask)" : "");
	if (!f->ret)
		finding_remedy(f, TAKE_PTR(text.data));
}

static void say_group(struct finder *f, enum cause cause, const struct group *g)
{
	static const struct {
		const char *id;
		enum severity severity;
	} kinds[] = {
		[CAUSE_PER_CPU] = { "per_cpu_modalias", SEVERITY_WARN },
		[CAUSE_NEVER_LOADS] = { "never_loads", SEVERITY_WARN },
		[CAUSE_FAILURES] = { "failure_storm", SEVERITY_WARN },
		[CAUSE_SERIAL] = { "serial_repeats", SEVERITY_WARN },
		[CAUSE_DEVICES] = { "identical_devices", SEVERITY_WARN },
		[CAUSE_STORM] = { "storm", SEVERITY_WARN },
		[CAUSE_INIT_MODULE] = { "init_module", SEVERITY_WARN },
		[CAUSE_SLOW] = { "slow_load", SEVERITY_WARN },
		[CAUSE_WRITER] = { "writer", SEVERITY_WARN },
		[CAUSE_COMPRESSION] = { "compression", SEVERITY_ERROR },
	};
	const char *id = kinds[cause].id, *name = g->modules[0]->name;
	const enum severity severity = kinds[cause].severity;
	const struct blame *most = main_blame(g);
	_cleanup_buf_ struct buf names = { 0 }, cost = { 0 }, errnos = { 0 }, times = { 0 },
				 devices = { 0 };
	char who[256] = "an unknown requester";

	f->ret = f->ret ? f->ret : say_modules(g, &names);
	f->ret = f->ret ? f->ret : say_errnos(g, &errnos);
	f->ret = f->ret ? f->ret : say_loads(g, &times);
	f->ret = f->ret ? f->ret : say_devices(g, &devices);
	f->ret = f->ret ? f->ret
			: say_cost(g, cause == CAUSE_NEVER_LOADS || cause == CAUSE_FAILURES, &cost);
	if (f->ret)
		return;
	if (most)
		blame_who(most, f->info, who, sizeof(who));
	switch (cause) {
	case CAUSE_PER_CPU:
		finding_add(f, id, severity, name,
			    "per-CPU modalias: %" PRIu64
			    " duplicates on %u CPUs, once a CPU by udev%s: %s; cost %s",
			    g->count, f->info->cpus, devices.data, names.data, cost.data);
		break;
	case CAUSE_NEVER_LOADS:
		finding_add(f, id, severity, name,
			    "%zu module%s never load%s here: %" PRIu64
			    " attempts: %s; cost %s; by %s",
			    g->nr, PLURAL(g->nr), g->nr == 1 ? "s" : "", g->count, errnos.data,
			    cost.data, who);
		add_blacklist(f, g, most);
		break;
	case CAUSE_FAILURES:
		finding_add(f, id, severity, name,
			    "repeated failures: %" PRIu64 " attempts: %s; cost %s; by %s", g->count,
			    errnos.data, cost.data, who);
		break;
	case CAUSE_SERIAL:
		finding_add(f, id, severity, name,
			    "repeats of a live module: %" PRIu64
			    " duplicates began after it was loaded: %s; cost %s; by %s",
			    g->count, names.data, cost.data, who);
		break;
	case CAUSE_DEVICES:
		finding_add(f, id, severity, name,
			    "udev asked for the same modules for many devices: %" PRIu64
			    " of %" PRIu64 " attempts were duplicates: %s; cost %s%s",
			    g->count, g->attempts, names.data, cost.data,
			    devices.len ? devices.data : "; which devices wasn't recorded");
		if (f->last && f->cpus_ask && !devices_attempts(&g->devices))
			f->last->remedy =
				"CPUs are among the devices, as modules that were asked for "
				"once a CPU tell: have one ask for all: modtrace-udev enable, "
				"or the two udev rules in modtrace-report(1)";
		break;
	case CAUSE_STORM:
		finding_add(f, id, severity, name,
			    "%" PRIu64 " of %" PRIu64
			    " attempts were duplicates: %s; cost %s; by %s",
			    g->count, g->attempts, names.data, cost.data, who);
		break;
	case CAUSE_INIT_MODULE:
		finding_add(f, id, severity, name,
			    "%" PRIu64 " duplicate%s came through init_module(), which no gate can "
			    "stop before the copy: %s",
			    g->count, PLURAL(g->count), names.data);
		break;
	case CAUSE_SLOW:
		finding_add(f, id, severity, name, "slow load%s%s: %s", PLURAL(g->nr),
			    g->duplicates >= STORM_DUPLICATES ? " among duplicates" : "",
			    times.data);
		/* What competes with a load is not what its init waits for. */
		if (f->last && g->duplicates >= STORM_DUPLICATES)
			f->last->remedy = "end the duplicates first, which compete for the same "
					  "CPUs and locks; if it is as slow without them, see what "
					  "the module's init waits for (dmesg)";
		break;
	case CAUSE_WRITER:
		finding_add(f, id, severity, name,
			    "%" PRIu64 " attempt%s refused with ETXTBSY, as the file was open for "
			    "writing: %s; by %s",
			    g->count, PLURAL(g->count), names.data, who);
		break;
	case CAUSE_COMPRESSION:
		finding_add(f, id, severity, name,
			    "the kernel can't decompress the file (EOPNOTSUPP): %" PRIu64
			    " attempt%s: %s",
			    g->count, PLURAL(g->count), names.data);
		break;
	case CAUSE_NR:
		return;
	}
	if (f->last)
		f->last->devices = g->devices;
	add_evidence_of(f, g, most);
	add_names(f, g);
	if (cause != CAUSE_SLOW || !f->last)
		return;
	evidence(f, "load_time_ns", g->modules[0]->tally.calls[CALL_LOAD].max);
	f->last->cost_ns = g->times.ns[CALL_LOAD];
}

/* The slowest loads first: the order of modules is another. */
static void slowest_first(struct group *g)
{
	size_t i, at;

	for (i = 1; i < g->nr; i++) {
		const struct module *m = g->modules[i];

		for (at = i; at && g->modules[at - 1]->tally.calls[CALL_LOAD].max <
					   m->tally.calls[CALL_LOAD].max;
		     at--)
			g->modules[at] = g->modules[at - 1];
		g->modules[at] = m;
	}
}

/* Good news, in one line: there were duplicates, and they cost no memory. */
static void find_merged(struct finder *f)
{
	const struct tally *t = &f->m->totals;
	const u64 merged = t->outcomes[OUTCOME_MERGED];
	char bytes[32], time[48];

	if (merged < STORM_DUPLICATES || tally_wasted(t) || !tally_wasted_known(t))
		return;
	format_bytes(bytes, sizeof(bytes), t->avoided_bytes);
	format_worker_seconds(time, sizeof(time), t->times.ns[CALL_DUP]);
	finding_add(f, "merged", SEVERITY_INFO, NULL,
		    "all is well: %" PRIu64
		    " duplicates were merged and wasted no memory (%s%s avoided); waiting took %s",
		    merged, t->avoided_known < merged ? "at least " : "", bytes, time);
	evidence(f, "merged", merged);
	evidence_if(f, "avoided_bytes", t->avoided_bytes, t->avoided_known);
	evidence(f, "late", t->late);
	evidence_if(f, "dup_time_ns", t->times.ns[CALL_DUP], times_known(&t->times, CALL_DUP));
}

/**
 * find_causes - look for what several modules may have in common
 * @f: the finder
 */
void find_causes(struct finder *f)
{
	_cleanup_free_ struct facts *facts = calloc(f->nr_modules + 1, sizeof(*facts));
	enum cause cause;
	size_t i;

	if (!facts) {
		f->ret = -ENOMEM;
		return;
	}
	for (i = 0; i < f->nr_modules; i++) {
		facts[i] = facts_of(f, f->modules[i]);
		f->cpus_ask |= facts[i].per_cpu;
	}
	for (cause = 0; cause < CAUSE_NR && !f->ret; cause++) {
		_cleanup_(group_free) struct group g = { 0 };

		f->ret = group_make(&g, f, cause, facts);
		if (cause == CAUSE_SLOW)
			slowest_first(&g);
		if (!f->ret && g.nr)
			say_group(f, cause, &g);
	}
	if (f->ret)
		return;
	find_fruitless(f);
	find_merged(f);
}
