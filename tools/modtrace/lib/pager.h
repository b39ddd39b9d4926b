/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a report goes: a terminal with a pager, or whatever standard output is. */
#ifndef MODTRACE_PAGER_H
#define MODTRACE_PAGER_H

#include <sys/types.h>

#include "lib/util.h"

/**
 * struct pager - the program the output goes through
 * @out: write here
 * @pid: the program, 0 without one
 */
struct pager {
	FILE *out;
	pid_t pid;
};

void pager_start(struct pager *p, bool wanted);
bool pager_end(struct pager *p);
unsigned int terminal_width(void);
bool terminal_has_colours(int fd);

#endif
