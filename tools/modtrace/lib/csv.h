/* SPDX-License-Identifier: GPL-2.0-only */
/* Cells of CSV as RFC 4180 has them. */
#ifndef MODTRACE_CSV_H
#define MODTRACE_CSV_H

#include "lib/util.h"

int csv_text(FILE *out, const char *text, size_t len);

#endif
