/* SPDX-License-Identifier: GPL-2.0-only */
/* A histogram of durations whose relative error is at most 1/128. Pure. */
#ifndef MODTRACE_HIST_H
#define MODTRACE_HIST_H

#include "lib/util.h"

#define HIST_PLACES 128

struct hist_bin {
	u16 index;
	u64 count;
};

/**
 * struct hist - counts per log-linear bucket; all zero is an empty one
 * @bins: the buckets in use, by index: a row with few values stays small
 * @nr: buckets in use
 * @cap: buckets allocated
 * @places: where the bucket of an index was last, by its lowest bits: a guess that is checked;
 *	NULL where there are few buckets
 * @count: values added
 * @sum: their exact sum, saturating
 * @max: the exact largest
 */
struct hist {
	struct hist_bin *bins;
	size_t nr;
	size_t cap;
	u16 *places;
	u64 count;
	u64 sum;
	u64 max;
};

int hist_add(struct hist *h, u64 value);
u64 hist_percentile(const struct hist *h, unsigned int percent);
int hist_copy(struct hist *to, const struct hist *from);
int hist_merge(struct hist *to, const struct hist *from);
void hist_free(struct hist *h);

#endif
