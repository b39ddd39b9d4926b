// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/json.h"
#include "lib/options.h"
#include "lib/pager.h"
#include "views/output_json.h"
#include "views/output_requests.h"
#include "views/output_row.h"
#include "views/picture.h"
#include "views/reading.h"
#include "views/threshold.h"
#include "views/traced.h"

/* What is written while reading, instead of a report behind it. */
enum stream { STREAM_NONE, STREAM_ATTEMPTS, STREAM_REQUESTS, STREAM_EVENTS, STREAM_TRACED };

enum {
	OPT_FIELDS = 256,
	OPT_SECTIONS,
	OPT_TIME,
	OPT_CLOCK,
	OPT_ATTEMPTS,
	OPT_REQUESTS,
	OPT_EVENTS,
	OPT_FAIL_ON,
	OPT_MODULE_SIZES,
	OPT_SUMMARY,
	OPT_HOST,
	OPT_COLOR,
	OPT_NO_PAGER,
};

struct report_options {
	const char *input;
	output_fn output;
	enum stream stream;
	const struct traced_ops *traced;
	struct output_style style;
	struct column_list order;
	struct filter filter;
	struct threshold threshold;
	const char *fail_on;
	const char *fields;
	const char *sort;
	struct records records;
	const char *format;
	const char *clock;
	const char *listed; /* --attempts, --requests or --events; NULL for a report */
	bool summary;
	const char *module_sizes;
	const char *colour;
	bool no_pager;
};

static const struct option_desc report_options[] = {
	{ 'i', "input", "FILE", "recording to read, - for standard input\n(default perf.data)" },
	{ 'f', "format", "FORMAT",
	  "text (default), json, jsonl (one line per attempt),\n"
	  "csv (one row per module), prometheus (all modules),\n"
	  "openmetrics (31 lines at most, for many machines),\n"
	  "svg (a picture); for viewers of traces: perfetto,\n"
	  "chrome (Trace Event JSON)" },
	{ 'F', "fields", "LIST",
	  "columns of text and csv, separated by commas; or fields\n"
	  "of attempts, requests and events, in any format" },
	{ OPT_SECTIONS, "sections", "LIST",
	  "parts of text: header verdict findings totals modules\n"
	  "requesters requests boot events" },
	{ 's', "sort", "LIST",
	  "sort modules by columns, or attempts, requests or\n"
	  "events by fields, the most significant first; prefix\n"
	  "one with - to reverse it" },
	{ 'm', "module", "GLOBS",
	  "only modules and requested names that match, such as\n"
	  "kvm*,xfs" },
	{ 'c', "comm", "GLOBS",
	  "only attempts and requests by threads whose name\n"
	  "matches" },
	{ OPT_TIME, "time", "FROM,UNTIL",
	  "only what began then: seconds, or with ms, us, ns,\n"
	  "after the start; either may be omitted" },
	{ OPT_CLOCK, "clock", "CLOCK",
	  "relative (default): times count from the start;\n"
	  "absolute: the recording's own, in --time, too" },
	{ OPT_ATTEMPTS, "attempts", NULL,
	  "one line per attempt, in order of their ends; also as\n"
	  "json, jsonl, csv" },
	{ OPT_REQUESTS, "requests", NULL,
	  "one line per request of the kernel's for a module,\n"
	  "likewise" },
	{ OPT_EVENTS, "events", NULL, "one line per event, likewise" },
	{ OPT_FAIL_ON, "fail-on", "EXPR",
	  "exit with status 2 if EXPR is true: keys of totals, as\n"
	  "'wasted_bytes>1M || findings.error>0'" },
	{ OPT_MODULE_SIZES, "module-sizes", "FILE",
	  "lines of NAME FILE_BYTES [LAYOUT_BYTES]: estimates for\n"
	  "recordings of unpatched kernels without byte counts" },
	{ OPT_SUMMARY, "summary", NULL, "with jsonl: one line for the whole recording" },
	{ OPT_HOST, "host", "HOST",
	  "what jsonl and openmetrics call the machine: name\n"
	  "(default), hash (made of its machine-id), or any other\n"
	  "text as it is" },
	{ OPT_COLOR, "color", "WHEN", "auto (default: on a terminal), always, never" },
	{ OPT_NO_PAGER, "no-pager", NULL, "no pager on a terminal" },
	{ 0 }
};

