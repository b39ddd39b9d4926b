/* SPDX-License-Identifier: GPL-2.0-only */
/* Events as they happen: records of all rings, put in the order of time and decoded. */
#ifndef MODTRACE_LIVE_SOURCE_H
#define MODTRACE_LIVE_SOURCE_H

#include <linux/perf_event.h>

#include "formats/events.h"
#include "source/source.h"

struct live_source;

typedef int (*live_event_fn)(void *context, const struct event *ev);

struct live_source *live_source_new(void);
void live_source_free(struct live_source *l);
int live_source_add_event(struct live_source *l, struct tep_handle *tep, const char *system,
			  const char *format, size_t len, const struct perf_event_attr *attr);
int live_source_add_id(struct live_source *l, unsigned int attr, u64 id);
int live_source_records(struct live_source *l, const u8 *records, size_t size, u64 *lost);
int live_source_lost(struct live_source *l, u64 time_ns, u64 events);
int live_source_release(struct live_source *l, u64 until_ns, live_event_fn fn, void *context);
int live_source_use_stock(struct live_source *l, const char *kernel);
struct source_info *live_source_info(struct live_source *l);

#endif
