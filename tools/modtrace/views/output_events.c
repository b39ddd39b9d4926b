// SPDX-License-Identifier: GPL-2.0-only
/* Events one by one: what was recorded under its own name, and what is derived of it, marked. */

#include <inttypes.h>

#include "formats/events.h"
#include "lib/escape.h"
#include "views/output_row.h"

enum field {
	F_TIME = ROW_NR,
	F_CPU,
	F_COMM,
	F_TID,
	F_EVENT,
	F_DERIVED,
	F_FIRST, /* fields of events, whose names are those of the kernel */
};

/* Those of all events, a name once. Of records of tasks and losses they are those of tracepoints. */
static const struct record_field event_fields[] = {
	ROW_FIELDS,
	[F_TIME] = { "time_ns", RECORD_TIME, 12, false },
	[F_CPU] = { "cpu", RECORD_NUMBER, 0, false },
	[F_COMM] = { "comm", RECORD_TEXT, 15, false },
	[F_TID] = { "tid", RECORD_SIGNED, 7, false },
	[F_EVENT] = { "event", RECORD_TEXT, 22, false },
	[F_DERIVED] = { "derived", RECORD_BOOL, 0, false },
	{ "ino", RECORD_NUMBER, 8, false },
	{ "len", RECORD_NUMBER, 8, false },
	{ "dev", RECORD_DEVICE, 7, false },
	{ "flags", RECORD_NUMBER, 0, false },
	{ "syscall", RECORD_NUMBER, 0, false },
	{ "file", RECORD_TEXT, 16, false },
	{ "name", RECORD_TEXT, 20, false },
	{ "wait_ns", RECORD_NS, 8, false },
	{ "bytes", RECORD_SIGNED, 8, false },
	{ "ret", RECORD_SIGNED, 4, false },
	{ "leader", RECORD_SIGNED, 7, false },
	{ "gate", RECORD_NUMBER, 0, false },
	{ "ip", RECORD_TEXT, 24, false },
	{ "wait", RECORD_NUMBER, 0, false },
	{ "read_bytes", RECORD_NUMBER, 0, false },
	{ "image_bytes", RECORD_NUMBER, 0, false },
	{ "layout_bytes", RECORD_NUMBER, 0, false },
	{ "duration_ns", RECORD_NS, 8, false },
	{ "stage", RECORD_NUMBER, 0, false },
	{ "fd", RECORD_SIGNED, 0, false },
	{ "id", RECORD_NUMBER, 0, false },
	{ "args_0", RECORD_SIGNED, 0, false },
	{ "args_1", RECORD_NUMBER, 0, false },
	{ "args_2", RECORD_NUMBER, 0, false },
	{ "path", RECORD_TEXT, 24, false },
	{ "child_pid", RECORD_SIGNED, 0, false },
	{ "parent_pid", RECORD_SIGNED, 0, false },
	{ "child_comm", RECORD_TEXT, 15, false },
	{ "pid", RECORD_SIGNED, 7, false },
	{ "filename", RECORD_TEXT, 15, false },
	{ "newcomm", RECORD_TEXT, 15, false },
	{ "cgroup", RECORD_NUMBER, 0, false },
	{ "lost", RECORD_NUMBER, 0, false },
};

_Static_assert(ARRAY_SIZE(event_fields) <= RECORD_FIELDS_MAX, "room for all fields");

/* perf's own records, which have no layout, and what is derived that no tracepoint is called. */
static const char *record_name(enum event_type type)
{
	switch (type) {
	case EVENT_FORK:
		return "fork";
	case EVENT_COMM:
		return "comm";
	case EVENT_EXIT:
		return "exit";
	case EVENT_CGROUP:
		return "cgroup";
	case EVENT_LOST:
		return "lost";
	case EVENT_LOAD_NAMED:
		return "load_named";
	case EVENT_LOAD_REJECTED:
		return "load_rejected";
	default:
		return "?";
	}
}

/* The table's entry of an event: that of its record, or of what it is derived to be. */
static const struct event_desc *desc_of(const struct event *ev)
{
	size_t i;

	if (ev->reader)
		return ev->reader->desc;
	for (i = 0; ev->from_calls && i < event_table_nr; i++)
		if (event_table[i].type == ev->type)
			return &event_table[i];
	return NULL;
}

