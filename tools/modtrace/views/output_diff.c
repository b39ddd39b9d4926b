// SPDX-License-Identifier: GPL-2.0-only
/* A comparison of sets of recordings, for people: what it comes to first, then the tables. */
#include <time.h>

#include "lib/escape.h"
#include "lib/format.h"
#include "lib/wrap.h"
#include "views/alike.h"
#include "views/output_pair.h"

static int add_names(const struct comparison *c, size_t set, struct buf *text)
{
	size_t i;
	int ret = 0;

	if (c->recordings[set] > 1)
		ret = buf_addf(text, " %u recordings:", c->recordings[set]);
	for (i = 0; i < c->recordings[set] && !ret; i++) {
		const char *name = c->facts[set][i].file;
		char clean[512];

		escape(clean, sizeof(clean), name ? name : "?", name ? strlen(name) : 1);
		ret = buf_addf(text, " %s", clean);
	}
	return ret;
}

/* "2026-11-27 12:02 UTC", or the days of the first and the last one. */
static void say_dates(const struct comparison *c, size_t set, char *text, size_t size)
{
	u64 first_ns = UINT64_MAX, last_ns = 0;
	char from[40] = "", to[40] = "";
	time_t at;
	struct tm tm;
	size_t i;

	*text = '\0';
	for (i = 0; i < c->recordings[set]; i++) {
		const u64 wall_ns = c->facts[set][i].wall_ns;

		if (!wall_ns)
			continue;
		first_ns = wall_ns < first_ns ? wall_ns : first_ns;
		last_ns = wall_ns > last_ns ? wall_ns : last_ns;
	}
	if (!last_ns)
		return;
	at = first_ns / NSEC_PER_SEC;
	if (gmtime_r(&at, &tm))
		strftime(from, sizeof(from), c->recordings[set] > 1 ? "%F" : "%F %R UTC", &tm);
	at = last_ns / NSEC_PER_SEC;
	if (gmtime_r(&at, &tm))
		strftime(to, sizeof(to), c->recordings[set] > 1 ? "%F" : "%F %R UTC", &tm);
	snprintf(text, size, "%s%s%s", from, strcmp(from, to) ? " to " : "",
		 strcmp(from, to) ? to : "");
}

/* What all recordings of a set have in common; another one has its line below the verdict. */
static int add_facts(const struct comparison *c, size_t set, struct buf *text)
{
	const struct recording_facts *f = c->facts[set];
	bool kernel = f->kernel, cpus = f->cpus;
	char dates[96], clean[256];
	size_t i, start = text->len;
	int ret = 0;

	for (i = 1; i < c->recordings[set]; i++) {
		kernel = kernel && f[i].kernel && !strcmp(f[i].kernel, f->kernel);
		cpus = cpus && f[i].cpus == f->cpus;
	}
	say_dates(c, set, dates, sizeof(dates));
	if (kernel) {
		escape(clean, sizeof(clean), f->kernel, strlen(f->kernel));
		ret = buf_addf(text, " (%s", clean);
	}
	if (!ret && cpus)
		ret = buf_addf(text, "%s%u CPU%s", text->len > start ? ", " : " (", f->cpus,
			       PLURAL(f->cpus));
	if (!ret && *dates)
		ret = buf_addf(text, "%s%s", text->len > start ? ", " : " (", dates);
	return ret || text->len == start ? ret : buf_addf(text, ")");
}

/**
 * set_text - say what a set is: its files, the kernel, CPUs and when it was recorded, as far as known
 * @c: the comparison
 * @set: the set
 * @text: empty; what is said, escaped
 *
 * Return: 0 or -ENOMEM.
 */
int set_text(const struct comparison *c, size_t set, struct buf *text)
{
	int ret = buf_addf(text, "%c:", (int)('A' + set));

	if (!ret)
		ret = add_names(c, set, text);
	return ret ? ret : add_facts(c, set, text);
}

static int print_heads(const struct comparison *c, struct diff_text *d)
{
	size_t set;
	int ret = 0;

	for (set = 0; set < c->nr_sets && !ret; set++) {
		_cleanup_buf_ struct buf text = { 0 };

		ret = set_text(c, set, &text);
		if (!ret)
			print_wrapped(d->out, text.data, d->width, 0, 3);
	}
	return ret;
}

static int print_changes(const struct comparison *c, struct diff_text *d)
{
	size_t set;
	int ret = 0;

	for (set = 1; set < c->nr_sets && !ret; set++) {
		_cleanup_buf_ struct buf text = { 0 };
		char ahead[32];

		ret = change_text(c, set, &text);
		if (ret || !text.len)
			continue;
		snprintf(ahead, sizeof(ahead), "Verdict: in %c%s, ", (int)('A' + set),
			 recordings_are_whole(c, set) ? "" : " (incomplete)");
		fputs(ahead, d->out);
		print_wrapped(d->out, text.data, d->width, strlen(ahead), 0);
		d->about |= strchr(text.data, '~') != NULL;
	}
	return ret;
}

static int print_differences(const struct comparison *c, struct diff_text *d)
{
	_cleanup_differences_ struct differences all = { 0 };
	size_t i;
	int ret = differences_find(&all, c);

	if (ret || !all.nr)
		return ret;
	fputs("\nNot alike\n", d->out);
	for (i = 0; i < all.nr; i++) {
		fputs("  ", d->out);
		print_wrapped(d->out, all.all[i].text, d->width, 2, 4);
	}
	return 0;
}

/**
 * output_diff_text - write a comparison for people
 * @c: the comparison, finished
 * @d: where to, and how
 *
 * Return: 0 or -ENOMEM.
 */
int output_diff_text(const struct comparison *c, struct diff_text *d)
{
	bool any = false, found = false;
	size_t set;
	int ret = print_heads(c, d);

	if (!ret)
		ret = print_changes(c, d);
	if (!ret)
		ret = print_differences(c, d);
	if (!ret)
		ret = output_sets(c, d, &any);
	if (ret)
		return ret;
	/* Requests of the kernel's have findings, and no measures. */
	for (set = 1; set < c->nr_sets; set++)
		found |= findings_differ(c, set);
	if (!any)
		fputs(found ? "no difference but in findings\n" : "no difference\n", d->out);
	if (!any && !found)
		return 0;
	if (any && comparison_is_pair(c))
		ret = output_pair(c, d);
	for (set = 1; set < c->nr_sets && !ret; set++) {
		if (any)
			ret = output_moved(c, set, d);
		if (!ret)
			ret = output_found(c, set, d);
	}
	if (!ret && (d->about || d->unknown))
		fprintf(d->out, "\n%s%s%s\n", d->about ? "~ an estimate, or not all of it" : "",
			d->about && d->unknown ? "; " : "", d->unknown ? "? not recorded" : "");
	return ret;
}
