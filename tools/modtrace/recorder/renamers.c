// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/renamers.h"

#include "recorder/renames.h"
#include "recorder/running_tasks.h"

/* Between two changes of the filter, which cost the kernel a little on each CPU: longer each time. */
#define WAIT_FIRST_NS (NSEC_PER_SEC / 5)
#define WAIT_MOST_NS (10 * NSEC_PER_SEC)

/* After so long without a change it may be changed at once again. */
#define CALM_NS (60 * NSEC_PER_SEC)

static struct renamer *find(struct renamers *r, u32 tid)
{
	size_t i;

	for (i = 0; i < r->nr; i++)
		if (r->all[i].tid == tid)
			return &r->all[i];
	return NULL;
}

static void add(struct renamers *r, u32 pid, u32 tid)
{
	struct renamer *known = find(r, tid);

	if (known && !known->ended)
		return;
	if (known) {
		*known = (struct renamer){ .pid = pid, .tid = tid, .filtered = true };
	} else {
		if (r->nr == RENAMERS_MAX)
			return;
		r->all[r->nr++] = (struct renamer){ .pid = pid, .tid = tid };
	}
	r->changed = true;
}

/**
 * renamers_count - a task has taken a name
 * @r: who does so all the time
 * @pid: its process
 * @tid: its thread
 * @now_ns: when, or when that was read
 */
void renamers_count(struct renamers *r, u32 pid, u32 tid, u64 now_ns)
{
	size_t i = tid % RENAMERS_COUNTED;

	if (now_ns - r->since_ns >= NSEC_PER_SEC) {
		memset(r->counted, 0, sizeof(r->counted));
		r->since_ns = now_ns;
	}
	if (r->counted[i].tid != tid) {
		if (r->counted[i].nr && r->counted[i].nr--)
			return;
		r->counted[i].tid = tid;
		r->counted[i].pid = pid;
	}
	if (++r->counted[i].nr == RENAMES_A_SECOND)
		add(r, pid, tid);
}

/**
 * renamers_forked - a task has been made
 * @r: who renames himself all the time
 * @pid: its process
 * @tid: the task
 *
 * Return: true if its names are left out, as it has the id of such a task.
 */
bool renamers_forked(struct renamers *r, u32 pid, u32 tid)
{
	struct renamer *known = find(r, tid);

	if (!known || !known->filtered)
		return false;
	/* That it ended need not have been seen. */
	r->changed |= !known->ended;
	known->ended = known->reused = true;
	known->pid = pid;
	return true;
}

/**
 * renamers_ended - a task has ended
 * @r: who renames himself all the time
 * @tid: the task
 */
void renamers_ended(struct renamers *r, u32 tid)
{
	struct renamer *known = find(r, tid);
	size_t i;

	if (!known)
		return;
	if (known->filtered) {
		r->changed |= !known->ended;
		known->ended = true;
		known->reused = false;
		return;
	}
	/* Nobody need be told of who was so quick. */
	*known = r->all[--r->nr];
	r->changed = false;
	for (i = 0; i < r->nr; i++)
		r->changed |= r->all[i].ended || !r->all[i].filtered;
}

/**
 * renamers_have - whether a task's names are left out
 * @r: who renames himself all the time
 * @tid: the task
 *
 * Return: true if they are.
 */
bool renamers_have(struct renamers *r, u32 tid)
{
	const struct renamer *known = find(r, tid);

	return known && known->filtered;
}

/**
 * renamers_due - whether the kernel is to be told
 * @r: who renames himself all the time
 * @now_ns: the time
 *
 * Return: true if renamers_filter() is to be called, and then renamers_told().
 */
bool renamers_due(const struct renamers *r, u64 now_ns)
{
	return r->changed && now_ns >= r->next_ns;
}

/**
 * renamers_filter - the filter that leaves them out
 * @r: who renames himself all the time
 * @filter: the text is added; empty if nobody is to be left out
 *
 * Return: 0 or -ENOMEM.
 */
