// SPDX-License-Identifier: GPL-2.0-only
/* One recording against another one, for people: plain differences, and what moved most. */
#include "views/output_pair.h"

#include <inttypes.h>
#include <math.h>

#include "lib/format.h"
#include "lib/table.h"
#include "lib/wrap.h"

#define MOVERS 12
#define LOADS 6

/* A module and how much more or less it cost. */
struct mover {
	const struct comparison_row *row;
	double ns[2];
	double moved;
};

/* What makes a module one: fills its times, and returns whether it changed at all. */
typedef bool (*mover_fn)(struct mover *m);

/* What a recording has of a measure; 0 where it isn't known. */
static double value_of(const struct comparison_row *row, size_t set, const char *key)
{
	return row->spreads[set][measure_of(key)].mean;
}

static void cell_delta(struct table *t, double a, double b)
{
	char text[32];

	format_ns(text, sizeof(text), round_u64(fabs(b - a)));
	if (a == b)
		table_cell(t, "0");
	else
		table_cell(t, "%s%s", b > a ? "+" : "-", text);
}

static void cell_ns(struct table *t, const struct spread *s, double ns)
{
	char text[32] = "-";

	if (s->n)
		format_ns(text, sizeof(text), round_u64(ns));
	table_cell(t, "%s", text);
}

static void cell_bytes(struct table *t, const struct spread *s)
{
	char text[32] = "?";

	if (s->n)
		format_bytes(text, sizeof(text), round_u64(s->mean));
	table_cell(t, "%s%s", s->estimated ? "~" : "", text);
}

static void cell_live(struct table *t, const struct spread *a, const struct spread *b)
{
	char from[32] = "-", to[32] = "-";

	if (a->n)
		format_ns(from, sizeof(from), round_u64(a->mean));
	if (b->n)
		format_ns(to, sizeof(to), round_u64(b->mean));
	table_cell(t, "%s > %s", from, to);
}

static void add_reached(struct table *t, const char *name, const struct spread *a,
			const struct spread *b)
{
	table_name(t, name);
	cell_ns(t, a, a->mean);
	cell_ns(t, b, b->mean);
	if (a->n && b->n)
		cell_delta(t, a->mean, b->mean);
	else
		table_cell(t, "-");
}

/* Whether the last call had returned when a marker was reached, by the first recording that has both. */
static bool is_over(const struct comparison *c, const struct comparison_row *marker)
{
	size_t set;

	for (set = 0; set < 2; set++) {
		const struct spread *last = &c->totals.spreads[set][MEASURE_END];
		const struct spread *reached = &marker->spreads[set][MEASURE_DURATION];

		if (last->n && reached->n)
			return last->mean < reached->mean;
	}
	return false;
}

static int print_markers(const struct comparison *c, struct diff_text *d)
{
	const struct spread *last[] = { &c->totals.spreads[0][MEASURE_END],
					&c->totals.spreads[1][MEASURE_END] };
	struct table t = { .heads = { "REACHED", "A", "B", "CHANGE" },
			   .nr_columns = 4,
			   .left = 1,
			   .width = d->width,
			   .bold = d->bold };
	bool missing = !last[0]->n || !last[1]->n, done = false;
	size_t i;

	if (!c->nr_markers)
		return 0;
	for (i = 0; i <= c->nr_markers; i++) {
		const struct comparison_row *row = i < c->nr_markers ? c->markers[i] : NULL;

		if (!done && (!row || is_over(c, row))) {
			add_reached(&t, "last module call", last[0], last[1]);
			done = true;
		}
		if (!row)
			break;
		add_reached(&t, row->name, &row->spreads[0][MEASURE_DURATION],
			    &row->spreads[1][MEASURE_DURATION]);
		missing |= !row->spreads[0][MEASURE_DURATION].n ||
			   !row->spreads[1][MEASURE_DURATION].n;
	}
	fprintf(d->out, "\nThe boot, from its start%s\n", missing ? " (-: not known)" : "");
	return diff_table_print(d, &t);
}

static int by_move(const void *a, const void *b)
{
	const struct mover *x = a, *y = b;

	if (x->moved != y->moved)
		return x->moved < y->moved ? 1 : -1;
	return strcmp(x->row->name, y->row->name);
}

/* By what went for nothing: in calls of duplicates, and in failed ones. */
static bool wasted_time(struct mover *m)
{
	size_t set;

	for (set = 0; set < 2; set++)
		m->ns[set] = value_of(m->row, set, "dup_time_ns") +
			     value_of(m->row, set, "fail_time_ns");
	return m->ns[0] != m->ns[1] ||
	       value_of(m->row, 0, "attempts") != value_of(m->row, 1, "attempts") ||
	       value_of(m->row, 0, "wasted_bytes") != value_of(m->row, 1, "wasted_bytes");
}

