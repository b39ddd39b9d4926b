// SPDX-License-Identifier: GPL-2.0-only
/*
 * A recording in a few metrics: of ten thousand machines they are kept for long. What there is a lot
 * of is cut to a fixed number, so that no host has more than 31 lines.
 */

#include "lib/metrics.h"
#include "views/output_row.h"
#include "views/worst.h"

static void gauge(struct metrics *m, const char *name, const char *help, u64 value)
{
	metrics_family(m, name, "gauge", help);
	metrics_begin(m, "");
	metrics_number(m, value);
}

static void labelled(struct metrics *m, const char *key, const char *value, bool known, u64 number)
{
	if (!known)
		return;
	metrics_begin(m, "");
	metrics_label(m, key, value);
	metrics_number(m, number);
}

static void labelled_time(struct metrics *m, const char *key, const char *value, bool known, u64 ns)
{
	if (!known)
		return;
	metrics_begin(m, "");
	metrics_label(m, key, value);
	metrics_seconds(m, ns);
}

static void write_recording(struct metrics *m, const struct view *v,
			    const struct output_style *style)
{
	const struct source_info *info = v->info;
	const char *host = output_row_host(info, style);
	const int settled = source_settled(info);
	u64 wall_ns;

	metrics_family(m, "modtrace_boot_info", "gauge", "Labels of the recording; always 1.");
	metrics_begin(m, "");
	if (info->kernel)
		metrics_label(m, "kernel", info->kernel);
	if (info->arch)
		metrics_label(m, "arch", info->arch);
	if (host)
		metrics_label(m, "host", host);
	metrics_label(m, "mode", info->stock ? "stock" : "patched");
	metrics_number(m, 1);
	if (source_wall(info, view_start_ns(v), &wall_ns)) {
		metrics_family(m, "modtrace_boot_recorded_timestamp_seconds", "gauge",
			       "When the recording began, in seconds since 1970.");
		metrics_begin(m, "");
		metrics_seconds(m, wall_ns);
	}
	if (settled >= 0)
		gauge(m, "modtrace_boot_settled",
		      "1 if the boot was recorded until it had settled, 0 if not.", settled);
	if (!info->lost_at_least)
		gauge(m, "modtrace_boot_lost_events", "Events lost by the recording.", info->lost);
}

static void write_totals(struct metrics *m, const struct view *v)
{
	const struct tally *t = &v->model->totals;
	u64 never = 0;
	size_t i;

	metrics_family(m, "modtrace_boot_attempts", "gauge", "Attempts to load a module.");
	labelled(m, "result", "loaded", true, t->outcomes[OUTCOME_LOADED]);
	labelled(m, "result", "duplicate", true, tally_duplicates(t));
	labelled(m, "result", "failed", true,
		 t->outcomes[OUTCOME_FAILED] + t->outcomes[OUTCOME_INTERRUPTED]);
	labelled(m, "result", "open", true,
		 t->outcomes[OUTCOME_IN_FLIGHT] + t->outcomes[OUTCOME_UNKNOWN]);
	metrics_family(m, "modtrace_boot_wasted_bytes", "gauge",
		       "Memory that duplicates and failed attempts allocated.");
	labelled(m, "result", "duplicate", tally_wasted_known(t), tally_wasted(t));
	labelled(m, "result", "failed", t->failed_bytes || !t->failed_unknown, t->failed_bytes);
	metrics_family(m, "modtrace_boot_worker_seconds", "gauge",
		       "Time in load calls, summed over workers.");
	labelled_time(m, "result", "loaded", times_known(&t->times, CALL_LOAD),
		      t->times.ns[CALL_LOAD]);
	labelled_time(m, "result", "duplicate", times_known(&t->times, CALL_DUP),
		      t->times.ns[CALL_DUP]);
	labelled_time(m, "result", "failed", times_known(&t->times, CALL_FAIL),
		      t->times.ns[CALL_FAIL]);
	if (v->info->recorded & 1U << EVENT_REQUEST)
		gauge(m, "modtrace_boot_requests",
		      "Requests for modules by the kernel, whatever became of them.",
		      v->model->asked);
	for (i = 0; i < v->nr_modules; i++)
		never += module_never_loads(v->modules[i]);
	gauge(m, "modtrace_boot_never_loading_modules",
	      "Modules that nobody got loaded, though it was tried.", never);
}

/* Of a boot's seven phases two are too short to be kept. */
static bool is_kept(const struct boot_piece *p)
{
	static const char *const kept[] = {
		"switch_root",
		"sysinit.target",
		"multi-user.target",
		"udev_settled",
	};
	size_t i;

	if (!p->name)
		return true;
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		if (!strcmp(p->name, kept[i]))
			return true;
	return false;
}

static void write_phases(struct metrics *m, const struct view *v)
{
	size_t i;
	u64 ns = 0;

	if (!v->boot || !v->boot->nr_phases)
		return;
	metrics_family(
		m, "modtrace_boot_phase_seconds", "gauge",
		"Phases of the boot, by what ended them; those left out are part of the next.");
	for (i = 0; i < v->boot->nr_phases; i++) {
		const struct boot_piece *p = &v->boot->phases[i];

		ns += sat_sub(p->until_ns, p->from_ns);
		if (!is_kept(p) && i + 1 < v->boot->nr_phases)
			continue;
		labelled_time(m, "until", is_kept(p) && p->name ? p->name : "end", true, ns);
		ns = 0;
	}
}

static void write_modules(struct metrics *m, const struct view *v)
{
	struct worst w;
	size_t i;
	u64 ns;

	worst_find(&w, v);
	metrics_family(m, "modtrace_boot_module_worker_seconds", "gauge",
		       "The same by module: the worst, and all others as one.");
	for (i = 0; i < w.nr; i++) {
		if (!times_all(&w.modules[i]->tally.times, &ns))
			continue;
		metrics_begin(m, "");
		metrics_label(m, "module", w.modules[i]->name);
		metrics_label(m, "loads", module_never_loads(w.modules[i]) ? "never" : "yes");
		metrics_seconds(m, ns);
	}
	if (!times_all(&w.others.times, &ns))
		return;
	metrics_begin(m, "");
	/* No module is called that: the names of modules have no parentheses. */
	metrics_label(m, "module", "(other)");
	metrics_seconds(m, ns);
}

/**
 * output_openmetrics - write a few metrics, for fleets
 * @v: the view
 * @style: has the host
 * @out: the stream
 *
 * What isn't known has no line.
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_openmetrics(const struct view *v, const struct output_style *style, FILE *out)
{
	struct metrics m = { .out = out, .units = true };

	write_recording(&m, v, style);
	write_totals(&m, v);
	write_phases(&m, v);
	write_modules(&m, v);
	fputs("# EOF\n", out);
	return metrics_end(&m);
}
