/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of the tasks and control groups that there are already when a recording begins. */
#ifndef MODTRACE_RUNNING_TASKS_H
#define MODTRACE_RUNNING_TASKS_H

#include "lib/util.h"

/* What sample_id_all appends for the sample type that record uses. */
struct sample_id {
	u32 pid;
	u32 tid;
	u64 time;
	u32 cpu;
	u32 pad;
	u64 identifier;
};

int running_cgroups(struct buf *out);
int running_tasks(struct buf *out);

#endif
