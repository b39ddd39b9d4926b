// SPDX-License-Identifier: GPL-2.0-only
#include "model/attempt.h"
#include "model/model.h"

#include "formats/events.h"
#include "model/freeze.h"
#include "model/open.h"
#include "unit.h"

#define S(s) { s, sizeof(s) - 1 }
#define ADD(...) assert_int_equal(model_event(m, &(const struct event){ __VA_ARGS__ }), 0)

#define BEGIN(at, t, ...) ADD(.type = EVENT_LOAD_BEGIN, .time_ns = at, .tid = t, .task = t, \
			      __VA_ARGS__)
#define MERGED(at, t, ...) ADD(.type = EVENT_LOAD_MERGED, .time_ns = at, .tid = t, .task = t, \
			       .has_wait = true, __VA_ARGS__)
#define END(at, t, ...) ADD(.type = EVENT_LOAD_END, .time_ns = at, .tid = t, .task = t, __VA_ARGS__)
#define XFS .file = S("xfs.ko"), .ino = 7, .dev = 1

static struct model *m;

static int setup(void **state)
{
	(void)state;
	m = model_new();
	return m ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	model_free(m);
	return 0;
}

static const struct module *module(const char *name)
{
	size_t i;

	for (i = 0; i < m->nr_modules; i++)
		if (!strcmp(m->modules[i]->name, name))
			return m->modules[i];
	return NULL;
}

static u64 outcome(enum outcome o)
{
	return m->totals.outcomes[o];
}

static void check_sum(void)
{
	u64 sum = 0, attempts = 0;
	size_t i;

	for (i = 0; i < OUTCOME_NR; i++)
		sum += m->totals.outcomes[i];
	assert_int_equal(m->totals.attempts, sum);
	for (i = 0; i < m->nr_modules; i++)
		attempts += m->modules[i]->tally.attempts;
	assert_int_equal(attempts, sum);
}

/* The outcome of a call with this end. */
static enum outcome judged(s32 ret, u8 stage)
{
	struct model *mine = model_new();
	const struct event begin = { .type = EVENT_LOAD_BEGIN, .time_ns = 1, .tid = 5 };
	const struct event end = { .type = EVENT_LOAD_END, .time_ns = 2, .tid = 5, .ret = ret,
				   .stage = stage };
	enum outcome o = 0;

	model_event(mine, &begin);
	model_event(mine, &end);
	while (!mine->totals.outcomes[o])
		o++;
	model_free(mine);
	return o;
}

static void outcomes(void **state)
{
	(void)state;
	assert_int_equal(judged(0, STAGE_DONE), OUTCOME_LOADED);
	assert_int_equal(judged(-EEXIST, STAGE_LAYOUT), OUTCOME_EXISTS);
	assert_int_equal(judged(-EEXIST, STAGE_INIT), OUTCOME_FAILED);
	assert_int_equal(judged(-EBUSY, STAGE_NAME), OUTCOME_BUSY);
	/* no load, so a writer */
	assert_int_equal(judged(-ETXTBSY, STAGE_FILE), OUTCOME_FAILED);
	assert_int_equal(judged(-EBUSY, STAGE_INIT), OUTCOME_FAILED);
	assert_int_equal(judged(-512, STAGE_FILE), OUTCOME_INTERRUPTED);
	assert_int_equal(judged(-EINTR, STAGE_INIT), OUTCOME_INTERRUPTED);
	assert_int_equal(judged(-EDEADLK, STAGE_FILE), OUTCOME_FAILED);
	assert_int_equal(judged(-ENODEV, STAGE_INIT), OUTCOME_FAILED);
	assert_int_equal(judged(123456, STAGE_INIT), OUTCOME_FAILED);
}

static void merged_before_all(void **state)
{
	(void)state;
	BEGIN(10, 1, XFS);
	MERGED(20, 1, .ret = 0, .gate = GATE_FILE, .wait_ns = 9);
	END(21, 1, .ret = 0, .stage = STAGE_DONE);
	assert_int_equal(outcome(OUTCOME_MERGED), 1);
	assert_int_equal(m->totals.gates[GATE_FILE], 1);
	assert_int_equal(m->totals.late, 0);
	check_sum();
}

