// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <inttypes.h>
#include <math.h>

#include "escape.h"

/* A JSON document being written; commas and indentation follow from the depth. */
struct json {
	FILE *out;
	int depth;
	bool first;
	bool failed;
};

static void quoted(struct json *j, const char *text)
{
	_cleanup_free_ char *clean = escape_dup(text, strlen(text));
	const char *p;

	if (!clean) {
		j->failed = true;
		return;
	}
	/* Escaped as everywhere, so only these two are left for JSON to quote. */
	fputc('"', j->out);
	for (p = clean; *p; p++) {
		if (*p == '"' || *p == '\\')
			fputc('\\', j->out);
		fputc(*p, j->out);
	}
	fputc('"', j->out);
}

static void begin_value(struct json *j, const char *key)
{
	if (!j->first)
		fputc(',', j->out);
	if (j->depth)
		fprintf(j->out, "\n%*s", j->depth * 2, "");
	j->first = false;
	if (key) {
		quoted(j, key);
		fputs(": ", j->out);
	}
}

static void open_group(struct json *j, const char *key, char bracket)
{
	begin_value(j, key);
	fputc(bracket, j->out);
	j->depth++;
	j->first = true;
}

static void close_group(struct json *j, char bracket)
{
	j->depth--;
	if (!j->first)
		fprintf(j->out, "\n%*s", j->depth * 2, "");
	fputc(bracket, j->out);
	j->first = false;
}

static void string(struct json *j, const char *key, const char *text)
{
	begin_value(j, key);
	if (text)
		quoted(j, text);
	else
		fputs("null", j->out);
}

static void number(struct json *j, const char *key, u64 value)
{
	begin_value(j, key);
	fprintf(j->out, "%" PRIu64, value);
}

static void null(struct json *j, const char *key)
{
	begin_value(j, key);
	fputs("null", j->out);
}

static void number_if(struct json *j, const char *key, bool known, u64 value)
{
	if (known)
		number(j, key, value);
	else
		null(j, key);
}

static void boolean(struct json *j, const char *key, bool value)
{
	begin_value(j, key);
	fputs(value ? "true" : "false", j->out);
}

/* Six digits are more than the times behind it justify, and the locale has no say in them. */
static void fraction(struct json *j, const char *key, double value)
{
	u64 millionths = llround(value * 1e6);

	begin_value(j, key);
	fprintf(j->out, "%" PRIu64 ".%06" PRIu64, millionths / 1000000, millionths % 1000000);
}

static void recording(struct json *j, const struct view *v)
{
	const struct source_info *info = v->info;
	const struct tally *t = &v->model->totals;

	open_group(j, "recording", '{');
	string(j, "source", info->kind);
	string(j, "generator", info->generator);
	string(j, "kernel", info->kernel);
	string(j, "host", info->host);
	string(j, "arch", info->arch);
	string(j, "mode", "patched");
	number(j, "cpus", info->cpus);
	string(j, "clock", info->clock);
	number(j, "start_ns", view_start_ns(v));
	number(j, "duration_ns", view_duration_ns(v));
	number(j, "events", info->events);
	number(j, "unknown_events", info->unknown_events);
	number(j, "lost", info->lost);
	open_group(j, "orphans", '{');
	number(j, "no_begin", v->model->no_begin);
	number(j, "no_end", t->outcomes[OUTCOME_IN_FLIGHT] + t->outcomes[OUTCOME_UNKNOWN]);
	close_group(j, '}');
	number(j, "evicted", v->model->evicted);
	boolean(j, "truncated", info->truncated);
	close_group(j, '}');
}

static void waits(struct json *j, const char *key, const struct hist *h)
{
	if (!h->count) {
		null(j, key);
		return;
	}
	open_group(j, key, '{');
	number(j, "sum", h->sum);
	number(j, "p50", hist_percentile(h, 50));
	number(j, "p99", hist_percentile(h, 99));
	number(j, "max", h->max);
	close_group(j, '}');
}

/* The keys that the totals and every module share. */
static void tally_counts(struct json *j, const struct tally *t)
{
	unsigned int i;

	number(j, "attempts", t->attempts);
	for (i = 0; i < OUTCOME_NR; i++)
		number(j, outcome_name(i), t->outcomes[i]);
}

