// SPDX-License-Identifier: GPL-2.0-only
#include "formats/perfdata.h"

/* Room for notes that come while recording: symbols, losses, the state at the end. */
#define NOTES_ROOM 65536

struct writer_attr {
	struct perf_event_attr attr;
	char *name;
	u64 *ids;
	size_t nr_ids;
	size_t slots;
	u64 ids_offset;
};

/**
 * struct perfdata_writer - a file being written
 *
 * Until perfdata_start() everything is collected here. Then it goes to the file ahead of the
 * data, so that the file can be read whatever happens to us.
 */
struct perfdata_writer {
	int fd;
	struct writer_attr *attrs;
	size_t nr_attrs;
	size_t cap_attrs;
	struct buf content[FEATURE_NR];
	struct perfdata_section sections[FEATURE_NR];
	u64 attrs_offset;
	u64 notes_room;
	u64 notes_written;
	u64 data_offset;
	u64 data_end;
};

/*
 * A kernel's ring is pages that no file system may look up. Most copy from them all the same; those
 * that pin them instead, as 9p does from 7.3 on, fail: then it is us who copy.
 */
static ssize_t write_copy(int fd, const void *data, size_t size, u64 offset)
{
	char copy[16384];

	if (size > sizeof(copy))
		size = sizeof(copy);
	memcpy(copy, data, size);
	return pwrite(fd, copy, size, offset);
}

/* @done: how much could be written, after an error too. */
static int write_part(int fd, const void *data, size_t size, u64 offset, size_t *done)
{
	const char *p = data;

	for (*done = 0; *done < size;) {
		ssize_t n = pwrite(fd, p + *done, size - *done, offset + *done);

		if (n < 0 && errno == EFAULT)
			n = write_copy(fd, p + *done, size - *done, offset + *done);
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (!n)
			return -EIO;
		*done += n;
	}
	return 0;
}

static int write_at(int fd, const void *data, size_t size, u64 offset)
{
	size_t done;

	return write_part(fd, data, size, offset, &done);
}

static u64 align8(u64 n)
{
	return (n + 7) & ~7ULL;
}

/**
 * perfdata_create - begin a file
 * @fd: an empty regular file, open for writing; stays the caller's
 *
 * Return: the writer, for perfdata_abandon(), or NULL without memory.
 */
struct perfdata_writer *perfdata_create(int fd)
{
	struct perfdata_writer *w = calloc(1, sizeof(*w));

	if (w)
		w->fd = fd;
	return w;
}

/**
 * perfdata_abandon - free a writer; the file stays as it is
 * @w: the writer, or NULL
 */
void perfdata_abandon(struct perfdata_writer *w)
{
	size_t i;

	if (!w)
		return;
	for (i = 0; i < w->nr_attrs; i++) {
		free(w->attrs[i].name);
		free(w->attrs[i].ids);
	}
	for (i = 0; i < FEATURE_NR; i++)
		buf_free(&w->content[i]);
	free(w->attrs);
	free(w);
}

/**
 * perfdata_add_attr - announce an event
 * @w: the writer, before perfdata_start()
 * @attr: the event
 * @name: what perf calls it
 * @id_slots: most ids it can get, later ones included
 *
 * Return: the event's number for perfdata_add_id(), or -ENOMEM.
 */
int perfdata_add_attr(struct perfdata_writer *w, const struct perf_event_attr *attr,
		      const char *name, size_t id_slots)
{
	struct writer_attr *a;

	if (grow(&w->attrs, &w->cap_attrs, w->nr_attrs + 1, sizeof(*w->attrs)))
		return -ENOMEM;
	a = &w->attrs[w->nr_attrs];
	*a = (struct writer_attr){ .attr = *attr, .slots = id_slots };
	a->name = strdup(name);
	a->ids = calloc(id_slots ? id_slots : 1, sizeof(*a->ids));
	if (!a->name || !a->ids) {
		free(a->name);
		free(a->ids);
		return -ENOMEM;
	}
	return w->nr_attrs++;
}

static int write_attr(struct perfdata_writer *w, size_t i)
{
	const struct writer_attr *a = &w->attrs[i];
	const struct perfdata_attr_entry f = {
		.attr = a->attr,
		.ids = { .offset = a->ids_offset, .size = a->nr_ids * 8 },
	};

	return write_at(w->fd, &f, sizeof(f), w->attrs_offset + i * sizeof(f));
}

