/* SPDX-License-Identifier: GPL-2.0-only */
/* Files mapped into memory, which others may cut meanwhile. */
#ifndef MODTRACE_MAPPING_H
#define MODTRACE_MAPPING_H

#include "lib/util.h"

const void *mapping_open(int fd, size_t size);
void *mapping_copy(int fd, size_t size);
bool mapping_was_cut(const void *base);
void mapping_forget(const void *base, size_t size);
void mapping_close(const void *base, size_t size);

#endif
