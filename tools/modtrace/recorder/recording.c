// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/recording.h"

#include <inttypes.h>
#include <time.h>

#include "recorder/kernel_rings.h"
#include "recorder/kernel_state.h"
#include "recorder/running_tasks.h"

/**
 * recording_prepare - find out what can be recorded, and open the rings
 * @r: filled; recording_free() frees it, after an error too
 * @pages: data pages a ring
 * @cpu_list: CPUs, or NULL for all
 * @kind: what probes are for
 * @err: says what is wrong
 *
 * Nothing is traced or written yet.
 *
 * Return: 0 or -errno.
 */
int recording_prepare(struct recording *r, size_t pages, const char *cpu_list,
		      enum probes_kind kind, struct err *err)
{
	int ret;

	*r = (struct recording){ .fd = -1 };
	probes_make(&r->probes, kind, &r->without);
	ret = kernel_events_find(&r->kernel, &r->probes, err);
	return ret ? ret : kernel_rings_open(&r->rings, &r->kernel, pages, cpu_list, err);
}

static int add_formats(struct recording *r)
{
	_cleanup_free_ struct tracing_format *formats = NULL;
	size_t i;

	formats = calloc(r->kernel.nr, sizeof(*formats));
	if (!formats)
		return -ENOMEM;
	for (i = 0; i < r->kernel.nr; i++) {
		const struct kernel_event *e = &r->kernel.all[i];

		formats[i] = (struct tracing_format){ e->system, e->desc->name, e->format,
						      strlen(e->format) };
	}
	return recording_file_add_formats(r->writer, r->kernel.header_page,
					  r->kernel.header_event, formats, r->kernel.nr);
}

