// SPDX-License-Identifier: GPL-2.0-only
#include "source/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "formats/perfdata.h"
#include "formats/perfdata_dir.h"
#include "source/stock.h"
#include "source/tracedat.h"

static bool is_tracedat(const void *start, size_t size)
{
	return size >= TRACEDAT_MAGIC_SIZE && !memcmp(start, TRACEDAT_MAGIC, TRACEDAT_MAGIC_SIZE);
}

/* What comes through a pipe may have no end, and fills what everybody keeps temporary files in. */
#define SPOOL_MAX (256ULL << 20)

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
	u64 total = 0;
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
	ret = is_tracedat(&header, have) ? 0 : perfdata_check(&header, have, name, err);
	if (ret)
		return ret;
	out = temporary_file(err);
	if (out < 0)
		return out;
	ret = write_all(out, (char *)&header, have);
	while (!ret && (n = read_some(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0)
			return err_set(err, n, "%s: %s", name, strerror(-n));
		if (total + n > SPOOL_MAX)
			return err_set(err, -EFBIG,
				       "%s: more than %llu MiB; save it to a file and use -i FILE",
				       name, SPOOL_MAX >> 20);
		total += n;
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
	char start[TRACEDAT_MAGIC_SIZE];
	struct stat st;
	ssize_t n;
	int ret;

	*src = NULL;
	if (name == path)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	else
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (fd < 0 || fstat(fd, &st))
		return err_set(err, -errno, "%s: %s", name, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		int joined = perfdata_dir_join(fd, name, err);

		if (joined < 0)
			return joined;
		close(fd);
		fd = joined;
	} else if (!S_ISREG(st.st_mode)) {
		int spooled = spool(fd, name, err);

		if (spooled < 0)
			return spooled;
		close(fd);
		fd = spooled;
	}
	n = pread(fd, start, sizeof(start), 0);
	if (n > 0 && is_tracedat(start, n))
		ret = source_tracedat_open(src, fd, name, err);
	else
		ret = source_perfdata_open(src, fd, name, err);
	if (!ret) {
		(*src)->info.file = strdup(path);
		ret = (*src)->info.file ? source_choose_mode(*src, name, err) :
					  err_set(err, -ENOMEM, "%s: out of memory", name);
	}
	if (ret) {
		source_close(*src);
		*src = NULL;
	}
	return ret;
}

/* For stock mode: a file's present size, an estimate of what was read of it. */
static bool file_size(void *context, const char *path, u64 *size)
{
	struct stat st;

	(void)context;
	if (*path != '/' || stat(path, &st) || !S_ISREG(st.st_mode))
		return false;
	*size = st.st_size;
	return true;
}

static bool is_of_this_machine(const struct source_info *info)
{
	struct utsname uts;

	return !uname(&uts) && info->host && info->kernel && !strcmp(info->host, uts.nodename) &&
	       !strcmp(info->kernel, uts.release);
}

/**
 * source_choose_mode - decide how attempts are known, by what was recorded; for sources
 * @src: the source, of which nothing was read yet
 * @name: its name, for messages
 * @err: says what the recording lacks
 *
 * Return: 0 or -errno.
 */
int source_choose_mode(struct source *src, const char *name, struct err *err)
{
	const u32 calls = 1U << EVENT_FINIT_EXIT | 1U << EVENT_INIT_EXIT;
	struct source_info *info = &src->info;

	if ((info->recorded & SOURCE_ATTEMPTS) == SOURCE_ATTEMPTS)
		return 0;
	if (!(info->recorded & calls) && info->recorded & 1U << EVENT_RAW_EXIT) {
		if (!raw_calls_init(&src->raw_calls, info->arch))
			return err_set(
				err, -EOPNOTSUPP,
				"%s: recorded system calls by their numbers (raw_syscalls), which aren't known of the architecture %s",
				name, info->arch ? info->arch : "that it doesn't name");
		info->recorded |= calls;
		if (info->recorded & 1U << EVENT_RAW_ENTER)
			info->recorded |= 1U << EVENT_FINIT_ENTER | 1U << EVENT_INIT_ENTER;
	}
	if (!(info->recorded & calls))
		return err_set(err, -EOPNOTSUPP,
			       "%s: recorded no module loads: neither module:module_load_begin and module:module_load_end (kernels with kernel-patches/) nor syscalls:sys_enter_finit_module and syscalls:sys_exit_finit_module (any kernel)",
			       name);
	src->stock = stock_new(info->recorded, info->kernel);
	if (!src->stock)
		return err_set(err, -ENOMEM, "%s: out of memory", name);
	info->stock = true;
	if (source_has_series(info))
		stock_has_gates(src->stock);
	stock_would_tell_more(info->recorded, info->would_tell_more, sizeof(info->would_tell_more));
	if (is_of_this_machine(info))
		stock_use_files(src->stock, file_size, NULL);
	if (info->module_sizes.len &&
	    stock_use_sizes(src->stock, info->module_sizes.data, name, err))
		return -EINVAL;
	/* What the stock events are made into. */
	info->recorded |= SOURCE_ATTEMPTS;
	return 0;
}

/* A line takes 100 bytes, and kernels have 10,000 modules. */
#define SIZES_MAX (4U << 20)

static int read_list(const char *path, struct buf *text)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char chunk[16384];
	ssize_t n;
	int ret;

	if (fd < 0)
		return -errno;
	ret = buf_add(text, "", 0);
	while (!ret && (n = read_some(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0)
			return n;
		ret = text->len + n > SIZES_MAX ? -EFBIG : buf_add(text, chunk, n);
	}
	return ret;
}

/**
 * source_use_sizes - estimate bytes that weren't recorded by a list of modules' sizes
 * @src: the source, of which nothing was read yet
 * @path: the list, "NAME FILE_BYTES [LAYOUT_BYTES]" a line
 * @err: says what is wrong with it
 *
 * Return: 0 or -errno.
 */
int source_use_sizes(struct source *src, const char *path, struct err *err)
{
	_cleanup_buf_ struct buf text = { 0 };
	int ret;

	if (!src->stock)
		return err_set(err, -EINVAL,
			       "--module-sizes has no effect on %s: it has exact byte counts; omit it",
			       src->info.file);
	ret = read_list(path, &text);
	if (ret == -EFBIG)
		return err_set(err, ret, "%s: more than %u MiB: not a list of modules' sizes", path,
			       SIZES_MAX >> 20);
	if (ret)
		return err_set(err, ret, "%s: %s", path, strerror(-ret));
	return stock_use_sizes(src->stock, text.data, path, err);
}

/**
 * source_show_records - hand on what attempts are made of, too, marked as only to be shown
 * @src: the source, of which nothing was read yet
 */
void source_show_records(struct source *src)
{
	if (src->stock)
		stock_show_records(src->stock);
}

static int next_of_series(struct source *src, struct event *ev, struct err *err)
{
	int ret = src->ops->next(src, ev, err);

	if (ret > 0 && thread_devices_event(&src->devices, ev))
		return err_set(err, -ENOMEM, "out of memory");
	src->info.evicted = src->devices.evicted;
	return ret;
}

static int next_of_stock(struct source *src, struct event *ev, struct err *err)
{
	struct event raw;
	int ret;

	for (;;) {
		if (stock_take(src->stock, ev))
			return 1;
		ret = src->ops->next(src, &raw, err);
		if (ret <= 0)
			return ret;
		ret = 0;
		if (raw.type == EVENT_RAW_ENTER || raw.type == EVENT_RAW_EXIT)
			ret = raw_call_name(&src->raw_calls, &raw);
		if (ret || thread_devices_event(&src->devices, &raw) ||
		    stock_give(src->stock, &raw))
			return err_set(err, -ENOMEM, "out of memory");
		src->info.evicted = sat_add(stock_evicted(src->stock), src->devices.evicted);
	}
}

/**
 * source_next - the next event, in the order of time
 * @src: the source
 * @ev: the event; its strings are valid until the next call
 * @err: says what is wrong
 *
 * Return: 1 with an event, 0 at the end or, live, where no more are due, or -errno.
 */
int source_next(struct source *src, struct event *ev, struct err *err)
{
	int ret = src->stock ? next_of_stock(src, ev, err) : next_of_series(src, ev, err);

	if (ret > 0 && ev->type == EVENT_LOAD_BEGIN)
		ev->device = thread_devices_of(&src->devices, ev->tid);
	if (!ret && !src->info.goes_on) {
		stock_free(src->stock);
		src->stock = NULL;
	}
	return ret;
}

/**
 * source_close - close a source and free all it gave
 * @src: the source, or NULL
 */
void source_close(struct source *src)
{
	if (!src)
		return;
	stock_free(src->stock);
	thread_devices_free(&src->devices);
	map_free(&src->raw_calls.refused);
	src->ops->close(src);
}