/* A task that renames itself is remembered by one name; of who loads, the name is kept. */
static void names_are_forgotten(void **state)
{
	char name[16];
	size_t bytes;
	int i;

	(void)state;
	bytes = m->strings.bytes;
	for (i = 0; i < 10000; i++) {
		const struct event ev = { .type = EVENT_COMM,
					  .time_ns = 5,
					  .task = 7,
					  .pid = 7,
					  .comm = { name,
						    snprintf(name, sizeof(name), "n%d", i) } };

		assert_int_equal(model_event(m, &ev), 0);
	}
	assert_int_equal(m->strings.bytes, bytes);
	assert_string_equal(model_comm(m, 7), "n9999");
}

/* So many at a time, and no more; each is counted all the same. */
static void under_way_at_a_time(void **state)
{
	const int more = 100;
	int i;

	(void)state;
	for (i = 1; i <= UNDER_WAY_MAX + more; i++)
		BEGIN(10 + i, i, XFS);
	assert_int_equal(m->attempt_by_tid.nr, UNDER_WAY_MAX);
	assert_int_equal(m->totals.attempts, UNDER_WAY_MAX + more);
	assert_int_equal(outcome(OUTCOME_IN_FLIGHT), UNDER_WAY_MAX + more);
	END(99999, 1, .ret = 0, .stage = STAGE_DONE);
	assert_int_equal(outcome(OUTCOME_LOADED), 1);
	check_sum();
}

static void names_of_files(void **state)
{
	char name[8];

	(void)state;
	module_name_of_file("a-b.ko", 6, name, sizeof(name));
	assert_string_equal(name, "a_b");
	module_name_of_file("a.ko.xz", 7, name, sizeof(name));
	assert_string_equal(name, "a");
	module_name_of_file("a.kor.ko", 8, name, sizeof(name));
	assert_string_equal(name, "a.kor");
	module_name_of_file(".ko", 3, name, sizeof(name));
	assert_string_equal(name, ".ko");
	module_name_of_file("muchtoolong.ko", 14, name, sizeof(name));
	assert_string_equal(name, "muchtoo");
}

/* Waiters are let go before the winner's call ends: what they avoided is known after that. */
static void avoided_by_a_winner_who_ends_later(void **state)
{
	(void)state;
	BEGIN(10, 1, XFS);
	BEGIN(11, 2, XFS);
	MERGED(20, 2, .ret = -EEXIST, .leader = 1, .wait_ns = 8);
	END(21, 2, .ret = -EEXIST, .read_bytes = 30);
	assert_int_equal(m->totals.avoided_known, 0);
	END(30, 1, .stage = STAGE_DONE, .read_bytes = 100, .image_bytes = 200, .layout_bytes = 300);
	assert_int_equal(m->totals.avoided_bytes, 570);
	assert_int_equal(m->totals.avoided_known, 1);
	assert_int_equal(tally_wasted(&m->totals), 30);
	assert_int_equal(module("xfs")->tally.avoided_bytes, 570);
	check_sum();
}

static void avoided_by_a_winner_who_ended(void **state)
{
	(void)state;
	BEGIN(10, 1, XFS);
	BEGIN(11, 2, XFS);
	END(12, 1, .ret = -ENODEV, .stage = STAGE_INIT, .layout_bytes = 50);
	/* the same thread is at another module already */
	BEGIN(13, 1, .file = S("other.ko"), .ino = 8);
	MERGED(20, 2, .ret = -EBUSY, .leader = 1, .wait_ns = 8);
	END(21, 2, .ret = -EBUSY);
	assert_int_equal(m->totals.avoided_bytes, 50);
	assert_int_equal(m->totals.failed_bytes, 50);
}

