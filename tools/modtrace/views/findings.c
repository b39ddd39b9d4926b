// SPDX-License-Identifier: GPL-2.0-only
#include "views/findings.h"

#include <inttypes.h>

#include "lib/format.h"
#include "model/open.h"
#include "views/blame.h"
#include "views/finder.h"
#include "views/names.h"
#include "views/remedies.h"

/**
 * severity_name - name of a severity in the outputs
 * @severity: the severity
 *
 * Return: a static string.
 */
const char *severity_name(enum severity severity)
{
	static const char *const names[] = { "info", "warn", "error" };

	return names[severity];
}

/**
 * finding_add - add a finding
 * @f: the finder, which keeps it as its last one
 * @id: what kind it is, static
 * @severity: how bad
 * @module: the module it is about most, the model's; NULL for the recording
 * @fmt: printf format of its text
 */
void finding_add(struct finder *f, const char *id, enum severity severity, const char *module,
		 const char *fmt, ...)
{
	struct findings *found = f->found;
	_cleanup_buf_ struct buf text = { 0 };
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = buf_vaddf(&text, fmt, ap);
	va_end(ap);
	f->last = NULL;
	if (ret || grow(&found->all, &found->cap, found->nr + 1, sizeof(*found->all))) {
		f->ret = -ENOMEM;
		return;
	}
	f->last = &found->all[found->nr++];
	*f->last = (struct finding){ .id = id,
				     .severity = severity,
				     .module = module,
				     .text = TAKE_PTR(text.data),
				     .remedy = remedy_of(id) };
}

static void add_evidence(struct finder *f, struct evidence one)
{
	struct finding *finding = f->last;
	size_t i = 0;

	if (!finding)
		return;
	while (finding->evidence[i].key)
		i++;
	/* The last one stays empty: it ends the list. */
	if (i + 1 < ARRAY_SIZE(finding->evidence))
		finding->evidence[i] = one;
}

/**
 * evidence - add a number that the last finding stands on
 * @f: the finder
 * @key: its key in JSON, static
 * @value: the number
 */
void evidence(struct finder *f, const char *key, u64 value)
{
	add_evidence(f, (struct evidence){ .key = key, .value = value });
}

/**
 * evidence_if - add a number that may not be known
 * @f: the finder
 * @key: its key in JSON, static
 * @value: the number
 * @known: it is
 */
void evidence_if(struct finder *f, const char *key, u64 value, bool known)
{
	add_evidence(f, (struct evidence){ .key = key, .value = value, .unknown = !known });
}

/**
 * evidence_text - add a name that the last finding stands on
 * @f: the finder
 * @key: its key in JSON, static
 * @text: the name, the model's, or static; nothing is added for NULL
 */
void evidence_text(struct finder *f, const char *key, const char *text)
{
	if (text)
		add_evidence(f, (struct evidence){ .key = key, .text = text });
}

/**
 * finding_remedy - give the last finding a remedy of its own
 * @f: the finder
 * @text: the remedy, which the finding owns from then on; names in it need no escaping
 */
void finding_remedy(struct finder *f, char *text)
{
	if (!f->last) {
		free(text);
		return;
	}
	free(f->last->own_remedy);
	f->last->own_remedy = text;
	f->last->remedy = text;
}

/* "they wasted 12 MiB", or that of @of unless that is the largest number, as far as it is known. */
static const char *say_waste(char *text, size_t size, u64 bytes, u64 of,
			     const struct byte_marks *marks)
{
	const char *about = marks_exact(marks) ? "" : "about ";
	char some[32], all[32];

	format_bytes(some, sizeof(some), bytes);
	format_bytes(all, sizeof(all), of);
	if (!marks_wasted_known(marks, bytes))
		snprintf(text, size, "bytes wasted unknown");
	else if (of == UINT64_MAX)
		snprintf(text, size, "they wasted %s%s", about, some);
	else
		snprintf(text, size, "they wasted %s%s of %s", about, some, all);
	return text;
}

static enum severity severity_of_waste(u64 bytes, bool known)
{
	return bytes || !known ? SEVERITY_WARN : SEVERITY_INFO;
}

static void find_lost_events(struct finder *f)
{
	const u64 lost = f->info->lost;

	if (f->info->lost_at_least) {
		finding_add(f, "lost_events", SEVERITY_ERROR, NULL,
			    "an unknown number of events was lost: counts are too low");
	} else if (lost) {
		finding_add(f, "lost_events", SEVERITY_ERROR, NULL,
			    "%" PRIu64 " event%s: counts are too low", lost,
			    lost == 1 ? " was lost" : "s were lost");
		evidence(f, "lost", lost);
	}
	if (f->info->is_boot && f->last && (lost || f->info->lost_at_least))
		f->last->remedy =
			"double trace_buf_size= on the kernel command line (modtrace record "
			"--boot-cmdline --cpus=N has a size for N CPUs), and have the recorder in the "
			"initramfs and its unit start early (modtrace-boot enable)";
}

