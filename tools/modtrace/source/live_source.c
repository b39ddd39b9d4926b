// SPDX-License-Identifier: GPL-2.0-only
#include "source/live_source.h"

#include "formats/sample.h"
#include "formats/task_records.h"
#include "lib/map.h"

/* A record that waits for its turn. */
struct pending {
	u64 time_ns;
	u64 order;
	size_t offset;
};

/* An event that is open on the rings: its layout, and how to read it. */
struct live_attr {
	struct perf_event_attr attr;
	struct event_reader reader;
};

struct live_source {
	struct source src;
	struct live_attr *attrs;
	size_t nr_attrs;
	size_t cap_attrs;
	struct map attr_by_id;		/* index plus one */
	struct buf records;
	struct pending *pending;
	size_t nr_pending;
	size_t cap_pending;
	size_t nr_due; /* of them in order, to be given out now */
	size_t nr_done; /* and given out already */
	u64 order;
};

static struct live_source *to_live(struct source *src)
{
	return (struct live_source *)((char *)src - offsetof(struct live_source, src));
}

/**
 * live_source_add_event - tell of an event that will come
 * @src: the source
 * @tep: for reading its format
 * @system: its trace system; NULL for what carries task records only
 * @format: the kernel's description of it
 * @len: of the format
 * @attr: how it is opened
 *
 * Events count from 0 in the order of these calls.
 *
 * Return: 0, -ENOMEM, or -EINVAL for a format that can't be used.
 */
int live_source_add_event(struct source *src, struct tep_handle *tep, const char *system,
			  const char *format, size_t len, const struct perf_event_attr *attr)
{
	struct live_source *l = to_live(src);
	_cleanup_buf_ struct buf name = { 0 };
	struct live_attr *a;
	int id, ret;

	if (grow(&l->attrs, &l->cap_attrs, l->nr_attrs + 1, sizeof(*l->attrs)))
		return -ENOMEM;
	a = &l->attrs[l->nr_attrs];
	*a = (struct live_attr){ .attr = *attr };
	if (system) {
		ret = event_reader_init(&a->reader, tep, format, len, system, &id, &name);
		if (ret)
			return ret;
		if (a->reader.desc)
			l->src.info.recorded |= 1U << a->reader.desc->type;
	}
	if (attr->task)
		l->src.info.recorded |= 1U << EVENT_FORK;
	if (attr->comm)
		l->src.info.recorded |= 1U << EVENT_COMM;
	if (attr->sample_type & PERF_SAMPLE_CGROUP)
		l->src.info.recorded |= 1U << EVENT_CGROUP;
	l->nr_attrs++;
	return 0;
}

/**
 * live_source_add_id - an event has an id on one more ring
 * @src: the source
 * @attr: which event
 * @id: the id
 *
 * Return: 0 or -ENOMEM.
 */
int live_source_add_id(struct source *src, unsigned int attr, u64 id)
{
	return map_set(&to_live(src)->attr_by_id, id, (void *)(uintptr_t)(attr + 1));
}

static int parse(const struct live_source *l, const u8 *record, const struct perf_event_header *h,
		 struct sample *sample)
{
	const struct perf_event_attr *attr = &l->attrs[0].attr;

	if (h->type == PERF_RECORD_SAMPLE) {
		struct perf_event_attr with_raw = *attr;

		/* All have one layout but for the raw part, which those with samples have. */
		with_raw.sample_type |= PERF_SAMPLE_RAW;
		return sample_parse(&with_raw, record, h->size, sample);
	}
	if (!task_record_body(h->type) || h->size < task_record_body(h->type))
		return -EINVAL;
	return sample_id_parse(attr, record, h->size, task_record_body(h->type), sample);
}

static int queue(struct live_source *l, const u8 *record, size_t size, u64 time_ns)
{
	if (grow(&l->pending, &l->cap_pending, l->nr_pending + 1, sizeof(*l->pending)))
		return -ENOMEM;
	l->pending[l->nr_pending] = (struct pending){ .time_ns = time_ns, .order = l->order++,
						      .offset = l->records.len };
	if (buf_add(&l->records, record, size))
		return -ENOMEM;
	l->nr_pending++;
	return 0;
}

/**
 * live_source_records - take in what a ring had
 * @src: the source
 * @records: whole records, copied
 * @size: their size
 * @lost: losses they tell of are added
 *
 * Return: 0 or -ENOMEM.
 */
int live_source_records(struct source *src, const u8 *records, size_t size, u64 *lost)
{
	struct live_source *l = to_live(src);
	size_t at = 0;
	int ret = 0;

	while (!ret && size - at >= sizeof(struct perf_event_header)) {
		struct perf_event_header h;
		struct sample sample;
		u64 n;

		memcpy(&h, records + at, sizeof(h));
		if (h.size < sizeof(h) || h.size > size - at)
			break;
		if (!parse(l, records + at, &h, &sample)) {
			ret = queue(l, records + at, h.size, sample.time_ns);
			if (h.type == PERF_RECORD_LOST) {
				memcpy(&n, records + at + 16, sizeof(n));
				*lost = sat_add(*lost, n);
			}
		} else if (h.type == PERF_RECORD_SAMPLE) {
			l->src.info.unknown_events++;
		}
		at += h.size;
	}
	return ret;
}

