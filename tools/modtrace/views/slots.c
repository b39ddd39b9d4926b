// SPDX-License-Identifier: GPL-2.0-only
#include "views/slots.h"

#define ROOT 1

/**
 * slots_find - the first slot that is free from some time on
 * @s: the slots
 * @begin_ns: the time; what ended then or later is still there
 *
 * Return: which, or @s->nr if none is.
 */
size_t slots_find(struct slots *s, u64 begin_ns)
{
	size_t node = ROOT;

	if (!s->nr || s->ends[ROOT] >= begin_ns)
		return s->nr;
	for (; node < s->room; s->steps++) {
		node *= 2;
		if (s->ends[node] >= begin_ns)
			node++;
	}
	return node - s->room;
}

/* Leaves that are no slot yet are never free. */
static int make_room(struct slots *s)
{
	size_t room = s->room ? s->room * 2 : 1, i;
	u64 *ends = malloc(2 * room * sizeof(*ends));
	u64 *tracks = ends ? realloc(s->tracks, room * sizeof(*tracks)) : NULL;

	if (!tracks) {
		free(ends);
		return -ENOMEM;
	}
	for (i = 0; i < room; i++)
		ends[room + i] = i < s->nr ? s->ends[s->room + i] : UINT64_MAX;
	for (i = room - 1; i >= ROOT; i--)
		ends[i] = ends[2 * i] < ends[2 * i + 1] ? ends[2 * i] : ends[2 * i + 1];
	free(s->ends);
	s->ends = ends;
	s->tracks = tracks;
	s->room = room;
	return 0;
}

/**
 * slots_add - one more, to be taken at once
 * @s: the slots
 * @track: what it is given
 *
 * Return: 0 or -ENOMEM.
 */
int slots_add(struct slots *s, u64 track)
{
	if (s->nr == s->room && make_room(s))
		return -ENOMEM;
	s->tracks[s->nr++] = track;
	return 0;
}

/**
 * slots_take - put something there
 * @s: the slots
 * @i: which
 * @end_ns: when that ends; UINT64_MAX for never
 */
void slots_take(struct slots *s, size_t i, u64 end_ns)
{
	size_t node = s->room + i;

	s->ends[node] = end_ns;
	for (; node > ROOT; node /= 2, s->steps++) {
		u64 other = s->ends[node ^ 1];

		s->ends[node / 2] = s->ends[node] < other ? s->ends[node] : other;
	}
}

/**
 * slots_free - free all
 * @s: empty and usable afterwards
 */
void slots_free(struct slots *s)
{
	free(s->ends);
	free(s->tracks);
	*s = (struct slots){ 0 };
}
