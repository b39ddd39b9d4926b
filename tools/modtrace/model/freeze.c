// SPDX-License-Identifier: GPL-2.0-only
#include "model/freeze.h"

#include "model/open.h"

static int module_copy(struct model *to, const struct module *from)
{
	struct module *module = calloc(1, sizeof(*module));
	const struct requester *r;
	unsigned int kind;

	if (!module)
		return -ENOMEM;
	to->modules[to->nr_modules++] = module;
	module->name = from->name;
	if (tally_copy(&module->tally, &from->tally))
		return -ENOMEM;
	for (r = from->requesters; r; r = r->next) {
		struct requester *copy = malloc(sizeof(*copy));

		if (!copy)
			return -ENOMEM;
		*copy = *r;
		memset(copy->calls, 0, sizeof(copy->calls));
		copy->devices = NULL;
		copy->chain = NULL;
		copy->module = module;
		copy->next = module->requesters;
		module->requesters = copy;
		for (kind = 0; kind < CALL_NR; kind++)
			if (hist_copy(&copy->calls[kind], &r->calls[kind]))
				return -ENOMEM;
		if (!r->devices)
			continue;
		copy->devices = malloc(sizeof(*copy->devices));
		if (!copy->devices)
			return -ENOMEM;
		*copy->devices = *r->devices;
	}
	return 0;
}

static int rows_copy(struct model *to, const struct model *from)
{
	size_t i;
	int ret;

	ret = tally_copy(&to->totals, &from->totals);
	for (i = 0; i < from->nr_modules && !ret; i++)
		ret = module_copy(to, from->modules[i]);
	for (i = 0; i < from->nr_requests && !ret; i++) {
		struct request *request = malloc(sizeof(*request));

		if (!request)
			return -ENOMEM;
		*request = *from->requests[i];
		request->chain = NULL;
		to->requests[to->nr_requests++] = request;
	}
	if (ret)
		return ret;
	to->duplicates = from->duplicates;
	to->duplicates.open = NULL;
	if (from->duplicates.nr) {
		to->duplicates.open = malloc(from->duplicates.cap * sizeof(struct interval));
		if (!to->duplicates.open)
			return -ENOMEM;
		memcpy(to->duplicates.open, from->duplicates.open,
		       from->duplicates.nr * sizeof(struct interval));
	}
	return 0;
}

/**
 * model_freeze - what a model shows now, while it goes on
 * @m: the model; must outlive the result, which has its names
 *
 * Return: a model to look at, not for model_event(), and for model_free(); NULL without memory.
 */
struct model *model_freeze(const struct model *m)
{
	struct model *to = model_new();

	if (!to)
		return NULL;
	to->asked = m->asked;
	to->autoload_dups = m->autoload_dups;
	to->rejected = m->rejected;
	to->unsure = m->unsure;
	to->no_begin = m->no_begin;
	to->lost = m->lost;
	to->evicted = model_evicted(m);
	to->relations.nr_damage = m->relations.nr_damage;
	memcpy(to->relations.damage, m->relations.damage, sizeof(to->relations.damage));
	to->relations.unplaced = m->relations.unplaced;
	to->filter = m->filter;
	to->start_ns = m->start_ns;
	memcpy(to->events, m->events, sizeof(to->events));
	to->first_ns = m->first_ns;
	to->last_ns = m->last_ns;
	model_oldest_open(m, &to->open);
	to->modules = calloc(m->nr_modules + 1, sizeof(*to->modules));
	to->requests = calloc(m->nr_requests + 1, sizeof(*to->requests));
	if (!to->modules || !to->requests || rows_copy(to, m)) {
		model_free(to);
		return NULL;
	}
	return to;
}
