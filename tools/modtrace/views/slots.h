/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracks of one name: what overlaps is on different ones, and the first that is free is taken. */
#ifndef MODTRACE_SLOTS_H
#define MODTRACE_SLOTS_H

#include "lib/util.h"

/**
 * struct slots - all zero is none
 * @tracks: of each slot, whatever it was given
 * @nr: how many there are
 * @steps: how many nodes have been looked at, for tests
 */
struct slots {
	u64 *tracks;
	size_t nr;
	u64 steps;

	/* private */
	u64 *ends; /* a tree: the least of what is below each node; its leaves are the slots */
	size_t room;
};

size_t slots_find(struct slots *s, u64 begin_ns);
int slots_add(struct slots *s, u64 track);
void slots_take(struct slots *s, size_t i, u64 end_ns);
void slots_free(struct slots *s);

#endif
