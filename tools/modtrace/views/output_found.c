// SPDX-License-Identifier: GPL-2.0-only
/* Which findings are gone, new or still there, and which modules fail as before. */
#include <inttypes.h>

#include "lib/escape.h"
#include "lib/format.h"
#include "lib/wrap.h"
#include "views/alike.h"
#include "views/names.h"
#include "views/output_pair.h"
#include "views/remedies.h"

#define INDENT 7
#define NAMED 5

#define NEVER_LOADS "never_loads"

/* What is said of a set by itself, below the verdict, or is of the recording. */
static bool is_said_elsewhere(const struct compared_finding *f)
{
	return f->severity == SEVERITY_INFO || !strcmp(f->id, "truncated") ||
	       !strcmp(f->id, "lost_events") || !strcmp(f->id, "blame");
}

/* Whether modules that fail each time are named instead of a finding. */
static bool is_failing(const struct comparison *c, size_t set)
{
	size_t i;

	for (i = 0; i < c->nr_modules; i++)
		if (c->modules[i]->never_loads[set])
			return true;
	return false;
}

static int add_place(struct buf *text, const struct comparison *c, const struct compared_finding *f,
		     size_t set)
{
	char name[128];
	int ret = 0;

	if (f->sets[set].module) {
		escape(name, sizeof(name), f->sets[set].module, strlen(f->sets[set].module));
		ret = buf_addf(text, ": %s", name);
	}
	if (!ret && f->sets[set].module && f->sets[set].others)
		ret = buf_addf(text, " and %zu more", f->sets[set].others);
	if (!ret && f->sets[set].seen < c->recordings[set])
		ret = buf_addf(text, " (%u of %u recordings)", f->sets[set].seen,
			       c->recordings[set]);
	return ret;
}

static void print_remedy(const char *remedy, struct diff_text *d)
{
	static const char head[] = "remedy: ";

	if (!remedy)
		return;
	fprintf(d->out, "%*s%s", INDENT, "", head);
	print_wrapped(d->out, remedy, d->width, INDENT + sizeof(head) - 1,
		      INDENT + sizeof(head) - 1);
}

static int print_found(const struct comparison *c, const struct compared_finding *f, size_t set,
		       struct diff_text *d)
{
	const bool before = f->sets[0].seen, now = f->sets[set].seen;
	_cleanup_buf_ struct buf text = { 0 };
	int ret = buf_addf(&text, "%s", f->id);

	if (!ret)
		ret = add_place(&text, c, f, now ? set : 0);
	if (ret)
		return ret;
	fprintf(d->out, "%-*s", INDENT, !now ? "gone" : before ? "still" : "new");
	print_wrapped(d->out, text.data, d->width, INDENT, INDENT);
	if (now)
		print_remedy(f->remedy, d);
	return 0;
}

/* Modules that fail in every try are a finding only if they are tried often: they are named anyway. */
static int add_failing(struct buf *text, const struct comparison *c, size_t set, bool before)
{
	const size_t failed = measure_of("failed");
	size_t nr = 0, i;
	int ret = 0;

	for (i = 0; i < c->nr_modules && !ret; i++) {
		const struct comparison_row *row = c->modules[i];
		char name[128], error[16], number[32];

		if (!row->never_loads[set] || before != (row->never_loads[0] > 0) || nr++ >= NAMED)
			continue;
		escape(name, sizeof(name), row->name, strlen(row->name));
		format_value(number, sizeof(number), CELL_COUNT, row->spreads[set][failed].mean);
		ret = buf_addf(text, "%s%s %s (%s)", text->len ? ", " : "", name, number,
			       errno_text(row->failed_with[set], error, sizeof(error)));
	}
	return ret || nr <= NAMED ? ret : buf_addf(text, " and %zu more", nr - NAMED);
}

/* Return: 1 if any was written, 0 if not, or -ENOMEM. */
static int print_failing(const struct comparison *c, size_t set, bool before, struct diff_text *d)
{
	_cleanup_buf_ struct buf text = { 0 };
	int ret = add_failing(&text, c, set, before);

	if (ret || !text.len)
		return ret;
	fprintf(d->out, "%-*s%s: ", INDENT, before ? "still" : "new", NEVER_LOADS);
	print_wrapped(d->out, text.data, d->width, INDENT + sizeof(NEVER_LOADS) + 1, INDENT);
	return 1;
}

static bool is_found(const struct comparison *c, const struct compared_finding *f, size_t set)
{
	return (f->sets[0].seen || f->sets[set].seen) && !is_said_elsewhere(f) &&
	       (strcmp(f->id, NEVER_LOADS) || !is_failing(c, set));
}

static bool any_found(const struct comparison *c, size_t set)
{
	size_t i;

	for (i = 0; i < c->nr_findings; i++)
		if (is_found(c, &c->findings[i], set))
			return true;
	return is_failing(c, set);
}

/**
 * findings_differ - whether a finding is gone or new
 * @c: the comparison
 * @set: the set that is compared with the first one
 *
 * Return: true if one is that output_found() tells of.
 */
bool findings_differ(const struct comparison *c, size_t set)
{
	size_t i;

	for (i = 0; i < c->nr_findings; i++)
		if (is_found(c, &c->findings[i], set) &&
		    !c->findings[i].sets[0].seen != !c->findings[i].sets[set].seen)
			return true;
	return false;
}

/**
 * output_found - write what has become of the findings in a set
 * @c: the comparison
 * @set: the set that is compared with the first one
 * @d: where to
 *
 * Return: 0 or -ENOMEM.
 */
int output_found(const struct comparison *c, size_t set, struct diff_text *d)
{
	int ret = 0, old, new = 0;
	size_t i;

	if (!any_found(c, set))
		return 0;
	fprintf(d->out, "\nFindings in %c%s compared with A\n", (int)('A' + set),
		recordings_are_whole(c, set) ? "" : " (incomplete)");
	for (i = 0; i < c->nr_findings && !ret; i++)
		if (is_found(c, &c->findings[i], set))
			ret = print_found(c, &c->findings[i], set, d);
	if (ret)
		return ret;
	old = print_failing(c, set, true, d);
	if (old >= 0)
		new = print_failing(c, set, false, d);
	if (old < 0 || new < 0)
		return -ENOMEM;
	if (old || new)
		print_remedy(remedy_of(NEVER_LOADS), d);
	return 0;
}
