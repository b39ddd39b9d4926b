// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process that reads a trace.dat: libtracecmd trusts the file, so this one may crash, run
 * out of memory or of time. It does nothing else and leaves nothing behind.
 */
#include "source/tracedat.h"

#include <fcntl.h>
#include <trace-cmd.h>

#include "formats/events.h"
#include "lib/map.h"

#define BUFFERS_MAX 1024
#define EVENT_IDS 65536

/* What is known of an event's number. */
struct known_event {
	bool looked_up;
	bool sent;
	const struct event_desc *desc;
	struct tep_event *event;
	struct tep_format_field *ip;
	struct tracecmd_input *from;	/* the buffer that it is taken from */
};

struct sender {
	int out;
	u32 page_size;
	char *buffer;
	size_t len;
	struct tracecmd_input *top;
	struct tracecmd_input *buffers[BUFFERS_MAX];
	int nr_buffers;
	struct tep_handle *tep;
	struct known_event *events;
	struct map seen_tids;
	struct map seen_addresses;
	u32 recorded;
};

#define BUFFER_SIZE 65536

static void flush(struct sender *s)
{
	if (s->len && write_all(s->out, s->buffer, s->len))
		_exit(1);	/* nobody listens any more */
	s->len = 0;
}

static void put(struct sender *s, const void *data, size_t size)
{
	if (size > BUFFER_SIZE - s->len)
		flush(s);
	if (size > BUFFER_SIZE) {
		if (write_all(s->out, data, size))
			_exit(1);
		return;
	}
	if (size)
		memcpy(s->buffer + s->len, data, size);
	s->len += size;
}

static void send_message(struct sender *s, struct tracedat_message m, const void *data, size_t size)
{
	m.size = size;
	if (size > TRACEDAT_MESSAGE_MAX)
		return;
	put(s, &m, sizeof(m));
	put(s, data, size);
}

static void __attribute__((noreturn)) end(struct sender *s, enum tracedat_message_type type,
					   const char *text)
{
	send_message(s, (struct tracedat_message){ .type = type }, text, strlen(text));
	flush(s);
	_exit(0);
}

static void check_memory(struct sender *s, bool failed)
{
	if (failed)
		end(s, MESSAGE_ERROR, "out of memory");
}

/* A field as the kernel would declare it, with all that a reader of values needs. */
static int add_field(struct buf *out, const struct tep_format_field *f)
{
	static const char *const types[] = {
		[1] = "char", [2] = "short", [4] = "int", [8] = "long long",
	};
	bool is_signed = f->flags & TEP_FIELD_IS_SIGNED;
	const char *type = f->size > 0 && f->size < 9 ? types[f->size] : NULL;
	char declaration[256];

	if (f->offset < 0 || f->size < 0)
		return 0;
	if (f->flags & TEP_FIELD_IS_DYNAMIC)
		snprintf(declaration, sizeof(declaration), "%s char[] %.100s",
			 f->flags & TEP_FIELD_IS_RELATIVE ? "__rel_loc" : "__data_loc", f->name);
	else if (f->flags & TEP_FIELD_IS_ARRAY || !type)
		snprintf(declaration, sizeof(declaration), "char %.100s[%d]", f->name, f->size);
	else
		snprintf(declaration, sizeof(declaration), "%s %s %.100s",
			 is_signed ? "signed" : "unsigned", type, f->name);
	return buf_addf(out, "\tfield:%s;\toffset:%d;\tsize:%d;\tsigned:%d;\n", declaration,
			f->offset, f->size, is_signed);
}

