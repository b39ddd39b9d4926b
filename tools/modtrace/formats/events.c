// SPDX-License-Identifier: GPL-2.0-only
#include "formats/events.h"

#include <ctype.h>
#include <limits.h>
#include <traceevent/event-parse.h>

#define NUM(n, member, req) \
	{ .name = n, .offset = offsetof(struct event, member), \
	  .size = sizeof(((struct event *)0)->member), .required = req }
#define ELEMENT(n, i, member)                                                                     \
	{                                                                                         \
		.name = n, .offset = offsetof(struct event, member),                              \
		.size = sizeof(((struct event *)0)->member), .required = true, .element = (i) + 1 \
	}
#define STR(n, member) { .name = n, .offset = offsetof(struct event, member) }

/* Arguments of a system call, each as long as a long is. */
#define CALL_ARGS 6

/* What the kernel keeps of a thread's name. */
#define COMM_MAX 15

static const struct event_field load_begin_fields[] = {
	NUM("ino", ino, false), NUM("len", len, false), NUM("dev", dev, false),
	NUM("flags", flags, false), NUM("syscall", syscall, false), STR("file", file), { 0 }
};

static const struct event_field load_merged_fields[] = {
	NUM("wait_ns", wait_ns, false), NUM("bytes", bytes, false), NUM("ret", ret, false),
	NUM("leader", leader, false), NUM("gate", gate, false), STR("name", name), { 0 }
};

static const struct event_field load_busy_fields[] = {
	NUM("ino", ino, false), NUM("dev", dev, false), NUM("ret", ret, false),
	NUM("leader", leader, false), STR("file", file), { 0 }
};

static const struct event_field autoload_dup_fields[] = {
	NUM("ip", ip, false), NUM("wait_ns", wait_ns, false), NUM("ret", ret, false),
	NUM("leader", leader, false), NUM("wait", wait, false), STR("name", name), { 0 }
};

static const struct event_field load_end_fields[] = {
	NUM("read_bytes", read_bytes, true), NUM("image_bytes", image_bytes, true),
	NUM("layout_bytes", layout_bytes, true), NUM("duration_ns", duration_ns, false),
	NUM("ret", ret, true), NUM("stage", stage, true), STR("name", name), STR("file", file),
	{ 0 }
};

static const struct event_field request_fields[] = {
	NUM("ip", ip, false), NUM("wait", wait, false), STR("name", name), { 0 }
};

static const struct event_field name_fields[] = { STR("name", name), { 0 } };
static const struct event_field no_fields[] = { { 0 } };

/* Task records of those who have only tracepoints; a thread is taken for a process. */
static const struct event_field fork_fields[] = {
	NUM("child_pid", task, true), NUM("child_pid", pid, true),
	NUM("parent_pid", parent_tid, true), NUM("parent_pid", parent_pid, true),
	STR("child_comm", comm), { 0 }
};

static const struct event_field exec_fields[] = {
	NUM("pid", task, true), NUM("pid", pid, true),
	{ .name = "filename", .offset = offsetof(struct event, comm), .required = true,
	  .is_path = true }, { 0 }
};

static const struct event_field rename_fields[] = {
	NUM("pid", task, true), NUM("pid", pid, true), STR("newcomm", comm), { 0 }
};

static const struct event_field exit_fields[] = {
	NUM("pid", task, true), NUM("pid", pid, true), { 0 }
};

/* Calls and probes of a kernel without the series. */
static const struct event_field finit_fields[] = {
	NUM("fd", fd, true), NUM("flags", flags, false), { 0 }
};

static const struct event_field init_fields[] = { NUM("len", len, false), { 0 } };
static const struct event_field call_exit_fields[] = { NUM("ret", ret, true), { 0 } };

/* Calls of all kinds; their number and arguments take the places of what they have none of. */
static const struct event_field raw_enter_fields[] = {
	NUM("id", ino, true),	   ELEMENT("args", 0, ip),	    ELEMENT("args", 1, read_bytes),
	ELEMENT("args", 2, bytes), ELEMENT("args", 3, duration_ns), { 0 }
};

