/* SPDX-License-Identifier: GPL-2.0-only */
/* What the running kernel says of itself: gates, statistics, formats of events. */
#ifndef MODTRACE_KERNEL_STATE_H
#define MODTRACE_KERNEL_STATE_H

#include "formats/events.h"
#include "lib/util.h"
#include "recorder/probes.h"

/**
 * struct kernel_event - an event of the table that this kernel has
 * @desc: the table's entry
 * @system: its trace system here
 * @id: its id here
 * @format: text of its format file
 * @filter: which of its records are wanted, NULL for all
 * @ip_offset: where in the raw record its call site is, 0 if it has none
 */
struct kernel_event {
	const struct event_desc *desc;
	const char *system;
	int id;
	char *format;
	const char *filter;
	unsigned int ip_offset;
};

/**
 * struct kernel_events - events of the table that this kernel has
 * @all: the events
 * @nr: how many
 * @header_page: description of ftrace's pages, for perf
 * @header_event: of its events
 */
struct kernel_events {
	struct kernel_event *all;
	size_t nr;
	char *header_page;
	char *header_event;
};

/* What /sys/kernel/security/lockdown has where nothing may be traced, root or not. */
#define LOCKDOWN_FILE "/sys/kernel/security/lockdown"
#define LOCKDOWN_ALL "[confidentiality]"
#define LOCKDOWN_REMEDY "boot with lockdown=integrity"

int kernel_find_tracefs(struct err *err);
bool kernel_has_series(void);
int kernel_events_find(struct kernel_events *e, const struct probes *probes, struct err *err);
void kernel_events_free(struct kernel_events *e);

int kernel_boot_id(struct buf *id);

typedef int (*kernel_state_fn)(void *context, const char *key, const char *text, size_t len);
int kernel_state_read(kernel_state_fn fn, void *context);

#endif
