/* SPDX-License-Identifier: GPL-2.0-only */
/* perf's records of tasks, control groups and losses. */
#ifndef MODTRACE_TASK_RECORDS_H
#define MODTRACE_TASK_RECORDS_H

#include <linux/perf_event.h>

#include "formats/event.h"

size_t task_record_body(u32 type);
void task_record_read(struct event *ev, const u8 *record, const struct perf_event_header *h);

#endif
