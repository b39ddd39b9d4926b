/* SPDX-License-Identifier: GPL-2.0-only */
/* The length of a union of intervals that arrive in the order of their ends. Pure. */
#ifndef MODTRACE_INTERVALS_H
#define MODTRACE_INTERVALS_H

#include "lib/util.h"

struct interval {
	u64 begin;
	u64 end;
};

/**
 * struct intervals - a union of intervals; all zero is empty
 * @open: disjoint intervals that a later one may still join, in order of time
 * @nr: how many
 * @cap: room for
 * @folded: length of those which were given up as final
 * @folded_until: where the last of them ends; nothing counts before that again
 */
struct intervals {
	struct interval *open;
	size_t nr;
	size_t cap;
	u64 folded;
	u64 folded_until;
};

int intervals_add(struct intervals *s, u64 begin, u64 end);
u64 intervals_length(const struct intervals *s);
void intervals_free(struct intervals *s);

#endif
