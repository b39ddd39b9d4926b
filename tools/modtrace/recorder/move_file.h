/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MODTRACE_MOVE_FILE_H
#define MODTRACE_MOVE_FILE_H

#include "lib/util.h"

int move_file(const char *from, const char *to, struct err *err);

#endif
