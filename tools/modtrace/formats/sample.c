// SPDX-License-Identifier: GPL-2.0-only
#include "formats/sample.h"

/* What sample_id_all appends to records that are no samples, in this order. */
static const u64 id_fields[] = {
	PERF_SAMPLE_TID, PERF_SAMPLE_TIME, PERF_SAMPLE_ID, PERF_SAMPLE_STREAM_ID,
	PERF_SAMPLE_CPU, PERF_SAMPLE_IDENTIFIER,
};

struct cursor {
	const u8 *at;
	size_t left;
};

static bool take(struct cursor *c, void *to, size_t size)
{
	if (c->left < size)
		return false;
	if (to)
		memcpy(to, c->at, size);
	c->at += size;
	c->left -= size;
	return true;
}

static bool skip(struct cursor *c, u64 size)
{
	return size <= c->left && take(c, NULL, size);
}

static bool skip_words(struct cursor *c, u64 words)
{
	return words <= c->left / 8 && take(c, NULL, words * 8);
}

static unsigned int count_bits(u64 type, const u64 *bits, size_t nr)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < nr; i++)
		n += !!(type & bits[i]);
	return n;
}

/**
 * sample_id_position - where records of an event carry its id
 * @attr: the event
 *
 * Return: the two positions.
 */
struct id_position sample_id_position(const struct perf_event_attr *attr)
{
	static const u64 before[] = {
		PERF_SAMPLE_IP, PERF_SAMPLE_TID, PERF_SAMPLE_TIME, PERF_SAMPLE_ADDR,
	};
	static const u64 after[] = { PERF_SAMPLE_STREAM_ID, PERF_SAMPLE_CPU };
	struct id_position pos = { .in_sample = -1, .from_end = -1 };
	u64 type = attr->sample_type;

	if (type & PERF_SAMPLE_IDENTIFIER) {
		pos.in_sample = 0;
		pos.from_end = attr->sample_id_all ? 1 : -1;
	} else if (type & PERF_SAMPLE_ID) {
		pos.in_sample = count_bits(type, before, ARRAY_SIZE(before));
		if (attr->sample_id_all)
			pos.from_end = 1 + count_bits(type, after, ARRAY_SIZE(after));
	}
	return pos;
}

static bool take_read(struct cursor *c, u64 format)
{
	unsigned int times = !!(format & PERF_FORMAT_TOTAL_TIME_ENABLED) +
			     !!(format & PERF_FORMAT_TOTAL_TIME_RUNNING);
	unsigned int each = 1 + !!(format & PERF_FORMAT_ID) + !!(format & PERF_FORMAT_LOST);
	u64 nr = 1;

	if (format & PERF_FORMAT_GROUP)
		if (!take(c, &nr, 8))
			return false;
	return skip_words(c, times) && nr <= c->left / 8 && skip_words(c, nr * each);
}

static bool take_pair(struct cursor *c, s32 *first, s32 *second)
{
	return take(c, first, 4) && take(c, second, 4);
}

/* What may stand between a raw record and the control group's id: of a known size, and not. */
static const u64 after_raw[] = {
	PERF_SAMPLE_WEIGHT, PERF_SAMPLE_WEIGHT_STRUCT, PERF_SAMPLE_DATA_SRC,
	PERF_SAMPLE_TRANSACTION, PERF_SAMPLE_PHYS_ADDR,
};

#define VARYING_AFTER_RAW (PERF_SAMPLE_BRANCH_STACK | PERF_SAMPLE_REGS_USER | \
			   PERF_SAMPLE_STACK_USER | PERF_SAMPLE_REGS_INTR)

static bool finds_cgroup(u64 type)
{
	return type & PERF_SAMPLE_CGROUP && !(type & VARYING_AFTER_RAW);
}

/**
 * sample_parse - find the fields of a PERF_RECORD_SAMPLE
 * @attr: the event it is of
 * @record: the record with its header
 * @size: its size
 * @s: the fields; those that the layout lacks are zero
 *
 * Return: 0, or -EINVAL if the record is shorter than its layout.
 */
int sample_parse(const struct perf_event_attr *attr, const void *record, size_t size,
		 struct sample *s)
{
	struct cursor c = { .at = (const u8 *)record + 8, .left = size - 8 };
	u64 type = attr->sample_type, nr;
	bool ok = true;

	*s = (struct sample){ 0 };
	if (type & PERF_SAMPLE_IDENTIFIER)
		ok = take(&c, &s->id, 8);
	if (ok && (type & PERF_SAMPLE_IP))
		ok = skip(&c, 8);
	if (ok && (type & PERF_SAMPLE_TID))
		ok = take_pair(&c, &s->pid, &s->tid);
	if (ok && (type & PERF_SAMPLE_TIME))
		ok = s->has_time = take(&c, &s->time_ns, 8);
	if (ok && (type & PERF_SAMPLE_ADDR))
		ok = skip(&c, 8);
	if (ok && (type & PERF_SAMPLE_ID))
		ok = take(&c, &s->id, 8);
	if (ok && (type & PERF_SAMPLE_STREAM_ID))
		ok = skip(&c, 8);
	if (ok && (type & PERF_SAMPLE_CPU))
		ok = take(&c, &s->cpu, 4) && skip(&c, 4);
	if (ok && (type & PERF_SAMPLE_PERIOD))
		ok = skip(&c, 8);
	if (ok && (type & PERF_SAMPLE_READ))
		ok = take_read(&c, attr->read_format);
	if (ok && (type & PERF_SAMPLE_CALLCHAIN))
		ok = take(&c, &nr, 8) && skip_words(&c, nr);
	if (ok && (type & PERF_SAMPLE_RAW)) {
		ok = take(&c, &s->raw_size, 4) && s->raw_size <= c.left;
		if (ok)
			s->raw = c.at;
		ok = ok && skip(&c, s->raw_size);
	}
	if (ok && finds_cgroup(type))
		ok = skip_words(&c, count_bits(type, after_raw, ARRAY_SIZE(after_raw))) &&
		     take(&c, &s->cgroup, 8);
	return ok ? 0 : -EINVAL;
}

