/* SPDX-License-Identifier: GPL-2.0-only */
/* The command that is recorded: prepared, started when tracing is on, waited for. */
#ifndef MODTRACE_CHILD_H
#define MODTRACE_CHILD_H

#include <signal.h>
#include <sys/types.h>

#include "lib/util.h"

/**
 * struct child - the command
 * @pid: its process, 0 if there is none
 * @start: closing this starts it
 * @ended: it was waited for
 * @status: what waitpid() gave
 */
struct child {
	pid_t pid;
	int start;
	bool ended;
	int status;
};

int child_prepare(struct child *c, char **argv, const sigset_t *mask, int output);
void child_start(struct child *c);
void child_drop(struct child *c);
void child_check(struct child *c);
int child_exit_status(const struct child *c);

#endif
