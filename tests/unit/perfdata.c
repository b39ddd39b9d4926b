// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "formats/note_text.h"
#include "formats/perfdata.h"
#include "formats/tracing_data.h"
#include "source/notes.h"
#include "unit.h"

#define SAMPLE_TYPE (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU)

static const struct perf_event_attr attr = {
	.type = PERF_TYPE_TRACEPOINT,
	.size = sizeof(attr),
	.config = 300,
	.sample_type = SAMPLE_TYPE | PERF_SAMPLE_RAW,
	.sample_id_all = 1,
};

/* A file of two events with three ids, a record, and notes before and after the start. */
static int make_file(bool finish)
{
	const struct perf_event_header round = { .type = RECORD_FINISHED_ROUND, .size = 8 };
	int fd = memfd_create("perf.data", 0);
	struct perfdata_writer *w = perfdata_create(fd);

	assert_int_equal(perfdata_add_attr(w, &attr, "module:a", 2), 0);
	assert_int_equal(perfdata_add_attr(w, &attr, "module:b", 1), 1);
	perfdata_add_id(w, 0, 10);
	perfdata_add_id(w, 1, 20);
	perfdata_add_string(w, FEATURE_HOSTNAME, "here");
	perfdata_add_feature(w, FEATURE_TRACING_DATA, "formats", 7);
	perfdata_note(w, "start_ns 5");
	assert_int_equal(perfdata_start(w), 0);
	assert_int_equal(perfdata_add_id(w, 0, 11), 0);
	assert_int_equal(perfdata_add_id(w, 0, 12), -ENOSPC);
	perfdata_note(w, "end_ns 9");
	assert_int_equal(perfdata_write(w, &round, sizeof(round)), 0);
	assert_int_equal(perfdata_commit(w), 0);
	assert_int_equal(perfdata_written(w), 8);
	if (finish)
		assert_int_equal(perfdata_finish(w), 0);
	perfdata_abandon(w);
	return fd;
}

/* A bit that perf doesn't know makes perf inject crash. */
static void check_bits(int fd)
{
	struct perfdata_header h;
	unsigned int i;

	assert_int_equal(pread(fd, &h, sizeof(h), 0), sizeof(h));
	for (i = 1; i < ARRAY_SIZE(h.features); i++)
		assert_int_equal(h.features[i], 0);
}

static void check_file(int fd, bool closed)
{
	struct source_info info = { 0 };
	const struct perfdata_section *notes;
	struct perfdata p;
	struct err err;
	char *host;

	assert_int_equal(perfdata_open(&p, fd, "test", &err), 0);
	assert_int_equal(p.closed, closed);
	assert_int_equal(p.truncated, !closed);
	assert_int_equal(p.nr_attrs, 2);
	assert_int_equal(p.data.size, 8);
	assert_int_equal(p.features[FEATURE_TRACING_DATA].size, 7);
	assert_memory_equal(p.base + p.features[FEATURE_TRACING_DATA].offset, "formats", 7);
	host = perfdata_string(&p, FEATURE_HOSTNAME);
	assert_string_equal(host, "here");
	free(host);
	check_bits(fd);
	notes = &p.features[FEATURE_MODTRACE];
	assert_int_equal(notes_read(&info, (const char *)p.base + notes->offset, notes->size), 0);
	assert_int_equal(info.start_ns, 5);
	assert_int_equal(info.end_ns, 9);
	source_info_free(&info);
	perfdata_close(&p);
	close(fd);
}

static void closed_file(void **state)
{
	(void)state;
	check_file(make_file(true), true);
}

static void killed_recorder(void **state)
{
	(void)state;
	check_file(make_file(false), false);
}

static void long_notes_move_to_the_end(void **state)
{
	int fd = memfd_create("perf.data", 0);
	struct perfdata_writer *w = perfdata_create(fd);
	struct source_info info = { 0 };
	const struct perfdata_section *s;
	struct perfdata p;
	struct err err;
	u64 i;

	(void)state;
	perfdata_add_attr(w, &attr, "module:a", 1);
	perfdata_start(w);
	for (i = 0; i < 5000; i++)
		assert_int_equal(perfdata_note(w, "no_ring 1 1 and some more text"), 0);
	assert_int_equal(perfdata_finish(w), 0);
	perfdata_abandon(w);
	assert_int_equal(perfdata_open(&p, fd, "test", &err), 0);
	s = &p.features[FEATURE_MODTRACE];
	assert_true(s->offset > p.data.offset);
	assert_int_equal(p.truncated, false);
	notes_read(&info, (const char *)p.base + s->offset, s->size);
	assert_int_equal(s->size, 5000 * strlen("no_ring 1 1 and some more text\n"));
	source_info_free(&info);
	perfdata_close(&p);
	close(fd);
}

