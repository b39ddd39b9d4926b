// SPDX-License-Identifier: GPL-2.0-only
#include "views/compare.h"

#include <math.h>

#include "views/worst.h"

/**
 * spread_add - one more value
 * @s: the spread
 * @value: the value
 */
void spread_add(struct spread *s, double value)
{
	double off = value - s->mean;

	if (!s->n || value < s->min)
		s->min = value;
	if (!s->n || value > s->max)
		s->max = value;
	s->n++;
	s->mean += off / s->n;
	s->squares += off * (value - s->mean);
}

/**
 * spread_deviation - how far values are off their mean
 * @s: the spread
 *
 * Return: the standard deviation of a sample; 0 for less than two values.
 */
double spread_deviation(const struct spread *s)
{
	return s->n > 1 ? sqrt(s->squares / (s->n - 1)) : 0;
}

/* Student's t that 1% of pairs of equal things exceed, either way. */
static double critical_t(double freedom)
{
	static const double t[] = {
		63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.250, 3.169, 3.106,
		3.055, 3.012, 2.977, 2.947, 2.921, 2.898, 2.878, 2.861, 2.845, 2.831, 2.819,
		2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.750,
	};
	size_t n = freedom < 1 ? 1 : (size_t)freedom;

	return t[(n > ARRAY_SIZE(t) ? ARRAY_SIZE(t) : n) - 1];
}

/**
 * spread_compare - whether a second set differs from a first by more than noise
 * @a: the first
 * @b: the second
 *
 * Welch's test at 1%: the sets need be neither of one size nor of one spread.
 *
 * Return: the verdict on @b.
 */
enum verdict spread_compare(const struct spread *a, const struct spread *b)
{
	double va, vb, error, freedom;

	if (!a->n || !b->n)
		return VERDICT_UNSURE;
	if (a->min == b->max && a->max == b->min)
		return VERDICT_SAME;
	if (a->n < 2 || b->n < 2)
		return VERDICT_UNSURE;
	va = a->squares / (a->n - 1) / a->n;
	vb = b->squares / (b->n - 1) / b->n;
	error = va + vb;
	if (error > 0) {
		freedom = error * error / (va * va / (a->n - 1) + vb * vb / (b->n - 1));
		if (fabs(b->mean - a->mean) <= critical_t(freedom) * sqrt(error))
			return VERDICT_NOISE;
	}
	return b->mean < a->mean ? VERDICT_LESS : VERDICT_MORE;
}

/**
 * verdict_name - a verdict's name in the outputs
 * @verdict: the verdict
 *
 * Return: a static string.
 */
const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_NOISE] = "noise", [VERDICT_LESS] = "less", [VERDICT_MORE] = "more",
		[VERDICT_SAME] = "same", [VERDICT_UNSURE] = "unsure",
	};

	return names[verdict];
}

/**
 * verdict_words - a verdict in words
 * @verdict: the verdict
 *
 * Return: a static string.
 */
const char *verdict_words(enum verdict verdict)
{
	static const char *const words[] = {
		[VERDICT_NOISE] = "within the noise",
		[VERDICT_LESS] = "less, outside the noise",
		[VERDICT_MORE] = "more, outside the noise",
		[VERDICT_SAME] = "the same",
		[VERDICT_UNSURE] = "too few recordings to know the noise",
	};

	return words[verdict];
}

/**
 * measures_nr - how many measures there are
 *
 * Return: the number; some are names and have no values.
 */
size_t measures_nr(void)
{
	return MEASURE_FIRST_COLUMN + view_columns_nr;
}

/**
 * measure_of - the measure that is a column
 * @key: the column's key
 *
 * Return: its number.
 */
size_t measure_of(const char *key)
{
	return MEASURE_FIRST_COLUMN + (column_find(key, strlen(key)) - view_columns);
}

/**
 * measure_find - the measure of a name
 * @key: its key, or a column's other name; need not be terminated
 * @len: its length
 *
 * Return: its number, or -1 if there is none with values.
 */
int measure_find(const char *key, size_t len)
{
	const struct view_column *column = column_find(key, len);
	size_t m;

	if (column)
		return column->get ? MEASURE_FIRST_COLUMN + (column - view_columns) : -1;
	for (m = 0; m < MEASURE_FIRST_COLUMN; m++)
		if (strlen(measure_key(m)) == len && !memcmp(measure_key(m), key, len))
			return m;
	return -1;
}

/**
 * measure_key - a measure's name in the outputs
 * @measure: its number
 *
 * Return: a static string.
 */