/**
 * sample_layout_of - see where the fields of an event's samples are
 * @attr: the event
 *
 * Return: the layout, not fixed if something of varying length comes ahead of one.
 */
struct sample_layout sample_layout_of(const struct perf_event_attr *attr)
{
	static const u64 words[] = {
		PERF_SAMPLE_IDENTIFIER, PERF_SAMPLE_IP, PERF_SAMPLE_TID, PERF_SAMPLE_TIME,
		PERF_SAMPLE_ADDR, PERF_SAMPLE_ID, PERF_SAMPLE_STREAM_ID, PERF_SAMPLE_CPU,
		PERF_SAMPLE_PERIOD,
	};
	struct sample_layout l = { .fixed = true, .least = 8 };
	u64 type = attr->sample_type;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!(type & words[i]))
			continue;
		if (words[i] == PERF_SAMPLE_TID)
			l.tid = l.least;
		else if (words[i] == PERF_SAMPLE_TIME)
			l.time = l.least;
		else if (words[i] == PERF_SAMPLE_CPU)
			l.cpu = l.least;
		else if (words[i] == PERF_SAMPLE_ID || words[i] == PERF_SAMPLE_IDENTIFIER)
			l.id = l.least;
		l.least += 8;
	}
	if (type & PERF_SAMPLE_RAW) {
		l.fixed = !(type & (PERF_SAMPLE_READ | PERF_SAMPLE_CALLCHAIN));
		l.raw = l.least;
		l.least += 4;
	} else if (type & (PERF_SAMPLE_READ | PERF_SAMPLE_CALLCHAIN)) {
		l.fixed = false;
	}
	l.has_cgroup = finds_cgroup(type);
	l.to_cgroup = 8 * count_bits(type, after_raw, ARRAY_SIZE(after_raw));
	return l;
}

/**
 * sample_parse_fixed - sample_parse() where the layout is fixed
 * @layout: the layout
 * @record: the record with its header
 * @size: its size
 * @s: the fields; those that the layout lacks are zero
 *
 * Return: 0, or -EINVAL if the record is shorter than its layout.
 */
int sample_parse_fixed(const struct sample_layout *layout, const void *record, size_t size,
		       struct sample *s)
{
	const u8 *p = record;
	size_t at;

	if (size < layout->least)
		return -EINVAL;
	*s = (struct sample){ 0 };
	if (layout->tid) {
		memcpy(&s->pid, p + layout->tid, 4);
		memcpy(&s->tid, p + layout->tid + 4, 4);
	}
	if (layout->time) {
		s->has_time = true;
		memcpy(&s->time_ns, p + layout->time, 8);
	}
	if (layout->cpu)
		memcpy(&s->cpu, p + layout->cpu, 4);
	if (layout->id)
		memcpy(&s->id, p + layout->id, 8);
	at = layout->least;
	if (layout->raw) {
		memcpy(&s->raw_size, p + layout->raw, 4);
		if (s->raw_size > size - at)
			return -EINVAL;
		s->raw = p + at;
		at += s->raw_size;
	}
	if (!layout->has_cgroup)
		return 0;
	at += layout->to_cgroup;
	if (at > size || size - at < 8)
		return -EINVAL;
	memcpy(&s->cgroup, p + at, 8);
	return 0;
}

/**
 * sample_id_parse - find what sample_id_all appended to a record that is no sample
 * @attr: the event it is of
 * @record: the record with its header
 * @size: its size
 * @body: least size of header and own fields, which the appended ones can't reach into
 * @s: the fields; those that the layout lacks are zero
 *
 * Return: 0, or -EINVAL if the record is too short for them.
 */
int sample_id_parse(const struct perf_event_attr *attr, const void *record, size_t size,
		    size_t body, struct sample *s)
{
	u64 type = attr->sample_type;
	size_t tail = 8 * count_bits(type, id_fields, ARRAY_SIZE(id_fields));
	struct cursor c;

	*s = (struct sample){ 0 };
	if (!attr->sample_id_all)
		return 0;
	if (size < body || tail > size - body)
		return -EINVAL;
	c = (struct cursor){ .at = (const u8 *)record + size - tail, .left = tail };
	if (type & PERF_SAMPLE_TID)
		take_pair(&c, &s->pid, &s->tid);
	if (type & PERF_SAMPLE_TIME)
		s->has_time = take(&c, &s->time_ns, 8);
	if (type & PERF_SAMPLE_ID)
		take(&c, &s->id, 8);
	if (type & PERF_SAMPLE_STREAM_ID)
		skip(&c, 8);
	if (type & PERF_SAMPLE_CPU) {
		take(&c, &s->cpu, 4);
		skip(&c, 4);
	}
	if (type & PERF_SAMPLE_IDENTIFIER)
		take(&c, &s->id, 8);
	return 0;
}
