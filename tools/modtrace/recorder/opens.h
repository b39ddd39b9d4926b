/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which returns of open() are those of modules' files. CPUs' buffers are drained one after the
 * other, and a thread may be on another CPU when its open returns: the return can come before the
 * call it belongs to, and is held until all buffers have been drained. Pure.
 */
#ifndef MODTRACE_OPENS_H
#define MODTRACE_OPENS_H

#include "lib/util.h"

/**
 * struct open_exit - an open that has returned
 * @time_ns: when
 * @tid: whose
 * @cpu: where
 * @event: what kind of event it is, the caller's
 * @raw_size: bytes of its raw record
 */
struct open_exit {
	u64 time_ns;
	s32 tid;
	int cpu;
	const void *event;
	size_t raw_size;

	/* private */
	size_t raw_at;
};

/* All zero: none. */
struct opens {
	struct open_begin *begun;
	size_t nr_begun;
	size_t cap_begun;
	struct open_exit *exits;
	size_t nr_exits;
	size_t cap_exits;
	struct buf raw;
};

typedef int (*open_exit_fn)(void *context, const struct open_exit *exit, const void *raw);

int opens_begin(struct opens *o, s32 tid, u64 time_ns);
int opens_exit(struct opens *o, const struct open_exit *exit, const void *raw);
int opens_settle(struct opens *o, open_exit_fn fn, void *context);
void opens_free(struct opens *o);

#endif
