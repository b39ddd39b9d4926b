// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process that reads a trace.dat: libtracecmd trusts the file, so this one may crash, run
 * out of memory or of time. It does nothing else and leaves nothing behind.
 */
#include "source/tracedat.h"

#include <fcntl.h>
#include <sys/time.h>
#include <trace-cmd.h>

#include "formats/events.h"
#include "lib/map.h"

#define BUFFERS_MAX 1024

/* How much of events a file may have beyond its size, and what each counts at least. */
#define RATIO_MAX 12
#define ALLOWANCE (2U << 20)
#define KNOWN_BYTES 48
#define OTHER_BYTES 8

/* CPU time without a record: what is damaged may send the library round in circles. */
#ifdef __SANITIZE_ADDRESS__
#define STALL_USEC 2000000
#else
#define STALL_USEC 500000
#endif
#define STALL_BYTES_PER_USEC 4
#define RECORDS_PER_ALARM 4096
#define EVENT_IDS 65536

/* What is known of an event's number. */
struct known_event {
	bool looked_up;
	bool sent;
	const struct event_desc *desc;
	struct tep_event *event;
	struct tep_format_field *ip;
	unsigned int from; /* one more than the buffer that it is counted in, if it isn't decoded */
};

/* Of a buffer: what is known of its clock, the number of that, and events. */
struct buffer {
	const char *clock_name; /* NULL: not known */
	enum clock_unit unit;
	unsigned int clock;
	u64 known;
	u64 left_out;
};

