/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes that attempts allocated, by kind, and what is known of them. Pure. */
#ifndef MODTRACE_COST_H
#define MODTRACE_COST_H

#include "formats/event.h"

/**
 * struct byte_marks - what is known of bytes that were added up
 * @known: a bit per kind (UNKNOWN_READ, …) that is known of some of the attempts
 * @unknown: a bit per kind that isn't of some
 * @estimated: some are estimates
 */
struct byte_marks {
	u8 known;
	u8 unknown;
	bool estimated;
};

/**
 * struct cost - bytes that attempts allocated; all zero is none
 * @bytes: by kind
 * @marks: what is known of them
 */
struct cost {
	u64 bytes[BYTES_NR];
	struct byte_marks marks;
};

bool marks_known(const struct byte_marks *m, enum byte_kind kind);
bool marks_wasted_known(const struct byte_marks *m, u64 bytes);
bool marks_exact(const struct byte_marks *m);
u64 cost_total(const struct cost *c);
void cost_add(struct cost *to, const struct cost *from);
struct cost cost_of_end(const struct event *end);

#endif
