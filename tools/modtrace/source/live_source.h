/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events as they happen: records of all rings, put in the order of time and decoded. source_next()
 * returns 0 where no more are due; once live_source_until() has been called, there may be some.
 */
#ifndef MODTRACE_LIVE_SOURCE_H
#define MODTRACE_LIVE_SOURCE_H

#include <linux/perf_event.h>

#include "formats/events.h"
#include "source/source.h"

struct source *live_source_new(void);
int live_source_add_event(struct source *src, struct tep_handle *tep, const char *system,
			  const char *format, size_t len, const struct perf_event_attr *attr);
int live_source_add_id(struct source *src, unsigned int attr, u64 id);
int live_source_records(struct source *src, const u8 *records, size_t size, u64 *lost);
int live_source_lost(struct source *src, u64 time_ns, u64 events);
void live_source_until(struct source *src, u64 until_ns);

#endif
