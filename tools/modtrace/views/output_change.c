// SPDX-License-Identifier: GPL-2.0-only
/* What a change came to: a sentence for each set of recordings that is compared with the first. */
#include "views/output_pair.h"

#include "lib/format.h"
#include "lib/wrap.h"

/* What is said of a measure; nothing if it is 0 in both sets, or unknown in one. */
static int add_measure(struct buf *text, const struct spread *a, const struct spread *b,
		       size_t kind, const char *what, bool judged)
{
	char from[48] = "~", to[48] = "~";
	const bool about[] = { a->estimated, b->estimated };

	if (!a->n || !b->n || (!a->mean && !b->mean))
		return 0;
	if (kind == CELL_BYTES) {
		format_bytes(from + about[0], sizeof(from) - about[0], a->mean);
		format_bytes(to + about[1], sizeof(to) - about[1], b->mean);
	} else {
		format_ns(from, sizeof(from), a->mean);
		format_ns(to, sizeof(to), b->mean);
	}
	if (!strcmp(from, to))
		return buf_addf(text, "%s%s %s, as in A", text->len ? "; " : "", what, to);
	return buf_addf(text, "%s%s %s instead of %s%s%s%s", text->len ? "; " : "", what, to, from,
			judged ? " (" : "", judged ? verdict_words(spread_compare(a, b)) : "",
			judged ? ")" : "");
}

/* How long the boot took: until udev had settled, or the last target that both have. */
static int add_boot(struct buf *text, const struct comparison *c, size_t set, bool judged)
{
	static const char *const ends[] = { "udev_settled", "graphical.target",
					    "multi-user.target" };
	char what[64];
	size_t end, i;

	for (end = 0; end < ARRAY_SIZE(ends); end++) {
		for (i = 0; i < c->nr_markers; i++) {
			const struct spread *a = &c->markers[i]->spreads[0][MEASURE_DURATION];
			const struct spread *b = &c->markers[i]->spreads[set][MEASURE_DURATION];

			if (strcmp(c->markers[i]->name, ends[end]) || !a->n || !b->n)
				continue;
			snprintf(what, sizeof(what), "%s after", end ? ends[end] : "udev settled");
			return add_measure(text, a, b, CELL_NS, what, judged);
		}
	}
	return 0;
}

/**
 * output_change - write what a set comes to, compared with the first
 * @c: the comparison
 * @set: the set
 * @judged: say whether the differences are larger than those between recordings of a set
 * @width: of the terminal
 * @out: the stream
 *
 * Return: 0 or -ENOMEM.
 */
int output_change(const struct comparison *c, size_t set, bool judged, size_t width, FILE *out)
{
	static const struct {
		const char *key, *what;
	} measures[] = {
		{ "dup_time_ns", "calls of duplicates took" },
		{ "fail_time_ns", "failed calls took" },
		{ "wasted_bytes", "duplicates wasted" },
	};
	_cleanup_buf_ struct buf text = { 0 };
	char ahead[16];
	size_t i;
	int ret = add_boot(&text, c, set, judged);

	for (i = 0; i < ARRAY_SIZE(measures) && !ret; i++) {
		const size_t m = measure_of(measures[i].key);

		ret = add_measure(&text, &c->totals.spreads[0][m], &c->totals.spreads[set][m],
				  measure_kind(m), measures[i].what, judged);
	}
	if (ret || !text.len)
		return ret;
	snprintf(ahead, sizeof(ahead), "Verdict: in %c, ", (int)('A' + set));
	fputs(ahead, out);
	print_wrapped(out, text.data, width, strlen(ahead), 0);
	return 0;
}
