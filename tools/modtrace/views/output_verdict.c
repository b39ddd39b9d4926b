// SPDX-License-Identifier: GPL-2.0-only
/* What it all comes to, in a paragraph: attempts, bytes, worker-seconds, and whose. */

#include <inttypes.h>

#include "lib/escape.h"
#include "lib/wrap.h"
#include "views/output.h"
#include "views/request_names.h"

#define WORST 3

/* The requester behind most duplicates, or most failures where there are no duplicates. */
static const struct requester_row *worst_requester(const struct view *v)
{
	const struct requester_row *worst = NULL;
	size_t i;

	for (i = 0; i < v->nr_requesters; i++)
		if (v->requesters[i].duplicates &&
		    (!worst || v->requesters[i].duplicates > worst->duplicates))
			worst = &v->requesters[i];
	return worst;
}

static u64 vain_ns(const struct module *m)
{
	return sat_add(m->tally.times.ns[CALL_DUP], m->tally.times.ns[CALL_FAIL]);
}

static int add_worst(const struct view *v, struct buf *text)
{
	const struct module *worst[WORST + 1];
	char time[32], name[128];
	bool failures = false;
	size_t nr = 0, i, at;
	int ret = 0;

	for (i = 0; i < v->nr_modules; i++) {
		if (!vain_ns(v->modules[i]))
			continue;
		for (at = nr; at && vain_ns(v->modules[i]) > vain_ns(worst[at - 1]); at--)
			worst[at] = worst[at - 1];
		worst[at] = v->modules[i];
		if (nr < WORST)
			nr++;
	}
	if (nr < 2)
		return 0;
	for (i = 0; i < nr; i++)
		failures |= worst[i]->tally.times.ns[CALL_DUP] &&
			    worst[i]->tally.times.ns[CALL_FAIL];
	for (i = 0; i < nr && !ret; i++) {
		format_ns(time, sizeof(time), vain_ns(worst[i]));
		escape(name, sizeof(name), worst[i]->name, strlen(worst[i]->name));
		ret = buf_addf(text, "%s%s %s", i ? ", " : " Worst by time: ", name, time);
	}
	return ret ? ret : buf_addf(text, "%s.", failures ? ", failed calls included" : "");
}

static int add_bytes(const struct view *v, struct buf *text)
{
	const struct tally *t = &v->model->totals;
	const char *about = tally_bytes_exact(t) ? "" : "about ";
	const char *they = tally_duplicates(t) == 1 ? "it" : "they";
	char wasted[32];

	if (tally_wasted_known(t)) {
		format_bytes(wasted, sizeof(wasted), tally_wasted(t));
		return buf_addf(text, "; %s wasted %s%s", they, tally_wasted(t) ? about : "",
				tally_wasted(t) ? wasted : "no memory");
	}
	if (!tally_bytes_known(t, BYTES_READ))
		return buf_addf(text, "; %s wasted an unknown amount of memory", they);
	format_bytes(wasted, sizeof(wasted), t->wasted[BYTES_READ]);
	return buf_addf(text, "; %s read about %s for nothing (bytes laid out unknown)", they,
			wasted);
}

static int add_time(const struct call_times *t, enum call_kind kind, const char *ahead,
		    struct buf *text)
{
	char time[48];

	if (!times_known(t, kind))
		return buf_addf(text, "%san unknown time", ahead);
	format_worker_seconds(time, sizeof(time), t->ns[kind]);
	return buf_addf(text, "%s%s%s", ahead, times_exact(t, kind) ? "" : "at least ", time);
}

static int add_duplicates(const struct view *v, struct buf *text)
{
	const struct tally *t = &v->model->totals;
	const struct requester_row *worst = worst_requester(v);
	u64 merged = t->outcomes[OUTCOME_MERGED];
	char avoided[32], name[128];
	int ret;

	ret = buf_addf(text, "%" PRIu64 " of %" PRIu64 " attempts %s", tally_duplicates(t),
		       t->attempts,
		       tally_duplicates(t) == 1 ? "was a duplicate" : "were duplicates");
	if (!ret && worst) {
		escape(name, sizeof(name), worst->who.comm, strlen(worst->who.comm));
		ret = buf_addf(text, ", %" PRIu64 " by %s", worst->duplicates, name);
	}
	if (!ret)
		ret = add_bytes(v, text);
	if (!ret)
		ret = add_time(&t->times, CALL_DUP, " and ", text);
	if (!ret && merged && t->avoided_known) {
		format_bytes(avoided, sizeof(avoided), t->avoided_bytes);
		ret = buf_addf(text, "; merging %" PRIu64 " of them avoided %s", merged, avoided);
	}
	return ret ? ret : buf_addf(text, ".");
}

static int add_failures(const struct view *v, struct buf *text)
{
	const struct tally *t = &v->model->totals;
	const u64 failed = t->outcomes[OUTCOME_FAILED] + t->outcomes[OUTCOME_INTERRUPTED];
	char bytes[32];
	int ret;

	if (!failed)
		return 0;
	ret = buf_addf(text, " %" PRIu64 " attempt%s failed", failed, PLURAL(failed));
	if (!ret)
		ret = add_time(&t->times, CALL_FAIL, " and took ", text);
	if (!ret && t->failed_bytes) {
		format_bytes(bytes, sizeof(bytes), t->failed_bytes);
		ret = buf_addf(text, " and %s%s", t->failed_unknown || t->estimated ? "about " : "",
			       bytes);
	}
	return ret ? ret : buf_addf(text, ".");
}