static size_t field_index(const char *key)
{
	size_t i = F_FIRST;

	while (i < ARRAY_SIZE(event_fields) && strcmp(event_fields[i].key, key))
		i++;
	return i;
}

static void set(struct record_value *v, const char *key, bool known, u64 number)
{
	size_t i = field_index(key);

	if (i < ARRAY_SIZE(event_fields))
		record_set(&v[i], known, number);
}

static void set_str(struct record_value *v, const char *key, const struct str *s)
{
	size_t i = field_index(key);

	if (i == ARRAY_SIZE(event_fields))
		return;
	record_set_text(&v[i], s->text);
	v[i].text = *s;
}

/* Of what is derived: whether system calls and probes told it. */
static bool is_told(const struct event *ev, const struct event_field *f)
{
	switch (f->offset) {
	case offsetof(struct event, read_bytes):
		return !(ev->unknown_bytes & UNKNOWN_READ);
	case offsetof(struct event, image_bytes):
		return !(ev->unknown_bytes & UNKNOWN_IMAGE);
	case offsetof(struct event, layout_bytes):
		return !(ev->unknown_bytes & UNKNOWN_LAYOUT);
	case offsetof(struct event, wait_ns):
		return ev->has_wait;
	case offsetof(struct event, len):
		return ev->syscall == SYSCALL_INIT;
	case offsetof(struct event, flags):
		return ev->syscall == SYSCALL_FINIT;
	case offsetof(struct event, gate):
	case offsetof(struct event, bytes):
		return false;
	case offsetof(struct event, dev):
		return ev->ino;
	case offsetof(struct event, ino):
		return ev->ino;
	case offsetof(struct event, leader):
		return ev->leader;
	case offsetof(struct event, duration_ns):
		return ev->duration_ns;
	default:
		return true;
	}
}

static u64 number_at(const struct event *ev, const struct event_field *f)
{
	const char *at = (const char *)ev + f->offset;
	u64 v64;
	u32 v32;

	if (f->size == 1)
		return *(const u8 *)at;
	if (f->size == 8) {
		memcpy(&v64, at, 8);
		return v64;
	}
	memcpy(&v32, at, 4);
	switch (f->offset) {
	case offsetof(struct event, dev):
	case offsetof(struct event, flags):
		return v32;
	default:
		return (u64)(s64)(s32)v32;
	}
}

/* A call site is told by its symbol; where the kernel is, is nobody's business. */
static void set_call_site(struct record_value *v, const char *key, const struct source_info *info,
			  bool known, u64 ip)
{
	const char *symbol = source_symbol(info, ip);
	size_t i = field_index(key);

	if (i < ARRAY_SIZE(event_fields))
		record_set_text(&v[i], symbol ? symbol : known ? "?" : NULL);
}

static void set_fields(struct record_value *v, const struct event_desc *desc,
		       const struct event *ev, const struct source_info *info)
{
	const struct event_field *f;
	char key[32];

	for (f = desc->fields; f->name; f++) {
		const bool known = ev->reader ? event_field_is_known(ev, f) : is_told(ev, f);

		/* A field that is read into two places is one all the same. */
		if (f != desc->fields && !f->element && !strcmp(f->name, f[-1].name))
			continue;
		if (!f->size) {
			set_str(v, f->name, (const struct str *)((const char *)ev + f->offset));
			continue;
		}
		/* Of calls by their numbers, their first argument has that place. */
		if (f->offset == offsetof(struct event, ip) && !f->element) {
			set_call_site(v, f->name, info, known, ev->ip);
			continue;
		}
		if (f->element)
			snprintf(key, sizeof(key), "%s_%d", f->name, f->element - 1);
		set(v, f->element ? key : f->name, known, number_at(ev, f));
	}
}

