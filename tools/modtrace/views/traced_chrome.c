// SPDX-License-Identifier: GPL-2.0-only
/* Trace Event JSON, as Chrome writes it: an event a line. A track is a thread of its group's process. */
#include "views/traced.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "views/names.h"

/* "thread" and "process" ids are numbers of tracks; these two stand for what has no group. */
#define PID_OF(parent) ((parent) ? (parent) : TRACK_BOOT)

static int add(struct traced *t, const char *text)
{
	return buf_add(&t->out, text, strlen(text));
}

static int add_number(struct traced *t, u64 number)
{
	char text[20], *p = text + sizeof(text);

	do {
		*--p = '0' + number % 10;
		number /= 10;
	} while (number);
	return buf_add(&t->out, p, text + sizeof(text) - p);
}

static int add_key(struct traced *t, const char *key, u64 number)
{
	int ret = add(t, key);

	return ret ? ret : add_number(t, number);
}

/* Microseconds with three digits: no nanosecond is lost. */
static int add_time(struct traced *t, const char *key, u64 ns)
{
	const unsigned int rest = ns % 1000;
	const char digits[] = { '.', '0' + rest / 100, '0' + rest / 10 % 10, '0' + rest % 10 };
	int ret = add_key(t, key, ns / 1000);

	return ret ? ret : buf_add(&t->out, digits, sizeof(digits));
}

/* A text that is escaped already. */
static int add_string(struct traced *t, const char *key, const char *text)
{
	int ret = add(t, key);

	if (!ret)
		ret = add(t, "\"");
	while (*text && !ret) {
		const size_t len = strcspn(text, "\"\\");

		ret = buf_add(&t->out, text, len);
		text += len;
		if (*text && !ret) {
			const char quoted[] = { '\\', *text++ };

			ret = buf_add(&t->out, quoted, sizeof(quoted));
		}
	}
	return ret ? ret : add(t, "\"");
}

static int start(struct traced *t)
{
	return add(
		t,
		"{\"traceEvents\":[\n"
		"{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"boot\"}}");
}

static int name_thread(struct traced *t, u64 pid, u64 tid, const char *name)
{
	int ret = add_key(t, ",\n{\"ph\":\"M\",\"pid\":", pid);

	if (!ret)
		ret = add_key(t, ",\"tid\":", tid);
	if (!ret)
		ret = add_string(t, ",\"name\":\"thread_name\",\"args\":{\"name\":", name);
	return ret ? ret : add(t, "}}");
}

static int track(struct traced *t, u64 id, u64 parent, const char *name, enum track_kind kind)
{
	int ret;

	if (kind == TRACK_SLICES)
		return name_thread(t, PID_OF(parent), id, name);
	if (kind != TRACK_GROUP)
		return 0;
	ret = add_key(t, ",\n{\"ph\":\"M\",\"pid\":", id);
	if (!ret)
		ret = add_string(t, ",\"name\":\"process_name\",\"args\":{\"name\":", name);
	return ret ? ret : add(t, "}}");
}

static int add_place(struct traced *t, u64 pid, u64 tid, u64 ns)
{
	int ret = add_key(t, ",\"pid\":", pid);

	if (!ret)
		ret = add_key(t, ",\"tid\":", tid);
	return ret ? ret : add_time(t, ",\"ts\":", ns);
}

/* Flows begin and end in the slice that is under way on the track then. */
static int flow(struct traced *t, const char *phase, u64 tid, u64 ns, u64 id)
{
	int ret = add_string(t, ",\n{\"ph\":", phase);

	if (!ret)
		ret = add_key(t,
			      ",\"cat\":\"winner\",\"name\":\"result\",\"bp\":\"e\",\"id\":", id);
	if (!ret)
		ret = add_place(t, TRACK_MODULES, tid, ns);
	return ret ? ret : add(t, "}");
}

static int late(struct traced *t, u64 tid, u64 begin_ns, u64 id)
{
	return flow(t, "s", tid, begin_ns, id);
}

