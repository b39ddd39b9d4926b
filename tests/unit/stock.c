// SPDX-License-Identifier: GPL-2.0-only
#include "model/model.h"
#include "source/stock.h"
#include "unit.h"

#define S(s) { s, sizeof(s) - 1 }
#define GIVE(at, t, kind, ...) give(&(const struct event){ .type = kind, .time_ns = at, .tid = t, \
							   .task = t, .pid = t, __VA_ARGS__ })
#define BIT(type) (1U << (type))
#define CALLS (BIT(EVENT_FINIT_ENTER) | BIT(EVENT_FINIT_EXIT) | BIT(EVENT_INIT_ENTER) | \
	       BIT(EVENT_INIT_EXIT))
#define OPENS (BIT(EVENT_OPEN) | BIT(EVENT_OPEN_EXIT))
#define ALL (CALLS | OPENS | BIT(EVENT_LOAD) | BIT(EVENT_READ) | BIT(EVENT_READ_EXIT) | \
	     BIT(EVENT_ALLOC))

static struct stock *stock;
static struct model *m;

static void begin(u32 recorded, const char *kernel)
{
	stock_free(stock);
	model_free(m);
	stock = stock_new(recorded, kernel);
	m = model_new();
	assert_non_null(stock);
	assert_non_null(m);
}

static int teardown(void **state)
{
	(void)state;
	stock_free(stock);
	model_free(m);
	stock = NULL;
	m = NULL;
	return 0;
}

static void give(const struct event *ev)
{
	struct event out;

	assert_int_equal(stock_give(stock, ev), 0);
	while (stock_take(stock, &out))
		assert_int_equal(model_event(m, &out), 0);
}

static u64 outcome(enum outcome o)
{
	return m->totals.outcomes[o];
}

static const struct module *module(const char *name)
{
	size_t i;

	for (i = 0; i < m->nr_modules; i++)
		if (!strcmp(m->modules[i]->name, name) && m->modules[i]->tally.attempts)
			return m->modules[i];
	return NULL;
}

static void open_file(u64 at, s32 tid, const char *path, s32 fd)
{
	GIVE(at, tid, EVENT_OPEN, .file = { path, strlen(path) });
	GIVE(at + 1, tid, EVENT_OPEN_EXIT, .ret = fd);
}

static void call(u64 at, s32 tid, s32 fd, s32 ret)
{
	GIVE(at, tid, EVENT_FINIT_ENTER, .fd = fd);
	GIVE(at + 100, tid, EVENT_FINIT_EXIT, .ret = ret);
}

static void names_by_open_files(void **state)
{
	(void)state;
	begin(CALLS | OPENS, "6.1.0");
	open_file(1, 5, "/lib/modules/a-b.ko.xz", 3);
	call(10, 5, 3, 0);
	assert_int_equal(module("a_b")->tally.outcomes[OUTCOME_LOADED], 1);
	/* a child has its parent's descriptors, another process hasn't */
	GIVE(200, 6, EVENT_FORK, .parent_pid = 5, .parent_tid = 5);
	call(210, 6, 3, -EEXIST);
	call(220, 7, 3, -EEXIST);
	assert_int_equal(module("a_b")->tally.outcomes[OUTCOME_EXISTS], 1);
	assert_int_equal(module("(unnamed)")->tally.attempts, 1);
	/* the number goes to another file */
	GIVE(400, 5, EVENT_OPEN_EXIT, .ret = 3);
	call(410, 5, 3, -EEXIST);
	assert_int_equal(module("(unnamed)")->tally.attempts, 2);
	/* a failed open gives nothing a name */
	open_file(600, 5, "c.ko", -ENOENT);
	open_file(610, 5, "(fault)", 3);
	call(620, 5, 3, -EEXIST);
	assert_null(module("c"));
	assert_null(module("(fault)"));
}

static void no_name_is_better_than_a_wrong_one(void **state)
{
	(void)state;
	begin(CALLS | OPENS, "6.1.0");
	open_file(1, 5, "a.ko", 3);
	GIVE(5, 0, EVENT_LOST, .lost = 1);
	call(10, 5, 3, -EEXIST);
	assert_int_equal(module("(unnamed)")->tally.attempts, 1);
}