static void set_record(struct record_value *v, const struct event *ev)
{
	switch (ev->type) {
	case EVENT_FORK:
		set(v, "child_pid", true, (u64)(s64)ev->task);
		set(v, "parent_pid", true, (u64)(s64)ev->parent_tid);
		break;
	case EVENT_COMM:
		set(v, "pid", true, (u64)(s64)ev->task);
		set_str(v, "newcomm", &ev->comm);
		break;
	case EVENT_EXIT:
		set(v, "pid", true, (u64)(s64)ev->task);
		break;
	case EVENT_CGROUP:
		set(v, "cgroup", true, ev->cgroup);
		set_str(v, "path", &ev->comm);
		break;
	case EVENT_LOST:
		set(v, "lost", true, ev->lost);
		break;
	case EVENT_LOAD_NAMED:
		set(v, "ino", ev->ino, ev->ino);
		set(v, "dev", ev->ino, ev->dev);
		set_str(v, "file", &ev->file);
		break;
	case EVENT_LOAD_REJECTED:
		set(v, "ret", true, (u64)(s64)ev->ret);
		break;
	default:
		break;
	}
}

static void print_text(FILE *out, const struct str *s)
{
	_cleanup_free_ char *clean = s->len ? escape_dup(s->text, s->len) : NULL;

	fprintf(out, "\"%s\"", clean ? clean : "");
}

static void print_field(FILE *out, const struct record_field *f, const struct record_value *v)
{
	fprintf(out, " %s=", f->key);
	if (!v->known)
		fputc('?', out);
	else if (f->kind == RECORD_TEXT)
		print_text(out, &v->text);
	else if (f->kind == RECORD_DEVICE)
		fprintf(out, "%" PRIu64 ",%" PRIu64, v->number >> 20, v->number & 0xfffff);
	else if (f->kind == RECORD_SIGNED)
		fprintf(out, "%" PRId64, (s64)v->number);
	else
		fprintf(out, "%" PRIu64, v->number);
}

struct event_line {
	const struct event *ev;
	const struct record_value *values;
	u64 start_ns;
};

/* As trace-cmd and perf script have it. */
static int print_line(const void *context, FILE *out)
{
	const struct event_line *line = context;
	const struct record_value *v = line->values;
	u64 t = sat_sub(line->ev->time_ns, line->start_ns);
	char comm[128];
	size_t i;

	if (v[F_COMM].known)
		escape(comm, sizeof(comm), v[F_COMM].text.text, v[F_COMM].text.len);
	else
		strcpy(comm, "?");
	if (v[F_TIME].known)
		fprintf(out, "%5" PRIu64 ".%06" PRIu64, t / NSEC_PER_SEC, t % NSEC_PER_SEC / 1000);
	else
		fprintf(out, "%12s", "?");
	fprintf(out, " [%03u] %s%*s %7d %s", line->ev->cpu, *comm ? comm : "-",
		display_width(comm) < 15 ? 15 - (int)display_width(comm) : 0, "", line->ev->tid,
		v[F_EVENT].text.text);
	for (i = F_FIRST; i < ARRAY_SIZE(event_fields); i++)
		if (v[i].has)
			print_field(out, &event_fields[i], &v[i]);
	fputs(line->ev->from_calls ? " (derived)\n" : "\n", out);
	return ferror(out) ? -EIO : 0;
}

/**
 * event_records_init - set up a stream of events
 * @r: the stream
 */
void event_records_init(struct records *r)
{
	r->name = "events";
	r->fields = event_fields;
	r->nr_fields = ARRAY_SIZE(event_fields);
	r->sparse = true;
}

/**
 * event_records_add - write an event
 * @r: the stream
 * @ev: the event
 * @comm: name of its thread, NULL if not known
 * @row: what its line begins with
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int event_records_add(struct records *r, const struct event *ev, const char *comm,
		      struct output_row *row)
{
	const struct event_desc *desc = desc_of(ev);
	struct record_value v[ARRAY_SIZE(event_fields)] = { 0 };
	const struct event_line line = { ev, v, r->start_ns };

	output_row_set(row, "event", v);
	record_set(&v[F_TIME], !row->info->untimed, ev->time_ns);
	record_set(&v[F_CPU], true, ev->cpu);
	record_set_text(&v[F_COMM], comm);
	record_set(&v[F_TID], true, (u64)(s64)ev->tid);
	record_set_text(&v[F_EVENT], desc ? desc->name : record_name(ev->type));
	record_set(&v[F_DERIVED], true, ev->from_calls);
	if (desc)
		set_fields(v, desc, ev, row->info);
	else
		set_record(v, ev);
	return records_add(r, v, print_line, &line);
}
