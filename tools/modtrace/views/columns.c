// SPDX-License-Identifier: GPL-2.0-only
#include "views/columns.h"

#include <inttypes.h>

#include "lib/format.h"
#include "model/rows.h"

#define COUNT(name, expression) \
	static void get_##name(const struct tally *t, struct view_cell *c) { c->number = expression; }

COUNT(attempts, t->attempts)
COUNT(loaded, t->outcomes[OUTCOME_LOADED])
COUNT(merged, t->outcomes[OUTCOME_MERGED])
COUNT(waited, sat_sub(t->outcomes[OUTCOME_MERGED], t->late))
COUNT(late, t->late)
COUNT(exists, t->outcomes[OUTCOME_EXISTS])
COUNT(busy, t->outcomes[OUTCOME_BUSY])
COUNT(interrupted, t->outcomes[OUTCOME_INTERRUPTED])
COUNT(failed, t->outcomes[OUTCOME_FAILED])
COUNT(in_flight, t->outcomes[OUTCOME_IN_FLIGHT])
COUNT(unknown, t->outcomes[OUTCOME_UNKNOWN])
COUNT(open, t->outcomes[OUTCOME_IN_FLIGHT] + t->outcomes[OUTCOME_UNKNOWN])
COUNT(duplicates, tally_duplicates(t))
COUNT(gate_file, t->gates[GATE_FILE])
COUNT(gate_live, t->gates[GATE_LIVE])
COUNT(gate_name, t->gates[GATE_NAME])
COUNT(gate_unknown, t->gates[GATE_UNKNOWN])

#define BYTES(name, is_known, expression) \
	static void get_##name(const struct tally *t, struct view_cell *c) \
	{ \
		c->number = expression; \
		c->known = is_known; \
		c->exact = tally_bytes_exact(t); \
	}

BYTES(wasted, tally_wasted_known(t), tally_wasted(t))
BYTES(wasted_read, tally_bytes_known(t, BYTES_READ), t->wasted[BYTES_READ])
BYTES(wasted_image, tally_bytes_known(t, BYTES_IMAGE), t->wasted[BYTES_IMAGE])
BYTES(wasted_layout, tally_bytes_known(t, BYTES_LAYOUT), t->wasted[BYTES_LAYOUT])
BYTES(failed_bytes, t->failed_bytes || !t->failed_unknown, t->failed_bytes)

#define TIME(name, kind) \
	static void get_##name(const struct tally *t, struct view_cell *c) \
	{ \
		c->number = t->times.ns[kind]; \
		c->known = times_known(&t->times, kind); \
		c->exact = times_exact(&t->times, kind); \
	}

TIME(dup_time, CALL_DUP)
TIME(fail_time, CALL_FAIL)
TIME(load_time, CALL_LOAD)

static void get_longest(const struct tally *t, struct view_cell *c)
{
	c->number = t->times.longest_ns;
	c->known = t->times.any;
}

#define CALL(name, kind, expression)                                       \
	static void get_##name(const struct tally *t, struct view_cell *c) \
	{                                                                  \
		const struct hist *h = &t->calls[kind];                    \
                                                                           \
		c->number = expression;                                    \
		c->known = h->count;                                       \
	}

CALL(call_p50, CALL_DUP, hist_percentile(h, 50))
CALL(call_p99, CALL_DUP, hist_percentile(h, 99))
CALL(fail_p50, CALL_FAIL, hist_percentile(h, 50))
CALL(fail_p99, CALL_FAIL, hist_percentile(h, 99))
CALL(fail_max, CALL_FAIL, h->max)
CALL(load_p50, CALL_LOAD, hist_percentile(h, 50))
CALL(load_p99, CALL_LOAD, hist_percentile(h, 99))
CALL(load_max, CALL_LOAD, h->max)

static void get_avoided(const struct tally *t, struct view_cell *c)
{
	c->number = t->avoided_bytes;
	c->known = t->avoided_known || !t->outcomes[OUTCOME_MERGED];
}

