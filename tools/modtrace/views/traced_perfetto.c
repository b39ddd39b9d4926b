// SPDX-License-Identifier: GPL-2.0-only
/* Perfetto's own format: a sequence of packets, each a message of perfetto.proto. */
#include "views/traced.h"

#include <endian.h>

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

/*
 * Events are nearly all of the file, and packing them by descriptors took most of its time: they are
 * written by hand. These are the tags of their fields: the numbers of Perfetto's public schema.
 */
enum {
	VARINT = 0,
	FIXED64 = 1,
	BYTES = 2,
#define TAG(number, kind) ((number) << 3 | (kind))
	TAG_TIMESTAMP = TAG(8, VARINT),
	TAG_SEQUENCE = TAG(10, VARINT),
	TAG_EVENT = TAG(11, BYTES),
	TAG_FLAGS = TAG(13, VARINT),
	TAG_EVENT_NOTE = TAG(4, BYTES),
	TAG_EVENT_TYPE = TAG(9, VARINT),
	TAG_EVENT_TRACK = TAG(11, VARINT),
	TAG_EVENT_NAME = TAG(23, BYTES),
	TAG_EVENT_COUNTER = TAG(30, VARINT),
	TAG_EVENT_FLOW = TAG(47, FIXED64),
	TAG_EVENT_TERMINATING = TAG(48, FIXED64),
	TAG_NOTE_NAME = TAG(1, VARINT),
	TAG_NOTE_NUMBER = TAG(3, VARINT),
	TAG_NOTE_TEXT = TAG(6, BYTES),
#undef TAG
};

enum slice_event { SLICE_BEGIN = 1, SLICE_END, INSTANT, COUNTER };

static u8 *put_varint(u8 *at, u64 value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = value | 0x80;
	*at++ = value;
	return at;
}

static u8 *put_number(u8 *at, unsigned int tag, u64 value)
{
	return put_varint(put_varint(at, tag), value);
}

/* A length that is known later has room for all that it may be; smaller ones are padded. */
#define SHORT_LENGTH 2
#define LONG_LENGTH 4

static void set_length(u8 *at, unsigned int width, const u8 *end)
{
	const size_t len = end - at - width;
	unsigned int i;

	for (i = 0; i < width; i++)
		at[i] = (len >> 7 * i & 0x7f) | (i + 1 < width ? 0x80 : 0);
}

static u8 *put_text(u8 *at, unsigned int tag, const char *text)
{
	const size_t len = strlen(text);

	return mempcpy(put_number(at, tag, len), text, len);
}

static u8 *put_flows(u8 *at, unsigned int tag, const u64 *flows, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		const u64 flow = htole64(flows[i]);

		at = mempcpy(put_varint(at, tag), &flow, sizeof(flow));
	}
	return at;
}

static u8 *note_number(u8 *at, enum note name, u64 value)
{
	u8 *length = put_varint(at, TAG_EVENT_NOTE);

	/* Shorter than 128 bytes. */
	at = put_number(put_number(length + 1, TAG_NOTE_NAME, name), TAG_NOTE_NUMBER, value);
	*length = at - length - 1;
	return at;
}

static u8 *note_text(u8 *at, enum note name, const char *text)
{
	u8 *length = put_varint(at, TAG_EVENT_NOTE);

	at = put_number(length + SHORT_LENGTH, TAG_NOTE_NAME, name);
	at = put_text(at, TAG_NOTE_TEXT, text);
	set_length(length, SHORT_LENGTH, at);
	return at;
}

/* An event under way: what was begun is ended by event_end(). */
struct event_room {
	u8 *packet;
	u8 *event;
	unsigned int width;
};

static u8 *event_begin(struct traced *t, struct event_room *r, u64 ns, enum slice_event type,
		       u64 track, size_t flows)
{
	const size_t room = PACKET_MAX + flows * FLOW_BYTES;
	struct buf *b = &t->out;
	u8 *at;

	if (grow(&b->data, &b->cap, b->len + room, 1))
		return NULL;
	r->width = room < 1U << 7 * SHORT_LENGTH ? SHORT_LENGTH : LONG_LENGTH;
	at = (u8 *)b->data + b->len;
	*at++ = TAG_PACKET;
	r->packet = at;
	at = put_number(at + r->width, TAG_TIMESTAMP, ns);
	at = put_number(at, TAG_SEQUENCE, SEQUENCE);
	at = put_number(at, TAG_FLAGS, NAMES_NEEDED);
	r->event = put_varint(at, TAG_EVENT);
	at = put_number(r->event + r->width, TAG_EVENT_TYPE, type);
	return put_number(at, TAG_EVENT_TRACK, track);
}

static int event_end(struct traced *t, const struct event_room *r, const u8 *at)
{
	set_length(r->event, r->width, at);
	set_length(r->packet, r->width, at);
	t->out.len = at - (u8 *)t->out.data;
	return 0;
}

