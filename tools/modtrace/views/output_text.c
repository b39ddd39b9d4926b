// SPDX-License-Identifier: GPL-2.0-only
#include "views/output.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "lib/table.h"
#include "lib/wrap.h"
#include "views/device_text.h"
#include "views/names.h"
#include "views/output_boot.h"
#include "views/request_names.h"

static void cell_ns(struct table *t, bool known, u64 ns)
{
	char text[32];

	format_ns(text, sizeof(text), ns);
	table_cell(t, "%s", known ? text : "-");
}

/* What is written, and what its marks are to be explained for. */
struct text {
	const struct view *v;
	const struct output_style *style;
	FILE *out;
	bool about;
	bool unknown;
};

static int print_table(struct text *t, struct table *table)
{
	int ret = table_print(table, t->out);

	t->about |= table->about;
	t->unknown |= table->unknown;
	return ret;
}

static void print_title(const struct text *t, const char *title)
{
	fputc('\n', t->out);
	print_wrapped(t->out, title, t->style->width, 0, 2);
}

/* Lines that may be longer than the terminal is wide. */
static int print_lines(const struct text *t, void (*print)(const struct view *v, FILE *out))
{
	_cleanup_free_ char *all = NULL;
	char *line, *next;
	size_t len;
	FILE *mem = open_memstream(&all, &len);

	if (!mem)
		return -ENOMEM;
	print(t->v, mem);
	if (fclose(mem))
		return -ENOMEM;
	for (line = all; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		print_wrapped(t->out, line, t->style->width, 0, 2);
	}
	return 0;
}

static struct table new_table(const struct output_style *style, const char *const *heads,
			      size_t nr, u64 left)
{
	struct table t = { .nr_columns = nr,
			   .left = left,
			   .width = style->width,
			   .bold = style->colour,
			   .trim = true };

	memcpy(t.heads, heads, nr * sizeof(*heads));
	return t;
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
	if (info->untimed)
		snprintf(text, sizeof(text), "length unknown");
	else
		format_ns(text, sizeof(text), view_duration_ns(v));
	fprintf(out, "\nmode %s\n%s, %" PRIu64 " events, %" PRIu64 " lost, %" PRIu64 " unrecognized%s\n",
		info->stock ? "stock: loads are known from their system calls" :
			      "patched: begin and end of every load were recorded",
		text, info->events, info->lost, info->unknown_events,
		info->truncated ? ", truncated" : info->goes_on ? ", going on" : "");
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
	if (n[OUTCOME_MERGED] > t->gates[GATE_UNKNOWN])
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

static void column_text(const struct tally *t, const char *key, char *text, size_t size)
{
	struct view_cell c = column_of_tally(column_find(key, strlen(key)), t);

	cell_format(&c, text, size);
}

static void print_distribution(const struct hist *h, FILE *out)
{
	char p50[32], p99[32], max[32];

	format_ns(p50, sizeof(p50), hist_percentile(h, 50));
	format_ns(p99, sizeof(p99), hist_percentile(h, 99));
	format_ns(max, sizeof(max), h->max);
	fprintf(out, "median %s, 99%% %s, longest %s", p50, p99, max);
}

static void print_module(const char *module, FILE *out)
{
	char name[128];

	if (!module)
		return;
	escape(name, sizeof(name), module, strlen(module));
	fprintf(out, " for %s", name);
}

/* The module whose call was the longest of a kind. */
static const char *longest_of(const struct view *v, enum call_kind kind)
{
	const u64 max = v->model->totals.calls[kind].max;
	size_t i;

	for (i = 0; i < v->nr_modules; i++)
		if (v->modules[i]->tally.calls[kind].count &&
		    v->modules[i]->tally.calls[kind].max == max)
			return v->modules[i]->name;
	return NULL;
}

/* A single call is its own median. */
static void print_times(const struct view *v, FILE *out)
{
	const struct tally *t = &v->model->totals;
	static const struct {
		enum call_kind kind;
		const char *column, *what;
	} lines[] = {
		{ CALL_DUP, "dup_time", "calls of duplicates" },
		{ CALL_FAIL, "fail_time", "failed calls" },
		{ CALL_LOAD, "load_time", "loads" },
	};
	char sum[40];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!t->times.ended[lines[i].kind])
			continue;
		column_text(t, lines[i].column, sum, sizeof(sum));
		fprintf(out, "time in %s: %s", lines[i].what, sum);
		if (t->calls[lines[i].kind].count > 1) {
			fputs(" (", out);
			print_distribution(&t->calls[lines[i].kind], out);
			print_module(longest_of(v, lines[i].kind), out);
			fputc(')', out);
		}
		fputc('\n', out);
	}
}

