/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When attempts were under way: a lane of time buckets per module, and the attempts themselves
 * as long as there is room, older ones folded into counts. Pure.
 */
#ifndef MODTRACE_TIMELINE_H
#define MODTRACE_TIMELINE_H

#include "model/model.h"

enum lane_kind {
	LANE_LOADED,
	LANE_MERGED,
	LANE_EXISTS,
	LANE_BUSY,
	LANE_FAILED,		/* interrupted ones too */
	LANE_AUTOLOAD,		/* converged requests of the module's name */
	LANE_KINDS,
	LANE_OPEN = LANE_KINDS,	/* not in buckets: those are still under way */
	LANE_NONE,
};

#define LANE_BUCKETS 128

/**
 * struct bucket - attempts by kind in a piece of time
 * @begun: those that began in it
 * @carried: those that were under way when it began
 *
 * So a sum of neighbours counts nobody twice, and two of them fold into one exactly.
 */
struct bucket {
	u16 begun[LANE_KINDS];
	u16 carried[LANE_KINDS];
};

/**
 * struct shown_attempt - an attempt that is kept
 * @a: what is known of it
 * @newer: the next one of its list
 * @older: the one before
 * @all_newer: likewise of all that ended
 * @all_older: likewise
 */
struct shown_attempt {
	struct attempt_facts a;
	struct shown_attempt *newer;
	struct shown_attempt *older;
	struct shown_attempt *all_newer;
	struct shown_attempt *all_older;
};

struct shown_list {
	struct shown_attempt *oldest;
	struct shown_attempt *newest;
	size_t nr;
};

/**
 * struct lane - one module's attempts in time
 * @name: the module's, the model's string
 * @width_ns: of a bucket; those of a lane that was not added to may be narrower than others'
 * @buckets: LANE_BUCKETS of them, NULL as long as nothing ended
 * @open: those under way
 * @workers: those that did the work, which are kept longer
 * @others: the rest
 * @folded: ended ones that are in the buckets only
 */
struct lane {
	const char *name;
	u64 width_ns;
	struct bucket *buckets;
	struct shown_list open;
	struct shown_list workers;
	struct shown_list others;
	u64 folded;
};

/**
 * struct timeline - all lanes
 * @lanes: in the order they came
 * @nr_lanes: how many
 * @all: buckets of all modules together, converged requests of any name included
 * @start_ns: where the first bucket begins, 0 before anything did
 * @last_ns: the latest time heard of
 * @nr_kept: attempts kept that ended
 * @nr_open: those under way
 * @folded: ended ones that are in buckets only
 * @no_lane: those of modules beyond the limit, in no lane of their own
 */
struct timeline {
	struct lane **lanes;
	size_t nr_lanes;
	struct lane all;
	u64 start_ns;
	u64 last_ns;
	size_t nr_kept;
	size_t nr_open;
	u64 folded;
	u64 no_lane;

	/* private */
	size_t cap_lanes;
	size_t keep_all;
	size_t keep_lane;
	struct map lane_by_name;
	struct map lane_by_text;
	struct map open_by_serial;
	struct shown_attempt *oldest;
	struct shown_attempt *newest;
	struct shown_attempt *copies;	/* of a clone: all its attempts */
	struct bucket *bucket_copies;	/* and all its buckets */
};

/**
 * struct lane_cell - what happened in a piece of time
 * @counts: attempts by kind, LANE_OPEN among them, that were under way in it
 */
struct lane_cell {
	u32 counts[LANE_KINDS + 1];
};

struct timeline *timeline_new(size_t keep_all, size_t keep_lane);
void timeline_free(struct timeline *t);
struct timeline *timeline_clone(const struct timeline *t);
int timeline_attempt(void *timeline, enum attempt_change change, const struct attempt_facts *a);
int timeline_event(struct timeline *t, const struct event *ev);
const struct lane *timeline_lane(const struct timeline *t, const char *name);
void lane_cells(const struct timeline *t, const struct lane *lane, u64 from_ns, u64 to_ns,
		struct lane_cell *cells, size_t nr);
enum lane_kind lane_kind_of(enum outcome outcome);
enum lane_kind lane_cell_kind(const struct lane_cell *cell);
const struct attempt_facts **lane_attempts(const struct lane *lane, size_t *nr);

/* Kept by default: enough for any storm of one boot, in some 50 MB. */
#define TIMELINE_KEEP_ALL 262144
#define TIMELINE_KEEP_LANE 2048

#endif
