// SPDX-License-Identifier: GPL-2.0-only
#include "views/output_requests.h"

#include "lib/format.h"
#include "views/aliases.h"
#include "views/names.h"

enum field {
	F_TIME = ROW_NR,
	F_NAME,
	F_CALL_SITE,
	F_WAIT,
	F_MERGED,
	F_LEADER,
	F_WAIT_NS,
	F_COMM,
	F_TID,
	F_PARENT,
	F_SERVICE,
	F_NR
};

static const struct record_field request_fields[] = {
	ROW_FIELDS,
	[F_TIME] = { "time_ns", RECORD_TIME, 12, false },
	[F_NAME] = { "name", RECORD_TEXT, 20, false },
	[F_CALL_SITE] = { "call_site", RECORD_TEXT, 24, false },
	[F_WAIT] = { "wait", RECORD_BOOL, 0, false },
	[F_MERGED] = { "merged", RECORD_BOOL, 0, false },
	[F_LEADER] = { "leader", RECORD_SIGNED, 7, false },
	[F_WAIT_NS] = { "wait_ns", RECORD_NS, 8, false },
	[F_COMM] = { "comm", RECORD_TEXT, 15, false },
	[F_TID] = { "tid", RECORD_SIGNED, 7, false },
	[F_PARENT] = { "parent", RECORD_TEXT, 15, false },
	[F_SERVICE] = { "service", RECORD_TEXT, 15, false },
};

_Static_assert(F_NR <= RECORD_FIELDS_MAX, "room for all fields");

enum fate { FATE_OPEN, FATE_MERGED, FATE_OWN, FATE_UNKNOWN };

/**
 * struct queued_request - a request, and what became of it
 * @facts: the request
 * @fate: merged into another or not
 * @leader: of a merged one the thread whose request it was merged into, 0 if not known
 * @has_wait: @wait_ns is known
 * @wait_ns: how long a merged one waited
 */
struct queued_request {
	struct request_facts facts;
	enum fate fate;
	s32 leader;
	bool has_wait;
	u64 wait_ns;
};

struct request_line {
	const struct queued_request *q;
	const struct source_info *info;
	u64 start_ns;
};

static void print_fate(FILE *out, const struct queued_request *q)
{
	char text[32];

	if (q->fate != FATE_MERGED)
		return;
	fputs(", merged", out);
	if (q->leader)
		fprintf(out, " into that of %d", q->leader);
	if (!q->has_wait)
		return;
	format_ns(text, sizeof(text), q->wait_ns);
	fprintf(out, ", waited %s", text);
}

static int print_line(const void *context, FILE *out)
{
	const struct request_line *line = context;
	const struct request_facts *r = &line->q->facts;
	const char *site = source_symbol(line->info, r->row->ip);
	char meaning[48];

	output_row_time(out, line->info, r->time_ns, line->start_ns);
	fputs("  ", out);
	output_row_name(out, r->row->name, 20);
	fputs("  ", out);
	output_row_name(out, site ? site : "?", 16);
	fputs("  ", out);
	output_row_name(out, r->who.comm, 0);
	fprintf(out, " %d", r->tid);
	if (r->who.parent) {
		fputs(" (", out);
		output_row_name(out, r->who.parent, 0);
		fputc(')', out);
	}
	if (r->wait_known && !r->wait)
		fputs(", no wait", out);
	print_fate(out, line->q);
	if (alias_meaning(r->row->name, meaning, sizeof(meaning)))
		fprintf(out, ", %s", meaning);
	fputc('\n', out);
	return ferror(out) ? -EIO : 0;
}

/**
 * request_records_init - set up a stream of requests
 * @r: the stream
 */
void request_records_init(struct records *r)
{
	r->name = "requests";
	r->fields = request_fields;
	r->nr_fields = F_NR;
}

