/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user of a command gets beside its output: lines on stderr, and an exit status. */
#ifndef MODTRACE_SAY_H
#define MODTRACE_SAY_H

#include "lib/util.h"

enum exit_status {
	STATUS_GOOD = 0,
	STATUS_ERROR = 1,
	STATUS_THRESHOLD = 2,
};

void say(const char *fmt, ...) __printf(1, 2);

#endif