/* Who loads a module makes a system call: where there are none, they were kept from us. */
static void find_silenced(struct finder *f)
{
	const u64 loads = f->m->events[EVENT_LOAD];

	if (!f->info->stock || !loads || f->m->totals.attempts || f->m->rejected ||
	    !(f->info->recorded & 1U << EVENT_FINIT_EXIT) ||
	    (f->m->filter && !filter_is_empty(f->m->filter)))
		return;
	finding_add(f, "silenced", SEVERITY_ERROR, NULL,
		    "%" PRIu64
		    " module%s loaded, and the recording has none of the system calls that did it: "
		    "nothing is known of duplicates",
		    loads, loads == 1 ? " was" : "s were");
	evidence(f, "loads", loads);
}

/* The words for an unpatched kernel on a patched one. */
static void find_stock_words(struct finder *f)
{
	if (!f->info->stock || !source_has_series(f->info) ||
	    !marks_of_tally(&f->m->totals).unknown)
		return;
	finding_add(
		f, "stock_words", SEVERITY_WARN, NULL,
		"the kernel is patched, but the events of an unpatched one were recorded: what duplicates "
		"allocated isn't known");
}

static void find_untimed(struct finder *f)
{
	const struct source_info *info = f->info;

	if (!info->untimed)
		return;
	finding_add(
		f, "untimed", SEVERITY_WARN, NULL,
		info->clock ?
			"the recording's clock, %s, doesn't count time in a known unit: the order "
			"of events is known, times are not" :
			"the recording has no%s times: counts are right, if events that depend on "
			"each other were on one CPU",
		info->clock ? info->clock : "");
	evidence_text(f, "clock", info->clock);
}

static void find_other_clock(struct finder *f)
{
	if (!f->info->other_clock)
		return;
	finding_add(f, "other_clock", SEVERITY_WARN, NULL,
		    "%" PRIu64
		    " events were left out: the clock of their buffers isn't that of the others, "
		    "so their place among them is unknown",
		    f->info->other_clock);
	evidence(f, "events", f->info->other_clock);
}

static void find_truncated(struct finder *f)
{
	if (f->info->truncated)
		finding_add(f, "truncated", SEVERITY_WARN, NULL,
			    "the recording is incomplete: %s; the report covers what precedes that",
			    f->info->why_truncated);
}

static void find_would_tell_more(struct finder *f)
{
	const char *by = f->info->generator;

	if (!f->info->would_tell_more[0])
		return;
	finding_add(f, "would_tell_more", SEVERITY_INFO, NULL, "missing from the recording: %s",
		    f->info->would_tell_more);
	/* What modtrace left out, the kernel didn't have. */
	if (!f->last || !by || strncmp(by, "modtrace", 8))
		return;
	if (!f->info->is_boot)
		f->last->remedy =
			"a kernel with CONFIG_KPROBE_EVENTS; --module-sizes gives estimates";
	else if (f->m->totals.estimated)
		f->last->remedy = "none for boots: probes on the kernel command line can't count "
				  "bytes, which are estimated here by the sizes of the files";
	else
		f->last->remedy = "none for boots: probes on the kernel command line can't count "
				  "bytes; --module-sizes gives estimates";
}

static void find_no_ring(struct finder *f)
{
	if (!f->info->no_ring_ns)
		return;
	finding_add(f, "no_ring", SEVERITY_WARN, NULL,
		    "CPUs were online for up to %" PRIu64
		    " ms in total before they had a ring: events of that time are missing",
		    f->info->no_ring_ns / NSEC_PER_MSEC);
	evidence(f, "no_ring_ns", f->info->no_ring_ns);
}

static void find_renaming(struct finder *f)
{
	const u64 nr = f->info->renamers;

	if (!nr)
		return;
	finding_add(f, "renaming", SEVERITY_INFO, NULL,
		    "%" PRIu64 " %s another name all the time, and %s shown as (renaming) since",
		    nr, nr == 1 ? "task took" : "tasks took", nr == 1 ? "is" : "are");
	evidence(f, "tasks", nr);
}

static void find_unknown_events(struct finder *f)
{
	if (!f->info->unknown_events)
		return;
	finding_add(f, "unknown_events", SEVERITY_INFO, NULL,
		    "%" PRIu64 " unrecognized events in the recording were ignored",
		    f->info->unknown_events);
	evidence(f, "unknown_events", f->info->unknown_events);
}

