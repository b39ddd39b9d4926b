/* SPDX-License-Identifier: GPL-2.0-only */
/* System calls that were recorded by their numbers (raw_syscalls). */
#ifndef MODTRACE_RAW_CALLS_H
#define MODTRACE_RAW_CALLS_H

#include "formats/event.h"
#include "lib/map.h"

/**
 * struct raw_calls - what numbered calls are
 * @numbers: those of an architecture; NULL where calls were recorded by name, too
 * @refused: threads that are in a call which only has the number of one
 */
struct raw_calls {
	const struct raw_numbers *numbers;
	struct map refused;
};

bool raw_calls_init(struct raw_calls *r, const char *arch);
int raw_call_name(struct raw_calls *r, struct event *ev);

#endif
