// SPDX-License-Identifier: GPL-2.0-only
#include <linux/perf_event.h>

#include "recorder/renamers.h"
#include "recorder/running_tasks.h"
#include "unit.h"

#define SECOND NSEC_PER_SEC

static const struct rename_event event = { .id = 77, .pid_from = 8 };

static struct renamers r;
static struct buf records, named, filter;

static int empty(void **state)
{
	(void)state;
	r = (struct renamers){ 0 };
	buf_free(&records);
	buf_free(&named);
	buf_free(&filter);
	return 0;
}

static void add_comm(u16 misc, u32 tid)
{
	const struct {
		struct perf_event_header h;
		u32 pid, tid;
		char comm[16];
	} record = { { PERF_RECORD_COMM, misc, sizeof(record) }, tid / 10, tid, "a" };

	assert_int_equal(buf_add(&records, &record, sizeof(record)), 0);
}

static void add_task(u32 type, u32 tid, u64 time_ns)
{
	const struct {
		struct perf_event_header h;
		u32 pid, ppid, tid, ptid;
		u64 time_ns;
	} record = { { type, 0, sizeof(record) }, tid / 10, 1, tid, 1, time_ns };

	assert_int_equal(buf_add(&records, &record, sizeof(record)), 0);
}

/* The tracepoint's: who makes the record, and of whom it is: a thread may name another. */
static void add_sample(u16 id, u32 maker, u32 of)
{
	struct {
		struct perf_event_header h;
		u64 event;
		u32 pid, tid;
		u64 time_ns, cpu;
		u32 raw_size;
		u8 raw[20];
	} __attribute__((packed)) record = {
		{ PERF_RECORD_SAMPLE, 0, sizeof(record) }, 1, maker / 10, maker, 5, 0, 20, { 0 }
	};

	memcpy(record.raw, &id, 2);
	memcpy(record.raw + 8, &of, 4);
	assert_int_equal(buf_add(&records, &record, sizeof(record)), 0);
}

static void look(u64 now_ns)
{
	assert_int_equal(renamers_look(&r, &event, (const u8 *)records.data, records.len, now_ns,
				       &named),
			 0);
	records.len = 0;
}

static void add_comms(u32 tid, unsigned int nr)
{
	while (nr--)
		add_comm(0, tid);
}

static const char *filtered(void)
{
	filter.len = 0;
	assert_int_equal(renamers_filter(&r, &filter), 0);
	return filter.len ? filter.data : "";
}

static void tell(u64 now_ns)
{
	assert_true(renamers_due(&r, now_ns));
	named.len = 0;
	assert_int_equal(renamers_told(&r, now_ns, true, &named), 0);
	assert_false(renamers_due(&r, now_ns + 60 * SECOND));
}

/* "TID NAME" of each record, and when. */
static const char *names(void)
{
	static char text[4096];
	struct perf_event_header h;
	size_t at, len = 0;

	*text = '\0';
	for (at = 0; at < named.len; at += h.size) {
		struct sample_id id;
		u32 tid;

		memcpy(&h, named.data + at, sizeof(h));
		assert_int_equal(h.type, PERF_RECORD_COMM);
		memcpy(&tid, named.data + at + 12, sizeof(tid));
		memcpy(&id, named.data + at + h.size - sizeof(id), sizeof(id));
		len += snprintf(text + len, sizeof(text) - len, "%s%u %s %lu", len ? ", " : "", tid,
				named.data + at + 16, id.time);
	}
	return text;
}

static void who_takes_many_names_is_left_out(void **state)
{
	(void)state;
	add_comms(51, RENAMES_A_SECOND);
	add_comms(61, RENAMES_A_SECOND - 1);
	look(SECOND);
	assert_string_equal(filtered(), "pid!=51");
	tell(SECOND + 5);
	assert_string_equal(names(), "51 (renaming) 1000000005");
	/* Once is enough, and others' names aren't touched. */
	add_comms(51, RENAMES_A_SECOND);
	add_comms(71, RENAMES_A_SECOND);
	look(2 * SECOND);
	assert_string_equal(filtered(), "pid!=51&&pid!=71");
	tell(2 * SECOND);
	assert_string_equal(names(), "71 (renaming) 2000000000");
	assert_int_equal(r.total, 2);
}

