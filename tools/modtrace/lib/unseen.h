/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Characters that show nothing, are a part of what precedes them, look like another one by
 * definition, or mean whatever somebody agreed on; those below U+00A0 left out.
 */
#ifndef MODTRACE_UNSEEN_H
#define MODTRACE_UNSEEN_H

#include "lib/util.h"

/* In ascending order. */
struct unseen_range {
	u32 first;
	u32 last;
};

extern const struct unseen_range unseen_ranges[];
extern const size_t unseen_nr;

#endif