/* Of what no longer fits the records are kept that leave room for the end: the file is closed. */
static void full_disk(void **state)
{
	const struct perf_event_header record = { .type = PERF_RECORD_SAMPLE, .size = 1000 };
	int fd = memfd_create("perf.data", 0);
	struct perfdata_writer *w = perfdata_create(fd);
	struct rlimit limit, unlimited;
	char records[100000] = { 0 };
	struct perfdata p;
	struct stat st;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(records); i += record.size)
		memcpy(records + i, &record, sizeof(record));
	perfdata_add_attr(w, &attr, "module:a", 1);
	perfdata_add_string(w, FEATURE_HOSTNAME, "here");
	perfdata_start(w);
	assert_int_equal(perfdata_write(w, records, 2000), 0);
	fstat(fd, &st);
	getrlimit(RLIMIT_FSIZE, &unlimited);
	limit = (struct rlimit){ st.st_size + 50010, unlimited.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(perfdata_write(w, records, sizeof(records)), -EFBIG);
	assert_int_equal(perfdata_written(w), 51000);
	/* Nothing more fits, and what is there stays. */
	assert_int_equal(perfdata_write(w, records, sizeof(records)), -EFBIG);
	assert_int_equal(perfdata_written(w), 51000);
	assert_int_equal(perfdata_finish(w), 0);
	setrlimit(RLIMIT_FSIZE, &unlimited);
	perfdata_abandon(w);
	assert_int_equal(perfdata_open(&p, fd, "test", &err), 0);
	assert_true(p.closed);
	assert_int_equal(p.data.size, 51000);
	perfdata_close(&p);
	close(fd);
}

static void ids(void **state)
{
	struct {
		struct perf_event_header header;
		u64 id;
		u64 rest[3];
	} record = { .header = { .type = PERF_RECORD_SAMPLE, .size = sizeof(record) }, .id = 20 };
	int fd = make_file(true);
	struct perfdata p;
	struct err err;

	(void)state;
	assert_int_equal(perfdata_open(&p, fd, "test", &err), 0);
	assert_ptr_equal(perfdata_attr_of(&p, (u8 *)&record, sizeof(record)), &p.attrs[1]);
	record.id = 11;
	assert_ptr_equal(perfdata_attr_of(&p, (u8 *)&record, sizeof(record)), &p.attrs[0]);
	record.id = 99;
	assert_null(perfdata_attr_of(&p, (u8 *)&record, sizeof(record)));
	assert_null(perfdata_attr_of(&p, (u8 *)&record, 8));
	record.header.type = PERF_RECORD_COMM;
	record.rest[2] = 20;
	assert_ptr_equal(perfdata_attr_of(&p, (u8 *)&record, sizeof(record)), &p.attrs[1]);
	record.rest[2] = 0;
	assert_ptr_equal(perfdata_attr_of(&p, (u8 *)&record, sizeof(record)), &p.attrs[0]);
	perfdata_close(&p);
	close(fd);
}

/* Every byte of the header and the list of events in turn, and some values for it. */
static void no_header_harms(void **state)
{
	static const u8 values[] = { 0, 1, 0x7f, 0x80, 0xff };
	int good = make_file(true);
	char bytes[4096];
	ssize_t size = pread(good, bytes, 700, 0), i;
	size_t v;

	(void)state;
	for (i = 8; i < size; i++) {
		for (v = 0; v < ARRAY_SIZE(values); v++) {
			char before = bytes[i];
			struct perfdata p;
			struct err err = { "" };

			pwrite(good, &values[v], 1, i);
			if (perfdata_open(&p, good, "test", &err))
				assert_true(*err.text);
			perfdata_close(&p);
			pwrite(good, &before, 1, i);
		}
	}
	close(good);
}

static void sample_layouts(void **state)
{
	struct {
		struct perf_event_header header;
		u64 ip;
		u32 pid, tid;
		u64 time, id, stream;
		u32 cpu, reserved;
		u64 period;
		u64 nr, chain[2];
		u32 raw_size;
		char raw[12];
	} __attribute__((packed)) r = {
		.header = { .type = PERF_RECORD_SAMPLE, .size = sizeof(r) }, .pid = 1, .tid = 2,
		.time = 3, .id = 4, .cpu = 5, .nr = 2, .raw_size = 12, .raw = "hello",
	};
	struct perf_event_attr a = {
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
			       PERF_SAMPLE_ID | PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_CPU |
			       PERF_SAMPLE_PERIOD | PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_RAW,
	};
	struct sample s;
	size_t size;

	(void)state;
	assert_int_equal(sample_parse(&a, &r, sizeof(r), &s), 0);
	assert_int_equal(s.tid, 2);
	assert_int_equal(s.time_ns, 3);
	assert_int_equal(s.id, 4);
	assert_int_equal(s.cpu, 5);
	assert_int_equal(s.raw_size, 12);
	assert_memory_equal(s.raw, "hello", 5);
	assert_int_equal(sample_id_position(&a).in_sample, 3);
	for (size = 8; size < sizeof(r); size++)
		assert_int_equal(sample_parse(&a, &r, size, &s), -EINVAL);
	r.nr = UINT64_MAX / 8 + 3;
	assert_int_equal(sample_parse(&a, &r, sizeof(r), &s), -EINVAL);
	r.nr = 2;
	r.raw_size = UINT32_MAX;
	assert_int_equal(sample_parse(&a, &r, sizeof(r), &s), -EINVAL);
}

