// SPDX-License-Identifier: GPL-2.0-only
/* A recording as one line of JSON, to be kept where those of many machines are. */

#include "views/output_boot.h"
#include "views/output_json.h"
#include "views/output_row.h"
#include "views/worst.h"

static void recording(struct json *j, const struct view *v)
{
	const struct source_info *info = v->info;
	const int settled = source_settled(info);
	s64 step_ns = info->wall.last_offset_ns - info->wall.first_offset_ns;

	json_string(j, "source", info->kind);
	json_string(j, "generator", info->generator);
	json_string(j, "mode", info->stock ? "stock" : "patched");
	json_string(j, "machine_model", info->machine_model);
	json_string(j, "cpu_model", info->cpu_model);
	json_number(j, "cpus", info->cpus);
	json_number_if(j, "start_ns", !info->untimed, view_start_ns(v));
	json_number_if(j, "duration_ns", !info->untimed, view_duration_ns(v));
	/* One reading of the clock tells nothing of its steps. */
	if (info->wall.known && info->wall.first_ns != info->wall.last_ns)
		json_signed(j, "clock_step_ns", step_ns);
	else
		json_null(j, "clock_step_ns");
	json_bool(j, "boot", info->is_boot || info->nr_markers);
	if (settled < 0)
		json_null(j, "settled");
	else
		json_bool(j, "settled", settled);
	json_string(j, "ended_by", info->ended_by);
	json_bool(j, "truncated", info->truncated);
	json_bool(j, "filtered", v->model->filter && !filter_is_empty(v->model->filter));
	json_number_if(j, "lost", !info->lost_at_least, info->lost);
	json_number(j, "unknown_events", info->unknown_events);
}

static void counts(struct json *j, const struct tally *t)
{
	u64 worker_ns;
	bool known = times_all(&t->times, &worker_ns);

	json_number(j, "attempts", t->attempts);
	json_number(j, "loaded", t->outcomes[OUTCOME_LOADED]);
	json_number(j, "duplicates", tally_duplicates(t));
	json_number(j, "failed", t->outcomes[OUTCOME_FAILED] + t->outcomes[OUTCOME_INTERRUPTED]);
	json_number(j, "open", t->outcomes[OUTCOME_IN_FLIGHT] + t->outcomes[OUTCOME_UNKNOWN]);
	json_number_if(j, "wasted_bytes", tally_wasted_known(t), tally_wasted(t));
	json_number_if(j, "failed_bytes", t->failed_bytes || !t->failed_unknown, t->failed_bytes);
	json_number_if(j, "worker_ns", known, worker_ns);
	json_number_if(j, "dup_time_ns", times_known(&t->times, CALL_DUP), t->times.ns[CALL_DUP]);
	json_number_if(j, "fail_time_ns", times_known(&t->times, CALL_FAIL),
		       t->times.ns[CALL_FAIL]);
	json_number_if(j, "load_time_ns", times_known(&t->times, CALL_LOAD),
		       t->times.ns[CALL_LOAD]);
}

static void modules(struct json *j, const struct view *v)
{
	struct worst w;
	size_t i;

	worst_find(&w, v);
	json_open(j, "modules", '[');
	for (i = 0; i < w.nr; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", w.modules[i]->name);
		json_bool(j, "never_loads", module_never_loads(w.modules[i]));
		counts(j, &w.modules[i]->tally);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_open(j, "other_modules", '{');
	json_number(j, "modules", w.nr_others);
	counts(j, &w.others);
	json_close(j, '}');
	/* The worst are those that took time; what never loads is worth knowing if it took little. */
	json_open(j, "never_load", '[');
	for (i = 0; i < v->nr_modules; i++)
		if (module_never_loads(v->modules[i]))
			json_string(j, NULL, v->modules[i]->name);
	json_close(j, ']');
}

static void findings(struct json *j, const struct view *v)
{
	size_t i;

	json_open(j, "findings", '[');
	for (i = 0; i < v->findings.nr; i++) {
		const struct finding *f = &v->findings.all[i];

		json_open(j, NULL, '{');
		output_json_finding(j, f);
		json_string(j, "text", f->text);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/**
 * output_summary - write a view as one line of JSON
 * @v: the view
 * @style: has the host
 * @out: the stream
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_summary(const struct view *v, const struct output_style *style, FILE *out)
{
	struct json j = { .out = out, .compact = true };

	output_row_open(&j, "boot", v->info, style, view_start_ns(v));
	recording(&j, v);
	output_json_totals(&j, v);
	if (v->boot) {
		output_boot_phases(&j, v);
	} else {
		json_open(&j, "phases", '[');
		json_close(&j, ']');
	}
	modules(&j, v);
	findings(&j, v);
	json_close(&j, '}');
	return json_end(&j);
}
