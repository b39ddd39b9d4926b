// SPDX-License-Identifier: GPL-2.0-only
/* Attempts and events one by one, each a line, as they come. */

#include <inttypes.h>

#include "formats/events.h"
#include "lib/escape.h"
#include "lib/json.h"
#include "views/names.h"
#include "views/output_row.h"

static void print_name(FILE *out, const char *name, int width)
{
	char clean[512];
	int pad;

	escape(clean, sizeof(clean), name, strlen(name));
	pad = width - (int)display_width(clean);
	fprintf(out, "%s%*s", *clean ? clean : "-", pad > 0 ? pad : 0, "");
}

static void print_time(FILE *out, u64 time_ns, u64 start_ns)
{
	u64 t = sat_sub(time_ns, start_ns);

	fprintf(out, "%5" PRIu64 ".%06" PRIu64, t / NSEC_PER_SEC, t % NSEC_PER_SEC / 1000);
}

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

	print_time(out, a->begin_ns, start_ns);
	if (a->end_ns)
		format_ns(text, sizeof(text), sat_sub(a->end_ns, a->begin_ns));
	fprintf(out, "  %8s  ", a->end_ns ? text : "-");
	print_name(out, a->module, 16);
	fprintf(out, "  %-11s  ", outcome_name(a->outcome));
	print_name(out, a->who.comm, 0);
	fprintf(out, " %d", a->tid);
	if (a->who.parent || a->who.service) {
		fputs(" (", out);
		print_name(out, a->who.parent ? a->who.parent : a->who.service, 0);
		if (a->who.service && a->who.parent && strcmp(a->who.service, a->who.parent)) {
			fputs(", ", out);
			print_name(out, a->who.service, 0);
		}
		fputc(')', out);
	}
	if (a->who.unit) {
		fputs(" in ", out);
		print_name(out, a->who.unit, 0);
	}
	if (a->who.request) {
		view_call_site(info, a->who.request, site, sizeof(site));
		fputs(", for ", out);
		print_name(out, a->who.request->name, 0);
		fputs(" at ", out);
		print_name(out, site, 0);
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
		format_marked_bytes(text, sizeof(text), bytes, marks_wasted_known(marks),
				    marks_exact(marks));
		fprintf(out, ", allocated %s", text);
	}
	fputc('\n', out);
	return ferror(out) ? -EIO : 0;
}

