// SPDX-License-Identifier: GPL-2.0-only
/* The table of measures: of all modules, and of sets of several recordings of each module. */
#include "views/output_pair.h"

#include <inttypes.h>

#include "lib/format.h"
#include "lib/wrap.h"

static const char *const letters[] = { "A", "B", "C", "D", "E", "F", "G", "H" };

/**
 * comparison_is_pair - whether it is one recording against one
 * @c: the comparison
 *
 * Return: true if so: then no noise is known, and no verdict can be given.
 */
bool comparison_is_pair(const struct comparison *c)
{
	return c->nr_sets == 2 && c->recordings[0] == 1 && c->recordings[1] == 1;
}

/**
 * comparison_is_judged - whether it can be told what is noise
 * @c: the comparison
 * @set: the set that is compared with the first one
 *
 * Return: true if both have several recordings.
 */
bool comparison_is_judged(const struct comparison *c, size_t set)
{
	return c->recordings[0] > 1 && c->recordings[set] > 1;
}

/**
 * row_is_shown - whether a measure of a row is worth a line
 * @c: the comparison
 * @row: the row
 * @m: the measure
 * @first: the first set that is compared with set 0
 * @last: the last one
 * @all: what did not change is, too
 *
 * Return: true if so.
 */
bool row_is_shown(const struct comparison *c, const struct comparison_row *row, size_t m,
		  size_t first, size_t last, bool all)
{
	bool any = false;
	size_t set;

	/* Parts and percentiles of others are too much where one looks for what matters. */
	if (measure_kind(m) == CELL_NAME || (!all && strchr(measure_key(m), '.')))
		return false;
	for (set = 0; set < c->nr_sets; set++)
		if (!set || (set >= first && set <= last))
			any |= row->spreads[set][m].n && (all || row->spreads[set][m].max > 0);
	if (!any || all)
		return any;
	for (set = first; set <= last; set++)
		if (spread_compare(&row->spreads[0][m], &row->spreads[set][m]) != VERDICT_SAME)
			return true;
	return false;
}

/* Of a module only what matters most is shown in text, unless all is wanted. */
static bool is_main_measure(size_t m)
{
	static const char *const keys[] = { "attempts",	   "duplicates",   "wasted_bytes",
					    "dup_time_ns", "fail_time_ns", "load_time_ns" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(measure_key(m), keys[i]))
			return true;
	return false;
}

/**
 * format_value - a mean for people
 * @text: result
 * @size: room in it; 32 is enough
 * @kind: what it is a mean of
 * @value: the mean
 */
void format_value(char *text, size_t size, enum view_cell_kind kind, double value)
{
	if (kind == CELL_BYTES)
		format_bytes(text, size, round_u64(value));
	else if (kind == CELL_NS)
		format_ns(text, size, round_u64(value));
	else if (value == round_u64(value))
		snprintf(text, size, "%.0f", value);
	else
		snprintf(text, size, "%.1f", value);
}

/* What a value became, as a share of what it was. */
static void cell_change(struct table *t, const struct spread *a, const struct spread *b)
{
	const double change = a->mean ? (b->mean / a->mean - 1) * 100 : 0;

	if (!a->n || !b->n)
		table_cell(t, "-");
	else if (a->mean == b->mean)
		table_cell(t, "0%%");
	else if (!a->mean)
		table_cell(t, "new");
	else
		table_cell(t, change < 1000 ? "%+.1f%%" : "%+.0f%%", change);
}

static void cell_mean(struct table *t, const struct comparison *c, enum view_cell_kind kind,
		      const struct spread *s, size_t set)
{
	char mean[32];

	if (!s->n) {
		table_cell(t, "-");
		return;
	}
	format_value(mean, sizeof(mean), kind, s->mean);
	if (s->n == c->recordings[set])
		table_cell(t, "%s%s", s->estimated ? "~" : "", mean);
	else
		table_cell(t, "%s%s (%u of %u)", s->estimated ? "~" : "", mean, s->n,
			   c->recordings[set]);
}

static void cell_deviation(struct table *t, enum view_cell_kind kind, const struct spread *s)
{
	char deviation[32];

	format_value(deviation, sizeof(deviation), kind, spread_deviation(s));
	table_cell(t, "%s", s->n > 1 ? deviation : "-");
}

static void add_row(struct table *t, const struct comparison *c, const struct comparison_row *row,
		    size_t m, const char *what, size_t first, size_t last)
{
	const enum view_cell_kind kind = measure_kind(m);
	const struct spread *a = &row->spreads[0][m];
	size_t set;

	if (!comparison_is_pair(c))
		table_name(t, row->name ? row->name : "(all)");
	table_cell(t, "%s", what);
	cell_mean(t, c, kind, a, 0);
	if (c->recordings[0] > 1)
		cell_deviation(t, kind, a);
	for (set = first; set <= last; set++) {
		const struct spread *b = &row->spreads[set][m];

		cell_mean(t, c, kind, b, set);
		if (c->recordings[set] > 1)
			cell_deviation(t, kind, b);
		cell_change(t, a, b);
		if (comparison_is_judged(c, set))
			table_cell(t, "%s", verdict_name(spread_compare(a, b)));
	}
}

static void add_head(struct table *t, const char *head, bool left)
{
	if (left)
		t->left |= 1ULL << t->nr_columns;
	t->heads[t->nr_columns++] = head;
}

