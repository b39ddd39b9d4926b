// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"
#include "views/boot_story.h"

static void add(struct boot_story *s, const char *module, u64 from, u64 to, enum outcome outcome,
		u64 read_bytes)
{
	const struct attempt_facts a = {
		.module = module, .begin_ns = from, .end_ns = to, .outcome = outcome,
		.cost.bytes = { read_bytes, 0, read_bytes },
	};

	assert_int_equal(boot_story_attempt(s, ATTEMPT_BEGAN, &a), 0);
	assert_int_equal(boot_story_attempt(s, ATTEMPT_ENDED, &a), 0);
}

/* An attempt is of the phase in which it began; its time is of each that it lasted through. */
static void phases_split_at_milestones(void **state)
{
	struct marker markers[] = {
		{ (char *)"sockets.target", 20 }, { (char *)"switch_root", 100 },
		{ (char *)"multi-user.target", 300 },
	};
	const struct source_info info = { .markers = markers, .nr_markers = 3 };
	struct boot_story s = { 0 };

	(void)state;
	add(&s, "xfs", 10, 50, OUTCOME_LOADED, 1000);
	add(&s, "xfs", 20, 60, OUTCOME_MERGED, 0);
	add(&s, "kvm", 90, 120, OUTCOME_EXISTS, 7);
	add(&s, "kvm", 100, 110, OUTCOME_BUSY, 5);
	add(&s, "kvm", 350, 380, OUTCOME_FAILED, 9);
	assert_int_equal(boot_story_make(&s, &info, 0, 400), 0);
	assert_int_equal(s.nr_phases, 3);
	assert_string_equal(s.phases[0].name, "switch_root");
	assert_int_equal(s.phases[0].attempts, 3);
	assert_int_equal(s.phases[0].loaded, 1);
	assert_int_equal(s.phases[0].duplicates, 2);
	assert_int_equal(s.phases[0].wasted_bytes, 14);
	assert_int_equal(s.phases[0].duplicates_ns, 40 + 10);
	assert_string_equal(s.phases[0].modules[0], "xfs");
	assert_int_equal(s.phases[0].module_attempts[0], 2);
	assert_string_equal(s.phases[0].modules[1], "kvm");
	assert_null(s.phases[0].modules[2]);
	assert_int_equal(s.phases[1].attempts, 1);
	assert_int_equal(s.phases[1].duplicates_ns, 20);
	/* what began before and goes on runs here too */
	assert_int_equal(s.phases[0].running, 3);
	assert_int_equal(s.phases[1].running, 2);
	assert_null(s.phases[2].name);
	assert_int_equal(s.phases[2].from_ns, 300);
	assert_int_equal(s.phases[2].until_ns, 400);
	assert_int_equal(s.phases[2].attempts, 1);
	assert_int_equal(s.phases[2].duplicates, 0);
	assert_int_equal(s.phases[2].wasted_bytes, 0);
	boot_story_free(&s);
}

static void the_line_has_every_attempt_once(void **state)
{
	static const char *const names[] = { "a", "b", "c", "d", "e" };
	const struct source_info info = { 0 };
	struct boot_story s = { 0 };
	u64 attempts = 0, duplicates_ns = 0;
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		add(&s, names[i % 5], 7000000000 + i * 13000000, 7000000000 + i * 13000000 + 1000,
		    OUTCOME_MERGED, 0);
	assert_int_equal(boot_story_make(&s, &info, 1, 30000000000), 0);
	assert_true(s.nr_line > 5 && s.nr_line <= 25);
	for (i = 0; i < s.nr_line; i++) {
		const struct boot_piece *p = &s.line[i];

		assert_int_equal(p->until_ns - p->from_ns, s.line[0].until_ns - s.line[0].from_ns);
		attempts += p->attempts;
		duplicates_ns += p->duplicates_ns;
		if (p->attempts > 10)
			assert_int_equal(p->more_modules, 2);
	}
	assert_int_equal(attempts, 1000);
	assert_int_equal(duplicates_ns, 1000 * 1000);
	boot_story_free(&s);
}

static void nothing_happened(void **state)
{
	const struct source_info info = { 0 };
	struct boot_story s = { 0 };

	(void)state;
	assert_int_equal(boot_story_make(&s, &info, 1, 1000), 0);
	assert_int_equal(s.nr_line, 0);
	assert_int_equal(s.nr_phases, 1);
	assert_int_equal(s.phases[0].attempts, 0);
	boot_story_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phases_split_at_milestones),
		cmocka_unit_test(the_line_has_every_attempt_once),
		cmocka_unit_test(nothing_happened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
