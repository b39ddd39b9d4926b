/* SPDX-License-Identifier: GPL-2.0-only */
/* What lines of JSON of many machines are joined by: each line says whose it is. */
#ifndef MODTRACE_OUTPUT_ROW_H
#define MODTRACE_OUTPUT_ROW_H

#include "lib/json.h"
#include "source/source_info.h"
#include "views/output.h"

#define TIME_TEXT_SIZE 32

void output_row_open(struct json *j, const char *row, const struct source_info *info,
		     const struct output_style *style, u64 start_ns);
const char *output_row_host(const struct source_info *info, const struct output_style *style);
bool output_row_time(const struct source_info *info, u64 time_ns, char text[TIME_TEXT_SIZE]);

#endif
