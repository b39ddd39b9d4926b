/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be said of a module or of all: one table for tables, orders, CSV, metrics, thresholds. */
#ifndef MODTRACE_COLUMNS_H
#define MODTRACE_COLUMNS_H

#include "model/model.h"

enum view_cell_kind { CELL_NAME, CELL_COUNT, CELL_BYTES, CELL_NS };

/**
 * struct view_cell - a value, not formatted yet
 * @kind: how to show it
 * @known: there is one
 * @exact: it is no estimate
 * @number: the value, but for CELL_NAME
 * @text: the value for CELL_NAME; needs escaping
 */
struct view_cell {
	enum view_cell_kind kind;
	bool known;
	bool exact;
	u64 number;
	const char *text;
};

/**
 * struct view_column - one of them
 * @key: its name in JSON, the dots marking what is inside what
 * @alias: another name it goes by, NULL for none
 * @head: its heading
 * @kind: of its cells
 * @help: what it is
 * @get: number of a tally, into a cell that is otherwise filled; NULL for CELL_NAME
 */
struct view_column {
	const char *key;
	const char *alias;
	const char *head;
	enum view_cell_kind kind;
	const char *help;
	void (*get)(const struct tally *t, struct view_cell *c);
};

#define COLUMNS_MAX 52

/* Their places in the table. */
enum column_id {
	COLUMN_MODULE,
	COLUMN_ATTEMPTS,
	COLUMN_LOADED,
	COLUMN_MERGED,
	COLUMN_WAITED,
	COLUMN_LATE,
	COLUMN_EXISTS,
	COLUMN_BUSY,
	COLUMN_INTERRUPTED,
	COLUMN_FAILED,
	COLUMN_IN_FLIGHT,
	COLUMN_UNKNOWN,
	COLUMN_OPEN,
	COLUMN_DUPLICATES,
	COLUMN_WASTED,
	COLUMN_WASTED_READ,
	COLUMN_WASTED_IMAGE,
	COLUMN_WASTED_LAYOUT,
	COLUMN_DUP_TIME,
	COLUMN_FAIL_TIME,
	COLUMN_LOAD_TIME,
	COLUMN_LONGEST,
	COLUMN_CALL_P50,
	COLUMN_CALL_P99,
	COLUMN_FAIL_P50,
	COLUMN_FAIL_P99,
	COLUMN_FAIL_MAX,
	COLUMN_LOAD_P50,
	COLUMN_LOAD_P99,
	COLUMN_LOAD_MAX,
	COLUMN_FAILED_BYTES,
	COLUMN_AVOIDED,
	COLUMN_WAIT_P50,
	COLUMN_WAIT_P99,
	COLUMN_WAIT_MAX,
	COLUMN_WAIT_SUM,
	COLUMN_BY_FILE,
	COLUMN_BY_LIVE,
	COLUMN_BY_NAME,
	COLUMN_BY_UNKNOWN,
	COLUMN_REQUESTER,
	COLUMN_NR
};

extern const struct view_column view_columns[];
extern const size_t view_columns_nr;

/**
 * struct column_list - columns somebody chose, in that order
 * @all: the columns
 * @reverse: for orders: the other way round
 * @nr: how many
 */
struct column_list {
	const struct view_column *all[COLUMNS_MAX];
	bool reverse[COLUMNS_MAX];
	size_t nr;
};

const struct view_column *column_find(const char *name, size_t len);
int columns_parse(struct column_list *list, const char *text, struct err *err);
struct view_cell column_of_tally(const struct view_column *column, const struct tally *t);
struct view_cell column_of_module(const struct view_column *column, const struct module *module);
int columns_compare(const struct column_list *order, const struct module *a,
		    const struct module *b);
void cell_format(const struct view_cell *c, char *text, size_t size);

#endif
