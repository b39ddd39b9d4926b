// SPDX-License-Identifier: GPL-2.0-only
/* What a change came to: a sentence for each set of recordings that is compared with the first. */
#include "views/output_pair.h"

#include <inttypes.h>

#include "lib/format.h"

/* As much time as several spent: in seconds, as long as there are any. */
static void say_worker_time(char *from, char *to, size_t size, double a_ns, double b_ns,
			    const char **unit)
{
	const bool tiny = (a_ns && a_ns < 1e7) || (b_ns && b_ns < 1e7);
	const double ns[] = { a_ns, b_ns };
	char *text[] = { from, to };
	size_t i;

	*unit = tiny ? " of worker time" : " worker-seconds";
	for (i = 0; i < 2; i++) {
		const double s = ns[i] / 1e9;

		if (tiny)
			format_ns(text[i], size, round_u64(ns[i]));
		else
			snprintf(text[i], size, "%.*f", !s || s >= 100 ? 0 : s >= 10 ? 1 : 2, s);
	}
}

/* Of how many recordings a mean is, where that isn't all of them. */
static int say_partly(struct buf *text, const struct comparison *c, size_t set,
		      const struct spread *s)
{
	if (s->n == c->recordings[set])
		return 0;
	return buf_addf(text, " (%c: in %u of %u recordings)", (int)('A' + set), s->n,
			c->recordings[set]);
}

/* What is said of a measure; nothing if it is 0 in both sets, or unknown in one. */
static int add_measure(struct buf *text, const struct comparison *c,
		       const struct comparison_row *row, size_t set, size_t m, const char *what,
		       bool of_workers)
{
	const struct spread *a = &row->spreads[0][m], *b = &row->spreads[set][m];
	const enum verdict verdict = spread_compare(a, b);
	const bool judged = comparison_is_judged(c, set) && verdict != VERDICT_UNSURE;
	const char *unit = "";
	char from[48] = "~", to[48] = "~";
	int ret;

	if (!a->n || !b->n || (!a->mean && !b->mean))
		return 0;
	if (measure_kind(m) == CELL_BYTES) {
		format_bytes(from + a->estimated, sizeof(from) - 1, round_u64(a->mean));
		format_bytes(to + b->estimated, sizeof(to) - 1, round_u64(b->mean));
	} else if (of_workers) {
		say_worker_time(from, to, sizeof(from), a->mean, b->mean, &unit);
	} else {
		format_ns(from, sizeof(from), round_u64(a->mean));
		format_ns(to, sizeof(to), round_u64(b->mean));
	}
	if (!strcmp(from, to))
		ret = buf_addf(text, "%s%s %s%s, as in A", text->len ? "; " : "", what, to, unit);
	else
		ret = buf_addf(text, "%s%s %s instead of %s%s%s%s%s", text->len ? "; " : "", what,
			       to, from, unit, judged ? " (" : "",
			       judged ? verdict_words(verdict) : "", judged ? ")" : "");
	if (!ret)
		ret = say_partly(text, c, 0, a);
	return ret ? ret : say_partly(text, c, set, b);
}

/* How long the boot took: until udev had settled, or the last target that both have. */
static int add_boot(struct buf *text, const struct comparison *c, size_t set)
{
	static const char *const ends[] = { "udev_settled", "graphical.target",
					    "multi-user.target" };
	char what[96];
	size_t end, i;

	for (end = 0; end < ARRAY_SIZE(ends); end++) {
		for (i = 0; i < c->nr_markers; i++) {
			const struct comparison_row *row = c->markers[i];

			if (strcmp(row->name, ends[end]) || !row->spreads[0][MEASURE_DURATION].n ||
			    !row->spreads[set][MEASURE_DURATION].n)
				continue;
			snprintf(what, sizeof(what), "%s%s after", end ? ends[end] : "udev settled",
				 c->selected ? " (of the whole boot)" : "");
			return add_measure(text, c, row, set, MEASURE_DURATION, what, false);
		}
	}
	return 0;
}

/**
 * change_text - say what a set comes to, compared with the first
 * @c: the comparison
 * @set: the set
 * @text: empty; what is said, without a full stop; stays empty if there is nothing to say
 *
 * With several recordings in both sets it is said which differences are larger than those within them.
 *
 * Return: 0 or -ENOMEM.
 */
int change_text(const struct comparison *c, size_t set, struct buf *text)
{
	static const struct {
		const char *key, *what;
	} measures[] = {
		{ "dup_time_ns", "calls of duplicates took" },
		{ "fail_time_ns", "failed calls took" },
		{ "wasted_bytes", "duplicates wasted" },
	};
	size_t i;
	int ret = add_boot(text, c, set);

	for (i = 0; i < ARRAY_SIZE(measures) && !ret; i++) {
		const size_t m = measure_of(measures[i].key);

		ret = add_measure(text, c, &c->totals, set, m, measures[i].what,
				  measure_kind(m) == CELL_NS);
	}
	if (!ret && text->len && !comparison_is_pair(c) && !comparison_is_judged(c, set))
		ret = buf_addf(text, " (%s)", verdict_words(VERDICT_UNSURE));
	return ret;
}
