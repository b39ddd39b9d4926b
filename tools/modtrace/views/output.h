/* SPDX-License-Identifier: GPL-2.0-only */
/* A view, or attempts and events as they come, on a stream. */
#ifndef MODTRACE_OUTPUT_H
#define MODTRACE_OUTPUT_H

#include "views/records.h"
#include "views/view.h"

/**
 * struct output_style - how to write; all zero is plain
 * @width: columns of the terminal, 0 for as many as it takes
 * @colour: the stream is a terminal that shows them
 * @absolute: times are the recording's own, and don't count from its start
 * @sections: of a report for people, a bit each; 0 for all
 * @fields: columns of modules, those by default if there are none
 * @host: what lines of JSON call the machine, see output_row_host()
 */
struct output_style {
	unsigned int width;
	bool colour;
	bool absolute;
	u32 sections;
	struct column_list fields;
	const char *host;
};

typedef int (*output_fn)(const struct view *v, const struct output_style *style, FILE *out);

int output_text(const struct view *v, const struct output_style *style, FILE *out);
int output_json(const struct view *v, const struct output_style *style, FILE *out);
int output_csv(const struct view *v, const struct output_style *style, FILE *out);
int output_summary(const struct view *v, const struct output_style *style, FILE *out);
int output_openmetrics(const struct view *v, const struct output_style *style, FILE *out);
int output_prometheus(const struct view *v, const struct output_style *style, FILE *out);
int output_svg(const struct view *v, const struct output_style *style, FILE *out);

int output_parse_sections(struct output_style *style, const char *list, struct err *err);
bool output_has_section(const struct output_style *style, const char *name);
int verdict_text(const struct view *v, struct buf *text);
int output_verdict(const struct view *v, const struct output_style *style, FILE *out);
int output_attempt(const struct attempt_facts *a, const struct source_info *info, u64 start_ns,
		   FILE *out);

struct output_row;

void attempt_records_init(struct records *r);
int attempt_records_add(struct records *r, const struct attempt_facts *a,
			struct output_row *row);
void event_records_init(struct records *r);
int event_records_add(struct records *r, const struct event *ev, const char *comm,
		      struct output_row *row);

#endif
