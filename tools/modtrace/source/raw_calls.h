/* SPDX-License-Identifier: GPL-2.0-only */
/* System calls that were recorded by their numbers (raw_syscalls), which differ by architecture. */
#ifndef MODTRACE_RAW_CALLS_H
#define MODTRACE_RAW_CALLS_H

#include "formats/event.h"

struct raw_calls;

const struct raw_calls *raw_calls_of(const char *arch);
void raw_call_name(const struct raw_calls *calls, struct event *ev);

#endif
