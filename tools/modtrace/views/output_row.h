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

/* What each line of attempts and events begins with, as fields of a record. */
enum row_field {
	ROW_SCHEMA,
	ROW_ROW,
	ROW_HOST,
	ROW_MACHINE_ID,
	ROW_BOOT_ID,
	ROW_KERNEL,
	ROW_ARCH,
	ROW_RECORDED,
	ROW_RECORDING,
	ROW_NR
};

#define ROW_FIELDS \
	[ROW_SCHEMA] = { "schema", RECORD_NUMBER, 0, true }, \
	[ROW_ROW] = { "row", RECORD_TEXT, 7, true }, \
	[ROW_HOST] = { "host", RECORD_TEXT, 12, true }, \
	[ROW_MACHINE_ID] = { "machine_id", RECORD_TEXT, 32, true }, \
	[ROW_BOOT_ID] = { "boot_id", RECORD_TEXT, 36, true }, \
	[ROW_KERNEL] = { "kernel", RECORD_TEXT, 12, true }, \
	[ROW_ARCH] = { "arch", RECORD_TEXT, 8, true }, \
	[ROW_RECORDED] = { "recorded", RECORD_TEXT, 27, true }, \
	[ROW_RECORDING] = { "recording", RECORD_TEXT, 12, true }

/**
 * struct output_row - the recording that lines are of
 * @info: the recording
 * @style: has the host
 * @start_ns: when it began, on its clock
 */
struct output_row {
	const struct source_info *info;
	const struct output_style *style;
	u64 start_ns;
	/* private */
	char recorded[TIME_TEXT_SIZE];
};

void output_row_time(FILE *out, const struct source_info *info, u64 time_ns, u64 start_ns);
void output_row_name(FILE *out, const char *name, int width);
void output_row_set(struct output_row *row, const char *name, struct record_value *v);

#endif
