// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/move_file.h"

#include <fcntl.h>
#include <sys/stat.h>

static int copy(int from, int out)
{
	char chunk[65536];
	ssize_t n;
	int ret = 0;

	while (!ret && (n = read_some(from, chunk, sizeof(chunk))) != 0)
		ret = n < 0 ? (int)n : write_all(out, chunk, n);
	/* What was there before is only given up for what is safe. */
	if (!ret && fsync(out))
		ret = -errno;
	return ret;
}

/**
 * move_file - give a file another name, on another file system too
 * @from: the file
 * @to: its new name; a file that has it is renamed to .old
 * @err: says what is wrong; @from is as it was then, and @to too
 *
 * Return: 0 or -errno.
 */
int move_file(const char *from, const char *to, struct err *err)
{
	_cleanup_free_ char *part = NULL, *old = NULL;
	/* Neither a link nor what has no end: others may have put something in its place. */
	_cleanup_close_ int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	_cleanup_close_ int out = -1;
	struct stat st;
	int ret;

	if (asprintf(&part, "%s.part-XXXXXX", to) < 0 || asprintf(&old, "%s.old", to) < 0)
		return err_set(err, -ENOMEM, "out of memory");
	if (in < 0)
		return err_set(err, -errno, "%s: %s", from, strerror(errno));
	if (fstat(in, &st) || !S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s: not a regular file", from);
	/* A file of its own, under a name that nobody can have prepared; readable by its owner. */
	out = mkostemp(part, O_CLOEXEC);
	if (out < 0)
		return err_set(err, -errno, "%s: %s", to, strerror(errno));
	ret = copy(in, out);
	if (!ret && rename(to, old) && errno != ENOENT)
		ret = -errno;
	if (!ret && rename(part, to))
		ret = -errno;
	if (ret) {
		unlink(part);
		return err_set(err, ret, "%s: %s", to, strerror(-ret));
	}
	unlink(from);
	return 0;
}