/* Where there is no room the verdict is worth more than the deviation, from which it follows. */
static void add_heads(struct table *t, const struct comparison *c, size_t first, size_t last)
{
	size_t set;

	if (!comparison_is_pair(c))
		add_head(t, "MODULE", true);
	add_head(t, "WHAT", true);
	for (set = 0; set <= last; set = set ? set + 1 : first) {
		add_head(t, letters[set], false);
		if (c->recordings[set] > 1) {
			t->drop[t->nr_drop++] = t->nr_columns;
			add_head(t, "+-", false);
		}
		if (set)
			add_head(t, "CHANGE", false);
		if (set && comparison_is_judged(c, set))
			add_head(t, "VERDICT", true);
	}
}

static void add_totals(struct table *t, const struct comparison *c, size_t first, size_t last,
		       bool all)
{
	size_t i;

	/* How long a recording is says less of a boot than what is in it. */
	for (i = 1; i <= measures_nr(); i++) {
		const size_t m = i < measures_nr() ? i : MEASURE_DURATION;

		/* A pair has that in the table of its boot. */
		if (m == MEASURE_END && comparison_is_pair(c) && c->nr_markers)
			continue;
		if (row_is_shown(c, &c->totals, m, first, last, all))
			add_row(t, c, &c->totals, m, measure_key(m), first, last);
	}
}

static void add_rows(struct table *t, const struct comparison *c, size_t first, size_t last,
		     bool all)
{
	size_t i, m;

	for (i = 0; i < c->nr_markers; i++)
		if (row_is_shown(c, c->markers[i], MEASURE_DURATION, first, last, all))
			add_row(t, c, c->markers[i], MEASURE_DURATION, "reached_ns", first, last);
	for (i = 0; i < c->nr_modules; i++)
		for (m = MEASURE_LIVE; m < measures_nr(); m++)
			if ((all || is_main_measure(m)) &&
			    row_is_shown(c, c->modules[i], m, first, last, all))
				add_row(t, c, c->modules[i], m, measure_key(m), first, last);
}

static struct table make_table(const struct comparison *c, const struct diff_text *d, size_t first,
			       size_t last)
{
	struct table t = { .width = d->width, .bold = d->bold };

	add_heads(&t, c, first, last);
	add_totals(&t, c, first, last, d->all);
	if (!comparison_is_pair(c))
		add_rows(&t, c, first, last, d->all);
	return t;
}

/* What the figures are, as far as they are shown. */
static void print_legend(const struct comparison *c, struct table *t, struct diff_text *d)
{
	bool deviations = false, means = false;
	size_t i;

	for (i = 0; i < t->nr_drop; i++)
		deviations |= table_shows(t, t->drop[i]);
	for (i = 0; i < c->nr_sets; i++)
		means |= c->recordings[i] > 1;
	fputc('\n', d->out);
	print_wrapped(d->out,
		      !means ? "One recording each: how far boots differ by themselves is unknown" :
		      deviations ? "Means; +- standard deviation" :
				   "Means",
		      d->width, 0, 2);
}

static int print_verdicts(const struct comparison *c, size_t set, struct diff_text *d)
{
	size_t m, v;
	int ret = 0;

	if (!comparison_is_judged(c, set))
		return 0;
	fprintf(d->out, "\nIn set %s compared with A, over all modules\n", letters[set]);
	for (v = 0; v < VERDICT_NR && !ret; v++) {
		_cleanup_buf_ struct buf text = { 0 };

		for (m = 0; m < measures_nr() && !ret; m++) {
			if (v == VERDICT_SAME || !row_is_shown(c, &c->totals, m, set, set, false) ||
			    spread_compare(&c->totals.spreads[0][m], &c->totals.spreads[set][m]) !=
				    v)
				continue;
			ret = text.len ? buf_addf(&text, ", ") :
					 buf_addf(&text, "%s: ", verdict_words(v));
			if (!ret)
				ret = buf_addf(&text, "%s", measure_key(m));
		}
		if (text.len)
			print_wrapped(d->out, text.data, d->width, 0, 2);
	}
	return ret;
}

/**
 * diff_table_print - print a table of a comparison, and keep in mind what in it needs a legend
 * @d: where to
 * @t: the table; its cells are freed
 *
 * Return: 0 or -ENOMEM.
 */
int diff_table_print(struct diff_text *d, struct table *t)
{
	int ret = table_print(t, d->out);

	d->about |= t->about;
	d->unknown |= t->unknown;
	return ret;
}

/**
 * output_sets - write the measures of sets: of a pair in total, of others of each module, too
 * @c: the comparison
 * @d: where to
 * @any: set if there is any
 *
 * Where all sets don't fit side by side, there is a table for each further one.
 *
 * Return: 0 or -ENOMEM.
 */
int output_sets(const struct comparison *c, struct diff_text *d, bool *any)
{
	const size_t last = c->nr_sets - 1;
	struct table t = make_table(c, d, 1, last);
	size_t set;
	int ret = 0;

	*any = t.nr_cells;
	if (!t.nr_cells)
		return 0;
	print_legend(c, &t, d);
	if (table_fits(&t) || last == 1) {
		ret = diff_table_print(d, &t);
	} else {
		table_free(&t);
		for (set = 1; set <= last && !ret; set++) {
			t = make_table(c, d, set, set);
			if (set > 1 && t.nr_cells)
				fputc('\n', d->out);
			ret = diff_table_print(d, &t);
		}
	}
	for (set = 1; set <= last && !ret; set++)
		ret = print_verdicts(c, set, d);
	return ret;
}