static const struct event_field raw_exit_fields[] = { NUM("id", ino, true),
						      NUM("ret", ret, true),
						      { 0 } };

static const struct event_field open_fields[] = {
	{ .name = "path", .offset = offsetof(struct event, file), .required = true }, { 0 }
};

static const struct event_field read_fields[] = {
	{ .name = "file", .offset = offsetof(struct event, file), .required = true },
	NUM("ino", ino, false), NUM("dev", dev, false), { 0 }
};

static const struct event_field read_exit_fields[] = { NUM("bytes", bytes, true), { 0 } };
static const struct event_field alloc_fields[] = { NUM("bytes", bytes, true), { 0 } };

#define SERIES "a kernel with the series of kernel-patches/ and CONFIG_MODULES, CONFIG_TRACEPOINTS"
#define STOCK "a kernel with CONFIG_MODULES and CONFIG_TRACEPOINTS"
#define CALLS "a kernel with CONFIG_FTRACE_SYSCALLS"
#define PROBES "a kernel with CONFIG_KPROBE_EVENTS"

/* Fields may be appended or be missing: they are found by name, and only some are required. */
const struct event_desc event_table[] = {
	{ "module", "module_load_begin", EVENT_LOAD_BEGIN, NEED_REQUIRED, SERIES,
	  load_begin_fields },
	{ "module", "module_load_merged", EVENT_LOAD_MERGED, NEED_REQUIRED, SERIES,
	  load_merged_fields },
	{ "module", "module_load_exclusive_busy", EVENT_LOAD_EXCLUSIVE_BUSY, NEED_REQUIRED, SERIES,
	  load_busy_fields },
	{ "module", "module_autoload_dup", EVENT_AUTOLOAD_DUP, NEED_REQUIRED, SERIES,
	  autoload_dup_fields },
	{ "module", "module_load_end", EVENT_LOAD_END, NEED_REQUIRED, SERIES, load_end_fields },
	{ "module", "module_request", EVENT_REQUEST, NEED_OPTIONAL, STOCK, request_fields },
	{ "module", "module_load", EVENT_LOAD, NEED_OPTIONAL, STOCK, name_fields },
	{ "module", "module_free", EVENT_FREE, NEED_OPTIONAL, STOCK, name_fields },
	{ "module", "module_get", EVENT_NONE, NEED_NONE, STOCK, no_fields },
	{ "module", "module_put", EVENT_NONE, NEED_NONE, STOCK, no_fields },
	{ "syscalls", "sys_enter_finit_module", EVENT_FINIT_ENTER, NEED_STOCK, CALLS,
	  finit_fields },
	{ "syscalls", "sys_exit_finit_module", EVENT_FINIT_EXIT, NEED_STOCK, CALLS,
	  call_exit_fields },
	{ "syscalls", "sys_enter_init_module", EVENT_INIT_ENTER, NEED_STOCK, CALLS, init_fields },
	{ "syscalls", "sys_exit_init_module", EVENT_INIT_EXIT, NEED_STOCK, CALLS,
	  call_exit_fields },
	{ "syscalls", "sys_exit_openat", EVENT_OPEN_EXIT, NEED_OPENS, CALLS, call_exit_fields },
	{ "syscalls", "sys_exit_open", EVENT_OPEN_EXIT, NEED_NONE, CALLS, call_exit_fields },
	{ "syscalls", "sys_exit_openat2", EVENT_OPEN_EXIT, NEED_NONE, CALLS, call_exit_fields },
	{ "raw_syscalls", "sys_enter", EVENT_RAW_ENTER, NEED_NONE, CALLS, raw_enter_fields },
	{ "raw_syscalls", "sys_exit", EVENT_RAW_EXIT, NEED_NONE, CALLS, raw_exit_fields },
	{ "modtrace*", "open", EVENT_OPEN, NEED_PROBE, PROBES, open_fields },
	{ "modtrace*", "read", EVENT_READ, NEED_PROBE, PROBES, read_fields },
	{ "modtrace*", "read_done", EVENT_READ_EXIT, NEED_PROBE, PROBES, read_exit_fields },
	{ "modtrace*", "alloc", EVENT_ALLOC, NEED_PROBE, PROBES, alloc_fields },
	{ "modtrace*", "call", EVENT_CALL, NEED_PROBE, PROBES, read_fields },
	{ "modtrace*", "image", EVENT_IMAGE, NEED_PROBE, PROBES, alloc_fields },
	/* In place of the calls' own, in a boot: see boot_cmdline(). */
	{ "modtrace*", "sought", EVENT_SOUGHT, NEED_NONE, PROBES, name_fields },
	{ "modtrace*", "renamed", EVENT_DEVICE, NEED_PROBE, PROBES, open_fields },
	{ "modtrace*", "unlinked", EVENT_DEVICE, NEED_PROBE, PROBES, open_fields },
	{ "modtrace*", "finit_enter", EVENT_FINIT_ENTER, NEED_NONE, PROBES, finit_fields },
	{ "modtrace*", "finit_exit", EVENT_FINIT_EXIT, NEED_NONE, PROBES, call_exit_fields },
	{ "modtrace*", "init_enter", EVENT_INIT_ENTER, NEED_NONE, PROBES, init_fields },
	{ "modtrace*", "init_exit", EVENT_INIT_EXIT, NEED_NONE, PROBES, call_exit_fields },
	{ "sched", "sched_process_fork", EVENT_FORK, NEED_NONE, STOCK, fork_fields },
	{ "sched", "sched_process_exec", EVENT_COMM, NEED_NONE, STOCK, exec_fields },
	{ "sched", "sched_process_exit", EVENT_EXIT, NEED_NONE, STOCK, exit_fields },
	{ "task", "task_rename", EVENT_COMM, NEED_NAMES, STOCK, rename_fields },
};

