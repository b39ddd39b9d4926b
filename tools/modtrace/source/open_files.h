/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptors of modules' files that processes have; closing them is no event. Pure. */
#ifndef MODTRACE_OPEN_FILES_H
#define MODTRACE_OPEN_FILES_H

#include "lib/map.h"

/**
 * struct open_files - all processes'; all zero is none
 * @evicted: processes that were forgotten to have room for others
 */
struct open_files {
	u64 evicted;

	/* private */
	struct map by_pid;
	size_t hand;
};

const char *open_files_path(const struct open_files *o, u32 pid, s32 fd);
const char *open_files_last(const struct open_files *o, u32 pid);
int open_files_set(struct open_files *o, u32 pid, s32 fd, const char *path);
void open_files_other(struct open_files *o, u32 pid, s32 fd);
int open_files_fork(struct open_files *o, u32 pid, u32 parent);
void open_files_exit(struct open_files *o, u32 pid);
void open_files_free(struct open_files *o);

#endif
