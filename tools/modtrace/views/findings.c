// SPDX-License-Identifier: GPL-2.0-only
#include "views/findings.h"

#include <inttypes.h>

#include "lib/format.h"
#include "model/rows.h"
#include "views/blame.h"
#include "views/names.h"

/* From here on repeats of one module are a storm and not two tools that met. */
#define STORM_DUPLICATES 8

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

static struct finding *add(struct findings *f, const char *id, enum severity severity,
			   const char *module, const char *fmt, ...) __printf(5, 6);

static struct finding *add(struct findings *f, const char *id, enum severity severity,
			   const char *module, const char *fmt, ...)
{
	_cleanup_buf_ struct buf text = { 0 };
	struct finding *finding;
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = buf_vaddf(&text, fmt, ap);
	va_end(ap);
	if (ret || grow(&f->all, &f->cap, f->nr + 1, sizeof(*f->all)))
		return NULL;
	finding = &f->all[f->nr++];
	*finding = (struct finding){ .id = id, .severity = severity, .module = module,
				     .text = TAKE_PTR(text.data) };
	return finding;
}

static void evidence(struct finding *finding, const char *key, u64 value)
{
	size_t i = 0;

	while (finding->evidence[i].key)
		i++;
	finding->evidence[i] = (struct evidence){ .key = key, .value = value };
}

static void evidence_bytes(struct finding *finding, const char *key, u64 value, bool known)
{
	size_t i = 0;

	while (finding->evidence[i].key)
		i++;
	finding->evidence[i] = (struct evidence){ .key = key, .value = value, .unknown = !known };
}

/* "they wasted 12 MiB", or that of @of unless that is the largest number, as far as it is known. */
static const char *say_waste(char *text, size_t size, u64 bytes, u64 of,
			     const struct byte_marks *marks)
{
	const char *about = marks_exact(marks) ? "" : "about ";
	char some[32], all[32];

	format_bytes(some, sizeof(some), bytes);
	format_bytes(all, sizeof(all), of);
	if (!marks_wasted_known(marks))
		snprintf(text, size, "how much they wasted isn't known");
	else if (of == UINT64_MAX)
		snprintf(text, size, "they wasted %s%s", about, some);
	else
		snprintf(text, size, "they wasted %s%s of %s", about, some, all);
	return text;
}

static void evidence_text(struct finding *finding, const char *key, const char *text)
{
	size_t i = 0;

	if (!text)
		return;
	while (finding->evidence[i].key)
		i++;
	finding->evidence[i] = (struct evidence){ .key = key, .text = text };
}

static enum severity severity_of_waste(u64 bytes, bool known)
{
	return bytes || !known ? SEVERITY_WARN : SEVERITY_INFO;
}

static int find_storm(struct findings *f, const struct module *module,
		      const struct source_info *info)
{
	const struct tally *t = &module->tally;
	const u64 dups = tally_duplicates(t), wasted = tally_wasted(t);
	const struct requester *top = module_top_requester(module);
	const struct byte_marks marks = marks_of_tally(t);
	const bool known = marks_wasted_known(&marks);
	const enum severity severity = severity_of_waste(wasted, known);
	struct blame_list blame = { 0 };
	const struct blame *most;
	char waste[128], who[256] = "";
	struct finding *finding;
	u64 by_udev;
	bool per_cpu;

	if (dups < STORM_DUPLICATES || dups * 2 < t->attempts)
		return 0;
	blame_add(&blame, module->requesters);
	most = blame_top(&blame);
	/* A module that each CPU's device asks for: udev makes about one attempt a CPU. */
	by_udev = blame.by[CULPRIT_UDEV].attempts;
	per_cpu = info->cpus >= STORM_DUPLICATES && t->attempts / 3 * 4 >= info->cpus &&
		  by_udev * 4 >= t->attempts * 3;
	say_waste(waste, sizeof(waste), wasted, UINT64_MAX, &marks);
	if (per_cpu) {
		finding = add(f, "storm", severity, module->name,
			      "%s: %" PRIu64
			      " duplicates on %u CPUs, %s: a per-CPU modalias, udev asks for each CPU's device",
			      module->name, dups, info->cpus, waste);
	} else {
		if (most)
			blame_who(most, info, who, sizeof(who));
		finding = add(f, "storm", severity, module->name,
			      "%s: %" PRIu64 " of %" PRIu64 " attempts were duplicates, %s%s%s",
			      module->name, dups, t->attempts, waste, !most ? "" :
			      most->duplicates == dups ? "; all came from " : "; most came from ",
			      who);
	}
	if (!finding)
		return -ENOMEM;
	evidence(finding, "attempts", t->attempts);
	evidence(finding, "duplicates", dups);
	evidence(finding, "cpus", info->cpus);
	evidence_bytes(finding, "wasted_bytes", wasted, known);
	evidence(finding, "udev_attempts", by_udev);
	evidence(finding, "per_cpu", per_cpu);
	if (top)
		evidence_text(finding, "requester", top->who.comm);
	return 0;
}