const size_t event_table_nr = ARRAY_SIZE(event_table);

static bool is_system(const char *wanted, const char *system)
{
	size_t len = strlen(wanted);

	if (len && wanted[len - 1] == '*')
		return !strncmp(wanted, system, len - 1);
	return !strcmp(wanted, system);
}

/**
 * event_desc_find - the table's entry for a tracepoint
 * @system: trace system
 * @name: name
 *
 * Return: the entry, which is static, or NULL.
 */
const struct event_desc *event_desc_find(const char *system, const char *name)
{
	size_t i;

	for (i = 0; i < event_table_nr; i++)
		if (!strcmp(event_table[i].name, name) && is_system(event_table[i].system, system))
			return &event_table[i];
	return NULL;
}

static size_t identifier(const char *p)
{
	size_t n = 0;

	if (isdigit((unsigned char)*p))
		return 0;
	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

static bool is_location(const char *p, size_t n)
{
	return (n == 10 && !memcmp(p, "__data_loc", n)) || (n == 9 && !memcmp(p, "__rel_loc", n));
}

/*
 * Words, each an identifier, or stars; the last one is the name, which may have [3] behind. Only
 * where the first says that the data is elsewhere, the last but one has [] behind.
 */
static bool declaration_is_plain(const char *p, const char *end)
{
	bool named = false, elsewhere = is_location(p, identifier(p)), bracket = false;
	unsigned int words = 0;

	while (p < end) {
		size_t n = identifier(p);

		named = n;
		words += named;
		p += named ? n : strspn(p, "*");
		if (named && *p == '[') {
			bool empty = p[1] == ']';

			p += 1 + strspn(p + 1, "0123456789");
			if (*p++ != ']' || bracket || (p < end && (!elsewhere || !empty)))
				return false;
			bracket = true;
		}
		if (p < end && *p++ != ' ')
			return false;
	}
	return named && words >= 2 && (!elsewhere || bracket);
}

/* "\tfield:TYPE NAME;\toffset:N;\tsize:N;\tsigned:N;" and nothing else */
static bool field_is_plain(const char *line, size_t len)
{
	char copy[320];
	unsigned int offset, size, is_signed;
	const char *rest;
	int used = 0;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, line, len);
	copy[len] = '\0';
	if (strlen(copy) != len || strncmp(copy, "\tfield:", 7))
		return false;
	rest = strchr(copy, ';');
	if (!rest || !declaration_is_plain(copy + 7, rest))
		return false;
	return sscanf(rest, ";\toffset:%5u;\tsize:%5u;\tsigned:%1u;%n", &offset, &size,
		      &is_signed, &used) == 3 && used && !rest[used];
}