static int add_events(struct recording *r)
{
	/* A CPU that goes and comes back has new ids: room for each to do so, and some more. */
	const size_t slots = 2 * (size_t)r->rings.nr_cpus + 64;
	const size_t name_slots = slots + RING_NAMES_CHANGES * (size_t)r->rings.nr_cpus;
	unsigned int i;
	int ret;

	for (i = 0; i < r->rings.nr_attrs; i++) {
		const struct kernel_event *e = kernel_rings_event(&r->kernel, i);
		char name[128] = "dummy:HG";

		if (e)
			snprintf(name, sizeof(name), "%s:%s", e->system, e->desc->name);
		ret = perfdata_add_attr(r->writer, &r->rings.attrs[i], name,
					i && i == r->rings.names.some ? name_slots : slots);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/**
 * recording_create - create the file, with all that precedes the data
 * @r: the recording, prepared
 * @path: the file; an existing one is renamed to .old
 * @argc: our command line, for the file, from the command's name on
 * @argv: likewise
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int recording_create(struct recording *r, const char *path, int argc, char **argv,
		     struct err *err)
{
	int ret;

	r->fd = recording_file_open(path, err);
	if (r->fd < 0)
		return r->fd;
	r->writer = perfdata_create(r->fd);
	ret = r->writer ? add_events(r) : -ENOMEM;
	if (!ret)
		ret = add_formats(r);
	if (!ret)
		ret = recording_file_describe(r->writer, argc, argv);
	if (!ret)
		ret = recording_file_note_state(r->writer, "at_start");
	if (!ret)
		ret = perfdata_start(r->writer);
	return ret ? err_set(err, ret, "%s: %s", path, strerror(-ret)) : 0;
}

static int on_id(void *context, unsigned int attr, u64 id)
{
	struct recording *r = context;

	if (!r->first_id)
		r->first_id = id;
	return perfdata_add_id(r->writer, attr, id);
}

/* Who called request_module(): the address is named while it has a name. */
static int look_for_call_site(struct recording *r, const u8 *record, size_t size)
{
	const u8 *raw = record + RINGS_RAW_OFFSET;
	u16 id;
	size_t i;

	if (size < RINGS_RAW_OFFSET + 2)
		return 0;
	memcpy(&id, raw, 2);
	for (i = 0; i < r->kernel.nr; i++) {
		const struct kernel_event *e = &r->kernel.all[i];
		unsigned long address;

		if (e->id != id || !e->ip_offset ||
		    size < RINGS_RAW_OFFSET + e->ip_offset + sizeof(address))
			continue;
		memcpy(&address, raw + e->ip_offset, sizeof(address));
		return call_sites_add(&r->sites, address);
	}
	return 0;
}

static int on_data(void *context, int cpu, const u8 *records, size_t size)
{
	struct recording *r = context;
	size_t at = 0;
	u64 lost;
	int ret;

	while (at + sizeof(struct perf_event_header) <= size) {
		struct perf_event_header h;

		memcpy(&h, records + at, sizeof(h));
		if (h.size < sizeof(h))
			break;
		if (h.type == PERF_RECORD_SAMPLE) {
			r->events++;
			ret = look_for_call_site(r, records + at, h.size);
			if (ret)
				return ret;
		} else if (h.type == PERF_RECORD_LOST) {
			memcpy(&lost, records + at + 16, 8);
			r->lost += lost;
			r->rings.by_cpu[cpu]->lost_seen += lost;
		}
		at += h.size;
	}
	r->wrote = true;
	r->write_error = perfdata_write(r->writer, records, size);
	return r->write_error;
}

static int on_lost(void *context, int cpu, u64 events)
{
	struct recording *r = context;
	const struct lost_record record = recording_file_lost(cpu, r->first_id, events);

	r->lost += events;
	r->wrote = true;
	r->write_error = perfdata_write(r->writer, &record, sizeof(record));
	return r->write_error;
}

static int on_no_ring(void *context, int cpu, u64 ns)
{
	struct recording *r = context;

	return perfdata_note(r->writer, "no_ring %d %" PRIu64, cpu, ns);
}

static const struct rings_ops recording_ops = {
	.id = on_id,
	.data = on_data,
	.lost = on_lost,
	.no_ring = on_no_ring,
};

static int finish_round(struct recording *r)
{
	const struct perf_event_header round = {
		.type = RECORD_FINISHED_ROUND,
		.size = sizeof(round),
	};
	int ret = r->wrote ? perfdata_write(r->writer, &round, sizeof(round)) : 0;

	r->wrote = false;
	return ret ? ret : perfdata_commit(r->writer);
}

/**
 * recording_start - trace from now on, and write who is running
 * @r: the recording, created
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int recording_start(struct recording *r, struct err *err)
{
	_cleanup_buf_ struct buf tasks = { 0 }, id = { 0 };
	int ret;

	ret = rings_start(&r->rings, &recording_ops, r, err);
	if (ret)
		return ret;
	r->started = true;
	ret = perfdata_note(r->writer, "start_ns %" PRIu64, now_ns(CLOCK_MONOTONIC));
	if (!ret && !kernel_boot_id(&id))
		ret = perfdata_note(r->writer, "in_boot %s", id.data);
	if (!ret)
		ret = running_tasks(&tasks);
	if (!ret && r->rings.attrs[0].cgroup)
		ret = running_cgroups(&tasks);
	if (!ret)
		ret = perfdata_write(r->writer, tasks.data, tasks.len);
	if (!ret)
		ret = perfdata_commit(r->writer);
	return ret ? err_set(err, ret, "writing the list of tasks: %s", strerror(-ret)) : 0;
}

/**
 * recording_drain - write what has come since, so that the file is whole up to now
 * @r: the recording
 *
 * Return: 0 or -errno.
 */
int recording_drain(struct recording *r)
{
	int ret = rings_drain(&r->rings, &recording_ops, r);

	if (!ret && r->renamers != r->rings.renamers.total) {
		r->renamers = r->rings.renamers.total;
		ret = perfdata_note(r->writer, "renamers %" PRIu64, r->renamers);
	}
	if (!ret)
		ret = finish_round(r);
	return ret ? ret : call_sites_name(&r->sites, r->writer);
}

/**
 * recording_follow_cpus - record CPUs that came online too
 * @r: the recording
 *
 * Return: 0 or -errno.
 */
int recording_follow_cpus(struct recording *r)
{
	return rings_follow_cpus(&r->rings, &recording_ops, r);
}

/**
 * recording_finish - stop tracing and close the file's format
 * @r: the recording
 *
 * Return: 0 or -errno, also one that ended writing before. What could be written is whole.
 */
int recording_finish(struct recording *r)
{
	const u64 end_ns = now_ns(CLOCK_MONOTONIC);
	int ret = r->write_error;

	if (!r->started)
		return ret;
	/* On a full disk the rest can't be written, and what follows takes its room. */
	if (!ret) {
		ret = rings_stop(&r->rings, &recording_ops, r);
		if (!ret)
			ret = finish_round(r);
	}
	rings_free(&r->rings);
	probes_remove(&r->probes);
	if (!ret)
		ret = call_sites_name(&r->sites, r->writer);
	if (!ret)
		ret = recording_file_note_state(r->writer, "at_end");
	if (!ret)
		ret = recording_file_note_end(r->writer, end_ns);
	if (!ret)
		return perfdata_finish(r->writer);
	perfdata_finish(r->writer);
	return ret;
}

/**
 * recording_free - free a recording; stops it if it runs
 * @r: the recording
 */
void recording_free(struct recording *r)
{
	rings_free(&r->rings);
	probes_remove(&r->probes);
	perfdata_abandon(r->writer);
	kernel_events_free(&r->kernel);
	call_sites_free(&r->sites);
	if (r->fd >= 0)
		close(r->fd);
	*r = (struct recording){ .fd = -1 };
}