/* A control group's id stands behind the raw record, and what else may be there. */
static void sample_cgroups(void **state)
{
	struct {
		struct perf_event_header header;
		u64 identifier;
		u32 raw_size;
		char raw[12];
		u64 phys_addr, cgroup;
	} __attribute__((packed)) r = {
		.header = { .type = PERF_RECORD_SAMPLE, .size = sizeof(r) }, .identifier = 4,
		.raw_size = 12, .raw = "hello", .phys_addr = 5, .cgroup = 77,
	};
	struct perf_event_attr a = {
		.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_RAW | PERF_SAMPLE_PHYS_ADDR |
			       PERF_SAMPLE_CGROUP,
	};
	struct sample_layout layout = sample_layout_of(&a);
	struct sample s;
	size_t size;

	(void)state;
	assert_true(layout.fixed);
	assert_int_equal(sample_parse(&a, &r, sizeof(r), &s), 0);
	assert_int_equal(s.cgroup, 77);
	assert_int_equal(sample_parse_fixed(&layout, &r, sizeof(r), &s), 0);
	assert_int_equal(s.cgroup, 77);
	assert_int_equal(s.raw_size, 12);
	for (size = 8; size < sizeof(r); size++) {
		assert_int_equal(sample_parse(&a, &r, size, &s), -EINVAL);
		assert_int_equal(sample_parse_fixed(&layout, &r, size, &s), -EINVAL);
	}
	/* Behind registers of some number it can't be found, and none is made up. */
	a.sample_type |= PERF_SAMPLE_REGS_INTR;
	layout = sample_layout_of(&a);
	assert_int_equal(sample_parse(&a, &r, sizeof(r), &s), 0);
	assert_int_equal(s.cgroup, 0);
	assert_int_equal(sample_parse_fixed(&layout, &r, sizeof(r), &s), 0);
	assert_int_equal(s.cgroup, 0);
}

struct seen {
	int nr;
	char last[32];
};

static int see(void *context, const struct tracing_info *info, const struct tracing_format *f)
{
	struct seen *seen = context;

	assert_int_equal(info->long_size, 8);
	seen->nr++;
	snprintf(seen->last, sizeof(seen->last), "%s/%.*s", f->system, (int)f->len, f->text);
	return 0;
}

static void formats_survive(void **state)
{
	const struct tracing_info info = { 8, 4096, "page", "event" };
	const struct tracing_format formats[] = {
		{ "module", "a", "aa", 2 }, { "module", "b", "bb", 2 }, { "sched", "c", "cc", 2 },
	};
	struct seen seen = { 0 };
	struct buf b = { 0 };
	size_t n;

	(void)state;
	assert_int_equal(tracing_data_write(&b, &info, formats, 3), 0);
	assert_int_equal(tracing_data_read((u8 *)b.data, b.len, see, &seen), 0);
	assert_int_equal(seen.nr, 3);
	assert_string_equal(seen.last, "sched/cc");
	for (n = 0; n < b.len; n++) {
		u8 *cut = malloc(n ? n : 1);

		memcpy(cut, b.data, n);
		tracing_data_read(cut, n, see, &seen);
		free(cut);
	}
	buf_free(&b);
}

static void notes(void **state)
{
	static const char text[] = "generator some%20thing%0A\nat_start merge_file wait\n"
				   "unknown line\nat_end merge_file busy\nsymbol ff00 f+0x1%20[m]\n"
				   "symbol 10 g%\nend_ns 99999999999999999999999\n\nend_ns 7";
	struct source_info info = { 0 };
	char *word;

	(void)state;
	assert_int_equal(notes_read(&info, text, sizeof(text) - 1), 0);
	assert_string_equal(info.generator, "some thing\n");
	assert_int_equal(info.nr_states, 1);
	assert_string_equal(info.states[0].at_start, "wait");
	assert_string_equal(info.states[0].at_end, "busy");
	assert_string_equal(source_symbol(&info, 0xff00), "f+0x1 [m]");
	assert_string_equal(source_symbol(&info, 0x10), "g%");
	assert_null(source_symbol(&info, 0x11));
	assert_int_equal(info.end_ns, 0);
	source_info_free(&info);
	word = note_encode("a b\n%\xff", 6);
	assert_string_equal(word, "a%20b%0A%25%FF");
	free(word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closed_file),
		cmocka_unit_test(killed_recorder),
		cmocka_unit_test(long_notes_move_to_the_end),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(ids),
		cmocka_unit_test(no_header_harms),
		cmocka_unit_test(sample_layouts),
		cmocka_unit_test(sample_cgroups),
		cmocka_unit_test(formats_survive),
		cmocka_unit_test(notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
