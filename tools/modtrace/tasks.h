/* SPDX-License-Identifier: GPL-2.0-only */
/* Who a thread is and whose child: from fork, comm and exit records. Pure. */
#ifndef MODTRACE_TASKS_H
#define MODTRACE_TASKS_H

#include "event.h"
#include "map.h"

/**
 * struct tasks - the threads alive now; all zero is none
 * @by_tid: struct task by thread id
 */
struct tasks {
	struct map by_tid;
};

int tasks_event(struct tasks *t, struct strings *pool, const struct event *ev);
const char *tasks_comm(const struct tasks *t, s32 tid);
const char *tasks_parent_comm(const struct tasks *t, s32 tid);
const char *tasks_service(const struct tasks *t, s32 tid);
void tasks_set_origin(struct tasks *t, s32 tid, const void *origin);
const void *tasks_origin(const struct tasks *t, s32 tid);
void tasks_free(struct tasks *t);

#endif