int renamers_filter(const struct renamers *r, struct buf *filter)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < r->nr && !ret; i++)
		if (!r->all[i].ended)
			ret = buf_addf(filter, "%spid!=%u", filter->len ? "&&" : "", r->all[i].tid);
	return ret;
}

/**
 * renamers_told - the kernel has been told
 * @r: who renames himself all the time; those that have ended are forgotten
 * @now_ns: since when
 * @done: it could be told
 * @named: gets records of those that are left out from now on, and of whose names come again
 *
 * Return: 0 or -ENOMEM.
 */
int renamers_told(struct renamers *r, u64 now_ns, bool done, struct buf *named)
{
	size_t i, nr = 0;
	int ret = 0;

	if (!r->wait_ns || now_ns - r->next_ns > CALM_NS)
		r->wait_ns = WAIT_FIRST_NS;
	r->next_ns = now_ns + r->wait_ns;
	r->wait_ns = r->wait_ns * 2 < WAIT_MOST_NS ? r->wait_ns * 2 : WAIT_MOST_NS;
	if (!done)
		return 0;
	for (i = 0; i < r->nr && !ret; i++) {
		struct renamer *one = &r->all[i];

		if (one->ended && one->reused)
			ret = running_task(named, one->pid, one->tid, now_ns);
		else if (!one->ended && !one->filtered)
			ret = running_task_named(named, one->pid, one->tid, RENAMING, now_ns);
		if (one->ended)
			continue;
		r->total += !one->filtered;
		one->filtered = true;
		r->all[nr++] = *one;
	}
	r->nr = nr;
	r->changed = false;
	return ret;
}

static bool is_filtered_rename(const struct rename_event *event, const u8 *record,
			       const struct perf_event_header *h, u32 ids[2])
{
	u16 id;

	if (h->type != PERF_RECORD_SAMPLE || h->size < RINGS_RAW_OFFSET + sizeof(id))
		return false;
	memcpy(&id, record + RINGS_RAW_OFFSET, sizeof(id));
	if (id != event->id || h->size < RINGS_RAW_OFFSET + event->pid_from + sizeof(u32))
		return false;
	memcpy(&ids[0], record + sizeof(*h) + sizeof(u64), sizeof(u32));
	memcpy(&ids[1], record + RINGS_RAW_OFFSET + event->pid_from, sizeof(u32));
	return true;
}

/**
 * renamers_look - see what records tell of who renames himself all the time
 * @r: who does
 * @event: the tracepoint that may be among them
 * @records: whole records of one CPU
 * @size: their size
 * @now_ns: when they are read
 * @named: gets records of tasks whose names can't be known
 *
 * Return: 0 or -ENOMEM.
 */
int renamers_look(struct renamers *r, const struct rename_event *event, const u8 *records,
		  size_t size, u64 now_ns, struct buf *named)
{
	struct perf_event_header h;
	u64 time_ns;
	u32 ids[4];
	size_t at;
	int ret;

	for (at = 0; next_record(records, size, at, &h); at += h.size) {
		const u8 *record = records + at;

		if (is_rename(&h)) {
			memcpy(ids, record + sizeof(h), 2 * sizeof(*ids));
			renamers_count(r, ids[0], ids[1], now_ns);
			continue;
		}
		if (is_filtered_rename(event, record, &h, ids)) {
			renamers_count(r, ids[0], ids[1], now_ns);
			continue;
		}
		if ((h.type != PERF_RECORD_EXIT && h.type != PERF_RECORD_FORK) || h.size < 32)
			continue;
		memcpy(ids, record + sizeof(h), sizeof(ids));
		if (h.type == PERF_RECORD_EXIT) {
			renamers_ended(r, ids[2]);
			continue;
		}
		if (!renamers_forked(r, ids[0], ids[2]))
			continue;
		memcpy(&time_ns, record + 24, sizeof(time_ns));
		ret = running_task_named(named, ids[0], ids[2], RENAMING, time_ns + 1);
		if (ret)
			return ret;
	}
	return 0;
}
