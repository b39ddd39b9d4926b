/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A task may take another name a million times a second. Of those that it takes while nothing else
 * happens on its CPU, the last is what matters. Pure.
 */
#ifndef MODTRACE_RENAMES_H
#define MODTRACE_RENAMES_H

#include "lib/util.h"

bool renames_are_many(const u8 *records, size_t size);
int renames_squeeze(struct buf *out, const u8 *records, size_t size);

#endif