/**
 * output_attempt_json - write an attempt as a line of JSON
 * @a: the attempt
 * @info: the recording
 * @style: has the host
 * @start_ns: when the recording began, on its clock
 * @out: the stream
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_attempt_json(const struct attempt_facts *a, const struct source_info *info,
			const struct output_style *style, u64 start_ns, FILE *out)
{
	struct json j = { .out = out, .compact = true };
	const struct byte_marks *marks = &a->cost.marks;
	bool ended = a->end_ns, merged = a->outcome == OUTCOME_MERGED;
	char text[32], site[512];

	output_row_open(&j, "attempt", info, style, start_ns);
	json_number(&j, "begin_ns", a->begin_ns);
	json_number_if(&j, "end_ns", ended, a->end_ns);
	json_string(&j, "module", a->module);
	json_string(&j, "outcome", outcome_name(a->outcome));
	json_string(&j, "comm", a->who.comm);
	json_signed(&j, "tid", a->tid);
	json_string(&j, "parent", a->who.parent);
	json_string(&j, "service", a->who.service);
	if (info->recorded & 1U << EVENT_CGROUP)
		json_string(&j, "unit", a->who.unit);
	json_string(&j, "request", a->who.request ? a->who.request->name : NULL);
	if (a->who.request)
		view_call_site(info, a->who.request, site, sizeof(site));
	json_string(&j, "call_site", a->who.request && a->who.request->ip ? site : NULL);
	json_string(&j, "syscall", a->syscall == SYSCALL_INIT ? "init" : "finit");
	json_string(&j, "cause", a->by_writer ? "writer" : NULL);
	json_string(&j, "gate", merged ? gate_name(a->gate) : NULL);
	json_number_if(&j, "leader", merged && a->leader > 0, a->leader);
	json_number_if(&j, "wait_ns", merged && a->has_wait, a->wait_ns);
	if (ended) {
		json_signed(&j, "ret", a->ret);
		json_string(&j, "errno", a->ret ? returned_text(a->ret, text, sizeof(text)) : NULL);
		json_string(&j, "stage", stage_name(a->stage));
	} else {
		json_null(&j, "ret");
		json_null(&j, "errno");
		json_null(&j, "stage");
	}
	json_number_if(&j, "read_bytes", ended && marks_known(marks, BYTES_READ),
		       a->cost.bytes[BYTES_READ]);
	json_number_if(&j, "image_bytes", ended && marks_known(marks, BYTES_IMAGE),
		       a->cost.bytes[BYTES_IMAGE]);
	json_number_if(&j, "layout_bytes", ended && marks_known(marks, BYTES_LAYOUT),
		       a->cost.bytes[BYTES_LAYOUT]);
	json_bool(&j, "bytes_exact", ended && marks_exact(marks));
	json_close(&j, '}');
	return json_end(&j);
}

static void print_string(FILE *out, const struct str *s)
{
	_cleanup_free_ char *clean = s->len ? escape_dup(s->text, s->len) : NULL;

	fprintf(out, "\"%s\"", clean ? clean : "");
}

static void print_fields(const struct event_desc *desc, const struct event *ev, FILE *out)
{
	const struct event_field *f;

	for (f = desc->fields; f->name; f++) {
		const char *at = (const char *)ev + f->offset;
		u64 v64;
		u32 v32;

		fprintf(out, " %s=", f->name);
		switch (f->size) {
		case 0:
			print_string(out, (const struct str *)at);
			break;
		case 1:
			fprintf(out, "%u", *(const u8 *)at);
			break;
		case 4:
			memcpy(&v32, at, 4);
			if (f->offset == offsetof(struct event, ret) ||
			    f->offset == offsetof(struct event, leader))
				fprintf(out, "%d", (s32)v32);
			else if (f->offset == offsetof(struct event, dev))
				fprintf(out, "%u,%u", v32 >> 20, v32 & 0xfffff);
			else
				fprintf(out, "%u", v32);
			break;
		default:
			memcpy(&v64, at, 8);
			fprintf(out,
				f->offset == offsetof(struct event, ip) ? "0x%" PRIx64 : "%" PRIu64,
				v64);
		}
	}
}

static void print_task_event(const struct event *ev, FILE *out)
{
	switch (ev->type) {
	case EVENT_FORK:
		fprintf(out, "fork task=%d parent=%d", ev->task, ev->parent_tid);
		break;
	case EVENT_COMM:
		fprintf(out, "comm task=%d name=", ev->task);
		print_string(out, &ev->comm);
		break;
	case EVENT_EXIT:
		fprintf(out, "exit task=%d", ev->task);
		break;
	case EVENT_CGROUP:
		fprintf(out, "cgroup id=%" PRIu64 " path=", ev->cgroup);
		print_string(out, &ev->comm);
		break;
	default:
		fprintf(out, "lost events=%" PRIu64, ev->lost);
		break;
	}
}

/**
 * output_event - write an event as a line for people
 * @ev: the event
 * @comm: name of its thread, NULL if not known
 * @start_ns: when the recording began
 * @out: the stream
 *
 * Return: 0, or -EIO if the stream has an error.
 */
int output_event(const struct event *ev, const char *comm, u64 start_ns, FILE *out)
{
	size_t i = 0;

	print_time(out, ev->time_ns, start_ns);
	fprintf(out, " [%03u] ", ev->cpu);
	print_name(out, comm ? comm : "?", 15);
	fprintf(out, " %7d ", ev->tid);
	while (i < event_table_nr && event_table[i].type != ev->type)
		i++;
	if (i < event_table_nr && ev->type != EVENT_NONE) {
		fputs(event_table[i].name, out);
		print_fields(&event_table[i], ev, out);
	} else {
		print_task_event(ev, out);
	}
	fputc('\n', out);
	return ferror(out) ? -EIO : 0;
}
