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
	attr.comm = 1;
	attr.comm_exec = 1;
	attr.cgroup = cgroups;
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

/**
 * kernel_rings_open - open rings for a kernel's events
 * @r: filled; rings_free() frees it, after an error too. Its first event carries task records
 *	only, the others are those of @kernel in their order
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
	size_t i;
	int ret;

	attrs = calloc(kernel->nr + 1, sizeof(*attrs));
	filters = calloc(kernel->nr + 1, sizeof(*filters));
	if (!attrs || !filters)
		return err_set(err, -ENOMEM, "out of memory");
	attrs[0] = task_attr(bytes, cgroups);
	for (i = 0; i < kernel->nr; i++) {
		const struct event_desc *desc = kernel->all[i].desc;

		attrs[i + 1] = tracepoint_attr(bytes, cgroups, kernel->all[i].id);
		if (desc->need == NEED_PROBE)
			filters[i + 1] = probe_filter(desc->name);
	}
	ret = rings_init(r, attrs, filters, kernel->nr + 1, pages, cpu_list, err);
	return ret ? ret : rings_open(r, err);
}
