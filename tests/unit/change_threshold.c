// SPDX-License-Identifier: GPL-2.0-only
#include "views/change_threshold.h"

#include "unit.h"

static struct err err;

static int parses(const char *text)
{
	struct change_threshold t;

	return change_threshold_parse(&t, text, &err);
}

/* Of a comparison in which attempts went from 10 to 12, busy from 0 to 1, and a marker from 100 to 90. */
static int holds(const char *text)
{
	struct comparison_row marker = { .name = "x-y.target" };
	struct comparison_row only_a = { .name = "a.target" };
	struct comparison_row *markers[] = { &marker, &only_a };
	struct comparison c = { .nr_sets = 3, .markers = markers, .nr_markers = 2 };
	const size_t attempts = measure_of("attempts"), busy = measure_of("busy");
	struct change_threshold t;
	int ret;

	spread_add(&c.totals.spreads[0][attempts], 10);
	spread_add(&c.totals.spreads[1][attempts], 1000);
	spread_add(&c.totals.spreads[2][attempts], 12);
	spread_add(&c.totals.spreads[0][busy], 0);
	spread_add(&c.totals.spreads[2][busy], 1);
	spread_add(&marker.spreads[0][MEASURE_DURATION], 100);
	spread_add(&marker.spreads[2][MEASURE_DURATION], 90);
	spread_add(&only_a.spreads[0][MEASURE_DURATION], 100);
	ret = change_threshold_parse(&t, text, &err);
	if (!ret)
		ret = change_threshold_check(&t, &c, &err);
	return ret ? ret : change_threshold_holds(&t, &c, &err);
}

static void conditions(void **state)
{
	(void)state;
	assert_int_equal(parses("graphical.target>+10%"), 0);
	assert_int_equal(parses(" a@b:c.device >= -1.5s&&busy<+3K || x==+0 "), 0);
	assert_int_equal(parses(""), -EINVAL);
	assert_int_equal(parses("busy"), -EINVAL);
	assert_int_equal(parses("busy>"), -EINVAL);
	assert_int_equal(parses("busy>1"), -EINVAL);
	assert_int_equal(parses("busy>+"), -EINVAL);
	assert_int_equal(parses("busy>+1 &"), -EINVAL);
	assert_int_equal(parses("busy>+1 &&"), -EINVAL);
	assert_int_equal(parses(">+1"), -EINVAL);
}

static void long_ones(void **state)
{
	char text[8192] = "";
	int i;

	(void)state;
	for (i = 0; i < THRESHOLD_TERMS_MAX; i++)
		strcat(text, i ? "||busy>+1" : "busy>+1");
	assert_int_equal(parses(text), 0);
	strcat(text, "||busy>+1");
	assert_int_equal(parses(text), -EINVAL);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(parses(text), -EINVAL);
	memset(text, '9', sizeof(text) - 1);
	memcpy(text, "busy>+", 6);
	assert_int_equal(parses(text), -EINVAL);
}

static void changes(void **state)
{
	(void)state;
	assert_int_equal(holds("attempts>+19%"), 1);
	assert_int_equal(holds("attempts>+20%"), 0);
	assert_int_equal(holds("attempts>=+2 && attempts<=+2"), 1);
	assert_int_equal(holds("x-y.target<-9%"), 1);
	assert_int_equal(holds("marker.x-y.target<-9ns"), 1);
	assert_int_equal(holds("x-y.target>-9%"), 0);
	/* from nothing to something is more than any share */
	assert_int_equal(holds("busy>+999999%"), 1);
	assert_int_equal(holds("attempts>+5 || busy>+0 && x-y.target<+0"), 1);
	assert_int_equal(strncmp(err.text, "busy>+0: ", 9), 0);
}

static void what_is_not_known(void **state)
{
	(void)state;
	assert_int_equal(holds("a.target>+0"), -ENODATA);
	assert_string_equal(err.text, "a.target is unknown in C");
	assert_int_equal(holds("merged>+0"), -ENODATA);
	assert_int_equal(holds("a.target>+0 || attempts>+0"), 1);
	assert_int_equal(holds("a.target>+0 && attempts>+5"), 0);
	assert_int_equal(holds("b.target>+0"), -EINVAL);
	assert_int_equal(holds("module>+0"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions),
		cmocka_unit_test(long_ones),
		cmocka_unit_test(changes),
		cmocka_unit_test(what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
