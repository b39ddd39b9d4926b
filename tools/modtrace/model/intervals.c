// SPDX-License-Identifier: GPL-2.0-only
#include "model/intervals.h"

/* Disjoint stretches kept apart; beyond that the older half becomes final. */
#define SPANS_MAX 65536

static void fold_half(struct intervals *s)
{
	size_t half = s->nr / 2, i;

	for (i = 0; i < half; i++)
		s->folded += s->open[i].end - s->open[i].begin;
	s->folded_until = s->open[half - 1].end;
	memmove(s->open, s->open + half, (s->nr - half) * sizeof(*s->open));
	s->nr -= half;
}

/**
 * intervals_add - add an interval
 * @s: the union
 * @begin: its begin
 * @end: its end; expected to be no earlier than the ends added before
 *
 * Return: 0 or -ENOMEM, in which case it was not added.
 */
int intervals_add(struct intervals *s, u64 begin, u64 end)
{
	int ret;

	if (begin < s->folded_until)
		begin = s->folded_until;
	if (end <= begin)
		return 0;
	if (s->nr == SPANS_MAX)
		fold_half(s);
	ret = grow(&s->open, &s->cap, s->nr + 1, sizeof(*s->open));
	if (ret)
		return ret;
	while (s->nr && s->open[s->nr - 1].end >= begin) {
		const struct interval *last = &s->open[--s->nr];

		if (last->begin < begin)
			begin = last->begin;
		if (last->end > end)
			end = last->end;
	}
	s->open[s->nr++] = (struct interval){ .begin = begin, .end = end };
	return 0;
}

/**
 * intervals_length - length of the union
 * @s: the union
 *
 * Return: the length, in the unit of the intervals.
 */
u64 intervals_length(const struct intervals *s)
{
	u64 sum = s->folded;
	size_t i;

	for (i = 0; i < s->nr; i++)
		sum += s->open[i].end - s->open[i].begin;
	return sum;
}

/**
 * intervals_free - free what a union owns
 * @s: the union; empty and usable afterwards
 */
void intervals_free(struct intervals *s)
{
	free(s->open);
	*s = (struct intervals){ 0 };
}
