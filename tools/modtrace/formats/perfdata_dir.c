// SPDX-License-Identifier: GPL-2.0-only
#include "formats/perfdata_dir.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "formats/perfdata.h"
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
		if (i == FEATURE_COMPRESSED)
			return err_set(
				err, -EOPNOTSUPP,
				"%s: compressed by several threads (perf record --threads -z), which is not supported",
				name);
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

static int append(int out, int dir, const char *name, u64 *added, struct err *err)
{
	unsigned int i;
	char file[32];

	for (i = 0; i < FILES_MAX; i++) {
		struct part p;
		u64 whole;
		int ret;

		snprintf(file, sizeof(file), "data.%u", i);
		ret = part_open(&p, dir, file, name, err);
		if (ret == -ENOENT && i)
			return 0;
		if (ret == -ENOENT)
			return err_set(err, ret,
				       "%s: its records are missing: there is no %s/data.0", name,
				       name);
		if (ret)
			return ret;
		whole = whole_records(p.base, p.size);
		if (whole < p.size)
			say("%s/%s: cut or damaged at %" PRIu64
			    " bytes; what precedes that is used",
			    name, file, whole);
		ret = write_all(out, (char *)p.base, whole);
		part_close(&p);
		if (ret)
			return err_set(err, ret, "%s: copying it to a temporary file: %s", name,
				       strerror(-ret));
		*added += whole;
	}
	return 0;
}

static int join(struct part *p, int out, int dir, const char *name, struct err *err)
{
	struct perfdata_header h;
	u64 added = 0, end;
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
	ret = append(out, dir, name, &added, err);
	if (!ret)
		ret = move_sections(p, &h, added, name, err);
	if (ret)
		return ret;
	h.data.size += added;
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
	out = temporary_file(err);
	ret = out < 0 ? out : join(&data, out, dir, name, err);
	part_close(&data);
	return ret ? ret : TAKE_FD(out);
}