/* Workers of udev take one each, and who execs gets one each time. */
static void others_keep_their_names(void **state)
{
	u32 tid, i;

	(void)state;
	for (tid = 100; tid < 5000; tid++)
		add_comms(tid, 3);
	for (i = 0; i < 2 * RENAMES_A_SECOND; i++)
		add_comm(PERF_RECORD_MISC_COMM_EXEC, 51);
	look(SECOND);
	/* So many in an hour are not many in a second. */
	for (i = 0; i < 20; i++) {
		add_comms(61, RENAMES_A_SECOND / 5);
		look((2 + i) * SECOND);
	}
	assert_false(renamers_due(&r, 90 * SECOND));
	assert_string_equal(filtered(), "");
}

/* While somebody is left out, the tracepoint tells of the others. */
static void renames_of_both_events_count(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < RENAMES_A_SECOND; i++) {
		add_sample(77, 51, 61);
		add_sample(78, 51, 71);
	}
	look(SECOND);
	assert_string_equal(filtered(), "pid!=61");
}

static void who_has_ended_is_nobody(void **state)
{
	(void)state;
	add_comms(51, RENAMES_A_SECOND);
	add_task(PERF_RECORD_EXIT, 51, 5);
	look(SECOND);
	assert_false(renamers_due(&r, SECOND));
	/* Later, the kernel is told again. */
	add_comms(51, RENAMES_A_SECOND);
	look(3 * SECOND);
	tell(3 * SECOND);
	add_task(PERF_RECORD_EXIT, 51, 5);
	add_task(PERF_RECORD_EXIT, 52, 5);
	look(4 * SECOND);
	assert_string_equal(filtered(), "");
	tell(4 * SECOND);
	assert_string_equal(names(), "");
	assert_int_equal(r.nr, 0);
}

/* The names of who has its id now aren't seen until the kernel is told. */
static void an_id_used_again(void **state)
{
	const u32 me = getpid();
	char text[64];

	(void)state;
	add_comms(me, RENAMES_A_SECOND);
	look(SECOND);
	tell(SECOND);
	add_task(PERF_RECORD_EXIT, me, 5);
	add_task(PERF_RECORD_FORK, me, 1005);
	add_task(PERF_RECORD_FORK, me + 1, 1006);
	named.len = 0;
	look(2 * SECOND);
	snprintf(text, sizeof(text), "%u (renaming) 1006", me);
	assert_string_equal(names(), text);
	assert_string_equal(filtered(), "");
	/* Then it has the name that the kernel says. */
	r.all[0].pid = me;
	tell(3 * SECOND);
	snprintf(text, sizeof(text), "%u renamers 3000000000", me);
	assert_string_equal(names(), text);
}

/* Whoever has another task do it again and again makes the kernel no more work than so. */
static void changes_are_rare(void **state)
{
	u64 now = SECOND, last = now;
	unsigned int i, nr = 0;

	(void)state;
	for (i = 0; i < 3000; i++, now += SECOND / 10) {
		add_comms(1000 + i, RENAMES_A_SECOND);
		look(now);
		add_task(PERF_RECORD_EXIT, 1000 + i - 1, 5);
		look(now);
		if (!renamers_due(&r, now))
			continue;
		assert_int_equal(renamers_told(&r, now, nr % 2, &named), 0);
		last = now;
		nr++;
	}
	assert_in_range(nr, 20, 40);
	assert_in_range(now - last, 0, 11 * SECOND);
}

static void a_filter_fits_into_a_page(void **state)
{
	const u32 first = (1U << 22) - 2 * RENAMERS_MAX;
	u32 i;

	(void)state;
	for (i = 0; i < 2 * RENAMERS_MAX; i++)
		add_comms(first + i, RENAMES_A_SECOND);
	look(SECOND);
	assert_int_equal(r.nr, RENAMERS_MAX);
	assert_in_range(strlen(filtered()), 10 * RENAMERS_MAX, 2048);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(who_takes_many_names_is_left_out, empty),
		cmocka_unit_test_teardown(others_keep_their_names, empty),
		cmocka_unit_test_teardown(renames_of_both_events_count, empty),
		cmocka_unit_test_teardown(who_has_ended_is_nobody, empty),
		cmocka_unit_test_teardown(an_id_used_again, empty),
		cmocka_unit_test_teardown(changes_are_rare, empty),
		cmocka_unit_test_teardown(a_filter_fits_into_a_page, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
