// SPDX-License-Identifier: GPL-2.0-only
/*
 * genperf - make a perf.data from a text, for tests; its header says that it was generated
 *
 *	genperf [OPTION...] OUTPUT <EVENTS
 *
 * A line is an event or a directive; # begins a comment:
 *
 *	TIME CPU TID EVENT [FIELD=VALUE...]	a tracepoint, by its name less "module_"; with --stock
 *						calls and probes of a kernel without the series
 *	TIME CPU TID fork PARENT		task records
 *	TIME CPU TID comm NAME
 *	TIME CPU TID exit
 *	TIME CPU 0 cgroup ID PATH		with --cgroups, where events have cgroup=ID, too
 *	TIME CPU 0 lost N
 *	round					no reordering across this
 *	note TEXT				a line of modtrace's own section
 *
 * With --opens a kernel with the series has the probe of opens, too. With --raw a stock kernel's calls are sys_enter and sys_exit, by their numbers. --release=, --arch= and
 * --clock=NUMBER say other things of the kernel. With --pack all records are compressed, in one piece. With
 * --repeat=N the lines are done N times, which takes times that begin with +. With --kill-at=N it is killed
 * ahead of its Nth change of the file, counted from 0: the writer's calls of pwrite() and ftruncate() come
 * here first.
 *
 * In strings %XX is a byte. A TIME that begins with + is after the line before.
 */
#include <getopt.h>
#include <inttypes.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <zstd.h>

#include "formats/perfdata.h"
#include "formats/tracing_data.h"

#define FIELDS_MAX 16
#define FIRST_ID 1000
#define FIRST_TRACEPOINT 300

/* A call's arguments, a0=VALUE to a5=VALUE. */
#define ARGS_NR 6
#define ARGS_SIZE (8 * ARGS_NR)

struct gen_field {
	const char *name;
	const char *type;
	unsigned int size;	/* 0: a string */
	bool is_signed;
};

struct gen_event {
	const char *name;
	struct gen_field fields[FIELDS_MAX];
	const char *print;	/* as the kernel would print it; perf script does */
};

#define U64(n) { n, "u64", 8, false }
#define U32(n) { n, "u32", 4, false }
#define S32(n) { n, "s32", 4, true }
#define S64(n) { n, "s64", 8, true }
#define U8(n) { n, "u8", 1, false }
#define PAD(n, s) { n, "u8", s, false }
#define IP(n) { n, "unsigned long", 8, false }
#define STR(n) { n, "__data_loc char[]", 0, false }

static const struct gen_event events[] = {
	{ "module_load_begin",
	  { U64("ino"), U64("len"), U32("dev"), U32("flags"), U8("syscall"), PAD("pad", 7),
	    STR("file") },
	  "\"syscall=%s file=%s dev=%u,%u ino=%llu len=%llu flags=%#x\", __print_symbolic(REC->syscall, { 0, \"finit\" }, { 1, \"init\" }), __get_str(file), ((unsigned int) ((REC->dev) >> 20)), ((unsigned int) ((REC->dev) & ((1U << 20) - 1))), REC->ino, REC->len, REC->flags" },
	{ "module_load_merged",
	  { U64("wait_ns"), U64("bytes"), S32("ret"), S32("leader"), U8("gate"), PAD("pad", 7),
	    STR("name") },
	  "\"%s gate=%s ret=%d leader=%d wait_ns=%llu bytes=%llu\", __get_str(name), __print_symbolic(REC->gate, { 0, \"file\" }, { 1, \"live\" }, { 2, \"name\" }), REC->ret, REC->leader, REC->wait_ns, REC->bytes" },
	{ "module_load_exclusive_busy",
	  { U64("ino"), U32("dev"), S32("ret"), S32("leader"), STR("file") },
	  NULL },
	{ "module_autoload_dup",
	  { IP("ip"), U64("wait_ns"), S32("ret"), S32("leader"), U8("wait"), PAD("pad", 7),
	    STR("name") },
	  NULL },
	{ "module_load_end",
	  { U64("read_bytes"), U64("image_bytes"), U64("layout_bytes"), U64("duration_ns"),
	    S32("ret"), U8("stage"), PAD("pad", 3), STR("name"), STR("file") },
	  "\"%s file=%s ret=%d stage=%s read=%llu image=%llu layout=%llu duration_ns=%llu\", __get_str(name), __get_str(file), REC->ret, __print_symbolic(REC->stage, { 0, \"file\" }, { 1, \"read\" }, { 5, \"layout\" }, { 6, \"init\" }, { 7, \"done\" }), REC->read_bytes, REC->image_bytes, REC->layout_bytes, REC->duration_ns" },
	{ "module_request", { IP("ip"), { "wait", "bool", 1, false }, STR("name") }, NULL },
	{ "module_load", { { "taints", "unsigned int", 4, false }, STR("name") }, NULL },
	{ "module_free", { STR("name") }, NULL },
	{ "module_put", { IP("ip"), { "refcnt", "int", 4, true }, STR("name") }, NULL },
	{ "sys_enter_finit_module", { U64("fd"), U64("uargs"), U64("flags") }, NULL },
	{ "sys_exit_finit_module", { S64("ret") }, NULL },
	{ "sys_enter_init_module", { U64("umod"), U64("len") }, NULL },
	{ "sys_exit_init_module", { S64("ret") }, NULL },
	{ "sys_exit_openat", { S64("ret") }, NULL },
	{ "sys_enter", { S64("id"), { "args", "unsigned long", ARGS_SIZE, false } }, NULL },
	{ "sys_exit", { S64("id"), S64("ret") }, NULL },
	{ "open", { STR("path") }, NULL },
	{ "read", { U64("ino"), U32("dev"), STR("file") }, NULL },
	{ "read_done", { U64("bytes") }, NULL },
	{ "alloc", { U64("bytes") }, NULL },
};