static void send_format(struct sender *s, int id, const struct known_event *known)
{
	struct tep_format_field **common = tep_event_common_fields(known->event);
	struct tep_format_field **own = tep_event_fields(known->event);
	struct buf text = { 0 };
	size_t i;
	int ret;

	check_memory(s, !common || !own);
	ret = buf_addf(&text, "%s%cname: %s\nID: %d\nformat:\n", known->event->system, 0,
		       known->event->name, id);
	for (i = 0; common[i] && !ret; i++)
		ret = add_field(&text, common[i]);
	if (!ret)
		ret = buf_add(&text, "\n", 1);
	for (i = 0; own[i] && !ret; i++)
		ret = add_field(&text, own[i]);
	check_memory(s, ret);
	send_message(s, (struct tracedat_message){ .type = MESSAGE_FORMAT, .event = id },
		     text.data, text.len);
	buf_free(&text);
	free(common);
	free(own);
}

static struct known_event *known_event(struct sender *s, int id)
{
	struct known_event *known;

	if (id < 0 || id >= EVENT_IDS)
		return NULL;
	known = &s->events[id];
	if (known->looked_up)
		return known;
	known->looked_up = true;
	known->event = tep_find_event(s->tep, id);
	if (!known->event || !known->event->name || !known->event->system)
		return known;
	known->desc = event_desc_find(known->event->system, known->event->name);
	if (known->desc && known->desc->system && !strcmp(known->desc->system, "module"))
		known->ip = tep_find_field(known->event, "ip");
	return known;
}

/* The last name that the kernel remembers of a thread is all there is. */
static void send_comm(struct sender *s, int tid)
{
	const char *comm;

	if (tid <= 0 || map_get(&s->seen_tids, tid))
		return;
	check_memory(s, map_set(&s->seen_tids, tid, s));
	comm = tep_data_comm_from_pid(s->tep, tid);
	if (comm && strcmp(comm, "<...>"))
		send_message(s, (struct tracedat_message){ .type = MESSAGE_COMM, .event = tid },
			     comm, strlen(comm));
}

static void send_symbol(struct sender *s, const struct tep_format_field *ip,
			const struct tep_record *record)
{
	unsigned long long address = 0, start;
	const char *name;
	char text[256];

	if (ip->offset < 0 || ip->size != 8 || record->size < ip->offset + ip->size)
		return;
	memcpy(&address, (const char *)record->data + ip->offset, 8);
	if (!address || map_get(&s->seen_addresses, address))
		return;
	check_memory(s, map_set(&s->seen_addresses, address, s));
	name = tep_find_function(s->tep, address);
	if (!name)
		return;
	start = tep_find_function_address(s->tep, address);
	snprintf(text, sizeof(text), "%.200s+0x%llx", name, address - start);
	send_message(s, (struct tracedat_message){ .type = MESSAGE_SYMBOL, .time = address },
		     text, strlen(text));
}

static bool in_page(const struct sender *s, const struct tep_record *record)
{
	return record->size > 0 && record->data &&
	       (u32)record->size <= s->page_size - (record->offset & (s->page_size - 1));
}

static void send_lost(struct sender *s, int cpu, u64 count, u64 time_ns)
{
	const struct tracedat_message message = { .type = MESSAGE_LOST, .cpu = cpu, .time = count };

	send_message(s, message, &time_ns, sizeof(time_ns));
}

static int look_at_record(struct tracecmd_input *handle, struct tep_record *record, int cpu,
			  void *context)
{
	const u32 enough = 1U << EVENT_LOAD_BEGIN | 1U << EVENT_LOAD_END;
	struct sender *s = context;
	struct known_event *known =
		in_page(s, record) ? known_event(s, tep_data_type(s->tep, record)) : NULL;

	(void)handle;
	(void)cpu;
	if (known && known->desc)
		s->recorded |= 1U << known->desc->type;
	return s->recorded & enough ? 1 : 0;
}

