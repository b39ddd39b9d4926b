// SPDX-License-Identifier: GPL-2.0-only
#include "model/open.h"

#include "model/attempt.h"

static void insert(struct open_list *list, const struct attempt *a)
{
	size_t at = list->nr, i;

	while (at && a->begin_ns < list->all[at - 1].begin_ns)
		at--;
	if (at == OPEN_MAX)
		return;
	if (list->nr < OPEN_MAX)
		list->nr++;
	for (i = list->nr - 1; i > at; i--)
		list->all[i] = list->all[i - 1];
	list->all[at] = (struct open_attempt){ a->module->name, a->who.comm, a->tid, a->begin_ns };
}

/**
 * model_oldest_open - the attempts that have waited longest for their end
 * @m: the model; a frozen one tells of the time when it was frozen
 * @list: filled, the oldest first
 *
 * Those are left out whose end may have been lost, and those that the filter hides.
 */
void model_oldest_open(const struct model *m, struct open_list *list)
{
	size_t i;

	*list = m->open;
	for (i = 0; i < m->attempt_by_tid.nr_slots; i++) {
		const struct attempt *a = m->attempt_by_tid.slots[i].value;

		if (a && a->is_clean && !a->hidden)
			insert(list, a);
	}
}
