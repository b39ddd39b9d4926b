// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <inttypes.h>

#include "escape.h"

#define COLUMNS_MAX 16

/* A table whose columns are as wide as their widest cell. */
struct table {
	const char *const *heads;
	u32 left_aligned;
	size_t nr_columns;
	char **cells;
	size_t nr_cells;
	size_t cap_cells;
	bool failed;
};

static void cell(struct table *t, const char *fmt, ...) __printf(2, 3);

static void cell(struct table *t, const char *fmt, ...)
{
	_cleanup_buf_ struct buf text = { 0 };
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = buf_vaddf(&text, fmt, ap);
	va_end(ap);
	if (ret || grow(&t->cells, &t->cap_cells, t->nr_cells + 1, sizeof(*t->cells)))
		t->failed = true;
	else
		t->cells[t->nr_cells++] = TAKE_PTR(text.data);
}

static void cell_name(struct table *t, const char *name)
{
	_cleanup_free_ char *clean = escape_dup(name, strlen(name));

	if (clean)
		cell(t, "%s", *clean ? clean : "-");
	else
		t->failed = true;
}

static void cell_count(struct table *t, u64 n)
{
	if (n)
		cell(t, "%" PRIu64, n);
	else
		cell(t, "-");
}

static void cell_bytes(struct table *t, bool known, u64 bytes)
{
	char text[32];

	format_bytes(text, sizeof(text), bytes);
	cell(t, "%s", known ? text : "?");
}

static void cell_ns(struct table *t, bool known, u64 ns)
{
	char text[32];

	format_ns(text, sizeof(text), ns);
	cell(t, "%s", known ? text : "-");
}

static void print_cell(FILE *out, const char *text, size_t width, bool left, bool last)
{
	size_t have = display_width(text);
	int pad = width > have ? width - have : 0;

	if (left)
		fprintf(out, "%s%*s", text, last ? 0 : pad, "");
	else
		fprintf(out, "%*s%s", pad, "", text);
	fputs(last ? "\n" : "  ", out);
}

static int table_print(struct table *t, FILE *out)
{
	size_t width[COLUMNS_MAX] = { 0 }, i;
	int ret = t->failed ? -ENOMEM : 0;

	for (i = 0; i < t->nr_columns; i++)
		width[i] = strlen(t->heads[i]);
	for (i = 0; i < t->nr_cells; i++) {
		size_t have = display_width(t->cells[i]);

		if (have > width[i % t->nr_columns])
			width[i % t->nr_columns] = have;
	}
	for (i = 0; i < t->nr_columns && !ret; i++)
		print_cell(out, t->heads[i], width[i], t->left_aligned >> i & 1,
			   i + 1 == t->nr_columns);
	for (i = 0; i < t->nr_cells && !ret; i++) {
		size_t column = i % t->nr_columns;

		print_cell(out, t->cells[i], width[column], t->left_aligned >> column & 1,
			   column + 1 == t->nr_columns);
	}
	for (i = 0; i < t->nr_cells; i++)
		free(t->cells[i]);
	free(t->cells);
	return ret;
}

/* A name in running text. */
static void print_name(FILE *out, const char *name)
{
	char clean[512];

	escape(clean, sizeof(clean), name, strlen(name));
	fputs(clean, out);
}

static void print_gates(const struct source_info *info, FILE *out)
{
	bool any = false;
	size_t i;

	for (i = 0; i < info->nr_states; i++) {
		const struct state *s = &info->states[i];

		if (strncmp(s->key, "merge_", 6))
			continue;
		fputs(any ? ", " : "gates: ", out);
		any = true;
		print_name(out, s->key + 6);
		fputc('=', out);
		print_name(out, s->at_start ? s->at_start : "?");
		if (s->at_start && s->at_end && strcmp(s->at_start, s->at_end)) {
			fputs(" (at the end ", out);
			print_name(out, s->at_end);
			fputc(')', out);
		}
	}
	if (any)
		fputc('\n', out);
}

static void print_header(const struct view *v, FILE *out)
{
	const struct source_info *info = v->info;
	char text[32];

	fputs("kernel ", out);
	print_name(out, info->kernel ? info->kernel : "unknown");
	fputs(" (", out);
	print_name(out, info->arch ? info->arch : "machine unknown");
	fprintf(out, ", %u CPUs) on ", info->cpus);
	print_name(out, info->host ? info->host : "an unknown host");
	fputs(", recorded by ", out);
	print_name(out, info->generator ? info->generator : "an unknown program");
	format_ns(text, sizeof(text), view_duration_ns(v));
	fprintf(out, "\nmode patched: begin and end of every load were recorded\n"
		"%s, %" PRIu64 " events, %" PRIu64 " lost, %" PRIu64 " not understood%s\n",
		text, info->events, info->lost, info->unknown_events,
		info->truncated ? ", truncated" : "");
	print_gates(info, out);
}

