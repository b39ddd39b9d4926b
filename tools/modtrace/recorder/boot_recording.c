// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/boot_recording.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>

#include "formats/device.h"
#include "formats/note_text.h"
#include "recorder/kernel_state.h"
#include "recorder/running_tasks.h"

#define SAMPLE_TYPE (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | \
		     PERF_SAMPLE_CPU | PERF_SAMPLE_RAW)

/* The records of one CPU stand together until so many bytes are there. */
#define WRITE_BYTES (1U << 20)

/* Losses are read from a file for each CPU: not each time. */
#define COUNT_LOST_EVERY 4

/* What a sample of SAMPLE_TYPE has ahead of its raw data. */
struct boot_sample {
	struct perf_event_header header;
	u64 id;
	u32 pid;
	u32 tid;
	u64 time_ns;
	u32 cpu;
	u32 pad;
	u32 raw_size;
} __attribute__((packed));

static struct perf_event_attr attr_of(const struct boot_event *e)
{
	return (struct perf_event_attr){
		.size = sizeof(struct perf_event_attr),
		.type = PERF_TYPE_TRACEPOINT,
		.config = e->id,
		.sample_period = 1,
		.sample_type = SAMPLE_TYPE,
		.sample_id_all = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};
}

/**
 * boot_recording_open - find the boot buffer
 * @r: filled; boot_recording_free() frees it, after an error too
 * @err: says what is missing
 *
 * Return: 0 or -errno, see boot_buffer_open().
 */
int boot_recording_open(struct boot_recording *r, struct err *err)
{
	*r = (struct boot_recording){ .fd = -1 };
	return boot_buffer_open(&r->buffer, err);
}

static int add_events(struct boot_recording *r)
{
	const struct boot_buffer *b = &r->buffer;
	_cleanup_free_ struct tracing_format *formats = NULL;
	size_t i;
	int ret;

	formats = calloc(b->nr_events, sizeof(*formats));
	if (!formats)
		return -ENOMEM;
	for (i = 0; i < b->nr_events; i++) {
		const struct boot_event *e = &b->events[i];
		const struct perf_event_attr attr = attr_of(e);
		_cleanup_buf_ struct buf name = { 0 };

		formats[i] = (struct tracing_format){ e->system, e->name, e->format,
						      strlen(e->format) };
		ret = buf_addf(&name, "%s:%s", e->system, e->name);
		if (!ret)
			ret = perfdata_add_attr(r->writer, &attr, name.data, 1);
		/* The event's own id: the recording that goes on with this one has the same. */
		if (ret >= 0)
			ret = perfdata_add_id(r->writer, i, e->id);
		if (ret < 0)
			return ret;
	}
	return recording_file_add_formats(r->writer, b->header_page, b->header_event, formats,
					  b->nr_events);
}

/* -- what an earlier recorder of this boot has left -- */

static bool is_line(const char *line, const char *end, const char *key)
{
	size_t len = strlen(key);

	return (size_t)(end - line) > len && !memcmp(line, key, len) && line[len] == ' ';
}

/* Takes over the notes of the earlier one, but for those of its end, which is none now. */
static int take_notes(struct boot_recording *r, const char *text, size_t len)
{
	const char *end = text + len, *eol;
	unsigned long long value;
	u64 end_ns = 0;
	int cpu, ret = 0;

	for (; !ret && (eol = memchr(text, '\n', end - text)) != NULL; text = eol + 1) {
		if (is_line(text, eol, "end_ns")) {
			end_ns = strtoull(text + 7, NULL, 10);
			continue;
		}
		/* Nor what this one knows better: an initramfs need not know the machine's id. */
		if (is_line(text, eol, "at_end") || is_line(text, eol, "ended_by") ||
		    is_line(text, eol, "machine_id") || is_line(text, eol, "machine_model"))
			continue;
		if (is_line(text, eol, "call_site")) {
			ret = call_sites_add(&r->sites, strtoull(text + 10, NULL, 16));
			continue;
		}
		if (is_line(text, eol, "boot_lost") &&
		    sscanf(text, "boot_lost %9d %20llu", &cpu, &value) == 2 && cpu >= 0 &&
		    cpu < r->buffer.nr_cpus) {
			r->buffer.cpus[cpu].lost = value;
			continue;
		}
		ret = perfdata_add_feature(r->writer, FEATURE_MODTRACE, text, eol + 1 - text);
	}
	if (!ret && end_ns)
		ret = perfdata_note(r->writer, "marker %" PRIu64 " switch_root", end_ns);
	return ret;
}

