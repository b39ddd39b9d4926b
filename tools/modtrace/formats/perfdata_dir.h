/* SPDX-License-Identifier: GPL-2.0-only */
/* perf record --threads: a recording that is a directory, with a file for each thread that wrote it. */
#ifndef MODTRACE_PERFDATA_DIR_H
#define MODTRACE_PERFDATA_DIR_H

#include "lib/util.h"

int perfdata_dir_join(int dir, const char *name, struct err *err);

#endif
