// SPDX-License-Identifier: GPL-2.0-only
#include "views/output_json.h"

#include <inttypes.h>

#include "views/device_text.h"
#include "views/names.h"
#include "views/output_boot.h"

/**
 * output_recording_json - what a recording is, as a key of an object
 * @j: the document, in that object
 * @v: the view, complete
 */
void output_recording_json(struct json *j, const struct view *v)
{
	const struct source_info *info = v->info;
	const struct tally *t = &v->model->totals;

	json_open(j, "recording", '{');
	json_string(j, "source", info->kind);
	json_string(j, "generator", info->generator);
	json_string(j, "kernel", info->kernel);
	json_string(j, "boot_id", info->boot_id);
	json_string(j, "host", info->host);
	json_string(j, "arch", info->arch);
	json_string(j, "mode", info->stock ? "stock" : "patched");
	json_number(j, "cpus", info->cpus);
	json_string(j, "clock", info->clock);
	json_number_if(j, "start_ns", !info->untimed, view_start_ns(v));
	json_number_if(j, "duration_ns", !info->untimed, view_duration_ns(v));
	json_number(j, "events", info->events);
	json_number(j, "unknown_events", info->unknown_events);
	json_number_if(j, "lost", !info->lost_at_least, info->lost);
	json_open(j, "orphans", '{');
	json_number(j, "no_begin", v->model->no_begin);
	json_number(j, "no_end", t->outcomes[OUTCOME_IN_FLIGHT] + t->outcomes[OUTCOME_UNKNOWN] -
		    v->model->unsure);
	json_close(j, '}');
	json_number(j, "evicted", sat_add(model_evicted(v->model), v->info->evicted));
	json_bool(j, "truncated", info->truncated);
	json_bool(j, "goes_on", info->goes_on);
	json_close(j, '}');
}

static void distribution(struct json *j, const char *key, const struct hist *h)
{
	if (!h->count) {
		json_null(j, key);
		return;
	}
	json_open(j, key, '{');
	json_number(j, "sum", h->sum);
	json_number(j, "p50", hist_percentile(h, 50));
	json_number(j, "p99", hist_percentile(h, 99));
	json_number(j, "max", h->max);
	json_close(j, '}');
}

static void calls_json(struct json *j, const struct hist calls[CALL_NR])
{
	distribution(j, "call_ns", &calls[CALL_DUP]);
	distribution(j, "fail_call_ns", &calls[CALL_FAIL]);
	distribution(j, "load_call_ns", &calls[CALL_LOAD]);
}

static void times(struct json *j, const struct call_times *t)
{
	json_number_if(j, "dup_time_ns", times_known(t, CALL_DUP), t->ns[CALL_DUP]);
	json_number_if(j, "fail_time_ns", times_known(t, CALL_FAIL), t->ns[CALL_FAIL]);
	json_number_if(j, "load_time_ns", times_known(t, CALL_LOAD), t->ns[CALL_LOAD]);
	json_number_if(j, "longest_ns", t->any, t->longest_ns);
}

/* The keys that the totals and every module share. */
static void tally_counts(struct json *j, const struct tally *t)
{
	unsigned int i;

	json_number(j, "attempts", t->attempts);
	for (i = 0; i < OUTCOME_NR; i++)
		json_number(j, outcome_name(i), t->outcomes[i]);
}

