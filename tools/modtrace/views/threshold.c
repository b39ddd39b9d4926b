// SPDX-License-Identifier: GPL-2.0-only
#include "views/threshold.h"

#include <ctype.h>
#include <math.h>

#include "views/names.h"
#include "views/remedies.h"

/* More than any errno is, the kernel's own included. */
#define ERRNO_MAX 4096

#define MARKER "marker."

/* What a total is called and where it is, for those that are no column. */
struct other {
	const char *key;
	double (*get)(const struct view *v, bool *known);
};

static double get_rejected(const struct view *v, bool *known)
{
	*known = v->info->stock;
	return v->model->rejected;
}

static double get_requests(const struct view *v, bool *known)
{
	*known = v->info->recorded & 1U << EVENT_REQUEST;
	return v->model->asked;
}

static double get_autoload_dups(const struct view *v, bool *known)
{
	*known = v->info->recorded & 1U << EVENT_AUTOLOAD_DUP;
	return v->model->autoload_dups;
}

static double get_share(const struct view *v, bool *known)
{
	*known = !v->info->untimed;
	return view_duplicates_share(v);
}

static double get_lost(const struct view *v, bool *known)
{
	(void)known;
	return v->info->lost;
}

static double get_findings(const struct view *v, bool *known)
{
	(void)known;
	return v->findings.nr;
}

static const struct other others[] = {
	{ "rejected", get_rejected },
	{ "requests", get_requests },
	{ "autoload_dups", get_autoload_dups },
	{ "duplicates_share", get_share },
	{ "lost", get_lost },
	{ "findings", get_findings },
};

static const struct other *find_other(const char *key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcmp(others[i].key, key))
			return &others[i];
	return NULL;
}

static bool is_prefixed(const char *key, const char *prefix)
{
	return !strncmp(key, prefix, strlen(prefix)) && key[strlen(prefix)];
}

/* Of an errno without a name it is "E123", of a number that is none "other". */
static bool is_errno(const char *name)
{
	unsigned int err;
	char text[16];

	for (err = 0; err < ERRNO_MAX; err++)
		if (!strcmp(errno_text(err, text, sizeof(text)), name))
			return true;
	return false;
}

static bool is_finding(const char *name)
{
	size_t i;

	for (i = SEVERITY_INFO; i <= SEVERITY_ERROR; i++)
		if (!strcmp(severity_name(i), name))
			return true;
	for (i = 0; i < remedies_nr; i++)
		if (!strcmp(remedies[i].id, name))
			return true;
	return false;
}

/* Which markers there are the recording tells. */
static bool is_key(const char *key)
{
	const struct view_column *column = column_find(key, strlen(key));

	if ((column && column->get) || find_other(key) || is_prefixed(key, MARKER))
		return true;
	return (is_prefixed(key, "errno.") && is_errno(key + strlen("errno."))) ||
	       (is_prefixed(key, "findings.") && is_finding(key + strlen("findings.")));
}

static const char *skip_space(const char *p)
{
	while (isspace((unsigned char)*p))
		p++;
	return p;
}

/**
 * threshold_parse_op - read an operator
 * @p: where it is
 * @op: filled
 *
 * Return: what is behind it, or NULL if there is none.
 */
const char *threshold_parse_op(const char *p, enum threshold_op *op)
{
	static const struct { const char *text; enum threshold_op op; } ops[] = {
		{ ">=", OP_GE }, { "<=", OP_LE }, { "==", OP_EQ }, { "!=", OP_NE }, { ">", OP_GT },
		{ "<", OP_LT }, { "=", OP_EQ },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		if (strncmp(p, ops[i].text, strlen(ops[i].text)))
			continue;
		*op = ops[i].op;
		return p + strlen(ops[i].text);
	}
	return NULL;
}

/**
 * threshold_parse_value - read a number, with K, M, G (1024), ns, us, ms, s or % behind
 * @p: where it is
 * @value: filled: of times in nanoseconds, of percents the share; the locale has no say in the point
 *
 * Return: what is behind it, or NULL if there is none.
 */
const char *threshold_parse_value(const char *p, double *value)
{
	static const struct { const char *text; double factor; } units[] = {
		{ "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "ns", 1 }, { "K", 1024 },
		{ "M", 1024.0 * 1024 }, { "G", 1024.0 * 1024 * 1024 }, { "%", 0.01 },
	};
	double scale = 1;
	bool any = false;
	size_t i;

	*value = 0;
	for (; isdigit((unsigned char)*p); p++, any = true)
		*value = *value * 10 + (*p - '0');
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p); p++, any = true)
			*value += (*p - '0') * (scale /= 10);
	if (!any || !isfinite(*value))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		size_t len = strlen(units[i].text);

		if (strncmp(p, units[i].text, len))
			continue;
		*value *= units[i].factor;
		return p + len;
	}
	return p;
}

/**
 * threshold_unit_fits - whether a number has a unit of what it is compared with
 * @last: the number's last character, of its unit if it has one
 * @kind: what it is compared with
 *
 * Return: false for a time or for bytes that are none: such a condition would hold always, or never.
 */
bool threshold_unit_fits(char last, enum view_cell_kind kind)
{
	if (last == 's')
		return kind == CELL_NS;
	return kind != CELL_NS || !strchr("KMG", last);
}