static int write_request(struct request_queue *q, const struct queued_request *one)
{
	const struct source_info *info = q->row->info;
	const struct request_line line = { one, info, q->records->start_ns };
	const struct request_facts *r = &one->facts;
	const bool merged = one->fate == FATE_MERGED;
	struct record_value v[F_NR] = { 0 };
	const char *symbol = source_symbol(info, r->row->ip);

	output_row_set(q->row, "request", v);
	record_set(&v[F_TIME], !info->untimed, r->time_ns);
	record_set_text(&v[F_NAME], r->row->name);
	record_set_text(&v[F_CALL_SITE], symbol ? symbol : r->row->ip ? "?" : NULL);
	record_set(&v[F_WAIT], r->wait_known, r->wait);
	record_set(&v[F_MERGED], merged || one->fate == FATE_OWN, merged);
	record_set(&v[F_LEADER], merged && one->leader, (u64)(s64)one->leader);
	record_set(&v[F_WAIT_NS], merged && one->has_wait, one->wait_ns);
	v[F_LEADER].has = v[F_WAIT_NS].has = one->fate != FATE_OWN;
	record_set_text(&v[F_COMM], r->who.comm);
	record_set(&v[F_TID], true, (u64)(s64)r->tid);
	record_set_text(&v[F_PARENT], r->who.parent);
	record_set_text(&v[F_SERVICE], r->who.service);
	return records_add(q->records, v, print_line, &line);
}

/* All that nothing more can be learnt of, up to the first of which it can. */
static int write_known(struct request_queue *q)
{
	int ret = 0;

	while (q->first < q->nr && q->all[q->first].fate != FATE_OPEN && !ret)
		ret = write_request(q, &q->all[q->first++]);
	if (q->first == q->nr) {
		q->first = 0;
		q->nr = 0;
	}
	return ret;
}

static struct queued_request *open_of(const struct request_queue *q, s32 tid)
{
	const uintptr_t index = (uintptr_t)map_get(&q->open_by_tid, (u32)tid);

	return index ? &q->all[index - 1] : NULL;
}

static struct queued_request *close_of(struct request_queue *q, s32 tid, enum fate fate)
{
	struct queued_request *one = open_of(q, tid);

	if (!one)
		return NULL;
	one->fate = fate;
	map_del(&q->open_by_tid, (u32)tid);
	return one;
}

/**
 * request_queue_add - take a request that is to be written
 * @q: the queue
 * @r: the request; its names must outlive @q
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int request_queue_add(struct request_queue *q, const struct request_facts *r)
{
	const bool known = q->row->info->recorded & 1U << EVENT_AUTOLOAD_DUP;
	struct queued_request one = { .facts = *r, .fate = known ? FATE_OPEN : FATE_UNKNOWN };

	if (!known)
		return write_request(q, &one);
	if (grow(&q->all, &q->cap, q->nr + 1, sizeof(*q->all)))
		return -ENOMEM;
	q->all[q->nr++] = one;
	return map_set(&q->open_by_tid, (u32)r->tid, (void *)(uintptr_t)q->nr);
}

static void close_all(struct request_queue *q)
{
	size_t i;

	for (i = q->first; i < q->nr; i++)
		if (q->all[i].fate == FATE_OPEN)
			close_of(q, q->all[i].facts.tid, FATE_UNKNOWN);
}

/**
 * request_queue_event - see what an event tells of requests made before it
 * @q: the queue
 * @ev: the event, which the model may have yet to see
 *
 * What a thread does later shows that its request has returned: a merged one had an event by then.
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int request_queue_event(struct request_queue *q, const struct event *ev)
{
	struct queued_request *one;

	if (q->first == q->nr)
		return 0;
	switch (ev->type) {
	case EVENT_LOST:
		close_all(q);
		break;
	case EVENT_AUTOLOAD_DUP:
		close_of(q, ev->leader, FATE_OWN);
		one = close_of(q, ev->tid, FATE_MERGED);
		if (!one)
			break;
		one->leader = ev->leader;
		one->has_wait = ev->has_wait;
		one->wait_ns = ev->wait_ns;
		break;
	case EVENT_FORK:
		close_of(q, ev->parent_tid, FATE_OWN);
		break;
	case EVENT_COMM:
	case EVENT_EXIT:
		close_of(q, ev->task, FATE_OWN);
		break;
	case EVENT_CGROUP:
		break;
	default:
		close_of(q, ev->tid, FATE_OWN);
	}
	return write_known(q);
}

/**
 * request_queue_end - write those of which nothing more will be known
 * @q: the queue
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int request_queue_end(struct request_queue *q)
{
	close_all(q);
	return write_known(q);
}

/**
 * request_queue_free - free what is queued
 * @q: the queue
 */
void request_queue_free(struct request_queue *q)
{
	map_free(&q->open_by_tid);
	free(q->all);
	q->all = NULL;
}
