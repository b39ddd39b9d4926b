// SPDX-License-Identifier: GPL-2.0-only
#include "views/output.h"

#include "lib/metrics.h"

static void of_module(struct metrics *m, const struct module *module, const char *key,
		      const char *value, u64 n)
{
	metrics_begin(m, "");
	metrics_label(m, "module", module->name);
	if (key)
		metrics_label(m, key, value);
	metrics_number(m, n);
}

static void write_requests(struct metrics *m, const struct view *v)
{
	if (v->info->recorded & 1U << EVENT_REQUEST) {
		metrics_family(m, "modtrace_requests", "gauge",
			       "Requests for modules by the kernel, whatever became of them.");
		metrics_begin(m, "");
		metrics_number(m, v->model->asked);
	}
	if (v->info->recorded & 1U << EVENT_AUTOLOAD_DUP) {
		metrics_family(m, "modtrace_autoload_duplicates", "gauge",
			       "Kernel requests answered by the modprobe of another request.");
		metrics_begin(m, "");
		metrics_number(m, v->model->autoload_dups);
	}
}

static void write_recording(struct metrics *m, const struct view *v)
{
	const struct source_info *info = v->info;

	metrics_family(m, "modtrace_recording_info", "gauge", "Labels of the recording; always 1.");
	metrics_begin(m, "");
	metrics_label(m, "source", info->kind);
	metrics_label(m, "kernel", info->kernel ? info->kernel : "");
	metrics_label(m, "host", info->host ? info->host : "");
	metrics_label(m, "arch", info->arch ? info->arch : "");
	metrics_number(m, 1);
	if (!info->untimed) {
		metrics_family(m, "modtrace_recording_duration_seconds", "gauge",
			       "Length of the recording.");
		metrics_begin(m, "");
		metrics_seconds(m, view_duration_ns(v));
	}
	metrics_family(m, "modtrace_recording_cpus", "gauge", "CPUs online during the recording.");
	metrics_begin(m, "");
	metrics_number(m, info->cpus);
	metrics_family(m, "modtrace_recording_lost_events", "gauge",
		       "Events lost by the recording.");
	metrics_begin(m, "");
	metrics_number(m, info->lost);
	metrics_family(m, "modtrace_recording_truncated", "gauge",
		       "1 if the recording is cut off.");
	metrics_begin(m, "");
	metrics_number(m, info->truncated);
	write_requests(m, v);
}

static void write_attempts(struct metrics *m, const struct view *v)
{
	unsigned int n;
	size_t i;

	metrics_family(m, "modtrace_attempts", "gauge", "Attempts to load a module, by outcome.");
	for (i = 0; i < v->nr_modules; i++)
		for (n = 0; n < OUTCOME_NR; n++)
			of_module(m, v->modules[i], "outcome", outcome_name(n),
				  v->modules[i]->tally.outcomes[n]);
	metrics_family(m, "modtrace_merged_attempts", "gauge", "Merged attempts, by gate.");
	for (i = 0; i < v->nr_modules; i++)
		for (n = 0; n < GATE_NR; n++)
			of_module(m, v->modules[i], "gate", gate_name(n),
				  v->modules[i]->tally.gates[n]);
}

/* A column of the table as a metric per module, where it is known. */
static void write_column(struct metrics *m, const struct view *v, const char *key,
			 const char *step)
{
	const struct view_column *column = column_find(key, strlen(key));
	size_t i;

	for (i = 0; i < v->nr_modules; i++) {
		struct view_cell c = column_of_module(column, v->modules[i]);

		if (c.known)
			of_module(m, v->modules[i], step ? "step" : NULL, step, c.number);
	}
}

/* Likewise a column of times. */
static void write_time(struct metrics *m, const struct view *v, const char *key,
		       const char *outcome)
{
	const struct view_column *column = column_find(key, strlen(key));
	size_t i;

	for (i = 0; i < v->nr_modules; i++) {
		struct view_cell c = column_of_module(column, v->modules[i]);

		if (!c.known)
			continue;
		metrics_begin(m, "");
		metrics_label(m, "module", v->modules[i]->name);
		if (outcome)
			metrics_label(m, "calls", outcome);
		metrics_seconds(m, c.number);
	}
}

static void write_times(struct metrics *m, const struct view *v)
{
	metrics_family(m, "modtrace_call_seconds", "gauge",
		       "Time in load calls, summed over workers, by what became of them.");
	write_time(m, v, "dup_time", "duplicate");
	write_time(m, v, "fail_time", "failed");
	write_time(m, v, "load_time", "loaded");
	metrics_family(m, "modtrace_longest_call_seconds", "gauge", "Longest load call.");
	write_time(m, v, "longest", NULL);
}

static void write_waits(struct metrics *m, const struct view *v)
{
	static const struct { const char *name; unsigned int percent; } quantiles[] = {
		{ "0.5", 50 }, { "0.99", 99 }, { "1", 100 },
	};
	size_t i, n;

	metrics_family(m, "modtrace_wait_seconds", "summary", "Waits of merged attempts.");
	for (i = 0; i < v->nr_modules; i++) {
		const struct module *module = v->modules[i];
		const struct hist *h = &module->tally.wait;

		if (!h->count)
			continue;
		for (n = 0; n < ARRAY_SIZE(quantiles); n++) {
			metrics_begin(m, "");
			metrics_label(m, "module", module->name);
			metrics_label(m, "quantile", quantiles[n].name);
			metrics_seconds(m, quantiles[n].percent == 100 ?
						   h->max :
						   hist_percentile(h, quantiles[n].percent));
		}
		metrics_begin(m, "_sum");
		metrics_label(m, "module", module->name);
		metrics_seconds(m, h->sum);
		metrics_begin(m, "_count");
		metrics_label(m, "module", module->name);
		metrics_number(m, h->count);
	}
}

static void write_findings(struct metrics *m, const struct view *v)
{
	u64 count[SEVERITY_ERROR + 1] = { 0 };
	size_t i;

	for (i = 0; i < v->findings.nr; i++)
		count[v->findings.all[i].severity]++;
	metrics_family(m, "modtrace_findings", "gauge", "Findings, by severity.");
	for (i = 0; i < ARRAY_SIZE(count); i++) {
		metrics_begin(m, "");
		metrics_label(m, "severity", severity_name(i));
		metrics_number(m, count[i]);
	}
}

/**
 * output_prometheus - write metrics for node_exporter's textfile collector
 * @v: the view
 * @style: of no effect
 * @out: the stream
 *
 * What isn't known has no line.
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_prometheus(const struct view *v, const struct output_style *style, FILE *out)
{
	struct metrics m = { .out = out };

	(void)style;
	write_recording(&m, v);
	write_attempts(&m, v);
	metrics_family(&m, "modtrace_wasted_bytes", "gauge", "Allocated by duplicates, by step.");
	write_column(&m, v, "wasted.read", "read");
	write_column(&m, v, "wasted.image", "image");
	write_column(&m, v, "wasted.layout", "layout");
	metrics_family(&m, "modtrace_failed_bytes", "gauge",
		       "Allocated by attempts that failed or were interrupted.");
	write_column(&m, v, "failed_bytes", NULL);
	metrics_family(&m, "modtrace_avoided_bytes", "gauge", "Not allocated thanks to merging.");
	write_column(&m, v, "avoided_bytes", NULL);
	write_times(&m, v);
	write_waits(&m, v);
	write_findings(&m, v);
	return metrics_end(&m);
}
