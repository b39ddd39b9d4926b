// SPDX-License-Identifier: GPL-2.0-only
#include "source/live_source.h"

#include "formats/sample.h"
#include "formats/task_records.h"
#include "lib/map.h"
#include "source/stock.h"

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
	struct source_info info;
	struct live_attr *attrs;
	size_t nr_attrs;
	size_t cap_attrs;
	struct map attr_by_id;		/* index plus one */
	struct buf records;
	struct pending *pending;
	size_t nr_pending;
	size_t cap_pending;
	u64 order;
	struct stock *stock;		/* makes attempts of system calls, or NULL */
};

/**
 * live_source_new - a source without events
 *
 * Return: the source, for live_source_free(), or NULL without memory.
 */
struct live_source *live_source_new(void)
{
	struct live_source *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->info.kind = "live";
	l->info.goes_on = true;
	return l;
}

/**
 * live_source_free - free a source
 * @l: the source, or NULL
 */
void live_source_free(struct live_source *l)
{
	if (!l)
		return;
	source_info_free(&l->info);
	stock_free(l->stock);
	map_free(&l->attr_by_id);
	buf_free(&l->records);
	free(l->pending);
	free(l->attrs);
	free(l);
}

/**
 * live_source_info - what is known of the source
 * @l: the source
 *
 * Return: its info; what the caller puts into it is freed with the source.
 */
struct source_info *live_source_info(struct live_source *l)
{
	return &l->info;
}

/**
 * live_source_add_event - tell of an event that will come
 * @l: the source
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
int live_source_add_event(struct live_source *l, struct tep_handle *tep, const char *system,
			  const char *format, size_t len, const struct perf_event_attr *attr)
{
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
			l->info.recorded |= 1U << a->reader.desc->type;
	}
	if (attr->task)
		l->info.recorded |= 1U << EVENT_FORK;
	if (attr->comm)
		l->info.recorded |= 1U << EVENT_COMM;
	if (attr->sample_type & PERF_SAMPLE_CGROUP)
		l->info.recorded |= 1U << EVENT_CGROUP;
	l->nr_attrs++;
	return 0;
}

/**
 * live_source_add_id - an event has an id on one more ring
 * @l: the source
 * @attr: which event
 * @id: the id
 *
 * Return: 0 or -ENOMEM.
 */
int live_source_add_id(struct live_source *l, unsigned int attr, u64 id)
{
	return map_set(&l->attr_by_id, id, (void *)(uintptr_t)(attr + 1));
}

/**
 * live_source_use_stock - tell of attempts by their system calls, as on any kernel
 * @l: the source, all of whose events are added
 * @kernel: release
 *
 * Return: 0 or -ENOMEM.
 */
int live_source_use_stock(struct live_source *l, const char *kernel)
{
	struct source_info *info = &l->info;

	l->stock = stock_new(info->recorded, kernel);
	if (!l->stock)
		return -ENOMEM;
	info->stock = true;
	stock_would_tell_more(l->stock, info->would_tell_more, sizeof(info->would_tell_more));
	stock_use_files(l->stock, source_file_size, NULL);
	info->recorded |= SOURCE_ATTEMPTS;
	return 0;
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
 * @l: the source
 * @records: whole records, copied
 * @size: their size
 * @lost: losses they tell of are added
 *
 * Return: 0 or -ENOMEM.
 */
int live_source_records(struct live_source *l, const u8 *records, size_t size, u64 *lost)
{
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
			l->info.unknown_events++;
		}
		at += h.size;
	}
	return ret;
}

/**
 * live_source_lost - events are missing of which no record tells
 * @l: the source
 * @time_ns: since when that is known
 * @events: how many
 *
 * Return: 0 or -ENOMEM.
 */
int live_source_lost(struct live_source *l, u64 time_ns, u64 events)
{
	const struct {
		struct perf_event_header header;
		u64 lost;
	} record = {
		.header = { .type = PERF_RECORD_LOST_SAMPLES, .size = sizeof(record) },
		.lost = events,
	};

	return queue(l, (const u8 *)&record, sizeof(record), time_ns);
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
		l->info.lost = sat_add(l->info.lost, ev->lost);
		return true;
	default:
		break;
	}
	n = (uintptr_t)map_get(&l->attr_by_id, sample.id);
	if (!n || n > l->nr_attrs || !l->attrs[n - 1].reader.desc || !sample.raw ||
	    event_read(&l->attrs[n - 1].reader, sample.raw, sample.raw_size, ev)) {
		l->info.unknown_events++;
		return false;
	}
	l->info.events++;
	return ev->type != EVENT_NONE;
}

static int by_time(const void *a, const void *b)
{
	const struct pending *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int hand_on(struct live_source *l, const struct event *ev, live_event_fn fn, void *context)
{
	struct event made;
	int ret;

	if (!l->stock)
		return fn(context, ev);
	ret = stock_give(l->stock, ev);
	while (!ret && stock_take(l->stock, &made))
		ret = fn(context, &made);
	return ret;
}

/* Keep only what is still pending, in its order. */
static int compact(struct live_source *l, size_t done)
{
	struct buf rest = { 0 };
	size_t i;

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
	if (!rest.len) {
		/* Most often nothing is left, and the room is used again. */
		l->records.len = 0;
		return 0;
	}
	buf_free(&l->records);
	l->records = rest;
	return 0;
}

/**
 * live_source_release - hand on events in the order of time
 * @l: the source
 * @until_ns: up to there all rings have been read
 * @fn: gets each event; its strings are valid during the call; non-zero ends it all
 * @context: handed to @fn
 *
 * Return: 0, what @fn returned, or -ENOMEM.
 */
int live_source_release(struct live_source *l, u64 until_ns, live_event_fn fn, void *context)
{
	struct event ev;
	size_t i;
	int ret = 0;

	if (!l->nr_pending)
		return 0;
	qsort(l->pending, l->nr_pending, sizeof(*l->pending), by_time);
	for (i = 0; i < l->nr_pending && l->pending[i].time_ns <= until_ns && !ret; i++)
		if (decode(l, &l->pending[i], &ev))
			ret = hand_on(l, &ev, fn, context);
	return ret ? ret : compact(l, i);
}
