// SPDX-License-Identifier: GPL-2.0-only
/* Trace Event JSON, as Chrome writes it: an event a line. A track is a thread of its group's process. */
#include "views/traced.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "views/names.h"

/* "thread" and "process" ids are numbers of tracks; these two stand for what has no group. */
#define PID_OF(parent) ((parent) ? (parent) : TRACK_BOOT)

/* More than an event takes: numbers of 20 digits, and three names, each of whose bytes may become two. */
#define EVENT_MAX 4096

/* Room for an event at the end of what isn't in the stream yet; NULL if there is none. */
static char *event_begin(struct traced *t)
{
	struct buf *b = &t->out;

	return grow(&b->data, &b->cap, b->len + EVENT_MAX, 1) ? NULL : b->data + b->len;
}

static int event_end(struct traced *t, const char *at)
{
	t->out.len = at - t->out.data;
	return 0;
}

/* A text that needs nothing before it goes into JSON. */
#define PUT(at, text) mempcpy(at, text, sizeof(text) - 1)

static char *put_number(char *at, u64 number)
{
	char text[20], *p = text + sizeof(text);

	do {
		*--p = '0' + number % 10;
		number /= 10;
	} while (number);
	return mempcpy(at, p, text + sizeof(text) - p);
}

#define PUT_NUMBER(at, key, number) put_number(PUT(at, key), number)

/* Microseconds with three digits: no nanosecond is lost. */
static char *put_time(char *at, u64 ns)
{
	const unsigned int rest = ns % 1000;

	at = put_number(at, ns / 1000);
	*at++ = '.';
	*at++ = '0' + rest / 100;
	*at++ = '0' + rest / 10 % 10;
	*at++ = '0' + rest % 10;
	return at;
}

#define PUT_TIME(at, key, ns) put_time(PUT(at, key), ns)

/* A text that is escaped already, of a name's size. */
static char *put_string(char *at, const char *text)
{
	*at++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*at++ = '\\';
		*at++ = *text;
	}
	*at++ = '"';
	return at;
}

#define PUT_STRING(at, key, text) put_string(PUT(at, key), text)

static int add(struct traced *t, const char *text)
{
	return buf_add(&t->out, text, strlen(text));
}

static int start(struct traced *t)
{
	return add(
		t,
		"{\"traceEvents\":[\n"
		"{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"boot\"}}");
}

static int track(struct traced *t, u64 id, u64 parent, const char *name, enum track_kind kind)
{
	char *at;

	if (kind != TRACK_SLICES && kind != TRACK_GROUP)
		return 0;
	at = event_begin(t);
	if (!at)
		return -ENOMEM;
	at = PUT_NUMBER(at, ",\n{\"ph\":\"M\",\"pid\":", kind == TRACK_GROUP ? id : PID_OF(parent));
	if (kind == TRACK_SLICES)
		at = PUT_NUMBER(at, ",\"tid\":", id);
	at = kind == TRACK_SLICES ? PUT(at, ",\"name\":\"thread_name\"") :
				    PUT(at, ",\"name\":\"process_name\"");
	at = PUT_STRING(at, ",\"args\":{\"name\":", name);
	return event_end(t, PUT(at, "}}"));
}

static char *put_place(char *at, u64 pid, u64 tid, u64 ns)
{
	at = PUT_NUMBER(at, ",\"pid\":", pid);
	at = PUT_NUMBER(at, ",\"tid\":", tid);
	return PUT_TIME(at, ",\"ts\":", ns);
}

/* Flows begin and end in the slice that is under way on the track then. */
static int flow(struct traced *t, char phase, u64 tid, u64 ns, u64 id)
{
	char *at = event_begin(t);

	if (!at)
		return -ENOMEM;
	at = PUT(at, ",\n{\"ph\":\"");
	*at++ = phase;
	at = PUT_NUMBER(at, "\",\"cat\":\"winner\",\"name\":\"result\",\"bp\":\"e\",\"id\":", id);
	at = put_place(at, TRACK_MODULES, tid, ns);
	return event_end(t, PUT(at, "}"));
}

static int late(struct traced *t, u64 tid, u64 begin_ns, u64 id)
{
	return flow(t, 's', tid, begin_ns, id);
}

