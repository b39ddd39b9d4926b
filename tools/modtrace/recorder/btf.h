/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the members of the kernel's structures are: from its type information. */
#ifndef MODTRACE_BTF_H
#define MODTRACE_BTF_H

#include "lib/util.h"

/**
 * struct btf - type information; all zero is none
 * @data: as the kernel gives it
 * @types: offset of each type in @data, by its number
 * @nr_types: how many
 */
struct btf {
	struct buf data;
	u32 *types;
	size_t nr_types;

	/* private */
	size_t cap_types;
	u32 strings;
	u32 strings_size;
};

int btf_read(struct btf *b, const char *path);
int btf_offset(const struct btf *b, const char *structure, const char *members, u32 *offset);
void btf_free(struct btf *b);

#endif
