// SPDX-License-Identifier: GPL-2.0-only
#include "views/alike.h"

#include "formats/event.h"
#include "unit.h"

/* The differences of two sets of at most two recordings each, "id: text" in lines. */
static const char *differences(struct recording_facts *a, unsigned int nr_a,
			       struct recording_facts *b, unsigned int nr_b)
{
	static char text[4096];
	const struct comparison c = { .nr_sets = 2,
				      .recordings = { nr_a, nr_b },
				      .facts = { a, b } };
	struct differences d = { 0 };
	size_t len = 0, i;

	*text = '\0';
	assert_int_equal(differences_find(&d, &c), 0);
	for (i = 0; i < d.nr; i++)
		len += snprintf(text + len, sizeof(text) - len, "%zu %s: %s\n", d.all[i].set,
				d.all[i].id, d.all[i].text);
	differences_free(&d);
	return text;
}

static void one_of_each(void **state)
{
	struct recording_facts none = { 0 };
	struct recording_facts a = { .kernel = "6.1",
				     .cpus = 4,
				     .cpu_model = "EPYC",
				     .host = "h",
				     .arch = "x86_64",
				     .machine_id = "1",
				     .ended_by = "settle" };
	struct recording_facts b = { .kernel = "6.12",
				     .cpus = 64,
				     .host = "h",
				     .machine_id = "2",
				     .cpu_model = "QEMU TCG CPU",
				     .arch = "aarch64",
				     .ended_by = "a\033b",
				     .stock = true };

	(void)state;
	assert_string_equal(differences(&a, 1, &a, 1), "");
	/* what isn't known is no difference */
	assert_string_equal(differences(&a, 1, &none, 1), "");
	assert_string_equal(differences(&a, 1, &b, 1),
			    "1 kernel: kernel: 6.1 in A, 6.12 in B\n"
			    "1 mode: mode: patched in A, stock in B\n"
			    "1 cpus: CPUs: 4 in A, 64 in B\n"
			    "1 cpu_model: CPU model: EPYC in A, QEMU TCG CPU (emulated) in B\n"
			    "1 arch: architecture: x86_64 in A, aarch64 in B\n"
			    "1 ended_by: recording ended by: settle in A, a\\x1bb in B\n"
			    "1 machine_id: machine: B was recorded on another one than A "
			    "(machine-id)\n");
}

static void hosts(void **state)
{
	struct recording_facts a = { .host = "x", .machine_id = "1" };
	struct recording_facts b = { .host = "y", .machine_id = "2" };
	struct recording_facts unnamed = { .host = "(none)" };

	(void)state;
	/* that it is another machine the names say */
	assert_string_equal(differences(&a, 1, &b, 1), "1 host: host: x in A, y in B\n");
	assert_string_equal(differences(&a, 1, &unnamed, 1), "");
}

static void several(void **state)
{
	struct recording_facts a[] = { { .kernel = "2" }, { .kernel = "1" } };
	struct recording_facts b[] = { { .kernel = "1" }, { .kernel = "2" } };
	struct recording_facts some[] = { { .kernel = "2" }, { .kernel = NULL } };

	(void)state;
	assert_string_equal(differences(a, 2, b, 2), "");
	assert_string_equal(differences(a, 2, some, 2), "1 kernel: kernel: 1 and 2 in A, 2 in B\n");
}

/* Of more values than are kept, too, it is no difference in which order the recordings are. */
static void many(void **state)
{
	static char names[20][8];
	struct recording_facts a[20], b[20];
	size_t i;

	(void)state;
	for (i = 0; i < 20; i++) {
		snprintf(names[i], sizeof(names[i]), "h%02zu", i);
		a[i] = (struct recording_facts){ .host = names[i] };
		b[19 - i] = a[i];
	}
	assert_string_equal(differences(a, 20, b, 20), "");
	a[0].host = "h99";
	assert_string_not_equal(differences(a, 20, b, 20), "");
}

static void events(void **state)
{
	struct recording_facts a = { .recorded = 1U << EVENT_REQUEST | 1U << EVENT_READ };
	struct recording_facts b = { .recorded = 1U << EVENT_REQUEST | 1U << EVENT_OPEN };
	struct recording_facts stock = { .stock = true };

	(void)state;
	assert_string_equal(differences(&a, 1, &b, 1), "1 events: only A has events of: reads\n"
						       "1 events: only B has events of: opens\n");
	/* the modes have others anyway */
	assert_string_equal(differences(&a, 1, &stock, 1),
			    "1 mode: mode: patched in A, stock in B\n");
}

static void incomplete(void **state)
{
	struct recording_facts a = { .file = "a\n", .why_truncated = "cut", .length_ns = 5000 };
	struct recording_facts whole = { 0 }, b = { .lost = 1 };
	struct recording_facts c = { .lost_at_least = true, .lost = 3 };

	(void)state;
	assert_string_equal(differences(&a, 1, &b, 1),
			    "0 truncated: A is incomplete: a\\x0a: cut: only its first 5.00 us are "
			    "compared, and counts are too low\n"
			    "1 lost: B is incomplete: a recording lost 1 event: counts are too "
			    "low\n");
	assert_string_equal(
		differences(&whole, 1, &c, 1),
		"1 lost: B is incomplete: a recording lost an unknown number of events: "
		"counts are too low\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_of_each), cmocka_unit_test(hosts),
		cmocka_unit_test(several),     cmocka_unit_test(events),
		cmocka_unit_test(incomplete),  cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
