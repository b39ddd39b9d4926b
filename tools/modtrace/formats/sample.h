/* SPDX-License-Identifier: GPL-2.0-only */
/* Perf's records, from a file or a ring: where the fields are in each sample layout. */
#ifndef MODTRACE_SAMPLE_H
#define MODTRACE_SAMPLE_H

#include <linux/perf_event.h>

#include "lib/util.h"

/* Record types of the perf tool, above those of the kernel's <linux/perf_event.h>. */
enum {
	PERF_RECORD_LAST_KNOWN = PERF_RECORD_AUX_OUTPUT_HW_ID,
	RECORD_USER_FIRST = 64,
	RECORD_HEADER_ATTR = 64,
	RECORD_HEADER_TRACING_DATA = 66,
	RECORD_FINISHED_ROUND = 68,
	RECORD_AUXTRACE = 71,
	RECORD_HEADER_FEATURE = 80,
	RECORD_COMPRESSED = 81,
	RECORD_FINISHED_INIT = 82,
	RECORD_COMPRESSED2 = 83,
	RECORD_USER_LAST = 84,
};

/**
 * struct sample - the fields of a record that we use
 * @has_time: the layout has a time
 * @time_ns: the time
 * @cpu: likewise
 * @pid: process
 * @tid: thread
 * @id: which event, 0 if the layout doesn't say
 * @cgroup: id of the control group, 0 if the layout has none
 * @raw: the tracepoint's own record, NULL if there is none
 * @raw_size: its size
 */
struct sample {
	bool has_time;
	u64 time_ns;
	u64 id;
	u32 cpu;
	s32 pid;
	s32 tid;
	u64 cgroup;
	const u8 *raw;
	u32 raw_size;
};

/* How to find a record's id before its layout is known; -1 where it can't be. */
struct id_position {
	int in_sample;		/* u64 words after the record's header */
	int from_end;		/* u64 words before the record's end */
};

/**
 * struct sample_layout - where the fields of a sample are, if that is the same in all of them
 * @fixed: it is; otherwise only sample_parse() can tell
 * @least: a shorter record doesn't have them all
 * @tid: offset in the record of process and thread, 0 if it has none
 * @time: of the time
 * @cpu: of the CPU
 * @id: of the event's id
 * @raw: of the size of the tracepoint's record, which is followed by the record
 * @has_cgroup: the control group's id can be found
 * @to_cgroup: bytes between the raw record's end and it
 */
struct sample_layout {
	bool fixed;
	u8 least;
	u8 tid;
	u8 time;
	u8 cpu;
	u8 id;
	u8 raw;
	bool has_cgroup;
	u8 to_cgroup;
};

struct sample_layout sample_layout_of(const struct perf_event_attr *attr);
int sample_parse_fixed(const struct sample_layout *layout, const void *record, size_t size,
		       struct sample *s);
struct id_position sample_id_position(const struct perf_event_attr *attr);
int sample_parse(const struct perf_event_attr *attr, const void *record, size_t size,
		 struct sample *s);
int sample_id_parse(const struct perf_event_attr *attr, const void *record, size_t size,
		    size_t body, struct sample *s);

#endif
