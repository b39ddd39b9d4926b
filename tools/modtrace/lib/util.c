// SPDX-License-Identifier: GPL-2.0-only
#include "lib/util.h"

#include <fcntl.h>
#include <time.h>

/**
 * err_set - say what went wrong
 * @err: filled with the formatted line; may be NULL
 * @code: negative errno to hand back
 * @fmt: printf format of the line, without the program's name and without a newline
 *
 * Return: @code, so that "return err_set(...)" both says it and fails.
 */
int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (err) {
		va_start(ap, fmt);
		vsnprintf(err->text, sizeof(err->text), fmt, ap);
		va_end(ap);
	}
	return code;
}

/**
 * zero_bytes - zero many bytes
 * @data: the bytes
 * @size: how many
 *
 * Out of line on purpose: where the compiler knows the size it makes a string instruction of
 * it, which takes longer to start than the C library takes for all of a struct event.
 */
__attribute__((noinline)) void zero_bytes(void *data, size_t size)
{
	memset(data, 0, size);
}

/**
 * grow - make room in an array
 * @array: address of the pointer to the array, which may be NULL; the caller frees it
 * @cap: its capacity in elements
 * @need: elements wanted
 * @elem_size: size of one
 *
 * New room is not initialised. Capacity doubles, so that adding one at a time is linear.
 *
 * Return: 0 or -ENOMEM; the array is untouched on failure.
 */
int grow(void *array, size_t *cap, size_t need, size_t elem_size)
{
	void **pp = array;
	size_t want = *cap ? *cap : 8;
	size_t bytes;
	void *p;

	if (need <= *cap)
		return 0;
	while (want < need)
		if (__builtin_mul_overflow(want, (size_t)2, &want))
			return -ENOMEM;
	if (__builtin_mul_overflow(want, elem_size, &bytes))
		return -ENOMEM;
	p = realloc(*pp, bytes);
	if (!p)
		return -ENOMEM;
	*pp = p;
	*cap = want;
	return 0;
}

/**
 * buf_add - append bytes
 * @b: the buffer
 * @data: the bytes
 * @len: how many
 *
 * A zero byte always follows the last one, so that text can be used as a string.
 *
 * Return: 0 or -ENOMEM.
 */
int buf_add(struct buf *b, const void *data, size_t len)
{
	int ret = grow(&b->data, &b->cap, b->len + len + 1, 1);

	if (ret)
		return ret;
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
	return 0;
}

/**
 * buf_addf - append formatted text
 * @b: the buffer
 * @fmt: printf format
 *
 * Return: 0 or -ENOMEM.
 */
int buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = buf_vaddf(b, fmt, ap);
	va_end(ap);
	return ret;
}

/**
 * buf_vaddf - append formatted text
 * @b: the buffer
 * @fmt: printf format
 * @ap: its arguments
 *
 * Return: 0 or -ENOMEM.
 */
int buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	_cleanup_free_ char *text = NULL;
	int len = vasprintf(&text, fmt, ap);

	if (len < 0) {
		text = NULL;
		return -ENOMEM;
	}
	return buf_add(b, text, len);
}

/**
 * buf_free - free what a buf owns
 * @b: the buffer; empty and usable afterwards
 */
void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

/**
 * parse_u64 - read a decimal number that is the whole string
 * @s: the text
 * @max: largest value accepted
 * @value: the number
 *
 * Return: 0, -EINVAL if @s is anything but digits, -ERANGE if the number is above @max.
 */
int parse_u64(const char *s, u64 max, u64 *value)
{
	u64 v = 0;

	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(v, (u64)10, &v) ||
		    __builtin_add_overflow(v, (u64)(*s - '0'), &v))
			return -ERANGE;
	}
	if (v > max)
		return -ERANGE;
	*value = v;
	return 0;
}

/**
 * parse_cpu_list - read a list as the kernel prints it: "0-3,8"
 * @s: the text; a trailing newline is allowed
 * @set: one flag per CPU, set for those listed; others are left alone
 * @nr: size of @set
 *
 * Return: 0, -EINVAL for anything else than a list, -ERANGE for a CPU of @nr or above.
 */
int parse_cpu_list(const char *s, bool *set, int nr)
{
	if (!*s || *s == '\n')
		return -EINVAL;
	for (;;) {
		unsigned long first, last;
		char *end;

		if (*s < '0' || *s > '9')
			return -EINVAL;
		first = strtoul(s, &end, 10);
		last = first;
		if (*end == '-') {
			s = end + 1;
			if (*s < '0' || *s > '9')
				return -EINVAL;
			last = strtoul(s, &end, 10);
		}
		if (last < first)
			return -EINVAL;
		if (last >= (unsigned long)nr)
			return -ERANGE;
		for (; first <= last; first++)
			set[first] = true;
		if (!*end || (*end == '\n' && !end[1]))
			return 0;
		if (*end != ',')
			return -EINVAL;
		s = end + 1;
	}
}

/**
 * read_small_file - append a whole file, as of /proc or /sys
 * @path: the file
 * @b: its content is appended here
 *
 * Return: 0; -EFBIG for what has more than SMALL_FILE_MAX bytes, or no end; or -errno.
 */
int read_small_file(const char *path, struct buf *b)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[16384];
	size_t total = 0;
	ssize_t n;
	int ret;

	if (fd < 0)
		return -errno;
	ret = buf_add(b, "", 0);
	if (ret)
		return ret;
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		total += n;
		if (total > SMALL_FILE_MAX)
			return -EFBIG;
		ret = buf_add(b, chunk, n);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * read_some - read what there is, whatever signals come
 * @fd: the file
 * @data: room for it
 * @size: how much
 *
 * Return: the number of bytes, 0 at the end, or -errno.
 */
ssize_t read_some(int fd, void *data, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, data, size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/**
 * write_all - write all of it, whatever signals come
 * @fd: the file
 * @data: the bytes
 * @size: how many
 *
 * Return: 0 or -errno.
 */
int write_all(int fd, const void *data, size_t size)
{
	const char *from = data;

	while (size) {
		ssize_t n = write(fd, from, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		from += n;
		size -= n;
	}
	return 0;
}

/**
 * temporary_file - a file without a name, in $TMPDIR
 * @err: says what is wrong
 *
 * Return: its descriptor, which the caller closes, or -errno.
 */
int temporary_file(struct err *err)
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

/**
 * now_ns - read a clock
 * @clock: CLOCK_MONOTONIC, CLOCK_REALTIME, …
 *
 * Return: nanoseconds.
 */
u64 now_ns(int clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (u64)ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}