static void tally_rest(struct json *j, const struct tally *t)
{
	char text[16];
	size_t i;

	open_group(j, "merged_by_gate", '{');
	for (i = 0; i < GATE_NR; i++)
		number(j, gate_name(i), t->gates[i]);
	close_group(j, '}');
	open_group(j, "errno", '{');
	for (i = 0; i < t->nr_errnos; i++)
		number(j, errno_text(t->errnos[i].err, text, sizeof(text)), t->errnos[i].count);
	close_group(j, '}');
	waits(j, "wait_ns", &t->wait);
	number(j, "wasted_bytes", tally_wasted(t));
	number(j, "failed_bytes", t->failed_bytes);
	number_if(j, "avoided_bytes", t->avoided_known || !t->outcomes[OUTCOME_MERGED],
		  t->avoided_bytes);
	open_group(j, "wasted", '{');
	number(j, "read", t->wasted_read);
	number(j, "image", t->wasted_image);
	number(j, "layout", t->wasted_layout);
	close_group(j, '}');
	boolean(j, "bytes_exact", true);
}

static void totals(struct json *j, const struct view *v)
{
	const struct tally *t = &v->model->totals;

	open_group(j, "totals", '{');
	tally_counts(j, t);
	null(j, "rejected");	/* calls refused ahead of their begin leave no event */
	number_if(j, "autoload_dups", v->info->recorded & 1U << EVENT_AUTOLOAD_DUP,
		  v->model->autoload_dups);
	tally_rest(j, t);
	fraction(j, "duplicates_share", view_duplicates_share(v));
	close_group(j, '}');
}

static void modules(struct json *j, const struct view *v)
{
	size_t i, n, nr;

	open_group(j, "modules", '[');
	for (i = 0; i < v->nr_modules; i++) {
		const struct module *m = v->modules[i];
		_cleanup_free_ const struct requester **rows = view_module_requesters(m, &nr);

		if (nr && !rows) {
			j->failed = true;
			nr = 0;
		}
		open_group(j, NULL, '{');
		string(j, "name", m->name);
		tally_counts(j, &m->tally);
		tally_rest(j, &m->tally);
		null(j, "call_ns");
		open_group(j, "requesters", '[');
		for (n = 0; n < nr; n++) {
			open_group(j, NULL, '{');
			string(j, "comm", rows[n]->comm);
			string(j, "parent", rows[n]->parent);
			number(j, "attempts", rows[n]->attempts);
			number(j, "wasted_bytes", rows[n]->wasted_bytes);
			close_group(j, '}');
		}
		close_group(j, ']');
		close_group(j, '}');
	}
	close_group(j, ']');
}

static void autoloads(struct json *j, const struct view *v)
{
	bool counted = v->info->recorded & 1U << EVENT_REQUEST;
	size_t i;

	open_group(j, "autoloads", '[');
	for (i = 0; i < v->nr_requests; i++) {
		const struct request *r = v->requests[i];
		const char *symbol = source_symbol(v->info, r->ip);
		char address[20];

		snprintf(address, sizeof(address), "0x%" PRIx64, r->ip);
		open_group(j, NULL, '{');
		string(j, "name", r->name);
		string(j, "call_site", symbol ? symbol : r->ip ? address : NULL);
		number_if(j, "requests", counted, r->requests);
		number(j, "dups", r->dups);
		number_if(j, "wait_ns", r->dups, r->wait_ns);
		close_group(j, '}');
	}
	close_group(j, ']');
}

static void findings(struct json *j, const struct view *v)
{
	size_t i, n;

	open_group(j, "findings", '[');
	for (i = 0; i < v->findings.nr; i++) {
		const struct finding *f = &v->findings.all[i];

		open_group(j, NULL, '{');
		string(j, "id", f->id);
		string(j, "severity", severity_name(f->severity));
		string(j, "module", f->module);
		string(j, "text", f->text);
		open_group(j, "evidence", '{');
		for (n = 0; n < ARRAY_SIZE(f->evidence) && f->evidence[n].key; n++)
			number(j, f->evidence[n].key, f->evidence[n].value);
		close_group(j, '}');
		close_group(j, '}');
	}
	close_group(j, ']');
}

/**
 * output_json - write a view as JSON, schema 1
 * @v: the view
 * @out: the stream
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_json(const struct view *v, FILE *out)
{
	struct json j = { .out = out, .first = true };

	open_group(&j, NULL, '{');
	number(&j, "schema", 1);
	recording(&j, v);
	totals(&j, v);
	modules(&j, v);
	autoloads(&j, v);
	findings(&j, v);
	close_group(&j, '}');
	fputc('\n', out);
	if (j.failed)
		return -ENOMEM;
	return ferror(out) ? -EIO : 0;
}