static void avoided_by_the_last_load_of_the_file(void **state)
{
	(void)state;
	BEGIN(10, 1, XFS);
	END(12, 1, .stage = STAGE_DONE, .read_bytes = 50);
	BEGIN(20, 2, XFS);
	MERGED(21, 2, .ret = -EEXIST, .gate = GATE_LIVE);
	END(22, 2, .ret = -EEXIST);
	assert_int_equal(m->totals.avoided_bytes, 50);
	assert_int_equal(m->totals.late, 1);
	/* another file of that name: nothing is known */
	BEGIN(30, 3, .file = S("xfs.ko"), .ino = 9, .dev = 1);
	MERGED(31, 3, .ret = -EEXIST, .gate = GATE_LIVE);
	END(32, 3, .ret = -EEXIST);
	assert_int_equal(m->totals.avoided_known, 1);
}

static void avoided_is_never_below_zero(void **state)
{
	(void)state;
	BEGIN(10, 1, .syscall = SYSCALL_INIT);
	BEGIN(11, 2, .syscall = SYSCALL_INIT);
	MERGED(20, 2, .ret = -EEXIST, .leader = 1, .gate = GATE_NAME, .name = S("xfs"));
	END(21, 2, .ret = -EEXIST, .read_bytes = 500, .name = S("xfs"));
	END(30, 1, .stage = STAGE_DONE, .read_bytes = 400, .name = S("xfs"));
	assert_int_equal(m->totals.avoided_bytes, 0);
	assert_int_equal(m->totals.avoided_known, 1);
	assert_int_equal(m->totals.init_dups, 1);
	assert_int_equal(m->totals.wasted[BYTES_READ], 500);
	assert_int_equal(module("xfs")->tally.attempts, 2);
	assert_int_equal(module("(unnamed)")->tally.attempts, 0);
	check_sum();
}

static void an_end_without_a_begin(void **state)
{
	(void)state;
	END(1000, 1, .ret = -EEXIST, .stage = STAGE_NAME, .duration_ns = 300, .name = S("a"));
	assert_int_equal(m->no_begin, 1);
	assert_int_equal(outcome(OUTCOME_EXISTS), 1);
	assert_int_equal(intervals_length(&m->duplicates), 300);
	MERGED(2000, 2, .ret = -EEXIST, .name = S("a"));
	END(2001, 2, .ret = -EEXIST, .name = S("a"));
	assert_int_equal(m->no_begin, 2);
	assert_int_equal(outcome(OUTCOME_MERGED), 1);
	check_sum();
}

static void a_begin_without_an_end(void **state)
{
	(void)state;
	BEGIN(10, 1, XFS);
	assert_int_equal(outcome(OUTCOME_IN_FLIGHT), 1);
	/* the thread died inside, and its id is used again */
	BEGIN(20, 1, XFS);
	END(30, 1, .stage = STAGE_DONE);
	assert_int_equal(outcome(OUTCOME_IN_FLIGHT), 1);
	assert_int_equal(outcome(OUTCOME_LOADED), 1);
	check_sum();
}

static void what_was_lost_makes_open_ones_unknown(void **state)
{
	(void)state;
	BEGIN(10, 1, XFS);
	BEGIN(11, 2, XFS);
	ADD(.type = EVENT_LOST, .time_ns = 15, .lost = 3);
	BEGIN(20, 3, XFS);
	assert_int_equal(outcome(OUTCOME_UNKNOWN), 2);
	assert_int_equal(outcome(OUTCOME_IN_FLIGHT), 1);
	END(30, 1, .stage = STAGE_DONE);
	assert_int_equal(outcome(OUTCOME_UNKNOWN), 1);
	assert_int_equal(outcome(OUTCOME_LOADED), 1);
	assert_int_equal(m->lost, 3);
	check_sum();
}