/* Of the series the first, of a kernel without it the last; those between are of both. */
#define SERIES_NR 5
#define STOCK_FIRST 9
#define RAW_FIRST 14
#define PROBE_FIRST 16

static const char *system_of(unsigned int i)
{
	if (i < STOCK_FIRST)
		return "module";
	if (i < RAW_FIRST)
		return "syscalls";
	return i < PROBE_FIRST ? "raw_syscalls" : "modtrace_1";
}

struct gen {
	struct perfdata_writer *w;
	bool like_perf;		/* the sample layout of perf record */
	bool stock;		/* a kernel without the series */
	bool cgroups;		/* samples have the control group they happened in */
	bool no_calls;		/* and without system calls and probes */
	bool opens; /* the probe of opens, of a kernel with the series */
	bool raw; /* calls are recorded by their numbers */
	bool leave_open;
	bool pack; /* records are collected, and compressed at the end */
	struct buf unpacked;
	bool no_rounds;
	bool no_bytes; /* of probes only that of opens, as in a boot */
	bool no_times; /* as perf record --no-timestamp */
	const char *drop;	/* a field that this kernel lacks */
	const char *release;
	const char *arch;
	u64 clock; /* CLOCK_... */
	bool append;		/* and one that is newer than we are */
	u64 time_ns;
	u64 sample_type;
};

static u64 changes_left = UINT64_MAX;

ssize_t __real_pwrite(int fd, const void *data, size_t size, off_t offset);
ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t offset);
int __real_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size);

static void count_change(void)
{
	if (!changes_left--)
		kill(getpid(), SIGKILL);
}

ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t offset)
{
	count_change();
	return __real_pwrite(fd, data, size, offset);
}

int __wrap_ftruncate(int fd, off_t size)
{
	count_change();
	return __real_ftruncate(fd, size);
}

static void die(const char *what)
{
	fprintf(stderr, "genperf: %s\n", what);
	_exit(1);
}

static void check(int ret)
{
	if (ret < 0)
		die(strerror(-ret));
}

static bool has_field(const struct gen *g, const struct gen_field *f)
{
	return f->name && (!g->drop || strcmp(f->name, g->drop));
}

static void add_field(struct buf *b, const struct gen_field *f, unsigned int *offset)
{
	unsigned int size = f->size ? f->size : 4;
	unsigned int align = size == 3 || size == 7 ? 1 : size == ARGS_SIZE ? 8 : size;
	char type[64];

	*offset = (*offset + align - 1) / align * align;
	snprintf(type, sizeof(type), "%s", f->type);
	check(buf_addf(b, "\tfield:%s %s%s;\toffset:%u;\tsize:%u;\tsigned:%d;\n", type, f->name,
		       align == size ? "" : "[]", *offset, size, f->is_signed));
	*offset += size;
}