static int send_record(struct tracecmd_input *handle, struct tep_record *record, int cpu,
		       void *context)
{
	struct sender *s = context;
	struct known_event *known;
	int id;

	/* The library believes what a record says of its size: it may be beyond its page. */
	if (!in_page(s, record)) {
		send_lost(s, cpu, 1, record->ts);
		return 0;
	}
	id = tep_data_type(s->tep, record);
	known = known_event(s, id);
	if (record->missed_events)
		send_lost(s, cpu, record->missed_events > 0 ? record->missed_events : 0,
			  record->ts);
	if (!known || !known->event)
		return 0;
	/* Two buffers may have recorded the same: each event is taken from one of them. */
	if (!known->from)
		known->from = handle;
	else if (known->from != handle)
		return 0;
	if (!known->sent)
		send_format(s, id, known);
	known->sent = true;
	if (known->desc)
		send_comm(s, tep_data_pid(s->tep, record));
	if (known->ip)
		send_symbol(s, known->ip, record);
	send_message(s, (struct tracedat_message){
			.type = MESSAGE_RECORD, .time = record->ts, .cpu = cpu, .event = id,
		     }, record->data, known->desc && record->size > 0 ? record->size : 0);
	return 0;
}

static void open_buffers(struct sender *s, int file)
{
	int fd = dup(file), nr, i;

	if (fd < 0 || lseek(fd, 0, SEEK_SET))
		end(s, MESSAGE_ERROR, strerror(errno));
	tracecmd_set_loglevel(TEP_LOG_NONE);
	tep_set_loglevel(TEP_LOG_NONE);
	s->top = tracecmd_open_fd(fd, TRACECMD_FL_LOAD_NO_PLUGINS);
	if (!s->top)
		end(s, MESSAGE_ERROR, "libtracecmd can't read it");
	s->tep = tracecmd_get_tep(s->top);
	s->buffers[s->nr_buffers++] = s->top;
	nr = tracecmd_buffer_instances(s->top);
	for (i = 0; i < nr && s->nr_buffers < BUFFERS_MAX; i++) {
		struct tracecmd_input *buffer = tracecmd_buffer_instance_handle(s->top, i);

		if (buffer)
			s->buffers[s->nr_buffers++] = buffer;
	}
}

/*
 * Which events were enabled isn't in the file. Those of which there are records were; and where
 * there are none of an event, but of others that come with it, so was that one.
 */
static void send_recorded(struct sender *s)
{
	const u32 patched = 1U << EVENT_LOAD_BEGIN | 1U << EVENT_LOAD_END;
	struct tep_event **events = tep_list_events(s->tep, TEP_EVENT_SORT_ID);
	u32 described = 0;
	size_t i;

	for (i = 0; events && events[i]; i++) {
		const struct event_desc *desc = event_desc_find(events[i]->system,
								events[i]->name);

		if (desc && !strcmp(desc->system, "module"))
			described |= 1U << desc->type;
	}
	if (s->recorded & patched || !s->recorded)
		s->recorded |= described;
	send_message(s, (struct tracedat_message){ .type = MESSAGE_RECORDED }, &s->recorded,
		     sizeof(s->recorded));
}

/**
 * tracedat_send - read a trace.dat and send what is in it; for a process of its own
 * @file: the file, checked
 * @out: where the messages go
 * @page_size: of its pages of records, a power of two
 */
void tracedat_send(int file, int out, u32 page_size)
{
	struct sender s = { .out = out, .page_size = page_size };

	s.buffer = malloc(BUFFER_SIZE);
	s.events = calloc(EVENT_IDS, sizeof(*s.events));
	if (!s.buffer || !s.events)
		_exit(1);
	open_buffers(&s, file);
	tracecmd_iterate_events_multi(s.buffers, s.nr_buffers, look_at_record, &s);
	send_recorded(&s);
	/* The library has no way back to the begin for all buffers: open them once more. */
	s.nr_buffers = 0;
	memset(s.events, 0, EVENT_IDS * sizeof(*s.events));
	open_buffers(&s, file);
	if (tracecmd_iterate_events_multi(s.buffers, s.nr_buffers, send_record, &s) < 0)
		end(&s, MESSAGE_ERROR, "libtracecmd can't read its events");
	end(&s, MESSAGE_END, "");
}