static void print_totals_of(const struct view *v, FILE *out)
{
	const struct tally *t = &v->model->totals;
	char wasted[40], read[40], image[40], layout[40], failed[32], avoided[32];

	print_outcomes(t, out);
	print_errnos(t, out);
	column_text(t, "wasted_bytes", wasted, sizeof(wasted));
	column_text(t, "wasted.read", read, sizeof(read));
	column_text(t, "wasted.image", image, sizeof(image));
	column_text(t, "wasted.layout", layout, sizeof(layout));
	format_marked_bytes(failed, sizeof(failed), t->failed_bytes,
			    t->failed_bytes || !t->failed_unknown,
			    !t->failed_unknown && !t->estimated);
	format_bytes(avoided, sizeof(avoided), t->avoided_bytes);
	fprintf(out, "wasted by duplicates: %s (read %s, decompressed %s, laid out %s)\n", wasted,
		read, image, layout);
	if (t->failed_bytes || t->failed_unknown)
		fprintf(out, "spent on loads that failed: %s\n", failed);
	if (t->outcomes[OUTCOME_MERGED])
		fprintf(out, "avoided by merging: %s%s\n",
			t->avoided_known < t->outcomes[OUTCOME_MERGED] && t->avoided_known ?
			"at least " : "", t->avoided_known ? avoided : "unknown");
	if (t->wait.count) {
		fputs("waits: ", out);
		print_distribution(&t->wait, out);
		fputc('\n', out);
	}
	print_times(v, out);
	if (v->model->no_begin)
		fprintf(out, "attempts whose start was not recorded: %" PRIu64 "\n",
			v->model->no_begin);
	if (v->model->rejected)
		fprintf(out, "calls refused before they became attempts: %" PRIu64 "\n",
			v->model->rejected);
	if (model_evicted(v->model))
		fprintf(out, "%" PRIu64 " things counted as (others): too many names\n",
			model_evicted(v->model));
	if (v->info->evicted)
		fprintf(out, "%" PRIu64 " tasks that open modules forgotten: there are too many\n",
			v->info->evicted);
}

/* Columns by default; where there is no room those with a number go, from 1 up. */
static const struct {
	const char *key;
	u8 drop;
} default_fields[] = {
	{ "module", 0 },     { "attempts", 0 },	 { "loaded", 9 },  { "waited", 0 },
	{ "late", 4 },	     { "exists", 0 },	 { "busy", 0 },	   { "interrupted", 6 },
	{ "failed", 0 },     { "open", 10 },	 { "wasted", 0 },  { "dup_time", 0 },
	{ "fail_time", 11 }, { "load_time", 8 }, { "longest", 7 }, { "avoided", 5 },
	{ "p50", 1 },	     { "p99", 2 },	 { "max", 3 },
};

#define DROP_LAST 11

static void choose_fields(struct table *t, const struct output_style *style,
			  const struct view_column **chosen)
{
	size_t i, n;

	t->nr_columns = style->fields.nr;
	for (i = 0; i < style->fields.nr; i++)
		chosen[i] = style->fields.all[i];
	if (style->fields.nr)
		return;
	t->trim = true;
	t->nr_columns = ARRAY_SIZE(default_fields);
	for (i = 0; i < ARRAY_SIZE(default_fields); i++)
		chosen[i] = column_find(default_fields[i].key, strlen(default_fields[i].key));
	for (n = 1; n <= DROP_LAST; n++)
		for (i = 0; i < ARRAY_SIZE(default_fields); i++)
			if (default_fields[i].drop == n)
				t->drop[t->nr_drop++] = i;
}