static char *make_format(const struct gen *g, unsigned int i)
{
	static const struct gen_field newer = U64("newer_than_we_are");
	static const struct gen_field common[] = {
		{ "common_type", "unsigned short", 2, false },
		{ "common_flags", "unsigned char", 1, false },
		{ "common_preempt_count", "unsigned char", 1, false },
		{ "common_pid", "int", 4, true },
	};
	struct buf b = { 0 };
	unsigned int offset = 0, n;

	check(buf_addf(&b, "name: %s\nID: %u\nformat:\n", events[i].name, FIRST_TRACEPOINT + i));
	for (n = 0; n < ARRAY_SIZE(common); n++)
		add_field(&b, &common[n], &offset);
	check(buf_add(&b, "\n", 1));
	for (n = 0; n < FIELDS_MAX; n++)
		if (has_field(g, &events[i].fields[n]))
			add_field(&b, &events[i].fields[n], &offset);
	if (g->append)
		add_field(&b, &newer, &offset);
	check(buf_addf(&b, "\nprint fmt: %s\n", events[i].print ? events[i].print : "\"\""));
	return b.data;
}

static bool is_recorded(const struct gen *g, unsigned int i)
{
	if (i >= STOCK_FIRST && i < PROBE_FIRST && (i >= RAW_FIRST) != g->raw)
		return false;
	if (i == PROBE_FIRST && g->opens)
		return true;
	if (i >= STOCK_FIRST)
		return g->stock && !g->no_calls && !(g->no_bytes && i > PROBE_FIRST);
	return !g->stock || i >= SERIES_NR;
}

static void add_formats(struct gen *g)
{
	const struct tracing_info info = {
		.long_size = 8,
		.page_size = 4096,
		.header_page = "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
			       "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
			       "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
			       "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n",
		.header_event = "# generated\n",
	};
	struct tracing_format formats[ARRAY_SIZE(events)];
	struct buf section = { 0 };
	unsigned int i, nr = 0;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		char *text;

		/* As on a kernel with the series, whose formats are there whatever was recorded. */
		if (i >= STOCK_FIRST && !is_recorded(g, i))
			continue;
		text = make_format(g, i);
		formats[nr++] = (struct tracing_format){ system_of(i), events[i].name, text,
							 strlen(text) };
	}
	check(tracing_data_write(&section, &info, formats, nr));
	check(perfdata_add_feature(g->w, FEATURE_TRACING_DATA, section.data, section.len));
	buf_free(&section);
	for (i = 0; i < nr; i++)
		free((char *)formats[i].text);
}

static void add_attrs(struct gen *g)
{
	unsigned int i, nr = 0;

	g->sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_CPU;
	g->sample_type |= g->no_times ? 0 : PERF_SAMPLE_TIME;
	g->sample_type |= g->like_perf ? PERF_SAMPLE_IP | PERF_SAMPLE_ID | PERF_SAMPLE_PERIOD :
			  PERF_SAMPLE_IDENTIFIER;
	g->sample_type |= g->cgroups ? PERF_SAMPLE_CGROUP : 0;
	for (i = 0; i < ARRAY_SIZE(events); i++) {
		const struct perf_event_attr attr = {
			.type = PERF_TYPE_TRACEPOINT,
			.size = sizeof(attr),
			.config = FIRST_TRACEPOINT + i,
			.sample_period = 1,
			.sample_type = g->sample_type | PERF_SAMPLE_RAW,
			.sample_id_all = 1,
			.task = 1,
			.cgroup = g->cgroups,
			.comm = 1,
			.use_clockid = !g->like_perf,
			.clockid = g->like_perf ? 0 : g->clock,
		};
		char name[64];

		if (!is_recorded(g, i))
			continue;
		snprintf(name, sizeof(name), "%s:%s", system_of(i), events[i].name);
		check(perfdata_add_attr(g->w, &attr, name, 1));
		check(perfdata_add_id(g->w, nr++, FIRST_ID + i));
	}
}

static void start_file(struct gen *g, int fd)
{
	const u32 cpus[2] = { 8, 8 };

	g->w = perfdata_create(fd);
	if (!g->w)
		die("out of memory");
	add_attrs(g);
	add_formats(g);
	check(perfdata_add_string(g->w, FEATURE_HOSTNAME, "generated"));
	check(perfdata_add_string(g->w, FEATURE_OSRELEASE, g->release));
	check(perfdata_add_string(g->w, FEATURE_VERSION, "genperf"));
	check(perfdata_add_string(g->w, FEATURE_ARCH, g->arch));
	check(perfdata_add_string(g->w, FEATURE_CPUDESC, "none"));
	check(perfdata_add_string(g->w, FEATURE_CPUID, "none"));
	check(perfdata_add_feature(g->w, FEATURE_NRCPUS, cpus, sizeof(cpus)));
	if (!g->like_perf)
		check(perfdata_note(g->w, "generator genperf, a test's"));
	check(perfdata_start(g->w));
}

