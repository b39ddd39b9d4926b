// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <inttypes.h>
#include <math.h>
#include <sys/stat.h>

#include "lib/escape.h"
#include "lib/json.h"
#include "lib/options.h"
#include "lib/pager.h"
#include "lib/table.h"
#include "views/compare.h"
#include "views/output_pair.h"
#include "views/reading.h"

enum { OPT_ALL = 256 };

struct diff_options {
	bool json;
	bool svg;
	bool all;
	struct filter filter;
};

static const struct option_desc diff_options[] = {
	{ 'f', "format", "FORMAT", "text (default), json or svg (a picture, of two sets)" },
	{ 'm', "module", "GLOBS", "only modules that match, such as kvm*,xfs" },
	{ 'c', "comm", "GLOBS", "only attempts by threads whose name matches" },
	{ OPT_ALL, "all", NULL, "include rows that did not change" },
	{ 0 }
};

static const struct usage diff_usage = {
	.synopsis = "modtrace diff [OPTION...] FILE[,FILE...] FILE[,FILE...]...\n"
		    "modtrace diff [OPTION...] FILE... -- FILE... [-- FILE...]",
	.options = diff_options,
	.after = "Each argument is a set of recordings; with -- among them, what is between two of\n"
		 "those is a set. Each set is compared with the first one.\n",
	.in_order = true,
};

static int on_option(void *context, int code, const char *arg, struct err *err)
{
	struct diff_options *o = context;

	switch (code) {
	case 'f':
		o->json = !strcmp(arg, "json");
		o->svg = !strcmp(arg, "svg");
		if (o->json || o->svg || !strcmp(arg, "text"))
			return 0;
		return err_set(err, -EINVAL, "unknown format '%s'; use text, json or svg", arg);
	case 'm':
		return parse_modules(&o->filter.modules, arg, err);
	case 'c':
		return parse_patterns(&o->filter.comms, arg, err);
	case OPT_ALL:
		o->all = true;
		return 0;
	}
	return option_unknown(code, err);
}

/* The recordings of a set: names that point into the arguments. */
struct recording_set {
	char **names;
	size_t nr;
	size_t cap;
};

struct recording_sets {
	struct recording_set all[SETS_MAX];
	size_t nr;
};

static void sets_free(struct recording_sets *sets)
{
	size_t i, n;

	for (i = 0; i < SETS_MAX; i++) {
		for (n = 0; n < sets->all[i].nr; n++)
			free(sets->all[i].names[n]);
		free(sets->all[i].names);
	}
}

static int set_add(struct recording_set *set, const char *name, size_t len)
{
	if (grow(&set->names, &set->cap, set->nr + 1, sizeof(*set->names)))
		return -ENOMEM;
	set->names[set->nr] = strndup(name, len);
	return set->names[set->nr++] ? 0 : -ENOMEM;
}

static int set_add_list(struct recording_set *set, const char *list)
{
	for (;;) {
		size_t len = strcspn(list, ",");
		int ret = len ? set_add(set, list, len) : -EINVAL;

		if (ret || !list[len])
			return ret;
		list += len + 1;
	}
}

static int find_sets(struct recording_sets *sets, char **words, int nr, struct err *err)
{
	bool separated = false;
	int i, ret = 0;

	for (i = 0; i < nr; i++)
		separated |= !strcmp(words[i], "--");
	if (separated)
		sets->nr = 1;
	for (i = 0; i < nr && !ret; i++) {
		bool next = !separated || !strcmp(words[i], "--");

		if (next && sets->nr == SETS_MAX)
			return err_set(err, -EINVAL, "more than %u sets", SETS_MAX);
		sets->nr += next;
		if (!separated)
			ret = set_add_list(&sets->all[sets->nr - 1], words[i]);
		else if (!next)
			ret = set_add(&sets->all[sets->nr - 1], words[i], strlen(words[i]));
	}
	if (ret == -ENOMEM)
		return err_set(err, ret, "out of memory");
	for (i = 0; i < (int)sets->nr && !ret; i++)
		ret = sets->all[i].nr ? 0 : -EINVAL;
	if (ret || sets->nr < 2)
		return err_set(err, -EINVAL,
			       "two sets of recordings are required; see modtrace diff --help");
	return 0;
}

static const char *needs_times(const struct diff_options *o)
{
	if (o->filter.from_ns || o->filter.until_ns)
		return "--time";
	return o->svg ? "--format=svg" : NULL;
}