static void outcomes(void **state)
{
	(void)state;
	begin(CALLS | BIT(EVENT_LOAD), "6.12.1");
	GIVE(1, 1, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(2, 2, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(3, 1, EVENT_LOAD, .name = S("xfs"));
	GIVE(4, 2, EVENT_FINIT_EXIT, .ret = 0);
	GIVE(5, 1, EVENT_FINIT_EXIT, .ret = 0);
	assert_int_equal(outcome(OUTCOME_LOADED), 1);
	assert_int_equal(outcome(OUTCOME_MERGED), 1);
	assert_int_equal(m->totals.gates[GATE_UNKNOWN], 1);
	/* all it did was to wait */
	assert_int_equal(m->totals.wait.count, 1);
	assert_int_equal(m->totals.wait.max, 2);
	/* an init's own -EEXIST is no duplicate's */
	GIVE(11, 1, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(12, 1, EVENT_LOAD, .name = S("xfs"));
	GIVE(13, 1, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(outcome(OUTCOME_FAILED), 1);
	call(300, 1, 3, -EBUSY);
	call(500, 1, 3, -ENOEXEC);
	call(700, 1, 3, -512);
	assert_int_equal(outcome(OUTCOME_BUSY), 1);
	assert_int_equal(outcome(OUTCOME_FAILED), 2);
	assert_int_equal(outcome(OUTCOME_INTERRUPTED), 1);
	GIVE(900, 1, EVENT_FINIT_ENTER, .fd = 3);
	assert_int_equal(outcome(OUTCOME_IN_FLIGHT), 1);
	assert_int_equal(m->totals.attempts, 7);
}

static void refused_calls_are_none(void **state)
{
	(void)state;
	begin(CALLS | BIT(EVENT_LOAD), "6.1.0");
	call(1, 1, 3, -EPERM);
	call(200, 1, 3, -EBADF);
	GIVE(400, 1, EVENT_FINIT_ENTER, .fd = 3, .flags = 64);
	GIVE(401, 1, EVENT_FINIT_EXIT, .ret = -EINVAL);
	assert_int_equal(m->rejected, 3);
	assert_int_equal(m->totals.attempts, 0);
	call(500, 1, 3, -EINVAL);
	assert_int_equal(outcome(OUTCOME_FAILED), 1);
	assert_int_equal(m->rejected, 3);
}

/* What 0 means where nothing told of loads: from 6.5 on it may be another's result. */
static void unsure_without_loads(void **state)
{
	(void)state;
	begin(CALLS, "6.4.9");
	call(1, 1, 3, 0);
	assert_int_equal(outcome(OUTCOME_LOADED), 1);
	begin(CALLS, "6.5.0");
	call(1, 1, 3, 0);
	assert_int_equal(outcome(OUTCOME_UNKNOWN), 1);
	assert_int_equal(m->unsure, 1);
	begin(CALLS, NULL);
	call(1, 1, 3, 0);
	assert_int_equal(outcome(OUTCOME_UNKNOWN), 1);
	/* likewise where that may be lost */
	begin(ALL, "6.5.0");
	GIVE(1, 1, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(2, 0, EVENT_LOST, .lost = 1);
	GIVE(3, 1, EVENT_FINIT_EXIT, .ret = 0);
	assert_int_equal(outcome(OUTCOME_UNKNOWN), 1);
	/* an exit alone */
	GIVE(9, 2, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(m->no_begin, 1);
	assert_int_equal(outcome(OUTCOME_EXISTS), 1);
}

static void exact_bytes(void **state)
{
	(void)state;
	begin(ALL, "6.1.0");
	GIVE(1, 1, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(2, 1, EVENT_READ, .file = S("a.ko"), .ino = 7, .dev = 1);
	assert_int_equal(module("a")->tally.outcomes[OUTCOME_IN_FLIGHT], 1);
	GIVE(3, 1, EVENT_READ_EXIT, .bytes = 1000);
	GIVE(4, 1, EVENT_ALLOC, .bytes = 500);
	GIVE(5, 1, EVENT_ALLOC, .bytes = 70);
	GIVE(6, 1, EVENT_FINIT_EXIT, .ret = -EEXIST);
	GIVE(7, 1, EVENT_ALLOC, .bytes = 9);
	assert_int_equal(m->totals.wasted[BYTES_READ], 1000);
	assert_int_equal(m->totals.wasted[BYTES_LAYOUT], 570);
	assert_true(tally_bytes_exact(&m->totals));
	assert_int_equal(module("a")->tally.calls[CALL_DUP].count, 1);
	assert_int_equal(module("a")->tally.calls[CALL_DUP].max, 5);
	/* a read that failed keeps nothing; a compressed file's image isn't known */
	GIVE(11, 1, EVENT_FINIT_ENTER, .fd = 3, .flags = 4);
	GIVE(12, 1, EVENT_READ, .file = S("a.ko"));
	GIVE(13, 1, EVENT_READ_EXIT, .bytes = (u64)-EIO);
	GIVE(14, 1, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(m->totals.wasted[BYTES_READ], 1000);
	assert_false(tally_bytes_exact(&m->totals));
	GIVE(21, 1, EVENT_INIT_ENTER, .len = 50);
	GIVE(22, 1, EVENT_INIT_EXIT, .ret = -EEXIST);
	assert_int_equal(m->totals.wasted[BYTES_READ], 1050);
}

/* A call that was not seen to begin: nothing of its bytes is known, and that is not 0. */
static void bytes_of_the_unseen(void **state)
{
	(void)state;
	begin(ALL, "6.1.0");
	GIVE(1, 1, EVENT_INIT_EXIT, .ret = -EEXIST);
	GIVE(2, 1, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(m->totals.unknown_bytes[BYTES_READ], 2);
	assert_int_equal(m->totals.unknown_bytes[BYTES_IMAGE], 2);
	assert_int_equal(m->totals.unknown_bytes[BYTES_LAYOUT], 2);
	assert_false(tally_wasted_known(&m->totals));
}

/* What an init reads and loads is not the module's own. */
static void inits_have_files_too(void **state)
{
	(void)state;
	begin(ALL, "6.1.0");
	GIVE(1, 1, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(2, 1, EVENT_READ, .file = S("a.ko"), .ino = 7, .dev = 1);
	GIVE(3, 1, EVENT_READ_EXIT, .bytes = 1000);
	GIVE(4, 1, EVENT_LOAD, .name = S("a"));
	GIVE(5, 1, EVENT_READ, .file = S("firmware.bin"), .ino = 8, .dev = 1);
	GIVE(6, 1, EVENT_READ_EXIT, .bytes = 5000);
	GIVE(7, 1, EVENT_FINIT_EXIT, .ret = -ENODEV);
	assert_int_equal(m->totals.failed_bytes, 1000);
	assert_int_equal(module("a")->tally.outcomes[OUTCOME_FAILED], 1);
	assert_null(module("firmware.bin"));
}

/* A number that is used again, its first owner's end not recorded, has none of its files. */
static void numbers_are_used_again(void **state)
{
	(void)state;
	begin(CALLS | OPENS, "6.1.0");
	open_file(1, 5, "a.ko", 3);
	GIVE(10, 5, EVENT_FORK, .parent_pid = 9, .parent_tid = 9);
	call(20, 5, 3, -EEXIST);
	assert_int_equal(module("(unnamed)")->tally.attempts, 1);
	assert_null(module("a"));
}

static void what_merging_avoided(void **state)
{
	(void)state;
	begin(ALL, "6.12.0");
	open_file(1, 1, "a.ko", 3);
	open_file(2, 2, "a.ko", 3);
	GIVE(3, 1, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(4, 2, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(5, 1, EVENT_READ, .file = S("a.ko"), .ino = 7, .dev = 1);
	GIVE(6, 1, EVENT_READ_EXIT, .bytes = 1000);
	GIVE(7, 1, EVENT_ALLOC, .bytes = 500);
	GIVE(8, 1, EVENT_LOAD, .name = S("a"));
	GIVE(9, 2, EVENT_FINIT_EXIT, .ret = 0);
	GIVE(10, 1, EVENT_FINIT_EXIT, .ret = 0);
	assert_int_equal(outcome(OUTCOME_MERGED), 1);
	assert_int_equal(m->totals.avoided_known, 1);
	assert_int_equal(m->totals.avoided_bytes, 1500);
	assert_int_equal(tally_wasted(&m->totals), 0);
	assert_true(tally_bytes_exact(&m->totals));
}

static bool size_now(void *context, const char *path, u64 *size)
{
	(void)context;
	*size = 1234;
	return !strcmp(path, "/a.ko");
}

static void estimates_and_unknowns(void **state)
{
	char list[] = "# sizes\n/lib/a-b.ko 100 50\nc 7\n";
	struct err err;

	(void)state;
	begin(CALLS | OPENS, "6.1.0");
	stock_use_files(stock, size_now, NULL);
	open_file(1, 1, "/a.ko", 3);
	call(10, 1, 3, -EEXIST);
	assert_int_equal(m->totals.wasted[BYTES_READ], 1234);
	assert_true(m->totals.estimated);
	assert_false(tally_bytes_known(&m->totals, 2));
	assert_true(tally_wasted_known(&m->totals));

	begin(CALLS | OPENS, "6.1.0");
	assert_int_equal(stock_use_sizes(stock, list, "list", &err), 0);
	open_file(1, 1, "/x/a-b.ko.zst", 3);
	call(10, 1, 3, -EEXIST);
	assert_int_equal(tally_wasted(&m->totals), 150);
	open_file(200, 1, "/x/d.ko", 3);
	call(210, 1, 3, -EEXIST);
	assert_false(tally_wasted_known(&module("d")->tally));
	assert_int_equal(stock_use_sizes(stock, strcpy(list, "a 1\nb\n"), "list", &err), -EINVAL);
	assert_string_equal(err.text, "list: line 2 is not NAME FILE_BYTES [LAYOUT_BYTES]");

	/* from 6.5 on a duplicate may have read nothing: no estimate */
	begin(CALLS | OPENS, "6.12.0");
	stock_use_files(stock, size_now, NULL);
	open_file(1, 1, "/a.ko", 3);
	call(10, 1, 3, -EEXIST);
	assert_false(tally_wasted_known(&m->totals));
}

static void enter(u64 at, s32 tid, const char *path)
{
	open_file(at, tid, path, 3);
	GIVE(at + 2, tid, EVENT_FINIT_ENTER, .fd = 3, .flags = 4);
}

static void call_file(u64 at, s32 tid, u64 ino)
{
	GIVE(at, tid, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(at + 1, tid, EVENT_CALL, .file = S("a.ko"), .ino = ino, .dev = 1);
}

static void read_file(u64 at, s32 tid, s64 bytes)
{
	GIVE(at, tid, EVENT_READ, .file = S("a.ko"), .ino = 7, .dev = 1);
	GIVE(at + 1, tid, EVENT_READ_EXIT, .bytes = bytes);
}

/* From 6.5 on those who wait get an error, too, and read nothing; a repeat reads again. */
static void errors_are_shared(void **state)
{
	(void)state;
	begin(ALL | BIT(EVENT_IMAGE), "6.12.1");
	enter(10, 1, "/lib/a.ko");
	enter(20, 2, "/lib/a.ko");
	enter(30, 3, "/lib/a.ko");
	read_file(40, 1, 1000);
	GIVE(50, 1, EVENT_ALLOC, .bytes = 500);
	GIVE(60, 1, EVENT_LOAD, .name = S("a"));
	GIVE(70, 2, EVENT_FINIT_EXIT, .ret = -ENODEV);
	GIVE(80, 1, EVENT_FINIT_EXIT, .ret = -ENODEV);
	GIVE(90, 3, EVENT_FINIT_EXIT, .ret = -ENODEV);
	assert_int_equal(outcome(OUTCOME_FAILED), 1);
	assert_int_equal(outcome(OUTCOME_MERGED), 2);
	assert_int_equal(m->totals.wait.count, 2);
	assert_int_equal(m->totals.wait.max, 58);
	assert_int_equal(tally_wasted(&m->totals), 0);
	assert_true(tally_wasted_known(&m->totals));
	assert_true(tally_bytes_exact(&m->totals));
	/* the same once more, one by one: its work is done again */
	enter(110, 2, "/lib/a.ko");
	read_file(120, 2, 1000);
	GIVE(130, 2, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(outcome(OUTCOME_EXISTS), 1);
	assert_int_equal(m->totals.wasted[BYTES_READ], 1000);
	/* before, each did it all */
	begin(ALL, "6.1.0");
	enter(10, 1, "/lib/a.ko");
	enter(20, 2, "/lib/a.ko");
	GIVE(70, 2, EVENT_FINIT_EXIT, .ret = -ENODEV);
	assert_int_equal(outcome(OUTCOME_MERGED), 0);
	assert_int_equal(outcome(OUTCOME_FAILED), 1);
}

/* Where nothing tells of reads, who overlaps whom does, and the record of the load. */
static void errors_are_shared_without_reads(void **state)
{
	(void)state;
	begin(CALLS | OPENS | BIT(EVENT_LOAD), "7.3.4");
	stock_use_files(stock, size_now, NULL);
	enter(10, 1, "/a.ko");
	enter(20, 2, "/a.ko");
	enter(30, 3, "/b.ko");
	GIVE(40, 1, EVENT_LOAD, .name = S("a"));
	GIVE(50, 1, EVENT_FINIT_EXIT, .ret = -ENODEV);
	GIVE(60, 2, EVENT_FINIT_EXIT, .ret = -ENODEV);
	GIVE(70, 3, EVENT_FINIT_EXIT, .ret = -ENOENT);
	assert_int_equal(module("a")->tally.outcomes[OUTCOME_FAILED], 1);
	assert_int_equal(module("a")->tally.outcomes[OUTCOME_MERGED], 1);
	assert_int_equal(module("b")->tally.outcomes[OUTCOME_FAILED], 1);
	/* one by one each is its own; refused by name it has read, and laid nothing out */
	enter(110, 2, "/a.ko");
	GIVE(120, 2, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(outcome(OUTCOME_EXISTS), 1);
	assert_int_equal(m->totals.wasted[BYTES_READ], 1234);
	assert_int_equal(m->totals.wasted[BYTES_LAYOUT], 0);
	/* another result than that of the load before it: it began too late to wait */
	enter(210, 1, "/a.ko");
	enter(220, 2, "/a.ko");
	GIVE(230, 1, EVENT_LOAD, .name = S("a"));
	GIVE(240, 1, EVENT_FINIT_EXIT, .ret = 0);
	GIVE(250, 2, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(outcome(OUTCOME_EXISTS), 2);
	/* nothing is known of loads in flight once events are lost */
	enter(310, 1, "/a.ko");
	GIVE(320, 0, EVENT_LOST, .lost = 1);
	enter(330, 2, "/a.ko");
	GIVE(340, 2, EVENT_FINIT_EXIT, .ret = -ENODEV);
	assert_int_equal(outcome(OUTCOME_MERGED), 1);
}

/* By inode, as the kernel tells them: two paths of one file are one, two files of a path two. */
static void files_are_told_by_inode(void **state)
{
	(void)state;
	begin(CALLS | BIT(EVENT_LOAD) | BIT(EVENT_CALL), "6.12.1");
	call_file(10, 1, 7);
	call_file(20, 2, 7);
	call_file(30, 3, 8);
	GIVE(40, 3, EVENT_FINIT_EXIT, .ret = -ENOEXEC);
	GIVE(50, 1, EVENT_FINIT_EXIT, .ret = -EPERM);
	GIVE(60, 2, EVENT_FINIT_EXIT, .ret = -EPERM);
	assert_int_equal(module("a")->tally.attempts, 3);
	assert_int_equal(outcome(OUTCOME_FAILED), 2);
	assert_int_equal(outcome(OUTCOME_MERGED), 1);
	/* who hands over an image has opened a file before, if that alone is recorded */
	begin(CALLS | BIT(EVENT_LOAD) | BIT(EVENT_CALL) | BIT(EVENT_OPEN), "6.12.1");
	GIVE(62, 4, EVENT_OPEN, .file = S("/lib/b-c.ko.xz"));
	GIVE(63, 4, EVENT_INIT_ENTER, .len = 50);
	GIVE(64, 4, EVENT_INIT_EXIT, .ret = -EEXIST);
	assert_int_equal(module("b_c")->tally.attempts, 1);
	/* one without the right to never gets that far */
	GIVE(70, 4, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(71, 4, EVENT_FINIT_EXIT, .ret = -EPERM);
	/* nor one without a file that can be read */
	GIVE(72, 4, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(73, 4, EVENT_CALL, .file = S("(fault)"));
	GIVE(74, 4, EVENT_FINIT_EXIT, .ret = -EBADF);
	assert_int_equal(m->rejected, 2);
	assert_int_equal(m->totals.attempts, 1);
}

static void named_call(u64 at, s32 tid, const char *file)
{
	GIVE(at, tid, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(at + 1, tid, EVENT_CALL, .file = { file, strlen(file) });
}

/* Where the kernel tells a file's name alone, it stands for the file; opens tell the path. */
static void files_are_told_by_name(void **state)
{
	(void)state;
	begin(CALLS | BIT(EVENT_OPEN) | BIT(EVENT_LOAD) | BIT(EVENT_CALL), "6.12.1");
	GIVE(1, 1, EVENT_OPEN, .file = S("/lib/a.ko.xz"));
	GIVE(2, 2, EVENT_OPEN, .file = S("/lib/a.ko.xz"));
	named_call(10, 1, "a.ko.xz");
	named_call(20, 2, "a.ko.xz");
	/* what was opened last isn't what is loaded */
	GIVE(30, 3, EVENT_OPEN, .file = S("/lib/b.ko.xz"));
	GIVE(31, 3, EVENT_OPEN, .file = S("/lib/a.ko.xz"));
	named_call(32, 3, "b.ko.xz");
	named_call(34, 4, "b.ko.xz");
	GIVE(50, 1, EVENT_FINIT_EXIT, .ret = -ENODEV);
	GIVE(60, 2, EVENT_FINIT_EXIT, .ret = -ENODEV);
	assert_int_equal(module("a")->tally.attempts, 2);
	assert_int_equal(module("a")->tally.outcomes[OUTCOME_MERGED], 1);
	GIVE(70, 3, EVENT_FINIT_EXIT, .ret = -ENODEV);
	GIVE(80, 4, EVENT_FINIT_EXIT, .ret = -ENODEV);
	assert_int_equal(module("b")->tally.attempts, 2);
	assert_int_equal(module("b")->tally.outcomes[OUTCOME_MERGED], 1);
	/* nor is it as large */
	begin(CALLS | BIT(EVENT_OPEN) | BIT(EVENT_LOAD) | BIT(EVENT_CALL), "7.3.4");
	stock_use_files(stock, size_now, NULL);
	GIVE(1, 1, EVENT_OPEN, .file = S("/a.ko"));
	GIVE(2, 1, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(3, 1, EVENT_CALL, .file = S("b.ko"), .ino = 7, .dev = 1);
	GIVE(4, 1, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(module("b")->tally.attempts, 1);
	assert_int_equal(m->totals.wasted[BYTES_READ], 0);
	assert_false(tally_wasted_known(&m->totals));
	/* an image comes of a file that its loader's parent has opened */
	GIVE(90, 5, EVENT_OPEN, .file = S("/lib/c.ko.xz"));
	GIVE(91, 6, EVENT_FORK, .parent_pid = 5, .parent_tid = 5);
	GIVE(92, 6, EVENT_INIT_ENTER, .len = 50);
	GIVE(93, 6, EVENT_INIT_EXIT, .ret = -EEXIST);
	assert_int_equal(module("c")->tally.attempts, 1);
}

/* An image has no file's name: the kernel looks for the module's, and that of others it needs. */
static void images_are_told_by_what_is_sought(void **state)
{
	(void)state;
	begin(CALLS | BIT(EVENT_LOAD) | BIT(EVENT_CALL) | BIT(EVENT_SOUGHT), "6.12.1");
	GIVE(1, 1, EVENT_SOUGHT, .name = S("nobody"));
	GIVE(2, 1, EVENT_INIT_ENTER, .len = 50);
	GIVE(3, 1, EVENT_SOUGHT, .name = S("d"));
	GIVE(4, 1, EVENT_SOUGHT, .name = S("needed"));
	GIVE(5, 1, EVENT_INIT_EXIT, .ret = -EEXIST);
	assert_int_equal(module("d")->tally.outcomes[OUTCOME_EXISTS], 1);
	/* a file has one */
	named_call(10, 1, "e.ko.xz");
	GIVE(12, 1, EVENT_SOUGHT, .name = S("other"));
	GIVE(13, 1, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(module("e")->tally.attempts, 1);
	assert_null(module("other"));
	assert_null(module("nobody"));
	assert_null(module("needed"));
}

/* A signal ends a wait, which is then no answer. */
static void a_wait_is_interrupted(void **state)
{
	(void)state;
	begin(ALL, "6.12.1");
	enter(10, 1, "/lib/a.ko");
	enter(20, 2, "/lib/a.ko");
	read_file(30, 1, 1000);
	GIVE(40, 2, EVENT_FINIT_EXIT, .ret = -EINTR);
	assert_int_equal(outcome(OUTCOME_INTERRUPTED), 1);
	assert_int_equal(outcome(OUTCOME_MERGED), 0);
	/* its leader's, if that was interrupted, too */
	enter(50, 3, "/lib/a.ko");
	GIVE(60, 1, EVENT_FINIT_EXIT, .ret = -EINTR);
	GIVE(70, 3, EVENT_FINIT_EXIT, .ret = -EINTR);
	assert_int_equal(outcome(OUTCOME_INTERRUPTED), 2);
	assert_int_equal(outcome(OUTCOME_MERGED), 1);
}

/* A file that somebody writes to is refused to everybody: no duplicate. */
static void writers_refuse(void **state)
{
	(void)state;
	begin(ALL, "6.12.1");
	enter(10, 1, "/lib/a.ko");
	read_file(20, 1, -ETXTBSY);
	GIVE(30, 1, EVENT_FINIT_EXIT, .ret = -ETXTBSY);
	assert_int_equal(outcome(OUTCOME_FAILED), 1);
	assert_int_equal(outcome(OUTCOME_BUSY), 0);
	/* where nothing tells of reads, another load of that file may be why */
	begin(CALLS | OPENS, "6.3.1");
	enter(10, 1, "/lib/a.ko");
	enter(20, 2, "/lib/a.ko");
	GIVE(30, 2, EVENT_FINIT_EXIT, .ret = -ETXTBSY);
	assert_int_equal(outcome(OUTCOME_BUSY), 1);
	GIVE(40, 1, EVENT_FINIT_EXIT, .ret = -ETXTBSY);
	assert_int_equal(outcome(OUTCOME_FAILED), 1);
}

static void images_are_seen(void **state)
{
	(void)state;
	begin(ALL | BIT(EVENT_IMAGE), "6.12.1");
	enter(10, 1, "/lib/a.ko.xz");
	read_file(20, 1, 1000);
	GIVE(30, 1, EVENT_IMAGE, .bytes = 9000);
	GIVE(40, 1, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(m->totals.wasted[BYTES_READ], 1000);
	assert_int_equal(m->totals.wasted[BYTES_IMAGE], 9000);
	assert_true(tally_bytes_exact(&m->totals));
	/* of a file that isn't compressed it is the file */
	open_file(50, 1, "/lib/a.ko", 3);
	GIVE(60, 1, EVENT_FINIT_ENTER, .fd = 3);
	read_file(70, 1, 9000);
	GIVE(80, 1, EVENT_IMAGE, .bytes = 9000);
	GIVE(90, 1, EVENT_FINIT_EXIT, .ret = -EEXIST);
	assert_int_equal(m->totals.wasted[BYTES_IMAGE], 9000);
}

static void hints(void **state)
{
	char text[400];

	(void)state;
	stock_would_tell_more(ALL, text, sizeof(text));
	assert_string_equal(text, "");
	stock_would_tell_more(BIT(EVENT_FINIT_EXIT), text, sizeof(text));
	assert_non_null(strstr(text, "sys_enter_finit_module"));
	assert_non_null(strstr(text, "module:module_load"));
	assert_non_null(strstr(text, "probes"));
	stock_would_tell_more(BIT(EVENT_FINIT_EXIT), text, 10);
	assert_int_equal(strlen(text), 9);
}

/* A user has as many threads and processes as he is let: what he opens displaces, and that is counted. */
static void tasks_are_bounded(void **state)
{
	u32 i;

	(void)state;
	begin(ALL, "6.1.0");
	for (i = 1; i <= 40000; i++) {
		GIVE(1000 + 2 * i, i, EVENT_OPEN, .file = S("/lib/a.ko"));
		GIVE(1001 + 2 * i, i, EVENT_OPEN_EXIT, .ret = 3);
	}
	assert_true(stock_evicted(stock) > 40000);
	/* Whoever opens one next is remembered all the same. */
	GIVE(200000, 50000, EVENT_OPEN, .file = S("/lib/b.ko"));
	GIVE(200001, 50000, EVENT_OPEN_EXIT, .ret = 3);
	GIVE(200002, 50000, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(200003, 50000, EVENT_FINIT_EXIT, .ret = -17);
	assert_non_null(module("b"));
}

/* After losses no descriptor is known, of a thread that was there before either; and nothing is evicted. */
static void losses_end_what_is_known(void **state)
{
	u32 i;

	(void)state;
	begin(ALL, "6.1.0");
	for (i = 1; i <= 10000; i++)
		GIVE(1000 + i, i, EVENT_OPEN, .file = S("/lib/a.ko"));
	for (i = 0; i < 100000; i++)
		GIVE(20000 + i, 0, EVENT_LOST, .lost = 1);
	GIVE(200000, 7, EVENT_OPEN_EXIT, .ret = 3);
	GIVE(200001, 7, EVENT_FINIT_ENTER, .fd = 3);
	GIVE(200002, 7, EVENT_FINIT_EXIT, .ret = -17);
	assert_null(module("a"));
	assert_int_equal(stock_evicted(stock), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(names_by_open_files, teardown),
		cmocka_unit_test_teardown(tasks_are_bounded, teardown),
		cmocka_unit_test_teardown(losses_end_what_is_known, teardown),
		cmocka_unit_test_teardown(no_name_is_better_than_a_wrong_one, teardown),
		cmocka_unit_test_teardown(outcomes, teardown),
		cmocka_unit_test_teardown(refused_calls_are_none, teardown),
		cmocka_unit_test_teardown(unsure_without_loads, teardown),
		cmocka_unit_test_teardown(exact_bytes, teardown),
		cmocka_unit_test_teardown(bytes_of_the_unseen, teardown),
		cmocka_unit_test_teardown(inits_have_files_too, teardown),
		cmocka_unit_test_teardown(numbers_are_used_again, teardown),
		cmocka_unit_test_teardown(what_merging_avoided, teardown),
		cmocka_unit_test_teardown(estimates_and_unknowns, teardown),
		cmocka_unit_test_teardown(errors_are_shared, teardown),
		cmocka_unit_test_teardown(errors_are_shared_without_reads, teardown),
		cmocka_unit_test_teardown(files_are_told_by_inode, teardown),
		cmocka_unit_test_teardown(files_are_told_by_name, teardown),
		cmocka_unit_test_teardown(images_are_told_by_what_is_sought, teardown),
		cmocka_unit_test_teardown(a_wait_is_interrupted, teardown),
		cmocka_unit_test_teardown(writers_refuse, teardown),
		cmocka_unit_test_teardown(images_are_seen, teardown),
		cmocka_unit_test_teardown(hints, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
