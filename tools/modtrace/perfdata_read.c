// SPDX-License-Identifier: GPL-2.0-only
#include "perfdata.h"

#include <inttypes.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define ATTR_SIZE_MAX 4096
#define PIPE_HEADER_SIZE 16
#define ATTRS_MAX 65536

static bool inside(const struct perfdata *p, const struct perfdata_section *s)
{
	return s->offset <= p->size && s->size <= p->size - s->offset;
}

static int read_attr(struct perfdata *p, size_t i, u64 at, u64 entry_size, u64 *ids_left,
		     const char *name, struct err *err)
{
	struct perf_event_attr *a = &p->attrs[i];
	size_t attr_size = entry_size - sizeof(struct perfdata_section);
	struct perfdata_section ids;
	u64 n;

	memcpy(a, p->base + at, attr_size < sizeof(*a) ? attr_size : sizeof(*a));
	memcpy(&ids, p->base + at + attr_size, sizeof(ids));
	if (!inside(p, &ids))
		return err_set(err, -EINVAL, "%s: ids of event %zu lie outside the file", name, i);
	if (ids.size / 8 > *ids_left)
		return err_set(err, -EINVAL, "%s: more ids than the file has room for", name);
	*ids_left -= ids.size / 8;
	for (n = 0; n < ids.size / 8; n++) {
		u64 id;

		memcpy(&id, p->base + ids.offset + n * 8, 8);
		if (id && map_set(&p->by_id, id, a))
			return err_set(err, -ENOMEM, "%s: out of memory", name);
	}
	return 0;
}

static int read_attrs(struct perfdata *p, const struct perfdata_header *h, const char *name,
		      struct err *err)
{
	u64 ids_left = p->size / 8;
	size_t i;
	int ret;

	if (h->attr_size < PERF_ATTR_SIZE_VER0 + sizeof(struct perfdata_section) ||
	    h->attr_size > ATTR_SIZE_MAX)
		return err_set(err, -EINVAL, "%s: impossible size of an event's description: %"
			       PRIu64, name, h->attr_size);
	if (!inside(p, &h->attrs))
		return err_set(err, -EINVAL,
			       "%s: cut at %" PRIu64 " bytes, inside its list of events", name,
			       p->size);
	p->nr_attrs = h->attrs.size / h->attr_size;
	if (!p->nr_attrs)
		return err_set(err, -EINVAL, "%s: lists no events", name);
	if (p->nr_attrs > ATTRS_MAX)
		return err_set(err, -EINVAL, "%s: lists %zu events, more than %d", name,
			       p->nr_attrs, ATTRS_MAX);
	p->attrs = calloc(p->nr_attrs, sizeof(*p->attrs));
	if (!p->attrs)
		return err_set(err, -ENOMEM, "%s: out of memory", name);
	for (i = 0; i < p->nr_attrs; i++) {
		ret = read_attr(p, i, h->attrs.offset + i * h->attr_size, h->attr_size, &ids_left,
				name, err);
		if (ret)
			return ret;
	}
	p->id_position = sample_id_position(&p->attrs[0]);
	for (i = 1; i < p->nr_attrs; i++) {
		const struct id_position pos = sample_id_position(&p->attrs[i]);

		if (pos.in_sample < 0 || pos.in_sample != p->id_position.in_sample)
			return err_set(err, -EINVAL,
				       "%s: records of its %zu events can't be told apart: they carry no ids",
				       name, p->nr_attrs);
	}
	return 0;
}

static void keep_section(struct perfdata *p, unsigned int feature,
			 const struct perfdata_section *s)
{
	if (inside(p, s))
		p->features[feature] = *s;
	else
		p->truncated = true;
}

/* The table that perf writes behind the data when it closes a file. */
static bool read_features(struct perfdata *p, const struct perfdata_header *h)
{
	u64 at = h->data.offset + h->data.size;
	unsigned int i;

	for (i = 1; i < FEATURE_NR; i++) {
		struct perfdata_section s;

		if (!(h->features[i / 64] >> (i % 64) & 1))
			continue;
		if (at < h->data.offset || at > p->size || p->size - at < sizeof(s))
			return false;
		memcpy(&s, p->base + at, sizeof(s));
		at += sizeof(s);
		keep_section(p, i, &s);
	}
	return true;
}

