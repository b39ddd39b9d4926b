/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a recording says something of itself: what a liar would change. */
#ifndef MODTRACE_TESTS_PLACES_H
#define MODTRACE_TESTS_PLACES_H

#include "lib/util.h"

/**
 * struct place - a number in a recording
 * @at: where it is
 * @width: 1, 2, 4 or 8 bytes; 0 for a decimal digit in a text
 */
struct place {
	u64 at;
	unsigned int width;
};

struct places {
	struct place *all;
	size_t nr;
	size_t cap;
};

void places_find(struct places *p, const u8 *file, u64 size);

#endif