static const struct usage report_usage = {
	.synopsis = "modtrace report [OPTION...] [FILE]\n"
		    "modtrace report --tui [OPTION...] (see report --tui --help)",
	.options = report_options,
	.after =
		"Columns: module attempts loaded merged waited late exists busy interrupted\n"
		"failed in_flight unknown open duplicates wasted read image layout dup_time\n"
		"fail_time load_time longest call_p50 call_p99 fail_p50 fail_p99 fail_max\n"
		"load_p50 load_p99 load_max failed_bytes avoided p50 p99 max wait gate_file\n"
		"gate_live gate_name gate_unknown requester\n\n"
		"Fields of --attempts: begin_ns end_ns duration_ns module outcome comm tid\n"
		"parent service unit device subsystem request call_site syscall cause gate\n"
		"leader wait_ns ret errno stage read_bytes image_bytes layout_bytes bytes_exact\n"
		"schema row host machine_id boot_id kernel arch recorded recording\n\n"
		"Fields of --requests: time_ns name call_site wait merged leader wait_ns comm tid\n"
		"parent service schema row host machine_id boot_id kernel arch recorded\n"
		"recording\n\n"
		"Fields of --events: time_ns cpu comm tid event derived and those of the\n"
		"events, see modtrace-formats(5).\n\n"
		"Exit status: 0 success, 1 error, 2 --fail-on is true.\n",
};

/* How a report and how attempts, requests and events are written in each. */
static const struct {
	const char *name;
	output_fn output; /* NULL: there are only attempts or events in it */
	enum record_format records;
	const struct traced_ops *traced;
} formats[] = {
	{ "text", output_text, RECORDS_TEXT, NULL },
	{ "json", output_json, RECORDS_JSON, NULL },
	{ "jsonl", NULL, RECORDS_LINES, NULL },
	{ "csv", output_csv, RECORDS_CSV, NULL },
	{ "prometheus", output_prometheus, RECORDS_NONE, NULL },
	{ "openmetrics", output_openmetrics, RECORDS_NONE, NULL },
	{ "svg", output_svg, RECORDS_NONE, NULL },
	{ "perfetto", NULL, RECORDS_NONE, &traced_perfetto },
	{ "chrome", NULL, RECORDS_NONE, &traced_chrome },
};

static int parse_format(const char *name, struct report_options *o, struct err *err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		if (strcmp(name, formats[i].name))
			continue;
		o->output = formats[i].output;
		o->records.format = formats[i].records;
		o->traced = formats[i].traced;
		return 0;
	}
	return err_set(err, -EINVAL,
		       "unknown format '%s'; use text, json, jsonl, csv, prometheus, "
		       "openmetrics, svg, perfetto or chrome",
		       name);
}

static int choose_stream(struct report_options *o, const char *option, enum stream stream,
			 struct err *err)
{
	if (o->listed && strcmp(o->listed, option))
		return err_set(err, -EINVAL, "%s and %s exclude each other", o->listed, option);
	o->listed = option;
	o->stream = stream;
	return 0;
}