static int find_late(struct findings *f, const struct module *module)
{
	const struct tally *t = &module->tally;
	struct finding *finding;

	if (!t->late)
		return 0;
	finding = add(f, "late_duplicates", SEVERITY_INFO, module->name,
		      "%s: %" PRIu64 " of %" PRIu64
		      " merged attempts came when the load was over, and waited for nothing",
		      module->name, t->late, t->outcomes[OUTCOME_MERGED]);
	if (!finding)
		return -ENOMEM;
	evidence(finding, "late", t->late);
	evidence(finding, "merged", t->outcomes[OUTCOME_MERGED]);
	return 0;
}

static int find_init_module(struct findings *f, const struct module *module)
{
	const struct tally *t = &module->tally;
	struct finding *finding;

	if (!t->init_dups)
		return 0;
	finding = add(f, "init_module", SEVERITY_WARN, module->name,
		      "%s: %" PRIu64
		      " duplicates came through init_module(), which no gate can stop before the copy: load from the file with finit_module()",
		      module->name, t->init_dups);
	if (!finding)
		return -ENOMEM;
	evidence(finding, "duplicates", t->init_dups);
	return 0;
}

static int find_by_module(struct findings *f, const struct module *module,
			  const struct source_info *info)
{
	int ret = find_storm(f, module, info);

	if (!ret)
		ret = find_late(f, module);
	return ret ? ret : find_init_module(f, module);
}

static int find_in_recording(struct findings *f, const struct model *m,
			     const struct source_info *info)
{
	const struct tally *t = &m->totals;
	u64 open = t->outcomes[OUTCOME_IN_FLIGHT], merged = t->outcomes[OUTCOME_MERGED];
	struct finding *finding = NULL;

	if (info->lost && !info->lost_at_least) {
		finding = add(f, "lost_events", SEVERITY_ERROR, NULL,
			      "%" PRIu64 " events were lost: counts are too low; record with larger rings (-m)",
			      info->lost);
		if (!finding)
			return -ENOMEM;
		evidence(finding, "lost", info->lost);
	}
	if (info->lost_at_least) {
		finding = add(f, "lost_events", SEVERITY_ERROR, NULL,
			      "events were lost, it isn't known how many: counts are too low");
		if (!finding)
			return -ENOMEM;
	}
	if (info->truncated) {
		finding = add(f, "truncated", SEVERITY_WARN, NULL,
			      "the recording isn't whole: %s; what precedes that is shown",
			      info->why_truncated);
		if (!finding)
			return -ENOMEM;
	}
	if (info->would_tell_more[0]) {
		finding = add(f, "would_tell_more", SEVERITY_INFO, NULL,
			      "not recorded, and would tell more: %s", info->would_tell_more);
		if (!finding)
			return -ENOMEM;
	}
	if (info->no_ring_ns) {
		finding = add(f, "no_ring", SEVERITY_WARN, NULL,
			      "CPUs were online for up to %" PRIu64
			      " ms in all before they had a ring: what they did then is missing",
			      info->no_ring_ns / NSEC_PER_MSEC);
		if (!finding)
			return -ENOMEM;
		evidence(finding, "no_ring_ns", info->no_ring_ns);
	}
	if (info->unknown_events) {
		finding = add(f, "unknown_events", SEVERITY_INFO, NULL,
			      "%" PRIu64 " events in the recording are not understood, and left out",
			      info->unknown_events);
		if (!finding)
			return -ENOMEM;
		evidence(finding, "unknown_events", info->unknown_events);
	}
	if (open && !info->goes_on) {
		finding = add(f, "in_flight", SEVERITY_INFO, NULL,
			      "%" PRIu64 " attempts had not ended when the recording did, or their task died inside",
			      open);
		if (!finding)
			return -ENOMEM;
		evidence(finding, "in_flight", open);
	}
	if (t->avoided_known < merged) {
		finding = add(f, "avoided_partly_known", SEVERITY_INFO, NULL,
			      "what %" PRIu64 " of %" PRIu64
			      " merged attempts avoided is not known: their winner's load isn't in the recording",
			      merged - t->avoided_known, merged);
		if (!finding)
			return -ENOMEM;
		evidence(finding, "merged", merged);
		evidence(finding, "known", t->avoided_known);
	}
	return 0;
}

