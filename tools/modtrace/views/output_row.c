// SPDX-License-Identifier: GPL-2.0-only
#include "views/output_row.h"

#include <inttypes.h>
#include <time.h>

#include "lib/escape.h"

/* The year 9999 and before: what is later has no text that others read. */
#define LAST_SECOND 253402300799ULL

/**
 * output_row_host - what a line calls its machine
 * @info: the recording
 * @style: its host is "name" or NULL, "hash", or a text to be used as it is
 *
 * Return: the name, the recording's or the style's; NULL where the recording does not have it. It
 * is never that of the machine which reads.
 */
const char *output_row_host(const struct source_info *info, const struct output_style *style)
{
	if (!style->host || !strcmp(style->host, "name"))
		return info->host;
	return strcmp(style->host, "hash") ? style->host : info->machine_id;
}

/**
 * row_time - a time of the day, as RFC 3339 writes it
 * @info: the recording
 * @time_ns: the time, on the recording's clock
 * @text: filled: UTC, with microseconds
 *
 * Return: false if the recording does not tell it.
 */
static bool row_time(const struct source_info *info, u64 time_ns, char text[TIME_TEXT_SIZE])
{
	u64 wall_ns;
	time_t seconds;
	struct tm tm;
	size_t len;

	if (!source_wall(info, time_ns, &wall_ns) || wall_ns / NSEC_PER_SEC > LAST_SECOND)
		return false;
	seconds = wall_ns / NSEC_PER_SEC;
	if (!gmtime_r(&seconds, &tm))
		return false;
	len = strftime(text, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + len, TIME_TEXT_SIZE - len, ".%06" PRIu64 "Z",
		 wall_ns % NSEC_PER_SEC / 1000);
	return true;
}

/**
 * output_row_open - begin a line with what all lines begin with
 * @j: the line
 * @row: what it is of, "attempt" or "boot"
 * @info: the recording
 * @style: has the host
 * @start_ns: when the recording began, on its clock
 *
 * json_close() is to follow.
 */
void output_row_open(struct json *j, const char *row, const struct source_info *info,
		     const struct output_style *style, u64 start_ns)
{
	char recorded[TIME_TEXT_SIZE];

	json_open(j, NULL, '{');
	json_number(j, "schema", 1);
	json_string(j, "row", row);
	json_string(j, "host", output_row_host(info, style));
	json_string(j, "machine_id", info->machine_id);
	json_string(j, "boot_id", info->boot_id);
	json_string(j, "kernel", info->kernel);
	json_string(j, "arch", info->arch);
	json_string(j, "recorded", row_time(info, start_ns, recorded) ? recorded : NULL);
	json_string(j, "recording", info->file);
}

/**
 * output_row_set - the same for a record
 * @row: the recording; keeps the text of the time
 * @name: what the line is of, "attempt" or "event"
 * @v: values, of which those of ROW_FIELDS are set
 */
void output_row_set(struct output_row *row, const char *name, struct record_value *v)
{
	const struct source_info *info = row->info;

	record_set(&v[ROW_SCHEMA], true, 1);
	record_set_text(&v[ROW_ROW], name);
	record_set_text(&v[ROW_HOST], output_row_host(info, row->style));
	record_set_text(&v[ROW_MACHINE_ID], info->machine_id);
	record_set_text(&v[ROW_BOOT_ID], info->boot_id);
	record_set_text(&v[ROW_KERNEL], info->kernel);
	record_set_text(&v[ROW_ARCH], info->arch);
	record_set_text(&v[ROW_RECORDED],
			row_time(info, row->start_ns, row->recorded) ? row->recorded : NULL);
	record_set_text(&v[ROW_RECORDING], info->file);
}

/**
 * output_row_time - write when something was, for people, in a column of 12
 * @out: the stream
 * @info: the recording
 * @time_ns: when, on its clock
 * @start_ns: what is counted from
 */
void output_row_time(FILE *out, const struct source_info *info, u64 time_ns, u64 start_ns)
{
	const u64 t = sat_sub(time_ns, start_ns);

	if (info->untimed)
		fprintf(out, "%12s", "?");
	else
		fprintf(out, "%5" PRIu64 ".%06" PRIu64, t / NSEC_PER_SEC, t % NSEC_PER_SEC / 1000);
}

/**
 * output_row_name - write a name, escaped, for people
 * @out: the stream
 * @name: the name
 * @width: of its column, at least; 0 for as wide as it is
 */
void output_row_name(FILE *out, const char *name, int width)
{
	char clean[512];
	int pad;

	escape(clean, sizeof(clean), name, strlen(name));
	pad = width - (int)display_width(clean);
	fprintf(out, "%s%*s", *clean ? clean : "-", pad > 0 ? pad : 0, "");
}