/**
 * perfdata_add_id - say that an id belongs to an event
 * @w: the writer, before or after perfdata_start()
 * @attr: the event's number
 * @id: the id, as PERF_EVENT_IOC_ID gives it
 *
 * Return: 0, -ENOSPC if the event's slots are used up, or another -errno.
 */
int perfdata_add_id(struct perfdata_writer *w, unsigned int attr, u64 id)
{
	struct writer_attr *a = &w->attrs[attr];
	int ret;

	if (a->nr_ids == a->slots)
		return -ENOSPC;
	a->ids[a->nr_ids] = id;
	if (w->data_offset) {
		ret = write_at(w->fd, &id, 8, a->ids_offset + a->nr_ids * 8);
		if (ret)
			return ret;
	}
	a->nr_ids++;
	return w->data_offset ? write_attr(w, attr) : 0;
}

/**
 * perfdata_add_feature - add a feature section
 * @w: the writer, before perfdata_start()
 * @feature: its number
 * @data: content, appended to what the section has already
 * @size: its size
 *
 * Return: 0 or -ENOMEM.
 */
int perfdata_add_feature(struct perfdata_writer *w, enum perfdata_feature feature,
			 const void *data, size_t size)
{
	return buf_add(&w->content[feature], data, size);
}

static int add_string(struct buf *b, const char *text)
{
	u32 len = strlen(text) + 1;
	int ret = buf_add(b, &len, 4);

	return ret ? ret : buf_add(b, text, len);
}

/**
 * perfdata_add_string - add a string to a feature section
 * @w: the writer, before perfdata_start()
 * @feature: its number
 * @text: the string
 *
 * Return: 0 or -ENOMEM.
 */
int perfdata_add_string(struct perfdata_writer *w, enum perfdata_feature feature,
			const char *text)
{
	return add_string(&w->content[feature], text);
}

static u64 early_entry(const struct perfdata_writer *w, enum perfdata_feature feature)
{
	unsigned int n = 0, i;

	/* The list of events is written at the end only, and not in that list. */
	for (i = 0; i < (unsigned int)feature; i++)
		n += w->sections[i].offset && i != FEATURE_EVENT_DESC;
	return sizeof(struct perfdata_header) + sizeof(struct perfdata_early) +
	       n * sizeof(struct perfdata_early_section);
}

/* Where the notes are, in the list ahead of the data. */
static int write_notes_section(const struct perfdata_writer *w)
{
	const struct perfdata_section *section = &w->sections[FEATURE_MODTRACE];

	return write_at(w->fd, section, sizeof(*section),
			early_entry(w, FEATURE_MODTRACE) +
				offsetof(struct perfdata_early_section, section));
}

/*
 * Notes are only appended, and the size follows the text: whoever reads the file at any
 * moment, or what is left of it, finds whole lines.
 */
static int write_notes(struct perfdata_writer *w)
{
	const struct buf *notes = &w->content[FEATURE_MODTRACE];
	struct perfdata_section *section = &w->sections[FEATURE_MODTRACE];
	int ret;

	if (notes->len > w->notes_room)
		return 0;	/* perfdata_finish() moves them to the end */
	ret = write_at(w->fd, notes->data + w->notes_written, notes->len - w->notes_written,
		       section->offset + w->notes_written);
	if (ret)
		return ret;
	w->notes_written = notes->len;
	section->size = notes->len;
	return write_notes_section(w);
}

/**
 * perfdata_note - add a line to our private section
 * @w: the writer, before or after perfdata_start()
 * @fmt: printf format of "key values", without the newline
 *
 * Return: 0 or -errno.
 */
int perfdata_note(struct perfdata_writer *w, const char *fmt, ...)
{
	struct buf *notes = &w->content[FEATURE_MODTRACE];
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = buf_vaddf(notes, fmt, ap);
	va_end(ap);
	if (!ret)
		ret = buf_add(notes, "\n", 1);
	if (ret || !w->data_offset)
		return ret;
	return write_notes(w);
}

