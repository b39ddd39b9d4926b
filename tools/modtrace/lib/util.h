/* SPDX-License-Identifier: GPL-2.0-only */
/* Small things every file needs: types, cleanup attributes, growing arrays, error lines. */
#ifndef MODTRACE_UTIL_H
#define MODTRACE_UTIL_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define NSEC_PER_SEC UINT64_C(1000000000)
#define NSEC_PER_MSEC UINT64_C(1000000)

#define __printf(f, a) __attribute__((format(printf, f, a)))
#define _cleanup_(f) __attribute__((cleanup(f)))
#define _cleanup_free_ _cleanup_(cleanup_free)
#define _cleanup_close_ _cleanup_(cleanup_close)
#define _cleanup_fclose_ _cleanup_(cleanup_fclose)

/* Hand ownership on: the variable is empty afterwards, so that its cleanup does nothing. */
#define TAKE_PTR(p) ({ typeof(p) _taken = (p); (p) = NULL; _taken; })
#define TAKE_FD(fd) ({ int _taken = (fd); (fd) = -1; _taken; })

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

/* To the nearest; of what is no less than 0. */
static inline u64 round_u64(double value)
{
	/* Sums saturate, and as a double the largest of them is one more. */
	if (value >= (double)UINT64_MAX)
		return UINT64_MAX;
	return value + 0.5;
}

/* @part of @of equal parts of a whole; @part is no more than @of. */
static inline u64 part_of(u64 whole, u64 part, u64 of)
{
	return (unsigned __int128)whole * part / of;
}

/* Counters saturate: a hostile file can carry any number, and a wrapped sum would lie. */
static inline u64 sat_add(u64 a, u64 b)
{
	u64 sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static inline u64 sat_sub(u64 a, u64 b)
{
	return a > b ? a - b : 0;
}

/**
 * struct err - one line for the user, filled where the error is understood
 * @text: what is wrong; printed once, escaped, by the command
 */
struct err {
	char text[640];
};

/**
 * struct buf - bytes that grow
 * @data: the bytes; owned by the buf, freed by buf_free()
 * @len: bytes in use
 * @cap: bytes allocated
 */
struct buf {
	char *data;
	size_t len;
	size_t cap;
};

#define _cleanup_buf_ _cleanup_(buf_free)

int err_set(struct err *err, int code, const char *fmt, ...) __printf(3, 4);
void zero_bytes(void *data, size_t size);
int grow(void *array, size_t *cap, size_t need, size_t elem_size);
int buf_add(struct buf *b, const void *data, size_t len);
int buf_addf(struct buf *b, const char *fmt, ...) __printf(2, 3);
int buf_vaddf(struct buf *b, const char *fmt, va_list ap) __printf(2, 0);
void buf_free(struct buf *b);
int parse_u64(const char *s, u64 max, u64 *value);
int parse_cpu_list(const char *s, bool *set, int nr);
/* More than any list, /proc or /sys file that is read whole. */
#define SMALL_FILE_MAX (64U << 20)

int read_small_file(const char *path, struct buf *b);
ssize_t read_some(int fd, void *data, size_t size);
int write_all(int fd, const void *data, size_t size);
int temporary_file(struct err *err);
u64 now_ns(int clock);

#endif