/* By the load itself, of what both loaded. */
static bool load_time(struct mover *m)
{
	size_t set;

	for (set = 0; set < 2; set++) {
		if (!value_of(m->row, set, "loaded") ||
		    !m->row->spreads[set][measure_of("load_time_ns")].n)
			return false;
		m->ns[set] = value_of(m->row, set, "load_time_ns");
	}
	return m->ns[0] != m->ns[1];
}

/* Return: the modules that changed, those that did most first, or NULL without memory. */
static struct mover *find_movers(const struct comparison *c, mover_fn fill, size_t *nr)
{
	struct mover *all = calloc(c->nr_modules + 1, sizeof(*all));
	size_t i;

	*nr = 0;
	for (i = 0; all && i < c->nr_modules; i++) {
		struct mover m = { .row = c->modules[i] };

		if (!fill(&m))
			continue;
		m.moved = fabs(m.ns[1] - m.ns[0]);
		all[(*nr)++] = m;
	}
	if (all)
		qsort(all, *nr, sizeof(*all), by_move);
	return all;
}

static void add_mover(struct table *t, const struct mover *m)
{
	const struct comparison_row *row = m->row;
	size_t set;

	table_name(t, row->name);
	for (set = 0; set < 2; set++)
		cell_ns(t, &row->spreads[set][measure_of("attempts")], m->ns[set]);
	cell_delta(t, m->ns[0], m->ns[1]);
	for (set = 0; set < 2; set++)
		cell_bytes(t, &row->spreads[set][measure_of("wasted_bytes")]);
	table_cell(t, "%.0f > %.0f", value_of(row, 0, "attempts"), value_of(row, 1, "attempts"));
	cell_live(t, &row->spreads[0][MEASURE_LIVE], &row->spreads[1][MEASURE_LIVE]);
}

static int print_movers(const struct comparison *c, struct diff_text *d)
{
	enum { ATTEMPTS = 6, LIVE = 7 };
	struct table t = { .heads = { "MODULE", "TIME A", "TIME B", "CHANGE", "WASTED A",
				      "WASTED B", "ATTEMPTS", "LIVE" },
			   .nr_columns = 8,
			   .left = 1,
			   .drop = { LIVE, ATTEMPTS },
			   .nr_drop = 2,
			   .width = d->width,
			   .bold = d->bold };
	_cleanup_free_ struct mover *movers = NULL;
	char legend[200];
	size_t nr, i;
	int ret;

	movers = find_movers(c, wasted_time, &nr);
	if (!movers)
		return -ENOMEM;
	if (!nr)
		return 0;
	for (i = 0; i < nr && (d->all || i < MOVERS); i++)
		add_mover(&t, &movers[i]);
	snprintf(legend, sizeof(legend),
		 "Modules that changed most (TIME: in calls of duplicates and failed ones%s%s)",
		 table_shows(&t, LIVE) ? "; LIVE: when the module was there" : "",
		 table_shows(&t, ATTEMPTS) ? "; A > B" : "");
	fputc('\n', d->out);
	print_wrapped(d->out, legend, d->width, 0, 2);
	ret = diff_table_print(d, &t);
	if (!ret && !d->all && nr > MOVERS)
		fprintf(d->out, "%zu more module%s changed; --all shows them\n", nr - MOVERS,
			PLURAL(nr - MOVERS));
	return ret;
}

static int print_loads(const struct comparison *c, struct diff_text *d)
{
	struct table t = { .heads = { "MODULE", "LOAD A", "LOAD B", "CHANGE" },
			   .nr_columns = 4,
			   .left = 1,
			   .width = d->width,
			   .bold = d->bold };
	_cleanup_free_ struct mover *movers = NULL;
	const size_t load = measure_of("load_time_ns");
	size_t nr, i;
	int ret;

	movers = find_movers(c, load_time, &nr);
	if (!movers)
		return -ENOMEM;
	if (!nr)
		return 0;
	for (i = 0; i < nr && (d->all || i < LOADS); i++) {
		const struct spread *a = &movers[i].row->spreads[0][load];
		const struct spread *b = &movers[i].row->spreads[1][load];

		table_name(&t, movers[i].row->name);
		cell_ns(&t, a, a->mean);
		cell_ns(&t, b, b->mean);
		cell_delta(&t, a->mean, b->mean);
	}
	fputs("\nLoads whose own time changed most\n", d->out);
	ret = diff_table_print(d, &t);
	if (!ret && !d->all && nr > LOADS)
		fprintf(d->out, "%zu more load%s changed; --all shows them\n", nr - LOADS,
			PLURAL(nr - LOADS));
	return ret;
}

/**
 * output_pair - write what two recordings differ in, below their totals
 * @c: the comparison, of two sets with a recording each
 * @d: where to
 *
 * Return: 0 or -ENOMEM.
 */
int output_pair(const struct comparison *c, struct diff_text *d)
{
	int ret = print_markers(c, d);

	if (!ret)
		ret = print_movers(c, d);
	return ret ? ret : print_loads(c, d);
}
