// SPDX-License-Identifier: GPL-2.0-only
#include "model/relations.h"

/* Tasks whose last attempt is remembered. Beyond that new ones have no past. */
#define STEPS_MAX 65536

/**
 * relations_answer - a thread's request has returned
 * @r: the relations
 * @tid: the thread; it need not have asked
 */
void relations_answer(struct relations *r, s32 tid)
{
	size_t i;

	for (i = 0; i < r->nr_asking; i++) {
		if (r->asking[i].tid != tid)
			continue;
		r->nr_asking--;
		memmove(r->asking + i, r->asking + i + 1,
			(r->nr_asking - i) * sizeof(*r->asking));
		return;
	}
}

/**
 * relations_ask - a thread asks for a module
 * @r: the relations
 * @tid: the thread
 * @request: what it asks for, and where; must outlive @r
 */
void relations_ask(struct relations *r, s32 tid, const struct request *request)
{
	relations_answer(r, tid);
	if (r->nr_asking == ASKING_MAX)
		relations_answer(r, r->asking[0].tid);
	r->asking[r->nr_asking++] = (struct asking){ .tid = tid, .request = request };
}

/**
 * relations_help - a helper of the kernel's starts
 * @r: the relations
 *
 * Helpers are started by a worker, in no relation to who asked. Only where all requests still
 * without a helper are for one name and from one place is it certain which it serves.
 *
 * Return: the request, or NULL if that isn't certain.
 */
const struct request *relations_help(struct relations *r)
{
	struct asking *first = NULL;
	bool certain = true;
	size_t i;

	for (i = 0; i < r->nr_asking; i++) {
		if (r->asking[i].helped)
			continue;
		if (!first)
			first = &r->asking[i];
		certain &= r->asking[i].request == first->request;
	}
	if (!first)
		return NULL;
	first->helped = true;
	return certain ? first->request : NULL;
}

/**
 * relations_last - a task's last attempt
 * @r: the relations
 * @tid: the task
 *
 * Return: the attempt, valid until the next change, or NULL.
 */
const struct step *relations_last(const struct relations *r, s32 tid)
{
	return map_get(&r->last_by_tid, (u32)tid);
}

/**
 * relations_step - a task's attempt ended
 * @r: the relations
 * @tid: the task
 * @step: how
 *
 * Return: 0 or -ENOMEM.
 */
int relations_step(struct relations *r, s32 tid, const struct step *step)
{
	struct step *last = map_get(&r->last_by_tid, (u32)tid);

	if (last) {
		*last = *step;
		return 0;
	}
	/* What went well matters to nobody: a storm's waiters needn't be remembered. */
	if ((!step->refused && !step->failed) || r->last_by_tid.nr >= STEPS_MAX)
		return 0;
	last = malloc(sizeof(*last));
	if (!last)
		return -ENOMEM;
	*last = *step;
	if (map_set(&r->last_by_tid, (u32)tid, last)) {
		free(last);
		return -ENOMEM;
	}
	return 0;
}

/**
 * relations_forget - a task ended
 * @r: the relations
 * @tid: the task
 */
void relations_forget(struct relations *r, s32 tid)
{
	free(map_del(&r->last_by_tid, (u32)tid));
	if (r->nr_asking)
		relations_answer(r, tid);
}

/**
 * relations_damage - count harm
 * @r: the relations
 * @d: the harm; its count is ignored
 */
void relations_damage(struct relations *r, const struct damage *d)
{
	size_t i;

	for (i = 0; i < r->nr_damage; i++) {
		struct damage *known = &r->damage[i];

		if (known->kind == d->kind && known->dependency == d->dependency &&
		    known->dependent == d->dependent && known->request == d->request &&
		    known->err == d->err) {
			known->count++;
			return;
		}
	}
	if (r->nr_damage == DAMAGE_MAX) {
		r->unplaced++;
		return;
	}
	r->damage[r->nr_damage] = *d;
	r->damage[r->nr_damage++].count = 1;
}

/**
 * relations_free - forget everything
 * @r: the relations; empty and usable afterwards
 */
void relations_free(struct relations *r)
{
	size_t i;

	for (i = 0; i < r->last_by_tid.nr_slots; i++)
		free(r->last_by_tid.slots[i].value);
	map_free(&r->last_by_tid);
	*r = (struct relations){ 0 };
}
