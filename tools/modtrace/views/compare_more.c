// SPDX-License-Identifier: GPL-2.0-only
/* What a comparison keeps beside measures: facts of recordings, findings, and the order of markers. */
#include "views/compare.h"

/* Return: 0 and the comparison's own copy, NULL for none, or -ENOMEM. */
static int keep(struct comparison *c, const char **copy, const char *text)
{
	*copy = text && *text ? strings_intern(&c->strings, text, strlen(text)) : NULL;
	return text && *text && !*copy ? -ENOMEM : 0;
}

/**
 * comparison_add_facts - keep what is known of a recording
 * @c: the comparison, in which it isn't counted yet
 * @set: which set it is of
 * @v: the recording, not needed afterwards
 *
 * Return: 0 or -ENOMEM.
 */
int comparison_add_facts(struct comparison *c, size_t set, const struct view *v)
{
	const struct source_info *info = v->info;
	const unsigned int nr = c->recordings[set];
	struct recording_facts f = {
		.cpus = info->cpus,
		.stock = info->stock,
		.is_boot = info->is_boot || info->nr_markers,
		.recorded = info->recorded,
		.length_ns = view_duration_ns(v),
		.lost = info->lost,
		.lost_at_least = info->lost_at_least,
		.settled = source_settled(info),
	};

	if (!source_wall(info, view_start_ns(v), &f.wall_ns))
		f.wall_ns = 0;
	if (grow(&c->facts[set], &c->cap_facts[set], nr + 1, sizeof(f)) ||
	    keep(c, &f.file, info->file) || keep(c, &f.kernel, info->kernel) ||
	    keep(c, &f.arch, info->arch) || keep(c, &f.host, info->host) ||
	    keep(c, &f.machine_id, info->machine_id) ||
	    keep(c, &f.machine_model, info->machine_model) ||
	    keep(c, &f.cpu_model, info->cpu_model) || keep(c, &f.ended_by, info->ended_by) ||
	    keep(c, &f.why_truncated,
		 !info->truncated     ? NULL :
		 *info->why_truncated ? info->why_truncated :
					"truncated"))
		return -ENOMEM;
	c->facts[set][nr] = f;
	return 0;
}

static struct compared_finding *finding_row(struct comparison *c, const struct finding *f)
{
	size_t at;

	for (at = 0; at < c->nr_findings; at++)
		if (!strcmp(c->findings[at].id, f->id))
			return &c->findings[at];
	if (grow(&c->findings, &c->cap_findings, c->nr_findings + 1, sizeof(*c->findings)))
		return NULL;
	/* The worst first; of equals, those that were met first. */
	while (at && c->findings[at - 1].severity < f->severity)
		at--;
	memmove(&c->findings[at + 1], &c->findings[at],
		(c->nr_findings++ - at) * sizeof(*c->findings));
	c->findings[at] = (struct compared_finding){ .id = f->id, .severity = f->severity };
	return &c->findings[at];
}

/**
 * comparison_add_findings - keep what is worth knowing of a recording
 * @c: the comparison, in which it isn't counted yet
 * @set: which set it is of
 * @v: the recording, not needed afterwards
 *
 * Return: 0 or -ENOMEM.
 */
int comparison_add_findings(struct comparison *c, size_t set, const struct view *v)
{
	const unsigned int nr = c->recordings[set] + 1;
	size_t i;

	for (i = 0; i < v->findings.nr; i++) {
		const struct finding *f = &v->findings.all[i];
		struct compared_finding *row = finding_row(c, f);
		const bool first = row && !row->sets[set].seen;

		/* Some have names of the recording in it. */
		if (!row || keep(c, &row->remedy, f->remedy))
			return -ENOMEM;
		if (row->sets[set].seen < nr)
			row->sets[set].seen++;
		if (!first && f->cost_ns <= row->sets[set].cost_ns)
			continue;
		row->sets[set].cost_ns = f->cost_ns;
		row->sets[set].others = f->nr_modules ? f->nr_modules - 1 : 0;
		if (keep(c, &row->sets[set].module, f->module))
			return -ENOMEM;
	}
	return 0;
}

static const struct spread *reached(const struct comparison_row *row, size_t set)
{
	return &row->spreads[set][MEASURE_DURATION];
}

/* Whether a marker belongs ahead of another one, by the first set that has both. */
static bool is_earlier(const struct comparison *c, const struct comparison_row *a,
		       const struct comparison_row *b)
{
	size_t set;

	for (set = 0; set < c->nr_sets; set++)
		if (reached(a, set)->n && reached(b, set)->n)
			return reached(a, set)->mean < reached(b, set)->mean;
	return false;
}

/* Return: the first set that has a marker. */
static size_t first_set(const struct comparison *c, const struct comparison_row *row)
{
	size_t set = 0;

	while (set + 1 < c->nr_sets && !reached(row, set)->n)
		set++;
	return set;
}

/**
 * comparison_sort_markers - put markers in order of time
 * @c: the comparison, with all recordings
 *
 * That of the first set; what only a later one has is where that one has it among the others.
 */
void comparison_sort_markers(struct comparison *c)
{
	struct comparison_row **all = c->markers;
	size_t nr = 0, set, i, at;

	/* Those of the first set are sorted first, then those that the next one has, ... */
	for (set = 0; set < c->nr_sets; set++) {
		for (i = nr; i < c->nr_markers; i++) {
			struct comparison_row *row = all[i];

			if (first_set(c, row) != set)
				continue;
			for (at = 0; at < nr && !is_earlier(c, row, all[at]); at++)
				;
			memmove(&all[at + 1], &all[at], (i - at) * sizeof(*all));
			all[at] = row;
			nr++;
		}
	}
}
