/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace.dat of trace-cmd: its sections are checked by us, and then read by libtracecmd in a
 * process of its own, which hands the events back through a pipe.
 */
#ifndef MODTRACE_TRACEDAT_H
#define MODTRACE_TRACEDAT_H

#include "lib/util.h"

#define TRACEDAT_MAGIC "\027\010\104tracing"
#define TRACEDAT_MAGIC_SIZE 10

/* Whether a clock counts nanoseconds, which the kernel's statistics of a buffer show. */
enum clock_unit { UNIT_UNKNOWN, UNIT_NS, UNIT_OTHER };

/**
 * struct tracedat - what a file says of itself; strings are NULL if it doesn't
 * @size: of the file, as far as it isn't holes
 * @long_size: size of a long where it was recorded
 * @page_size: of its pages of records
 * @packing: the name of what compressed it, cut; empty if nothing did
 * @cpus: CPUs there
 * @uname: system, host, release and machine
 * @version: of trace-cmd
 * @clock: name of ftrace's clock
 * @scaled: that counts cycles, and the library makes nanoseconds of them
 * @buffers: the clocks of buffers, as far as anything tells them; trace-cmd names that of the first for
 *	all of them
 * @nr_buffers: how many
 * @cap_buffers: room for
 * @lost: events overwritten or dropped, by the CPUs' statistics
 */
struct tracedat {
	u64 size;
	unsigned int long_size;
	u32 page_size;
	char packing[16];
	u32 cpus;
	char *uname;
	char *version;
	char *clock;
	bool scaled;
	struct buffer_clock {
		char *name; /* of the buffer, "" for the first */
		char *clock; /* as trace-cmd says; NULL: as all have it */
		enum clock_unit unit; /* as the kernel counted in it */
	} * buffers;
	size_t nr_buffers;
	size_t cap_buffers;
	u64 lost;
};

int tracedat_check(struct tracedat *t, const u8 *base, u64 size, const char *name,
		   struct err *err);
const struct buffer_clock *tracedat_buffer(const struct tracedat *t, const char *name);
void tracedat_free(struct tracedat *t);

/*
 * What the reading process sends. A message is this header and @size bytes more:
 *
 *	MESSAGE_RECORDED	struct tracedat_recorded; then the name of the clock, if there is one for
 *				these buffers; sent once, first
 *	MESSAGE_OTHER_CLOCK	@time events are left out, as their buffers have another one
 *	MESSAGE_FORMAT		the event @event: its system and a zero byte, then its format
 *	MESSAGE_RECORD		a raw record of event @event
 *	MESSAGE_COMM		name of the thread @event
 *	MESSAGE_SYMBOL		name of the address @time
 *	MESSAGE_LOST		@time events are missing, 0 if it isn't known how many
 *	MESSAGE_ERROR		what is wrong; the last one
 *	MESSAGE_END		all was sent
 */
enum tracedat_message_type {
	MESSAGE_RECORDED,
	MESSAGE_OTHER_CLOCK,
	MESSAGE_FORMAT,
	MESSAGE_RECORD,
	MESSAGE_COMM,
	MESSAGE_SYMBOL,
	MESSAGE_LOST,
	MESSAGE_ERROR,
	MESSAGE_END,
};

struct tracedat_message {
	u32 type;
	u32 size;
	u64 time;
	u32 cpu;
	u32 event;
	u32 buffer;
	u32 unused;
};

/* Bits by enum event_type, the number of buffers, and what the clock of most events counts. */
struct tracedat_recorded {
	u32 events;
	u32 buffers;
	u32 unit;
};

/* ftrace's records are smaller than its pages. */
#define TRACEDAT_MESSAGE_MAX (1U << 20)

int tracedat_confine(void);
void tracedat_send(int file, int out, const struct tracedat *t) __attribute__((noreturn));

#endif
