/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of recordings, what changed between them: as text, as JSON and as a picture. */
#ifndef MODTRACE_OUTPUT_PAIR_H
#define MODTRACE_OUTPUT_PAIR_H

#include <stdio.h>

#include "lib/table.h"
#include "views/compare.h"

/**
 * struct diff_text - a comparison being written for people
 * @out: the stream
 * @width: of the terminal, 0 for as much as it takes
 * @bold: headings
 * @all: what did not change, too
 * @about: something was marked ~
 * @unknown: something was a ?
 */
struct diff_text {
	FILE *out;
	unsigned int width;
	bool bold;
	bool all;
	bool about;
	bool unknown;
};

bool comparison_is_pair(const struct comparison *c);
bool comparison_is_judged(const struct comparison *c, size_t set);
bool row_is_shown(const struct comparison *c, const struct comparison_row *row, size_t m,
		  size_t first, size_t last, bool all);
int set_text(const struct comparison *c, size_t set, struct buf *text);
int change_text(const struct comparison *c, size_t set, struct buf *text);
void format_value(char *text, size_t size, enum view_cell_kind kind, double value);
int diff_table_print(struct diff_text *d, struct table *t);

int output_diff_text(const struct comparison *c, struct diff_text *d);
int output_diff_json(const struct comparison *c, FILE *out);
int output_pair_svg(const struct comparison *c, FILE *out);

int output_pair(const struct comparison *c, struct diff_text *d);
int output_sets(const struct comparison *c, struct diff_text *d, bool *any);
int output_moved(const struct comparison *c, size_t set, struct diff_text *d);
bool findings_differ(const struct comparison *c, size_t set);
int output_found(const struct comparison *c, size_t set, struct diff_text *d);

#endif