const char *measure_key(size_t measure)
{
	static const char *const keys[] = { "duration_ns", "duplicates_percent", "live_at_ns",
					    "first_at_ns", "last_at_ns" };

	return measure < MEASURE_FIRST_COLUMN ? keys[measure] :
						view_columns[measure - MEASURE_FIRST_COLUMN].key;
}

/**
 * measure_kind - what a measure's values are
 * @measure: its number
 *
 * Return: the kind.
 */
enum view_cell_kind measure_kind(size_t measure)
{
	return measure == MEASURE_SHARE	      ? CELL_COUNT :
	       measure < MEASURE_FIRST_COLUMN ? CELL_NS :
						view_columns[measure - MEASURE_FIRST_COLUMN].kind;
}

static void add_tally(struct comparison_row *row, size_t set, const struct tally *t)
{
	size_t i;

	row->seen[set]++;
	for (i = 0; i < view_columns_nr; i++) {
		struct view_cell c = column_of_tally(&view_columns[i], t);

		struct spread *s = &row->spreads[set][MEASURE_FIRST_COLUMN + i];

		if (!c.known)
			continue;
		spread_add(s, c.number);
		s->estimated |= c.kind == CELL_BYTES && c.number && !tally_bytes_exact(t);
	}
}

/* Rows of one kind. */
struct rows {
	struct comparison_row ***all;
	size_t *nr;
	size_t *cap;
	size_t max;
	struct map *by_name;
};

/* Return: 1 and the row, 0 if there is no room for another, or -ENOMEM. */
static int row_get(struct comparison *c, const struct rows *rows, const char *text,
		   struct comparison_row **row)
{
	const char *name = strings_intern(&c->strings, text, strlen(text));

	if (!name)
		return -ENOMEM;
	*row = map_get(rows->by_name, (uintptr_t)name);
	if (*row)
		return 1;
	if (*rows->nr == rows->max) {
		c->left_out++;
		return 0;
	}
	if (grow(rows->all, rows->cap, *rows->nr + 1, sizeof(**rows->all)))
		return -ENOMEM;
	*row = calloc(1, sizeof(**row));
	if (!*row || map_set(rows->by_name, (uintptr_t)name, *row)) {
		free(*row);
		return -ENOMEM;
	}
	(*row)->name = name;
	(*rows->all)[(*rows->nr)++] = *row;
	return 1;
}

/* When there were attempts; the last one's end isn't known as long as any has none. */
static void add_times(struct comparison_row *row, size_t set, const struct module *m, u64 start_ns)
{
	const u64 open = m->tally.outcomes[OUTCOME_IN_FLIGHT] + m->tally.outcomes[OUTCOME_UNKNOWN];

	if (m->live_ns)
		spread_add(&row->spreads[set][MEASURE_LIVE], sat_sub(m->live_ns, start_ns));
	if (!m->tally.attempts || !m->first_ns)
		return;
	spread_add(&row->spreads[set][MEASURE_BEGIN], sat_sub(m->first_ns, start_ns));
	if (!open && m->done_ns)
		spread_add(&row->spreads[set][MEASURE_END], sat_sub(m->done_ns, start_ns));
}

static int add_markers(struct comparison *c, size_t set, const struct view *v)
{
	const struct rows rows = { &c->markers, &c->nr_markers, &c->cap_markers,
				   COMPARED_MARKERS_MAX, &c->marker_by_name };
	size_t i;

	for (i = 0; i < v->info->nr_markers; i++) {
		const struct marker *m = &v->info->markers[i];
		struct comparison_row *row;
		int ret = row_get(c, &rows, m->name, &row);

		if (ret < 0)
			return ret;
		if (!ret || row->seen[set] == c->recordings[set])
			continue;
		/* Of what was cut off nothing else is counted either. */
		if (v->info->truncated &&
		    sat_sub(m->time_ns, view_start_ns(v)) > view_duration_ns(v))
			continue;
		row->seen[set] = c->recordings[set];
		spread_add(&row->spreads[set][MEASURE_DURATION],
			   sat_sub(m->time_ns, view_start_ns(v)));
	}
	return 0;
}

/* When the last call of all returned, where none is known to have gone on. */
static void add_last_call(struct comparison *c, size_t set, const struct view *v)
{
	const struct tally *t = &v->model->totals;
	u64 last_ns = 0;
	size_t i;

	if (v->info->truncated || t->outcomes[OUTCOME_IN_FLIGHT] || t->outcomes[OUTCOME_UNKNOWN])
		return;
	for (i = 0; i < v->nr_modules; i++)
		if (v->modules[i]->done_ns > last_ns)
			last_ns = v->modules[i]->done_ns;
	if (last_ns)
		spread_add(&c->totals.spreads[set][MEASURE_END],
			   sat_sub(last_ns, view_start_ns(v)));
}

