// SPDX-License-Identifier: GPL-2.0-only
/* Perfetto's own format: a sequence of packets, each a message of perfetto.proto. */
#include "views/traced.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "views/names.h"

/* Generated from perfetto.proto. */
#include <perfetto.pb-c.h>

#define SEQUENCE 1
#define NAMES_BEGIN 1
#define NAMES_NEEDED 2

/* The field of a packet in the file: number 1, bytes. */
#define TAG_PACKET 0x0a

/* More than a packet takes beside its flows: names are of 256 bytes at most. */
#define PACKET_MAX 4096
#define FLOW_BYTES 10

/* Names of an attempt's annotations, which are written once. */
enum note {
	NOTE_TASK = 1,
	NOTE_REQUESTER,
	NOTE_WAIT,
	NOTE_LEADER,
	NOTE_ERRNO,
	NOTE_READ,
	NOTE_IMAGE,
	NOTE_LAYOUT,
	NOTE_KERNEL,
	NOTE_HOST,
	NOTE_CLOCK,
	NOTE_LOST,
	NOTE_TRUNCATED,
	NOTE_LEFT_OUT,
	NOTE_NR
};

static const char *const note_names[NOTE_NR] = {
	[NOTE_TASK] = "task",		[NOTE_REQUESTER] = "requester",
	[NOTE_WAIT] = "wait_ns",	[NOTE_LEADER] = "leader",
	[NOTE_ERRNO] = "errno",		[NOTE_READ] = "read_bytes",
	[NOTE_IMAGE] = "image_bytes",	[NOTE_LAYOUT] = "layout_bytes",
	[NOTE_KERNEL] = "kernel",	[NOTE_HOST] = "host",
	[NOTE_CLOCK] = "clock",		[NOTE_LOST] = "lost",
	[NOTE_TRUNCATED] = "truncated", [NOTE_LEFT_OUT] = "flows_left_out",
};

/* The notes of one event. */
struct notes {
	Modtrace__Annotation all[NOTE_NR];
	Modtrace__Annotation *list[NOTE_NR];
	size_t nr;
};

static int write_packet(struct traced *t, Modtrace__TracePacket *packet, size_t flows)
{
	const size_t room = PACKET_MAX + flows * FLOW_BYTES;
	size_t len, left, i = 0;
	u8 head[11] = { TAG_PACKET }, *at;

	packet->has_trusted_packet_sequence_id = true;
	packet->trusted_packet_sequence_id = SEQUENCE;
	if (!packet->interned_data && packet->track_event) {
		packet->has_sequence_flags = true;
		packet->sequence_flags = NAMES_NEEDED;
	}
	if (grow(&t->out.data, &t->out.cap, t->out.len + sizeof(head) + room, 1))
		return -ENOMEM;
	/* Its length is known behind it. */
	at = (u8 *)t->out.data + t->out.len + sizeof(head);
	len = modtrace__trace_packet__pack(packet, at);
	for (left = len; left >= 0x80; left >>= 7)
		head[++i] = left | 0x80;
	head[++i] = left;
	memcpy(t->out.data + t->out.len, head, i + 1);
	memmove(t->out.data + t->out.len + i + 1, at, len);
	t->out.len += i + 1 + len;
	return 0;
}

static int write_event(struct traced *t, u64 ns, Modtrace__TrackEvent *event)
{
	Modtrace__TracePacket packet = MODTRACE__TRACE_PACKET__INIT;

	packet.has_timestamp = true;
	packet.timestamp = ns;
	packet.track_event = event;
	event->has_track_uuid = true;
	event->has_type = true;
	return write_packet(t, &packet, event->n_flow_ids + event->n_terminating_flow_ids);
}

