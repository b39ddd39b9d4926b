// SPDX-License-Identifier: GPL-2.0-only
/* A comparison of sets of recordings as JSON, see docs/schema/diff.json. */
#include "lib/json.h"
#include "views/alike.h"
#include "views/output_pair.h"

/* Fractions are given where values are ones. */
static void write_bound(struct json *j, const char *key, size_t m, double value)
{
	if (m == MEASURE_SHARE)
		json_fraction(j, key, value);
	else
		json_number(j, key, round_u64(value));
}

static void write_spread(struct json *j, const struct comparison_row *row, size_t set, size_t m)
{
	const struct spread *s = &row->spreads[set][m];

	json_open(j, NULL, '{');
	json_number(j, "n", s->n);
	if (s->n) {
		json_fraction(j, "mean", s->mean);
		if (s->n > 1)
			json_fraction(j, "deviation", spread_deviation(s));
		else
			json_null(j, "deviation");
		write_bound(j, "min", m, s->min);
		write_bound(j, "max", m, s->max);
	}
	if (set)
		json_string(j, "verdict", verdict_name(spread_compare(&row->spreads[0][m], s)));
	json_close(j, '}');
}

static void write_measures(struct json *j, const struct comparison *c,
			   const struct comparison_row *row)
{
	size_t m, set;

	json_open(j, "measures", '[');
	for (m = 0; m < measures_nr(); m++) {
		if (!row_is_shown(c, row, m, 1, c->nr_sets - 1, true))
			continue;
		json_open(j, NULL, '{');
		json_string(j, "key", measure_key(m));
		json_open(j, "sets", '[');
		for (set = 0; set < c->nr_sets; set++)
			write_spread(j, row, set, m);
		json_close(j, ']');
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void write_rows(struct json *j, const char *key, const struct comparison *c,
		       struct comparison_row *const *rows, size_t nr)
{
	size_t i;

	json_open(j, key, '[');
	for (i = 0; i < nr; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", rows[i]->name);
		write_measures(j, c, rows[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void write_sets(struct json *j, const struct comparison *c)
{
	size_t i, n;

	json_open(j, "sets", '[');
	for (i = 0; i < c->nr_sets; i++) {
		json_open(j, NULL, '[');
		for (n = 0; n < c->recordings[i]; n++)
			json_string(j, NULL, c->facts[i][n].file);
		json_close(j, ']');
	}
	json_close(j, ']');
}

static int write_differences(struct json *j, const struct comparison *c)
{
	_cleanup_differences_ struct differences d = { 0 };
	size_t i;
	int ret = differences_find(&d, c);

	json_open(j, "differences", '[');
	for (i = 0; i < d.nr; i++) {
		json_open(j, NULL, '{');
		json_number(j, "set", d.all[i].set);
		json_string(j, "id", d.all[i].id);
		json_string(j, "text", d.all[i].text);
		json_close(j, '}');
	}
	json_close(j, ']');
	return ret;
}

static void write_findings(struct json *j, const struct comparison *c)
{
	size_t i, set;

	json_open(j, "findings", '[');
	for (i = 0; i < c->nr_findings; i++) {
		const struct compared_finding *f = &c->findings[i];

		json_open(j, NULL, '{');
		json_string(j, "id", f->id);
		json_string(j, "severity", severity_name(f->severity));
		json_string(j, "remedy", f->remedy);
		json_open(j, "sets", '[');
		for (set = 0; set < c->nr_sets; set++) {
			json_open(j, NULL, '{');
			json_number(j, "n", f->sets[set].seen);
			json_string(j, "module", f->sets[set].module);
			json_close(j, '}');
		}
		json_close(j, ']');
		json_close(j, '}');
	}
	json_close(j, ']');
}

/**
 * output_diff_json - write a comparison as JSON
 * @c: the comparison, finished
 * @out: the stream
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_diff_json(const struct comparison *c, FILE *out)
{
	struct json j = { .out = out };
	int ret;

	json_open(&j, NULL, '{');
	json_number(&j, "schema", 1);
	write_sets(&j, c);
	ret = write_differences(&j, c);
	json_open(&j, "totals", '{');
	write_measures(&j, c, &c->totals);
	json_close(&j, '}');
	write_rows(&j, "markers", c, c->markers, c->nr_markers);
	write_rows(&j, "modules", c, c->modules, c->nr_modules);
	write_findings(&j, c);
	json_close(&j, '}');
	return ret ? ret : json_end(&j);
}