static void print_outcomes(const struct tally *t, FILE *out)
{
	const u64 *n = t->outcomes;

	fprintf(out, "\n%" PRIu64 " attempts: %" PRIu64 " loaded, %" PRIu64 " merged, %" PRIu64
		" exists, %" PRIu64 " busy, %" PRIu64 " interrupted, %" PRIu64 " failed",
		t->attempts, n[OUTCOME_LOADED], n[OUTCOME_MERGED], n[OUTCOME_EXISTS],
		n[OUTCOME_BUSY], n[OUTCOME_INTERRUPTED], n[OUTCOME_FAILED]);
	if (n[OUTCOME_IN_FLIGHT])
		fprintf(out, ", %" PRIu64 " in flight", n[OUTCOME_IN_FLIGHT]);
	if (n[OUTCOME_UNKNOWN])
		fprintf(out, ", %" PRIu64 " unknown", n[OUTCOME_UNKNOWN]);
	fputc('\n', out);
	if (n[OUTCOME_MERGED])
		fprintf(out, "merged by gate: file %" PRIu64 ", live %" PRIu64 ", name %" PRIu64
			"; %" PRIu64 " waited, %" PRIu64 " came when the load was over\n",
			t->gates[GATE_FILE], t->gates[GATE_LIVE], t->gates[GATE_NAME],
			n[OUTCOME_MERGED] - t->late, t->late);
}

static void print_errnos(const struct tally *t, FILE *out)
{
	char text[16];
	size_t i;

	if (!t->nr_errnos)
		return;
	fputs("returned: ", out);
	for (i = 0; i < t->nr_errnos; i++)
		fprintf(out, "%s%s %" PRIu64, i ? ", " : "",
			errno_text(t->errnos[i].err, text, sizeof(text)), t->errnos[i].count);
	fputc('\n', out);
}

static void print_totals(const struct view *v, FILE *out)
{
	const struct tally *t = &v->model->totals;
	char wasted[32], read[32], image[32], layout[32], failed[32], avoided[32];

	print_outcomes(t, out);
	print_errnos(t, out);
	format_bytes(wasted, sizeof(wasted), tally_wasted(t));
	format_bytes(read, sizeof(read), t->wasted_read);
	format_bytes(image, sizeof(image), t->wasted_image);
	format_bytes(layout, sizeof(layout), t->wasted_layout);
	format_bytes(failed, sizeof(failed), t->failed_bytes);
	format_bytes(avoided, sizeof(avoided), t->avoided_bytes);
	fprintf(out, "wasted by duplicates: %s (read %s, decompressed %s, laid out %s)\n", wasted,
		read, image, layout);
	if (t->failed_bytes)
		fprintf(out, "spent on loads that failed: %s\n", failed);
	if (t->outcomes[OUTCOME_MERGED])
		fprintf(out, "avoided by merging: %s%s\n",
			t->avoided_known < t->outcomes[OUTCOME_MERGED] && t->avoided_known ?
			"at least " : "", t->avoided_known ? avoided : "not known");
	if (t->wait.count) {
		char p50[32], p99[32], max[32];

		format_ns(p50, sizeof(p50), hist_percentile(&t->wait, 50));
		format_ns(p99, sizeof(p99), hist_percentile(&t->wait, 99));
		format_ns(max, sizeof(max), t->wait.max);
		fprintf(out, "waits: median %s, 99%% %s, longest %s\n", p50, p99, max);
	}
	if (tally_duplicates(t))
		fprintf(out, "a duplicate was under way in %.0f%% of the time\n",
			view_duplicates_share(v) * 100);
	if (v->model->no_begin)
		fprintf(out, "without a begin in the recording: %" PRIu64 " of the attempts\n",
			v->model->no_begin);
	if (v->model->evicted)
		fprintf(out, "%" PRIu64 " things counted as (others): too many names\n",
			v->model->evicted);
}

