// SPDX-License-Identifier: GPL-2.0-only
#include "views/view.h"

static int compare(u64 a, u64 b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

/* Interned strings: equal ones are one pointer, and NULL is the least. */
static int compare_names(const char *a, const char *b)
{
	if (a == b)
		return 0;
	return !a ? -1 : !b ? 1 : strcmp(a, b);
}

/* Worker time that led to no module. */
static u64 spent_in_vain(const struct call_times *t)
{
	return sat_add(t->ns[CALL_DUP], t->ns[CALL_FAIL]);
}

static int by_waste(const void *a, const void *b)
{
	const struct module *x = *(const struct module **)a, *y = *(const struct module **)b;
	int c = compare(tally_wasted(&x->tally), tally_wasted(&y->tally));

	if (!c)
		c = compare(spent_in_vain(&x->tally.times), spent_in_vain(&y->tally.times));
	if (!c)
		c = compare(tally_duplicates(&x->tally), tally_duplicates(&y->tally));
	if (!c)
		c = compare(x->tally.attempts, y->tally.attempts);
	return c ? c : compare_names(x->name, y->name);
}

static int compare_requests(const struct request *a, const struct request *b)
{
	int c;

	if (a == b)
		return 0;
	if (!a || !b)
		return a ? 1 : -1;
	c = compare_names(a->name, b->name);
	return c ? c : compare(b->ip, a->ip);
}

static int by_dups(const void *a, const void *b)
{
	const struct request *x = *(const struct request **)a, *y = *(const struct request **)b;
	int c = compare(x->dups, y->dups);

	if (!c)
		c = compare(x->requests, y->requests);
	if (!c)
		c = compare_names(x->name, y->name);
	return c ? c : compare(y->ip, x->ip);
}

/* Requesters of one module and those over all modules have one order, and the same fields. */
#define COMPARE_REQUESTERS(x, y)                                                              \
	({                                                                                    \
		int _c = compare(cost_total(&(x)->wasted), cost_total(&(y)->wasted));         \
		if (!_c)                                                                      \
			_c = compare(spent_in_vain(&(x)->times), spent_in_vain(&(y)->times)); \
		if (!_c)                                                                      \
			_c = compare((x)->attempts, (y)->attempts);                           \
		if (!_c)                                                                      \
			_c = compare_names((x)->who.comm, (y)->who.comm);                     \
		if (!_c)                                                                      \
			_c = compare_names((x)->who.parent, (y)->who.parent);                 \
		if (!_c)                                                                      \
			_c = compare_names((x)->who.service, (y)->who.service);               \
		if (!_c)                                                                      \
			_c = compare_names((x)->who.unit, (y)->who.unit);                     \
		_c ? _c : compare_requests((x)->who.request, (y)->who.request);               \
	})

static int by_row_waste(const void *a, const void *b)
{
	const struct requester_row *x = a, *y = b;

	return COMPARE_REQUESTERS(x, y);
}

static int by_requester_waste(const void *a, const void *b)
{
	const struct requester *x = *(const struct requester **)a;
	const struct requester *y = *(const struct requester **)b;

	return COMPARE_REQUESTERS(x, y);
}

/**
 * view_module_requesters - who asked for a module, the most wasteful first
 * @module: the module
 * @nr: how many there are
 *
 * Return: an array that the caller frees, or NULL if there are none or no memory (@nr tells).
 */
const struct requester **view_module_requesters(const struct module *module, size_t *nr)
{
	const struct requester **rows;
	const struct requester *r;
	size_t n = 0;

	for (r = module->requesters; r; r = r->next)
		n += r->attempts != 0;
	*nr = n;
	rows = n ? calloc(n, sizeof(*rows)) : NULL;
	if (!rows)
		return NULL;
	n = 0;
	for (r = module->requesters; r; r = r->next)
		if (r->attempts)
			rows[n++] = r;
	qsort(rows, n, sizeof(*rows), by_requester_waste);
	return rows;
}

static int add_requesters(struct view *v, struct map *seen, size_t *cap,
			  const struct module *module)
{
	const struct requester *r;
	unsigned int kind;

	for (r = module->requesters; r; r = r->next) {
		u64 key = identity_hash(&r->who);
		struct requester_row *row = NULL;
		uintptr_t index;

		if (!r->attempts)
			continue;
		/* Two pairs of one hash would be one in 2^64; then the key moves on. */
		while ((index = (uintptr_t)map_get(seen, key)) != 0) {
			row = &v->requesters[index - 1];
			if (identity_equal(&row->who, &r->who))
				break;
			row = NULL;
			key++;
		}
		if (!row) {
			if (grow(&v->requesters, cap, v->nr_requesters + 1,
				 sizeof(*v->requesters)) ||
			    map_set(seen, key, (void *)(v->nr_requesters + 1)))
				return -ENOMEM;
			row = &v->requesters[v->nr_requesters++];
			*row = (struct requester_row){ .who = r->who };
		}
		row->modules++;
		row->attempts += r->attempts;
		row->duplicates += r->duplicates;
		cost_add(&row->wasted, &r->wasted);
		times_merge(&row->times, &r->times);
		for (kind = 0; kind < CALL_NR; kind++)
			if (hist_merge(&row->calls[kind], &r->calls[kind]))
				return -ENOMEM;
		if (r->devices && !row->devices)
			row->devices = calloc(1, sizeof(*row->devices));
		if (r->devices && !row->devices)
			return -ENOMEM;
		if (r->devices)
			devices_merge(row->devices, r->devices);
	}
	return 0;
}

/**
 * view_make - put everything in order
 * @v: filled; view_free() frees it, after an error too
 * @m: the model
 * @info: the recording; both must outlive @v
 *
 * Return: 0 or -ENOMEM.
 */
int view_make(struct view *v, const struct model *m, const struct source_info *info)
{
	struct map seen = { 0 };
	size_t cap = 0, i;
	int ret = 0;

	*v = (struct view){ .model = m, .info = info };
	v->modules = calloc(m->nr_modules + 1, sizeof(*v->modules));
	v->requests = calloc(m->nr_requests + 1, sizeof(*v->requests));
	if (!v->modules || !v->requests)
		return -ENOMEM;
	for (i = 0; i < m->nr_modules; i++)
		if (m->modules[i]->tally.attempts)
			v->modules[v->nr_modules++] = m->modules[i];
	for (i = 0; i < m->nr_requests; i++)
		if (m->requests[i]->requests || m->requests[i]->dups)
			v->requests[v->nr_requests++] = m->requests[i];
	qsort(v->modules, v->nr_modules, sizeof(*v->modules), by_waste);
	qsort(v->requests, v->nr_requests, sizeof(*v->requests), by_dups);
	for (i = 0; i < v->nr_modules && !ret; i++)
		ret = add_requesters(v, &seen, &cap, v->modules[i]);
	map_free(&seen);
	if (ret)
		return ret;
	if (v->nr_requesters)
		qsort(v->requesters, v->nr_requesters, sizeof(*v->requesters), by_row_waste);
	return findings_make(&v->findings, m, info, (const struct module *const *)v->modules,
			     v->nr_modules);
}

static int by_order(const void *a, const void *b, void *order)
{
	return columns_compare(order, *(const struct module **)a, *(const struct module **)b);
}

/**
 * view_sort - put the modules in another order
 * @v: the view
 * @order: see columns_compare()
 */
void view_sort(struct view *v, const struct column_list *order)
{
	if (order->nr && v->nr_modules)
		qsort_r(v->modules, v->nr_modules, sizeof(*v->modules), by_order, (void *)order);
}

/**
 * view_free - free what a view owns
 * @v: the view
 */
void view_free(struct view *v)
{
	unsigned int kind;
	size_t i;

	findings_free(&v->findings);
	for (i = 0; i < v->nr_requesters; i++) {
		for (kind = 0; kind < CALL_NR; kind++)
			hist_free(&v->requesters[i].calls[kind]);
		free(v->requesters[i].devices);
	}
	free(v->modules);
	free(v->requesters);
	free(v->requests);
	*v = (struct view){ 0 };
}

/**
 * view_start_ns - when the recording began
 * @v: the view
 *
 * Return: the time the recorder noted, else the first event's, on the recording's clock.
 */
u64 view_start_ns(const struct view *v)
{
	return v->info->start_ns ? v->info->start_ns : v->model->first_ns;
}

/**
 * view_duration_ns - how long the recording is
 * @v: the view
 *
 * Return: from its start to the end noted, else to the last event; 0 where times don't count time.
 */
u64 view_duration_ns(const struct view *v)
{
	/* Of what is not all there, the end isn't either. */
	const bool whole = !v->info->goes_on && !v->info->truncated;
	u64 end = v->info->end_ns && whole ? v->info->end_ns : v->model->last_ns;

	if (v->info->untimed)
		return 0;
	return sat_sub(end, view_start_ns(v));
}

/**
 * view_duplicates_share - in how much of the recording a duplicate was under way
 * @v: the view
 *
 * Return: 0 to 1.
 */
double view_duplicates_share(const struct view *v)
{
	u64 duration = view_duration_ns(v), length = intervals_length(&v->model->duplicates);

	if (!duration)
		return 0;
	return length >= duration ? 1 : (double)length / duration;
}