static bool find_early(const struct perfdata *p, struct perfdata_early *early)
{
	const u64 at = sizeof(struct perfdata_header);

	if (p->size < at + sizeof(*early))
		return false;
	memcpy(early, p->base + at, sizeof(*early));
	return !memcmp(early->magic, PERFDATA_EARLY_MAGIC, sizeof(early->magic)) &&
	       early->version == PERFDATA_EARLY_VERSION && early->nr <= FEATURE_NR;
}

/* Our own list, ahead of the data, of a file that was not closed or was cut. */
static void read_early(struct perfdata *p)
{
	const u64 at = sizeof(struct perfdata_header);
	struct perfdata_early early;
	u32 i;

	if (!find_early(p, &early))
		return;
	for (i = 0; i < early.nr; i++) {
		u64 entry = at + sizeof(early) + i * sizeof(struct perfdata_early_section);
		struct perfdata_early_section s;

		if (p->size < entry + sizeof(s))
			return;
		memcpy(&s, p->base + entry, sizeof(s));
		if (s.feature < FEATURE_NR)
			keep_section(p, s.feature, &s.section);
	}
}

/**
 * perfdata_check - tell from the first bytes whether this is a file we read
 * @start: the first bytes
 * @size: how many there are; all that the file has if less than a header
 * @name: the file's name, for messages
 * @err: says what it is instead
 *
 * Return: 0 or -EINVAL.
 */
int perfdata_check(const void *start, u64 size, const char *name, struct err *err)
{
	static const char trace_dat[] = "\027\010\104tracing";
	u64 header_size;

	if (!size)
		return err_set(err, -EINVAL, "%s: empty", name);
	if (size >= 8 && !memcmp(start, "PERFFILE", 8))
		return err_set(err, -EINVAL,
			       "%s: a perf.data of the first format (perf before 3.x)", name);
	if (size >= 8 && !memcmp(start, "2ELIFREP", 8))
		return err_set(err, -EINVAL,
			       "%s: a perf.data of the other byte order, which modtrace doesn't read",
			       name);
	if (size >= 10 && !memcmp(start, trace_dat, 10))
		return err_set(err, -EINVAL,
			       "%s: a trace.dat of trace-cmd, which modtrace doesn't read yet", name);
	if (size < 8 || memcmp(start, PERFDATA_MAGIC, 8))
		return err_set(err, -EINVAL,
			       "%s: not a recording: it doesn't begin as a perf.data does", name);
	if (size >= 16) {
		memcpy(&header_size, (const u8 *)start + 8, 8);
		if (header_size == PIPE_HEADER_SIZE)
			return err_set(err, -EINVAL,
				       "%s: a perf.data in pipe mode, which modtrace doesn't read yet; record with -o FILE",
				       name);
		if (header_size != sizeof(struct perfdata_header))
			return err_set(err, -EINVAL, "%s: impossible header size %" PRIu64, name,
				       header_size);
	}
	if (size < sizeof(struct perfdata_header))
		return err_set(err, -EINVAL, "%s: cut inside its header, at %" PRIu64 " bytes",
			       name, size);
	return 0;
}

static int map_file(struct perfdata *p, int fd, const char *name, struct err *err)
{
	struct stat st;
	void *base;

	if (fstat(fd, &st))
		return err_set(err, -errno, "%s: %s", name, strerror(errno));
	if (!st.st_size)
		return err_set(err, -EINVAL, "%s: empty", name);
	base = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (base == MAP_FAILED)
		return err_set(err, -errno, "%s: can't be mapped: %s", name, strerror(errno));
	p->base = base;
	p->size = st.st_size;
	p->map_size = st.st_size;
	return 0;
}