static int print_modules(struct text *text)
{
	const struct output_style *style = text->style;
	const struct view *v = text->v;
	const struct view_column *chosen[COLUMNS_MAX];
	struct table t = { .width = style->width, .bold = style->colour };
	const u64 *n_of = v->model->totals.outcomes;
	const bool merged = n_of[OUTCOME_MERGED];
	char title[80];
	const bool open = n_of[OUTCOME_IN_FLIGHT] || n_of[OUTCOME_UNKNOWN];
	size_t i, n;

	choose_fields(&t, style, chosen);
	for (n = 0; n < t.nr_columns; n++) {
		t.heads[n] = chosen[n]->head;
		t.left |= (u64)(chosen[n]->kind == CELL_NAME) << n;
	}
	for (i = 0; i < v->nr_modules; i++) {
		for (n = 0; n < t.nr_columns; n++) {
			struct view_cell c = column_of_module(chosen[n], v->modules[i]);
			char cell[32];

			if (c.kind == CELL_NAME) {
				table_name(&t, c.known ? c.text : "?");
				continue;
			}
			cell_format(&c, cell, sizeof(cell));
			table_cell(&t, "%s", cell);
		}
	}
	if (!v->nr_modules)
		return 0;
	snprintf(title, sizeof(title), "Modules%s%s%s%s%s", merged || open ? " (" : "",
		 merged ? "WAITED and LATE were merged" : "", merged && open ? "; " : "",
		 open ? "OPEN have no end" : "", merged || open ? ")" : "");
	print_title(text, style->fields.nr ? "Modules" : title);
	return print_table(text, &t);
}

/* On whose behalf: the kernel's request if that is certain, else the service, best by its group. */
static void cell_origin(struct table *t, const struct view *v, const struct requester_row *r)
{
	char site[256], text[640], clean[1024];

	if (!r->who.request) {
		table_name(t, r->who.unit ? r->who.unit : r->who.service ? r->who.service : "?");
		return;
	}
	view_call_site(v->info, r->who.request, site, sizeof(site));
	snprintf(text, sizeof(text), "%s: %s", site, r->who.request->name);
	escape(clean, sizeof(clean), text, strlen(text));
	table_cell(t, "%s", clean);
}

static void cell_marked_bytes(struct table *t, bool known, bool exact, u64 bytes)
{
	char text[32];

	format_marked_bytes(text, sizeof(text), bytes, known, exact);
	table_cell(t, "%s", text);
}

static void cell_time(struct table *t, const struct call_times *times, enum call_kind kind)
{
	char text[32];

	format_ns(text, sizeof(text), times->ns[kind]);
	table_cell(t, "%s%s",
		   !times_known(times, kind)  ? "?"
		   : times_exact(times, kind) ? ""
					      : "~",
		   !times_known(times, kind) ? ""
		   : times->ended[kind]	     ? text
					     : "-");
}

static bool have_devices(const struct view *v)
{
	size_t i;

	for (i = 0; i < v->nr_requesters; i++)
		if (v->requesters[i].devices)
			return true;
	return false;
}

/* "cpu 64, acpi 64" */
static void cell_devices(struct table *t, const struct device_list *list)
{
	_cleanup_buf_ struct buf text = { 0 };

	if (!list || devices_say_subsystems(list, &text))
		table_name(t, "?");
	else
		table_name(t, text.data);
}