static int start(struct traced *t)
{
	Modtrace__TracePacket packet = MODTRACE__TRACE_PACKET__INIT;
	Modtrace__InternedData data = MODTRACE__INTERNED_DATA__INIT;
	Modtrace__InternedName names[NOTE_NR], *list[NOTE_NR];
	size_t i;

	for (i = 1; i < NOTE_NR; i++) {
		names[i] = (Modtrace__InternedName)MODTRACE__INTERNED_NAME__INIT;
		names[i].has_iid = true;
		names[i].iid = i;
		names[i].name = (char *)note_names[i];
		list[i - 1] = &names[i];
	}
	data.n_debug_annotation_names = NOTE_NR - 1;
	data.debug_annotation_names = list;
	packet.interned_data = &data;
	packet.has_sequence_flags = true;
	packet.sequence_flags = NAMES_BEGIN;
	return write_packet(t, &packet, 0);
}

static int track(struct traced *t, u64 id, u64 parent, const char *name, enum track_kind kind)
{
	Modtrace__TracePacket packet = MODTRACE__TRACE_PACKET__INIT;
	Modtrace__TrackDescriptor track = MODTRACE__TRACK_DESCRIPTOR__INIT;
	Modtrace__CounterDescriptor counter = MODTRACE__COUNTER_DESCRIPTOR__INIT;

	track.has_uuid = true;
	track.uuid = id;
	track.has_parent_uuid = parent != 0;
	track.parent_uuid = parent;
	track.name = (char *)name;
	if (kind == TRACK_COUNT || kind == TRACK_BYTES) {
		counter.has_unit = true;
		counter.unit = kind == TRACK_BYTES ?
				       MODTRACE__COUNTER_DESCRIPTOR__UNIT__SIZE_BYTES :
				       MODTRACE__COUNTER_DESCRIPTOR__UNIT__COUNT;
		track.counter = &counter;
	}
	packet.track_descriptor = &track;
	return write_packet(t, &packet, 0);
}

static Modtrace__Annotation *note(struct notes *n, enum note name)
{
	Modtrace__Annotation *a = &n->all[n->nr];

	*a = (Modtrace__Annotation)MODTRACE__ANNOTATION__INIT;
	a->has_name_iid = true;
	a->name_iid = name;
	n->list[n->nr++] = a;
	return a;
}

static void note_number(struct notes *n, enum note name, u64 value)
{
	Modtrace__Annotation *a = note(n, name);

	a->has_uint_value = true;
	a->uint_value = value;
}

static void note_text(struct notes *n, enum note name, const char *text)
{
	note(n, name)->string_value = (char *)text;
}

static void add_notes(Modtrace__TrackEvent *event, struct notes *n)
{
	event->n_debug_annotations = n->nr;
	event->debug_annotations = n->list;
}

/* @errno_room: of 16 bytes, as long as the notes are. */
static void note_attempt(struct notes *n, const struct traced_slice *s, char *errno_room)
{
	const struct attempt_facts *a = s->a;
	const struct byte_marks *marks = &a->cost.marks;

	note_number(n, NOTE_TASK, a->tid);
	note_text(n, NOTE_REQUESTER, s->requester);
	if (a->outcome == OUTCOME_MERGED && a->has_wait)
		note_number(n, NOTE_WAIT, a->wait_ns);
	if (a->outcome == OUTCOME_MERGED && a->leader > 0)
		note_number(n, NOTE_LEADER, a->leader);
	if (!a->end_ns)
		return;
	if (a->ret)
		note_text(n, NOTE_ERRNO, returned_text(a->ret, errno_room, 16));
	if (marks_known(marks, BYTES_READ))
		note_number(n, NOTE_READ, a->cost.bytes[BYTES_READ]);
	if (marks_known(marks, BYTES_IMAGE))
		note_number(n, NOTE_IMAGE, a->cost.bytes[BYTES_IMAGE]);
	if (marks_known(marks, BYTES_LAYOUT))
		note_number(n, NOTE_LAYOUT, a->cost.bytes[BYTES_LAYOUT]);
}