static void add_failures(struct comparison_row *row, size_t set, const struct module *m)
{
	const struct tally *t = &m->tally;
	u64 most = 0;
	size_t i;

	if (!module_never_loads(m))
		return;
	row->never_loads[set]++;
	for (i = 0; i < t->nr_errnos; i++) {
		const u16 err = t->errnos[i].err;

		/* Duplicates have theirs. */
		if (err == EEXIST || err == EBUSY || t->errnos[i].count <= most)
			continue;
		most = t->errnos[i].count;
		row->failed_with[set] = err;
	}
}

/**
 * comparison_add - one more recording
 * @c: the comparison
 * @set: which set it is of
 * @v: the recording, not needed afterwards
 *
 * Return: 0 or -ENOMEM.
 */
int comparison_add(struct comparison *c, size_t set, const struct view *v)
{
	const struct rows rows = { &c->modules, &c->nr_modules, &c->cap_modules,
				   COMPARED_MODULES_MAX, &c->by_name };
	size_t i;

	if (set >= c->nr_sets)
		c->nr_sets = set + 1;
	if (comparison_add_facts(c, set, v) || comparison_add_findings(c, set, v))
		return -ENOMEM;
	c->recordings[set]++;
	c->selected |= v->model->filter && !filter_is_empty(v->model->filter);
	add_tally(&c->totals, set, &v->model->totals);
	if (!v->info->untimed) {
		spread_add(&c->totals.spreads[set][MEASURE_DURATION], view_duration_ns(v));
		spread_add(&c->totals.spreads[set][MEASURE_SHARE], view_duplicates_share(v) * 100);
		add_last_call(c, set, v);
	}
	for (i = 0; i < v->nr_modules; i++) {
		struct comparison_row *row;
		int ret = row_get(c, &rows, v->modules[i]->name, &row);

		if (ret < 0)
			return ret;
		if (!ret)
			continue;
		add_tally(row, set, &v->modules[i]->tally);
		add_failures(row, set, v->modules[i]);
		if (!v->info->untimed)
			add_times(row, set, v->modules[i], view_start_ns(v));
	}
	return add_markers(c, set, v);
}

static double row_weight(const struct comparison_row *row, const char *key)
{
	const size_t m = measure_of(key);
	double weight = 0;
	size_t i;

	for (i = 0; i < SETS_MAX; i++)
		if (row->spreads[i][m].n && row->spreads[i][m].mean > weight)
			weight = row->spreads[i][m].mean;
	return weight;
}

static int by_weight(const void *a, const void *b)
{
	const struct comparison_row *x = *(struct comparison_row **)a;
	const struct comparison_row *y = *(struct comparison_row **)b;
	double wx = row_weight(x, "wasted_bytes"), wy = row_weight(y, "wasted_bytes");

	if (wx == wy) {
		wx = row_weight(x, "dup_time_ns");
		wy = row_weight(y, "dup_time_ns");
	}
	if (wx == wy) {
		wx = row_weight(x, "attempts");
		wy = row_weight(y, "attempts");
	}
	if (wx != wy)
		return wx < wy ? 1 : -1;
	return strcmp(x->name, y->name);
}

/**
 * comparison_finish - all recordings are in: see to those that lack a module
 * @c: the comparison; its modules are in order afterwards, the most wasteful first, and its markers
 */
void comparison_finish(struct comparison *c)
{
	size_t i, m, set;

	for (i = 0; i < c->nr_modules; i++) {
		struct comparison_row *row = c->modules[i];

		for (set = 0; set < c->nr_sets; set++)
			for (; row->seen[set] < c->recordings[set]; row->seen[set]++)
				for (m = MEASURE_FIRST_COLUMN; m < measures_nr(); m++)
					if (measure_kind(m) == CELL_COUNT ||
					    measure_kind(m) == CELL_BYTES)
						spread_add(&row->spreads[set][m], 0);
	}
	if (c->nr_modules)
		qsort(c->modules, c->nr_modules, sizeof(*c->modules), by_weight);
	comparison_sort_markers(c);
}

/**
 * comparison_free - free what a comparison owns
 * @c: the comparison; empty afterwards
 */
void comparison_free(struct comparison *c)
{
	size_t i;

	for (i = 0; i < c->nr_modules; i++)
		free(c->modules[i]);
	free(c->modules);
	for (i = 0; i < c->nr_markers; i++)
		free(c->markers[i]);
	free(c->markers);
	for (i = 0; i < SETS_MAX; i++)
		free(c->facts[i]);
	free(c->findings);
	map_free(&c->by_name);
	map_free(&c->marker_by_name);
	strings_free(&c->strings);
	*c = (struct comparison){ 0 };
}
