/* SPDX-License-Identifier: GPL-2.0-only */
/* The records inside the compressed ones of perf record -z. */
#ifndef MODTRACE_UNPACK_H
#define MODTRACE_UNPACK_H

#include "lib/util.h"

/**
 * struct unpack - what has been unpacked so far; all zero is nothing
 * @base: whole records, in the order in which they were packed; moves when more are added
 * @size: how many bytes of them
 * @map_size: how many of them can be read
 */
struct unpack {
	const u8 *base;
	u64 size;
	u64 map_size;

	/* private */
	u64 packed;
	u64 unpacked;
	int fd;			/* a file without a name: they may be more than fits into memory */
	void *stream;
	struct buf rest;	/* the begin of a record whose end is in the next piece */
};

int unpack_add(struct unpack *u, const u8 *data, size_t size, struct err *err);
int unpack_record(struct unpack *u, const u8 *record, struct err *err);
void unpack_restart(struct unpack *u);
void unpack_end(struct unpack *u);
void unpack_free(struct unpack *u);

#endif
