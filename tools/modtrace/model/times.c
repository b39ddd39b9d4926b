// SPDX-License-Identifier: GPL-2.0-only
#include "model/times.h"

/**
 * times_add - count a call that ended
 * @t: the times
 * @kind: what became of it; CALL_NR for what is of no kind, which may be the longest
 * @known: it is known how long it took
 * @ns: how long
 */
void times_add(struct call_times *t, enum call_kind kind, bool known, u64 ns)
{
	if (kind < CALL_NR)
		t->ended[kind]++;
	if (!known)
		return;
	if (kind < CALL_NR) {
		t->timed[kind]++;
		t->ns[kind] = sat_add(t->ns[kind], ns);
	}
	t->any = true;
	if (ns > t->longest_ns)
		t->longest_ns = ns;
}

/**
 * times_merge - count the calls of another
 * @to: the times
 * @from: of the other
 */
void times_merge(struct call_times *to, const struct call_times *from)
{
	unsigned int kind;

	for (kind = 0; kind < CALL_NR; kind++) {
		to->ns[kind] = sat_add(to->ns[kind], from->ns[kind]);
		to->timed[kind] += from->timed[kind];
		to->ended[kind] += from->ended[kind];
	}
	to->any |= from->any;
	if (from->longest_ns > to->longest_ns)
		to->longest_ns = from->longest_ns;
}

/**
 * times_known - whether a sum says something
 * @t: the times
 * @kind: of which calls
 *
 * Return: true if the time of any of these is known, or if there are none.
 */
bool times_known(const struct call_times *t, enum call_kind kind)
{
	return t->timed[kind] || !t->ended[kind];
}

/**
 * times_all - worker time: the sum over calls of every kind
 * @t: the times
 * @ns: the sum of those known
 *
 * Return: false if calls of some kind ended and the time of none of these is known.
 */
bool times_all(const struct call_times *t, u64 *ns)
{
	bool known = true;
	unsigned int kind;

	*ns = 0;
	for (kind = 0; kind < CALL_NR; kind++) {
		*ns = sat_add(*ns, t->ns[kind]);
		known &= times_known(t, kind);
	}
	return known;
}

/**
 * times_exact - whether a sum is of all calls
 * @t: the times
 * @kind: of which calls
 *
 * Return: false if the time of some isn't known.
 */
bool times_exact(const struct call_times *t, enum call_kind kind)
{
	return t->timed[kind] == t->ended[kind];
}