/* Opens what an earlier recorder of this boot wrote, if anything. Return: whether it did. */
static bool find_earlier(struct perfdata *p, int fd, const char *path)
{
	_cleanup_buf_ struct buf id = { 0 }, line = { 0 };
	const struct perfdata_section *notes;
	struct err ignored;

	if (fd < 0 || perfdata_open(p, fd, path, &ignored))
		return false;
	notes = &p->features[FEATURE_MODTRACE];
	if (!kernel_boot_id(&id) && !buf_addf(&line, "\nboot_id %s\n", id.data) && notes->size &&
	    memmem(p->base + notes->offset, notes->size, line.data, line.len))
		return true;
	perfdata_close(p);
	return false;
}

/* Its records, ours from here on. */
static int take_records(struct boot_recording *r, const struct perfdata *p)
{
	const u8 *data = p->base + p->data.offset;
	u64 at = 0;
	int ret;

	while (p->data.size - at >= sizeof(struct perf_event_header)) {
		struct perf_event_header h;
		u64 lost;

		memcpy(&h, data + at, sizeof(h));
		if (h.size < sizeof(h) || h.size > p->data.size - at)
			break;
		r->events += h.type == PERF_RECORD_SAMPLE;
		if (h.type == PERF_RECORD_LOST_SAMPLES && h.size >= sizeof(h) + sizeof(lost)) {
			memcpy(&lost, data + at + sizeof(h), sizeof(lost));
			r->lost += lost;
		}
		at += h.size;
	}
	ret = perfdata_write(r->writer, data, at);
	return ret ? ret : perfdata_commit(r->writer);
}

static int begin_notes(struct boot_recording *r)
{
	_cleanup_buf_ struct buf id = { 0 };
	int ret;

	/* The clock's zero is the kernel's start, and 0 would say that nothing is known. */
	ret = perfdata_note(r->writer, "start_ns 1");
	if (!ret && !kernel_boot_id(&id))
		ret = perfdata_note(r->writer, "boot_id %s", id.data);
	return ret ? ret : recording_file_note_state(r->writer, "at_start");
}

/**
 * boot_recording_create - create the file, with all that precedes what is drained
 * @r: the recording, opened
 * @path: the file. One that a recorder of this boot wrote there is gone on with; that of another
 *	boot is renamed to .old.
 * @earlier_fd: what is there, see own_file_open(); negative if nothing is. Stays the caller's.
 * @argc: our command line, from the command's name on
 * @argv: likewise
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int boot_recording_create(struct boot_recording *r, const char *path, int earlier_fd, int argc,
			  char **argv, struct err *err)
{
	_cleanup_free_ char *next = NULL;
	struct perfdata earlier;
	int ret;

	r->continued = find_earlier(&earlier, earlier_fd, path);
	/* Until the new file has what the earlier one has, that keeps its name. */
	if (asprintf(&next, "%s%s", path, r->continued ? ".next" : "") < 0) {
		next = NULL;
		ret = err_set(err, -ENOMEM, "out of memory");
		goto out;
	}
	if (r->continued)
		unlink(next);
	r->fd = recording_file_open(next, err);
	if (r->fd < 0) {
		ret = r->fd;
		goto out;
	}
	r->writer = perfdata_create(r->fd);
	ret = r->writer ? add_events(r) : -ENOMEM;
	if (!ret)
		ret = recording_file_describe(r->writer, argc, argv);
	if (!ret && r->continued)
		ret = take_notes(r, (const char *)earlier.base +
				 earlier.features[FEATURE_MODTRACE].offset,
				 earlier.features[FEATURE_MODTRACE].size);
	else if (!ret)
		ret = begin_notes(r);
	if (!ret)
		ret = perfdata_start(r->writer);
	if (!ret && r->continued)
		ret = take_records(r, &earlier);
	if (!ret && r->continued && rename(next, path))
		ret = -errno;
	if (ret)
		err_set(err, ret, "%s: %s", next, strerror(-ret));
