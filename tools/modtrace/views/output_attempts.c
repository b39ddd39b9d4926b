// SPDX-License-Identifier: GPL-2.0-only
/* Attempts one by one. */

#include "views/names.h"
#include "views/output_row.h"

static const char *stage_name(u8 stage)
{
	static const char *const names[] = {
		[STAGE_FILE] = "file",	   [STAGE_READ] = "read", [STAGE_DECOMPRESS] = "decompress",
		[STAGE_VERIFY] = "verify", [STAGE_NAME] = "name", [STAGE_LAYOUT] = "layout",
		[STAGE_INIT] = "init",	   [STAGE_DONE] = "done",
	};

	return stage < ARRAY_SIZE(names) ? names[stage] : "?";
}

/**
 * output_attempt - write an attempt as a line for people
 * @a: the attempt
 * @info: the recording
 * @start_ns: when it began
 * @out: the stream
 *
 * Return: 0, or -EIO if the stream has an error.
 */
int output_attempt(const struct attempt_facts *a, const struct source_info *info, u64 start_ns,
		   FILE *out)
{
	const u64 bytes = cost_total(&a->cost);
	const struct byte_marks *marks = &a->cost.marks;
	char text[32], site[256];

	output_row_time(out, info, a->begin_ns, start_ns);
	if (info->untimed)
		strcpy(text, "?");
	else if (a->end_ns)
		format_ns(text, sizeof(text), sat_sub(a->end_ns, a->begin_ns));
	fprintf(out, "  %8s  ", a->end_ns ? text : "-");
	output_row_name(out, a->module, 20);
	fprintf(out, "  %-11s  ", outcome_name(a->outcome));
	output_row_name(out, a->who.comm, 0);
	fprintf(out, " %d", a->tid);
	if (a->who.parent || a->who.service) {
		fputs(" (", out);
		output_row_name(out, a->who.parent ? a->who.parent : a->who.service, 0);
		if (a->who.service && a->who.parent && strcmp(a->who.service, a->who.parent)) {
			fputs(", ", out);
			output_row_name(out, a->who.service, 0);
		}
		fputc(')', out);
	}
	if (a->who.unit) {
		fputs(" in ", out);
		output_row_name(out, a->who.unit, 0);
	}
	if (a->device.name) {
		fputs(", device ", out);
		output_row_name(out, a->device.name, 0);
	}
	if (a->who.request) {
		view_call_site(info, a->who.request, site, sizeof(site));
		fputs(", for ", out);
		output_row_name(out, a->who.request->name, 0);
		fputs(" at ", out);
		output_row_name(out, site, 0);
	}
	if (a->outcome == OUTCOME_MERGED) {
		format_ns(text, sizeof(text), a->wait_ns);
		fprintf(out, ", gate %s", gate_name(a->gate));
		if (a->leader)
			fprintf(out, ", of %d", a->leader);
		if (a->has_wait)
			fprintf(out, ", waited %s", text);
	}
	if (a->end_ns && a->outcome != OUTCOME_LOADED) {
		fprintf(out, ", %s", returned_text(a->ret, text, sizeof(text)));
		if (a->outcome != OUTCOME_MERGED)
			fprintf(out, " in %s", stage_name(a->stage));
		if (a->by_writer)
			fputs(", the file was open for writing", out);
	}
	if (a->end_ns && (bytes || marks->unknown)) {
		format_marked_bytes(text, sizeof(text), bytes, marks_wasted_known(marks, bytes),
				    marks_exact(marks));
		fprintf(out, ", allocated %s", text);
	}
	fputc('\n', out);
	return ferror(out) ? -EIO : 0;
}

enum field {
	F_BEGIN = ROW_NR,
	F_END,
	F_DURATION,
	F_MODULE,
	F_OUTCOME,
	F_COMM,
	F_TID,
	F_PARENT,
	F_SERVICE,
	F_UNIT,
	F_DEVICE,
	F_SUBSYSTEM,
	F_REQUEST,
	F_CALL_SITE,
	F_SYSCALL,
	F_CAUSE,
	F_GATE,
	F_LEADER,
	F_WAIT,
	F_RET,
	F_ERRNO,
	F_STAGE,
	F_READ,
	F_IMAGE,
	F_LAYOUT,
	F_BYTES_EXACT,
	F_NR
};

static const struct record_field attempt_fields[] = {
	ROW_FIELDS,
	[F_BEGIN] = { "begin_ns", RECORD_TIME, 12, false },
	[F_END] = { "end_ns", RECORD_TIME, 12, false },
	[F_DURATION] = { "duration_ns", RECORD_NS, 8, false },
	[F_MODULE] = { "module", RECORD_TEXT, 20, false },
	[F_OUTCOME] = { "outcome", RECORD_TEXT, 11, false },
	[F_COMM] = { "comm", RECORD_TEXT, 15, false },
	[F_TID] = { "tid", RECORD_SIGNED, 7, false },
	[F_PARENT] = { "parent", RECORD_TEXT, 15, false },
	[F_SERVICE] = { "service", RECORD_TEXT, 15, false },
	[F_UNIT] = { "unit", RECORD_TEXT, 20, false },
	[F_DEVICE] = { "device", RECORD_TEXT, 20, false },
	[F_SUBSYSTEM] = { "subsystem", RECORD_TEXT, 9, false },
	[F_REQUEST] = { "request", RECORD_TEXT, 20, false },
	[F_CALL_SITE] = { "call_site", RECORD_TEXT, 24, false },
	[F_SYSCALL] = { "syscall", RECORD_TEXT, 0, false },
	[F_CAUSE] = { "cause", RECORD_TEXT, 6, false },
	[F_GATE] = { "gate", RECORD_TEXT, 7, false },
	[F_LEADER] = { "leader", RECORD_SIGNED, 7, false },
	[F_WAIT] = { "wait_ns", RECORD_NS, 8, false },
	[F_RET] = { "ret", RECORD_SIGNED, 4, false },
	[F_ERRNO] = { "errno", RECORD_TEXT, 9, false },
	[F_STAGE] = { "stage", RECORD_TEXT, 10, false },
	[F_READ] = { "read_bytes", RECORD_BYTES, 8, false },
	[F_IMAGE] = { "image_bytes", RECORD_BYTES, 8, false },
	[F_LAYOUT] = { "layout_bytes", RECORD_BYTES, 8, false },
	[F_BYTES_EXACT] = { "bytes_exact", RECORD_BOOL, 0, false },
};

