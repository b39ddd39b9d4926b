/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's perf rings: one per CPU, into which all events of that CPU go. */
#ifndef MODTRACE_RINGS_H
#define MODTRACE_RINGS_H

#include <linux/perf_event.h>
#include <poll.h>

#include "lib/util.h"
#include "recorder/renamers.h"

/**
 * struct ring - one CPU's events
 * @cpu: the CPU
 * @fds: a descriptor per event; the first one owns the ring
 * @page: the control page, followed by the data
 * @tail: up to where we have read
 * @lost_seen: losses that records in the ring told of; whoever reads the records counts them
 * @lost_closed: losses of an event that has been closed since
 */
struct ring {
	int cpu;
	int *fds;
	struct perf_event_mmap_page *page;
	u64 tail;
	u64 lost_seen;
	u64 lost_closed;
};

/**
 * struct ring_names - which events tell tasks' new names
 * @all: the event with records of each, 0 for none that can do without them
 * @some: the tracepoint that takes its place while somebody is left out; closed until then
 * @event: its records
 */
struct ring_names {
	unsigned int all;
	unsigned int some;
	struct rename_event event;
};

/* So often the names left out may be others: each takes an id on each CPU. */
#define RING_NAMES_CHANGES 64

/**
 * struct rings - all CPUs' events
 * @attrs: the events; the first one is the one that carries task records
 * @filters: which of an event's records are wanted, NULL for all; the texts aren't ours
 * @nr_attrs: how many
 * @pages: data pages a ring, a power of two; made smaller where the kernel refuses
 * @smaller: the kernel refused the size asked for
 * @nr_cpus: CPUs the kernel could ever have
 * @wanted: flag per CPU: record it when it is online
 * @by_cpu: its ring, or NULL
 * @no_ring_ns: for how long a CPU has been online without one
 * @checked_ns: when the online CPUs were last looked at
 * @bounce: for data that wraps around a ring's end
 * @squeezed: for data without names that were soon given up
 * @names: events that tell names; set ahead of rings_open()
 * @renamers: whose are left out
 * @name_filter: of the event in place; empty if all names are recorded
 * @name_changes: how often it has been changed
 * @name_records: names that we know better than the kernel's records
 */
struct rings {
	struct perf_event_attr *attrs;
	const char **filters;
	unsigned int nr_attrs;
	size_t pages;
	bool smaller;
	int nr_cpus;
	bool *wanted;
	struct ring **by_cpu;
	u64 *no_ring_ns;
	u64 checked_ns;
	struct buf bounce;
	struct buf squeezed;
	struct ring_names names;
	struct renamers renamers;
	struct buf name_filter;
	unsigned int name_changes;
	struct buf name_records;
};

/**
 * struct rings_ops - what the user of rings is told
 * @id: event @attr has got the id @id on some CPU
 * @data: whole records of a CPU; valid during the call only
 * @lost: events of a CPU are missing of which no record in its ring tells
 * @no_ring: a CPU was online without a ring for up to @ns
 *
 * Each returns 0 or -errno, which ends the operation that called it.
 */
struct rings_ops {
	int (*id)(void *context, unsigned int attr, u64 id);
	int (*data)(void *context, int cpu, const u8 *records, size_t size);
	int (*lost)(void *context, int cpu, u64 events);
	int (*no_ring)(void *context, int cpu, u64 ns);
};

int rings_init(struct rings *r, const struct perf_event_attr *attrs, const char *const *filters,
	       unsigned int nr_attrs, size_t pages, const char *cpu_list, struct err *err);
int rings_open(struct rings *r, struct err *err);
int rings_start(struct rings *r, const struct rings_ops *ops, void *context, struct err *err);
int rings_follow_cpus(struct rings *r, const struct rings_ops *ops, void *context);
int rings_drain(struct rings *r, const struct rings_ops *ops, void *context);
int rings_stop(struct rings *r, const struct rings_ops *ops, void *context);
size_t rings_poll_fds(const struct rings *r, struct pollfd *fds);
int rings_count(const struct rings *r);
void rings_free(struct rings *r);

int ring_size_parse(const char *text, size_t *pages, struct err *err);
size_t ring_size_default(void);
int possible_cpus(void);
bool kernel_tells_cgroups(void);

#endif