out:
	if (r->continued)
		perfdata_close(&earlier);
	return ret;
}

/* -- draining -- */

static int flush_records(struct boot_recording *r)
{
	int ret = r->records.len ? perfdata_write(r->writer, r->records.data, r->records.len) : 0;

	r->records.len = 0;
	return ret;
}

static int add_record(struct boot_recording *r, const void *record, size_t size)
{
	int ret = buf_add(&r->records, record, size);

	return !ret && r->records.len >= WRITE_BYTES ? flush_records(r) : ret;
}

static int add_sample(struct boot_recording *r, int cpu, const struct boot_event *event, s32 tid,
		      u64 time_ns, const void *raw, size_t size)
{
	static const char zeros[8];
	struct boot_sample s = {
		.header = { .type = PERF_RECORD_SAMPLE },
		.id = event->id, .pid = tid, .tid = tid, .time_ns = time_ns, .cpu = cpu,
	};
	size_t pad = -(sizeof(s) + size) & 7;
	int ret;

	/* perf counts what fills up to eight bytes with the raw data. */
	s.raw_size = size + pad;
	s.header.size = sizeof(s) + s.raw_size;
	if (sizeof(s) + s.raw_size > UINT16_MAX)
		return 0;
	ret = buf_add(&r->records, &s, sizeof(s));
	if (!ret)
		ret = buf_add(&r->records, raw, size);
	return ret ? ret : add_record(r, zeros, pad);
}

/*
 * NAME.ko, or with what tells of compression behind. Of a boot's opens nearly all end here, so it is from the
 * end, and without memmem(), which takes most of a drain.
 */
static bool is_module_path(const struct str *path)
{
	const char *end = path->text + path->len, *dot;
	unsigned int i;

	for (i = 0; i < 2 && path->len; i++) {
		dot = memrchr(path->text, '.', end - path->text);
		if (!dot || memchr(dot, '/', end - dot))
			return false;
		if (end - dot == 3 && !memcmp(dot, ".ko", 3))
			return true;
		end = dot;
	}
	return false;
}

/*
 * Opens tell no size, and the file of an initramfs is gone when the report is made: what it is
 * now is noted once.
 */
static int note_size(struct boot_recording *r, const struct str *path)
{
	const u64 hash = hash_bytes(path->text, path->len);
	_cleanup_free_ char *text = NULL, *word = NULL;
	struct stat st;

	if (map_get(&r->sized, hash))
		return 0;
	text = strndup(path->text, path->len);
	if (!text)
		return -ENOMEM;
	if (*text != '/' || stat(text, &st) || !S_ISREG(st.st_mode))
		return 0;
	word = note_encode(text, strlen(text));
	/* A set: any pointer says that it is there. */
	if (!word || map_set(&r->sized, hash, r))
		return -ENOMEM;
	return perfdata_note(r->writer, "module_size %" PRIu64 " %s", (u64)st.st_size, word);
}

static int on_module_opened(void *context, const struct open_exit *exit, const void *raw)
{
	struct boot_recording *r = context;

	r->events++;
	return add_sample(r, exit->cpu, exit->event, exit->tid, exit->time_ns, raw,
			  exit->raw_size);
}

/*
 * A probe on the command line can't be filtered there: of a boot's opens only those of modules
 * and of devices are kept. Return: 1 to keep the event, 0 to drop it, -errno.
 */