static int print_requesters(struct text *text)
{
	const struct output_style *style = text->style;
	const struct view *v = text->v;
	static const char *const heads[] = {
		"REQUESTER",  "PARENT", "ON BEHALF OF", "MODULES",  "ATTEMPTS",
		"DUPLICATES", "FAILED", "WASTED",	"DUP TIME", "FAIL TIME",
		"LONGEST",    "READ",	"DECOMPRESSED", "LAID OUT", "DEVICES",
	};
	const bool devices = have_devices(v);
	struct table t = new_table(style, heads, ARRAY_SIZE(heads) - !devices, 7);
	unsigned int kind;
	size_t i;

	t.left |= 1ULL << 14;
	t.nr_drop = 8;
	memcpy(t.drop, (const u8[]){ 12, 13, 11, 3, 10, 9, 14, 1 }, 8);
	if (!devices) {
		t.nr_drop--;
		t.drop[6] = 1;
	}
	for (i = 0; i < v->nr_requesters; i++) {
		const struct requester_row *r = &v->requesters[i];
		const bool exact = marks_exact(&r->wasted.marks);

		table_name(&t, r->who.comm);
		table_name(&t, r->who.parent ? r->who.parent : "?");
		cell_origin(&t, v, r);
		table_count(&t, r->modules);
		table_count(&t, r->attempts);
		table_count(&t, r->duplicates);
		table_count(&t, r->times.ended[CALL_FAIL]);
		cell_marked_bytes(&t, marks_wasted_known(&r->wasted.marks, cost_total(&r->wasted)),
				  exact, cost_total(&r->wasted));
		cell_time(&t, &r->times, CALL_DUP);
		cell_time(&t, &r->times, CALL_FAIL);
		cell_ns(&t, r->times.any, r->times.longest_ns);
		for (kind = 0; kind < BYTES_NR; kind++)
			cell_marked_bytes(&t, marks_known(&r->wasted.marks, kind), exact,
					  r->wasted.bytes[kind]);
		if (devices)
			cell_devices(&t, r->devices);
	}
	if (!v->nr_requesters)
		return 0;
	print_title(text, "Requesters");
	return print_table(text, &t);
}

/* How many requests without duplicates are named. */
#define NAMED_REQUESTS 6

static int add_request(struct buf *line, const struct request_name *n, const char *ahead)
{
	char name[256], by[128], parent[128], often[32];
	const struct asker *asker;
	bool alone;
	int ret;

	asker = request_name_asker(n, &alone);
	format_times(often, sizeof(often), n->requests);
	escape(name, sizeof(name), n->name, strlen(n->name));
	ret = buf_addf(line, "%s%s %s", ahead, *name ? name : "-", often);
	if (ret || !asker)
		return ret;
	escape(by, sizeof(by), asker->comm, strlen(asker->comm));
	ret = buf_addf(line, " by %s", by);
	if (!ret && asker->parent) {
		escape(parent, sizeof(parent), asker->parent, strlen(asker->parent));
		ret = buf_addf(line, " (child of %s)", parent);
	}
	return ret || alone ? ret : buf_addf(line, " and others");
}

/* Requests that were nobody's duplicates, in a line: those made again and again, the rest counted. */
static int add_other_requests(const struct text *t, const struct request_names *n, bool more,
			      struct buf *line)
{
	/* Where duplicates aren't recorded there may have been some. */
	const bool known = t->v->info->recorded & 1U << EVENT_AUTOLOAD_DUP;
	char often[32];
	size_t i;
	int ret;

	format_times(often, sizeof(often), n->requests);
	/* Of a single one that is said behind its name. */
	ret = buf_addf(line, "%zu %sname%s requested%s%s%s", n->nr, more ? "other " : "",
		       PLURAL(n->nr), n->nr == 1 ? "" : " ", n->nr == 1 ? "" : often,
		       !known	  ? "" :
		       n->nr == 1 ? ", not in duplicate" :
				    ", none in duplicate");
	for (i = 0; i < n->nr && i < NAMED_REQUESTS && !ret; i++) {
		if (i && n->all[i].requests < 2)
			break;
		ret = add_request(line, &n->all[i], i ? ", " : ": ");
	}
	return ret || n->nr == i ? ret : buf_addf(line, ", and %zu more", n->nr - i);
}

static int print_other_requests(const struct text *t, size_t from)
{
	_cleanup_buf_ struct buf line = { 0 };
	const struct view *v = t->v;
	struct request_names n;
	int ret = request_names_make(&n, v->requests + from, v->nr_requests - from);

	if (!ret && n.nr)
		ret = add_other_requests(t, &n, from, &line);
	request_names_free(&n);
	if (!ret && line.len)
		print_wrapped(t->out, line.data, t->style->width, 0, 2);
	return ret;
}

