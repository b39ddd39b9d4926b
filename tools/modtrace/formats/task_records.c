// SPDX-License-Identifier: GPL-2.0-only
#include "formats/task_records.h"

/**
 * task_record_body - what a record has ahead of its sample id, at least
 * @type: PERF_RECORD_…
 *
 * Return: the size with the header, 0 for a record that is none of tasks, control groups and
 * losses.
 */
size_t task_record_body(u32 type)
{
	switch (type) {
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
		return 32;
	case PERF_RECORD_COMM:
	case PERF_RECORD_LOST_SAMPLES:
	case PERF_RECORD_CGROUP:
		return 16;
	case PERF_RECORD_LOST:
		return 24;
	default:
		return 0;
	}
}

/**
 * task_record_read - the event that a record of a task or a control group tells of
 * @ev: filled; its strings are those of @record
 * @record: PERF_RECORD_FORK, COMM, EXIT or CGROUP, no shorter than task_record_body()
 * @h: its header
 */
void task_record_read(struct event *ev, const u8 *record, const struct perf_event_header *h)
{
	s32 ids[4];

	if (h->type == PERF_RECORD_CGROUP) {
		ev->type = EVENT_CGROUP;
		memcpy(&ev->cgroup, record + 8, 8);
		ev->comm.text = (const char *)record + 16;
		ev->comm.len = strnlen(ev->comm.text, h->size - 16);
		return;
	}
	if (h->type == PERF_RECORD_COMM) {
		memcpy(ids, record + 8, 8);
		ev->type = EVENT_COMM;
		ev->pid = ids[0];
		ev->task = ids[1];
		ev->comm.text = (const char *)record + 16;
		ev->comm.len = strnlen(ev->comm.text, h->size - 16);
		return;
	}
	memcpy(ids, record + 8, sizeof(ids));
	ev->type = h->type == PERF_RECORD_FORK ? EVENT_FORK : EVENT_EXIT;
	ev->pid = ids[0];
	ev->parent_pid = ids[1];
	ev->task = ids[2];
	ev->parent_tid = ids[3];
}