/**
 * perfdata_open - open a file and check all that its header says
 * @p: filled; perfdata_close() even after an error
 * @fd: a regular file; may be closed afterwards
 * @name: its name, for messages
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int perfdata_open(struct perfdata *p, int fd, const char *name, struct err *err)
{
	struct perfdata_header h;
	struct perfdata_early early;
	bool has_features = false, ended;
	unsigned int i;
	int ret;

	*p = (struct perfdata){ 0 };
	ret = map_file(p, fd, name, err);
	if (!ret)
		ret = perfdata_check(p->base, p->size, name, err);
	if (ret)
		return ret;
	memcpy(&h, p->base, sizeof(h));
	ret = read_attrs(p, &h, name, err);
	if (ret)
		return ret;
	if (h.data.offset > p->size)
		return err_set(err, -EINVAL, "%s: cut at %" PRIu64 " bytes, ahead of its data",
			       name, p->size);
	for (i = 0; i < ARRAY_SIZE(h.features); i++)
		has_features |= h.features[i] != 0;
	/* perf fills in the size when it ends: without it there is no table of sections either. */
	ended = has_features && (h.data.size || find_early(p, &early));
	if (ended)
		p->closed = read_features(p, &h);
	if (!p->closed) {
		p->truncated = true;
		read_early(p);
	}
	p->data = h.data;
	if (has_features && !ended)
		p->data.size = p->size - h.data.offset;
	if (h.data.size > p->size - h.data.offset) {
		p->truncated = true;
		p->data.size = p->size - h.data.offset;
	}
	return 0;
}

/**
 * perfdata_close - free what an open file holds
 * @p: the file; zero it before perfdata_open() if that may not be reached
 */
void perfdata_close(struct perfdata *p)
{
	if (p->base)
		munmap((void *)p->base, p->map_size);
	free(p->attrs);
	map_free(&p->by_id);
	*p = (struct perfdata){ 0 };
}

/**
 * perfdata_attr_of - which event a record is of
 * @p: the file
 * @record: a record with its header
 * @size: its size
 *
 * Return: the event, which is @p's; the first one for a record that perf made up itself and
 * gave no id; NULL for an id of none.
 */
struct perf_event_attr *perfdata_attr_of(const struct perfdata *p, const u8 *record, size_t size)
{
	const struct id_position *pos = &p->id_position;
	struct perf_event_header h;
	u64 id = 0;

	if (p->nr_attrs == 1)
		return &p->attrs[0];
	memcpy(&h, record, sizeof(h));
	if (h.type == PERF_RECORD_SAMPLE) {
		if (size < 16 + (size_t)pos->in_sample * 8)
			return NULL;
		memcpy(&id, record + 8 + pos->in_sample * 8, 8);
		return map_get(&p->by_id, id);
	}
	if (pos->from_end > 0 && size >= 8 + (size_t)pos->from_end * 8)
		memcpy(&id, record + size - pos->from_end * 8, 8);
	return id ? map_get(&p->by_id, id) : &p->attrs[0];
}

/**
 * perfdata_string - text of a feature section that is one string
 * @p: the file
 * @feature: its number
 *
 * Return: the text, which the caller frees; NULL if there is none, or no memory.
 */
char *perfdata_string(const struct perfdata *p, enum perfdata_feature feature)
{
	const struct perfdata_section *s = &p->features[feature];
	u32 len;

	if (s->size < 4)
		return NULL;
	memcpy(&len, p->base + s->offset, 4);
	if (len > s->size - 4)
		return NULL;
	return strndup((const char *)p->base + s->offset + 4, len);
}

/**
 * perfdata_number - a number from a feature section
 * @p: the file
 * @feature: its number
 * @at: offset in the section
 * @size: 4 or 8
 *
 * Return: the number, 0 if the section doesn't have it.
 */
u64 perfdata_number(const struct perfdata *p, enum perfdata_feature feature, unsigned int at,
		    unsigned int size)
{
	const struct perfdata_section *s = &p->features[feature];
	u32 v32;
	u64 v64;

	if (s->size < (u64)at + size)
		return 0;
	if (size == 4) {
		memcpy(&v32, p->base + s->offset + at, 4);
		return v32;
	}
	memcpy(&v64, p->base + s->offset + at, 8);
	return v64;
}
