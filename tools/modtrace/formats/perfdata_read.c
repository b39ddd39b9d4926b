// SPDX-License-Identifier: GPL-2.0-only
#include "formats/perfdata.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "lib/mapping.h"

#define ATTR_SIZE_MAX 4096
#define ATTRS_MAX 65536

static bool inside(const struct perfdata *p, const struct perfdata_section *s)
{
	return s->offset <= p->size && s->size <= p->size - s->offset;
}

static int add_ids(struct perfdata *p, size_t attr, const struct perfdata_section *ids,
		   const char *name, struct err *err)
{
	u64 n, id;

	for (n = 0; n < ids->size / 8; n++) {
		memcpy(&id, p->base + ids->offset + n * 8, 8);
		/* As a number plus one: the array of events may still move. */
		if (id && map_set(&p->by_id, id, (void *)(uintptr_t)(attr + 1)))
			return err_set(err, -ENOMEM, "%s: out of memory", name);
	}
	return 0;
}

static int read_attr(struct perfdata *p, size_t i, u64 at, u64 entry_size, u64 *ids_left,
		     const char *name, struct err *err)
{
	struct perf_event_attr *a = &p->attrs[i];
	size_t attr_size = entry_size - sizeof(struct perfdata_section);
	struct perfdata_section ids;

	memcpy(a, p->base + at, attr_size < sizeof(*a) ? attr_size : sizeof(*a));
	memcpy(&ids, p->base + at + attr_size, sizeof(ids));
	if (!inside(p, &ids))
		return err_set(err, -EINVAL, "%s: ids of event %zu lie outside the file", name, i);
	if (ids.size / 8 > *ids_left)
		return err_set(err, -EINVAL, "%s: more ids than the file has room for", name);
	*ids_left -= ids.size / 8;
	return add_ids(p, i, &ids, name, err);
}

/*
 * How to tell events apart: all samples carry their id in one place; or, where none carries
 * any, all have one layout and the tracepoint's own number in them tells.
 */
static int find_id_position(struct perfdata *p, const char *name, struct err *err)
{
	const struct perf_event_attr *first = &p->attrs[0];
	size_t i;

	p->id_position = sample_id_position(first);
	p->without_id_all = first->sample_id_all ? 0 : 1;
	for (i = 1; i < p->nr_attrs; i++) {
		const struct perf_event_attr *a = &p->attrs[i];
		const struct id_position pos = sample_id_position(a);

		if (pos.in_sample != p->id_position.in_sample ||
		    (pos.in_sample < 0 && (a->sample_type != first->sample_type ||
					   a->read_format != first->read_format)))
			return err_set(err, -EINVAL,
				       "%s: records of its %zu events can't be told apart: they carry no ids",
				       name, p->nr_attrs);
		if (!a->sample_id_all && !p->without_id_all)
			p->without_id_all = i + 1;
		if (pos.from_end > 0 && p->id_position.from_end < 0)
			p->id_position.from_end = pos.from_end;
		else if (pos.from_end > 0 && pos.from_end != p->id_position.from_end)
			return err_set(err, -EINVAL,
				       "%s: records of its %zu events can't be told apart: they carry their ids in different places",
				       name, p->nr_attrs);
	}
	for (i = p->nr_attrs; i-- > 0 && p->id_position.in_sample < 0;)
		if (p->attrs[i].type == PERF_TYPE_TRACEPOINT &&
		    map_set(&p->by_tracepoint, p->attrs[i].config, (void *)(uintptr_t)(i + 1)))
			return err_set(err, -ENOMEM, "%s: out of memory", name);
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

/*
 * Our own list, ahead of the data: of a file that was not closed or was cut; and where the notes are,
 * which perf's table has only in files of older versions.
 */
static void read_early(struct perfdata *p, bool notes_only)
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
		if (s.feature < FEATURE_NR && (!notes_only || s.feature == FEATURE_MODTRACE))
			keep_section(p, s.feature, &s.section);
	}
}

