/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is behind requesters: what to look at to have fewer duplicates. Pure. */
#ifndef MODTRACE_BLAME_H
#define MODTRACE_BLAME_H

#include "model/model.h"
#include "source/source_info.h"

enum culprit {
	CULPRIT_UDEV,
	CULPRIT_MODULES_LOAD,
	CULPRIT_KERNEL,
	CULPRIT_MODPROBE,
	CULPRIT_OTHER,
	CULPRIT_NR
};

/**
 * struct blame - what one of them did
 * @culprit: who
 * @attempts: loads they asked for
 * @duplicates: those of them that were duplicates
 * @failed: those that failed or were interrupted
 * @wasted: what these allocated
 * @top: the requester with most of the duplicates, else of the failures, else of the attempts
 */
struct blame {
	enum culprit culprit;
	u64 attempts;
	u64 duplicates;
	u64 failed;
	struct cost wasted;
	const struct requester *top;
};

/* All zero: nothing yet. */
struct blame_list {
	struct blame by[CULPRIT_NR];
};

void blame_add(struct blame_list *list, const struct requester *requesters);
const struct blame *blame_top(const struct blame_list *list);
const char *blame_name(const struct blame *b);
void blame_who(const struct blame *b, const struct source_info *info, char *text, size_t size);

#endif
