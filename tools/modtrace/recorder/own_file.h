/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that nobody else can have put there, or can change. */
#ifndef MODTRACE_OWN_FILE_H
#define MODTRACE_OWN_FILE_H

#include "lib/util.h"

int own_file_open(const char *path, struct err *err);

#endif
