/* SPDX-License-Identifier: GPL-2.0-only */
/* Which attempts are to be counted. Pure. */
#ifndef MODTRACE_FILTER_H
#define MODTRACE_FILTER_H

#include "lib/util.h"

#define FILTER_PATTERNS_MAX 64

/* Patterns as a shell's, of which one has to fit; none fits everything. */
struct patterns {
	char *text[FILTER_PATTERNS_MAX];
	size_t nr;
};

/**
 * struct filter - what an attempt must be; all zero lets everything pass
 * @modules: names of modules
 * @comms: names of the threads that made them
 * @from_ns: no earlier than this, after the recording's begin
 * @until_ns: begun before that, likewise; 0 for no limit
 */
struct filter {
	struct patterns modules;
	struct patterns comms;
	bool absolute;
	u64 from_ns;
	u64 until_ns;
};

void filter_fold_names(struct patterns *p);
int filter_add(struct patterns *p, const char *list);
int filter_set_time(struct filter *f, const char *range, struct err *err);
bool filter_matches(const struct patterns *p, const char *name);
bool filter_passes(const struct filter *f, const char *module, const char *comm, u64 after_ns);
bool filter_is_empty(const struct filter *f);
void filter_free(struct filter *f);

int parse_seconds(const char *text, size_t len, u64 *ns);

#endif