static int choose(struct boot_recording *r, const struct event *ev, u64 time_ns)
{
	int ret;

	switch (ev->type) {
	case EVENT_OPEN:
		if (is_device_path(ev->file.text, ev->file.len))
			return 1;
		if (!is_module_path(&ev->file))
			return 0;
		ret = boot_buffer_has(&r->buffer, EVENT_OPEN_EXIT) ?
			      opens_begin(&r->opens, ev->tid, time_ns) :
			      0;
		if (!ret)
			ret = note_size(r, &ev->file);
		return ret ? ret : 1;
	case EVENT_DEVICE:
		return is_device_path(ev->file.text, ev->file.len);
	case EVENT_NONE:
		return 0;
	default:
		return 1;
	}
}

static bool is_of_load(enum event_type type)
{
	return type == EVENT_LOAD_BEGIN || type == EVENT_LOAD_END || type == EVENT_FINIT_ENTER ||
	       type == EVENT_FINIT_EXIT || type == EVENT_INIT_ENTER || type == EVENT_INIT_EXIT;
}

/* What an event tells of those whose names are left out, or should be. */
static int look_for_renamers(struct boot_recording *r, const struct boot_event *event,
			     const struct event *ev, u64 time_ns)
{
	const s32 tid = ev->task;

	switch (ev->type) {
	case EVENT_COMM:
		if (event->reader.desc->need == NEED_NAMES) {
			renamers_count(&r->renamers, tid, tid, r->drain_ns);
			return 0;
		}
		/* What it calls itself after exec() isn't seen. */
		if (!renamers_have(&r->renamers, tid))
			return 0;
		break;
	case EVENT_FORK:
		if (!renamers_forked(&r->renamers, tid, tid))
			return 0;
		break;
	case EVENT_EXIT:
		renamers_ended(&r->renamers, tid);
		return 0;
	default:
		return 0;
	}
	return running_task_named(&r->names, tid, tid, RENAMING, time_ns + 1);
}

static int on_event(void *context, int cpu, const struct boot_event *event, u64 time_ns,
		    const void *raw, size_t size)
{
	struct boot_recording *r = context;
	struct event ev = { 0 };
	int ret;

	if (event->reader.desc && !event->reader.broken &&
	    !event_read(&event->reader, raw, size, &ev)) {
		if (ev.type == EVENT_OPEN_EXIT)
			return opens_exit(&r->opens, &(struct open_exit){
				.time_ns = time_ns, .tid = ev.tid, .cpu = cpu, .event = event,
				.raw_size = size }, raw);
		ret = choose(r, &ev, time_ns);
		if (ret <= 0)
			return ret;
		ret = ev.ip ? call_sites_add(&r->sites, ev.ip) : 0;
		if (!ret)
			ret = look_for_renamers(r, event, &ev, time_ns);
		if (ret)
			return ret;
		if (is_of_load(ev.type) && time_ns > r->last_load_ns)
			r->last_load_ns = time_ns;
		r->loads += ev.type == EVENT_LOAD;
	}
	r->events++;
	return add_sample(r, cpu, event, ev.tid, time_ns, raw, size);
}

static int on_lost(void *context, int cpu, u64 events)
{
	struct boot_recording *r = context;
	const struct lost_record record =
		recording_file_lost(cpu, r->buffer.events[0].id, events);
	int ret = add_record(r, &record, sizeof(record));

	r->lost += events;
	return ret ? ret : perfdata_note(r->writer, "boot_lost %d %" PRIu64, cpu,
					 r->buffer.cpus[cpu].lost + events);
}

static const struct boot_buffer_ops buffer_ops = { .event = on_event, .lost = on_lost };