static int find_self_wait(struct findings *f, const struct damage *d,
			  const struct source_info *info)
{
	struct finding *finding;
	char site[160] = "";

	if (d->request)
		view_call_site(info, d->request, site, sizeof(site));
	if (d->holder && d->request)
		finding = add(f, "self_wait", SEVERITY_ERROR, d->dependency,
			      "%s: %s %d would have waited for itself (EDEADLK, %" PRIu64
			      " times): the load of %s by task %d asked for %s at %s, and was waiting for that",
			      d->dependency, d->comm, d->tid, d->count, d->dependent, d->holder,
			      d->request->name, site);
	else
		finding = add(f, "self_wait", SEVERITY_ERROR, d->dependency,
			      "%s: %s %d would have waited for itself (EDEADLK, %" PRIu64
			      " times); who asked for it isn't in the recording",
			      d->dependency, d->comm, d->tid, d->count);
	if (!finding)
		return -ENOMEM;
	evidence(finding, "count", d->count);
	evidence(finding, "task", d->tid);
	evidence_text(finding, "comm", d->comm);
	if (d->holder) {
		evidence(finding, "holder_task", d->holder);
		evidence_text(finding, "holder_module", d->dependent);
	}
	if (d->request)
		evidence_text(finding, "request", d->request->name);
	return 0;
}

static int find_damage(struct findings *f, const struct damage *d, const struct source_info *info)
{
	struct finding *finding = NULL;
	char text[16], site[160] = "";

	if (d->kind == DAMAGE_SELF)
		return find_self_wait(f, d, info);
	if (d->kind == DAMAGE_SYMBOL)
		finding = add(f, "missing_symbols", SEVERITY_WARN, d->dependent,
			      "%s: %" PRIu64
			      " attempts failed with ENOENT when symbols were looked up: a module it needs was not there (dmesg names the symbols)",
			      d->dependent, d->count);
	if (d->kind == DAMAGE_BROKE)
		finding = add(f, "dependency_damage", SEVERITY_ERROR, d->dependent,
			      "%s: failed because its dependency %s had been refused with %s to the same task (%s %d first; %" PRIu64
			      " times)", d->dependent, d->dependency,
			      errno_text(d->err, text, sizeof(text)), d->comm ? d->comm : "task",
			      d->tid, d->count);
	if (d->kind == DAMAGE_CUT) {
		view_call_site(info, d->request, site, sizeof(site));
		finding = add(f, "dependency_damage", SEVERITY_ERROR, d->dependency,
			      "%s: refused with %s to %s %d, which then gave up: the kernel's request for %s at %s came to nothing (%" PRIu64
			      " times)", d->dependency, errno_text(d->err, text, sizeof(text)),
			      d->comm ? d->comm : "task", d->tid, d->request->name, site,
			      d->count);
	}
	if (!finding)
		return -ENOMEM;
	evidence(finding, "count", d->count);
	evidence_text(finding, "dependency", d->dependency);
	evidence_text(finding, "dependent", d->dependent);
	if (d->request)
		evidence_text(finding, "request", d->request->name);
	evidence(finding, "errno", d->err);
	evidence(finding, "task", d->tid);
	evidence_text(finding, "comm", d->comm);
	return 0;
}

