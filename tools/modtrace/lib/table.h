/* SPDX-License-Identifier: GPL-2.0-only */
/* A table of text whose columns are as wide as their widest cell, or as the terminal lets them. */
#ifndef MODTRACE_TABLE_H
#define MODTRACE_TABLE_H

#include "lib/util.h"

#define TABLE_COLUMNS_MAX 48

/**
 * struct table - cells, row by row
 * @heads: headings
 * @nr_columns: how many there are
 * @left: columns of text, which begin at the left and may be cut; numbers never are
 * @drop: columns to leave out where there is no room, the first one first
 * @nr_drop: how many of those
 * @width: columns of the terminal, 0 for as many as it takes
 * @bold: print the headings so
 * @trim: leave out columns of numbers in which there is none but 0, and what doesn't fit at all
 * @about: some cell had a ~ ahead, after table_print()
 * @unknown: some cell was a ?, likewise
 *
 * Once table_fits() or table_shows() was called no cell is added.
 */
struct table {
	const char *heads[TABLE_COLUMNS_MAX];
	size_t nr_columns;
	u64 left;
	u8 drop[TABLE_COLUMNS_MAX];
	size_t nr_drop;
	unsigned int width;
	bool bold;
	bool trim;
	bool about;
	bool unknown;

	/* private */
	bool laid_out;
	bool fits;
	size_t widths[TABLE_COLUMNS_MAX];
	bool dropped[TABLE_COLUMNS_MAX];
	char **cells;
	size_t nr_cells;
	size_t cap_cells;
	bool failed;
};

void table_cell(struct table *t, const char *fmt, ...) __printf(2, 3);
void table_name(struct table *t, const char *name);
void table_count(struct table *t, u64 n);
bool table_fits(struct table *t);
bool table_shows(struct table *t, size_t column);
void table_free(struct table *t);
int table_print(struct table *t, FILE *out);

#endif