/*
 * A recording is somebody else's text. The library gets only lines of the form that the
 * kernel prints, and no print format: that needs a C expression parser, which we don't want
 * to run on it and whose result we don't use.
 */
static int plain_format(const char *text, size_t len, struct buf *out, struct buf *name, int *id)
{
	bool has_name = false, has_id = false, blank = false;
	const char *end = text + len;

	while (text < end) {
		const char *eol = memchr(text, '\n', end - text);
		size_t n = (eol ? eol : end) - text;
		int ret = 0;

		if (!has_name && n > 6 && !memcmp(text, "name: ", 6)) {
			has_name = true;
			ret = buf_add(name, text + 6, n - 6);
			if (!ret && (n > 128 || identifier(name->data) != n - 6))
				return -EINVAL;
			if (!ret)
				ret = buf_addf(out, "%.*s\n", (int)n, text);
		} else if (!has_id && n > 4 && !memcmp(text, "ID: ", 4)) {
			char digits[16];
			u64 value;

			snprintf(digits, sizeof(digits), "%.*s", (int)(n - 4), text + 4);
			if (n > 14 || parse_u64(digits, INT_MAX, &value))
				return -EINVAL;
			has_id = true;
			*id = value;
			ret = buf_addf(out, "ID: %d\nformat:\n", *id);
		} else if (has_id && n && *text == '\t') {
			if (!field_is_plain(text, n))
				return -EINVAL;
			ret = buf_addf(out, "%.*s\n", (int)n, text);
			blank = false;
		} else if (has_id && !n) {
			ret = buf_add(out, "\n", 1);
			blank = true;
		} else if (n >= 10 && !memcmp(text, "print fmt:", 10)) {
			break;
		}
		if (ret)
			return ret;
		text = eol ? eol + 1 : end;
	}
	if (!has_name || !has_id)
		return -EINVAL;
	/* libtraceevent 1.9 takes nothing else for the end of the fields. */
	return buf_addf(out, "%sprint fmt: \"\"\n", blank ? "" : "\n");
}

static void resolve_field(struct event_reader *r, const struct event_field *want,
			  const struct tep_format_field *f)
{
	struct event_reader_field *out = &r->fields[r->nr];
	bool is_string = !want->size, is_array = false;
	int offset = f->offset, size = f->size;

	if (f->offset < 0 || f->offset > UINT16_MAX)
		return;
	if (want->element) {
		size = f->size / CALL_ARGS;
		if (f->flags & TEP_FIELD_IS_DYNAMIC || !(f->flags & TEP_FIELD_IS_ARRAY) ||
		    (size != 4 && size != 8))
			return;
		offset += (want->element - 1) * size;
		if (offset > UINT16_MAX)
			return;
	} else if (is_string) {
		is_array = !(f->flags & TEP_FIELD_IS_DYNAMIC);
		if (is_array ? !(f->flags & TEP_FIELD_IS_ARRAY) || f->size < 1 ||
			       f->size > UINT16_MAX : f->size != 4)
			return;
	} else if (f->flags & (TEP_FIELD_IS_DYNAMIC | TEP_FIELD_IS_ARRAY) ||
		   (f->size != 1 && f->size != 2 && f->size != 4 && f->size != 8)) {
		return;
	}
	*out = (struct event_reader_field){
		.from = offset,
		.size = size,
		.is_signed = f->flags & TEP_FIELD_IS_SIGNED,
		.is_string = is_string,
		.is_array = is_array,
		.is_path = want->is_path,
		.is_relative = f->flags & TEP_FIELD_IS_RELATIVE,
		.is_required = want->required,
		.to = want->offset,
		.to_size = want->size,
	};
	r->nr++;
	if (want->offset == offsetof(struct event, wait_ns))
		r->wait_end = out->from + out->size;
	if (out->from + (size_t)out->size > r->whole)
		r->whole = out->from + (size_t)out->size;
}