static void put(struct buf *b, u64 value, size_t size)
{
	check(buf_add(b, &value, size));
}

static void put_pair(struct buf *b, u32 first, u32 second)
{
	put(b, first, 4);
	put(b, second, 4);
}

static void put_sample_id(const struct gen *g, struct buf *b, u32 cpu, u32 tid)
{
	put_pair(b, tid, tid);
	if (g->sample_type & PERF_SAMPLE_TIME)
		put(b, g->time_ns, 8);
	if (g->sample_type & PERF_SAMPLE_ID)
		put(b, FIRST_ID + 5, 8);
	put_pair(b, cpu, 0);
	if (g->sample_type & PERF_SAMPLE_IDENTIFIER)
		put(b, FIRST_ID + 5, 8);
}

static void write_record(struct gen *g, u32 type, struct buf *body)
{
	struct perf_event_header h = { .type = type };
	struct buf record = { 0 };

	while (body->len % 8)
		put(body, 0, 1);
	h.size = sizeof(h) + body->len;
	check(buf_add(&record, &h, sizeof(h)));
	check(buf_add(&record, body->data, body->len));
	if (g->pack)
		check(buf_add(&g->unpacked, record.data, record.len));
	else
		check(perfdata_write(g->w, record.data, record.len));
	buf_free(&record);
	body->len = 0;
}

static void write_packed(struct gen *g)
{
	const size_t room = ZSTD_compressBound(g->unpacked.len);
	char *packed = malloc(room);
	size_t left, at = 0, piece;

	if (!packed)
		die("out of memory");
	left = ZSTD_compress(packed, room, g->unpacked.data, g->unpacked.len, 3);
	if (ZSTD_isError(left))
		die("can't be compressed");
	for (; left; at += piece, left -= piece) {
		struct perf_event_header h = { .type = RECORD_COMPRESSED };

		piece = left < 60000 ? left : 60000;
		h.size = sizeof(h) + piece;
		check(perfdata_write(g->w, &h, sizeof(h)));
		check(perfdata_write(g->w, packed + at, piece));
	}
	free(packed);
	buf_free(&g->unpacked);
}

