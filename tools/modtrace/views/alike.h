/* SPDX-License-Identifier: GPL-2.0-only */
/* What makes times of two sets of recordings differ by itself, or one of them incomplete. Pure. */
#ifndef MODTRACE_ALIKE_H
#define MODTRACE_ALIKE_H

#include "views/compare.h"

/**
 * struct difference - one thing in which a set isn't like the first one
 * @set: the set; 0 only if a recording of the first one is incomplete
 * @id: what it is, static
 * @text: one line on it, escaped; the differences'
 */
struct difference {
	size_t set;
	const char *id;
	char *text;
};

struct differences {
	struct difference *all;
	size_t nr;
	size_t cap;
};

#define _cleanup_differences_ _cleanup_(differences_free)

int differences_find(struct differences *d, const struct comparison *c);
void differences_free(struct differences *d);
bool recordings_are_whole(const struct comparison *c, size_t set);

#endif
