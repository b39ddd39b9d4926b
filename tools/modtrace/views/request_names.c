// SPDX-License-Identifier: GPL-2.0-only
#include "views/request_names.h"

#include "views/names.h"

static int by_name(const void *a, const void *b)
{
	const struct request_name *x = a, *y = b;
	const int c = strcmp(x->name, y->name);

	if (c)
		return c;
	if (x->requests != y->requests)
		return x->requests > y->requests ? -1 : 1;
	return (x->most->ip > y->most->ip) - (x->most->ip < y->most->ip);
}

static int by_requests(const void *a, const void *b)
{
	const struct request_name *x = a, *y = b;

	if (x->requests != y->requests)
		return x->requests > y->requests ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void name_add(struct request_name *to, const struct request_name *from)
{
	to->requests += from->requests;
	to->sites += from->sites;
	if (from->first_ns < to->first_ns)
		to->first_ns = from->first_ns;
	if (from->last_ns > to->last_ns)
		to->last_ns = from->last_ns;
}

/**
 * request_names_make - count requests by name
 * @n: filled; request_names_free() frees it
 * @rows: requests by name and call site; those that nobody made are left out
 * @nr: how many
 *
 * Return: 0 or -ENOMEM.
 */
int request_names_make(struct request_names *n, const struct request *const *rows, size_t nr)
{
	size_t i, left = 0;

	*n = (struct request_names){ .all = calloc(nr + 1, sizeof(*n->all)) };
	if (!n->all)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		if (rows[i]->requests)
			n->all[n->nr++] =
				(struct request_name){ rows[i]->name,	  rows[i]->requests,
						       rows[i]->first_ns, rows[i]->last_ns,
						       rows[i],		  1 };
	qsort(n->all, n->nr, sizeof(*n->all), by_name);
	for (i = 0; i < n->nr; i++) {
		n->requests += n->all[i].requests;
		if (left && !strcmp(n->all[left - 1].name, n->all[i].name))
			name_add(&n->all[left - 1], &n->all[i]);
		else
			n->all[left++] = n->all[i];
	}
	n->nr = left;
	qsort(n->all, n->nr, sizeof(*n->all), by_requests);
	return 0;
}

/**
 * request_names_free - free what was counted
 * @n: the names; empty afterwards
 */
void request_names_free(struct request_names *n)
{
	free(n->all);
	*n = (struct request_names){ 0 };
}

/**
 * request_name_asker - the task that made most of the requests for a name
 * @n: the name
 * @alone: set to whether all of them are its
 *
 * Return: the model's, or NULL if none is known.
 */
const struct asker *request_name_asker(const struct request_name *n, bool *alone)
{
	const struct asker *top = view_top_asker(n->most);

	*alone = top && top->requests == n->requests;
	return top;
}
