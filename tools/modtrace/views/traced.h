/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attempts as slices on tracks, counters and flows, for viewers of traces, written as they end: what
 * Chrome's and Perfetto's formats have in common.
 */
#ifndef MODTRACE_TRACED_H
#define MODTRACE_TRACED_H

#include "model/timeline.h"
#include "views/boot_story.h"

enum track_kind { TRACK_GROUP, TRACK_SLICES, TRACK_COUNT, TRACK_BYTES };

/* Those that are always there; others are numbered from TRACK_FIRST on. */
enum { TRACK_BOOT = 1, TRACK_WAITING, TRACK_WASTED, TRACK_MODULES, TRACK_REQUESTERS, TRACK_FIRST };

/**
 * struct traced_slice - a piece of time on a track
 * @track: which; slices of one track don't overlap
 * @name: what it is, escaped
 * @begin_ns: when it began
 * @end_ns: when it ended; 0 for no end
 * @a: the attempt, on its module's track; NULL elsewhere
 * @requester: of the attempt, escaped
 * @from: id of a flow that ends in it, 0 for none
 * @from_ns: when it does
 * @to: ids of flows that begin in it
 * @nr_to: how many
 */
struct traced_slice {
	u64 track;
	const char *name;
	u64 begin_ns;
	u64 end_ns;
	const struct attempt_facts *a;
	const char *requester;
	u64 from;
	u64 from_ns;
	const u64 *to;
	size_t nr_to;
};

struct traced;

/**
 * struct traced_ops - a format
 * @needs_ends: slices without an end are written last, and reach to the end of the recording
 * @start: begins the file
 * @track: a new track; @parent is TRACK_MODULES, TRACK_REQUESTERS or 0; the name is escaped
 * @slice: a slice, in no order
 * @late: one more flow begins in a slice that was written, whose track and begin these are
 * @counter: a counter's new value
 * @end: ends the file
 *
 * They add to @out of struct traced. Return: 0 or -ENOMEM.
 */
struct traced_ops {
	bool needs_ends;
	int (*start)(struct traced *t);
	int (*track)(struct traced *t, u64 id, u64 parent, const char *name, enum track_kind kind);
	int (*slice)(struct traced *t, const struct traced_slice *s);
	int (*late)(struct traced *t, u64 track, u64 begin_ns, u64 flow);
	int (*counter)(struct traced *t, u64 track, u64 time_ns, u64 value);
	int (*end)(struct traced *t, const struct source_info *info);
};

extern const struct traced_ops traced_chrome;
extern const struct traced_ops traced_perfetto;

/**
 * struct traced - a file being written
 * @ops: its format
 * @out: what isn't in the stream yet
 * @left_out: flows that there was no room to find the begin of
 */
struct traced {
	const struct traced_ops *ops;
	struct buf out;
	u64 left_out;

	/* private */
	FILE *stream;
	u64 next_track;
	u64 next_flow;
	u64 now_ns;
	u64 reach_ns;
	u64 waiting;
	u64 wasted;
	struct map module_by_name;
	struct map requester_by_hash;
	struct map open_by_tid;
	struct traced_open *spare;
	struct traced_group *groups;
	size_t nr_pending;
	struct traced_unended *unended;
	size_t nr_unended;
	size_t cap_unended;
};

int traced_start(struct traced *t, const struct traced_ops *ops, FILE *stream);
int traced_attempt(void *traced, enum attempt_change change, const struct attempt_facts *a);
int traced_timeline(struct traced *t, const struct timeline *timeline);
int traced_end(struct traced *t, const struct source_info *info, u64 start_ns, u64 end_ns);
void traced_free(struct traced *t);

#endif
