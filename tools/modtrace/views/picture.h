/* SPDX-License-Identifier: GPL-2.0-only */
/* Attempts as bars in lanes, a lane per module: where each is, not how it looks. Pure. */
#ifndef MODTRACE_PICTURE_H
#define MODTRACE_PICTURE_H

#include "model/timeline.h"
#include "views/view.h"

/* How an attempt shows: in the order of a lane's rows. */
enum bar_kind { BAR_LOADED, BAR_FAILED, BAR_WAITED, BAR_WASTED, BAR_OPEN, BAR_KINDS };

/* Wide enough to be looked at, few enough that no boot's picture is larger than a megabyte. */
#define PICTURE_PIXELS 800
#define PICTURE_LANES 40
#define PICTURE_ROWS 20
#define PICTURE_BARS 2200

/**
 * struct picture_bar - an attempt, or several that are less than a pixel apart
 * @first: the first of them, the timeline's
 * @kind: of all of them
 * @row: of the lane, from the top
 * @nr: how many attempts it stands for
 * @begin_ns: when the first began
 * @end_ns: when the last ended; the recording's end for what has none
 */
struct picture_bar {
	const struct attempt_facts *first;
	enum bar_kind kind;
	u32 row;
	u32 nr;
	u64 begin_ns;
	u64 end_ns;
};

/**
 * struct picture_lane - the bars of a module, or of all that there was no lane for
 * @module: the module, NULL for the others
 * @bars: from the first row on, in the order of time within a row
 * @nr_bars: how many
 * @rows: how many
 * @winners: of them the first ones, of loads that succeeded
 * @counts: attempts by kind
 */
struct picture_lane {
	const struct module *module;
	struct picture_bar *bars;
	size_t nr_bars;
	u32 rows;
	u32 winners;
	u64 counts[BAR_KINDS];
};

/**
 * struct picture - a recording's attempts as bars
 * @start_ns: where its axis begins
 * @end_ns: where it ends, later than that
 * @lanes: in the order of the view's modules, the others last
 * @nr_lanes: how many
 * @nr_folded: modules in the lane of the others, the last of the view's
 * @counts: attempts by kind, of all lanes
 * @under_way: attempts under way at some time of each pixel, by kind
 * @merged_ns: bars that were so close were merged
 */
struct picture {
	u64 start_ns;
	u64 end_ns;
	struct picture_lane *lanes;
	size_t nr_lanes;
	size_t nr_folded;
	u64 counts[BAR_KINDS];
	u32 under_way[BAR_KINDS][PICTURE_PIXELS];
	u64 merged_ns;
};

int picture_attempt(void *timeline, enum attempt_change change, const struct attempt_facts *a);
int picture_make(struct picture *p, const struct view *v, const struct timeline *t);
void picture_free(struct picture *p);

#endif
