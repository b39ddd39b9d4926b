// SPDX-License-Identifier: GPL-2.0-only
#include "views/threshold.h"

#include "unit.h"

static struct err err;

static int parses(const char *text)
{
	struct threshold t;

	return threshold_parse(&t, text, &err);
}

static int holds(const char *text)
{
	static const struct event begin = { .type = EVENT_LOAD_BEGIN, .time_ns = 1, .tid = 5 };
	static const struct event end = { .type = EVENT_LOAD_END, .time_ns = 2, .tid = 5,
					  .ret = -EEXIST, .read_bytes = 4096 };
	const struct source_info info = { .cpus = 1 };
	struct model *m = model_new();
	struct threshold t;
	struct view v;
	int ret;

	assert_int_equal(threshold_parse(&t, text, &err), 0);
	model_event(m, &begin);
	model_event(m, &end);
	assert_int_equal(view_make(&v, m, &info), 0);
	ret = threshold_holds(&t, &v, &err);
	view_free(&v);
	model_free(m);
	return ret;
}

static void conditions(void **state)
{
	(void)state;
	assert_int_equal(parses("wasted_bytes>0"), 0);
	assert_int_equal(parses(" wasted.read >= 1.5K&&busy<3 || errno.E600 != 0 "), 0);
	assert_int_equal(parses(""), -EINVAL);
	assert_int_equal(parses("busy"), -EINVAL);
	assert_int_equal(parses("busy>"), -EINVAL);
	assert_int_equal(parses("busy>."), -EINVAL);
	assert_int_equal(parses("busy>1 &"), -EINVAL);
	assert_int_equal(parses("busy>1 && "), -EINVAL);
	assert_int_equal(parses("module>1"), -EINVAL);
	assert_int_equal(parses("errno.>1"), -EINVAL);
	assert_int_equal(parses("findings.>1"), -EINVAL);
	assert_int_equal(parses("findings.never_loads>1 || findings.warn>0"), 0);
	assert_int_equal(parses("findings.nevr_loads>1"), -EINVAL);
	assert_int_equal(parses("errno.EPROBE_DEFER>1 || errno.other>1 || errno.EBUSY>1"), 0);
	assert_int_equal(parses("errno.EBUZY>1"), -EINVAL);
	assert_int_equal(parses("errno.E2>1"), -EINVAL);
	assert_int_equal(parses("marker.multi-user.target>30s"), 0);
	assert_int_equal(parses("marker.>30s"), -EINVAL);
	assert_int_equal(parses("busy\xff>1"), -EINVAL);
	/* units of something else */
	assert_int_equal(parses("busy>1K || dup_time>1ms || wasted>1G || duplicates_share>1%"), 0);
	assert_int_equal(parses("busy>1s"), -EINVAL);
	assert_int_equal(parses("wasted_bytes>1ns"), -EINVAL);
	assert_int_equal(parses("dup_time>1M"), -EINVAL);
	assert_int_equal(parses("marker.x>1K"), -EINVAL);
	assert_int_equal(parses("busy>1%"), -EINVAL);
}

static void long_ones(void **state)
{
	char text[8192] = "";
	int i;

	(void)state;
	for (i = 0; i < THRESHOLD_TERMS_MAX; i++)
		strcat(text, i ? "||busy>1" : "busy>1");
	assert_int_equal(parses(text), 0);
	strcat(text, "||busy>1");
	assert_int_equal(parses(text), -EINVAL);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(parses(text), -EINVAL);
	memset(text, '9', sizeof(text) - 1);
	memcpy(text, "busy>", 5);
	assert_int_equal(parses(text), -EINVAL);
}

static void and_binds_closer(void **state)
{
	(void)state;
	assert_int_equal(holds("exists==1"), 1);
	assert_int_equal(holds("exists==2"), 0);
	assert_int_equal(holds("exists==2 && loaded==0 || busy==0"), 1);
	assert_int_equal(holds("busy==0 || exists==2 && loaded==0"), 1);
	assert_int_equal(holds("busy>0 || exists==1 && loaded==1"), 0);
	assert_int_equal(holds("wasted_bytes==4K"), 1);
	assert_int_equal(holds("wasted>4095 && wasted<4097 && wasted!=0"), 1);
	assert_int_equal(holds("errno.EEXIST==1"), 1);
	assert_int_equal(holds("errno.ENOENT==0"), 1);
}

static void what_is_not_known(void **state)
{
	(void)state;
	assert_int_equal(holds("rejected==0"), -ENODATA);
	assert_int_equal(holds("wait_ns.p99>0 && exists==1"), -ENODATA);
	/* It doesn't matter where the rest decides. */
	assert_int_equal(holds("wait_ns.p99>0 && exists==0"), 0);
	assert_int_equal(holds("wait_ns.p99>0 || exists==1"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions),
		cmocka_unit_test(long_ones),
		cmocka_unit_test(and_binds_closer),
		cmocka_unit_test(what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