static void tally_rest(struct json *j, const struct tally *t)
{
	char text[16];
	size_t i;

	json_open(j, "merged_by_gate", '{');
	for (i = 0; i < GATE_NR; i++)
		json_number(j, gate_name(i), t->gates[i]);
	json_close(j, '}');
	json_open(j, "errno", '{');
	for (i = 0; i < t->nr_errnos; i++)
		json_number(j, errno_text(t->errnos[i].err, text, sizeof(text)), t->errnos[i].count);
	json_close(j, '}');
	distribution(j, "wait_ns", &t->wait);
	json_number_if(j, "wasted_bytes", tally_wasted_known(t), tally_wasted(t));
	json_number_if(j, "failed_bytes", t->failed_bytes || !t->failed_unknown, t->failed_bytes);
	json_number_if(j, "avoided_bytes", t->avoided_known || !t->outcomes[OUTCOME_MERGED],
		  t->avoided_bytes);
	json_open(j, "wasted", '{');
	json_number_if(j, "read", tally_bytes_known(t, BYTES_READ),
		       t->wasted[BYTES_READ]);
	json_number_if(j, "image", tally_bytes_known(t, BYTES_IMAGE),
		       t->wasted[BYTES_IMAGE]);
	json_number_if(j, "layout", tally_bytes_known(t, BYTES_LAYOUT),
		       t->wasted[BYTES_LAYOUT]);
	json_close(j, '}');
	json_bool(j, "bytes_exact", tally_bytes_exact(t));
	times(j, &t->times);
	calls_json(j, t->calls);
}

/**
 * output_json_totals - write what is counted over all attempts
 * @j: the document, in its outer object
 * @v: the view
 */
void output_json_totals(struct json *j, const struct view *v)
{
	const struct tally *t = &v->model->totals;

	json_open(j, "totals", '{');
	tally_counts(j, t);
	/* With the series, calls refused ahead of their begin leave no event. */
	json_number_if(j, "rejected", v->info->stock, v->model->rejected);
	json_number_if(j, "requests", v->info->recorded & 1U << EVENT_REQUEST, v->model->asked);
	json_number_if(j, "autoload_dups", v->info->recorded & 1U << EVENT_AUTOLOAD_DUP,
		  v->model->autoload_dups);
	tally_rest(j, t);
	if (v->info->untimed)
		json_null(j, "duplicates_share");
	else
		json_fraction(j, "duplicates_share", view_duplicates_share(v));
	json_close(j, '}');
}

static void requester_rest(struct json *j, const struct source_info *info,
			   const struct requester *r)
{
	char site[512];

	json_number(j, "duplicates", r->duplicates);
	json_open(j, "wasted", '{');
	json_number_if(j, "read", marks_known(&r->wasted.marks, BYTES_READ),
		       r->wasted.bytes[BYTES_READ]);
	json_number_if(j, "image", marks_known(&r->wasted.marks, BYTES_IMAGE),
		       r->wasted.bytes[BYTES_IMAGE]);
	json_number_if(j, "layout", marks_known(&r->wasted.marks, BYTES_LAYOUT),
		       r->wasted.bytes[BYTES_LAYOUT]);
	json_close(j, '}');
	times(j, &r->times);
	calls_json(j, r->calls);
	json_string(j, "service", r->who.service);
	if (info->recorded & (1U << EVENT_OPEN | 1U << EVENT_DEVICE))
		devices_json(j, "devices", r->devices);
	if (info->recorded & 1U << EVENT_CGROUP)
		json_string(j, "unit", r->who.unit);
	if (!r->who.request) {
		json_null(j, "request");
		return;
	}
	view_call_site(info, r->who.request, site, sizeof(site));
	json_open(j, "request", '{');
	json_string(j, "name", r->who.request->name);
	json_string(j, "call_site", r->who.request->ip ? site : NULL);
	json_close(j, '}');
}