static int write_early(struct perfdata_writer *w)
{
	_cleanup_buf_ struct buf b = { 0 };
	struct perfdata_early early = { .version = PERFDATA_EARLY_VERSION };
	unsigned int i;
	int ret;

	memcpy(early.magic, PERFDATA_EARLY_MAGIC, sizeof(early.magic));
	for (i = 0; i < FEATURE_NR; i++)
		early.nr += !!w->sections[i].offset;
	ret = buf_add(&b, &early, sizeof(early));
	for (i = 0; i < FEATURE_NR && !ret; i++) {
		const struct perfdata_early_section s = { .feature = i, .section = w->sections[i] };

		if (s.section.offset)
			ret = buf_add(&b, &s, sizeof(s));
	}
	return ret ? ret : write_at(w->fd, b.data, b.len, sizeof(struct perfdata_header));
}

static int write_header(const struct perfdata_writer *w, bool closed)
{
	struct perfdata_header h = {
		.size = sizeof(h),
		.attr_size = sizeof(struct perfdata_attr_entry),
		.attrs = { w->attrs_offset, w->nr_attrs * sizeof(struct perfdata_attr_entry) },
		.data = { w->data_offset, w->data_end - w->data_offset },
	};
	unsigned int i;

	memcpy(h.magic, PERFDATA_MAGIC, sizeof(h.magic));
	for (i = 0; i < FEATURE_NR && closed; i++)
		if (w->sections[i].offset && i != FEATURE_MODTRACE)
			h.features[i / 64] |= 1ULL << (i % 64);
	return write_at(w->fd, &h, sizeof(h), 0);
}

/**
 * perfdata_start - write all that stands ahead of the data
 * @w: the writer
 *
 * Return: 0 or -errno.
 */
int perfdata_start(struct perfdata_writer *w)
{
	struct buf *notes = &w->content[FEATURE_MODTRACE];
	unsigned int nr = 0, i;
	u64 at;
	int ret;

	ret = buf_add(notes, "", 0);
	if (ret)
		return ret;
	for (i = 0; i < FEATURE_NR; i++)
		nr += w->content[i].data ? 1 : 0;
	w->attrs_offset = sizeof(struct perfdata_header) + sizeof(struct perfdata_early) +
			  nr * sizeof(struct perfdata_early_section);
	at = w->attrs_offset + w->nr_attrs * sizeof(struct perfdata_attr_entry);
	for (i = 0; i < w->nr_attrs; i++) {
		w->attrs[i].ids_offset = at;
		at += w->attrs[i].slots * 8;
	}
	w->notes_room = notes->len + NOTES_ROOM;
	for (i = 0; i < FEATURE_NR; i++) {
		const struct buf *b = &w->content[i];

		if (!b->data)
			continue;
		w->sections[i] = (struct perfdata_section){ .offset = at, .size = b->len };
		at = align8(at + (i == FEATURE_MODTRACE ? w->notes_room : b->len));
	}
	w->data_offset = at;
	w->data_end = at;
	for (i = 0; i < FEATURE_NR; i++) {
		const struct buf *b = &w->content[i];

		if (!b->data)
			continue;
		ret = write_at(w->fd, b->data, b->len, w->sections[i].offset);
		if (ret)
			return ret;
	}
	w->notes_written = notes->len;
	for (i = 0; i < w->nr_attrs; i++) {
		const struct writer_attr *a = &w->attrs[i];

		ret = write_at(w->fd, a->ids, a->slots * 8, a->ids_offset);
		if (!ret)
			ret = write_attr(w, i);
		if (ret)
			return ret;
	}
	ret = write_early(w);
	return ret ? ret : write_header(w, false);
}

/* perf inject would go through ours, too, and crash: that is listed ahead of the data only. */
static unsigned int late_sections(const struct perfdata_writer *w)
{
	unsigned int nr = 1, i; /* the list of events */

	for (i = 0; i < FEATURE_NR; i++)
		nr += w->sections[i].offset && i != FEATURE_MODTRACE && i != FEATURE_EVENT_DESC;
	return nr;
}

static int event_desc(const struct perfdata_writer *w, struct buf *b)
{
	u32 nr = w->nr_attrs, attr_size = sizeof(struct perf_event_attr);
	size_t i;
	int ret;

	ret = buf_add(b, &nr, 4);
	if (!ret)
		ret = buf_add(b, &attr_size, 4);
	for (i = 0; i < w->nr_attrs && !ret; i++) {
		const struct writer_attr *a = &w->attrs[i];
		u32 nr_ids = a->nr_ids;

		ret = buf_add(b, &a->attr, attr_size);
		if (!ret)
			ret = buf_add(b, &nr_ids, 4);
		if (!ret)
			ret = add_string(b, a->name);
		if (!ret)
			ret = buf_add(b, a->ids, a->nr_ids * 8);
	}
	return ret;
}

