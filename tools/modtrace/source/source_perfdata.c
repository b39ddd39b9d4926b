// SPDX-License-Identifier: GPL-2.0-only
#include "source/source.h"

#include <inttypes.h>
#include <time.h>
#include <traceevent/event-parse.h>

#include "formats/events.h"
#include "formats/perfdata.h"
#include "formats/task_records.h"
#include "formats/tracing_data.h"
#include "formats/unpack.h"
#include "lib/mapping.h"
#include "source/notes.h"

/* After so many bytes of records, pages that were read are let go. */
#define FORGET_EVERY (2U << 20)

/*
 * A record that waits for its turn: files have them in the order of CPUs, not of time. Its
 * offset is that in the file, or, beyond the file's end, in what was unpacked of it.
 */
struct pending {
	u64 time_ns;
	u64 offset : 48;	/* more than a process can map */
	u64 attr : 16;		/* index in attrs, of which there are no more */
};

/* What we know of one of the file's events. */
struct attr_info {
	struct sample_layout layout;
	const struct event_reader *reader;	/* NULL: nothing */
	size_t count;				/* index in info.counts */
};

struct source_perfdata {
	struct source src;
	char *name;
	struct perfdata file;
	struct tep_handle *tep;
	struct event_reader **readers;
	struct map reader_by_id;		/* index of readers and names, plus one */
	char **names;
	size_t nr_readers;
	size_t cap_readers;
	size_t cap_names;
	struct attr_info *attrs;
	bool has_task_records;
	struct unpack unpacked;
	u64 unpacked_at;
	u64 nr_touched; /* bytes of records since pages were let go */

	u64 at; /* next record to look at, from the begin of the data */
	bool at_end;
	bool changed; /* since it was looked at first */
	struct pending *pending;
	struct pending *merged;			/* room to sort them in */
	size_t cap_merged;
	size_t nr_pending;
	size_t cap_pending;
	size_t next_ready;
	size_t nr_ready;
	u64 latest_ns;			/* of any record so far, for those that have no time */
	u64 round_max;			/* latest time of this round, of the one before */
	u64 flush_limit;
};

static struct source_perfdata *to_perfdata(struct source *src)
{
	return (struct source_perfdata *)((char *)src - offsetof(struct source_perfdata, src));
}

static void perfdata_source_close(struct source *src)
{
	struct source_perfdata *s = to_perfdata(src);
	size_t i;

	for (i = 0; i < s->nr_readers; i++) {
		free(s->readers[i]);
		free(s->names[i]);
	}
	free(s->readers);
	free(s->names);
	map_free(&s->reader_by_id);
	free(s->attrs);
	free(s->pending);
	free(s->merged);
	free(s->name);
	if (s->tep)
		tep_free(s->tep);
	unpack_free(&s->unpacked);
	perfdata_close(&s->file);
	source_info_free(&s->src.info);
	free(s);
}

