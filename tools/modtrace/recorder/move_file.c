// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/move_file.h"

#include <fcntl.h>

static int copy(int from, const char *to)
{
	_cleanup_close_ int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char chunk[65536];
	ssize_t n;
	int ret = 0;

	if (out < 0)
		return -errno;
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
	_cleanup_close_ int in = open(from, O_RDONLY | O_CLOEXEC);
	int ret;

	if (asprintf(&part, "%s.part", to) < 0 || asprintf(&old, "%s.old", to) < 0)
		return err_set(err, -ENOMEM, "out of memory");
	if (in < 0)
		return err_set(err, -errno, "%s: %s", from, strerror(errno));
	ret = copy(in, part);
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