static int instant(struct traced *t, u64 track_id, u64 ns, const char *name, u64 *from, u64 *to)
{
	Modtrace__TrackEvent event = MODTRACE__TRACK_EVENT__INIT;

	event.type = MODTRACE__TRACK_EVENT__TYPE__INSTANT;
	event.track_uuid = track_id;
	event.name = (char *)name;
	event.n_terminating_flow_ids = from != NULL;
	event.terminating_flow_ids = from;
	event.n_flow_ids = to != NULL;
	event.flow_ids = to;
	return write_event(t, ns, &event);
}

static int slice(struct traced *t, const struct traced_slice *s)
{
	Modtrace__TrackEvent event = MODTRACE__TRACK_EVENT__INIT;
	/* What ends a flow has to be behind what begins it. */
	const bool is_behind = s->from && s->from_ns > s->begin_ns;
	u64 from = s->from;
	char errno_room[16];
	struct notes n;
	int ret;

	n.nr = 0;
	event.type = MODTRACE__TRACK_EVENT__TYPE__SLICE_BEGIN;
	event.track_uuid = s->track;
	event.name = (char *)s->name;
	if (s->a)
		note_attempt(&n, s, errno_room);
	add_notes(&event, &n);
	event.n_flow_ids = s->nr_to;
	event.flow_ids = (u64 *)s->to;
	if (from && !is_behind) {
		event.n_terminating_flow_ids = 1;
		event.terminating_flow_ids = &from;
	}
	ret = write_event(t, s->begin_ns, &event);
	if (!ret && is_behind)
		ret = instant(t, s->track, s->from_ns, "winner began", &from, NULL);
	if (ret || !s->end_ns)
		return ret;
	event = (Modtrace__TrackEvent)MODTRACE__TRACK_EVENT__INIT;
	event.type = MODTRACE__TRACK_EVENT__TYPE__SLICE_END;
	event.track_uuid = s->track;
	return write_event(t, s->end_ns, &event);
}

static int late(struct traced *t, u64 track_id, u64 begin_ns, u64 flow)
{
	return instant(t, track_id, begin_ns, "asked again later", NULL, &flow);
}

static int counter(struct traced *t, u64 id, u64 time_ns, u64 value)
{
	Modtrace__TrackEvent event = MODTRACE__TRACK_EVENT__INIT;

	event.type = MODTRACE__TRACK_EVENT__TYPE__COUNTER;
	event.track_uuid = id;
	event.has_counter_value = true;
	event.counter_value = value > INT64_MAX ? INT64_MAX : (s64)value;
	return write_event(t, time_ns, &event);
}

static void note_info(struct notes *n, enum note name, const char *text, char *clean, size_t size)
{
	if (!text)
		return;
	escape(clean, size, text, strlen(text));
	note_text(n, name, clean);
}

/* What is known of the recording is on an event of its own. */
static int end(struct traced *t, const struct source_info *info)
{
	Modtrace__TrackEvent event = MODTRACE__TRACK_EVENT__INIT;
	char kernel[256], host[256], clock[64];
	struct notes n;

	n.nr = 0;
	note_info(&n, NOTE_KERNEL, info->kernel, kernel, sizeof(kernel));
	note_info(&n, NOTE_HOST, info->host, host, sizeof(host));
	note_info(&n, NOTE_CLOCK, info->clock, clock, sizeof(clock));
	if (!info->lost_at_least)
		note_number(&n, NOTE_LOST, info->lost);
	if (info->truncated)
		note_number(&n, NOTE_TRUNCATED, 1);
	note_number(&n, NOTE_LEFT_OUT, t->left_out);
	add_notes(&event, &n);
	event.type = MODTRACE__TRACK_EVENT__TYPE__INSTANT;
	event.track_uuid = TRACK_BOOT;
	event.name = (char *)"recorded";
	return write_event(t, t->now_ns, &event);
}

const struct traced_ops traced_perfetto = {
	.start = start,
	.track = track,
	.slice = slice,
	.late = late,
	.counter = counter,
	.end = end,
};