/* How long an attempt has gone on at the recording's end; 0 if that isn't known. */
static u64 age_of(const struct finder *f, const struct open_attempt *a)
{
	const u64 noted = f->info->truncated ? 0 : f->info->end_ns;

	if (f->info->untimed)
		return 0;
	return sat_sub(noted > f->m->last_ns ? noted : f->m->last_ns, a->begin_ns);
}

static void find_in_flight(struct finder *f)
{
	const u64 open = f->m->totals.outcomes[OUTCOME_IN_FLIGHT];
	_cleanup_buf_ struct buf names = { 0 };
	struct open_list oldest;
	char age[32];
	size_t i;
	int ret;

	if (!open || f->info->goes_on)
		return;
	model_oldest_open(f->m, &oldest);
	for (i = 0; i < oldest.nr; i++) {
		format_ns(age, sizeof(age), age_of(f, &oldest.all[i]));
		ret = buf_addf(&names, "%s%s by %s %d%s%s", i ? ", " : ": ", oldest.all[i].module,
			       oldest.all[i].comm, oldest.all[i].tid,
			       f->info->untimed ? "" : " after ", f->info->untimed ? "" : age);
		if (ret)
			f->ret = ret;
	}
	finding_add(f, "in_flight",
		    oldest.nr && age_of(f, &oldest.all[0]) >= SLOW_LOAD_NS ? SEVERITY_WARN
									   : SEVERITY_INFO,
		    oldest.nr ? oldest.all[0].module : NULL,
		    "%" PRIu64
		    " attempt%s had not ended when the recording ended, or lost %s task%s%s%s",
		    open, PLURAL(open), open == 1 ? "its" : "their", names.len ? names.data : "",
		    open > oldest.nr && oldest.nr ? ", " : "",
		    open > oldest.nr && oldest.nr ? "and others" : "");
	evidence(f, "in_flight", open);
	if (!oldest.nr)
		return;
	if (f->last)
		f->last->cost_ns = age_of(f, &oldest.all[0]);
	evidence_if(f, "age_ns", age_of(f, &oldest.all[0]), !f->info->untimed);
	evidence(f, "task", oldest.all[0].tid);
	evidence_text(f, "comm", oldest.all[0].comm);
}

static void find_avoided_partly_known(struct finder *f)
{
	const struct tally *t = &f->m->totals;
	const u64 merged = t->outcomes[OUTCOME_MERGED];

	if (t->avoided_known >= merged)
		return;
	finding_add(f, "avoided_partly_known", SEVERITY_INFO, NULL,
		    "what %" PRIu64 " of %" PRIu64 " merged attempts saved is unknown: the load "
		    "they waited for is not in the recording",
		    merged - t->avoided_known, merged);
	evidence(f, "merged", merged);
	evidence(f, "known", t->avoided_known);
}

static void find_self_wait(struct finder *f, const struct damage *d)
{
	char site[160] = "", often[32];

	format_times(often, sizeof(often), d->count);
	if (d->request)
		view_call_site(f->info, d->request, site, sizeof(site));
	if (d->holder && d->request)
		finding_add(f, "self_wait", SEVERITY_ERROR, d->dependency,
			    "%s: %s %d would have waited for itself (EDEADLK, %s): the load of %s "
			    "by task %d asked for %s at %s, and was waiting for that",
			    d->dependency, d->comm, d->tid, often, d->dependent, d->holder,
			    d->request->name, site);
	else
		finding_add(f, "self_wait", SEVERITY_ERROR, d->dependency,
			    "%s: %s %d would have waited for itself (EDEADLK, %s); the requester "
			    "is not in the recording",
			    d->dependency, d->comm, d->tid, often);
	evidence(f, "count", d->count);
	evidence(f, "task", d->tid);
	evidence_text(f, "comm", d->comm);
	if (d->holder) {
		evidence(f, "holder_task", d->holder);
		evidence_text(f, "holder_module", d->dependent);
	}
	if (d->request)
		evidence_text(f, "request", d->request->name);
}