static int add_format(void *context, const struct tracing_info *info,
		      const struct tracing_format *f)
{
	struct source_perfdata *s = context;
	_cleanup_free_ struct event_reader *reader = NULL;
	_cleanup_free_ char *full_name = NULL;
	_cleanup_buf_ struct buf name = { 0 };
	int id, ret;

	if (strlen(f->system) > 64)
		return 0;
	if (!s->nr_readers)
		tep_set_long_size(s->tep, info->long_size);
	reader = malloc(sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	ret = event_reader_init(reader, s->tep, f->text, f->len, f->system, &id, &name);
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	if (asprintf(&full_name, "%s:%s", f->system, name.data) < 0) {
		full_name = NULL;
		return -ENOMEM;
	}
	if (grow(&s->readers, &s->cap_readers, s->nr_readers + 1, sizeof(*s->readers)) ||
	    grow(&s->names, &s->cap_names, s->nr_readers + 1, sizeof(*s->names)))
		return -ENOMEM;
	s->readers[s->nr_readers] = TAKE_PTR(reader);
	s->names[s->nr_readers] = TAKE_PTR(full_name);
	s->nr_readers++;
	return map_set(&s->reader_by_id, (u32)id, (void *)(uintptr_t)s->nr_readers);
}

static int read_formats(struct source_perfdata *s, const char *name, struct err *err)
{
	const struct perfdata_section *sec = &s->file.features[FEATURE_TRACING_DATA];
	int ret = -EINVAL;

	s->tep = tep_alloc();
	if (!s->tep)
		return err_set(err, -ENOMEM, "%s: out of memory", name);
	tep_set_loglevel(TEP_LOG_NONE);
	if (sec->size)
		ret = tracing_data_read(s->file.base + sec->offset, sec->size, add_format, s);
	if (ret == -ENOMEM)
		return err_set(err, ret, "%s: out of memory", name);
	if (ret && s->file.truncated)
		return err_set(err, ret, "%s: cut at %" PRIu64
			       " bytes or never closed: the event formats are missing, so nothing can be read",
			       name, s->file.size);
	if (ret && sec->size)
		return err_set(err, ret, "%s: its event formats are damaged", name);
	if (ret)
		return err_set(err, ret, "%s: holds no tracepoints, so no module events", name);
	return 0;
}

static int resolve_attrs(struct source_perfdata *s)
{
	struct source_info *info = &s->src.info;
	size_t i;
	int ret;

	s->attrs = calloc(s->file.nr_attrs, sizeof(*s->attrs));
	if (!s->attrs)
		return -ENOMEM;
	for (i = 0; i < s->file.nr_attrs; i++) {
		const struct perf_event_attr *attr = &s->file.attrs[i];
		const struct event_reader *reader = NULL;
		char other[64];
		const char *name = other;
		size_t n = 0;

		if (attr->type == PERF_TYPE_TRACEPOINT)
			n = (uintptr_t)map_get(&s->reader_by_id, attr->config);
		if (n && s->readers[n - 1]->desc)
			reader = s->readers[n - 1];
		if (n)
			name = s->names[n - 1];
		else
			snprintf(other, sizeof(other), "(type %u config 0x%" PRIx64 ")",
				 attr->type, (u64)attr->config);
		ret = source_count(info, name, reader != NULL, &s->attrs[i].count);
		if (ret)
			return ret;
		s->attrs[i].reader = reader;
		s->attrs[i].layout = sample_layout_of(attr);
		/* Without a period it was only counted: perf record -n, or a group that its leader samples. */
		if (reader && attr->sample_period) {
			info->recorded |= 1U << reader->desc->type;
			info->untimed |= !s->attrs[i].layout.time;
		}
		s->has_task_records |= attr->task;
		if (attr->task)
			info->recorded |= 1U << EVENT_FORK;
		if (attr->comm)
			info->recorded |= 1U << EVENT_COMM;
		if (attr->sample_type & PERF_SAMPLE_CGROUP)
			info->recorded |= 1U << EVENT_CGROUP;
	}
	return 0;
}

static const char *clock_name(const struct perf_event_attr *attr)
{
	static const char *const names[] = {
		[CLOCK_REALTIME] = "realtime",
		[CLOCK_MONOTONIC] = "monotonic",
		[CLOCK_MONOTONIC_RAW] = "monotonic_raw",
		[CLOCK_BOOTTIME] = "boottime",
		[CLOCK_TAI] = "tai",
	};
	u32 id = attr->clockid;

	if (!attr->use_clockid)
		return "perf";
	return id < ARRAY_SIZE(names) ? names[id] : NULL;
}

/* Version 1: { u32 version, clock; u64 wall_ns, clock_ns }; of another clock it is of no use. */
static void fill_wall(struct source_perfdata *s)
{
	const struct perf_event_attr *attr = &s->file.attrs[0];
	u64 wall_ns = perfdata_number(&s->file, FEATURE_CLOCK_DATA, 8, 8);

	if (wall_ns && perfdata_number(&s->file, FEATURE_CLOCK_DATA, 0, 4) == 1 &&
	    attr->use_clockid &&
	    perfdata_number(&s->file, FEATURE_CLOCK_DATA, 4, 4) == (u32)attr->clockid)
		source_add_wall(&s->src.info, perfdata_number(&s->file, FEATURE_CLOCK_DATA, 16, 8),
				wall_ns);
}

static int fill_info(struct source_perfdata *s)
{
	struct source_info *info = &s->src.info;
	const struct perfdata_section *notes = &s->file.features[FEATURE_MODTRACE];
	_cleanup_free_ char *version = NULL;
	int ret;

	info->kind = "perf.data";
	info->kernel = perfdata_string(&s->file, FEATURE_OSRELEASE);
	info->host = perfdata_string(&s->file, FEATURE_HOSTNAME);
	info->arch = perfdata_string(&s->file, FEATURE_ARCH);
	info->cpu_model = perfdata_string(&s->file, FEATURE_CPUDESC);
	fill_wall(s);
	info->cpus = perfdata_number(&s->file, FEATURE_NRCPUS, 4, 4);
	info->clock = info->untimed ? NULL : clock_name(&s->file.attrs[0]);
	info->truncated = s->file.truncated;
	if (info->truncated)
		snprintf(info->why_truncated, sizeof(info->why_truncated),
			 s->file.closed ? "cut at %" PRIu64 " bytes" :
			 "not closed by its recorder (%" PRIu64 " bytes)", s->file.size);
	ret = notes_read(info, (const char *)s->file.base + notes->offset, notes->size);
	if (ret)
		return ret;
	version = perfdata_string(&s->file, FEATURE_VERSION);
	if (!info->generator && version && asprintf(&info->generator, "perf %s", version) < 0) {
		info->generator = NULL;
		return -ENOMEM;
	}
	return 0;
}

static bool is_before(const struct pending *a, const struct pending *b)
{
	return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->offset < b->offset;
}

/* Where the stretch that begins at @i and is in order ends. */
static size_t run_end(const struct pending *p, size_t i, size_t nr)
{
	for (i++; i < nr && is_before(&p[i - 1], &p[i]); i++)
		;
	return i;
}

static void merge_runs(const struct pending *a, size_t nr_a, const struct pending *b, size_t nr_b,
		       struct pending *out)
{
	while (nr_a && nr_b) {
		bool from_b = is_before(b, a);

		*out++ = from_b ? *b : *a;
		a += !from_b;
		nr_a -= !from_b;
		b += from_b;
		nr_b -= from_b;
	}
	memcpy(out, a, nr_a * sizeof(*a));
	memcpy(out + nr_a, b, nr_b * sizeof(*b));
}

/*
 * Each CPU's records are in order already, and there are as many stretches of them as CPUs that
 * had something to say: merging two by two takes few passes, and none where all is in order.
 */
static int sort_pending(struct source_perfdata *s)
{
	size_t nr = s->nr_pending, from, runs;

	do {
		struct pending *p = s->pending;

		from = run_end(p, 0, nr);
		if (from == nr)
			return 0;
		if (grow(&s->merged, &s->cap_merged, s->cap_pending, sizeof(*s->merged)))
			return -ENOMEM;
		runs = 0;
		for (from = 0; from < nr; runs++) {
			size_t middle = run_end(p, from, nr);
			size_t end = middle < nr ? run_end(p, middle, nr) : nr;

			merge_runs(p + from, middle - from, p + middle, end - middle,
				   s->merged + from);
			from = end;
		}
		s->pending = s->merged;
		s->merged = p;
		from = s->cap_pending;
		s->cap_pending = s->cap_merged;
		s->cap_merged = from;
	} while (runs > 1);
	return 0;
}

/* Make ready what can't be preceded by anything still to come. */
static int flush(struct source_perfdata *s, u64 limit)
{
	size_t n = 0;
	int ret = 0;

	s->nr_pending -= s->nr_ready;
	if (s->nr_pending) {
		memmove(s->pending, s->pending + s->nr_ready,
			s->nr_pending * sizeof(*s->pending));
		ret = sort_pending(s);
	}
	s->next_ready = 0;
	while (n < s->nr_pending && s->pending[n].time_ns <= limit)
		n++;
	s->nr_ready = n;
	return ret;
}

static int parse_sample(const struct source_perfdata *s, size_t attr, const u8 *record,
			size_t size, struct sample *sample)
{
	const struct sample_layout *layout = &s->attrs[attr].layout;

	if (layout->fixed)
		return sample_parse_fixed(layout, record, size, sample);
	return sample_parse(&s->file.attrs[attr], record, size, sample);
}

static int parse_other(const struct source_perfdata *s, size_t attr, const u8 *record,
		       const struct perf_event_header *h, struct sample *sample)
{
	return sample_id_parse(&s->file.attrs[attr], record, h->size, task_record_body(h->type), sample);
}

static const u8 *record_at(const struct source_perfdata *s, u64 offset)
{
	return offset < s->file.size ? s->file.base + offset :
				       s->unpacked.base + (offset - s->file.size);
}

static u64 room_at(const struct source_perfdata *s, u64 offset)
{
	return offset < s->file.size ? s->file.size - offset :
				       s->unpacked.map_size - (offset - s->file.size);
}

static void touch(struct source_perfdata *s, size_t size)
{
	s->nr_touched += size;
	if (s->nr_touched < FORGET_EVERY)
		return;
	s->nr_touched = 0;
	mapping_forget(s->file.base, s->file.map_size);
	mapping_forget(s->unpacked.base, s->unpacked.map_size);
}

/* Some layouts have no time, but these records have one of their own, on the same clock. */
static u64 own_time(const u8 *record, const struct perf_event_header *h)
{
	u64 time_ns = 0;

	if ((h->type == PERF_RECORD_FORK || h->type == PERF_RECORD_EXIT) && h->size >= 32)
		memcpy(&time_ns, record + 24, 8);
	return time_ns;
}

static int queue(struct source_perfdata *s, u64 offset, size_t attr, u64 time_ns)
{
	if (time_ns > s->latest_ns)
		s->latest_ns = time_ns;
	if (time_ns > s->round_max)
		s->round_max = time_ns;
	if (s->nr_pending == s->cap_pending &&
	    grow(&s->pending, &s->cap_pending, s->nr_pending + 1, sizeof(*s->pending)))
		return -ENOMEM;
	s->pending[s->nr_pending++] = (struct pending){
		.time_ns = time_ns, .offset = offset, .attr = attr,
	};
	return 0;
}

/* All that is wanted of a sample before its turn is its time, ahead of all that varies in size. */
static int queue_sample(struct source_perfdata *s, u64 offset, const u8 *record, size_t size)
{
	const struct perf_event_attr *attr = perfdata_attr_of(&s->file, record, size);
	const struct attr_info *known = attr ? &s->attrs[attr - s->file.attrs] : NULL;
	/* Where nothing has a time, the order is that of the file. */
	u64 time_ns = s->latest_ns + s->src.info.untimed;

	if (!known || size < known->layout.least) {
		s->src.info.unknown_events++;
		return 0;
	}
	if (known->layout.time && !s->src.info.untimed)
		memcpy(&time_ns, record + known->layout.time, 8);
	return queue(s, offset, known - s->attrs, time_ns);
}

static int queue_other(struct source_perfdata *s, u64 offset, const u8 *record,
		       const struct perf_event_header *h)
{
	const struct perf_event_attr *attr = perfdata_attr_of(&s->file, record, h->size);
	struct sample sample;

	/* Too short to say anything. */
	if (h->size < task_record_body(h->type))
		return 0;
	if (!attr || parse_other(s, attr - s->file.attrs, record, h, &sample))
		return 0;
	if (!sample.has_time)
		sample.time_ns = own_time(record, h);
	if (s->src.info.untimed || (!sample.has_time && !sample.time_ns))
		sample.time_ns = s->latest_ns + s->src.info.untimed;
	return queue(s, offset, attr - s->file.attrs, sample.time_ns);
}

static void stop_at(struct source_perfdata *s, const char *what)
{
	struct source_info *info = &s->src.info;

	if (mapping_was_cut(s->file.base))
		what = "the file became shorter while it was read";

	s->at_end = true;
	if (!info->truncated || s->file.closed)
		snprintf(info->why_truncated, sizeof(info->why_truncated), "%.150s at offset %" PRIu64,
			 what, s->file.data.offset + s->at);
	info->truncated = true;
}

/* A record that stands in the file or was unpacked. Return: 1 if it ended a round, 0, or -errno. */
static int take_record(struct source_perfdata *s, u64 offset, const u8 *record,
		       const struct perf_event_header *h, struct err *err)
{
	int ret;

	touch(s, h->size);
	switch (h->type) {
	case PERF_RECORD_SAMPLE:
		ret = queue_sample(s, offset, record, h->size);
		break;
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
	case PERF_RECORD_COMM:
	case PERF_RECORD_LOST:
	case PERF_RECORD_LOST_SAMPLES:
	case PERF_RECORD_CGROUP:
		ret = queue_other(s, offset, record, h);
		break;
	case RECORD_FINISHED_ROUND:
		return 1;
	default:
		/* Of other types we know only that they are no events. */
		if ((h->type > PERF_RECORD_LAST_KNOWN && h->type < RECORD_USER_FIRST) ||
		    h->type > RECORD_USER_LAST)
			s->src.info.unknown_events++;
		return 0;
	}
	return ret ? err_set(err, ret, "%s: out of memory", s->name) : 0;
}

static int take_unpacked(struct source_perfdata *s, struct err *err)
{
	u64 at = s->unpacked_at;
	int ret = 0;

	while (ret >= 0 && at < s->unpacked.map_size) {
		const u8 *record = s->unpacked.base + at;
		struct perf_event_header h;

		if (s->unpacked.map_size - at < sizeof(h))
			break;
		memcpy(&h, record, sizeof(h));
		if (h.size < sizeof(h) || h.size > s->unpacked.map_size - at) {
			stop_at(s, "damaged record in compressed data");
			return 0;
		}
		ret = take_record(s, s->file.size + at, record, &h, err);
		at += h.size;
	}
	s->unpacked_at = at;
	return ret < 0 ? ret : 0;
}

/* What is packed in a record. A part that is damaged ends what can be read, as a cut does. */
static int take_packed(struct source_perfdata *s, const u8 *record, struct err *err)
{
	struct err why;
	int unpacked = unpack_record(&s->unpacked, record, &why), ret;

	if (unpacked && unpacked != -EINVAL)
		return err_set(err, unpacked, "%s: %s", s->name, why.text);
	ret = s->unpacked.base ? take_unpacked(s, err) : 0;
	if (unpacked && ret >= 0)
		stop_at(s, why.text);
	return ret;
}

/* Look at one record. Return: 1 if it ended a round, 0, or -errno. */
static int read_record(struct source_perfdata *s, struct err *err)
{
	const u64 offset = s->file.data.offset + s->at;
	const u8 *record = s->file.base + offset;
	u64 left = s->file.data.size - s->at, extra;
	struct perf_event_header h;
	int ret;

	if (!left) {
		s->at_end = true;
		return 0;
	}
	if (left < sizeof(h)) {
		stop_at(s, "cut");
		return 0;
	}
	memcpy(&h, record, sizeof(h));
	if (h.size < sizeof(h) || h.size > left) {
		stop_at(s, h.size < sizeof(h) ? "damaged record" : "cut");
		return 0;
	}
	extra = perfdata_payload(record, &h);
	if (extra > left - h.size) {
		stop_at(s, "cut");
		return 0;
	}
	if (h.type == RECORD_COMPRESSED || h.type == RECORD_COMPRESSED2)
		ret = take_packed(s, record, err);
	else
		ret = take_record(s, offset, record, &h, err);
	s->at += h.size + extra;
	return ret;
}

static void start_event(struct event *ev, const struct pending *p, const struct sample *sample)
{
	zero_bytes(ev, sizeof(*ev));
	ev->time_ns = p->time_ns;
	ev->cpu = sample->cpu;
	ev->tid = sample->tid;
	ev->task = sample->tid;
	ev->pid = sample->pid;
	ev->cgroup = sample->cgroup;
}

static bool decode_sample(struct source_perfdata *s, const struct pending *p, const u8 *record,
			  size_t size, struct event *ev)
{
	const struct attr_info *known = &s->attrs[p->attr];
	struct source_info *info = &s->src.info;
	struct sample sample;

	if (parse_sample(s, p->attr, record, size, &sample)) {
		info->unknown_events++;
		return false;
	}
	info->counts[known->count].count++;
	if (!known->reader || !sample.raw) {
		info->unknown_events++;
		return false;
	}
	start_event(ev, p, &sample);
	if (event_read(known->reader, sample.raw, sample.raw_size, ev)) {
		info->unknown_events++;
		return false;
	}
	if (!known->layout.tid)
		ev->task = ev->tid;
	info->events++;
	/*
	 * Task records know more than the tracepoints of the same. But while somebody renames himself
	 * all the time, only the tracepoint tells of the others' names.
	 */
	if (s->has_task_records &&
	    (ev->type == EVENT_FORK || ev->type == EVENT_EXIT ||
	     (ev->type == EVENT_COMM && known->reader->desc->need != NEED_NAMES)))
		return false;
	return ev->type != EVENT_NONE;
}

/* Return: whether the record is an event for the model. */
static bool decode(struct source_perfdata *s, const struct pending *p, struct event *ev)
{
	const u8 *record = record_at(s, p->offset);
	struct source_info *info = &s->src.info;
	struct perf_event_header h;
	struct sample sample;

	memcpy(&h, record, sizeof(h));
	/* It was looked at before, but the file may have changed since. */
	if (h.size < sizeof(h) || h.size > room_at(s, p->offset) ||
	    (h.type == PERF_RECORD_SAMPLE && h.size < s->attrs[p->attr].layout.least)) {
		if (!s->changed)
			stop_at(s, "changed while it was read, found");
		s->changed = true;
		return false;
	}
	touch(s, h.size);
	if (h.type == PERF_RECORD_SAMPLE)
		return decode_sample(s, p, record, h.size, ev);
	if (parse_other(s, p->attr, record, &h, &sample) || h.size < task_record_body(h.type))
		return false;
	start_event(ev, p, &sample);
	if (h.type != PERF_RECORD_LOST && h.type != PERF_RECORD_LOST_SAMPLES) {
		task_record_read(ev, record, &h);
		return true;
	}
	ev->type = EVENT_LOST;
	memcpy(&ev->lost, record + (h.type == PERF_RECORD_LOST ? 16 : 8), 8);
	info->lost = sat_add(info->lost, ev->lost);
	return true;
}

/* All is in order, and what is still to come was read. */
static void end_reading(struct source_perfdata *s)
{
	unpack_end(&s->unpacked);
	free(s->merged);
	s->merged = NULL;
	s->cap_merged = 0;
}

static int perfdata_source_next(struct source *src, struct event *ev, struct err *err)
{
	struct source_perfdata *s = to_perfdata(src);

	for (;;) {
		int ret = 0;

		while (s->next_ready < s->nr_ready)
			if (decode(s, &s->pending[s->next_ready++], ev))
				return 1;
		if (s->at_end && s->nr_ready == s->nr_pending)
			return 0;
		while (!s->at_end && !ret)
			ret = read_record(s, err);
		if (ret < 0)
			return ret;
		/*
		 * All that a round's reader found in any ring was there when it looked, so
		 * whatever comes after the next round is later than all of this one.
		 */
		if (flush(s, s->at_end ? UINT64_MAX : s->flush_limit))
			return err_set(err, -ENOMEM, "%s: out of memory", s->name);
		if (s->at_end)
			end_reading(s);
		s->flush_limit = s->round_max;
	}
}

static const struct source_ops perfdata_ops = {
	.next = perfdata_source_next,
	.close = perfdata_source_close,
};

/**
 * source_perfdata_open - open a perf.data
 * @src: the source, for source_close()
 * @fd: a regular file; stays the caller's and may be closed
 * @name: its name, for messages
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int source_perfdata_open(struct source **src, int fd, const char *name, struct err *err)
{
	struct source_perfdata *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return err_set(err, -ENOMEM, "%s: out of memory", name);
	s->src.ops = &perfdata_ops;
	s->name = strdup(name);
	if (s->name)
		ret = perfdata_open(&s->file, fd, name, err);
	else
		ret = err_set(err, -ENOMEM, "%s: out of memory", name);
	if (!ret)
		ret = read_formats(s, name, err);
	if (!ret) {
		ret = resolve_attrs(s);
		if (!ret)
			ret = fill_info(s);
		if (ret)
			err_set(err, ret, "%s: out of memory", name);
	}
	if (ret) {
		perfdata_source_close(&s->src);
		return ret;
	}
	*src = &s->src;
	return 0;
}