_Static_assert(F_NR <= RECORD_FIELDS_MAX, "room for all fields");

/* What there isn't of this attempt, as against what isn't known of it. */
static void none(struct record_value *v)
{
	*v = (struct record_value){ 0 };
}

static void set_bytes(struct record_value *v, const struct attempt_facts *a, enum byte_kind kind)
{
	record_set(v, a->end_ns && marks_known(&a->cost.marks, kind), a->cost.bytes[kind]);
}

static void set_result(struct record_value *v, const struct attempt_facts *a, char *text,
		       size_t size)
{
	const bool ended = a->end_ns;

	record_set(&v[F_RET], ended, (u64)(s64)a->ret);
	record_set_text(&v[F_ERRNO], ended && a->ret ? returned_text(a->ret, text, size) : NULL);
	record_set_text(&v[F_STAGE], ended ? stage_name(a->stage) : NULL);
	if (ended && !a->ret)
		none(&v[F_ERRNO]);
}

static void set_merge(struct record_value *v, const struct attempt_facts *a)
{
	const bool merged = a->outcome == OUTCOME_MERGED;

	record_set_text(&v[F_GATE], merged ? gate_name(a->gate) : NULL);
	record_set(&v[F_LEADER], merged && a->leader > 0, (u64)(s64)a->leader);
	record_set(&v[F_WAIT], merged && a->has_wait, a->wait_ns);
	v[F_GATE].has = v[F_LEADER].has = v[F_WAIT].has = merged;
}

static void set_who(struct record_value *v, const struct attempt_facts *a,
		    const struct source_info *info, char *site, size_t size)
{
	record_set_text(&v[F_COMM], a->who.comm);
	record_set(&v[F_TID], true, (u64)(s64)a->tid);
	record_set_text(&v[F_PARENT], a->who.parent);
	record_set_text(&v[F_SERVICE], a->who.service);
	record_set_text(&v[F_UNIT], a->who.unit);
	if (!(info->recorded & 1U << EVENT_CGROUP))
		none(&v[F_UNIT]);
	if (is_udev(a->who.comm)) {
		record_set_text(&v[F_DEVICE], a->device.name);
		record_set_text(&v[F_SUBSYSTEM], a->device.subsystem);
	}
	if (!a->who.request)
		return;
	view_call_site(info, a->who.request, site, size);
	record_set_text(&v[F_REQUEST], a->who.request->name);
	record_set_text(&v[F_CALL_SITE], a->who.request->ip ? site : NULL);
}

struct attempt_line {
	const struct attempt_facts *a;
	const struct source_info *info;
	u64 start_ns;
};

static int print_line(const void *context, FILE *out)
{
	const struct attempt_line *line = context;

	return output_attempt(line->a, line->info, line->start_ns, out);
}

/**
 * attempt_records_init - set up a stream of attempts
 * @r: the stream
 */
void attempt_records_init(struct records *r)
{
	r->name = "attempts";
	r->fields = attempt_fields;
	r->nr_fields = F_NR;
}

/**
 * attempt_records_add - write an attempt
 * @r: the stream
 * @a: the attempt
 * @row: what its line begins with
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int attempt_records_add(struct records *r, const struct attempt_facts *a,
			struct output_row *row)
{
	const struct source_info *info = row->info;
	const struct attempt_line line = { a, info, r->start_ns };
	struct record_value v[F_NR] = { 0 };
	const bool ended = a->end_ns;
	char text[32], site[512];

	output_row_set(row, "attempt", v);
	record_set(&v[F_BEGIN], !info->untimed, a->begin_ns);
	record_set(&v[F_END], ended && !info->untimed, a->end_ns);
	record_set(&v[F_DURATION], ended && !info->untimed, sat_sub(a->end_ns, a->begin_ns));
	record_set_text(&v[F_MODULE], a->module);
	record_set_text(&v[F_OUTCOME], outcome_name(a->outcome));
	set_who(v, a, info, site, sizeof(site));
	record_set_text(&v[F_SYSCALL], a->syscall == SYSCALL_INIT ? "init" : "finit");
	if (a->by_writer)
		record_set_text(&v[F_CAUSE], "writer");
	set_merge(v, a);
	set_result(v, a, text, sizeof(text));
	set_bytes(&v[F_READ], a, BYTES_READ);
	set_bytes(&v[F_IMAGE], a, BYTES_IMAGE);
	set_bytes(&v[F_LAYOUT], a, BYTES_LAYOUT);
	record_set(&v[F_BYTES_EXACT], true, ended && marks_exact(&a->cost.marks));
	return records_add(r, v, print_line, &line);
}
