// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/own_file.h"

#include <fcntl.h>
#include <sys/stat.h>

/* What tells that it may be another's; NULL if nothing does. */
static const char *doubt(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "not a regular file";
	if (st->st_uid != geteuid())
		return "belongs to another user";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "others may write to it";
	if (st->st_nlink != 1)
		return "has another name, too";
	return NULL;
}

/**
 * own_file_open - open a file to go on with it
 * @path: its name; neither followed if it is a link, nor waited for if it is a pipe
 * @err: says what is wrong with it
 *
 * Return: a descriptor to read; -ENOENT if there is none; -EPERM if it may be another's; or -errno.
 */
int own_file_open(const char *path, struct err *err)
{
	_cleanup_close_ int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	const char *why;
	struct stat st;

	if (fd < 0 && errno == ELOOP)
		return err_set(err, -EPERM, "%s: a symbolic link; not recording to it", path);
	if (fd < 0 || fstat(fd, &st))
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	why = doubt(&st);
	if (why)
		return err_set(err, -EPERM, "%s: %s; not recording to it", path, why);
	return TAKE_FD(fd);
}