static int add_args(struct traced *t, const struct traced_slice *s)
{
	const struct attempt_facts *a = s->a;
	char text[16];
	int ret = add_key(t, ",\"args\":{\"task\":", a->tid);

	if (!ret)
		ret = add_string(t, ",\"requester\":", s->requester);
	if (!ret && a->outcome == OUTCOME_MERGED && a->has_wait)
		ret = add_key(t, ",\"wait_ns\":", a->wait_ns);
	if (!ret && a->outcome == OUTCOME_MERGED && a->leader > 0)
		ret = add_key(t, ",\"leader\":", a->leader);
	if (!ret && a->end_ns && a->ret)
		ret = add_string(t, ",\"errno\":", returned_text(a->ret, text, sizeof(text)));
	if (!ret && a->end_ns && marks_known(&a->cost.marks, BYTES_READ))
		ret = add_key(t, ",\"read_bytes\":", a->cost.bytes[BYTES_READ]);
	if (!ret && a->end_ns && marks_known(&a->cost.marks, BYTES_IMAGE))
		ret = add_key(t, ",\"image_bytes\":", a->cost.bytes[BYTES_IMAGE]);
	if (!ret && a->end_ns && marks_known(&a->cost.marks, BYTES_LAYOUT))
		ret = add_key(t, ",\"layout_bytes\":", a->cost.bytes[BYTES_LAYOUT]);
	return ret ? ret : add(t, "}");
}

static int slice(struct traced *t, const struct traced_slice *s)
{
	const u64 pid = s->track == TRACK_BOOT ? TRACK_BOOT :
			s->a		       ? TRACK_MODULES :
						 TRACK_REQUESTERS;
	static const char *const categories[] = {
		[TRACK_BOOT] = "boot", [TRACK_MODULES] = "module", [TRACK_REQUESTERS] = "requester"
	};
	size_t i;
	int ret = add(t, ",\n{\"ph\":\"X\"");

	if (!ret)
		ret = add_string(t, ",\"cat\":", categories[pid]);
	if (!ret)
		ret = add_string(t, ",\"name\":", s->name);
	if (!ret)
		ret = add_place(t, pid, s->track, s->begin_ns);
	if (!ret)
		ret = add_time(t, ",\"dur\":", sat_sub(s->end_ns, s->begin_ns));
	if (!ret && s->a)
		ret = add_args(t, s);
	if (!ret)
		ret = add(t, "}");
	if (!ret && s->from)
		ret = flow(t, "f", s->track, s->from_ns, s->from);
	for (i = 0; i < s->nr_to && !ret; i++)
		ret = flow(t, "s", s->track, s->begin_ns, s->to[i]);
	return ret;
}

static int counter(struct traced *t, u64 id, u64 time_ns, u64 value)
{
	int ret = add(t, id == TRACK_WAITING ? ",\n{\"ph\":\"C\",\"name\":\"waiting now\"" :
					       ",\n{\"ph\":\"C\",\"name\":\"bytes wasted\"");

	if (!ret)
		ret = add_key(t, ",\"pid\":", TRACK_BOOT);
	if (!ret)
		ret = add_time(t, ",\"ts\":", time_ns);
	if (!ret)
		ret = add_key(
			t, id == TRACK_WAITING ? ",\"args\":{\"loads\":" : ",\"args\":{\"bytes\":",
			value);
	return ret ? ret : add(t, "}}");
}

static int add_info(struct traced *t, const char *key, const char *text)
{
	_cleanup_free_ char *clean = text ? escape_dup(text, strlen(text)) : NULL;

	if (!text)
		return 0;
	return clean ? add_string(t, key, clean) : -ENOMEM;
}

static int end(struct traced *t, const struct source_info *info)
{
	int ret = add(t, "\n],\"displayTimeUnit\":\"ms\",\"otherData\":{\"source\":\"modtrace\"");

	if (!ret)
		ret = add_info(t, ",\"kernel\":", info->kernel);
	if (!ret)
		ret = add_info(t, ",\"host\":", info->host);
	if (!ret)
		ret = add_info(t, ",\"clock\":", info->clock);
	if (!ret && !info->lost_at_least)
		ret = add_key(t, ",\"lost\":", info->lost);
	if (!ret && info->truncated)
		ret = add(t, ",\"truncated\":true");
	if (!ret)
		ret = add_key(t, ",\"flows_left_out\":", t->left_out);
	return ret ? ret : add(t, "}}\n");
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
