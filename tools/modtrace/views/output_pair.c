// SPDX-License-Identifier: GPL-2.0-only
/* One recording against another one, for people: plain differences, and what moved most. */
#include "views/output_pair.h"

#include <inttypes.h>
#include <math.h>

#include "lib/escape.h"
#include "lib/format.h"
#include "lib/table.h"
#include "lib/wrap.h"

#define MOVERS 12
#define NAMED 8

/* A module and how much more or less it cost. */
struct mover {
	const struct comparison_row *row;
	double ns[2];
	double moved;
};

/* What a recording has of a measure; 0 where it isn't known. */
static double value_of(const struct comparison_row *row, size_t set, const char *key)
{
	return row->spreads[set][measure_of(key)].mean;
}

static void cell_delta(struct table *t, double a, double b)
{
	char text[32];

	format_ns(text, sizeof(text), fabs(b - a));
	if (a == b)
		table_cell(t, "0");
	else
		table_cell(t, "%s%s", b > a ? "+" : "-", text);
}

static void cell_ns(struct table *t, const struct spread *s, double ns)
{
	char text[32] = "-";

	if (s->n)
		format_ns(text, sizeof(text), ns);
	table_cell(t, "%s", text);
}

static void cell_bytes(struct table *t, const struct spread *s)
{
	char text[32] = "?";

	if (s->n)
		format_bytes(text, sizeof(text), s->mean);
	table_cell(t, "%s%s", s->estimated ? "~" : "", text);
}

static void cell_live(struct table *t, const struct spread *a, const struct spread *b)
{
	char from[32] = "-", to[32] = "-";

	if (a->n)
		format_ns(from, sizeof(from), a->mean);
	if (b->n)
		format_ns(to, sizeof(to), b->mean);
	table_cell(t, "%s > %s", from, to);
}

static int print_markers(const struct comparison *c, size_t width, bool bold, FILE *out)
{
	struct table t = { .heads = { "REACHED", "A", "B", "CHANGE" },
			   .nr_columns = 4,
			   .left = 1,
			   .width = width,
			   .bold = bold };
	bool missing = false;
	size_t i;

	for (i = 0; i < c->nr_markers; i++) {
		const struct spread *a = &c->markers[i]->spreads[0][MEASURE_DURATION];
		const struct spread *b = &c->markers[i]->spreads[1][MEASURE_DURATION];

		table_name(&t, c->markers[i]->name);
		cell_ns(&t, a, a->mean);
		cell_ns(&t, b, b->mean);
		missing |= !a->n || !b->n;
		if (a->n && b->n)
			cell_delta(&t, a->mean, b->mean);
		else
			table_cell(&t, "-");
	}
	if (!c->nr_markers)
		return 0;
	fprintf(out, "\nThe boot, from its start%s\n",
		missing ? " (-: not in that recording)" : "");
	return table_print(&t, out);
}

static int by_move(const void *a, const void *b)
{
	const struct mover *x = a, *y = b;

	if (x->moved != y->moved)
		return x->moved < y->moved ? 1 : -1;
	return strcmp(x->row->name, y->row->name);
}

static struct mover *find_movers(const struct comparison *c, size_t *nr)
{
	struct mover *all = calloc(c->nr_modules + 1, sizeof(*all));
	size_t i, set;

	*nr = 0;
	for (i = 0; all && i < c->nr_modules; i++) {
		struct mover m = { .row = c->modules[i] };

		for (set = 0; set < 2; set++)
			m.ns[set] = value_of(m.row, set, "dup_time_ns") +
				    value_of(m.row, set, "fail_time_ns");
		m.moved = fabs(m.ns[1] - m.ns[0]);
		if (m.moved || value_of(m.row, 0, "attempts") != value_of(m.row, 1, "attempts") ||
		    value_of(m.row, 0, "wasted_bytes") != value_of(m.row, 1, "wasted_bytes"))
			all[(*nr)++] = m;
	}
	if (all)
		qsort(all, *nr, sizeof(*all), by_move);
	return all;
}

static int print_movers(const struct comparison *c, bool all, size_t width, bool bold, FILE *out)
{
	struct table t = { .heads = { "MODULE", "TIME A", "TIME B", "CHANGE", "WASTED A",
				      "WASTED B", "ATTEMPTS", "LIVE" },
			   .nr_columns = 8,
			   .left = 1,
			   .width = width,
			   .bold = bold };
	_cleanup_free_ struct mover *movers = NULL;
	size_t nr, i, set;
	int ret;

	movers = find_movers(c, &nr);
	if (!movers)
		return -ENOMEM;
	if (!nr)
		return 0;
	t.nr_drop = 2;
	memcpy(t.drop, (const u8[]){ 7, 6 }, 2);
	for (i = 0; i < nr && (all || i < MOVERS); i++) {
		const struct comparison_row *row = movers[i].row;

		table_name(&t, row->name);
		for (set = 0; set < 2; set++)
			cell_ns(&t, &row->spreads[set][measure_of("attempts")], movers[i].ns[set]);
		cell_delta(&t, movers[i].ns[0], movers[i].ns[1]);
		for (set = 0; set < 2; set++)
			cell_bytes(&t, &row->spreads[set][measure_of("wasted_bytes")]);
		table_cell(&t, "%.0f > %.0f", value_of(row, 0, "attempts"),
			   value_of(row, 1, "attempts"));
		cell_live(&t, &row->spreads[0][MEASURE_LIVE], &row->spreads[1][MEASURE_LIVE]);
	}
	fputc('\n', out);
	print_wrapped(out,
		      "Modules that changed most (TIME: in calls of duplicates and in failed ones; "
		      "LIVE: when the module was there; A > B)",
		      width, 0, 2);
	ret = table_print(&t, out);
	if (!ret && !all && nr > MOVERS)
		fprintf(out, "%zu more modules changed; --all shows them\n", nr - MOVERS);
	return ret;
}

/* What one of the two loaded and the other one didn't: a change that no figure shows. */
static int print_only(const struct comparison *c, size_t set, size_t width, FILE *out)
{
	_cleanup_buf_ struct buf names = { 0 };
	size_t i, nr = 0;
	int ret = 0;

	for (i = 0; i < c->nr_modules && !ret; i++) {
		const struct comparison_row *row = c->modules[i];
		char name[128];

		if (!value_of(row, set, "loaded") || value_of(row, !set, "loaded"))
			continue;
		escape(name, sizeof(name), row->name, strlen(row->name));
		if (nr++ < NAMED)
			ret = buf_addf(&names, "%s%s", nr > 1 ? ", " : "", name);
	}
	if (!ret && nr > NAMED)
		ret = buf_addf(&names, " and %zu more", nr - NAMED);
	if (ret || !nr)
		return ret;
	fprintf(out, "Loaded only in %c: ", (int)('A' + set));
	print_wrapped(out, names.data, width, 18, 2);
	return 0;
}

/**
 * output_pair - write what two recordings differ in, below their totals
 * @c: the comparison, of two sets with a recording each
 * @all: all modules that differ, not only the first
 * @width: of the terminal
 * @bold: headings
 * @out: the stream
 *
 * Return: 0 or -ENOMEM.
 */
int output_pair(const struct comparison *c, bool all, size_t width, bool bold, FILE *out)
{
	int ret = print_markers(c, width, bold, out);

	if (!ret)
		ret = print_movers(c, all, width, bold, out);
	if (!ret)
		ret = print_only(c, 0, width, out);
	return ret ? ret : print_only(c, 1, width, out);
}
