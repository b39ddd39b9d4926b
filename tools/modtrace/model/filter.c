// SPDX-License-Identifier: GPL-2.0-only
#include "model/filter.h"

#include <fnmatch.h>

/**
 * filter_fold_names - make patterns those of modules' names, which have _ where a file may have -
 * @p: the patterns
 *
 * What is in brackets stays: - is a range there.
 */
void filter_fold_names(struct patterns *p)
{
	size_t i;
	char *at;

	for (i = 0; i < p->nr; i++) {
		bool inside = false;

		for (at = p->text[i]; *at; at++) {
			inside = *at == '[' || (inside && *at != ']');
			if (*at == '-' && !inside)
				*at = '_';
		}
	}
}

/**
 * filter_add - add patterns
 * @p: the patterns
 * @list: one or more, with commas between
 *
 * Return: 0, -EINVAL for an empty one, -E2BIG for too many, or -ENOMEM.
 */
int filter_add(struct patterns *p, const char *list)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		if (!len)
			return -EINVAL;
		if (p->nr == FILTER_PATTERNS_MAX)
			return -E2BIG;
		p->text[p->nr] = strndup(list, len);
		if (!p->text[p->nr])
			return -ENOMEM;
		p->nr++;
		if (!list[len])
			return 0;
		list += len + 1;
	}
}

static u64 unit_ns(const char *text, size_t len)
{
	static const struct {
		const char *name;
		u64 ns;
	} units[] = {
		{ "", NSEC_PER_SEC }, { "s", NSEC_PER_SEC }, { "ms", NSEC_PER_MSEC },
		{ "us", 1000 }, { "ns", 1 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (strlen(units[i].name) == len && !memcmp(units[i].name, text, len))
			return units[i].ns;
	return 0;
}

/**
 * parse_seconds - read a time: digits, perhaps a fraction, and s (default), ms, us or ns
 * @text: the text, which need not be terminated
 * @len: its length
 * @ns: the time
 *
 * Return: 0, -EINVAL, or -ERANGE for one that 64 bits of nanoseconds can't hold.
 */
int parse_seconds(const char *text, size_t len, u64 *ns)
{
	u64 whole = 0, unit, scale, fraction = 0;
	size_t digits, i = 0, n;

	while (i < len && text[i] >= '0' && text[i] <= '9')
		if (__builtin_mul_overflow(whole, (u64)10, &whole) ||
		    __builtin_add_overflow(whole, (u64)(text[i++] - '0'), &whole))
			return -ERANGE;
	digits = i;
	n = i;
	if (n < len && text[n] == '.')
		for (n++; n < len && text[n] >= '0' && text[n] <= '9'; n++)
			digits++;
	unit = unit_ns(text + n, len - n);
	if (!digits || !unit)
		return -EINVAL;
	/* Digits below a nanosecond are dropped. */
	scale = unit;
	for (i++; i < n; i++) {
		scale /= 10;
		fraction += scale * (text[i] - '0');
	}
	if (__builtin_mul_overflow(whole, unit, ns) || __builtin_add_overflow(*ns, fraction, ns))
		return -ERANGE;
	return 0;
}

/**
 * filter_set_time - take only what began in a range
 * @f: the filter
 * @range: FROM,UNTIL after the start; either may be omitted
 *
 * @err: says what is wrong
 *
 * Return: 0, -EINVAL or -ERANGE.
 */
int filter_set_time(struct filter *f, const char *range, struct err *err)
{
	size_t len = strcspn(range, ",");
	int ret = 0;

	f->from_ns = 0;
	f->until_ns = 0;
	if (!range[len] || (!len && !range[len + 1]))
		ret = -EINVAL;
	if (!ret && len)
		ret = parse_seconds(range, len, &f->from_ns);
	if (!ret && range[len + 1]) {
		ret = parse_seconds(range + len + 1, strlen(range + len + 1), &f->until_ns);
		if (!ret && f->until_ns <= f->from_ns)
			return err_set(err, -EINVAL, "--time %s: ends before it begins", range);
	}
	return ret ? err_set(err, ret, "--time %s: not FROM,UNTIL in seconds", range) : 0;
}

/**
 * filter_matches - compare a name to patterns
 * @p: the patterns
 * @name: the name
 *
 * Return: whether one fits, or there are none.
 */
bool filter_matches(const struct patterns *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->nr; i++)
		if (!fnmatch(p->text[i], name, 0))
			return true;
	return !p->nr;
}

/**
 * filter_passes - whether an attempt is to be counted
 * @f: the filter
 * @module: its module's name
 * @comm: its thread's
 * @after_ns: when it began, after the recording's begin
 *
 * Return: true if so.
 */
bool filter_passes(const struct filter *f, const char *module, const char *comm, u64 after_ns)
{
	if (after_ns < f->from_ns || (f->until_ns && after_ns >= f->until_ns))
		return false;
	return filter_matches(&f->modules, module) && filter_matches(&f->comms, comm);
}

/**
 * filter_is_empty - whether everything passes
 * @f: the filter
 *
 * Return: true if so.
 */
bool filter_is_empty(const struct filter *f)
{
	return !f->modules.nr && !f->comms.nr && !f->from_ns && !f->until_ns;
}

/**
 * filter_free - free what a filter owns
 * @f: the filter; empty afterwards
 */
void filter_free(struct filter *f)
{
	while (f->modules.nr)
		free(f->modules.text[--f->modules.nr]);
	while (f->comms.nr)
		free(f->comms.text[--f->comms.nr]);
	*f = (struct filter){ 0 };
}