static void find_damage(struct finder *f, const struct damage *d)
{
	char text[16], site[160] = "", often[32];

	format_times(often, sizeof(often), d->count);
	switch (d->kind) {
	case DAMAGE_SELF:
		find_self_wait(f, d);
		return;
	case DAMAGE_SYMBOL:
		finding_add(f, "missing_symbols", SEVERITY_WARN, d->dependent,
			    "%s: %" PRIu64
			    " attempt%s failed with ENOENT during symbol lookup: a module it "
			    "depends on was not loaded; dmesg lists the symbols",
			    d->dependent, d->count, PLURAL(d->count));
		break;
	case DAMAGE_BROKE:
		finding_add(f, "dependency_damage", SEVERITY_ERROR, d->dependent,
			    "%s: failed because its dependency %s had been refused with %s to the "
			    "same task (%s%s %d, %s)",
			    d->dependent, d->dependency, errno_text(d->err, text, sizeof(text)),
			    d->count > 1 ? "first " : "", d->comm ? d->comm : "task", d->tid,
			    often);
		break;
	case DAMAGE_CUT:
		view_call_site(f->info, d->request, site, sizeof(site));
		finding_add(f, "dependency_damage", SEVERITY_ERROR, d->dependency,
			    "%s: refused with %s to %s %d, which then gave up: the kernel's "
			    "request for %s at %s failed (%s)",
			    d->dependency, errno_text(d->err, text, sizeof(text)),
			    d->comm ? d->comm : "task", d->tid, d->request->name, site, often);
		break;
	}
	evidence(f, "count", d->count);
	evidence_text(f, "dependency", d->dependency);
	evidence_text(f, "dependent", d->dependent);
	if (d->request)
		evidence_text(f, "request", d->request->name);
	evidence(f, "errno", d->err);
	evidence(f, "task", d->tid);
	evidence_text(f, "comm", d->comm);
}

static void say_blame(struct finder *f, const struct blame *b)
{
	const struct tally *t = &f->m->totals;
	const u64 dups = tally_duplicates(t), wasted = tally_wasted(t);
	const u64 failed = t->outcomes[OUTCOME_FAILED] + t->outcomes[OUTCOME_INTERRUPTED];
	const u64 wasted_by = cost_total(&b->wasted);
	const bool known = marks_wasted_known(&b->wasted.marks, wasted_by);
	char who[256], waste[128];

	blame_who(b, f->info, who, sizeof(who));
	say_waste(waste, sizeof(waste), wasted_by, wasted, &b->wasted.marks);
	if (b->duplicates)
		finding_add(f, "blame", severity_of_waste(wasted_by, known), NULL,
			    "%" PRIu64 " of %" PRIu64 " duplicates came from %s; %s", b->duplicates,
			    dups, who, waste);
	else
		finding_add(f, "blame", SEVERITY_WARN, NULL,
			    "%" PRIu64 " of %" PRIu64 " failures came from %s", b->failed, failed,
			    who);
	evidence_text(f, "who", blame_name(b));
	evidence_text(f, "comm", b->top->who.comm);
	evidence_text(f, "parent", b->top->who.parent);
	evidence_text(f, "service", b->top->who.service);
	evidence_text(f, "unit", b->top->who.unit);
	evidence(f, "duplicates", b->duplicates);
	evidence(f, "of", b->duplicates ? dups : failed);
	evidence(f, "failed", b->failed);
	evidence_if(f, "wasted_bytes", wasted_by, known);
}

/* One line for whoever made most of the duplicates, or of the failures. */
static void find_blame(struct finder *f)
{
	const struct tally *t = &f->m->totals;
	struct blame_list blame = { 0 };
	const struct blame *top;
	size_t i;

	if (tally_duplicates(t) + t->times.ended[CALL_FAIL] < STORM_DUPLICATES)
		return;
	/* Of merged ones, that waited for another's result, there is nothing to be blamed for. */
	if (tally_duplicates(t) && tally_wasted_known(t) && !tally_wasted(t) &&
	    t->outcomes[OUTCOME_MERGED] == tally_duplicates(t))
		return;
	for (i = 0; i < f->m->nr_modules; i++)
		blame_add(&blame, f->m->modules[i]->requesters);
	top = blame_top(&blame);
	if (top)
		say_blame(f, top);
}

/* The number behind a label of modules/stats: lines of "label<tab>number". */
static bool stat_number(const char *text, const char *label, u64 *value)
{
	size_t len = strlen(label);
	const char *line, *p;
	char *end;

	for (line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, "\n");
		p = line + strspn(line, " ");
		if (strncmp(p, label, len) || p[len] != '\t')
			continue;
		*value = strtoull(p + len + 1, &end, 10);
		return end != p + len + 1;
	}
	return false;
}

static const struct state *find_state(const struct source_info *info, const char *key)
{
	size_t i;

	for (i = 0; i < info->nr_states; i++)
		if (!strcmp(info->states[i].key, key))
			return &info->states[i];
	return NULL;
}

