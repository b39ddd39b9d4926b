// SPDX-License-Identifier: GPL-2.0-only
#include "model/attempt.h"

#define SPARES_MAX 1024
#define SPARE_WAITERS_MAX 1024

/**
 * attempt_free - free an attempt
 * @a: the attempt
 */
void attempt_free(struct attempt *a)
{
	free(a->waiters);
	free(a);
}

/**
 * attempt_alloc - room for an attempt
 * @m: the model
 *
 * Storms come and go: the same few attempts are used again, with their room for waiters.
 *
 * Return: an attempt that is all zero, for attempt_release(), or NULL without memory.
 */
struct attempt *attempt_alloc(struct model *m)
{
	struct attempt *a = m->spare;
	struct waiter *waiters;
	size_t cap;

	if (!a)
		return calloc(1, sizeof(*a));
	m->spare = a->next_clean;
	m->nr_spare--;
	waiters = a->waiters;
	cap = a->cap_waiters;
	*a = (struct attempt){ .waiters = waiters, .cap_waiters = cap };
	return a;
}

/**
 * attempt_release - give an attempt back that is over
 * @m: the model
 * @a: the attempt
 */
void attempt_release(struct model *m, struct attempt *a)
{
	if (m->nr_spare == SPARES_MAX || a->cap_waiters > SPARE_WAITERS_MAX) {
		attempt_free(a);
		return;
	}
	a->next_clean = m->spare;
	m->spare = a;
	m->nr_spare++;
}

/**
 * clean_add - an attempt has begun: nothing was lost since
 * @m: the model
 * @a: the attempt
 */
void clean_add(struct model *m, struct attempt *a)
{
	a->is_clean = true;
	a->next_clean = m->clean;
	if (m->clean)
		m->clean->prev_clean = a;
	m->clean = a;
}

/**
 * clean_del - an attempt is over, or something was lost that may have been of it
 * @m: the model
 * @a: the attempt
 */
void clean_del(struct model *m, struct attempt *a)
{
	if (!a->is_clean)
		return;
	if (a->prev_clean)
		a->prev_clean->next_clean = a->next_clean;
	else
		m->clean = a->next_clean;
	if (a->next_clean)
		a->next_clean->prev_clean = a->prev_clean;
	a->prev_clean = NULL;
	a->next_clean = NULL;
	a->is_clean = false;
}