static char *put_args(char *at, const struct traced_slice *s)
{
	const struct attempt_facts *a = s->a;
	const struct byte_marks *marks = &a->cost.marks;
	char text[16];

	at = PUT_NUMBER(at, ",\"args\":{\"task\":", a->tid);
	at = PUT_STRING(at, ",\"requester\":", s->requester);
	if (a->outcome == OUTCOME_MERGED && a->has_wait)
		at = PUT_NUMBER(at, ",\"wait_ns\":", a->wait_ns);
	if (a->outcome == OUTCOME_MERGED && a->leader > 0)
		at = PUT_NUMBER(at, ",\"leader\":", a->leader);
	if (a->end_ns && a->ret)
		at = PUT_STRING(at, ",\"errno\":", returned_text(a->ret, text, sizeof(text)));
	if (a->end_ns && marks_known(marks, BYTES_READ))
		at = PUT_NUMBER(at, ",\"read_bytes\":", a->cost.bytes[BYTES_READ]);
	if (a->end_ns && marks_known(marks, BYTES_IMAGE))
		at = PUT_NUMBER(at, ",\"image_bytes\":", a->cost.bytes[BYTES_IMAGE]);
	if (a->end_ns && marks_known(marks, BYTES_LAYOUT))
		at = PUT_NUMBER(at, ",\"layout_bytes\":", a->cost.bytes[BYTES_LAYOUT]);
	return PUT(at, "}");
}

static int slice(struct traced *t, const struct traced_slice *s)
{
	const u64 pid = s->track == TRACK_BOOT ? TRACK_BOOT :
			s->a		       ? TRACK_MODULES :
						 TRACK_REQUESTERS;
	char *at = event_begin(t);
	size_t i;
	int ret;

	if (!at)
		return -ENOMEM;
	at = PUT(at, ",\n{\"ph\":\"X\",\"cat\":");
	at = pid == TRACK_BOOT	  ? PUT(at, "\"boot\"") :
	     pid == TRACK_MODULES ? PUT(at, "\"module\"") :
				    PUT(at, "\"requester\"");
	at = PUT_STRING(at, ",\"name\":", s->name);
	at = put_place(at, pid, s->track, s->begin_ns);
	at = PUT_TIME(at, ",\"dur\":", sat_sub(s->end_ns, s->begin_ns));
	if (s->a)
		at = put_args(at, s);
	ret = event_end(t, PUT(at, "}"));
	if (!ret && s->from)
		ret = flow(t, 'f', s->track, s->from_ns, s->from);
	for (i = 0; i < s->nr_to && !ret; i++)
		ret = flow(t, 's', s->track, s->begin_ns, s->to[i]);
	return ret;
}

static int counter(struct traced *t, u64 id, u64 time_ns, u64 value)
{
	char *at = event_begin(t);

	if (!at)
		return -ENOMEM;
	at = id == TRACK_WAITING ? PUT(at, ",\n{\"ph\":\"C\",\"name\":\"waiting now\"") :
				   PUT(at, ",\n{\"ph\":\"C\",\"name\":\"bytes wasted\"");
	at = PUT_NUMBER(at, ",\"pid\":", TRACK_BOOT);
	at = PUT_TIME(at, ",\"ts\":", time_ns);
	at = id == TRACK_WAITING ? PUT(at, ",\"args\":{\"loads\":") :
				   PUT(at, ",\"args\":{\"bytes\":");
	return event_end(t, PUT(put_number(at, value), "}}"));
}

/* What may be longer than a name. */
static int add_info(struct traced *t, const char *key, const char *text)
{
	_cleanup_free_ char *clean = text ? escape_dup(text, strlen(text)) : NULL;
	_cleanup_free_ char *quoted = NULL;
	int ret;

	if (!text)
		return 0;
	quoted = clean ? malloc(2 * strlen(clean) + 3) : NULL;
	if (!quoted)
		return -ENOMEM;
	*put_string(quoted, clean) = '\0';
	ret = add(t, key);
	return ret ? ret : add(t, quoted);
}

static int end(struct traced *t, const struct source_info *info)
{
	int ret = add(t, "\n],\"displayTimeUnit\":\"ms\",\"otherData\":{\"source\":\"modtrace\"");
	char *at;

	if (!ret)
		ret = add_info(t, ",\"kernel\":", info->kernel);
	if (!ret)
		ret = add_info(t, ",\"host\":", info->host);
	if (!ret)
		ret = add_info(t, ",\"clock\":", info->clock);
	at = ret ? NULL : event_begin(t);
	if (!at)
		return -ENOMEM;
	if (!info->lost_at_least)
		at = PUT_NUMBER(at, ",\"lost\":", info->lost);
	if (info->truncated)
		at = PUT(at, ",\"truncated\":true");
	at = PUT_NUMBER(at, ",\"flows_left_out\":", t->left_out);
	return event_end(t, PUT(at, "}}\n"));
}

/* Of a begin without an end, speedscope and the Firefox Profiler show next to nothing. */
const struct traced_ops traced_chrome = {
	.needs_ends = true,
	.start = start,
	.track = track,
	.slice = slice,
	.late = late,
	.counter = counter,
	.end = end,
};
