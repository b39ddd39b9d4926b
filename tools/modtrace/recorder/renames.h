/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A task may take another name a million times a second. Of those that it takes while nothing else
 * happens on its CPU, the last is what matters. Pure.
 */
#ifndef MODTRACE_RENAMES_H
#define MODTRACE_RENAMES_H

#include <linux/perf_event.h>

#include "lib/util.h"

/* Return: whether a whole record begins at @at; *@h is its header. */
static inline bool next_record(const u8 *records, size_t size, size_t at,
			       struct perf_event_header *h)
{
	if (size - at < sizeof(*h))
		return false;
	memcpy(h, records + at, sizeof(*h));
	return h->size >= sizeof(*h) && h->size <= size - at;
}

/* Of exec() there is a record for each, which takes more than a call. */
static inline bool is_rename(const struct perf_event_header *h)
{
	return h->type == PERF_RECORD_COMM && h->size >= sizeof(*h) + 8 &&
	       !(h->misc & PERF_RECORD_MISC_COMM_EXEC);
}

bool renames_are_many(const u8 *records, size_t size);
int renames_squeeze(struct buf *out, const u8 *records, size_t size);

#endif