static void requests(void **state)
{
	(void)state;
	ADD(.type = EVENT_REQUEST, .name = S("fs-xfs"), .ip = 100);
	ADD(.type = EVENT_REQUEST, .name = S("fs-xfs"), .ip = 100);
	ADD(.type = EVENT_REQUEST, .name = S("fs-xfs"), .ip = 200);
	ADD(.type = EVENT_AUTOLOAD_DUP, .name = S("fs-xfs"), .ip = 100, .wait_ns = 5,
	    .has_wait = true);
	assert_int_equal(m->nr_requests, 2);
	assert_int_equal(m->requests[0]->requests, 2);
	assert_int_equal(m->requests[0]->dups, 1);
	assert_int_equal(m->requests[0]->wait_ns, 5);
	assert_int_equal(m->autoload_dups, 1);
	assert_int_equal(m->totals.wait.count, 1);
	assert_int_equal(m->totals.attempts, 0);
}

static void who_asked(void **state)
{
	const struct requester *r;

	(void)state;
	/* listed at the start, a child ahead of its parent */
	ADD(.type = EVENT_FORK, .task = 60, .pid = 60, .parent_tid = 50, .parent_pid = 50);
	ADD(.type = EVENT_COMM, .task = 60, .pid = 60, .comm = S("worker"));
	ADD(.type = EVENT_FORK, .task = 50, .pid = 50, .parent_tid = 1, .parent_pid = 1);
	ADD(.type = EVENT_COMM, .task = 50, .pid = 50, .comm = S("udevd"));
	BEGIN(10, 60, XFS);
	END(11, 60, .stage = STAGE_DONE);
	r = module("xfs")->requesters;
	assert_string_equal(r->who.comm, "worker");
	assert_string_equal(r->who.parent, "udevd");
	/* a thread's parent is its process's */
	ADD(.type = EVENT_FORK, .time_ns = 12, .task = 61, .pid = 60, .parent_tid = 60,
	    .parent_pid = 60);
	BEGIN(13, 61, XFS);
	END(14, 61, .ret = -EEXIST, .stage = STAGE_NAME, .read_bytes = 3);
	assert_int_equal(r->attempts, 2);
	assert_int_equal(cost_total(&r->wasted), 3);
	/* a child's name is its parent's until it has its own, and ids are used again */
	ADD(.type = EVENT_EXIT, .time_ns = 15, .task = 61);
	ADD(.type = EVENT_FORK, .time_ns = 16, .task = 61, .pid = 61, .parent_tid = 50,
	    .parent_pid = 50);
	BEGIN(17, 61, .file = S("b.ko"));
	assert_string_equal(module("b")->requesters->who.comm, "udevd");
	BEGIN(18, 99, .file = S("c.ko"));
	assert_string_equal(module("c")->requesters->who.comm, "(unknown)");
	assert_null(module("c")->requesters->who.parent);
}

static void bytes_saturate(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 2; i++)
		END(10, 1, .ret = -EEXIST, .read_bytes = UINT64_MAX, .image_bytes = UINT64_MAX,
		    .layout_bytes = 1);
	assert_true(tally_wasted(&m->totals) == UINT64_MAX);
}