struct sender {
	int out;
	u32 page_size;
	const struct tracedat *file;
	char *buffer;
	size_t len;
	struct tracecmd_input *top;
	struct tracecmd_input *inputs[BUFFERS_MAX];
	struct buffer buffers[BUFFERS_MAX];
	int nr_buffers;
	unsigned int nr_clocks;
	unsigned int clock; /* the one that most events have */
	struct tep_handle *tep;
	struct known_event *events;
	struct map seen_tids;
	struct map seen_addresses;
	u32 recorded;
	u64 work; /* bytes that events count as */
	u64 nr_records;
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

static unsigned int buffer_of(const struct sender *s, const struct tracecmd_input *input)
{
	int i = s->nr_buffers;

	while (--i > 0 && s->inputs[i] != input)
		;
	return i;
}

/* SIGPROF ends this process unless it gets on. */
static void set_alarm(const struct sender *s)
{
	const u64 usec = STALL_USEC + s->file->size / STALL_BYTES_PER_USEC;
	const struct itimerval in = { .it_value = { .tv_sec = usec / 1000000,
						    .tv_usec = usec % 1000000 } };

	setitimer(ITIMER_PROF, &in, NULL);
}

/*
 * The library unpacks whatever it is given, and 4 KB may become a million events. Each is work, more
 * of it if it is known, and no recording has as many for its size.
 */
static void count_work(struct sender *s, unsigned int bytes)
{
	if (++s->nr_records % RECORDS_PER_ALARM == 0)
		set_alarm(s);
	s->work += bytes;
	if (s->work > ALLOWANCE && (s->work - ALLOWANCE) / RATIO_MAX > s->file->size)
		end(s, MESSAGE_ERROR, "it has more events than its size justifies");
}

static int look_at_record(struct tracecmd_input *handle, struct tep_record *record, int cpu,
			  void *context)
{
	const u32 enough = 1U << EVENT_LOAD_BEGIN | 1U << EVENT_LOAD_END;
	struct sender *s = context;
	struct known_event *known =
		in_page(s, record) ? known_event(s, tep_data_type(s->tep, record)) : NULL;

	(void)cpu;
	count_work(s, known && known->desc ? KNOWN_BYTES : OTHER_BYTES);
	if (!known || !known->desc)
		return 0;
	s->recorded |= 1U << known->desc->type;
	s->buffers[buffer_of(s, handle)].known++;
	return s->recorded & enough && s->nr_clocks == 1 ? 1 : 0;
}

static int send_record(struct tracecmd_input *handle, struct tep_record *record, int index,
		       void *context)
{
	struct sender *s = context;
	struct known_event *known;
	struct buffer *buffer;
	unsigned int number;
	int id, cpu = record->cpu;

	/* Of several buffers, the library counts CPUs through. */
	(void)index;
	/* The library believes what a record says of its size: it may be beyond its page. */
	if (!in_page(s, record)) {
		count_work(s, KNOWN_BYTES);
		send_lost(s, cpu, 1, record->ts);
		return 0;
	}
	id = tep_data_type(s->tep, record);
	known = known_event(s, id);
	count_work(s, known && known->desc ? KNOWN_BYTES : OTHER_BYTES);
	if (record->missed_events)
		send_lost(s, cpu, record->missed_events > 0 ? record->missed_events : 0,
			  record->ts);
	if (!known || !known->event)
		return 0;
	number = buffer_of(s, handle);
	buffer = &s->buffers[number];
	if (buffer->clock != s->clock) {
		buffer->left_out++;
		return 0;
	}
	if (!known->from)
		known->from = number + 1;
	/* Others have what is only counted, too. */
	if (!known->desc && known->from != number + 1)
		return 0;
	if (!known->sent)
		send_format(s, id, known);
	known->sent = true;
	if (known->desc)
		send_comm(s, tep_data_pid(s->tep, record));
	if (known->ip)
		send_symbol(s, known->ip, record);
	send_message(s,
		     (struct tracedat_message){
			     .type = MESSAGE_RECORD,
			     .time = record->ts,
			     .cpu = cpu,
			     .event = id,
			     .buffer = number,
		     },
		     record->data, known->desc && record->size > 0 ? record->size : 0);
	return 0;
}

static bool is_same_clock(const struct buffer *a, const struct buffer *b)
{
	if (a->unit != b->unit || !a->clock_name != !b->clock_name)
		return false;
	return !a->clock_name || !strcmp(a->clock_name, b->clock_name);
}

/* A clock's number is that of the first buffer that has it. */
static void add_buffer(struct sender *s, struct tracecmd_input *input, const char *name)
{
	const struct buffer_clock *told = name ? tracedat_buffer(s->file, name) : NULL;
	struct buffer *buffer = &s->buffers[s->nr_buffers];

	*buffer = (struct buffer){
		.clock_name = told && told->clock ? told->clock : s->file->clock,
		.unit = told ? told->unit : UNIT_UNKNOWN,
	};
	while (!is_same_clock(&s->buffers[buffer->clock], buffer))
		buffer->clock++;
	if (!s->nr_buffers)
		s->nr_clocks = 1;
	else if (buffer->clock)
		s->nr_clocks = 2;
	s->inputs[s->nr_buffers++] = input;
}

static void open_buffers(struct sender *s, int file)
{
	int fd = dup(file), nr, i;

	s->nr_buffers = 0;

	if (fd < 0 || lseek(fd, 0, SEEK_SET))
		end(s, MESSAGE_ERROR, strerror(errno));
	tracecmd_set_loglevel(TEP_LOG_NONE);
	tep_set_loglevel(TEP_LOG_NONE);
	s->top = tracecmd_open_fd(fd, TRACECMD_FL_LOAD_NO_PLUGINS);
	if (!s->top && *s->file->packing) {
		char why[128];

		snprintf(
			why, sizeof(why),
			"libtracecmd can't read it, or can't unpack %s here; record with trace-cmd "
			"record --compression none",
			s->file->packing);
		end(s, MESSAGE_ERROR, why);
	}
	if (!s->top)
		end(s, MESSAGE_ERROR, "libtracecmd can't read it");
	s->tep = tracecmd_get_tep(s->top);
	add_buffer(s, s->top, "");
	nr = tracecmd_buffer_instances(s->top);
	for (i = 0; i < nr && s->nr_buffers < BUFFERS_MAX; i++) {
		struct tracecmd_input *buffer = tracecmd_buffer_instance_handle(s->top, i);

		if (buffer)
			add_buffer(s, buffer, tracecmd_buffer_instance_name(s->top, i));
	}
}

static void send_left_out(struct sender *s)
{
	u64 left_out = 0;
	int i;

	for (i = 0; i < s->nr_buffers; i++)
		left_out += s->buffers[i].left_out;
	if (left_out)
		send_message(s,
			     (struct tracedat_message){ .type = MESSAGE_OTHER_CLOCK,
							.time = left_out },
			     NULL, 0);
}

/* What is to be read together must have one clock: that of most events. */
static void choose_clock(struct sender *s)
{
	u64 most = 0;
	int i, n;

	for (i = 0; i < s->nr_buffers; i++) {
		u64 known = 0;

		for (n = 0; n < s->nr_buffers; n++)
			if (s->buffers[n].clock == s->buffers[i].clock)
				known += s->buffers[n].known;
		if (known > most || !i) {
			most = known;
			s->clock = s->buffers[i].clock;
		}
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
	const struct buffer *clock = &s->buffers[s->clock];
	struct tracedat_recorded recorded;
	struct buf body = { 0 };
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
	recorded = (struct tracedat_recorded){ s->recorded, s->nr_buffers, clock->unit };
	check_memory(s, buf_add(&body, &recorded, sizeof(recorded)));
	if (clock->clock_name)
		check_memory(s, buf_addf(&body, "%s", clock->clock_name));
	send_message(s, (struct tracedat_message){ .type = MESSAGE_RECORDED }, body.data, body.len);
	buf_free(&body);
}

/**
 * tracedat_send - read a trace.dat and send what is in it; for a process of its own
 * @file: the file, checked
 * @out: where the messages go
 * @t: what the file says of itself
 */
void tracedat_send(int file, int out, const struct tracedat *t)
{
	struct sender s = { .out = out, .page_size = t->page_size, .file = t };

	s.buffer = malloc(BUFFER_SIZE);
	s.events = calloc(EVENT_IDS, sizeof(*s.events));
	if (!s.buffer || !s.events)
		_exit(1);
	set_alarm(&s);
	open_buffers(&s, file);
	tracecmd_iterate_events_multi(s.inputs, s.nr_buffers, look_at_record, &s);
	choose_clock(&s);
	send_recorded(&s);
	/* The library has no way back to the begin for all buffers: open them once more. */
	memset(s.events, 0, EVENT_IDS * sizeof(*s.events));
	s.work = 0;
	open_buffers(&s, file);
	if (tracecmd_iterate_events_multi(s.inputs, s.nr_buffers, send_record, &s) < 0)
		end(&s, MESSAGE_ERROR, "libtracecmd can't read its events");
	send_left_out(&s);
	end(&s, MESSAGE_END, "");
}
