/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of a recording beside its events. */
#ifndef MODTRACE_SOURCE_INFO_H
#define MODTRACE_SOURCE_INFO_H

#include "lib/util.h"

/* An address of the kernel's text and its name. */
struct symbol {
	u64 address;
	char *name;
};

/* A gate's parameter or another thing that was noted at the start and at the end. */
struct state {
	char *key;
	char *at_start;
	char *at_end;
};

/* When something happened that a boot is told by. */
struct marker {
	char *name;
	u64 time_ns;
};

/* A tracepoint and how often it is in the recording, whether we understand it or not. */
struct event_count {
	char *name;
	bool known;
	u64 count;
};

/**
 * struct source_info - what is known of a recording beside its events
 *
 * Complete when source_next() has returned 0. Strings are the source's, NULL if not known,
 * and as the recording has them: they need escaping.
 *
 * @file: its name as it was given, "-" for standard input; NULL where it is none
 * @kind: "perf.data", …
 * @generator: what wrote it
 * @kernel: release
 * @boot_id: the kernel's random id of the boot that it was made in
 * @host: host name
 * @arch: machine
 * @machine_id: made of the machine's id, which it does not tell; see systemd_machine_id()
 * @machine_model: the maker's name of the machine
 * @cpu_model: and of its CPUs
 * @ended_by: what ended a boot's recording: settle, limit, signal, seconds, unit, handover
 * @clock: name of the clock of times
 * @untimed: that clock doesn't count time, or not in a known unit: times only tell the order
 * @wall: what the clock of the day said at times of @clock, at two of them; see source_wall()
 * @cpus: CPUs online when it was made
 * @start_ns: when it began, 0 if only its events tell
 * @end_ns: when it ended, likewise
 * @stock: the kernel is without the series: attempts are known from their system calls
 * @would_tell_more: in stock mode, what to record to know more; empty if nothing
 * @recorded: bit per enum event_type that it could have
 * @events: tracepoint events delivered
 * @unknown_events: those of which we know nothing, or which can't be decoded
 * @lost: events missing
 * @evicted: what the source forgot of tasks and names: there were too many
 * @renamers: tasks that took another name all the time, of which not all names were recorded
 * @lost_at_least: more may be missing than @lost: the recording doesn't say how many
 * @other_clock: events left out, as the clock of their buffers isn't @clock
 * @no_ring_ns: CPU time online without a ring
 * @truncated: it ends before its time
 * @why_truncated: one line on that
 * @is_boot: it begins with the kernel
 * @goes_on: more of it will come: live, or a recording that is being played
 * @markers: of a boot, in time
 * @module_sizes: of module files when they were opened, as --module-sizes has them
 */
struct source_info {
	char *file;
	const char *kind;
	char *generator;
	char *kernel;
	char *boot_id;
	char *host;
	char *arch;
	char *machine_id;
	char *machine_model;
	char *cpu_model;
	char *ended_by;
	const char *clock;
	bool untimed;
	struct wall_clock {
		bool known;
		u64 first_ns; /* on the recording's clock */
		s64 first_offset_ns;
		u64 last_ns;
		s64 last_offset_ns;
	} wall;
	unsigned int cpus;
	u64 start_ns;
	u64 end_ns;
	bool stock;
	char would_tell_more[400];
	u32 recorded;
	u64 events;
	u64 unknown_events;
	u64 lost;
	u64 evicted;
	u64 renamers;
	bool lost_at_least;
	u64 other_clock;
	u64 no_ring_ns;
	bool truncated;
	char why_truncated[200];
	bool is_boot;
	bool goes_on;
	struct symbol *symbols;
	size_t nr_symbols;
	struct state *states;
	size_t nr_states;
	struct marker *markers;
	size_t nr_markers;
	struct buf module_sizes;
	struct event_count *counts;
	size_t nr_counts;

	/* private */
	size_t cap_counts;
	size_t cap_symbols;
};

int source_count(struct source_info *info, const char *name, bool known, size_t *index);
int source_add_symbol(struct source_info *info, u64 address, const char *name, size_t len);
void source_sort_symbols(struct source_info *info);
const char *source_symbol(const struct source_info *info, u64 address);
int source_add_state(struct source_info *info, const char *key, const char *text, size_t len);
void source_add_wall(struct source_info *info, u64 time_ns, u64 wall_ns);
bool source_wall(const struct source_info *info, u64 time_ns, u64 *wall_ns);
int source_need_times(const struct source_info *info, const char *what, struct err *err);
bool source_has_series(const struct source_info *info);
int source_settled(const struct source_info *info);
void source_info_free(struct source_info *info);

#endif
