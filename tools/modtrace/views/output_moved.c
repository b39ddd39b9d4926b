// SPDX-License-Identifier: GPL-2.0-only
/* What a change made worse, and which modules only one of two sets loaded. */
#include "lib/escape.h"
#include "lib/format.h"
#include "lib/wrap.h"
#include "views/alike.h"
#include "views/output_pair.h"

#define NAMED 8
#define WORSE 5

/* A module, and by how much it is worse. */
struct worse {
	const struct comparison_row *row;
	double ns;
	double attempts;
	double failed;
};

static const struct spread *spread_of(const struct comparison_row *row, size_t set, const char *key)
{
	return &row->spreads[set][measure_of(key)];
}

/* By how much there is more of a measure; 0 where that is noise, or not known. */
static double growth(const struct comparison *c, const struct comparison_row *row, size_t set,
		     const char *key)
{
	const struct spread *a = spread_of(row, 0, key), *b = spread_of(row, set, key);

	/* What isn't there took no time. */
	if (!b->n || (!a->n && spread_of(row, 0, "attempts")->mean) || b->mean <= a->mean)
		return 0;
	if (comparison_is_judged(c, set) && a->n && spread_compare(a, b) != VERDICT_MORE)
		return 0;
	return b->mean - a->mean;
}

static int by_worst(const void *a, const void *b)
{
	const struct worse *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? 1 : -1;
	if (x->failed != y->failed)
		return x->failed < y->failed ? 1 : -1;
	if (x->attempts != y->attempts)
		return x->attempts < y->attempts ? 1 : -1;
	return strcmp(x->row->name, y->row->name);
}

/* Return: the modules that are worse, the worst first, or NULL without memory. */
static struct worse *find_worse(const struct comparison *c, size_t set, size_t *nr)
{
	static const char *const times[] = { "dup_time_ns", "fail_time_ns", "load_time_ns" };
	struct worse *all = calloc(c->nr_modules + 1, sizeof(*all));
	size_t i, n;

	*nr = 0;
	for (i = 0; all && i < c->nr_modules; i++) {
		const struct comparison_row *row = c->modules[i];
		struct worse w = { .row = row };
		double less = 0, more = 0;

		for (n = 0; n < ARRAY_SIZE(times); n++) {
			more += growth(c, row, set, times[n]);
			less += spread_of(row, 0, times[n])->mean -
				spread_of(row, set, times[n])->mean;
		}
		/* What one kind of calls took more is nothing worse where the others took as much less. */
		w.ns = less >= 0 ? 0 : more < -less ? more : -less;
		w.attempts = growth(c, row, set, "attempts");
		w.failed = growth(c, row, set, "failed");
		if (w.ns >= 1 || w.attempts || w.failed)
			all[(*nr)++] = w;
	}
	if (all)
		qsort(all, *nr, sizeof(*all), by_worst);
	return all;
}

static int add_count(struct buf *text, double count, const char *what)
{
	char number[32];

	if (!count)
		return 0;
	format_value(number, sizeof(number), CELL_COUNT, count);
	return buf_addf(text, " +%s %s", number, what);
}

static int say_worse(struct buf *text, const struct worse *w)
{
	char name[128], time[32];
	int ret;

	escape(name, sizeof(name), w->row->name, strlen(w->row->name));
	format_ns(time, sizeof(time), round_u64(w->ns));
	ret = buf_addf(text, "%s%s", text->len ? ", " : "", name);
	if (!ret && w->ns)
		ret = buf_addf(text, " +%s", time);
	if (!ret)
		ret = add_count(text, w->attempts, w->attempts == 1 ? "attempt" : "attempts");
	return ret ? ret : add_count(text, w->failed, "failed");
}

static int print_worse(const struct comparison *c, size_t set, struct diff_text *d)
{
	_cleanup_free_ struct worse *all = NULL;
	_cleanup_buf_ struct buf text = { 0 };
	size_t nr, i;
	bool whole;
	int ret = 0;

	all = find_worse(c, set, &nr);
	if (!all)
		return -ENOMEM;
	for (i = 0; i < nr && (d->all || i < WORSE) && !ret; i++)
		ret = say_worse(&text, &all[i]);
	if (!ret && i < nr)
		ret = buf_addf(&text, " and %zu more", nr - i);
	if (ret)
		return ret;
	whole = recordings_are_whole(c, set);
	fprintf(d->out, "Worse in %c%s: ", (int)('A' + set), whole ? "" : " (incomplete)");
	print_wrapped(d->out, nr ? text.data : "nothing", d->width, whole ? 12 : 25, 2);
	return 0;
}

static bool is_loaded(const struct comparison_row *row, size_t set)
{
	return spread_of(row, set, "loaded")->mean > 0;
}

/* What one of two sets loaded and the other one didn't: a change that no figure shows. */
static int print_only(const struct comparison *c, size_t set, size_t other, struct diff_text *d,
		      size_t *nr)
{
	_cleanup_buf_ struct buf names = { 0 };
	char head[64];
	size_t i, len;
	int ret = 0;

	*nr = 0;
	for (i = 0; i < c->nr_modules && !ret; i++) {
		const struct comparison_row *row = c->modules[i];
		char name[128];

		if (!is_loaded(row, set) || is_loaded(row, other))
			continue;
		escape(name, sizeof(name), row->name, strlen(row->name));
		if ((*nr)++ < NAMED || d->all)
			ret = buf_addf(&names, "%s%s", *nr > 1 ? ", " : "", name);
	}
	if (!ret && *nr > NAMED && !d->all)
		ret = buf_addf(&names, " and %zu more", *nr - NAMED);
	if (ret || !*nr)
		return ret;
	if (c->nr_sets > 2)
		snprintf(head, sizeof(head), "Loaded in %c, not in %c", (int)('A' + set),
			 (int)('A' + other));
	else
		snprintf(head, sizeof(head), "Loaded only in %c", (int)('A' + set));
	/* In the one that is cut it may have been loaded later. */
	len = strlen(head);
	snprintf(head + len, sizeof(head) - len,
		 "%s: ", recordings_are_whole(c, other) ? "" : " as far as is known");
	fputs(head, d->out);
	print_wrapped(d->out, names.data, d->width, strlen(head), 2);
	return 0;
}

static void print_same(const struct comparison *c, size_t set, FILE *out)
{
	size_t nr = 0, i;

	for (i = 0; i < c->nr_modules; i++)
		nr += is_loaded(c->modules[i], 0) && is_loaded(c->modules[i], set);
	if (nr)
		fprintf(out, "The same %zu module%s loaded in A and %c\n", nr, PLURAL(nr),
			(int)('A' + set));
}

/**
 * output_moved - write what is worse in a set than in the first one, and what only one of them loaded
 * @c: the comparison
 * @set: the set
 * @d: where to
 *
 * Return: 0 or -ENOMEM.
 */
int output_moved(const struct comparison *c, size_t set, struct diff_text *d)
{
	size_t only[2] = { 0 };
	int ret;

	fputc('\n', d->out);
	ret = print_worse(c, set, d);
	if (!ret)
		ret = print_only(c, 0, set, d, &only[0]);
	if (!ret)
		ret = print_only(c, set, 0, d, &only[1]);
	if (!ret && !only[0] && !only[1])
		print_same(c, set, d->out);
	return ret;
}
