// SPDX-License-Identifier: GPL-2.0-only
#include "formats/perfdata_dir.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "formats/perfdata.h"
#include "formats/unpack.h"
#include "lib/mapping.h"
#include "lib/say.h"

/* More threads than any machine has CPUs. */
#define FILES_MAX 65536

/* A file of the directory; all zero is none. */
struct part {
	u8 *base;
	u64 size;
};

static void part_close(struct part *p)
{
	mapping_close(p->base, p->size);
	*p = (struct part){ 0 };
}

/* The copy of it that is mapped may be written to. */
static int part_open(struct part *p, int dir, const char *file, const char *name, struct err *err)
{
	_cleanup_close_ int fd = openat(dir, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	*p = (struct part){ 0 };
	if (fd < 0 || fstat(fd, &st))
		return errno == ENOENT ?
			       -ENOENT :
			       err_set(err, -errno, "%s/%s: %s", name, file, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s/%s: not a file", name, file);
	if (!st.st_size)
		return 0;
	p->base = mapping_copy(fd, st.st_size);
	if (!p->base)
		return err_set(err, -errno, "%s/%s: can't be mapped: %s", name, file,
			       strerror(errno));
	p->size = st.st_size;
	return 0;
}

/* Bytes of whole records at the start. Rounds are those of one file: in the whole there are none. */
static u64 whole_records(u8 *base, u64 size)
{
	struct perf_event_header h;
	u64 at = 0, extra;

	while (size - at >= sizeof(h)) {
		memcpy(&h, base + at, sizeof(h));
		if (h.size < sizeof(h) || h.size > size - at)
			break;
		extra = perfdata_payload(base + at, &h);
		if (extra > size - at - h.size)
			break;
		if (h.type == RECORD_FINISHED_ROUND) {
			h.type = RECORD_FINISHED_INIT;
			memcpy(base + at, &h, sizeof(h));
		}
		at += h.size + extra;
	}
	return at;
}

/* Whether the records are in it, as where perf record --kcore made a directory. */
static bool is_all(const struct part *p)
{
	struct perfdata_section s;
	struct perfdata_header h;
	u64 at, version;
	unsigned int i;

	if (p->size < sizeof(h))
		return false;
	memcpy(&h, p->base, sizeof(h));
	if (h.size != sizeof(h) || h.data.offset > p->size || h.data.size > p->size - h.data.offset)
		return false;
	at = h.data.offset + h.data.size;
	for (i = 0; i < FEATURE_DIR_FORMAT; i++)
		at += (h.features[i / 64] >> (i % 64) & 1) * sizeof(s);
	if (!(h.features[i / 64] >> (i % 64) & 1))
		return true;
	if (at > p->size || p->size - at < sizeof(s))
		return false;
	memcpy(&s, p->base + at, sizeof(s));
	if (s.offset > p->size || p->size - s.offset < sizeof(version))
		return false;
	memcpy(&version, p->base + s.offset, sizeof(version));
	return !version;
}

/* perf's table of sections, behind the data, that moves by so many bytes. */
static int move_sections(struct part *p, const struct perfdata_header *h, u64 by, const char *name,
			 struct err *err)
{
	u64 end = h->data.offset + h->data.size, at = end, version;
	struct perfdata_section s;
	unsigned int i;

	for (i = 0; i < FEATURE_NR; i++) {
		if (!(h->features[i / 64] >> (i % 64) & 1))
			continue;
		if (p->size - at < sizeof(s))
			return err_set(err, -EINVAL, "%s/data: cut inside its list of sections",
				       name);
		memcpy(&s, p->base + at, sizeof(s));
		/* The file that comes of it is all of the recording. */
		version = 0;
		if (i == FEATURE_DIR_FORMAT && s.size >= 8 && s.offset <= p->size &&
		    p->size - s.offset >= 8)
			memcpy(p->base + s.offset, &version, 8);
		if (s.offset >= end)
			s.offset += by;
		memcpy(p->base + at, &s, sizeof(s));
		at += sizeof(s);
	}
	return 0;
}

/* The directory's files one behind the other, and what is compressed in them unpacked. */
struct joined {
	int out;
	u64 added;
	struct unpack unpacked;
	const char *name;
	struct err *err;
};

/* From @from to @to of @base, which may be NULL if that is nothing. */
static int add_records(struct joined *j, const u8 *base, u64 from, u64 to)
{
	int ret = to > from ? write_all(j->out, (const char *)base + from, to - from) : 0;

	j->added += to - from;
	return ret ? err_set(j->err, ret, "%s: copying it to a temporary file: %s", j->name,
			     strerror(-ret)) :
		     0;
}

/* What a record had packed. Return: 1, 0 if a part of it is damaged, or -errno. */
static int add_packed(struct joined *j, const u8 *record)
{
	const u64 had = j->unpacked.map_size;
	struct err why;
	int unpacked = unpack_record(&j->unpacked, record, &why), ret;

	if (unpacked && unpacked != -EINVAL)
		return err_set(j->err, unpacked, "%s: %s", j->name, why.text);
	ret = add_records(j, j->unpacked.base, had, j->unpacked.map_size);
	return ret ? ret : !unpacked;
}

/* Whole records of one of the files, each of which is compressed by itself. */
static int add_part(struct joined *j, const struct part *p, u64 whole, u64 *used)
{
	struct perf_event_header h;
	u64 from = 0;
	int ret = 1;

	unpack_restart(&j->unpacked);
	for (*used = 0; *used < whole && ret > 0;) {
		const u8 *record = p->base + *used;
		bool packed;

		memcpy(&h, record, sizeof(h));
		packed = h.type == RECORD_COMPRESSED || h.type == RECORD_COMPRESSED2;
		if (packed) {
			ret = add_records(j, p->base, from, *used);
			ret = ret ? ret : add_packed(j, record);
		}
		if (ret > 0)
			*used += h.size + perfdata_payload(record, &h);
		if (packed)
			from = *used;
	}
	if (ret < 0)
		return ret;
	return add_records(j, p->base, from, *used);
}

static int append(struct joined *j, int dir)
{
	unsigned int i;
	char file[32];

	for (i = 0; i < FILES_MAX; i++) {
		struct part p;
		u64 used;
		int ret;

		snprintf(file, sizeof(file), "data.%u", i);
		ret = part_open(&p, dir, file, j->name, j->err);
		if (ret == -ENOENT && i)
			return 0;
		if (ret == -ENOENT)
			return err_set(j->err, ret,
				       "%s: its records are missing: there is no %s/data.0",
				       j->name, j->name);
		if (ret)
			return ret;
		ret = add_part(j, &p, whole_records(p.base, p.size), &used);
		if (!ret && used < p.size)
			say("%s/%s: cut or damaged at %" PRIu64
			    " bytes; what precedes that is used",
			    j->name, file, used);
		part_close(&p);
		if (ret)
			return ret;
	}
	return 0;
}

static int join(struct part *p, int out, int dir, const char *name, struct err *err)
{
	struct joined j = { .out = out, .name = name, .err = err };
	struct perfdata_header h;
	u64 end;
	int ret = perfdata_check(p->base, p->size, name, err);

	if (ret)
		return ret;
	if (p->size < sizeof(h))
		return err_set(err, -EINVAL, "%s/data: went through a pipe", name);
	memcpy(&h, p->base, sizeof(h));
	if (h.size != sizeof(h) || h.data.offset < sizeof(h) || h.data.offset > p->size ||
	    h.data.size > p->size - h.data.offset || !h.data.size)
		return err_set(err, -EINVAL, "%s/data: cut or never closed", name);
	end = h.data.offset + h.data.size;
	whole_records(p->base + h.data.offset, h.data.size);
	if (lseek(out, end, SEEK_SET) < 0)
		return err_set(err, -errno, "%s: %s", name, strerror(errno));
	ret = append(&j, dir);
	unpack_free(&j.unpacked);
	if (!ret)
		ret = move_sections(p, &h, j.added, name, err);
	if (ret)
		return ret;
	h.data.size += j.added;
	memcpy(p->base, &h, sizeof(h));
	ret = write_all(out, (char *)p->base + end, p->size - end);
	if (!ret && lseek(out, 0, SEEK_SET))
		ret = -errno;
	if (!ret)
		ret = write_all(out, (char *)p->base, end);
	return ret ? err_set(err, ret, "%s: copying it to a temporary file: %s", name,
			     strerror(-ret)) :
		     0;
}

/**
 * perfdata_dir_join - make one file of a directory
 * @dir: the directory; stays the caller's
 * @name: its name, for messages
 * @err: says what is wrong
 *
 * Return: a file without a name that has all of the recording, or -errno.
 */
int perfdata_dir_join(int dir, const char *name, struct err *err)
{
	_cleanup_close_ int out = -1;
	struct part data;
	int ret = part_open(&data, dir, "data", name, err);

	if (ret == -ENOENT)
		return err_set(err, -EISDIR, "%s: a directory, not a recording", name);
	if (ret)
		return ret;
	if (is_all(&data) && faccessat(dir, "data.0", F_OK, 0)) {
		part_close(&data);
		out = openat(dir, "data", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		return out < 0 ? err_set(err, -errno, "%s/data: %s", name, strerror(errno)) :
				 TAKE_FD(out);
	}
	out = temporary_file(err);
	ret = out < 0 ? out : join(&data, out, dir, name, err);
	part_close(&data);
	return ret ? ret : TAKE_FD(out);
}
