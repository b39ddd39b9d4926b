// SPDX-License-Identifier: GPL-2.0-only
#include "views/change_threshold.h"

#include <math.h>

#include "views/output_pair.h"

#define MARKER "marker."

static const char *skip_space(const char *p)
{
	return p + strspn(p, " \t\n");
}

/* A number with its sign; as a share where a % is behind it. */
static const char *parse_change(const char *p, struct change_term *term)
{
	const char sign = *p;

	if (sign != '+' && sign != '-')
		return NULL;
	p = threshold_parse_value(p + 1, &term->value);
	if (!p)
		return NULL;
	term->last = p[-1];
	term->relative = term->last == '%';
	if (sign == '-')
		term->value = -term->value;
	return p;
}

static int parse_term(struct change_term *term, const char **text, struct err *err)
{
	const char *p = skip_space(*text), *begin = p;
	const size_t len = strcspn(p, "<>=!&| \t\n");

	if (!len || len >= sizeof(term->key))
		return err_set(err, -EINVAL, "--fail-on: no key at \"%.40s\"", p);
	snprintf(term->key, sizeof(term->key), "%.*s", (int)len, p);
	p = threshold_parse_op(skip_space(p + len), &term->op);
	if (!p)
		return err_set(
			err, -EINVAL,
			"--fail-on: %.80s must be followed by one of > >= < <= == !=", term->key);
	p = parse_change(skip_space(p), term);
	if (!p)
		return err_set(err, -EINVAL,
			       "--fail-on: no change to compare %.80s with, such as +10%% or -5s",
			       term->key);
	snprintf(term->text, sizeof(term->text), "%.*s", (int)(p - begin), begin);
	*text = p;
	return 0;
}

/**
 * change_threshold_parse - read a condition, as in "graphical.target>+10% || wasted_bytes>+0"
 * @t: filled
 * @text: the condition
 * @err: says what is wrong
 *
 * Whether there are such keys is known by change_threshold_check().
 *
 * Return: 0 or -EINVAL.
 */
int change_threshold_parse(struct change_threshold *t, const char *text, struct err *err)
{
	const char *p = text;
	bool or_before = true;

	memset(t, 0, sizeof(*t));
	for (;;) {
		int ret;

		if (t->nr == THRESHOLD_TERMS_MAX)
			return err_set(err, -EINVAL, "--fail-on has more than %u terms",
				       THRESHOLD_TERMS_MAX);
		ret = parse_term(&t->terms[t->nr], &p, err);
		if (ret)
			return ret;
		t->terms[t->nr++].or_before = or_before;
		p = skip_space(p);
		if (!*p)
			return 0;
		or_before = !strncmp(p, "||", 2);
		if (!or_before && strncmp(p, "&&", 2))
			return err_set(err, -EINVAL, "--fail-on: \"%.20s\" is neither && nor ||",
				       p);
		p += 2;
	}
}

static const struct comparison_row *find_marker(const struct comparison *c, const char *key)
{
	size_t i;

	if (!strncmp(key, MARKER, strlen(MARKER)))
		key += strlen(MARKER);
	for (i = 0; i < c->nr_markers; i++)
		if (!strcmp(c->markers[i]->name, key))
			return c->markers[i];
	return NULL;
}

/* Return: the row that has what a key stands for, and the measure; NULL if nothing has. */
static const struct comparison_row *find_row(const struct comparison *c, const char *key,
					     size_t *measure)
{
	const int m = measure_find(key, strlen(key));

	*measure = m < 0 ? MEASURE_DURATION : (size_t)m;
	return m < 0 ? find_marker(c, key) : &c->totals;
}

/**
 * change_threshold_check - see that keys stand for something, and that changes have units of it
 * @t: the condition
 * @c: the comparison
 * @err: says which one doesn't
 *
 * Return: 0 or -EINVAL.
 */
int change_threshold_check(const struct change_threshold *t, const struct comparison *c,
			   struct err *err)
{
	size_t i, m;

	for (i = 0; i < t->nr; i++) {
		const struct change_term *term = &t->terms[i];

		if (!find_row(c, term->key, &m))
			return err_set(
				err, -EINVAL,
				"--fail-on: no key \"%.80s\": neither a measure nor a marker "
				"of these recordings",
				term->key);
		if (!threshold_unit_fits(term->last, measure_kind(m)))
			return err_set(err, -EINVAL, "--fail-on: %.80s isn't measured in that unit",
				       term->key);
	}
	return 0;
}

static double change_of(const struct change_term *term, double a, double b)
{
	if (!term->relative)
		return b - a;
	return a ? (b - a) / a : b ? INFINITY : 0;
}

static void say_term(const struct change_term *term, const struct comparison *c, struct err *err)
{
	const size_t last = c->nr_sets - 1;
	char from[32], to[32], share[32] = "";
	size_t m;
	const struct comparison_row *row = find_row(c, term->key, &m);
	const struct spread *a = &row->spreads[0][m], *b = &row->spreads[last][m];

	format_value(from, sizeof(from), measure_kind(m), a->mean);
	format_value(to, sizeof(to), measure_kind(m), b->mean);
	if (a->mean)
		snprintf(share, sizeof(share), " (%+.1f%%)", (b->mean / a->mean - 1) * 100);
	err_set(err, 0, "%s: %s in A, %s in %c%s", term->text, from, to, (int)('A' + last), share);
}

/**
 * change_threshold_holds - try a condition on the last set, compared with the first one
 * @t: the condition, checked
 * @c: the comparison
 * @err: says which term holds, the first of those that make it true, or what isn't known
 *
 * Return: 1 if it holds, 0 if not, -ENODATA if a value it needs is not known.
 */
int change_threshold_holds(const struct change_threshold *t, const struct comparison *c,
			   struct err *err)
{
	const struct change_term *first = NULL, *unknown = NULL, *missing = NULL;
	const size_t last = c->nr_sets - 1;
	bool all = false;
	size_t i, m;

	for (i = 0; i < t->nr; i++) {
		const struct change_term *term = &t->terms[i];
		const struct comparison_row *row = find_row(c, term->key, &m);
		const struct spread *a = &row->spreads[0][m], *b = &row->spreads[last][m];

		if (term->or_before) {
			first = term;
			unknown = NULL;
			all = true;
		}
		if (!a->n || !b->n)
			unknown = unknown ? unknown : term;
		else
			all &= threshold_compare(change_of(term, a->mean, b->mean), term->op,
						 term->value);
		if (i + 1 < t->nr && !t->terms[i + 1].or_before)
			continue;
		if (all && !unknown) {
			say_term(first, c, err);
			return 1;
		}
		if (all && !missing)
			missing = unknown;
	}
	if (!missing)
		return 0;
	i = find_row(c, missing->key, &m)->spreads[0][m].n ? last : 0;
	return err_set(err, -ENODATA, "%.80s is unknown in %c", missing->key, (int)('A' + i));
}
