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

/* Rows are large, and no machine loads so many modules, or has so many stages of its boot. */
#define COMPARED_MODULES_MAX 2048
#define COMPARED_MARKERS_MAX 256

/**
 * struct comparison_row - one module in all sets, or the totals
 * @name: the module, NULL for the totals; the comparison's
 * @seen: recordings of each set that have it
 * @spreads: by set and measure
 */
struct comparison_row {
	const char *name;
	unsigned int seen[SETS_MAX];
	struct spread spreads[SETS_MAX][MEASURES_MAX];
};

/**
 * struct comparison - sets of recordings
 * @nr_sets: how many sets there are, the first is what others are compared with
 * @recordings: how many recordings each has
 * @totals: over all modules
 * @modules: a row per module that any recording has
 * @nr_modules: how many
 * @markers: a row per marker of boots, in the order in which they were met
 * @nr_markers: how many
 * @left_out: modules and markers that found no room, once for each recording
 */
struct comparison {
	size_t nr_sets;
	unsigned int recordings[SETS_MAX];
	struct comparison_row totals;
	struct comparison_row **modules;
	size_t nr_modules;
	struct comparison_row **markers;
	size_t nr_markers;
	u64 left_out;

	/* private */
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

int comparison_add(struct comparison *c, size_t set, const struct view *v);
void comparison_finish(struct comparison *c);
void comparison_free(struct comparison *c);
const char *verdict_words(enum verdict verdict);
size_t measures_nr(void);
size_t measure_of(const char *key);
const char *measure_key(size_t measure);
enum view_cell_kind measure_kind(size_t measure);

#endif