static int on_option(void *context, int code, const char *arg, struct err *err)
{
	struct report_options *o = context;

	switch (code) {
	case 'i':
		o->input = arg;
		return 0;
	case 'f':
		o->format = arg;
		return parse_format(arg, o, err);
	case 'F':
		o->fields = arg;
		return 0;
	case 's':
		o->sort = arg;
		return 0;
	case 'm':
		return parse_modules(&o->filter.modules, arg, err);
	case 'c':
		return parse_patterns(&o->filter.comms, arg, err);
	case OPT_TIME:
		return filter_set_time(&o->filter, arg, err);
	case OPT_SECTIONS:
		return output_parse_sections(&o->style, arg, err);
	case OPT_CLOCK:
		o->clock = arg;
		o->style.absolute = !strcmp(arg, "absolute");
		o->filter.absolute = o->style.absolute;
		if (o->style.absolute || !strcmp(arg, "relative"))
			return 0;
		return err_set(err, -EINVAL, "--clock %s: invalid value; use relative or absolute",
			       arg);
	case OPT_ATTEMPTS:
		return choose_stream(o, "--attempts", STREAM_ATTEMPTS, err);
	case OPT_REQUESTS:
		return choose_stream(o, "--requests", STREAM_REQUESTS, err);
	case OPT_EVENTS:
		return choose_stream(o, "--events", STREAM_EVENTS, err);
	case OPT_FAIL_ON:
		o->fail_on = arg;
		return threshold_parse(&o->threshold, arg, err);
	case OPT_MODULE_SIZES:
		o->module_sizes = arg;
		return 0;
	case OPT_SUMMARY:
		o->summary = true;
		return 0;
	case OPT_HOST:
		o->style.host = arg;
		return *arg ? 0 : err_set(err, -EINVAL, "--host: empty; use name, hash or a text");
	case OPT_COLOR:
		o->colour = arg;
		if (!strcmp(arg, "auto") || !strcmp(arg, "always") || !strcmp(arg, "never"))
			return 0;
		return err_set(err, -EINVAL, "--color %s: invalid value; use auto, always or never", arg);
	case OPT_NO_PAGER:
		o->no_pager = true;
		return 0;
	}
	return option_unknown(code, err);
}

static bool limits_time(const struct report_options *o)
{
	return o->filter.from_ns || o->filter.until_ns;
}

/* What would have no effect is refused. */
static int check_options(const struct report_options *o, struct err *err)
{
	const bool text = o->output == output_text && !o->stream;
	const bool lines = o->records.format == RECORDS_LINES;
	const char *vain = NULL, *as = o->format;

	if (o->summary && !lines)
		return err_set(err, -EINVAL, "--summary has no effect without --format=jsonl");
	if (o->summary && o->listed)
		return err_set(err, -EINVAL, "%s has no effect with --summary; omit one of them",
			       o->listed);
	if (o->style.host && !lines && (o->stream || o->output != output_openmetrics))
		return err_set(err, -EINVAL,
			       "--host has no effect without --format=jsonl or openmetrics");
	if (o->summary && (o->fields || o->sort))
		return err_set(err, -EINVAL, "%s has no effect with --summary; omit one of them",
			       o->fields ? "--fields" : "--sort");
	if (o->format && o->records.format == RECORDS_NONE) {
		if (o->listed)
			vain = o->listed;
		else if (o->fields)
			vain = "--fields";
		else if (o->sort && o->output != output_svg)
			vain = "--sort";
	} else if (o->fields && !o->stream && o->output == output_json) {
		vain = "--fields";
	}
	if (!vain && o->style.sections && !text)
		vain = "--sections";
	else if (!vain && o->clock && !text && (!o->stream || o->records.format != RECORDS_TEXT) &&
		 !limits_time(o))
		vain = "--clock";
	else if (!vain && o->colour && !strcmp(o->colour, "always") && !text)
		vain = "--color=always";
	if (!o->format || (vain && o->stream && o->records.format == RECORDS_TEXT))
		as = NULL;
	if (!vain && text && o->style.absolute && !limits_time(o) &&
	    !output_has_section(&o->style, "boot"))
		return err_set(
			err, -EINVAL,
			"--clock has no effect on --sections without boot; omit one of them");
	if (!vain && text && !output_has_section(&o->style, "modules") && (o->fields || o->sort))
		return err_set(err, -EINVAL,
			       "%s has no effect on --sections without modules; omit one of them",
			       o->fields ? "--fields" : "--sort");
	if (!vain && o->filter.modules.nr && o->stream == STREAM_EVENTS) {
		vain = "--module";
		as = NULL;
	}
	/* Sizes are of attempts, which may be counted all the same. */
	if (!vain && o->module_sizes && o->stream == STREAM_REQUESTS && !o->fail_on) {
		vain = "--module-sizes";
		as = NULL;
	}
	if (vain)
		return err_set(err, -EINVAL, "%s has no effect with %s%s; omit one of them", vain,
			       as ? "--format=" : "", as ? as : o->listed);
	return 0;
}

