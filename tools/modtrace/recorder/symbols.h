/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of addresses of the running kernel. */
#ifndef MODTRACE_SYMBOLS_H
#define MODTRACE_SYMBOLS_H

#include "lib/util.h"

/* An address to be named. */
struct call_site {
	u64 address;
	u64 symbol;
	char *name; /* "function+0x12 [module]", NULL if not known */
	bool noted;
};

bool symbols_are_printed(void);
int symbols_find(struct call_site *sites, size_t nr);
bool symbols_have(const char *name);
int symbols_search(struct call_site *sites, size_t nr, const char *path);

#endif