/* Those who rename themselves all the time are left out from now on, and nobody else. */
static int follow_names(struct boot_recording *r)
{
	_cleanup_buf_ struct buf filter = { 0 };
	bool done;
	int ret;

	if (renamers_due(&r->renamers, now_ns(CLOCK_MONOTONIC))) {
		ret = renamers_filter(&r->renamers, &filter);
		if (ret)
			return ret;
		done = !boot_buffer_filter_names(&r->buffer, filter.len ? filter.data : NULL);
		if (done)
			r->names_filtered = filter.len;
		ret = renamers_told(&r->renamers, now_ns(CLOCK_MONOTONIC), done, &r->names);
		if (!ret && done)
			ret = perfdata_note(r->writer, "renamers %" PRIu64, r->renamers.total);
		if (ret)
			return ret;
	}
	ret = r->names.len ? add_record(r, r->names.data, r->names.len) : 0;
	r->names.len = 0;
	return ret;
}

/**
 * boot_recording_drain - write what the buffer has now; the file is whole up to now then
 * @r: the recording
 *
 * Return: 0 or -errno.
 */
int boot_recording_drain(struct boot_recording *r)
{
	const struct perf_event_header round = {
		.type = RECORD_FINISHED_ROUND,
		.size = sizeof(round),
	};
	const u64 before = r->events;
	int ret;

	r->drain_ns = now_ns(CLOCK_MONOTONIC);
	ret = boot_buffer_drain(&r->buffer, &buffer_ops, r);
	if (!ret)
		ret = follow_names(r);
	if (!ret && r->drains++ % COUNT_LOST_EVERY == 0)
		ret = boot_buffer_count_lost(&r->buffer, &buffer_ops, r);
	if (!ret)
		ret = opens_settle(&r->opens, on_module_opened, r);
	if (!ret && r->events != before)
		ret = buf_add(&r->records, &round, sizeof(round));
	if (!ret)
		ret = flush_records(r);
	return ret ? ret : perfdata_commit(r->writer);
}

/**
 * boot_recording_marker - note when something happened that a boot's report should tell
 * @r: the recording
 * @time_ns: when
 * @name: what, one word
 *
 * Return: 0 or -errno.
 */
int boot_recording_marker(struct boot_recording *r, u64 time_ns, const char *name)
{
	return perfdata_note(r->writer, "marker %" PRIu64 " %s", time_ns, name);
}

static int hand_sites_over(struct boot_recording *r)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < r->sites.nr && !ret; i++)
		ret = perfdata_note(r->writer, "call_site %" PRIx64, r->sites.sites[i].address);
	return ret;
}

/**
 * boot_recording_finish - drain what is left and close the file's format
 * @r: the recording
 * @handover: another recorder of this boot goes on with it, and names the call sites
 *
 * Return: 0 or -errno. What could be written is whole.
 */
int boot_recording_finish(struct boot_recording *r, bool handover)
{
	int ret;

	r->drains = 0;
	ret = boot_recording_drain(r);
	/* Once: the kernel's list of symbols is long, and a boot has better things to do. */
	if (!ret)
		ret = handover ? hand_sites_over(r) : call_sites_name(&r->sites, r->writer);
	if (!ret)
		ret = recording_file_note_state(r->writer, "at_end");
	if (!ret)
		ret = recording_file_note_end(r->writer, now_ns(CLOCK_MONOTONIC));
	if (!ret)
		return perfdata_finish(r->writer);
	perfdata_finish(r->writer);
	return ret;
}

/**
 * boot_recording_free - free a recording; the kernel's tracing goes on
 * @r: the recording
 */
void boot_recording_free(struct boot_recording *r)
{
	if (r->names_filtered)
		boot_buffer_filter_names(&r->buffer, NULL);
	boot_buffer_free(&r->buffer);
	perfdata_abandon(r->writer);
	call_sites_free(&r->sites);
	opens_free(&r->opens);
	map_free(&r->sized);
	buf_free(&r->records);
	buf_free(&r->names);
	if (r->fd >= 0)
		close(r->fd);
	*r = (struct boot_recording){ .fd = -1 };
}