/* Fields and order are of what is written, which options behind them may choose. */
static int parse_lists(struct report_options *o, struct err *err)
{
	struct records *r = &o->records;
	int ret = 0;

	if (o->stream == STREAM_ATTEMPTS)
		attempt_records_init(r);
	else if (o->stream == STREAM_REQUESTS)
		request_records_init(r);
	else if (o->stream == STREAM_EVENTS)
		event_records_init(r);
	if (o->fields)
		ret = o->stream ? records_choose(r, &r->chosen, o->fields, err) :
				  columns_parse(&o->style.fields, o->fields, err);
	if (!ret && o->sort)
		ret = o->stream ? records_choose(r, &r->order, o->sort, err) :
				  columns_parse(&o->order, o->sort, err);
	return ret;
}

static void cleanup_options(struct report_options *o)
{
	filter_free(&o->filter);
	records_free(&o->records);
}

/* Reading that takes long says how far it is, where somebody sees it. */
struct progress {
	bool shown;
	u64 events;
	u64 begin_ns;
	u64 next_ns;
};

#define PROGRESS_EVERY 8192

static void progress_step(struct progress *p)
{
	u64 now;

	if (++p->events % PROGRESS_EVERY || !p->begin_ns)
		return;
	now = now_ns(CLOCK_MONOTONIC);
	if (now < p->next_ns)
		return;
	fprintf(stderr, "\rmodtrace: %" PRIu64 " events read, %" PRIu64 " s ", p->events,
		(now - p->begin_ns) / NSEC_PER_SEC);
	p->shown = true;
	p->next_ns = now + NSEC_PER_SEC / 5;
}

static void progress_start(struct progress *p)
{
	*p = (struct progress){ 0 };
	if (!isatty(STDERR_FILENO))
		return;
	p->begin_ns = now_ns(CLOCK_MONOTONIC);
	p->next_ns = p->begin_ns + NSEC_PER_SEC;
}

static void progress_end(const struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
}

/* What a stream needs while events come by. */
struct streaming {
	struct report_options *o;
	const struct source_info *info;
	const struct model *model;
	struct output_row row;
	u64 start_ns;
	struct request_queue requests;
	u64 written;
	struct traced traced;
};

/* What times count from. */
static u64 zero_ns(const struct streaming *s)
{
	if (s->o->style.absolute)
		return 0;
	return s->start_ns ? s->start_ns : s->model->first_ns;
}

static int on_attempt(void *context, enum attempt_change change, const struct attempt_facts *a)
{
	struct streaming *s = context;

	if (change != ATTEMPT_ENDED && change != ATTEMPT_ABANDONED)
		return 0;
	s->o->records.start_ns = zero_ns(s);
	s->row.start_ns = s->start_ns ? s->start_ns : s->model->first_ns;
	s->written++;
	return attempt_records_add(&s->o->records, a, &s->row);
}

static int on_request(void *context, const struct request_facts *r)
{
	struct streaming *s = context;

	s->o->records.start_ns = zero_ns(s);
	s->row.start_ns = s->start_ns ? s->start_ns : s->model->first_ns;
	s->written++;
	return request_queue_add(&s->requests, r);
}

/*
 * Times count from the first event that tells of an attempt, before which there may be some of which
 * attempts are made: read that far ahead. What comes through a pipe, of whatever name, can't be read twice.
 */