static void modules(struct json *j, const struct view *v)
{
	size_t i, n, nr;

	json_open(j, "modules", '[');
	for (i = 0; i < v->nr_modules; i++) {
		const struct module *m = v->modules[i];
		_cleanup_free_ const struct requester **rows = view_module_requesters(m, &nr);

		if (nr && !rows) {
			j->failed = true;
			nr = 0;
		}
		json_open(j, NULL, '{');
		json_string(j, "name", m->name);
		tally_counts(j, &m->tally);
		tally_rest(j, &m->tally);
		json_open(j, "requesters", '[');
		for (n = 0; n < nr; n++) {
			json_open(j, NULL, '{');
			json_string(j, "comm", rows[n]->who.comm);
			json_string(j, "parent", rows[n]->who.parent);
			json_number(j, "attempts", rows[n]->attempts);
			json_number_if(j, "wasted_bytes",
				       marks_wasted_known(&rows[n]->wasted.marks,
							  cost_total(&rows[n]->wasted)),
				       cost_total(&rows[n]->wasted));
			requester_rest(j, v->info, rows[n]);
			json_close(j, '}');
		}
		json_close(j, ']');
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void askers(struct json *j, const struct request *r)
{
	size_t i;

	json_open(j, "askers", '[');
	for (i = 0; i < r->nr_askers; i++) {
		json_open(j, NULL, '{');
		json_string(j, "comm", r->askers[i].comm);
		json_string(j, "parent", r->askers[i].parent);
		json_signed(j, "tid", r->askers[i].tid);
		json_number(j, "requests", r->askers[i].requests);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_number(j, "other_requests", r->other_requests);
}

static void autoloads(struct json *j, const struct view *v)
{
	bool counted = v->info->recorded & 1U << EVENT_REQUEST;
	size_t i;

	json_open(j, "autoloads", '[');
	for (i = 0; i < v->nr_requests; i++) {
		const struct request *r = v->requests[i];
		const char *symbol = source_symbol(v->info, r->ip);

		json_open(j, NULL, '{');
		json_string(j, "name", r->name);
		json_string(j, "call_site", symbol ? symbol : r->ip ? "?" : NULL);
		json_number_if(j, "requests", counted, r->requests);
		json_number_if(j, "first_ns", r->requests && !v->info->untimed, r->first_ns);
		json_number_if(j, "last_ns", r->requests && !v->info->untimed, r->last_ns);
		json_number(j, "dups", r->dups);
		json_number_if(j, "wait_ns", r->dups, r->wait_ns);
		askers(j, r);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void evidence(struct json *j, const struct evidence *e)
{
	if (e->text)
		json_string(j, e->key, e->text);
	else
		json_number_if(j, e->key, !e->unknown, e->value);
}

/**
 * output_json_finding - write what names a finding, into an object that is open
 * @j: the JSON
 * @f: the finding
 */
void output_json_finding(struct json *j, const struct finding *f)
{
	size_t n;

	json_string(j, "id", f->id);
	json_string(j, "severity", severity_name(f->severity));
	json_string(j, "module", f->module);
	json_open(j, "modules", '[');
	for (n = 0; n < f->nr_modules; n++)
		json_string(j, NULL, f->modules[n]);
	json_close(j, ']');
}

static void findings(struct json *j, const struct view *v)
{
	size_t i, n;

	json_open(j, "findings", '[');
	for (i = 0; i < v->findings.nr; i++) {
		const struct finding *f = &v->findings.all[i];

		json_open(j, NULL, '{');
		output_json_finding(j, f);
		if (devices_attempts(&f->devices))
			devices_json(j, "devices", &f->devices);
		json_string(j, "text", f->text);
		json_string(j, "remedy", f->remedy);
		json_open(j, "evidence", '{');
		for (n = 0; n < ARRAY_SIZE(f->evidence) && f->evidence[n].key; n++)
			evidence(j, &f->evidence[n]);
		json_close(j, '}');
		json_close(j, '}');
	}
	json_close(j, ']');
}

/**
 * output_json - write a view as JSON, schema 1
 * @v: the view
 * @style: of no effect: everything is in it
 * @out: the stream
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_json(const struct view *v, const struct output_style *style, FILE *out)
{
	struct json j = { .out = out };

	(void)style;
	json_open(&j, NULL, '{');
	json_number(&j, "schema", 1);
	output_recording_json(&j, v);
	output_json_totals(&j, v);
	modules(&j, v);
	autoloads(&j, v);
	findings(&j, v);
	if (v->boot)
		output_boot_json(&j, v);
	json_close(&j, '}');
	return json_end(&j);
}