static int say_blame(struct findings *f, const struct model *m, const struct blame *b,
		     const struct source_info *info)
{
	const u64 dups = tally_duplicates(&m->totals), wasted = tally_wasted(&m->totals);
	const u64 wasted_by = cost_total(&b->wasted);
	const bool known = marks_wasted_known(&b->wasted.marks);
	char who[256], waste[128];
	struct finding *finding;

	blame_who(b, info, who, sizeof(who));
	finding = add(f, "blame", severity_of_waste(wasted_by, known), NULL,
		      "%" PRIu64 " of %" PRIu64 " duplicates came from %s; %s", b->duplicates,
		      dups, who, say_waste(waste, sizeof(waste), wasted_by, wasted,
					   &b->wasted.marks));
	if (!finding)
		return -ENOMEM;
	evidence_text(finding, "who", blame_name(b));
	evidence_text(finding, "comm", b->top->who.comm);
	evidence_text(finding, "parent", b->top->who.parent);
	evidence_text(finding, "service", b->top->who.service);
	evidence_text(finding, "unit", b->top->who.unit);
	evidence(finding, "duplicates", b->duplicates);
	evidence(finding, "of", dups);
	evidence_bytes(finding, "wasted_bytes", wasted_by, known);
	return 0;
}

/* One line for whoever made most of the duplicates. */
static int find_blame(struct findings *f, const struct model *m, const struct source_info *info)
{
	struct blame_list blame = { 0 };
	const struct blame *top;
	size_t i;

	if (tally_duplicates(&m->totals) < STORM_DUPLICATES)
		return 0;
	for (i = 0; i < m->nr_modules; i++)
		blame_add(&blame, m->modules[i]->requesters);
	top = blame_top(&blame);
	return top ? say_blame(f, m, top, info) : 0;
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
static int find_disagreement(struct findings *f, const struct model *m,
			     const struct source_info *info)
{
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
	struct finding *finding;
	u64 start, end;
	size_t i;

	if (!stats || !stats->at_start || !stats->at_end || info->lost || info->no_ring_ns ||
	    info->truncated || (m->filter && !filter_is_empty(m->filter)))
		return 0;
	for (i = 0; i < ARRAY_SIZE(compared); i++) {
		if (!stat_number(stats->at_start, compared[i].label, &start) ||
		    !stat_number(stats->at_end, compared[i].label, &end) ||
		    end - start == compared[i].seen)
			continue;
		finding = add(f, "stats_disagree", SEVERITY_WARN, NULL,
			      "modules/stats counted %" PRIu64 " more for \"%s\" while the recording has %" PRIu64
			      ": loads ended as the recording began or ended, or events are missing",
			      end - start, compared[i].label, compared[i].seen);
		if (!finding)
			return -ENOMEM;
		evidence_text(finding, "counter", compared[i].label);
		evidence(finding, "stats", end - start);
		evidence(finding, "recording", compared[i].seen);
	}
	return 0;
}

/* The worst first, and else as they were found. */
static int sort_findings(struct findings *f)
{
	struct finding *sorted = calloc(f->nr + 1, sizeof(*sorted));
	size_t nr = 0, i;
	int severity;

	if (!sorted)
		return -ENOMEM;
	for (severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--)
		for (i = 0; i < f->nr; i++)
			if ((int)f->all[i].severity == severity)
				sorted[nr++] = f->all[i];
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
	size_t i;
	int ret;

	ret = find_in_recording(f, m, info);
	if (!ret)
		ret = find_disagreement(f, m, info);
	for (i = 0; i < m->relations.nr_damage && !ret; i++)
		ret = find_damage(f, &m->relations.damage[i], info);
	if (!ret)
		ret = find_blame(f, m, info);
	for (i = 0; i < nr && f->nr < FINDINGS_MAX && !ret; i++)
		ret = find_by_module(f, modules[i], info);
	return ret ? ret : sort_findings(f);
}

/**
 * findings_free - free findings
 * @f: the findings; empty and usable afterwards
 */
void findings_free(struct findings *f)
{
	size_t i;

	for (i = 0; i < f->nr; i++)
		free(f->all[i].text);
	free(f->all);
	*f = (struct findings){ 0 };
}