#define WAIT(name, expression) \
	static void get_##name(const struct tally *t, struct view_cell *c) \
	{ \
		c->number = expression; \
		c->known = t->wait.count; \
	}

WAIT(wait_sum, t->wait.sum)
WAIT(wait_p50, hist_percentile(&t->wait, 50))
WAIT(wait_p99, hist_percentile(&t->wait, 99))
WAIT(wait_max, t->wait.max)

const struct view_column view_columns[] = {
	[COLUMN_MODULE] = { "module", "name", "MODULE", CELL_NAME, "its name", NULL },
	[COLUMN_ATTEMPTS] = { "attempts", NULL, "ATTEMPTS", CELL_COUNT, "calls to load it",
			      get_attempts },
	[COLUMN_LOADED] = { "loaded", NULL, "LOADED", CELL_COUNT, "loaded it", get_loaded },
	[COLUMN_MERGED] = { "merged", NULL, "MERGED", CELL_COUNT, "got the result of another",
			    get_merged },
	[COLUMN_WAITED] = { "waited", NULL, "WAITED", CELL_COUNT, "merged after waiting",
			    get_waited },
	[COLUMN_LATE] = { "late", NULL, "LATE", CELL_COUNT, "merged after the load had finished",
			  get_late },
	[COLUMN_EXISTS] = { "exists", NULL, "EXISTS", CELL_COUNT,
			    "duplicates that failed with EEXIST", get_exists },
	[COLUMN_BUSY] = { "busy", NULL, "BUSY", CELL_COUNT,
			  "duplicates that failed with EBUSY or ETXTBSY", get_busy },
	[COLUMN_INTERRUPTED] = { "interrupted", NULL, "INTR", CELL_COUNT, "ended by a signal",
				 get_interrupted },
	[COLUMN_FAILED] = { "failed", NULL, "FAILED", CELL_COUNT, "failed with any other error",
			    get_failed },
	[COLUMN_IN_FLIGHT] = { "in_flight", NULL, "IN FLIGHT", CELL_COUNT, "have no end",
			       get_in_flight },
	[COLUMN_UNKNOWN] = { "unknown", NULL, "UNKNOWN", CELL_COUNT, "how they ended was lost",
			     get_unknown },
	[COLUMN_OPEN] = { "open", NULL, "OPEN", CELL_COUNT, "in_flight and unknown", get_open },
	[COLUMN_DUPLICATES] = { "duplicates", "dups", "DUPLICATES", CELL_COUNT,
				"merged, exists and busy", get_duplicates },
	[COLUMN_WASTED] = { "wasted_bytes", "wasted", "WASTED", CELL_BYTES,
			    "allocated by duplicates", get_wasted },
	[COLUMN_WASTED_READ] = { "wasted.read", "read", "READ", CELL_BYTES,
				 "of it for reading the file", get_wasted_read },
	[COLUMN_WASTED_IMAGE] = { "wasted.image", "image", "DECOMPRESSED", CELL_BYTES,
				  "of it for decompressing", get_wasted_image },
	[COLUMN_WASTED_LAYOUT] = { "wasted.layout", "layout", "LAID OUT", CELL_BYTES,
				   "of it for the module's memory", get_wasted_layout },
	[COLUMN_DUP_TIME] = { "dup_time_ns", "dup_time", "DUP TIME", CELL_NS,
			      "time in the calls of duplicates, summed", get_dup_time },
	[COLUMN_FAIL_TIME] = { "fail_time_ns", "fail_time", "FAIL TIME", CELL_NS,
			       "time in failed and interrupted calls, summed", get_fail_time },
	[COLUMN_LOAD_TIME] = { "load_time_ns", "load_time", "LOAD TIME", CELL_NS,
			       "time in the calls that loaded it, summed", get_load_time },
	[COLUMN_LONGEST] = { "longest_ns", "longest", "LONGEST", CELL_NS,
			     "longest call of any outcome", get_longest },
	[COLUMN_CALL_P50] = { "call_ns.p50", "call_p50", "CALL p50", CELL_NS,
			      "median call of a duplicate", get_call_p50 },
	[COLUMN_CALL_P99] = { "call_ns.p99", "call_p99", "CALL p99", CELL_NS,
			      "99th percentile of it", get_call_p99 },
	[COLUMN_FAIL_P50] = { "fail_call_ns.p50", "fail_p50", "FAIL p50", CELL_NS,
			      "median failed or interrupted call", get_fail_p50 },
	[COLUMN_FAIL_P99] = { "fail_call_ns.p99", "fail_p99", "FAIL p99", CELL_NS,
			      "99th percentile of it", get_fail_p99 },
	[COLUMN_FAIL_MAX] = { "fail_call_ns.max", "fail_max", "FAIL max", CELL_NS,
			      "longest failed or interrupted call", get_fail_max },
	[COLUMN_LOAD_P50] = { "load_call_ns.p50", "load_p50", "LOAD p50", CELL_NS,
			      "median call that loaded it", get_load_p50 },
	[COLUMN_LOAD_P99] = { "load_call_ns.p99", "load_p99", "LOAD p99", CELL_NS,
			      "99th percentile of it", get_load_p99 },
	[COLUMN_LOAD_MAX] = { "load_call_ns.max", "load_max", "LOAD max", CELL_NS,
			      "longest call that loaded it", get_load_max },
	[COLUMN_FAILED_BYTES] = { "failed_bytes", NULL, "IN FAILED", CELL_BYTES,
				  "allocated by failed and interrupted ones", get_failed_bytes },
	[COLUMN_AVOIDED] = { "avoided_bytes", "avoided", "AVOIDED", CELL_BYTES,
			     "not allocated thanks to merging", get_avoided },
	[COLUMN_WAIT_P50] = { "wait_ns.p50", "p50", "WAIT p50", CELL_NS,
			      "median wait of merged ones", get_wait_p50 },
	[COLUMN_WAIT_P99] = { "wait_ns.p99", "p99", "p99", CELL_NS, "99th percentile of it",
			      get_wait_p99 },
	[COLUMN_WAIT_MAX] = { "wait_ns.max", "max", "max", CELL_NS, "longest wait", get_wait_max },
	[COLUMN_WAIT_SUM] = { "wait_ns.sum", "wait", "WAIT SUM", CELL_NS, "sum of waits",
			      get_wait_sum },
	[COLUMN_BY_FILE] = { "merged_by_gate.file", "gate_file", "FILE", CELL_COUNT,
			     "merged by the file gate", get_gate_file },
	[COLUMN_BY_LIVE] = { "merged_by_gate.live", "gate_live", "LIVE", CELL_COUNT,
			     "merged by the live gate", get_gate_live },
	[COLUMN_BY_NAME] = { "merged_by_gate.name", "gate_name", "NAME", CELL_COUNT,
			     "merged by the name gate", get_gate_name },
	[COLUMN_BY_UNKNOWN] = { "merged_by_gate.unknown", "gate_unknown", "GATE?", CELL_COUNT,
				"merged by an unknown gate", get_gate_unknown },
	[COLUMN_REQUESTER] = { "requester", NULL, "REQUESTER", CELL_NAME,
			       "requester whose duplicates wasted the most", NULL },
};