/* What has not ended may be what holds all else up. */
static int add_open(const struct view *v, struct buf *text)
{
	const u64 open = v->model->totals.outcomes[OUTCOME_IN_FLIGHT];

	if (!open || v->info->goes_on)
		return 0;
	return buf_addf(text, " %" PRIu64 " attempt%s had not ended.", open, PLURAL(open));
}

/* Where people take a boot for done: the last such target that it reached. */
static const struct boot_piece *last_target(const struct boot_story *boot)
{
	const struct boot_piece *last = NULL, *p;

	for (p = boot->phases; p < boot->phases + boot->nr_phases; p++)
		if (p->name &&
		    (!strcmp(p->name, "multi-user.target") || !strcmp(p->name, "graphical.target")))
			last = p;
	return last;
}

/* What users wait for ends long before udev may have settled. */
static int add_share_of_boot(const struct view *v, struct buf *text)
{
	const struct boot_piece *last = v->boot ? last_target(v->boot) : NULL, *p;
	char before[32], at[32];
	u64 ns = 0;

	if (!last)
		return buf_addf(text, ".");
	for (p = v->boot->phases; p <= last; p++)
		ns = sat_add(ns, p->duplicates_ns);
	format_ns(before, sizeof(before), ns);
	format_ns(at, sizeof(at), sat_sub(last->until_ns, view_start_ns(v)));
	return buf_addf(text, ", %s of that before %s at %s.", ns ? before : "none", last->name,
			at);
}

static int add_share(const struct view *v, struct buf *text)
{
	char length[32], duration[32];
	int ret;

	format_ns(length, sizeof(length), intervals_length(&v->model->duplicates));
	format_ns(duration, sizeof(duration), view_duration_ns(v));
	ret = buf_addf(text, " Duplicate loads were in progress for %s of %s (%.0f%%)", length,
		       duration, view_duplicates_share(v) * 100);
	return ret ? ret : add_share_of_boot(v, text);
}

static bool is_selection(const struct view *v)
{
	return v->model->filter && !filter_is_empty(v->model->filter);
}

/* "; the kernel requested 3 names 415 times, net-pf-16-proto-9 most (400)" */
static int add_requests(const struct view *v, struct buf *text)
{
	struct request_names n;
	char name[256], often[32];
	int ret = request_names_make(&n, v->requests, v->nr_requests);

	if (!ret && n.nr) {
		escape(name, sizeof(name), n.all[0].name, strlen(n.all[0].name));
		if (n.nr == 1)
			ret = buf_addf(text, "; the kernel requested %s ", name);
		else
			ret = buf_addf(text, "; the kernel requested %zu names ", n.nr);
	}
	if (!ret && n.nr) {
		format_times(often, sizeof(often), n.requests);
		ret = buf_addf(text, "%s", often);
	}
	if (!ret && n.nr > 1 && n.all[0].requests > n.all[1].requests)
		ret = buf_addf(text, ", %s most (%" PRIu64 ")", name, n.all[0].requests);
	request_names_free(&n);
	return ret;
}

static int add_none(const struct view *v, struct buf *text)
{
	int ret = buf_addf(text, "no attempt to load a module %s",
			   is_selection(v) ? "matches the selection" : "was recorded");

	if (!ret)
		ret = add_requests(v, text);
	return ret ? ret : buf_addf(text, ".");
}

/**
 * verdict_text - say what it all comes to
 * @v: the view
 * @text: what is said is added to it; names in it are escaped
 *
 * Return: 0 or -ENOMEM.
 */
int verdict_text(const struct view *v, struct buf *text)
{
	const struct tally *t = &v->model->totals;
	int ret;

	if (!t->attempts && v->info->stock && v->model->events[EVENT_LOAD] && !is_selection(v))
		ret = buf_addf(text, "unknown: %" PRIu64 " loaded without a recorded system call.",
			       v->model->events[EVENT_LOAD]);
	else if (!t->attempts)
		ret = add_none(v, text);
	else if (tally_duplicates(t))
		ret = add_duplicates(v, text);
	else
		ret = buf_addf(text, "%" PRIu64 " attempt%s, none a duplicate.", t->attempts,
			       PLURAL(t->attempts));
	if (!ret)
		ret = add_failures(v, text);
	if (!ret)
		ret = add_open(v, text);
	if (!ret)
		ret = add_worst(v, text);
	if (!ret && tally_duplicates(t) && !v->info->untimed)
		ret = add_share(v, text);
	return ret;
}

/**
 * output_verdict - write what it all comes to
 * @v: the view
 * @style: how
 * @out: the stream
 *
 * Return: 0 or -ENOMEM.
 */
int output_verdict(const struct view *v, const struct output_style *style, FILE *out)
{
	_cleanup_buf_ struct buf text = { 0 };
	int ret = verdict_text(v, &text);

	if (ret)
		return ret;
	fputs("\nVerdict: ", out);
	print_wrapped(out, text.data, style->width, strlen("Verdict: "), 0);
	return 0;
}
