/* SPDX-License-Identifier: GPL-2.0-only */
/* Names that the kernel requests: which are aliases, and what the well known ones stand for. Pure. */
#ifndef MODTRACE_ALIASES_H
#define MODTRACE_ALIASES_H

#include "lib/util.h"

bool alias_is_one(const char *name);
bool alias_is_plain(const char *name);
bool alias_meaning(const char *name, char *text, size_t size);
const char *alias_built_in(const char *name);

#endif