static size_t unescape(char *s)
{
	char *from = s, *to = s;
	unsigned int c;

	while (*from) {
		if (*from == '%' && sscanf(from + 1, "%2x", &c) == 1) {
			*to++ = c;
			from += 3;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	return to - s;
}

static char *value_of(char **words, const char *name)
{
	size_t len = strlen(name);

	for (; *words; words++)
		if (!strncmp(*words, name, len) && (*words)[len] == '=')
			return *words + len + 1;
	return NULL;
}

static void put_args(struct buf *raw, char **words)
{
	char name[] = "a0";

	for (; name[1] < '0' + ARGS_NR; name[1]++) {
		const char *value = value_of(words, name);

		put(raw, value ? strtoull(value, NULL, 0) : 0, 8);
	}
}

static void put_raw(const struct gen *g, struct buf *raw, unsigned int i, u32 tid, char **words)
{
	struct { size_t at; char *text; } strings[4];
	char empty[1] = "";
	unsigned int n, nr_strings = 0;

	put(raw, FIRST_TRACEPOINT + i, 2);
	put(raw, 0, 2);
	put(raw, tid, 4);
	for (n = 0; n < FIELDS_MAX; n++) {
		const struct gen_field *f = &events[i].fields[n];
		unsigned int size = f->size ? f->size : 4;
		char *value;

		if (!has_field(g, f))
			continue;
		while (size != 3 && size != 7 && size != ARGS_SIZE && raw->len % size)
			put(raw, 0, 1);
		if (size == ARGS_SIZE) {
			put_args(raw, words);
			continue;
		}
		value = value_of(words, f->name);
		if (f->size) {
			put(raw, value ? strtoull(value, NULL, 0) : 0, f->size);
			continue;
		}
		strings[nr_strings].at = raw->len;
		strings[nr_strings++].text = value ? value : empty;
		put(raw, 0, 4);
	}
	if (g->append) {
		while (raw->len % 8)
			put(raw, 0, 1);
		put(raw, UINT64_MAX, 8);
	}
	for (n = 0; n < nr_strings; n++) {
		size_t len = unescape(strings[n].text) + 1;
		u32 loc = raw->len | len << 16;

		memcpy(raw->data + strings[n].at, &loc, 4);
		check(buf_add(raw, strings[n].text, len));
	}
	/* As the kernel does: the size before it and the record end on a multiple of 8. */
	while ((raw->len + 4) % 8)
		put(raw, 0, 1);
}

static void write_sample(struct gen *g, unsigned int i, u32 cpu, u32 tid, char **words)
{
	struct buf body = { 0 }, raw = { 0 };
	const char *cgroup = value_of(words, "cgroup");

	if (!is_recorded(g, i))
		die("an event of the series in a recording of a stock kernel");
	put_raw(g, &raw, i, tid, words);
	if (g->sample_type & PERF_SAMPLE_IDENTIFIER)
		put(&body, FIRST_ID + i, 8);
	if (g->sample_type & PERF_SAMPLE_IP)
		put(&body, 0xffffffff81000000, 8);
	put_pair(&body, tid, tid);
	if (g->sample_type & PERF_SAMPLE_TIME)
		put(&body, g->time_ns, 8);
	if (g->sample_type & PERF_SAMPLE_ID)
		put(&body, FIRST_ID + i, 8);
	put_pair(&body, cpu, 0);
	if (g->sample_type & PERF_SAMPLE_PERIOD)
		put(&body, 1, 8);
	put(&body, raw.len, 4);
	check(buf_add(&body, raw.data, raw.len));
	if (g->cgroups)
		put(&body, cgroup ? strtoull(cgroup, NULL, 0) : 0, 8);
	write_record(g, PERF_RECORD_SAMPLE, &body);
	buf_free(&body);
	buf_free(&raw);
}

static bool write_task(struct gen *g, const char *what, u32 cpu, u32 tid, char **words)
{
	struct buf body = { 0 };
	u32 type;

	if (!strcmp(what, "comm") && words[0]) {
		size_t len = unescape(words[0]) + 1;

		type = PERF_RECORD_COMM;
		put_pair(&body, tid, tid);
		check(buf_add(&body, words[0], len));
		while (body.len % 8)
			put(&body, 0, 1);
	} else if ((!strcmp(what, "fork") && words[0]) || !strcmp(what, "exit")) {
		u32 parent = words[0] ? strtoul(words[0], NULL, 0) : 0;

		type = *what == 'f' ? PERF_RECORD_FORK : PERF_RECORD_EXIT;
		put_pair(&body, tid, parent);
		put_pair(&body, tid, parent);
		put(&body, g->time_ns, 8);
	} else if (!strcmp(what, "cgroup") && words[0] && words[1]) {
		size_t len = unescape(words[1]) + 1;

		type = PERF_RECORD_CGROUP;
		put(&body, strtoull(words[0], NULL, 0), 8);
		check(buf_add(&body, words[1], len));
		while (body.len % 8)
			put(&body, 0, 1);
	} else if (!strcmp(what, "lost") && words[0]) {
		type = PERF_RECORD_LOST;
		put(&body, FIRST_ID + 5, 8);
		put(&body, strtoull(words[0], NULL, 0), 8);
	} else {
		return false;
	}
	put_sample_id(g, &body, cpu, tid);
	write_record(g, type, &body);
	buf_free(&body);
	return true;
}

static void write_round(struct gen *g)
{
	const struct perf_event_header h = { .type = RECORD_FINISHED_ROUND, .size = sizeof(h) };

	if (!g->no_rounds && !g->pack)
		check(perfdata_write(g->w, &h, sizeof(h)));
	check(perfdata_commit(g->w));
}

static void do_line(struct gen *g, char *line)
{
	char *words[32] = { 0 }, *save, *word;
	unsigned int n = 0, i;
	u32 cpu, tid;

	line[strcspn(line, "#\n")] = '\0';
	if (!strncmp(line, "note ", 5)) {
		check(perfdata_note(g->w, "%s", line + 5));
		return;
	}
	word = strtok_r(line, " \t", &save);
	for (; word && n < 31; word = strtok_r(NULL, " \t", &save))
		words[n++] = word;
	if (!n)
		return;
	if (!strcmp(words[0], "round")) {
		write_round(g);
		return;
	}
	if (n < 4)
		die("a line is neither an event nor a directive");
	if (*words[0] == '+')
		g->time_ns += strtoull(words[0] + 1, NULL, 0);
	else
		g->time_ns = strtoull(words[0], NULL, 0);
	cpu = strtoul(words[1], NULL, 0);
	tid = strtoul(words[2], NULL, 0);
	for (i = 0; i < ARRAY_SIZE(events); i++) {
		size_t skip = i < STOCK_FIRST ? strlen("module_") : 0;

		if (!strcmp(words[3], events[i].name + skip)) {
			write_sample(g, i, cpu, tid, words + 4);
			return;
		}
	}
	if (!write_task(g, words[3], cpu, tid, words + 4))
		die("no such event");
}

/* Lines are kept, for doing one changes it. */
static void do_lines(struct gen *g, u64 times)
{
	char **lines = NULL, *line = NULL, copy[65536];
	size_t nr = 0, cap_lines = 0, cap = 0, i;

	while (getline(&line, &cap, stdin) > 0) {
		check(grow(&lines, &cap_lines, nr + 1, sizeof(*lines)));
		lines[nr++] = strdup(line);
	}
	while (times--) {
		for (i = 0; i < nr; i++) {
			if (snprintf(copy, sizeof(copy), "%s", lines[i]) >= (int)sizeof(copy))
				die("a line is too long");
			do_line(g, copy);
		}
	}
	for (i = 0; i < nr; i++)
		free(lines[i]);
	free(lines);
	free(line);
}

int main(int argc, char **argv)
{
	static const struct option longs[] = { { "like-perf", no_argument, NULL, 'p' },
					       { "stock", no_argument, NULL, 's' },
					       { "cgroups", no_argument, NULL, 'g' },
					       { "no-calls", no_argument, NULL, 'c' },
					       { "leave-open", no_argument, NULL, 'l' },
					       { "no-rounds", no_argument, NULL, 'r' },
					       { "no-times", no_argument, NULL, 't' },
					       { "no-bytes", no_argument, NULL, 'b' },
					       { "drop", required_argument, NULL, 'd' },
					       { "append", no_argument, NULL, 'a' },
					       { "repeat", required_argument, NULL, 'n' },
					       { "kill-at", required_argument, NULL, 'k' },
					       { "pack", no_argument, NULL, 'z' },
					       { "raw", no_argument, NULL, 'w' },
					       { "opens", no_argument, NULL, 'o' },
					       { "release", required_argument, NULL, 'R' },
					       { "arch", required_argument, NULL, 'A' },
					       { "clock", required_argument, NULL, 'C' },
					       { 0 } };
	struct gen g = { .release = "6.1.0-generated", .arch = "x86_64", .clock = CLOCK_MONOTONIC };
	u64 repeat = 1;
	int c, fd;

	while ((c = getopt_long(argc, argv, "psgclrtbd:an:k:zwoR:A:C:", longs, NULL)) != -1) {
		g.like_perf |= c == 'p';
		g.stock |= c == 's';
		g.no_calls |= c == 'c';
		g.cgroups |= c == 'g';
		g.leave_open |= c == 'l';
		g.no_rounds |= c == 'r';
		g.no_times |= c == 't';
		g.no_bytes |= c == 'b';
		g.append |= c == 'a';
		g.pack |= c == 'z';
		g.raw |= c == 'w';
		g.opens |= c == 'o';
		if (c == 'R')
			g.release = optarg;
		if (c == 'A')
			g.arch = optarg;
		if (c == 'C' && parse_u64(optarg, INT32_MAX, &g.clock))
			die("--clock takes a number");
		if (c == 'd')
			g.drop = optarg;
		if (c == 'n' && parse_u64(optarg, 1ULL << 40, &repeat))
			die("--repeat takes a number");
		if (c == 'k' && parse_u64(optarg, 1ULL << 40, &changes_left))
			die("--kill-at takes a number");
		if (c == '?')
			return 1;
	}
	if (optind + 1 != argc)
		die("usage: genperf [OPTION...] OUTPUT <EVENTS");
	fd = open(argv[optind], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		die(strerror(errno));
	start_file(&g, fd);
	do_lines(&g, repeat);
	if (g.pack)
		write_packed(&g);
	write_round(&g);
	if (!g.leave_open)
		check(perfdata_finish(g.w));
	perfdata_abandon(g.w);
	close(fd);
	return 0;
}