static int find_zero(struct streaming *s, const char *path, struct err *err)
{
	_cleanup_(reading_free) struct reading r = { 0 };
	struct event ev = { 0 };
	struct stat st;
	int ret;

	if (s->start_ns || !strcmp(path, "-") || stat(path, &st) ||
	    !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return 0;
	ret = reading_open(&r, path, NULL, err);
	while (!ret && !ev.time_ns) {
		ret = source_next(r.src, &ev, err);
		if (ret <= 0)
			return ret;
		ret = 0;
	}
	s->start_ns = ev.time_ns;
	return ret;
}

static int on_event(struct streaming *s, const struct event *ev)
{
	const struct filter *f = &s->o->filter;
	u64 start_ns = zero_ns(s);
	const char *comm = model_comm(s->model, ev->task);
	u64 after_ns = sat_sub(ev->time_ns, start_ns);

	/* What was true before the recording began is no event of it. */
	if (!ev->time_ns || after_ns < f->from_ns || (f->until_ns && after_ns >= f->until_ns) ||
	    !filter_matches(&f->comms, comm ? comm : ""))
		return 0;
	s->o->records.start_ns = start_ns;
	s->row.start_ns = s->start_ns ? s->start_ns : s->model->first_ns;
	return event_records_add(&s->o->records, ev, comm, &s->row);
}

static int read_all(struct reading *r, struct streaming *s, struct err *err)
{
	struct progress progress;
	struct event ev;
	int ret, failed = 0;

	progress_start(&progress);
	while ((ret = source_next(r->src, &ev, err)) > 0) {
		progress_step(&progress);
		/* Who exits is known by name until then. */
		if (s->o->stream == STREAM_EVENTS && ev.type == EVENT_EXIT)
			failed = on_event(s, &ev);
		if (s->o->stream == STREAM_REQUESTS)
			failed = request_queue_event(&s->requests, &ev);
		if (!failed && !ev.shown_only)
			failed = model_event(r->model, &ev);
		if (s->o->stream == STREAM_EVENTS && ev.type != EVENT_EXIT && !failed)
			failed = on_event(s, &ev);
		if (failed)
			break;
	}
	if (!ret && !failed)
		failed = model_tell_open(r->model);
	if (!ret && !failed && s->o->stream == STREAM_REQUESTS)
		failed = request_queue_end(&s->requests);
	progress_end(&progress);
	if (failed == -EIO)
		return -EIO;	/* the stream's end is told by whoever owns it */
	return failed ? err_set(err, failed, "%s", strerror(-failed)) : ret;
}

static int check_threshold(const struct report_options *o, const struct view *v)
{
	struct err err;
	int ret;

	if (!o->fail_on)
		return STATUS_GOOD;
	ret = threshold_holds(&o->threshold, v, &err);
	if (!ret)
		return STATUS_GOOD;
	say("report: --fail-on %s: %s", o->fail_on, err.text);
	return ret > 0 ? STATUS_THRESHOLD : STATUS_ERROR;
}

static bool is_of_boot(const struct source_info *info)
{
	return info->is_boot || info->nr_markers;
}

/* A name that was mistyped is no good news. */
static bool is_empty_selection(const struct report_options *o, const struct view *v)
{
	if (filter_is_empty(&o->filter) || o->stream == STREAM_EVENTS)
		return false;
	if (o->stream == STREAM_REQUESTS)
		return !v->model->asked;
	return !v->model->totals.attempts && !v->nr_requests;
}

/* A list of nothing isn't the whole story where the other list has something. */
static void tell_empty_list(const struct report_options *o, const struct view *v)
{
	const u64 asked = v->model->asked;
	const char *selected = filter_is_empty(&o->filter) ? "" : "matching ";

	if (o->records.format != RECORDS_TEXT)
		return;
	if (o->stream == STREAM_ATTEMPTS && asked)
		say("report: no %sattempt to load a module in %s; see --requests for the kernel's "
		    "%" PRIu64 " request%s",
		    selected, o->input, asked, PLURAL(asked));
	else if (o->stream == STREAM_ATTEMPTS)
		say("report: no %sattempt to load a module in %s", selected, o->input);
	else if (o->stream == STREAM_REQUESTS && v->info->recorded & 1U << EVENT_REQUEST)
		say("report: no request of the kernel's for a module in %s", o->input);
	else if (o->stream == STREAM_REQUESTS)
		say("report: requests of the kernel's were not recorded in %s "
		    "(module:module_request)",
		    o->input);
}

/* What is kept of each attempt, for what a report has beside counts. */
struct keeping {
	struct boot_story boot;
	struct timeline *timeline;
	bool is_boot;
};

static int keep_attempt(void *context, enum attempt_change change, const struct attempt_facts *a)
{
	struct keeping *k = context;
	int ret = k->timeline ? picture_attempt(k->timeline, change, a) : 0;

	return !ret && k->is_boot ? boot_story_attempt(&k->boot, change, a) : ret;
}

static int keeping_start(struct keeping *k, const struct report_options *o,
			 const struct source_info *info)
{
	k->is_boot = is_of_boot(info);
	if (o->stream || o->output != output_svg)
		return 0;
	k->timeline = timeline_new(TIMELINE_KEEP_ALL, TIMELINE_KEEP_LANE);
	return k->timeline ? 0 : -ENOMEM;
}

static void keeping_free(struct keeping *k)
{
	boot_story_free(&k->boot);
	timeline_free(k->timeline);
}

/* Of JSON what comes behind the records. */
static int end_records(struct report_options *o, const struct view *v, FILE *out)
{
	struct json j = { .out = out };
	int ret = records_end(&o->records);

	if (ret || o->records.format != RECORDS_JSON)
		return ret;
	json_resume(&j, 1);
	output_recording_json(&j, v);
	json_close(&j, '}');
	return json_end(&j);
}

static int write_report(struct report_options *o, struct reading *r, struct keeping *k,
			struct streaming *s, FILE *out, int *status)
{
	int ret = view_make(&r->view, r->model, &r->src->info);

	r->view.timeline = k->timeline;
	if (!ret && is_of_boot(&r->src->info) && !o->stream) {
		r->view.boot = &k->boot;
		ret = boot_story_make(&k->boot, &r->src->info, view_start_ns(&r->view),
				      view_start_ns(&r->view) + view_duration_ns(&r->view));
	}
	if (ret)
		return ret;
	view_sort(&r->view, &o->order);
	if (is_empty_selection(o, &r->view)) {
		say("report: nothing in %s matches the selection (-m, -c, --time)", o->input);
		*status = o->fail_on ? STATUS_ERROR : STATUS_GOOD;
	} else {
		if (!s->written)
			tell_empty_list(o, &r->view);
		*status = check_threshold(o, &r->view);
	}
	if (o->stream == STREAM_TRACED)
		return traced_end(&s->traced, &r->src->info, view_start_ns(&r->view),
				  view_start_ns(&r->view) + view_duration_ns(&r->view));
	return o->stream ? end_records(o, &r->view, out) : o->output(&r->view, &o->style, out);
}

static void choose_style(struct report_options *o)
{
	o->style.width = terminal_width();
	o->style.colour = o->colour && strcmp(o->colour, "auto") ?
			  !strcmp(o->colour, "always") : terminal_has_colours(STDOUT_FILENO);
}

/* What is of no use without times. */
static const char *needs_times(const struct report_options *o)
{
	if (o->filter.from_ns || o->filter.until_ns)
		return "--time";
	if (o->clock)
		return "--clock";
	if (o->traced || o->output == output_svg)
		return "--format";
	return NULL;
}

/* Return: the exit status. */
static int report(struct report_options *o)
{
	_cleanup_(reading_free) struct reading r = { 0 };
	_cleanup_(keeping_free) struct keeping k = { 0 };
	struct streaming s = { .o = o };
	int ret, status = STATUS_GOOD;
	struct pager pager;
	struct err err = { 0 };
	bool written;

	ret = reading_open(&r, o->input, &o->filter, &err);
	if (!ret)
		ret = source_need_times(&r.src->info, needs_times(o), &err);
	if (!ret && o->module_sizes)
		ret = source_use_sizes(r.src, o->module_sizes, &err);
	if (!ret && keeping_start(&k, o, &r.src->info))
		ret = err_set(&err, -ENOMEM, "out of memory");
	/* In a report, only what it says of a boot has times. */
	if (!ret && o->style.absolute && !o->stream && o->output == output_text &&
	    !limits_time(o) && !is_of_boot(&r.src->info))
		ret = err_set(&err, -EINVAL,
			      "report: --clock has no effect on %s: it is not of a boot", o->input);
	if (ret) {
		say("%s", err.text);
		return STATUS_ERROR;
	}
	choose_style(o);
	/* While reading takes its time, a pager would only hide how far it is. */
	pager_start(&pager, !o->no_pager && o->stream && o->records.format == RECORDS_TEXT);
	s.info = &r.src->info;
	s.model = r.model;
	s.start_ns = r.src->info.start_ns;
	s.row = (struct output_row){ .info = s.info, .style = &o->style };
	s.requests = (struct request_queue){ .records = &o->records, .row = &s.row };
	o->records.out = pager.out;
	if (o->stream == STREAM_EVENTS) {
		ret = find_zero(&s, o->input, &err);
		source_show_records(r.src);
	}
	if (!ret && o->stream == STREAM_TRACED)
		ret = traced_start(&s.traced, o->traced, pager.out);
	else if (!ret && o->stream)
		ret = records_begin(&o->records, &err);
	if (o->stream == STREAM_ATTEMPTS)
		model_watch(r.model, on_attempt, &s);
	else if (o->stream == STREAM_REQUESTS)
		model_watch_requests(r.model, on_request, &s);
	else if (o->stream == STREAM_TRACED)
		model_watch(r.model, traced_attempt, &s.traced);
	else if (k.is_boot || k.timeline)
		model_watch(r.model, keep_attempt, &k);
	if (!ret)
		ret = read_all(&r, &s, &err);
	if (!pager.pid && !o->stream && !ret)
		pager_start(&pager, !o->no_pager && o->output == output_text);
	if (!ret && r.src->info.truncated)
		say("%s: %s: the report covers what precedes that", o->input,
		    r.src->info.why_truncated);
	if (!ret)
		ret = write_report(o, &r, &k, &s, pager.out, &status);
	traced_free(&s.traced);
	request_queue_free(&s.requests);
	written = pager_end(&pager);
	if (ret == -EIO && written)
		ret = 0;
	if (ret && ret != -EIO)
		say("%s", *err.text ? err.text : strerror(-ret));
	return ret ? STATUS_ERROR : status;
}

/**
 * cmd_report - modtrace report
 * @argc: arguments, the command's name the first
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int cmd_report(int argc, char **argv)
{
	_cleanup_(cleanup_options) struct report_options o = {
		.output = output_text,
	};
	struct err err;
	int ret;

	if (replay_wanted(argc, argv))
		return cmd_replay(argc, argv);
	ret = options_parse(&report_usage, argc, argv, on_option, &o);
	if (ret >= 0)
		return ret;
	if (!o.input && optind < argc)
		o.input = argv[optind++];
	if (!o.input)
		o.input = default_recording(&err);
	if (!o.input) {
		say("report: %s", err.text);
		return STATUS_ERROR;
	}
	if (optind < argc) {
		say("report: unexpected argument '%s'; one recording is read; modtrace diff compares several",
		    argv[optind]);
		return STATUS_ERROR;
	}
	/* A report has no lines: attempts have one each, and its summary one. */
	if (!o.output && !o.stream) {
		o.output = o.summary ? output_summary : NULL;
		o.stream = o.traced ? STREAM_TRACED : o.summary ? STREAM_NONE : STREAM_ATTEMPTS;
	}
	if (check_options(&o, &err) || parse_lists(&o, &err)) {
		say("report: %s", err.text);
		return STATUS_ERROR;
	}
	return report(&o);
}
