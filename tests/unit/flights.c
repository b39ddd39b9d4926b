// SPDX-License-Identifier: GPL-2.0-only
#include "source/flights.h"
#include "unit.h"

static const char key[] = "/lib/modules/a.ko", other[] = "/lib/modules/b.ko";

static void who_begins_meanwhile_follows(void **state)
{
	struct flights all = { 0 };
	struct seat a, b, c, d;

	(void)state;
	assert_int_equal(flights_join(&all, key, 1, &a), 0);
	assert_int_equal(flights_join(&all, key, 2, &b), 0);
	assert_int_equal(flights_join(&all, other, 3, &c), 0);
	assert_false(a.follows);
	assert_true(b.follows);
	assert_false(c.follows);
	assert_int_equal(flights_leader(&b), 1);
	assert_int_equal(flights_leader(&a), 0);
	assert_true(flights_shared(&b, -19));

	flights_leave(&a, -19);
	assert_true(flights_shared(&b, -19));
	assert_false(flights_shared(&b, 0));
	assert_false(flights_shared(&c, 0));
	/* It is over for who comes later. */
	assert_int_equal(flights_join(&all, key, 4, &d), 0);
	assert_false(d.follows);
	flights_leave(&d, 0);
	flights_leave(&b, -19);
	flights_leave(&c, 0);
	flights_free(&all);
}

/* One that reads its file after all waits for nobody, and those who come later follow it. */
static void who_works_leads(void **state)
{
	struct flights all = { 0 };
	struct seat a, b, c;

	(void)state;
	assert_int_equal(flights_join(&all, key, 1, &a), 0);
	assert_int_equal(flights_join(&all, key, 2, &b), 0);
	flights_lead(&all, 2, &b);
	assert_false(b.follows);
	assert_false(flights_shared(&b, 0));
	assert_int_equal(flights_join(&all, key, 3, &c), 0);
	assert_int_equal(flights_leader(&c), 2);
	/* The end of the first says nothing about the second. */
	flights_leave(&a, -2);
	assert_true(flights_shared(&c, 0));
	flights_leave(&b, 0);
	assert_true(flights_shared(&c, 0));
	assert_false(flights_shared(&c, -2));
	flights_leave(&c, 0);
	flights_free(&all);
}

/* The first call was preempted before it got to the file: the second one's load is what it waits for. */
static void who_is_overtaken_follows(void **state)
{
	struct flights all = { 0 };
	struct seat a, b, c;

	(void)state;
	assert_int_equal(flights_join(&all, key, 1, &a), 0);
	assert_int_equal(flights_join(&all, key, 2, &b), 0);
	assert_int_equal(flights_join(&all, key, 3, &c), 0);
	flights_lead(&all, 2, &b);
	assert_true(flights_follows(&a));
	assert_int_equal(flights_leader(&a), 2);
	assert_int_equal(flights_leader(&c), 2);
	assert_false(flights_follows(&b));
	flights_leave(&b, -19);
	assert_true(flights_shared(&a, -19));
	assert_false(flights_shared(&a, -2));
	/* Its end isn't that of the load. */
	flights_leave(&a, -2);
	assert_true(flights_shared(&c, -19));
	flights_leave(&c, -19);

	/* One that was seen at work does not wait, though it is slow to return. */
	assert_int_equal(flights_join(&all, key, 1, &a), 0);
	flights_lead(&all, 1, &a);
	assert_int_equal(flights_join(&all, key, 2, &b), 0);
	flights_lead(&all, 2, &b);
	assert_false(flights_follows(&a));
	assert_false(flights_shared(&a, -19));
	flights_leave(&a, -19);
	flights_leave(&b, 0);
	flights_free(&all);
}

static void nothing_is_known_after_a_loss(void **state)
{
	struct flights all = { 0 };
	struct seat a, b, c;

	(void)state;
	assert_int_equal(flights_join(&all, key, 1, &a), 0);
	assert_int_equal(flights_join(&all, key, 2, &b), 0);
	flights_forget(&all);
	assert_int_equal(flights_leader(&b), 0);
	assert_int_equal(flights_join(&all, key, 3, &c), 0);
	assert_false(c.follows);
	flights_leave(&a, 0);
	assert_false(c.flight->done);
	flights_leave(&b, 0);
	flights_leave(&c, 0);
	flights_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_begins_meanwhile_follows),
		cmocka_unit_test(who_works_leads),
		cmocka_unit_test(who_is_overtaken_follows),
		cmocka_unit_test(nothing_is_known_after_a_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
