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

/**
 * struct tracedat - what a file says of itself; strings are NULL if it doesn't
 * @long_size: size of a long where it was recorded
 * @page_size: of its pages of records
 * @cpus: CPUs there
 * @uname: system, host, release and machine
 * @version: of trace-cmd
 * @clock: name of ftrace's clock
 * @lost: events overwritten or dropped, by the CPUs' statistics
 */
struct tracedat {
	unsigned int long_size;
	u32 page_size;
	u32 cpus;
	char *uname;
	char *version;
	char *clock;
	u64 lost;
};

int tracedat_check(struct tracedat *t, const u8 *base, u64 size, const char *name,
		   struct err *err);
void tracedat_free(struct tracedat *t);

/*
 * What the reading process sends. A message is this header and @size bytes more:
 *
 *	MESSAGE_RECORDED	bits by enum event_type; sent once, first
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
};

/* ftrace's records are smaller than its pages. */
#define TRACEDAT_MESSAGE_MAX (1U << 20)

int tracedat_confine(void);
void tracedat_send(int file, int out, u32 page_size) __attribute__((noreturn));

#endif