static unsigned int field_group(const struct event_reader_field *f)
{
	if (f->is_string || f->size != f->to_size)
		return 2;
	return f->size == 8 ? 0 : f->size == 4 ? 1 : 2;
}

/* Most numbers only need copying, and quickest without a look at what each is. */
static void group_fields(struct event_reader *r)
{
	struct event_reader_field sorted[EVENTS_MAX_FIELDS];
	unsigned int group;
	u8 i, nr = 0;

	for (group = 0; group < 3; group++) {
		for (i = 0; i < r->nr; i++)
			if (field_group(&r->fields[i]) == group)
				sorted[nr++] = r->fields[i];
		if (group == 0)
			r->nr_8 = nr;
		else if (group == 1)
			r->nr_4 = nr - r->nr_8;
	}
	memcpy(r->fields, sorted, nr * sizeof(*sorted));
}

/**
 * event_reader_init - resolve the layout of one tracepoint
 * @r: filled; owns nothing
 * @tep: libtraceevent's handle, with byte order and long size set
 * @format: text of the event's format file, from a source that need not be trusted
 * @len: its length
 * @system: trace system
 * @id: the event's id
 * @name: the event's name is put here
 *
 * Return: 0; -EINVAL if the text is no event format. An event that the table doesn't have,
 * or one without a required field, is no error: see struct event_reader.
 */
int event_reader_init(struct event_reader *r, struct tep_handle *tep, const char *format,
		      size_t len, const char *system, int *id, struct buf *name)
{
	_cleanup_buf_ struct buf plain = { 0 };
	const struct event_field *want;
	struct tep_format_field *f;
	struct tep_event *event = NULL;
	struct tep_handle *own;
	int ret;

	*r = (struct event_reader){ 0 };
	ret = plain_format(format, len, &plain, name, id);
	if (ret)
		return ret;
	r->desc = event_desc_find(system, name->data);
	if (!r->desc)
		return 0;
	/*
	 * A handle keeps each event in lists that it searches, and a file may describe any number
	 * of them: each gets a handle of its own.
	 */
	own = tep_alloc();
	if (!own)
		return -ENOMEM;
	tep_set_long_size(own, tep_get_long_size(tep));
	if (tep_parse_format(own, &event, plain.data, plain.len, system) || !event) {
		tep_free(own);
		return -EINVAL;
	}
	f = tep_find_common_field(event, "common_pid");
	if (f && f->offset >= 0 && f->size == 4) {
		r->pid_from = f->offset;
		r->pid_size = f->size;
		r->whole = r->pid_from + (size_t)r->pid_size;
	}
	for (want = r->desc->fields; want->name; want++) {
		u8 had = r->nr;

		f = tep_find_field(event, want->name);
		if (f)
			resolve_field(r, want, f);
		if (r->nr == had && want->required)
			r->broken = want->name;
	}
	tep_free(own);
	group_fields(r);
	return 0;
}

static void keep_base_name(struct str *s)
{
	size_t at = s->len;

	while (at && s->text[at - 1] != '/')
		at--;
	s->text += at;
	s->len -= at;
	if (s->len > COMM_MAX)
		s->len = COMM_MAX;
}

static bool read_string(const struct event_reader_field *f, const u8 *raw, size_t size,
			struct str *out)
{
	size_t at = f->from, len = f->size;
	u32 loc;

	if (!f->is_array) {
		memcpy(&loc, raw + f->from, 4);
		at = (loc & 0xffff) + (f->is_relative ? f->from + 4 : 0);
		len = loc >> 16;
	}
	if (at > size || len > size - at)
		return false;
	out->text = (const char *)raw + at;
	out->len = strnlen(out->text, len);
	if (f->is_path)
		keep_base_name(out);
	return true;
}

static u64 read_number(const struct event_reader_field *f, const u8 *raw)
{
	u64 v64;
	u32 v32;
	u16 v16;

	switch (f->size) {
	case 1:
		return f->is_signed ? (u64)(s64)(int8_t)raw[f->from] : raw[f->from];
	case 2:
		memcpy(&v16, raw + f->from, 2);
		return f->is_signed ? (u64)(s64)(int16_t)v16 : v16;
	case 4:
		memcpy(&v32, raw + f->from, 4);
		return f->is_signed ? (u64)(s64)(s32)v32 : v32;
	default:
		memcpy(&v64, raw + f->from, 8);
		return v64;
	}
}