static bool unit_fits(char last, const char *key)
{
	const struct view_column *column = column_find(key, strlen(key));

	if (last == '%')
		return !strcmp(key, "duplicates_share");
	return threshold_unit_fits(last, column			  ? column->kind :
					 is_prefixed(key, MARKER) ? CELL_NS :
								    CELL_COUNT);
}

/**
 * threshold_parse - read a condition, as in "wasted_bytes>0 || busy >= 10 && lost==0"
 * @t: filled
 * @text: the condition
 * @err: says what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int threshold_parse(struct threshold *t, const char *text, struct err *err)
{
	const char *p = text;
	bool or_before = true;

	*t = (struct threshold){ 0 };
	for (;;) {
		struct threshold_term *term = &t->terms[t->nr];
		size_t len;

		if (t->nr == THRESHOLD_TERMS_MAX)
			return err_set(err, -EINVAL, "--fail-on has more than %u terms",
				       THRESHOLD_TERMS_MAX);
		p = skip_space(p);
		len = strspn(
			p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-@:\\");
		snprintf(term->key, sizeof(term->key), "%.*s", (int)len, p);
		if (len >= sizeof(term->key) || !is_key(term->key))
			return err_set(err, -EINVAL,
				       "--fail-on: no key \"%.*s\" in a report's totals",
				       len > 40 ? 40 : (int)len, p);
		p = threshold_parse_op(skip_space(p + len), &term->op);
		if (!p)
			return err_set(err, -EINVAL,
				       "--fail-on: %s must be followed by one of > >= < <= == !=",
				       term->key);
		p = threshold_parse_value(skip_space(p), &term->value);
		if (!p)
			return err_set(err, -EINVAL, "--fail-on: no number to compare %s with",
				       term->key);
		if (!unit_fits(p[-1], term->key))
			return err_set(err, -EINVAL, "--fail-on: %s isn't measured in that unit",
				       term->key);
		term->or_before = or_before;
		t->nr++;
		p = skip_space(p);
		if (!*p)
			return 0;
		or_before = !strncmp(p, "||", 2);
		if (!or_before && strncmp(p, "&&", 2))
			return err_set(err, -EINVAL,
				       "--fail-on: \"%.20s\" is neither && nor ||", p);
		p += 2;
	}
}

/* When a boot reached something, from its start on. */
static double marker_of(const struct view *v, const char *name, bool *known)
{
	size_t i;

	*known = false;
	for (i = 0; i < v->info->nr_markers && !v->info->untimed; i++) {
		if (strcmp(v->info->markers[i].name, name))
			continue;
		*known = true;
		return sat_sub(v->info->markers[i].time_ns, view_start_ns(v));
	}
	return 0;
}

static double value_of(const struct view *v, const char *key, bool *known)
{
	const struct view_column *column = column_find(key, strlen(key));
	const struct tally *t = &v->model->totals;
	const struct other *other;
	char text[16];
	double n = 0;
	size_t i;

	*known = true;
	if (column) {
		struct view_cell c = column_of_tally(column, t);

		*known = c.known;
		return c.number;
	}
	other = find_other(key);
	if (other)
		return other->get(v, known);
	if (is_prefixed(key, MARKER))
		return marker_of(v, key + strlen(MARKER), known);
	if (is_prefixed(key, "errno.")) {
		for (i = 0; i < t->nr_errnos; i++)
			if (!strcmp(errno_text(t->errnos[i].err, text, sizeof(text)), key + 6))
				return t->errnos[i].count;
		return 0;
	}
	for (i = 0; i < v->findings.nr; i++)
		n += !strcmp(severity_name(v->findings.all[i].severity), key + 9) ||
		     !strcmp(v->findings.all[i].id, key + 9);
	return n;
}

/**
 * threshold_compare - compare two numbers
 * @a: the one
 * @op: how
 * @b: the other one
 *
 * Return: true if it holds.
 */
bool threshold_compare(double a, enum threshold_op op, double b)
{
	switch (op) {
	case OP_GT:
		return a > b;
	case OP_GE:
		return a >= b;
	case OP_LT:
		return a < b;
	case OP_LE:
		return a <= b;
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	}
	return false;
}

/**
 * threshold_holds - try a condition
 * @t: the condition
 * @v: what to try it on
 * @err: says what holds, or what isn't known
 *
 * Return: 1 if it holds, 0 if not, -ENODATA if a value it needs is not known.
 */
int threshold_holds(const struct threshold *t, const struct view *v, struct err *err)
{
	const char *missing = NULL;
	bool all = false, unknown = false;
	size_t i;

	for (i = 0; i < t->nr; i++) {
		const struct threshold_term *term = &t->terms[i];
		bool known;
		double value = value_of(v, term->key, &known);

		if (term->or_before) {
			all = true;
			unknown = false;
		}
		if (!known)
			unknown = true;
		else
			all &= threshold_compare(value, term->op, term->value);
		if (i + 1 < t->nr && !t->terms[i + 1].or_before)
			continue;
		if (all && !unknown)
			return err_set(err, 1, "%s is %.15g", term->key, value);
		if (all && !missing)
			missing = term->key;
	}
	if (missing)
		return err_set(err, -ENODATA, "%s is unknown in this recording", missing);
	return 0;
}