static int print_modules(const struct view *v, FILE *out)
{
	static const char *const heads[] = {
		"MODULE", "ATTEMPTS", "LOADED", "WAITED", "LATE", "EXISTS", "BUSY", "INTR",
		"FAILED", "OPEN", "WASTED", "AVOIDED", "WAIT p50", "p99", "max",
	};
	struct table t = { .heads = heads, .nr_columns = ARRAY_SIZE(heads), .left_aligned = 1 };
	size_t i;

	for (i = 0; i < v->nr_modules; i++) {
		const struct tally *m = &v->modules[i]->tally;
		const u64 *n = m->outcomes;

		cell_name(&t, v->modules[i]->name);
		cell_count(&t, m->attempts);
		cell_count(&t, n[OUTCOME_LOADED]);
		cell_count(&t, n[OUTCOME_MERGED] - m->late);
		cell_count(&t, m->late);
		cell_count(&t, n[OUTCOME_EXISTS]);
		cell_count(&t, n[OUTCOME_BUSY]);
		cell_count(&t, n[OUTCOME_INTERRUPTED]);
		cell_count(&t, n[OUTCOME_FAILED]);
		cell_count(&t, n[OUTCOME_IN_FLIGHT] + n[OUTCOME_UNKNOWN]);
		cell_bytes(&t, true, tally_wasted(m));
		cell_bytes(&t, m->avoided_known || !n[OUTCOME_MERGED], m->avoided_bytes);
		cell_ns(&t, m->wait.count, hist_percentile(&m->wait, 50));
		cell_ns(&t, m->wait.count, hist_percentile(&m->wait, 99));
		cell_ns(&t, m->wait.count, m->wait.max);
	}
	if (!t.nr_cells)
		return 0;
	fputs("\nModules (WAITED and LATE were merged; OPEN have no end)\n", out);
	return table_print(&t, out);
}

static int print_requesters(const struct view *v, FILE *out)
{
	static const char *const heads[] = {
		"REQUESTER", "PARENT", "MODULES", "ATTEMPTS", "DUPLICATES", "WASTED",
	};
	struct table t = { .heads = heads, .nr_columns = ARRAY_SIZE(heads), .left_aligned = 3 };
	size_t i;

	for (i = 0; i < v->nr_requesters; i++) {
		const struct requester_row *r = &v->requesters[i];

		cell_name(&t, r->comm);
		cell_name(&t, r->parent ? r->parent : "?");
		cell_count(&t, r->modules);
		cell_count(&t, r->attempts);
		cell_count(&t, r->duplicates);
		cell_bytes(&t, true, r->wasted_bytes);
	}
	if (!t.nr_cells)
		return 0;
	fputs("\nRequesters\n", out);
	return table_print(&t, out);
}

static int print_requests(const struct view *v, FILE *out)
{
	static const char *const heads[] = { "REQUESTED", "REQUESTS", "DUPLICATES", "WAITED",
					     "CALL SITE" };
	struct table t = { .heads = heads, .nr_columns = ARRAY_SIZE(heads),
			   .left_aligned = 1 | 1 << 4 };
	bool counted = v->info->recorded & 1U << EVENT_REQUEST;
	size_t i;

	for (i = 0; i < v->nr_requests; i++) {
		const struct request *r = v->requests[i];
		const char *symbol = source_symbol(v->info, r->ip);

		cell_name(&t, r->name);
		if (counted)
			cell_count(&t, r->requests);
		else
			cell(&t, "?");
		cell_count(&t, r->dups);
		cell_ns(&t, r->dups, r->wait_ns);
		if (symbol)
			cell_name(&t, symbol);
		else
			cell(&t, "0x%" PRIx64, r->ip);
	}
	if (!t.nr_cells)
		return 0;
	fputs("\nRequests by the kernel (WAITED is the sum over duplicates)\n", out);
	return table_print(&t, out);
}

static void print_findings(const struct view *v, FILE *out)
{
	size_t i;

	if (v->findings.nr)
		fputs("\nFindings\n", out);
	for (i = 0; i < v->findings.nr; i++) {
		const struct finding *f = &v->findings.all[i];

		fprintf(out, "%-5s  ", severity_name(f->severity));
		print_name(out, f->text);
		fputc('\n', out);
	}
}

static int print_events(const struct view *v, FILE *out)
{
	static const char *const heads[] = { "EVENT", "COUNT" };
	struct table t = { .heads = heads, .nr_columns = ARRAY_SIZE(heads), .left_aligned = 1 };
	size_t i;

	for (i = 0; i < v->info->nr_counts; i++) {
		const struct event_count *c = &v->info->counts[i];

		if (!c->count)
			continue;
		cell_name(&t, c->name);
		cell(&t, "%" PRIu64, c->count);
	}
	if (!t.nr_cells)
		return 0;
	fputs("\nEvents\n", out);
	return table_print(&t, out);
}

/**
 * output_text - write a view for people
 * @v: the view
 * @out: the stream
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_text(const struct view *v, FILE *out)
{
	int ret;

	print_header(v, out);
	print_totals(v, out);
	ret = print_modules(v, out);
	if (!ret)
		ret = print_requesters(v, out);
	if (!ret)
		ret = print_requests(v, out);
	if (ret)
		return ret;
	print_findings(v, out);
	ret = print_events(v, out);
	if (ret)
		return ret;
	return ferror(out) ? -EIO : 0;
}