static void names_without_end_share_a_row(void **state)
{
	u64 attempts = 0;
	size_t i;

	(void)state;
	for (i = 0; i < 70000; i++) {
		char name[16];
		struct event ev = { .type = EVENT_LOAD_END, .time_ns = i + 1, .tid = 1 };

		ev.name.text = name;
		ev.name.len = snprintf(name, sizeof(name), "m%zu", i);
		assert_int_equal(model_event(m, &ev), 0);
	}
	for (i = 0; i < m->nr_modules; i++)
		attempts += m->modules[i]->tally.attempts;
	assert_int_equal(attempts, 70000);
	assert_true(m->nr_modules < 17000);
	assert_true(m->evicted > 0);
	assert_non_null(module("(others)"));
	m->strings.evicted = 5;
	assert_int_equal(model_evicted(m), m->evicted + 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

struct seen {
	enum attempt_change change;
	struct attempt_facts facts;
	unsigned int calls;
};

static int see(void *context, enum attempt_change change, const struct attempt_facts *a)
{
	struct seen *seen = context;

	seen->change = change;
	seen->facts = *a;
	seen->calls++;
	return 0;
}

static void a_watcher_is_told(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	model_watch(m, see, &seen);
	BEGIN(10, 1, XFS);
	BEGIN(11, 2, XFS);
	assert_int_equal(seen.change, ATTEMPT_BEGAN);
	assert_int_equal(seen.facts.serial, 1);
	assert_string_equal(seen.facts.module, "xfs");
	assert_int_equal(seen.facts.outcome, OUTCOME_IN_FLIGHT);
	MERGED(20, 2, .ret = -EEXIST, .leader = 1, .wait_ns = 8);
	assert_int_equal(seen.change, ATTEMPT_CHANGED);
	assert_int_equal(seen.facts.leader, 1);
	END(21, 2, .ret = -EEXIST);
	assert_int_equal(seen.change, ATTEMPT_ENDED);
	assert_int_equal(seen.facts.outcome, OUTCOME_MERGED);
	assert_int_equal(seen.facts.begin_ns, 11);
	assert_int_equal(seen.facts.end_ns, 21);
	ADD(.type = EVENT_LOST, .time_ns = 22, .lost = 1);
	assert_int_equal(seen.change, ATTEMPT_CHANGED);
	assert_int_equal(seen.facts.outcome, OUTCOME_UNKNOWN);
	BEGIN(30, 1, XFS);
	assert_int_equal(seen.calls, 7);
}

static void a_frozen_model_stays(void **state)
{
	struct model *frozen;

	(void)state;
	BEGIN(10, 1, XFS);
	END(30, 1, .ret = -EEXIST, .read_bytes = 100);
	frozen = model_freeze(m);
	assert_non_null(frozen);
	BEGIN(40, 1, XFS);
	END(50, 1, .ret = -EBUSY, .read_bytes = 100);
	assert_int_equal(frozen->totals.attempts, 1);
	assert_int_equal(frozen->modules[0]->tally.attempts, 1);
	assert_int_equal(frozen->modules[0]->tally.nr_errnos, 1);
	assert_int_equal(cost_total(&frozen->modules[0]->requesters->wasted), 100);
	assert_int_equal(intervals_length(&frozen->duplicates), 20);
	model_free(frozen);
}

/* Worker time by what became of the call; unknown is not 0. */
static void time_in_calls(void **state)
{
	struct open_list open;

	(void)state;
	BEGIN(100, 1, XFS);
	BEGIN(110, 2, XFS);
	MERGED(150, 2);
	END(150, 1);
	END(160, 2);
	BEGIN(200, 3, XFS);
	END(207, 3, .ret = -ENODEV, .stage = STAGE_INIT);
	assert_int_equal(module("xfs")->tally.times.ns[CALL_LOAD], 50);
	assert_int_equal(module("xfs")->tally.times.ns[CALL_DUP], 50);
	assert_int_equal(module("xfs")->tally.times.ns[CALL_FAIL], 7);
	assert_int_equal(module("xfs")->tally.times.longest_ns, 50);
	assert_int_equal(m->totals.calls[CALL_DUP].sum, 50);
	assert_int_equal(m->totals.calls[CALL_LOAD].max, 50);
	assert_int_equal(module("xfs")->requesters->calls[CALL_FAIL].max, 7);
	END(300, 4, .ret = -EEXIST, .from_calls = true);
	assert_false(times_exact(&m->totals.times, CALL_DUP));
	assert_true(times_known(&m->totals.times, CALL_DUP));
	END(310, 5, .ret = -ENODEV, .name = S("kvm"));
	assert_false(times_known(&module("kvm")->tally.times, CALL_FAIL));
	BEGIN(400, 6, .file = S("c.ko"));
	BEGIN(401, 7, .file = S("d.ko"));
	BEGIN(402, 8, .file = S("e.ko"));
	BEGIN(390, 9, .file = S("a.ko"));
	model_oldest_open(m, &open);
	assert_int_equal(open.nr, 3);
	assert_string_equal(open.all[0].module, "a");
	assert_string_equal(open.all[2].module, "d");
	assert_int_equal(open.all[1].tid, 6);
}

/* What no other load explains is a writer's doing, and no duplicate. */
static void refused_by_a_writer(void **state)
{
	(void)state;
	BEGIN(1, 1, XFS);
	ADD(.type = EVENT_LOAD_EXCLUSIVE_BUSY, .time_ns = 2, .tid = 1, .ret = -ETXTBSY);
	END(3, 1, .ret = -ETXTBSY, .stage = STAGE_FILE);
	assert_int_equal(outcome(OUTCOME_FAILED), 1);
	assert_int_equal(m->totals.by_writer, 1);
	BEGIN(11, 1, XFS);
	ADD(.type = EVENT_LOAD_EXCLUSIVE_BUSY, .time_ns = 12, .tid = 1, .ret = -ETXTBSY,
	    .leader = 7);
	END(13, 1, .ret = -ETXTBSY, .stage = STAGE_FILE);
	assert_int_equal(outcome(OUTCOME_BUSY), 1);
	/* by their calls: alone, beside another, and after one that ended meanwhile */
	BEGIN(21, 1, XFS);
	END(22, 1, .ret = -ETXTBSY, .stage = STAGE_NAME, .from_calls = true);
	assert_int_equal(outcome(OUTCOME_FAILED), 2);
	BEGIN(30, 2, XFS);
	BEGIN(31, 1, XFS);
	END(32, 1, .ret = -ETXTBSY, .stage = STAGE_NAME, .from_calls = true);
	assert_int_equal(outcome(OUTCOME_BUSY), 2);
	BEGIN(33, 1, XFS);
	END(34, 2);
	END(35, 1, .ret = -ETXTBSY, .stage = STAGE_NAME, .from_calls = true);
	assert_int_equal(outcome(OUTCOME_BUSY), 3);
	assert_int_equal(m->totals.by_writer, 2);
	/* of the series, where the refusals weren't recorded: alone, and beside another */
	BEGIN(41, 1, XFS);
	END(42, 1, .ret = -ETXTBSY, .stage = STAGE_FILE);
	assert_int_equal(m->totals.by_writer, 3);
	BEGIN(50, 2, XFS);
	BEGIN(51, 1, XFS);
	END(52, 1, .ret = -ETXTBSY, .stage = STAGE_FILE);
	END(53, 2);
	assert_int_equal(outcome(OUTCOME_BUSY), 4);
	assert_int_equal(m->totals.by_writer, 3);
	check_sum();
}

/* A duplicate that began when the module was live could have known. */
static void repeats_of_a_live_module(void **state)
{
	(void)state;
	BEGIN(1, 1, XFS);
	BEGIN(2, 2, XFS);
	END(3, 1);
	END(4, 2, .ret = -EEXIST, .stage = STAGE_NAME);
	assert_int_equal(m->totals.serial, 0);
	BEGIN(5, 2, XFS);
	END(6, 2, .ret = -EEXIST, .stage = STAGE_NAME);
	assert_int_equal(module("xfs")->tally.serial, 1);
	ADD(.type = EVENT_FREE, .time_ns = 7, .tid = 1, .name = S("xfs"));
	BEGIN(8, 2, XFS);
	END(9, 2, .ret = -EEXIST, .stage = STAGE_NAME);
	assert_int_equal(module("xfs")->tally.serial, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(outcomes),
		TEST(merged_before_all),
		TEST(names_are_forgotten),
		TEST(under_way_at_a_time),
		TEST(names_of_files),
		TEST(avoided_by_a_winner_who_ends_later),
		TEST(avoided_by_a_winner_who_ended),
		TEST(avoided_by_the_last_load_of_the_file),
		TEST(avoided_is_never_below_zero),
		TEST(an_end_without_a_begin),
		TEST(a_begin_without_an_end),
		TEST(what_was_lost_makes_open_ones_unknown),
		TEST(requests),
		TEST(who_asked),
		TEST(bytes_saturate),
		TEST(names_without_end_share_a_row),
		TEST(a_watcher_is_told),
		TEST(a_frozen_model_stays),
		TEST(time_in_calls),
		TEST(refused_by_a_writer),
		TEST(repeats_of_a_live_module),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
