/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers for people. Pure. */
#ifndef MODTRACE_FORMAT_H
#define MODTRACE_FORMAT_H

#include "lib/util.h"

/* What an English noun ends on behind a number. */
#define PLURAL(n) ((n) == 1 ? "" : "s")

void format_bytes(char *text, size_t size, u64 bytes);
void format_times(char *text, size_t size, u64 times);
void format_marked_bytes(char *text, size_t size, u64 bytes, bool known, bool exact);
void format_worker_seconds(char *text, size_t size, u64 ns);
void format_ns(char *text, size_t size, u64 ns);

#endif
