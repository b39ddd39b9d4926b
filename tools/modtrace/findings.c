// SPDX-License-Identifier: GPL-2.0-only
#include "findings.h"

#include <inttypes.h>

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

static int find_storm(struct findings *f, const struct module *module,
		      const struct source_info *info)
{
	const struct tally *t = &module->tally;
	u64 dups = tally_duplicates(t), wasted = tally_wasted(t);
	struct finding *finding;

	if (dups < STORM_DUPLICATES || dups * 2 < t->attempts)
		return 0;
	finding = add(f, "storm", wasted ? SEVERITY_WARN : SEVERITY_INFO, module->name,
		      "%s: %" PRIu64 " of %" PRIu64
		      " attempts were duplicates, on %u CPUs; they wasted %" PRIu64 " bytes",
		      module->name, dups, t->attempts, info->cpus, wasted);
	if (!finding)
		return -ENOMEM;
	evidence(finding, "attempts", t->attempts);
	evidence(finding, "duplicates", dups);
	evidence(finding, "cpus", info->cpus);
	evidence(finding, "wasted_bytes", wasted);
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

	if (info->lost) {
		finding = add(f, "lost_events", SEVERITY_ERROR, NULL,
			      "%" PRIu64 " events were lost: counts are too low; record with larger rings (-m)",
			      info->lost);
		if (!finding)
			return -ENOMEM;
		evidence(finding, "lost", info->lost);
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
	if (open) {
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

/**
 * findings_make - look for what is worth saying
 * @f: empty findings, filled; findings_free() frees them, after an error too
 * @m: the model, which must outlive @f
 * @info: the recording
 *
 * Return: 0 or -ENOMEM.
 */
int findings_make(struct findings *f, const struct model *m, const struct source_info *info)
{
	size_t i;
	int ret;

	ret = find_in_recording(f, m, info);
	for (i = 0; i < m->nr_modules && f->nr < FINDINGS_MAX && !ret; i++)
		ret = find_by_module(f, m->modules[i], info);
	return ret;
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