static void cell_asker(struct table *t, const struct request *r)
{
	const struct asker *asker = view_top_asker(r);
	char text[128];

	if (!asker) {
		table_cell(t, "?");
		return;
	}
	snprintf(text, sizeof(text), "%s %d%s%s%s%s", asker->comm, asker->tid,
		 asker->parent ? " (" : "", asker->parent ? asker->parent : "",
		 asker->parent ? ")" : "", asker->requests < r->requests ? ", others" : "");
	table_name(t, text);
}

static int print_requests(struct text *text)
{
	static const char *const heads[] = { "REQUESTED", "REQUESTS",  "DUPLICATES",
					     "WAITED",	  "CALL SITE", "ASKED BY" };
	const struct view *v = text->v;
	struct table t = new_table(text->style, heads, ARRAY_SIZE(heads), 1 | 3 << 4);
	bool counted = v->info->recorded & 1U << EVENT_REQUEST;
	size_t i;
	int ret = 0;

	/* They come in the order of duplicates. */
	for (i = 0; i < v->nr_requests && v->requests[i]->dups; i++) {
		const struct request *r = v->requests[i];
		char site[512];

		table_name(&t, r->name);
		if (counted)
			table_count(&t, r->requests);
		else
			table_cell(&t, "?");
		table_count(&t, r->dups);
		cell_ns(&t, r->dups, r->wait_ns);
		view_call_site(v->info, r, site, sizeof(site));
		table_name(&t, site);
		cell_asker(&t, r);
	}
	if (!v->nr_requests)
		return 0;
	print_title(text, i ? "Requests by the kernel (WAITED is the sum over duplicates)"
			    : "Requests by the kernel");
	if (i)
		ret = print_table(text, &t);
	return ret || i == v->nr_requests ? ret : print_other_requests(text, i);
}

/* A text in running lines behind its severity, and what to do about it below. */
static int print_finding(const struct finding *f, const struct output_style *style, FILE *out)
{
	static const char *const colours[] = { "\033[36m", "\033[33m", "\033[31m" };
	_cleanup_free_ char *text = escape_dup(f->text, strlen(f->text)), *remedy = NULL;

	if (!text)
		return -ENOMEM;
	fprintf(out, "%s%-5s%s  ", style->colour ? colours[f->severity] : "",
		severity_name(f->severity), style->colour ? "\033[0m" : "");
	print_wrapped(out, text, style->width, 7, 7);
	if (!f->remedy)
		return 0;
	remedy = escape_dup(f->remedy, strlen(f->remedy));
	if (!remedy)
		return -ENOMEM;
	fputs("       remedy: ", out);
	print_wrapped(out, remedy, style->width, 15, 15);
	return 0;
}

static int print_findings(struct text *t)
{
	const struct findings *f = &t->v->findings;
	size_t i;
	int ret = 0;

	if (f->nr)
		print_title(t, "Findings");
	for (i = 0; i < f->nr && !ret; i++)
		ret = print_finding(&f->all[i], t->style, t->out);
	return ret;
}

static int print_events(struct text *text)
{
	const struct output_style *style = text->style;
	const struct view *v = text->v;
	static const char *const heads[] = { "EVENT", "COUNT" };
	struct table t = new_table(style, heads, ARRAY_SIZE(heads), 1);
	bool any = false;
	size_t i;

	for (i = 0; i < v->info->nr_counts; i++) {
		const struct event_count *c = &v->info->counts[i];

		if (!c->count)
			continue;
		table_name(&t, c->name);
		table_cell(&t, "%" PRIu64, c->count);
		any = true;
	}
	if (!any)
		return 0;
	print_title(text, "Events");
	return print_table(text, &t);
}

static void print_patterns(FILE *out, const char *what, const struct patterns *p)
{
	size_t i;

	for (i = 0; i < p->nr; i++) {
		fputs(i ? "," : what, out);
		print_name(out, p->text[i]);
	}
}

