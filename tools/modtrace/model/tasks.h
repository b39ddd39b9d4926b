/* SPDX-License-Identifier: GPL-2.0-only */
/* Who a thread is and whose child: from fork, comm and exit records. Pure. */
#ifndef MODTRACE_TASKS_H
#define MODTRACE_TASKS_H

#include "formats/event.h"
#include "lib/map.h"

/* The name of a task that no event has named. */
#define COMM_UNKNOWN "(unknown)"

/**
 * struct tasks - the threads alive now; all zero is none
 * @by_tid: struct task by thread id
 */
struct tasks {
	struct map by_tid;
};

/* TASK_COMM_LEN of the kernel. */
#define COMM_SIZE 16

struct request;

/**
 * struct identity - who a thread is; interned strings, NULL where nothing told
 * @comm: its name now
 * @parent: name of its parent process
 * @service: name of the process below init that it descends from
 * @unit: name of its control group: the service, if systemd made it; tasks don't tell it
 * @request: what tasks_set_origin() noted of it or of who made it
 */
struct identity {
	const char *comm;
	const char *parent;
	const char *service;
	const char *unit;
	const struct request *request;
};

bool is_udev(const char *comm);
struct str cgroup_unit(const struct str *path);
bool identity_equal(const struct identity *a, const struct identity *b);
u64 identity_hash(const struct identity *who);

int tasks_event(struct tasks *t, const struct event *ev);
const char *tasks_comm(const struct tasks *t, s32 tid);
int tasks_identity(const struct tasks *t, s32 tid, struct strings *pool, struct identity *who);
void tasks_set_origin(struct tasks *t, s32 tid, const struct request *origin);
const struct request *tasks_origin(const struct tasks *t, s32 tid);
void tasks_free(struct tasks *t);

#endif