static void store_number(const struct event_reader_field *f, u64 value, struct event *ev)
{
	void *to = (char *)ev + f->to;

	switch (f->to_size) {
	case 1:
		*(u8 *)to = value > UINT8_MAX ? UINT8_MAX : value;
		break;
	case 4:
		*(u32 *)to = value;
		break;
	default:
		*(u64 *)to = value;
		break;
	}
}

/**
 * event_read - decode a raw record
 * @r: the layout
 * @raw: the tracepoint's record, common fields first; alignment doesn't matter
 * @size: its size, which may be short or long
 * @ev: type, thread id and the fields found are set; strings point into @raw
 *
 * Return: 0; -EINVAL if the record is too short for a required field, or the layout had none.
 */
int event_read(const struct event_reader *r, const void *raw, size_t size, struct event *ev)
{
	const struct event_reader_field *f, *end = r->fields + r->nr;
	const bool whole = size >= r->whole;

	if (r->broken)
		return -EINVAL;
	ev->type = r->desc->type;
	ev->reader = r;
	ev->raw_size = size > UINT32_MAX ? UINT32_MAX : size;
	ev->has_wait = r->wait_end && size >= r->wait_end;
	if (r->pid_size && (size_t)r->pid_from + 4 <= size)
		memcpy(&ev->tid, (const u8 *)raw + r->pid_from, 4);
	f = r->fields;
	if (whole) {
		const struct event_reader_field *end_8 = f + r->nr_8, *end_4 = end_8 + r->nr_4;

		for (; f < end_8; f++)
			memcpy((u8 *)ev + f->to, (const u8 *)raw + f->from, 8);
		for (; f < end_4; f++)
			memcpy((u8 *)ev + f->to, (const u8 *)raw + f->from, 4);
	}
	for (; f < end; f++) {
		if (!whole && (size_t)f->from + f->size > size) {
			if (f->is_required)
				return -EINVAL;
			continue;
		}
		if (f->is_string) {
			if (!read_string(f, raw, size, (struct str *)((char *)ev + f->to)) &&
			    f->is_required)
				return -EINVAL;
			continue;
		}
		store_number(f, read_number(f, raw), ev);
	}
	return 0;
}

/**
 * event_field_is_known - whether an event's record had a field
 * @ev: the event, with a reader
 * @field: a field of the reader's event
 *
 * Return: false if the kernel's layout lacks the field, or the record ended ahead of it.
 */
bool event_field_is_known(const struct event *ev, const struct event_field *field)
{
	const struct event_reader *r = ev->reader;
	u8 i;

	for (i = 0; i < r->nr; i++)
		if (r->fields[i].to == field->offset)
			return (size_t)r->fields[i].from + r->fields[i].size <= ev->raw_size;
	return false;
}

/**
 * str_is_fault - whether a string is what a probe writes where it couldn't read one
 * @text: the string
 *
 * Return: true if it is.
 */
bool str_is_fault(const struct str *text)
{
	return text->len == 7 && !memcmp(text->text, "(fault)", 7);
}

/**
 * module_name_of_file - the kernel's name of the module in a file
 * @file: file name without folders; need not be terminated
 * @len: its length
 * @name: the name: what precedes ".ko", with - turned into _
 * @size: room for it; a longer one is cut
 */
void module_name_of_file(const char *file, size_t len, char *name, size_t size)
{
	size_t n = len, i;

	for (i = 0; i + 3 <= len; i++) {
		if (file[i] != '.' || !i || memcmp(file + i, ".ko", 3))
			continue;
		if (i + 3 == len || file[i + 3] == '.')
			n = i;
	}
	if (n >= size)
		n = size - 1;
	for (i = 0; i < n; i++)
		name[i] = file[i] == '-' ? '_' : file[i];
	name[n] = '\0';
}