/* A boot that counts twice makes noise look smaller than it is. */
static int check_set(const struct recording_set *set, struct err *err)
{
	struct stat a, b;
	size_t i, n;

	for (i = 1; i < set->nr; i++)
		for (n = 0; n < i; n++)
			if (!stat(set->names[i], &a) && !stat(set->names[n], &b) &&
			    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
				return err_set(err, -EINVAL, "%s: twice in a set; name it once",
					       set->names[i]);
	return 0;
}

static int read_sets(struct comparison *c, const struct recording_sets *sets,
		     const struct diff_options *o, struct err *err)
{
	size_t i, n;
	int ret;

	bool any = filter_is_empty(&o->filter);

	for (i = 0; i < sets->nr; i++) {
		ret = check_set(&sets->all[i], err);
		if (ret)
			return ret;
		for (n = 0; n < sets->all[i].nr; n++) {
			const char *name = sets->all[i].names[n];
			_cleanup_(reading_free) struct reading r = { 0 };

			ret = reading_open(&r, name, &o->filter, err);
			if (!ret)
				ret = source_need_times(&r.src->info, needs_times(o), err);
			if (!ret)
				ret = reading_all(&r, err);
			if (ret)
				return ret;
			any |= r.model->totals.attempts;
			if (r.src->info.truncated)
				say("diff: %s: %s: only what precedes that is compared", name,
				    r.src->info.why_truncated);
			if (r.src->info.lost)
				say("diff: %s: %" PRIu64 " events were lost: its counts are too low",
				    name, r.src->info.lost);
			if (comparison_add(c, i, &r.view))
				return err_set(err, -ENOMEM, "out of memory");
		}
	}
	comparison_finish(c);
	if (c->left_out)
		say("diff: more than %d modules or %d markers: %" PRIu64 " are not compared",
		    COMPARED_MODULES_MAX, COMPARED_MARKERS_MAX, c->left_out);
	return any ? 0 :
		     err_set(err, -ENOENT,
			     "nothing in these recordings matches the selection (-m, -c)");
}

static void format_value(char *text, size_t size, enum view_cell_kind kind, double value)
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

static void cell_spread(struct table *t, enum view_cell_kind kind, const struct spread *s)
{
	char mean[32], deviation[32];

	if (!s->n) {
		table_cell(t, "-");
		return;
	}
	format_value(mean, sizeof(mean), kind, s->mean);
	format_value(deviation, sizeof(deviation), kind, spread_deviation(s));
	if (s->n > 1)
		table_cell(t, "%s%s +- %s", s->estimated ? "~" : "", mean, deviation);
	else
		table_cell(t, "%s%s", s->estimated ? "~" : "", mean);
}

static void cell_change(struct table *t, const struct spread *a, const struct spread *b)
{
	if (!a->n || !b->n)
		table_cell(t, "-");
	else if (a->mean == b->mean)
		table_cell(t, "0%%");
	else if (!a->mean)
		table_cell(t, "new");
	else if (b->mean / a->mean >= 10)
		table_cell(t, "x%.1f", b->mean / a->mean);
	else
		table_cell(t, "%+.1f%%", (b->mean / a->mean - 1) * 100);
}

static bool is_shown(const struct comparison *c, const struct comparison_row *row, size_t m,
		     bool all)
{
	size_t set;

	/* Parts and percentiles of others are too much where one looks for what matters. */
	if (measure_kind(m) == CELL_NAME || (!all && strchr(measure_key(m), '.')))
		return false;
	for (set = 0; set < c->nr_sets; set++)
		if (row->spreads[set][m].n && (all || row->spreads[set][m].max > 0))
			break;
	if (set == c->nr_sets)
		return false;
	for (set = 1; set < c->nr_sets && !all; set++)
		if (spread_compare(&row->spreads[0][m], &row->spreads[set][m]) != VERDICT_SAME)
			return true;
	return all;
}

/* Of a module only what matters most is shown in text, unless all is wanted. */
static bool is_main_measure(size_t m)
{
	static const char *const keys[] = { "attempts", "duplicates", "wasted_bytes", "dup_time_ns",
					    "fail_time_ns" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(measure_key(m), keys[i]))
			return true;
	return false;
}

/* One against one: no noise is known, and no verdict can be given. */
static bool is_pair(const struct comparison *c)
{
	return c->nr_sets == 2 && c->recordings[0] == 1 && c->recordings[1] == 1;
}

static void add_row(struct table *t, const struct comparison *c, const struct comparison_row *row,
		    size_t m, const char *what)
{
	const bool pair = is_pair(c);
	size_t set;

	if (!pair)
		table_name(t, row->name ? row->name : "(all)");
	table_cell(t, "%s", what);
	cell_spread(t, measure_kind(m), &row->spreads[0][m]);
	for (set = 1; set < c->nr_sets; set++) {
		const struct spread *a = &row->spreads[0][m], *b = &row->spreads[set][m];

		cell_spread(t, measure_kind(m), b);
		cell_change(t, a, b);
		if (!pair)
			table_cell(t, "%s", verdict_name(spread_compare(a, b)));
	}
}

static void print_verdicts(const struct comparison *c, FILE *out)
{
	size_t set, m, v;

	for (set = 1; set < c->nr_sets; set++) {
		fprintf(out, "\nIn set %c compared with A, over all modules\n", (int)('A' + set));
		for (v = 0; v < VERDICT_NR; v++) {
			bool any = false;

			for (m = 0; m < measures_nr(); m++) {
				if (v == VERDICT_SAME || !is_shown(c, &c->totals, m, false) ||
				    spread_compare(&c->totals.spreads[0][m],
						   &c->totals.spreads[set][m]) != v)
					continue;
				if (!any)
					fprintf(out, "%s: ", verdict_words(v));
				fprintf(out, "%s%s", any ? ", " : "", measure_key(m));
				any = true;
			}
			if (any)
				fputc('\n', out);
		}
	}
}

static void print_set(const struct recording_sets *sets, size_t i, FILE *out)
{
	size_t n;

	fprintf(out, "%c: %zu recording%s:", (int)('A' + i), sets->all[i].nr,
		sets->all[i].nr > 1 ? "s" : "");
	for (n = 0; n < sets->all[i].nr; n++) {
		char clean[512];
		const char *name = sets->all[i].names[n];

		escape(clean, sizeof(clean), name, strlen(name));
		fprintf(out, " %s", clean);
	}
}

static void print_sets(const struct recording_sets *sets, FILE *out)
{
	size_t i;

	for (i = 0; i < sets->nr; i++) {
		print_set(sets, i, out);
		fputc('\n', out);
	}
}

static int print_svg(const struct comparison *c, const struct recording_sets *sets, FILE *out)
{
	char *names[2] = { NULL, NULL };
	int ret = 0;
	size_t i;

	for (i = 0; i < 2 && !ret; i++) {
		size_t len;
		FILE *mem = open_memstream(&names[i], &len);

		if (!mem)
			ret = -ENOMEM;
		else
			print_set(sets, i, mem);
		if (mem && fclose(mem))
			ret = -ENOMEM;
	}
	if (!ret)
		ret = output_pair_svg(c, names, out);
	free(names[0]);
	free(names[1]);
	return ret;
}

static int print_text(const struct comparison *c, const struct recording_sets *sets, bool all,
		      FILE *out)
{
	static const char *const letters[] = { "A", "B", "C", "D", "E", "F", "G", "H" };
	struct table t = { .left = 3,
			   .width = terminal_width(),
			   .bold = terminal_has_colours(STDOUT_FILENO) };
	const bool pair = is_pair(c);
	size_t i, m, set;
	int ret;

	if (!pair)
		t.heads[t.nr_columns++] = "MODULE";
	t.heads[t.nr_columns++] = "WHAT";
	t.heads[t.nr_columns++] = letters[0];
	for (set = 1; set < c->nr_sets; set++) {
		t.heads[t.nr_columns++] = letters[set];
		t.heads[t.nr_columns++] = "CHANGE";
		if (pair)
			continue;
		t.left |= 1ULL << t.nr_columns;
		t.heads[t.nr_columns++] = "VERDICT";
	}
	if (pair)
		t.left = 1;
	print_sets(sets, out);
	for (m = 0; m < measures_nr(); m++)
		if (is_shown(c, &c->totals, m, all))
			add_row(&t, c, &c->totals, m, measure_key(m));
	for (i = 0; i < c->nr_markers && !pair; i++)
		if (is_shown(c, c->markers[i], MEASURE_DURATION, all))
			add_row(&t, c, c->markers[i], MEASURE_DURATION, "reached_ns");
	for (i = 0; i < c->nr_modules && !pair; i++)
		for (m = MEASURE_LIVE; m < measures_nr(); m++)
			if ((all || is_main_measure(m)) && is_shown(c, c->modules[i], m, all))
				add_row(&t, c, c->modules[i], m, measure_key(m));
	if (!t.nr_cells) {
		fputs("no difference\n", out);
		return 0;
	}
	for (set = 1, ret = 0; set < c->nr_sets && !ret; set++)
		ret = output_change(c, set, !pair, t.width, out);
	if (ret)
		return ret;
	if (pair)
		fputs("One recording each: how far boots differ by themselves is unknown\n\n", out);
	else
		fputs("\nMean +- standard deviation\n", out);
	ret = table_print(&t, out);
	if (!ret && pair)
		ret = output_pair(c, all, t.width, t.bold, out);
	else
		print_verdicts(c, out);
	return ret ? -ENOMEM : 0;
}

static void json_row(struct json *j, const struct comparison *c, const struct comparison_row *row)
{
	size_t m, set;

	json_open(j, "measures", '[');
	for (m = 0; m < measures_nr(); m++) {
		if (!is_shown(c, row, m, true))
			continue;
		json_open(j, NULL, '{');
		json_string(j, "key", measure_key(m));
		json_open(j, "sets", '[');
		for (set = 0; set < c->nr_sets; set++) {
			const struct spread *s = &row->spreads[set][m];

			json_open(j, NULL, '{');
			json_number(j, "n", s->n);
			if (s->n) {
				json_fraction(j, "mean", s->mean);
				json_fraction(j, "deviation", spread_deviation(s));
				json_number(j, "min", round_u64(s->min));
				json_number(j, "max", round_u64(s->max));
			}
			if (set)
				json_string(j, "verdict",
					    verdict_name(spread_compare(&row->spreads[0][m], s)));
			json_close(j, '}');
		}
		json_close(j, ']');
		json_close(j, '}');
	}
	json_close(j, ']');
}

static int print_json(const struct comparison *c, const struct recording_sets *sets, FILE *out)
{
	struct json j = { .out = out };
	size_t i, n;

	json_open(&j, NULL, '{');
	json_number(&j, "schema", 1);
	json_open(&j, "sets", '[');
	for (i = 0; i < sets->nr; i++) {
		json_open(&j, NULL, '[');
		for (n = 0; n < sets->all[i].nr; n++)
			json_string(&j, NULL, sets->all[i].names[n]);
		json_close(&j, ']');
	}
	json_close(&j, ']');
	json_open(&j, "totals", '{');
	json_row(&j, c, &c->totals);
	json_close(&j, '}');
	json_open(&j, "markers", '[');
	for (i = 0; i < c->nr_markers; i++) {
		json_open(&j, NULL, '{');
		json_string(&j, "name", c->markers[i]->name);
		json_row(&j, c, c->markers[i]);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_open(&j, "modules", '[');
	for (i = 0; i < c->nr_modules; i++) {
		json_open(&j, NULL, '{');
		json_string(&j, "name", c->modules[i]->name);
		json_row(&j, c, c->modules[i]);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	return json_end(&j);
}

static int diff(const struct diff_options *o, char **words, int nr)
{
	_cleanup_(comparison_free) struct comparison c = { 0 };
	_cleanup_(sets_free) struct recording_sets sets = { 0 };
	struct err err = { 0 };
	int ret;

	ret = find_sets(&sets, words, nr, &err);
	if (!ret && o->svg && sets.nr > 2)
		ret = err_set(&err, -EINVAL, "--format=svg compares two sets, not %zu", sets.nr);
	if (!ret)
		ret = read_sets(&c, &sets, o, &err);
	if (!ret) {
		ret = o->json ? print_json(&c, &sets, stdout) :
		      o->svg  ? print_svg(&c, &sets, stdout) :
				print_text(&c, &sets, o->all, stdout);
		/* main() says what is wrong with standard output. */
		if (ret && ret != -EIO)
			err_set(&err, ret, "%s", strerror(-ret));
	}
	if (!ret)
		return STATUS_GOOD;
	if (*err.text)
		say("diff: %s", err.text);
	return STATUS_ERROR;
}

static bool takes_argument(const char *word)
{
	const struct option_desc *o;

	for (o = diff_options; o->code; o++) {
		if (!o->arg)
			continue;
		if (word[1] != '-' ? word[1] == o->code && !word[2] : !strcmp(word + 2, o->name))
			return true;
	}
	return false;
}

/*
 * Options may be behind files, too. getopt() would take the first -- for their end, and move it; so
 * they are put ahead of everything else. Return: one that lacks its argument, or NULL.
 */
static const char *options_first(int argc, char **argv)
{
	int to = 1, i, n;

	for (i = 1; i < argc; i += n) {
		char *moved[2] = { argv[i], i + 1 < argc ? argv[i + 1] : NULL };

		n = 1;
		if (moved[0][0] != '-' || !moved[0][1] || !strcmp(moved[0], "--"))
			continue;
		if (takes_argument(moved[0])) {
			if (!moved[1])
				return moved[0];
			n++;
		}
		memmove(argv + to + n, argv + to, (i - to) * sizeof(*argv));
		memcpy(argv + to, moved, n * sizeof(*argv));
		to += n;
	}
	return NULL;
}

/**
 * cmd_diff - modtrace diff
 * @argc: arguments, the command's name the first
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int cmd_diff(int argc, char **argv)
{
	struct diff_options o = { 0 };
	const char *lacking;
	int ret;

	lacking = options_first(argc, argv);
	if (lacking) {
		say("diff: %s requires an argument", lacking);
		return STATUS_ERROR;
	}
	ret = options_parse(&diff_usage, argc, argv, on_option, &o);
	if (ret < 0 && (o.json || o.svg) && o.all) {
		say("diff: --all has no effect with --format=%s; omit one of them",
		    o.json ? "json" : "svg");
		ret = STATUS_ERROR;
	}
	if (ret < 0)
		ret = diff(&o, argv + optind, argc - optind);
	filter_free(&o.filter);
	return ret;
}