static void print_filter(const struct view *v, FILE *out)
{
	const struct filter *f = v->model->filter;
	char from[32], until[32] = "the end";

	if (!f || filter_is_empty(f))
		return;
	fputs("only attempts", out);
	print_patterns(out, " for ", &f->modules);
	print_patterns(out, " by ", &f->comms);
	if (f->from_ns || f->until_ns) {
		format_ns(from, sizeof(from), f->from_ns);
		if (f->until_ns)
			format_ns(until, sizeof(until), f->until_ns);
		fprintf(out, " from %s to %s", from, until);
	}
	fputc('\n', out);
}

static int print_head(struct text *t)
{
	int ret = print_lines(t, print_header);

	return ret ? ret : print_lines(t, print_filter);
}

static int print_verdict(struct text *t)
{
	return output_verdict(t->v, t->style, t->out);
}

static int print_totals(struct text *t)
{
	const struct tally *tally = &t->v->model->totals;

	t->about |= !tally_bytes_exact(tally);
	t->unknown |= tally->failed_unknown || marks_of_tally(tally).unknown;
	return print_lines(t, print_totals_of);
}

static int print_boot(struct text *t)
{
	return t->v->boot ? output_boot_text(t->v, t->style, t->out) : 0;
}

/* THE sections of a report, in their order. */
static const struct {
	const char *name;
	int (*print)(struct text *t);
} sections[] = {
	{ "header", print_head },	{ "verdict", print_verdict },
	{ "findings", print_findings }, { "totals", print_totals },
	{ "modules", print_modules },	{ "requesters", print_requesters },
	{ "requests", print_requests }, { "boot", print_boot },
	{ "events", print_events },
};

_Static_assert(ARRAY_SIZE(sections) <= 32, "more sections than output_style.sections has bits");

static int refuse_section(const char *name, size_t len, struct err *err)
{
	_cleanup_buf_ struct buf names = { 0 };
	size_t i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(sections) && !ret; i++)
		ret = buf_addf(&names, "%s%s", i ? ", " : "", sections[i].name);
	if (ret)
		return err_set(err, ret, "out of memory");
	return err_set(err, -EINVAL, "unknown section \"%.*s\"; use some of %s", (int)len, name,
		       names.data);
}

/**
 * output_parse_sections - read a list of sections of a report
 * @style: its sections are set
 * @list: names with commas between
 * @err: says what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int output_parse_sections(struct output_style *style, const char *list, struct err *err)
{
	style->sections = 0;
	for (;;) {
		size_t len = strcspn(list, ","), i = 0;

		while (i < ARRAY_SIZE(sections) &&
		       (strlen(sections[i].name) != len || memcmp(sections[i].name, list, len)))
			i++;
		if (i == ARRAY_SIZE(sections))
			return refuse_section(list, len, err);
		style->sections |= 1U << i;
		list += len;
		if (!*list++)
			return 0;
	}
}

/**
 * output_has_section - whether a report has a part
 * @style: how it is written
 * @name: the part's
 *
 * Return: whether it is one of those chosen, or none are.
 */
bool output_has_section(const struct output_style *style, const char *name)
{
	size_t i = 0;

	while (strcmp(sections[i].name, name))
		i++;
	return !style->sections || style->sections & 1U << i;
}

/**
 * output_text - write a view for people
 * @v: the view
 * @style: how
 * @out: the stream
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_text(const struct view *v, const struct output_style *style, FILE *out)
{
	struct text t = { .v = v, .style = style, .out = out };
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(sections); i++) {
		if (style->sections && !(style->sections & 1U << i))
			continue;
		ret = sections[i].print(&t);
		if (ret)
			return ret;
	}
	if (t.about || t.unknown)
		fprintf(out, "\n%s%s%s\n", t.about ? "~ an estimate, or not all of it" : "",
			t.about && t.unknown ? "; " : "", t.unknown ? "? not recorded" : "");
	return ferror(out) ? -EIO : 0;
}
