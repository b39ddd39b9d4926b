/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of recordings against each other: means, spreads, and whether they differ. Pure. */
#ifndef MODTRACE_COMPARE_H
#define MODTRACE_COMPARE_H

#include "views/view.h"

/**
 * struct spread - what was measured in several recordings
 * @n: how many
 * @mean: their mean
 * @squares: sum of squares of what each is off it
 * @min: the least
 * @max: the largest
 * @estimated: some of them are estimates
 */
struct spread {
	unsigned int n;
	double mean;
	double squares;
	double min;
	double max;
	bool estimated;
};

enum verdict {
	VERDICT_NOISE,		/* no more different than the recordings of a set are */
	VERDICT_LESS,
	VERDICT_MORE,
	VERDICT_SAME,		/* all values are one */
	VERDICT_UNSURE,		/* too few recordings to know the noise */
	VERDICT_NR
};

#define SETS_MAX 8

/*
 * What is compared: columns of the table, what only a whole recording has, and when a module was
 * live, when its first attempt began and its last one ended. Of a marker the duration is the time
 * until then.
 */
enum {
	MEASURE_DURATION,
	MEASURE_SHARE,
	MEASURE_LIVE,
	MEASURE_BEGIN,
	MEASURE_END,
	MEASURE_FIRST_COLUMN
};
#define MEASURES_MAX (COLUMNS_MAX + MEASURE_FIRST_COLUMN)

/* Of the totals the last one's end is when the last call of all returned. */

/* Rows are large, and no machine loads so many modules, or has so many stages of its boot. */
#define COMPARED_MODULES_MAX 1024
#define COMPARED_MARKERS_MAX 256

/**
 * struct comparison_row - one module in all sets, or the totals
 * @name: the module, NULL for the totals; the comparison's
 * @seen: recordings of each set that have it
 * @never_loads: those in which attempts failed, and none loaded it
 * @failed_with: errno of most failures in the last one of these
 * @spreads: by set and measure
 */
struct comparison_row {
	const char *name;
	unsigned int seen[SETS_MAX];
	unsigned int never_loads[SETS_MAX];
	u16 failed_with[SETS_MAX];
	struct spread spreads[SETS_MAX][MEASURES_MAX];
};

/**
 * struct recording_facts - what is known of a recording beside its counts
 *
 * Strings are the comparison's, NULL if not known, and as the recording has them: they need escaping.
 *
 * @file: its name as it was given
 * @why_truncated: one line on what it lacks; NULL if it is whole
 * @cpus: CPUs online, 0 if not known
 * @recorded: a bit per enum event_type that it could have
 * @length_ns: how long it is, 0 if it has no times
 * @wall_ns: the time of day at its start, nanoseconds since 1970; 0 if not known
 * @lost: events missing
 * @lost_at_least: more may be
 * @settled: of a boot: 1 if it was recorded until it had settled, 0 if not, -1 if that isn't known
 *
 * The others are those of struct source_info.
 */
struct recording_facts {
	const char *file;
	const char *kernel;
	const char *arch;
	const char *host;
	const char *machine_id;
	const char *machine_model;
	const char *cpu_model;
	const char *ended_by;
	const char *why_truncated;
	unsigned int cpus;
	bool stock;
	bool is_boot;
	u32 recorded;
	u64 length_ns;
	u64 wall_ns;
	u64 lost;
	bool lost_at_least;
	int settled;
};

/**
 * struct compared_finding - findings of one kind in all sets
 * @id: what kind, static
 * @severity: the worst of them
 * @remedy: what to do about it, by the last recording that has it, the comparison's; NULL for nothing
 * @sets: of each set: recordings that have it, the module it is about most in the one where it cost
 *	  most, NULL for none, how many others it is about there, and what it cost there
 */
struct compared_finding {
	const char *id;
	enum severity severity;
	const char *remedy;
	struct {
		unsigned int seen;
		const char *module;
		size_t others;
		u64 cost_ns;
	} sets[SETS_MAX];
};

/**
 * struct comparison - sets of recordings
 * @nr_sets: how many sets there are, the first is what others are compared with
 * @recordings: how many recordings each has
 * @facts: what is known of those
 * @selected: not all attempts are counted
 * @totals: over all modules
 * @modules: a row per module that any recording has
 * @nr_modules: how many
 * @markers: a row per marker of boots, in time: that of the first set, where it has them
 * @nr_markers: how many
 * @findings: a row per kind of finding that any recording has, the worst first
 * @nr_findings: how many
 * @left_out: modules and markers that found no room, once for each recording
 */
struct comparison {
	size_t nr_sets;
	unsigned int recordings[SETS_MAX];
	struct recording_facts *facts[SETS_MAX];
	bool selected;
	struct comparison_row totals;
	struct comparison_row **modules;
	size_t nr_modules;
	struct comparison_row **markers;
	size_t nr_markers;
	struct compared_finding *findings;
	size_t nr_findings;
	u64 left_out;

	/* private */
	size_t cap_facts[SETS_MAX];
	size_t cap_findings;
	size_t cap_markers;
	size_t cap_modules;
	struct map by_name;
	struct map marker_by_name;
	struct strings strings;
};

void spread_add(struct spread *s, double value);
double spread_deviation(const struct spread *s);
enum verdict spread_compare(const struct spread *a, const struct spread *b);
const char *verdict_name(enum verdict verdict);

int comparison_add_facts(struct comparison *c, size_t set, const struct view *v);
int comparison_add_findings(struct comparison *c, size_t set, const struct view *v);
void comparison_sort_markers(struct comparison *c);
int comparison_add(struct comparison *c, size_t set, const struct view *v);
void comparison_finish(struct comparison *c);
void comparison_free(struct comparison *c);
const char *verdict_words(enum verdict verdict);
size_t measures_nr(void);
size_t measure_of(const char *key);
int measure_find(const char *key, size_t len);
const char *measure_key(size_t measure);
enum view_cell_kind measure_kind(size_t measure);

#endif