const size_t view_columns_nr = ARRAY_SIZE(view_columns);

/**
 * column_find - a column by its key or its other name
 * @name: the name, which need not be terminated
 * @len: its length
 *
 * Return: the column, which is static, or NULL.
 */
const struct view_column *column_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < view_columns_nr; i++) {
		const char *alias = view_columns[i].alias;

		if (strlen(view_columns[i].key) == len && !memcmp(view_columns[i].key, name, len))
			return &view_columns[i];
		if (alias && strlen(alias) == len && !memcmp(alias, name, len))
			return &view_columns[i];
	}
	return NULL;
}

/**
 * columns_parse - read a list of columns
 * @list: filled
 * @text: names with commas between, each perhaps with - ahead, to reverse an order
 * @err: says what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int columns_parse(struct column_list *list, const char *text, struct err *err)
{
	*list = (struct column_list){ 0 };
	for (;;) {
		bool reverse = *text == '-';
		size_t len = strcspn(text + reverse, ",");
		const struct view_column *column = column_find(text + reverse, len);

		if (!column)
			return err_set(err, -EINVAL,
				       "unknown column \"%.*s\"; see modtrace report --help",
				       (int)len, text + reverse);
		if (list->nr == COLUMNS_MAX)
			return err_set(err, -EINVAL, "more than %u columns", COLUMNS_MAX);
		list->reverse[list->nr] = reverse;
		list->all[list->nr++] = column;
		text += reverse + len;
		if (!*text++)
			return 0;
	}
}

/**
 * column_of_tally - a column's value over some attempts
 * @column: the column
 * @t: the counts
 *
 * Return: the value, not known for a column that is a name.
 */