/* How to get what may well be a recording out of what has the file. */
static const char *unpack_hint(const u8 *start, u64 size)
{
	static const struct {
		u8 magic[4];
		u8 len;
		const char *hint;
	} kinds[] = {
		{ { 0x1f, 0x8b }, 2, "; unpack it first (gunzip)" },
		{ { 0xfd, '7', 'z', 'X' }, 4, "; unpack it first (unxz)" },
		{ { 0x28, 0xb5, 0x2f, 0xfd }, 4, "; unpack it first (unzstd)" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (size >= kinds[i].len && !memcmp(start, kinds[i].magic, kinds[i].len))
			return kinds[i].hint;
	return "; modtrace record makes one";
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
	u64 header_size;

	if (!size)
		return err_set(err, -EINVAL, "%s: empty, not a recording", name);
	if (size >= 8 && !memcmp(start, "PERFFILE", 8))
		return err_set(err, -EINVAL,
			       "%s: a perf.data of the first format (perf before 3.x)", name);
	if (size >= 8 && !memcmp(start, "2ELIFREP", 8))
		return err_set(err, -EINVAL,
			       "%s: perf.data of the other byte order is not supported",
			       name);
	if (size < 8 || memcmp(start, PERFDATA_MAGIC, 8))
		return err_set(err, -EINVAL,
			       "%s: not a recording: neither perf.data nor trace.dat%s", name,
			       unpack_hint(start, size));
	if (size >= PERFDATA_PIPE_HEADER) {
		memcpy(&header_size, (const u8 *)start + 8, 8);
		if (header_size == PERFDATA_PIPE_HEADER)
			return 0;
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
	const void *base;

	if (fstat(fd, &st))
		return err_set(err, -errno, "%s: %s", name, strerror(errno));
	if (!st.st_size)
		return err_set(err, -EINVAL, "%s: empty, not a recording", name);
	base = mapping_open(fd, st.st_size);
	if (!base)
		return err_set(err, -errno, "%s: can't be mapped: %s", name, strerror(errno));
	p->base = base;
	p->size = st.st_size;
	p->map_size = st.st_size;
	return 0;
}

static int open_file(struct perfdata *p, const char *name, struct err *err)
{
	struct perfdata_header h;
	struct perfdata_early early;
	bool has_features = false, ended;
	unsigned int i;
	int ret;

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
	if (!p->closed)
		p->truncated = true;
	read_early(p, p->closed);
	/* 1: each thread wrote a file of its own beside this one. */
	if (perfdata_number(p, FEATURE_DIR_FORMAT, 0, 8) == 1)
		return err_set(
			err, -EINVAL,
			"%s: holds no records, only what describes them; give the directory that it is in (perf record --threads)",
			name);
	p->data = h.data;
	if (has_features && !ended)
		p->data.size = p->size - h.data.offset;
	if (h.data.size > p->size - h.data.offset) {
		p->truncated = true;
		p->data.size = p->size - h.data.offset;
	}
	return 0;
}

/* "header; attr, of the size it says; ids": what a file has in its list of events. */
static int pipe_attr(struct perfdata *p, size_t *cap, u64 at, size_t size, const char *name,
		     struct err *err)
{
	struct perf_event_attr *a;
	struct perfdata_section ids;
	u32 attr_size;

	if (size < 8 + PERF_ATTR_SIZE_VER0)
		return err_set(err, -EINVAL, "%s: impossible description of an event at offset %"
			       PRIu64, name, at);
	memcpy(&attr_size, p->base + at + 8 + offsetof(struct perf_event_attr, size), 4);
	if (attr_size < PERF_ATTR_SIZE_VER0 || attr_size > size - 8)
		return err_set(err, -EINVAL, "%s: impossible description of an event at offset %"
			       PRIu64, name, at);
	if (p->nr_attrs >= ATTRS_MAX)
		return err_set(err, -EINVAL, "%s: lists more than %d events", name, ATTRS_MAX);
	if (grow(&p->attrs, cap, p->nr_attrs + 1, sizeof(*p->attrs)))
		return err_set(err, -ENOMEM, "%s: out of memory", name);
	a = &p->attrs[p->nr_attrs];
	*a = (struct perf_event_attr){ 0 };
	memcpy(a, p->base + at + 8, attr_size < sizeof(*a) ? attr_size : sizeof(*a));
	ids = (struct perfdata_section){ at + 8 + attr_size, size - 8 - attr_size };
	return add_ids(p, p->nr_attrs++, &ids, name, err);
}

static void pipe_feature(struct perfdata *p, u64 at, size_t size)
{
	u64 feature;

	if (size < 16)
		return;
	memcpy(&feature, p->base + at + 8, 8);
	if (feature < FEATURE_NR)
		p->features[feature] = (struct perfdata_section){ at + 16, size - 16 };
}

/*
 * Through a pipe all comes as records: first those that describe the recording, up to the
 * first that is part of it. None of them comes later.
 */
static int open_pipe(struct perfdata *p, const char *name, struct err *err)
{
	struct perf_event_header h;
	u64 at = PERFDATA_PIPE_HEADER, extra;
	bool described = false;
	size_t cap = 0;
	int ret = 0;

	p->closed = true;
	p->data = (struct perfdata_section){ at, p->size - at };
	while (!ret && !described && p->size - at >= sizeof(h)) {
		memcpy(&h, p->base + at, sizeof(h));
		if (h.size < sizeof(h) || h.size > p->size - at)
			break;
		extra = perfdata_payload(p->base + at, &h);
		if (extra > p->size - at - h.size)
			break;
		switch (h.type) {
		case RECORD_HEADER_ATTR:
			ret = pipe_attr(p, &cap, at, h.size, name, err);
			break;
		case RECORD_HEADER_TRACING_DATA:
			p->features[FEATURE_TRACING_DATA] =
				(struct perfdata_section){ at + h.size, extra };
			break;
		case RECORD_HEADER_FEATURE:
			pipe_feature(p, at, h.size);
			break;
		case PERF_RECORD_SAMPLE:
		case RECORD_FINISHED_ROUND:
		case RECORD_COMPRESSED:
		case RECORD_COMPRESSED2:
			described = true;
			break;
		default:
			break;
		}
		at += h.size + extra;
	}
	if (!ret && !p->nr_attrs)
		ret = err_set(err, -EINVAL, described ? "%s: lists no events" :
			      "%s: cut inside the description of its events", name);
	return ret;
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
	u64 header_size;
	int ret;

	*p = (struct perfdata){ 0 };
	ret = map_file(p, fd, name, err);
	if (!ret)
		ret = perfdata_check(p->base, p->size, name, err);
	if (ret)
		return ret;
	memcpy(&header_size, p->base + 8, 8);
	if (header_size == PERFDATA_PIPE_HEADER)
		ret = open_pipe(p, name, err);
	else
		ret = open_file(p, name, err);
	return ret ? ret : find_id_position(p, name, err);
}

/**
 * perfdata_payload - what follows a record without being counted in its size
 * @record: the record
 * @h: its header, whose size has been checked
 *
 * Return: the number of bytes, which nothing has checked.
 */
u64 perfdata_payload(const u8 *record, const struct perf_event_header *h)
{
	u64 size;
	u32 size32;

	if (h->type == RECORD_HEADER_TRACING_DATA && h->size >= 12) {
		memcpy(&size32, record + 8, 4);
		return ((u64)size32 + 7) & ~7ULL;
	}
	/* trace data of a CPU */
	if (h->type == RECORD_AUXTRACE && h->size >= 16) {
		memcpy(&size, record + 8, 8);
		return size;
	}
	return 0;
}

/**
 * perfdata_close - free what an open file holds
 * @p: the file; zero it before perfdata_open() if that may not be reached
 */
void perfdata_close(struct perfdata *p)
{
	mapping_close(p->base, p->map_size);
	free(p->attrs);
	map_free(&p->by_id);
	map_free(&p->by_tracepoint);
	*p = (struct perfdata){ 0 };
}

static struct perf_event_attr *attr_of_tracepoint(const struct perfdata *p, const u8 *record,
						  size_t size)
{
	struct sample s;
	uintptr_t n;
	u16 type;

	if (sample_parse(&p->attrs[0], record, size, &s) || !s.raw || s.raw_size < 2)
		return NULL;
	memcpy(&type, s.raw, 2);
	n = (uintptr_t)map_get(&p->by_tracepoint, type);
	return n ? &p->attrs[n - 1] : NULL;
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
	uintptr_t n;
	u64 id = 0;

	if (p->nr_attrs == 1)
		return &p->attrs[0];
	memcpy(&h, record, sizeof(h));
	if (h.type == PERF_RECORD_SAMPLE) {
		if (pos->in_sample < 0)
			return attr_of_tracepoint(p, record, size);
		if (size < 16 + (size_t)pos->in_sample * 8)
			return NULL;
		memcpy(&id, record + 8 + pos->in_sample * 8, 8);
		n = (uintptr_t)map_get(&p->by_id, id);
		return n ? &p->attrs[n - 1] : NULL;
	}
	if (pos->from_end > 0 && size >= 8 + (size_t)pos->from_end * 8)
		memcpy(&id, record + size - pos->from_end * 8, 8);
	n = (uintptr_t)map_get(&p->by_id, id);
	if (n)
		return &p->attrs[n - 1];
	/* No such id at its end: it is of an event that appends none, if there are such. */
	if (p->without_id_all)
		return &p->attrs[p->without_id_all - 1];
	return id ? NULL : &p->attrs[0];
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
