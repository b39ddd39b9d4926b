// SPDX-License-Identifier: GPL-2.0-only
#include <sys/stat.h>

#include "recorder/move_file.h"
#include "unit.h"

static char dir[] = "/tmp/modtrace-unit.XXXXXX";

static void put(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void has(const char *name, const char *text)
{
	char got[64] = "";
	FILE *f = fopen(name, "r");

	assert_non_null(f);
	assert_int_equal(fread(got, 1, sizeof(got) - 1, f), strlen(text));
	assert_string_equal(got, text);
	fclose(f);
}

static void what_was_there_is_kept(void **state)
{
	struct err err;

	(void)state;
	put("from", "new");
	put("to", "before");
	assert_int_equal(move_file("from", "to", &err), 0);
	has("to", "new");
	has("to.old", "before");
	assert_int_equal(access("from", F_OK), -1);
	assert_int_equal(access("to.part", F_OK), -1);
}

/* A folder that isn't there stands for one that can't be written, which root can't have. */
static void what_fails_changes_nothing(void **state)
{
	struct err err;

	(void)state;
	put("from", "new");
	assert_int_equal(move_file("from", "nowhere/to", &err), -ENOENT);
	assert_non_null(strstr(err.text, "nowhere/to"));
	has("from", "new");
	assert_int_equal(move_file("absent", "other", &err), -ENOENT);
	assert_int_equal(access("other", F_OK), -1);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(mkdir("folder.old", 0700), 0);
	put("folder.old/x", "x");
	assert_int_not_equal(move_file("from", "folder", &err), 0);
	has("from", "new");
	assert_int_equal(access("folder.part", F_OK), -1);
}

/* What another user put in the way is neither followed nor waited for. */
static void nothing_is_followed(void **state)
{
	struct stat st;
	struct err err;

	(void)state;
	put("precious", "kept");
	assert_int_equal(symlink("precious", "out.part"), 0);
	assert_int_equal(symlink("precious", "out"), 0);
	put("from", "new");
	assert_int_equal(move_file("from", "out", &err), 0);
	has("precious", "kept");
	has("out", "new");
	assert_int_equal(lstat("out", &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);

	assert_int_equal(symlink("precious", "link"), 0);
	assert_int_equal(move_file("link", "other", &err), -ELOOP);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(move_file("fifo", "other", &err), -EINVAL);
	assert_non_null(strstr(err.text, "not a regular file"));
	assert_int_equal(access("other", F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_there_is_kept),
		cmocka_unit_test(what_fails_changes_nothing),
		cmocka_unit_test(nothing_is_followed),
	};
	char rm[64];
	int ret;

	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(rm, sizeof(rm), "rm -rf %s", dir);
	return system(rm) ? 1 : ret;
}