static int write_packet(struct traced *t, Modtrace__TracePacket *packet)
{
	u8 *at;

	packet->has_trusted_packet_sequence_id = true;
	packet->trusted_packet_sequence_id = SEQUENCE;
	if (grow(&t->out.data, &t->out.cap, t->out.len + PACKET_MAX, 1))
		return -ENOMEM;
	at = (u8 *)t->out.data + t->out.len;
	*at = TAG_PACKET;
	at += 1 + SHORT_LENGTH;
	at += modtrace__trace_packet__pack(packet, at);
	set_length((u8 *)t->out.data + t->out.len + 1, SHORT_LENGTH, at);
	t->out.len = at - (u8 *)t->out.data;
	return 0;
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
	return write_packet(t, &packet);
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
	return write_packet(t, &packet);
}

static u8 *note_attempt(u8 *at, const struct traced_slice *s)
{
	const struct attempt_facts *a = s->a;
	const struct byte_marks *marks = &a->cost.marks;
	char text[16];

	at = note_number(at, NOTE_TASK, a->tid);
	at = note_text(at, NOTE_REQUESTER, s->requester);
	if (a->outcome == OUTCOME_MERGED && a->has_wait)
		at = note_number(at, NOTE_WAIT, a->wait_ns);
	if (a->outcome == OUTCOME_MERGED && a->leader > 0)
		at = note_number(at, NOTE_LEADER, a->leader);
	if (!a->end_ns)
		return at;
	if (a->ret)
		at = note_text(at, NOTE_ERRNO, returned_text(a->ret, text, sizeof(text)));
	if (marks_known(marks, BYTES_READ))
		at = note_number(at, NOTE_READ, a->cost.bytes[BYTES_READ]);
	if (marks_known(marks, BYTES_IMAGE))
		at = note_number(at, NOTE_IMAGE, a->cost.bytes[BYTES_IMAGE]);
	if (marks_known(marks, BYTES_LAYOUT))
		at = note_number(at, NOTE_LAYOUT, a->cost.bytes[BYTES_LAYOUT]);
	return at;
}

static int instant(struct traced *t, u64 track_id, u64 ns, const char *name, unsigned int tag,
		   u64 flow)
{
	struct event_room r;
	u8 *at = event_begin(t, &r, ns, INSTANT, track_id, 1);

	if (!at)
		return -ENOMEM;
	at = put_text(at, TAG_EVENT_NAME, name);
	return event_end(t, &r, put_flows(at, tag, &flow, 1));
}

static int slice(struct traced *t, const struct traced_slice *s)
{
	/* What ends a flow has to be behind what begins it. */
	const bool is_behind = s->from && s->from_ns > s->begin_ns;
	struct event_room r;
	u8 *at = event_begin(t, &r, s->begin_ns, SLICE_BEGIN, s->track, s->nr_to + 1);
	int ret;

	if (!at)
		return -ENOMEM;
	at = put_text(at, TAG_EVENT_NAME, s->name);
	if (s->a)
		at = note_attempt(at, s);
	at = put_flows(at, TAG_EVENT_FLOW, s->to, s->nr_to);
	if (s->from && !is_behind)
		at = put_flows(at, TAG_EVENT_TERMINATING, &s->from, 1);
	ret = event_end(t, &r, at);
	if (!ret && is_behind)
		ret = instant(t, s->track, s->from_ns, "winner began", TAG_EVENT_TERMINATING,
			      s->from);
	if (ret || !s->end_ns)
		return ret;
	at = event_begin(t, &r, s->end_ns, SLICE_END, s->track, 0);
	return at ? event_end(t, &r, at) : -ENOMEM;
}

static int late(struct traced *t, u64 track_id, u64 begin_ns, u64 flow)
{
	return instant(t, track_id, begin_ns, "asked again later", TAG_EVENT_FLOW, flow);
}

static int counter(struct traced *t, u64 id, u64 time_ns, u64 value)
{
	struct event_room r;
	u8 *at = event_begin(t, &r, time_ns, COUNTER, id, 0);

	if (!at)
		return -ENOMEM;
	return event_end(t, &r,
			 put_number(at, TAG_EVENT_COUNTER, value > INT64_MAX ? INT64_MAX : value));
}

static u8 *note_info(u8 *at, enum note name, const char *text)
{
	char clean[256];

	if (!text)
		return at;
	escape(clean, sizeof(clean), text, strlen(text));
	return note_text(at, name, clean);
}

/* What is known of the recording is on an event of its own. */
static int end(struct traced *t, const struct source_info *info)
{
	struct event_room r;
	u8 *at = event_begin(t, &r, t->now_ns, INSTANT, TRACK_BOOT, 0);

	if (!at)
		return -ENOMEM;
	at = put_text(at, TAG_EVENT_NAME, "recorded");
	at = note_info(at, NOTE_KERNEL, info->kernel);
	at = note_info(at, NOTE_HOST, info->host);
	at = note_info(at, NOTE_CLOCK, info->clock);
	if (!info->lost_at_least)
		at = note_number(at, NOTE_LOST, info->lost);
	if (info->truncated)
		at = note_number(at, NOTE_TRUNCATED, 1);
	return event_end(t, &r, note_number(at, NOTE_LEFT_OUT, t->left_out));
}

const struct traced_ops traced_perfetto = {
	.start = start,
	.track = track,
	.slice = slice,
	.late = late,
	.counter = counter,
	.end = end,
};
