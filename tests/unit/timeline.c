// SPDX-License-Identifier: GPL-2.0-only
#include "model/timeline.h"
#include "unit.h"

static const char *const xfs = "xfs";

static struct attempt_facts attempt(u64 serial, u64 begin_ns, u64 end_ns, enum outcome outcome)
{
	return (struct attempt_facts){ .serial = serial, .module = xfs, .who.comm = "modprobe",
				       .begin_ns = begin_ns, .end_ns = end_ns,
				       .outcome = outcome, .tid = 100 + serial };
}

static void begin(struct timeline *t, u64 serial, u64 at)
{
	const struct attempt_facts a = attempt(serial, at, 0, OUTCOME_IN_FLIGHT);

	assert_int_equal(timeline_attempt(t, ATTEMPT_BEGAN, &a), 0);
}

static void end(struct timeline *t, u64 serial, u64 from, u64 to, enum outcome outcome)
{
	const struct attempt_facts a = attempt(serial, from, to, outcome);

	assert_int_equal(timeline_attempt(t, ATTEMPT_ENDED, &a), 0);
}

static void the_winner_comes_first(void **state)
{
	struct timeline *t = timeline_new(100, 100);
	const struct attempt_facts **all;
	size_t nr;

	(void)state;
	begin(t, 0, 1000);
	begin(t, 1, 1001);
	begin(t, 2, 1002);
	end(t, 1, 1001, 2000, OUTCOME_MERGED);
	end(t, 0, 1000, 2001, OUTCOME_MERGED);
	end(t, 2, 1002, 2002, OUTCOME_LOADED);
	begin(t, 3, 5000);
	all = lane_attempts(timeline_lane(t, xfs), &nr);
	assert_int_equal(nr, 4);
	assert_int_equal(all[0]->serial, 2);
	assert_int_equal(all[1]->serial, 0);
	assert_int_equal(all[2]->serial, 1);
	assert_int_equal(all[3]->serial, 3);
	assert_int_equal(all[3]->end_ns, 0);
	free(all);
	timeline_free(t);
}

/* Counted once, however often the buckets were widened, and however many cells they become. */
static void nothing_is_counted_twice(void **state)
{
	struct timeline *t = timeline_new(100000, 100000);
	struct lane_cell cells[64];
	u64 serial, sum = 0;
	size_t i, width;

	(void)state;
	for (serial = 0; serial < 5000; serial++)
		end(t, serial, 1000 + serial * 777777, 1000 + serial * 777777 + 10,
		    OUTCOME_EXISTS);
	lane_cells(t, timeline_lane(t, xfs), t->start_ns, t->last_ns + NSEC_PER_SEC, cells, 1);
	assert_int_equal(cells[0].counts[LANE_EXISTS], 5000);
	for (width = 2; width <= 64; width *= 2) {
		u64 span = timeline_lane(t, xfs)->width_ns * LANE_BUCKETS;

		sum = 0;
		lane_cells(t, timeline_lane(t, xfs), t->start_ns, t->start_ns + span, cells, width);
		for (i = 0; i < width; i++)
			sum += cells[i].counts[LANE_EXISTS];
		/* One that lies across a border is in both its cells. */
		assert_in_range(sum, 5000, 5000 + width);
	}
	timeline_free(t);
}

static void long_ones_are_in_every_cell(void **state)
{
	struct timeline *t = timeline_new(10, 10);
	struct lane_cell cells[8];
	size_t i;

	(void)state;
	end(t, 0, 1000000, 9000000, OUTCOME_MERGED);
	begin(t, 1, 5000000);
	lane_cells(t, timeline_lane(t, xfs), 1000000, 9000000, cells, 8);
	for (i = 0; i < 8; i++) {
		assert_int_equal(cells[i].counts[LANE_MERGED], 1);
		assert_int_equal(cells[i].counts[LANE_OPEN], i >= 4);
		assert_int_equal(lane_cell_kind(&cells[i]), LANE_MERGED);
	}
	timeline_free(t);
}

static void older_ones_are_folded(void **state)
{
	struct timeline *t = timeline_new(64, 16);
	const struct lane *lane;
	u64 i;

	(void)state;
	end(t, 0, 1000, 2000, OUTCOME_LOADED);
	for (i = 1; i <= 100; i++)
		end(t, i, 1000 + i, 3000 + i, OUTCOME_MERGED);
	lane = timeline_lane(t, xfs);
	/* The load is kept longer than who came for nothing. */
	assert_int_equal(lane->workers.nr, 1);
	assert_int_equal(lane->others.nr, 14);
	assert_int_equal(lane->folded, 86);
	assert_int_equal(t->folded, 86);
	assert_int_equal(t->nr_kept, 15);
	timeline_free(t);
}

static void a_clone_stays(void **state)
{
	struct timeline *t = timeline_new(10, 10), *clone;

	(void)state;
	end(t, 0, 1000, 2000, OUTCOME_LOADED);
	begin(t, 1, 3000);
	clone = timeline_clone(t);
	end(t, 1, 3000, 4000, OUTCOME_EXISTS);
	assert_int_equal(clone->nr_open, 1);
	assert_int_equal(timeline_lane(clone, xfs)->open.nr, 1);
	assert_int_equal(timeline_lane(clone, xfs)->others.nr, 0);
	assert_int_equal(t->nr_open, 0);
	timeline_free(t);
	timeline_free(clone);
}

static void an_open_one_can_move_and_vanish(void **state)
{
	struct timeline *t = timeline_new(10, 10);
	struct attempt_facts a = attempt(7, 1000, 0, OUTCOME_IN_FLIGHT);
	static const char *const ext4 = "ext4";

	(void)state;
	assert_int_equal(timeline_attempt(t, ATTEMPT_BEGAN, &a), 0);
	a.module = ext4;
	assert_int_equal(timeline_attempt(t, ATTEMPT_CHANGED, &a), 0);
	assert_int_equal(timeline_lane(t, xfs)->open.nr, 0);
	assert_int_equal(timeline_lane(t, ext4)->open.nr, 1);
	assert_int_equal(timeline_attempt(t, ATTEMPT_ABANDONED, &a), 0);
	assert_int_equal(timeline_lane(t, ext4)->open.nr, 0);
	assert_int_equal(t->nr_open, 0);
	timeline_free(t);
}

static void times_may_be_any(void **state)
{
	struct timeline *t = timeline_new(10, 10);
	struct lane_cell cells[4];

	(void)state;
	end(t, 0, 5, UINT64_MAX, OUTCOME_EXISTS);
	end(t, 1, UINT64_MAX, 3, OUTCOME_EXISTS);
	lane_cells(t, timeline_lane(t, xfs), 0, UINT64_MAX, cells, 4);
	lane_cells(t, timeline_lane(t, xfs), UINT64_MAX, 0, cells, 4);
	timeline_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_winner_comes_first),
		cmocka_unit_test(nothing_is_counted_twice),
		cmocka_unit_test(long_ones_are_in_every_cell),
		cmocka_unit_test(older_ones_are_folded),
		cmocka_unit_test(a_clone_stays),
		cmocka_unit_test(an_open_one_can_move_and_vanish),
		cmocka_unit_test(times_may_be_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