/* What the kernel counted while we recorded has to be what we saw, if we saw everything. */
static void find_disagreement(struct finder *f)
{
	const struct source_info *info = f->info;
	const struct model *m = f->m;
	const struct {
		const char *label;
		u64 seen;
	} compared[] = {
		{ "Merged by file", m->totals.gates[GATE_FILE] },
		{ "Merged by live", m->totals.gates[GATE_LIVE] },
		{ "Merged by name", m->totals.gates[GATE_NAME] },
		{ "Autoload duplicates", m->autoload_dups },
		{ "Duplicate mem wasted bytes", tally_wasted(&m->totals) },
	};
	const struct state *stats = find_state(info, "stats");
	u64 start, end;
	size_t i;

	if (!stats || !stats->at_start || !stats->at_end || info->lost || info->no_ring_ns ||
	    info->truncated || (m->filter && !filter_is_empty(m->filter)))
		return;
	for (i = 0; i < ARRAY_SIZE(compared); i++) {
		if (!stat_number(stats->at_start, compared[i].label, &start) ||
		    !stat_number(stats->at_end, compared[i].label, &end) ||
		    end - start == compared[i].seen)
			continue;
		finding_add(f, "stats_disagree", SEVERITY_WARN, NULL,
			    "modules/stats counted %" PRIu64
			    " more for \"%s\" while the recording has %" PRIu64
			    ": loads ended as the recording began or ended, or events are missing",
			    end - start, compared[i].label, compared[i].seen);
		evidence_text(f, "counter", compared[i].label);
		evidence(f, "stats", end - start);
		evidence(f, "recording", compared[i].seen);
	}
}

static void find_damages(struct finder *f)
{
	size_t i;

	for (i = 0; i < f->m->relations.nr_damage; i++)
		find_damage(f, &f->m->relations.damage[i]);
}

/* THE table of findings, in the order in which those of one severity are listed. */
/* clang-format off */
static void (*const of_recording[])(struct finder *f) = {
	find_lost_events,
	find_silenced,
	find_stock_words,
	find_truncated,
	find_untimed,
	find_other_clock,
	find_would_tell_more,
	find_no_ring,
	find_renaming,
	find_unknown_events,
	find_in_flight,
	find_avoided_partly_known,
	find_disagreement,
	find_damages,
	find_causes,
	find_blame,
};
/* clang-format on */

/* The worst first, then what cost most time, and else as they were found. */
static int sort_findings(struct findings *f)
{
	struct finding *sorted = calloc(f->nr + 1, sizeof(*sorted));
	size_t nr = 0, first, at, i;
	int severity;

	if (!sorted)
		return -ENOMEM;
	for (severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--) {
		first = nr;
		for (i = 0; i < f->nr; i++) {
			if ((int)f->all[i].severity != severity)
				continue;
			for (at = nr++; at > first && f->all[i].cost_ns > sorted[at - 1].cost_ns;
			     at--)
				sorted[at] = sorted[at - 1];
			sorted[at] = f->all[i];
		}
	}
	free(f->all);
	f->all = sorted;
	f->cap = f->nr + 1;
	return 0;
}

/**
 * findings_make - look for what is worth saying
 * @f: empty findings, filled; findings_free() frees them, after an error too
 * @m: the model, which must outlive @f
 * @info: the recording
 * @modules: the model's, the most wasteful first, and with them what is said of them
 * @nr: how many
 *
 * Return: 0 or -ENOMEM.
 */
int findings_make(struct findings *f, const struct model *m, const struct source_info *info,
		  const struct module *const *modules, size_t nr)
{
	struct finder finder = {
		.found = f, .m = m, .info = info, .modules = modules, .nr_modules = nr
	};
	size_t n;

	for (n = 0; n < ARRAY_SIZE(of_recording) && !finder.ret; n++)
		of_recording[n](&finder);
	return finder.ret ? finder.ret : sort_findings(f);
}

/**
 * finding_is_about - whether a finding is about a module
 * @f: the finding
 * @module: the module's name
 *
 * Return: true if it is one of its modules.
 */
bool finding_is_about(const struct finding *f, const char *module)
{
	size_t i;

	if (f->module && !strcmp(f->module, module))
		return true;
	for (i = 0; i < f->nr_modules; i++)
		if (!strcmp(f->modules[i], module))
			return true;
	return false;
}

/**
 * findings_free - free findings
 * @f: the findings; empty and usable afterwards
 */
void findings_free(struct findings *f)
{
	size_t i;

	for (i = 0; i < f->nr; i++) {
		free(f->all[i].text);
		free(f->all[i].own_remedy);
		free(f->all[i].modules);
	}
	free(f->all);
	*f = (struct findings){ 0 };
}
