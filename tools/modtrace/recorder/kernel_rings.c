// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/kernel_rings.h"

#include <time.h>

/* Every record ends in struct sample_id. */
#define SAMPLE_TYPE (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU)

static struct perf_event_attr base_attr(size_t ring_bytes, bool cgroups)
{
	return (struct perf_event_attr){
		.size = sizeof(struct perf_event_attr),
		.sample_type = SAMPLE_TYPE | (cgroups ? PERF_SAMPLE_CGROUP : 0),
		.disabled = 1,
		.sample_id_all = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.watermark = 1,
		.wakeup_watermark = ring_bytes / 4,
	};
}

static struct perf_event_attr task_attr(size_t ring_bytes, bool cgroups)
{
	struct perf_event_attr attr = base_attr(ring_bytes, cgroups);

	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_DUMMY;
	attr.task = 1;
	attr.cgroup = cgroups;
	return attr;
}

/* An event of their own, as they are more than can be read while somebody has fun with them. */
static struct perf_event_attr names_attr(size_t ring_bytes, bool cgroups)
{
	struct perf_event_attr attr = base_attr(ring_bytes, cgroups);

	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_DUMMY;
	attr.comm = 1;
	attr.comm_exec = 1;
	return attr;
}

static struct perf_event_attr tracepoint_attr(size_t ring_bytes, bool cgroups, int id)
{
	struct perf_event_attr attr = base_attr(ring_bytes, cgroups);

	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = id;
	attr.sample_period = 1;
	attr.sample_type |= PERF_SAMPLE_RAW;
	return attr;
}

/* Where the raw record has the thread that gets a name, 0 if it doesn't. */
static unsigned int pid_of_rename(const char *format)
{
	const char *line = strstr(format, "field:pid_t pid;");
	unsigned int offset;

	return line && sscanf(line, "field:pid_t pid;\toffset:%u;\tsize:4;", &offset) == 1 ?
		       offset :
		       0;
}

/**
 * kernel_rings_event - which of a kernel's events an event on the rings is
 * @kernel: the events
 * @attr: the rings' number
 *
 * Return: the event, of @kernel, or NULL for one with records of tasks only.
 */
const struct kernel_event *kernel_rings_event(const struct kernel_events *kernel, unsigned int attr)
{
	return attr && attr <= kernel->nr ? &kernel->all[attr - 1] : NULL;
}

/**
 * kernel_rings_open - open rings for a kernel's events
 * @r: filled; rings_free() frees it, after an error too. See kernel_rings_event() for its events
 * @kernel: the events
 * @pages: data pages a ring
 * @cpu_list: CPUs, or NULL for all
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int kernel_rings_open(struct rings *r, const struct kernel_events *kernel, size_t pages,
		      const char *cpu_list, struct err *err)
{
	const size_t bytes = pages * sysconf(_SC_PAGESIZE);
	const bool cgroups = kernel_tells_cgroups();
	_cleanup_free_ struct perf_event_attr *attrs = NULL;
	_cleanup_free_ const char **filters = NULL;
	const unsigned int nr_attrs = kernel->nr + 2;
	struct ring_names names = { .all = kernel->nr + 1 };
	size_t i;
	int ret;

	attrs = calloc(nr_attrs, sizeof(*attrs));
	filters = calloc(nr_attrs, sizeof(*filters));
	if (!attrs || !filters)
		return err_set(err, -ENOMEM, "out of memory");
	attrs[0] = task_attr(bytes, cgroups);
	for (i = 0; i < kernel->nr; i++) {
		const struct event_desc *desc = kernel->all[i].desc;

		attrs[i + 1] = tracepoint_attr(bytes, cgroups, kernel->all[i].id);
		filters[i + 1] = kernel->all[i].filter;
		if (desc->need != NEED_NAMES)
			continue;
		names.some = i + 1;
		names.event.id = kernel->all[i].id;
		names.event.pid_from = pid_of_rename(kernel->all[i].format);
	}
	attrs[names.all] = names_attr(bytes, cgroups);
	ret = rings_init(r, attrs, filters, nr_attrs, pages, cpu_list, err);
	if (ret)
		return ret;
	if (names.event.pid_from)
		r->names = names;
	return rings_open(r, err);
}
