/* SPDX-License-Identifier: GPL-2.0-only */
/* How long the calls of attempts took, from entry to return. Pure. */
#ifndef MODTRACE_TIMES_H
#define MODTRACE_TIMES_H

#include "lib/util.h"

enum call_kind { CALL_DUP, CALL_FAIL, CALL_LOAD, CALL_NR };

/**
 * struct call_times - time in calls that ended
 * @ns: sum of the known ones: of duplicates, of failed and interrupted ones, of loads
 * @timed: how many that is the sum of
 * @ended: how many there were
 * @longest_ns: the longest of any kind
 * @any: a call's time is known
 */
struct call_times {
	u64 ns[CALL_NR];
	u64 timed[CALL_NR];
	u64 ended[CALL_NR];
	u64 longest_ns;
	bool any;
};

void times_add(struct call_times *t, enum call_kind kind, bool known, u64 ns);
void times_merge(struct call_times *to, const struct call_times *from);
bool times_known(const struct call_times *t, enum call_kind kind);
bool times_all(const struct call_times *t, u64 *ns);
bool times_exact(const struct call_times *t, enum call_kind kind);

#endif
