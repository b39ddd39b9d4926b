/* SPDX-License-Identifier: GPL-2.0-only */
/* A process chooses its own name: nothing of it reaches an output as it is. */
#ifndef MODTRACE_ESCAPE_H
#define MODTRACE_ESCAPE_H

#include "lib/util.h"

size_t escape(char *out, size_t size, const char *s, size_t len);
char *escape_dup(const char *s, size_t len);
size_t display_width(const char *s);

#endif