struct view_cell column_of_tally(const struct view_column *column, const struct tally *t)
{
	struct view_cell c = { .kind = column->kind, .known = column->get, .exact = true };

	if (column->get)
		column->get(t, &c);
	return c;
}

/**
 * column_of_module - a column's value of a module
 * @column: the column
 * @module: the module
 *
 * Return: the value; its text is the model's.
 */
struct view_cell column_of_module(const struct view_column *column, const struct module *module)
{
	struct view_cell c = column_of_tally(column, &module->tally);
	const struct requester *top;

	if (column->kind != CELL_NAME)
		return c;
	if (column == &view_columns[COLUMN_MODULE]) {
		c.text = module->name;
	} else {
		top = module_top_requester(module);
		c.text = top ? top->who.comm : NULL;
	}
	c.known = c.text;
	return c;
}

static int compare_cells(const struct view_cell *a, const struct view_cell *b)
{
	if (a->known != b->known)
		return a->known ? -1 : 1;
	if (!a->known)
		return 0;
	if (a->kind == CELL_NAME)
		return strcmp(a->text, b->text);
	return a->number > b->number ? -1 : a->number < b->number;
}

/**
 * columns_compare - which of two modules comes first
 * @order: columns, the more important first: numbers from the largest, names from A
 * @a: one
 * @b: the other
 *
 * Return: as strcmp(); 0 only for one and the same.
 */
int columns_compare(const struct column_list *order, const struct module *a,
		    const struct module *b)
{
	size_t i;

	for (i = 0; i < order->nr; i++) {
		struct view_cell x = column_of_module(order->all[i], a);
		struct view_cell y = column_of_module(order->all[i], b);
		int c = compare_cells(&x, &y);

		/* What isn't known stays last. */
		if (c)
			return order->reverse[i] && x.known == y.known ? -c : c;
	}
	return strcmp(a->name, b->name);
}

/**
 * cell_format - a value for people
 * @c: the value
 * @text: result; a name isn't escaped and may be cut
 * @size: room for it; 32 is enough for numbers
 */
void cell_format(const struct view_cell *c, char *text, size_t size)
{
	char number[32];

	if (!c->known) {
		/* Of waits there may be none; that isn't unknown. */
		snprintf(text, size, "%s", c->kind == CELL_BYTES || !c->exact ? "?" : "-");
		return;
	}
	switch (c->kind) {
	case CELL_NAME:
		snprintf(text, size, "%s", c->text);
		return;
	case CELL_COUNT:
		snprintf(number, sizeof(number), c->number ? "%" PRIu64 : "-", c->number);
		break;
	case CELL_BYTES:
		format_bytes(number, sizeof(number), c->number);
		break;
	case CELL_NS:
		format_ns(number, sizeof(number), c->number);
		break;
	}
	snprintf(text, size, "%s%s", c->exact ? "" : "~", number);
}