/**
 * live_source_lost - events are missing of which no record tells
 * @src: the source
 * @time_ns: since when that is known
 * @events: how many
 *
 * Return: 0 or -ENOMEM.
 */
int live_source_lost(struct source *src, u64 time_ns, u64 events)
{
	const struct {
		struct perf_event_header header;
		u64 lost;
	} record = {
		.header = { .type = PERF_RECORD_LOST_SAMPLES, .size = sizeof(record) },
		.lost = events,
	};

	return queue(to_live(src), (const u8 *)&record, sizeof(record), time_ns);
}

/* Return: whether the record is an event for the model. */
static bool decode(struct live_source *l, const struct pending *p, struct event *ev)
{
	const u8 *record = (const u8 *)l->records.data + p->offset;
	struct perf_event_header h;
	struct sample sample = { 0 };
	size_t n;

	memcpy(&h, record, sizeof(h));
	if (parse(l, record, &h, &sample) && h.type != PERF_RECORD_LOST_SAMPLES)
		return false;
	*ev = (struct event){ .time_ns = p->time_ns, .cpu = sample.cpu, .tid = sample.tid,
			      .task = sample.tid, .pid = sample.pid, .cgroup = sample.cgroup };
	switch (h.type) {
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
	case PERF_RECORD_COMM:
	case PERF_RECORD_CGROUP:
		task_record_read(ev, record, &h);
		return true;
	case PERF_RECORD_LOST:
	case PERF_RECORD_LOST_SAMPLES:
		ev->type = EVENT_LOST;
		memcpy(&ev->lost, record + (h.type == PERF_RECORD_LOST ? 16 : 8), 8);
		l->src.info.lost = sat_add(l->src.info.lost, ev->lost);
		return true;
	default:
		break;
	}
	n = (uintptr_t)map_get(&l->attr_by_id, sample.id);
	if (!n || n > l->nr_attrs || !l->attrs[n - 1].reader.desc || !sample.raw ||
	    event_read(&l->attrs[n - 1].reader, sample.raw, sample.raw_size, ev)) {
		l->src.info.unknown_events++;
		return false;
	}
	l->src.info.events++;
	return ev->type != EVENT_NONE;
}

static int by_time(const void *a, const void *b)
{
	const struct pending *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Keep only what is still pending, in its order. */
static int compact(struct live_source *l)
{
	const size_t done = l->nr_done;
	struct buf rest = { 0 };
	size_t i;

	if (!done)
		return 0;

	for (i = done; i < l->nr_pending; i++) {
		const u8 *record = (const u8 *)l->records.data + l->pending[i].offset;
		struct perf_event_header h;

		memcpy(&h, record, sizeof(h));
		l->pending[i].offset = rest.len;
		if (buf_add(&rest, record, h.size)) {
			buf_free(&rest);
			return -ENOMEM;
		}
	}
	memmove(l->pending, l->pending + done, (l->nr_pending - done) * sizeof(*l->pending));
	l->nr_pending -= done;
	l->nr_due -= done;
	l->nr_done = 0;
	if (!rest.len) {
		/* Most often nothing is left, and the room is used again. */
		l->records.len = 0;
		return 0;
	}
	buf_free(&l->records);
	l->records = rest;
	return 0;
}

static int live_next(struct source *src, struct event *ev, struct err *err)
{
	struct live_source *l = to_live(src);

	while (l->nr_done < l->nr_due)
		if (decode(l, &l->pending[l->nr_done++], ev))
			return 1;
	return compact(l) ? err_set(err, -ENOMEM, "out of memory") : 0;
}

static void live_close(struct source *src)
{
	struct live_source *l = to_live(src);

	source_info_free(&l->src.info);
	map_free(&l->attr_by_id);
	buf_free(&l->records);
	free(l->pending);
	free(l->attrs);
	free(l);
}

/**
 * live_source_until - let events up to a moment out
 * @src: the source, of which source_next() has given all there was
 * @until_ns: up to there all rings have been read
 */
void live_source_until(struct source *src, u64 until_ns)
{
	struct live_source *l = to_live(src);

	if (l->nr_pending)
		qsort(l->pending, l->nr_pending, sizeof(*l->pending), by_time);
	while (l->nr_due < l->nr_pending && l->pending[l->nr_due].time_ns <= until_ns)
		l->nr_due++;
}

/**
 * live_source_new - a source without events
 *
 * What the caller puts into its info is freed with it.
 *
 * Return: the source, for source_close(), or NULL without memory.
 */
struct source *live_source_new(void)
{
	static const struct source_ops ops = { .next = live_next, .close = live_close };
	struct live_source *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->src.ops = &ops;
	l->src.info.kind = "live";
	l->src.info.goes_on = true;
	return &l->src;
}
