// SPDX-License-Identifier: GPL-2.0-only
#include "formats/unpack.h"

#include <inttypes.h>
#include <sys/mman.h>
#include <zstd.h>

#include "formats/perfdata.h"

/*
 * Events pack to a tenth or so; what packs better than this was made to fill disks and memory. A
 * short recording of one storm may pack better, and is let.
 */
#define RATIO_MAX 12
#define ALLOWANCE (2U << 20)

/* Each record is work, however short: a kernel writes hardly an event that is shorter. */
#define RECORD_MIN 64

static int start(struct unpack *u, struct err *err)
{
	int fd;

	if (u->stream)
		return 0;
	fd = temporary_file(err);
	if (fd < 0)
		return fd;
	u->fd = fd;
	u->stream = ZSTD_createDStream();
	if (!u->stream) {
		close(fd);
		return err_set(err, -ENOMEM, "out of memory");
	}
	return 0;
}

/*
 * How much of @data is whole records, and what they count beyond that. A size that can't be is left for
 * the reader to find.
 */
static size_t whole_records(const char *data, size_t size, u64 *missing)
{
	struct perf_event_header h;
	size_t at = 0;

	while (size - at >= sizeof(h)) {
		memcpy(&h, data + at, sizeof(h));
		if (h.size < sizeof(h))
			return size;
		if (h.size > size - at)
			break;
		if (h.size < RECORD_MIN)
			*missing += RECORD_MIN - h.size;
		at += h.size;
	}
	return at;
}

static int keep_whole(struct unpack *u, struct err *err)
{
	size_t whole = whole_records(u->rest.data, u->rest.len, &u->unpacked);
	int ret;

	ret = write_all(u->fd, u->rest.data, whole);
	if (ret)
		return err_set(err, ret, "unpacking it to a temporary file: %s", strerror(-ret));
	u->size += whole;
	memmove(u->rest.data, u->rest.data + whole, u->rest.len - whole);
	u->rest.len -= whole;
	return 0;
}

static int map_more(struct unpack *u, struct err *err)
{
	void *base;

	if (u->size <= u->map_size)
		return 0;
	if (u->base)
		munmap((void *)u->base, u->map_size);
	u->base = NULL;
	base = mmap(NULL, u->size, PROT_READ, MAP_SHARED, u->fd, 0);
	if (base == MAP_FAILED)
		return err_set(err, -errno, "unpacked events can't be mapped: %s",
			       strerror(errno));
	u->base = base;
	u->map_size = u->size;
	return 0;
}

/**
 * unpack_add - unpack one compressed record
 * @u: gets what it holds; unpack_free() frees it, after an error too
 * @data: the record's body; need not be trusted
 * @size: its size
 * @err: says what is wrong, without naming the file
 *
 * Return: 0 or -errno; what was unpacked before stays.
 */
int unpack_add(struct unpack *u, const u8 *data, size_t size, struct err *err)
{
	ZSTD_inBuffer in = { .src = data, .size = size };
	char chunk[65536];
	int ret;

	ret = start(u, err);
	if (ret)
		return ret;
	u->packed += size;
	for (;;) {
		ZSTD_outBuffer out = { .dst = chunk, .size = sizeof(chunk) };
		size_t left = ZSTD_decompressStream(u->stream, &out, &in);

		if (ZSTD_isError(left)) {
			ret = map_more(u, err);
			return ret ? ret :
				     err_set(err, -EINVAL, "damaged compressed data: %s",
					     ZSTD_getErrorName(left));
		}
		u->unpacked += out.pos;
		if (u->unpacked > ALLOWANCE && (u->unpacked - ALLOWANCE) / RATIO_MAX > u->packed) {
			ret = map_more(u, err);
			return ret ? ret :
				     err_set(err, -EINVAL,
					     "compressed data unpacks to more than %d times its size",
					     RATIO_MAX);
		}
		if (buf_add(&u->rest, chunk, out.pos))
			return err_set(err, -ENOMEM, "out of memory");
		ret = keep_whole(u, err);
		if (ret)
			return ret;
		if (in.pos == in.size && out.pos < out.size)
			return map_more(u, err);
	}
}

/**
 * unpack_record - unpack one compressed record
 * @u: as for unpack_add()
 * @record: the record, all of which is there
 * @err: says what is wrong, without naming the file
 *
 * Return: 0 or -errno; -EINVAL for what is damaged.
 */
int unpack_record(struct unpack *u, const u8 *record, struct err *err)
{
	struct perf_event_header h;
	size_t skip;
	u64 size;

	memcpy(&h, record, sizeof(h));
	skip = h.type == RECORD_COMPRESSED2 ? sizeof(h) + sizeof(size) : sizeof(h);
	if (h.size < skip)
		return 0;
	size = h.size - skip;
	/* Padded, so it says itself how much there is. */
	if (h.type == RECORD_COMPRESSED2) {
		memcpy(&size, record + sizeof(h), sizeof(size));
		if (size > h.size - skip)
			return err_set(err, -EINVAL, "damaged compressed record");
	}
	return unpack_add(u, record + skip, size, err);
}

/**
 * unpack_restart - what is added next was compressed apart from what was before
 * @u: keeps what was unpacked
 */
void unpack_restart(struct unpack *u)
{
	if (u->stream)
		ZSTD_initDStream(u->stream);
	u->rest.len = 0;
}

/**
 * unpack_end - nothing more is added: free what that takes, which is as much as was packed together
 * @u: keeps what was unpacked
 */
void unpack_end(struct unpack *u)
{
	if (!u->stream)
		return;
	ZSTD_freeDStream(u->stream);
	u->stream = NULL;
	close(u->fd);
	buf_free(&u->rest);
}

/**
 * unpack_free - free what was unpacked
 * @u: empty and usable afterwards
 */
void unpack_free(struct unpack *u)
{
	if (u->base)
		munmap((void *)u->base, u->map_size);
	unpack_end(u);
	*u = (struct unpack){ 0 };
}
