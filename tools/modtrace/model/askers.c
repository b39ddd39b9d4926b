// SPDX-License-Identifier: GPL-2.0-only
#include "model/askers.h"

#include <errno.h>
#include <string.h>

/* Who asks is the task that the event is of: the kernel calls request_module() on its behalf. */
int asker_identify(struct identity *who, const struct tasks *tasks, struct strings *strings,
		   const struct event *ev)
{
	int ret = tasks_identity(tasks, ev->task, strings, who);

	if (ret)
		return ret;
	if (!who->comm)
		who->comm = strings_intern(strings, COMM_UNKNOWN, strlen(COMM_UNKNOWN));
	return who->comm ? 0 : -ENOMEM;
}

void asker_note(struct request *r, const struct identity *who, s32 tid)
{
	struct asker *a = r->askers;

	while (a < r->askers + r->nr_askers && (a->comm != who->comm || a->parent != who->parent))
		a++;
	if (a == r->askers + ASKERS_MAX) {
		r->other_requests++;
		return;
	}
	if (a == r->askers + r->nr_askers) {
		r->nr_askers++;
		a->comm = who->comm;
		a->parent = who->parent;
	}
	a->tid = tid;
	a->requests++;
}