/* What is to stand behind the data at the end, as far as that is known. */
static size_t tail_size(const struct perfdata_writer *w)
{
	const struct buf *notes = &w->content[FEATURE_MODTRACE];
	_cleanup_buf_ struct buf desc = { 0 };

	if (event_desc(w, &desc))
		return SIZE_MAX;
	return late_sections(w) * sizeof(struct perfdata_section) + desc.len +
	       (notes->len > w->notes_room ? notes->len : 0);
}

/* Where no more can be written: the records that are whole, and leave room for the tail. */
static size_t whole_records(const struct perfdata_writer *w, const void *data, size_t size)
{
	const size_t tail = tail_size(w);
	const char *p = data;
	size_t at = 0;

	while (size >= tail && size - tail - at >= sizeof(struct perf_event_header)) {
		struct perf_event_header h;

		memcpy(&h, p + at, sizeof(h));
		if (h.size < sizeof(h) || h.size > size - tail - at)
			break;
		at += h.size;
	}
	return at;
}

/**
 * perfdata_write - append records
 * @w: the writer, after perfdata_start()
 * @data: whole records
 * @size: their size
 *
 * Return: 0 or -errno. Then those of @data are kept that fit, with what perfdata_finish() adds.
 */
int perfdata_write(struct perfdata_writer *w, const void *data, size_t size)
{
	size_t done;
	int ret = write_part(w->fd, data, size, w->data_end, &done);

	w->data_end += ret ? whole_records(w, data, done) : size;
	return ret;
}

/**
 * perfdata_commit - make the records written so far part of the file
 * @w: the writer
 *
 * Return: 0 or -errno.
 */
int perfdata_commit(struct perfdata_writer *w)
{
	u64 size = w->data_end - w->data_offset;

	return write_at(w->fd, &size, 8, offsetof(struct perfdata_header, data.size));
}

/**
 * perfdata_written - how much data there is
 * @w: the writer
 *
 * Return: bytes of records.
 */
u64 perfdata_written(const struct perfdata_writer *w)
{
	return w->data_end - w->data_offset;
}

/**
 * perfdata_finish - write what stands behind the data and close the format
 * @w: the writer, which remains for perfdata_abandon()
 *
 * If it fails, as on a full disk, the file remains one that was not closed: readable by
 * modtrace up to the last record written.
 *
 * Return: 0 or -errno.
 */
int perfdata_finish(struct perfdata_writer *w)
{
	_cleanup_buf_ struct buf tail = { 0 }, desc = { 0 };
	const struct buf *notes = &w->content[FEATURE_MODTRACE];
	unsigned int i;
	u64 at;
	int ret;

	/* Drop what was written in part: its room may be what we need on a full disk. */
	if (ftruncate(w->fd, w->data_end))
		return -errno;
	ret = perfdata_commit(w);
	if (!ret)
		ret = event_desc(w, &desc);
	if (ret)
		return ret;
	at = w->data_end + late_sections(w) * sizeof(struct perfdata_section);
	w->sections[FEATURE_EVENT_DESC] = (struct perfdata_section){ at, desc.len };
	at += desc.len;
	if (notes->len > w->notes_room)
		w->sections[FEATURE_MODTRACE] = (struct perfdata_section){ at, notes->len };
	for (i = 0; i < FEATURE_NR && !ret; i++)
		if (w->sections[i].offset && i != FEATURE_MODTRACE)
			ret = buf_add(&tail, &w->sections[i], sizeof(w->sections[i]));
	if (!ret)
		ret = buf_add(&tail, desc.data, desc.len);
	if (!ret && notes->len > w->notes_room)
		ret = buf_add(&tail, notes->data, notes->len);
	if (!ret)
		ret = write_at(w->fd, tail.data, tail.len, w->data_end);
	if (!ret && notes->len > w->notes_room)
		ret = write_notes_section(w);
	return ret ? ret : write_header(w, true);
}
