// SPDX-License-Identifier: GPL-2.0-only
#include "views/view.h"

#include "unit.h"

#define UNITS 32000

bool __real_identity_equal(const struct identity *a, const struct identity *b);
bool __wrap_identity_equal(const struct identity *a, const struct identity *b);

static unsigned int compared;

/* tests/tool/Makefile has the linker put this in the place of the model's. */
bool __wrap_identity_equal(const struct identity *a, const struct identity *b)
{
	compared++;
	return __real_identity_equal(a, b);
}

static void add(struct model *m, const struct event *ev)
{
	assert_int_equal(model_event(m, ev), 0);
}

static void load(struct model *m, s32 tid, u64 cgroup, const char *file)
{
	const struct str name = { file, strlen(file) };

	add(m, &(const struct event){ .type = EVENT_LOAD_BEGIN, .time_ns = 10, .tid = tid,
				      .task = tid, .cgroup = cgroup, .file = name });
	add(m, &(const struct event){ .type = EVENT_LOAD_END, .time_ns = 20, .tid = tid,
				      .task = tid, .cgroup = cgroup, .file = name,
				      .ret = -EEXIST, .read_bytes = 1 });
}

/* Services are told apart by their unit alone, and each costs a comparison or two, not thousands. */
static void many_units_are_told_apart(void **state)
{
	const struct source_info info = { 0 };
	struct model *m = model_new();
	struct view v;
	char path[64];
	u64 i;

	(void)state;
	assert_non_null(m);
	for (i = 1; i <= UNITS; i++) {
		snprintf(path, sizeof(path), "/system.slice/worker-%u.service", (unsigned int)i);
		add(m, &(const struct event){ .type = EVENT_CGROUP, .cgroup = i,
					      .comm = { path, strlen(path) } });
		load(m, 7, i, i & 1 ? "xfs.ko" : "kvm.ko");
	}
	compared = 0;
	assert_int_equal(view_make(&v, m, &info), 0);
	assert_int_equal(v.nr_requesters, UNITS);
	assert_in_range(compared, 0, 2 * UNITS);
	view_free(&v);
	model_free(m);
}

/* One requester of two modules is one row, with the cost of both. */
static void a_requester_of_two_modules_is_a_row(void **state)
{
	const struct source_info info = { 0 };
	struct model *m = model_new();
	struct view v;

	(void)state;
	assert_non_null(m);
	load(m, 7, 0, "xfs.ko");
	load(m, 7, 0, "kvm.ko");
	load(m, 7, 0, "kvm.ko");
	assert_int_equal(view_make(&v, m, &info), 0);
	assert_int_equal(v.nr_modules, 2);
	assert_string_equal(v.modules[0]->name, "kvm");
	assert_int_equal(v.nr_requesters, 1);
	assert_int_equal(v.requesters[0].modules, 2);
	assert_int_equal(v.requesters[0].duplicates, 3);
	assert_int_equal(v.requesters[0].wasted.bytes[BYTES_READ], 3);
	assert_int_equal(cost_total(&v.requesters[0].wasted), 3);
	assert_true(marks_exact(&v.requesters[0].wasted.marks));
	view_free(&v);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_units_are_told_apart),
		cmocka_unit_test(a_requester_of_two_modules_is_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
