/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of the tasks and control groups that there are already when a recording begins. */
#ifndef MODTRACE_RUNNING_TASKS_H
#define MODTRACE_RUNNING_TASKS_H

#include "lib/util.h"

/* Every sample begins with the same parts, its id and where it is, and then has its raw data. */
#define RINGS_RAW_OFFSET (8 + 8 + 8 + 8 + 8 + 4)

/* What sample_id_all appends for the sample type that record uses. */
struct sample_id {
	u32 pid;
	u32 tid;
	u64 time;
	u32 cpu;
	u32 pad;
	u64 identifier;
};

int running_task_named(struct buf *out, u32 pid, u32 tid, const char *comm, u64 time_ns);
int running_task(struct buf *out, u32 pid, u32 tid, u64 time_ns);
int running_cgroups(struct buf *out);
int running_tasks(struct buf *out);

#endif
