// SPDX-License-Identifier: GPL-2.0-only
#include <linux/perf_event.h>

#include "recorder/renames.h"
#include "unit.h"

static struct buf in, out;

static void add(u32 type, u16 misc, u32 tid, const char *name, u64 time_ns)
{
	struct {
		struct perf_event_header h;
		u32 pid, tid;
		char rest[32];
	} record = { .h = { .type = type, .misc = misc }, .pid = tid, .tid = tid };
	size_t len = (strlen(name) + 8) & ~7UL;

	memcpy(record.rest, name, strlen(name));
	memcpy(record.rest + len, &time_ns, 8);
	record.h.size = 16 + len + 8;
	assert_int_equal(buf_add(&in, &record, record.h.size), 0);
}

/* "TID name time" of each record that is left. */
static const char *left(void)
{
	static char text[4096];
	struct perf_event_header h;
	size_t at, len = 0;

	out.len = 0;
	assert_int_equal(renames_squeeze(&out, (const u8 *)in.data, in.len), 0);
	*text = '\0';
	for (at = 0; at < out.len; at += h.size) {
		u64 time_ns;
		u32 tid;

		memcpy(&h, out.data + at, sizeof(h));
		memcpy(&tid, out.data + at + 12, 4);
		memcpy(&time_ns, out.data + at + h.size - 8, 8);
		len += snprintf(text + len, sizeof(text) - len, "%s%u %s %lu", len ? ", " : "", tid,
				out.data + at + 16, time_ns);
	}
	return text;
}

static int empty(void **state)
{
	(void)state;
	buf_free(&in);
	buf_free(&out);
	return 0;
}

static void the_last_name_stays(void **state)
{
	(void)state;
	add(PERF_RECORD_COMM, 0, 5, "a", 1);
	add(PERF_RECORD_COMM, 0, 5, "b", 2);
	add(PERF_RECORD_COMM, 0, 6, "x", 3);
	add(PERF_RECORD_COMM, 0, 5, "c", 4);
	add(PERF_RECORD_COMM, 0, 6, "y", 5);
	assert_string_equal(left(), "5 c 4, 6 y 5");
}

/* Whoever is asked for what happened next needs the name of then. */
static void what_happens_in_between_counts(void **state)
{
	(void)state;
	add(PERF_RECORD_COMM, 0, 5, "a", 1);
	add(PERF_RECORD_SAMPLE, 0, 5, "s", 2);
	add(PERF_RECORD_COMM, 0, 5, "b", 3);
	add(PERF_RECORD_COMM, 0, 5, "c", 4);
	add(PERF_RECORD_FORK, 0, 7, "f", 5);
	add(PERF_RECORD_COMM, 0, 5, "d", 6);
	add(PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC, 5, "e", 7);
	add(PERF_RECORD_COMM, 0, 5, "g", 8);
	assert_string_equal(left(), "5 a 1, 5 s 2, 5 c 4, 7 f 5, 5 d 6, 5 e 7, 5 g 8");
}

/* The records of long names are larger: one of each is left, and their times tell which was last. */
static void names_of_two_sizes(void **state)
{
	(void)state;
	add(PERF_RECORD_COMM, 0, 5, "a", 1);
	add(PERF_RECORD_COMM, 0, 5, "a-long-name", 2);
	add(PERF_RECORD_COMM, 0, 5, "b", 3);
	add(PERF_RECORD_COMM, 0, 5, "b-long-name", 4);
	assert_string_equal(left(), "5 b 3, 5 b-long-name 4");
}

static void a_flood_leaves_little(void **state)
{
	u64 i;

	(void)state;
	for (i = 0; i < 60; i++)
		add(PERF_RECORD_COMM, 0, 5, "a", i);
	assert_false(renames_are_many((const u8 *)in.data, in.len));
	for (; i < 9000; i++)
		add(PERF_RECORD_COMM, 0, 5 + i % 40, i % 2 ? "a" : "a-long-name", i);
	assert_true(renames_are_many((const u8 *)in.data, in.len));
	left();
	assert_true(out.len < 100 * 40);
	/* What is cut is handed on as it is. */
	in.len -= 3;
	left();
	assert_true(out.len > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_last_name_stays, empty),
		cmocka_unit_test_teardown(what_happens_in_between_counts, empty),
		cmocka_unit_test_teardown(names_of_two_sizes, empty),
		cmocka_unit_test_teardown(a_flood_leaves_little, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
