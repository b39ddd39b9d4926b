/* SPDX-License-Identifier: GPL-2.0-only */
/* Where events come from: one interface for files and for what is happening now. */
#ifndef MODTRACE_SOURCE_H
#define MODTRACE_SOURCE_H

#include "formats/event.h"
#include "source/raw_calls.h"
#include "source/source_info.h"
#include "source/thread_devices.h"

struct source;

/**
 * struct source_ops - what a kind of source does
 * @next: see source_next()
 * @close: free all
 */
struct source_ops {
	int (*next)(struct source *src, struct event *ev, struct err *err);
	void (*close)(struct source *src);
};

/* The events that tell of attempts, or are made to. */
#define SOURCE_ATTEMPTS (1U << EVENT_LOAD_BEGIN | 1U << EVENT_LOAD_END)

struct stock;

/**
 * struct source - where events come from
 * @ops: how
 * @info: what is known beside them
 * @stock: makes attempts of system calls; NULL where the events tell of attempts
 * @devices: which attempts are for, as opens tell
 */

struct source {
	const struct source_ops *ops;
	struct source_info info;
	struct stock *stock;
	struct thread_devices devices;
	struct raw_calls raw_calls; /* if calls were recorded by their numbers only */
};

int source_open(struct source **src, const char *path, struct err *err);
int source_next(struct source *src, struct event *ev, struct err *err);
int source_choose_mode(struct source *src, const char *name, struct err *err);
int source_use_sizes(struct source *src, const char *path, struct err *err);
void source_show_records(struct source *src);
void source_close(struct source *src);

int source_tracedat_open(struct source **src, int fd, const char *name, struct err *err);
int source_perfdata_open(struct source **src, int fd, const char *name, struct err *err);

#endif
