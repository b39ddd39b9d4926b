// SPDX-License-Identifier: GPL-2.0-only
#include "source.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "perfdata.h"

static int temporary_file(struct err *err)
{
	const char *dir = getenv("TMPDIR");
	_cleanup_free_ char *path = NULL;
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (asprintf(&path, "%s/modtrace-XXXXXX", dir) < 0) {
		path = NULL;
		return err_set(err, -ENOMEM, "out of memory");
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return err_set(err, -errno, "%s: no temporary file: %s", dir, strerror(errno));
	unlink(path);
	return fd;
}

static ssize_t read_some(int fd, void *data, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, data, size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= n;
	}
	return 0;
}

/*
 * A recording that comes through a pipe is put into a file without a name: the format isn't
 * made to be read from front to end. Its first bytes are looked at before, so that
 * something endless which is no recording costs nothing.
 */
static int spool(int fd, const char *name, struct err *err)
{
	struct perfdata_header header;
	_cleanup_close_ int out = -1;
	char chunk[65536];
	size_t have = 0;
	ssize_t n;
	int ret;

	while (have < sizeof(header)) {
		n = read_some(fd, (char *)&header + have, sizeof(header) - have);
		if (n < 0)
			return err_set(err, n, "%s: %s", name, strerror(-n));
		if (!n)
			break;
		have += n;
	}
	ret = perfdata_check(&header, have, name, err);
	if (ret)
		return ret;
	out = temporary_file(err);
	if (out < 0)
		return out;
	ret = write_all(out, (char *)&header, have);
	while (!ret && (n = read_some(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0)
			return err_set(err, n, "%s: %s", name, strerror(-n));
		ret = write_all(out, chunk, n);
	}
	if (ret)
		return err_set(err, ret, "%s: copying it to a temporary file: %s", name,
			       strerror(-ret));
	return TAKE_FD(out);
}

/**
 * source_open - open a recording, whatever its kind
 * @src: the source, for source_close()
 * @path: the file, "-" for standard input
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int source_open(struct source **src, const char *path, struct err *err)
{
	const char *name = strcmp(path, "-") ? path : "standard input";
	_cleanup_close_ int fd = -1;
	struct stat st;

	if (name == path)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	else
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (fd < 0 || fstat(fd, &st))
		return err_set(err, -errno, "%s: %s", name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(err, -EISDIR, "%s: a directory, not a recording", name);
	if (!S_ISREG(st.st_mode)) {
		int spooled = spool(fd, name, err);

		if (spooled < 0)
			return spooled;
		close(fd);
		fd = spooled;
	}
	return source_perfdata_open(src, fd, name, err);
}

/**
 * source_next - the next event, in the order of time
 * @src: the source
 * @ev: the event; its strings are valid until the next call
 * @err: says what is wrong
 *
 * Return: 1 with an event, 0 at the end, or -errno.
 */
int source_next(struct source *src, struct event *ev, struct err *err)
{
	return src->ops->next(src, ev, err);
}

/**
 * source_close - close a source and free all it gave
 * @src: the source, or NULL
 */
void source_close(struct source *src)
{
	if (src)
		src->ops->close(src);
}

/**
 * source_symbol - name of an address
 * @info: the recording
 * @address: a call site
 *
 * Return: the name as recorded, or NULL.
 */
const char *source_symbol(const struct source_info *info, u64 address)
{
	size_t lo = 0, hi = info->nr_symbols;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (info->symbols[mid].address < address)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < info->nr_symbols && info->symbols[lo].address == address ?
	       info->symbols[lo].name : NULL;
}

/**
 * source_info_free - free what an info owns
 * @info: the info
 */
void source_info_free(struct source_info *info)
{
	size_t i;

	for (i = 0; i < info->nr_symbols; i++)
		free(info->symbols[i].name);
	for (i = 0; i < info->nr_states; i++) {
		free(info->states[i].key);
		free(info->states[i].at_start);
		free(info->states[i].at_end);
	}
	for (i = 0; i < info->nr_counts; i++)
		free(info->counts[i].name);
	free(info->symbols);
	free(info->states);
	free(info->counts);
	free(info->generator);
	free(info->kernel);
	free(info->host);
	free(info->arch);
	*info = (struct source_info){ 0 };
}
