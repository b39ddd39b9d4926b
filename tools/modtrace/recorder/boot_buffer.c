// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/boot_buffer.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/file.h>
#include <traceevent/event-parse.h>
#include <traceevent/kbuffer.h>
#include <tracefs/tracefs.h>

#include "recorder/kernel_state.h"
#include "recorder/rings.h"

/*
 * A file of an event. Some kernels (6.1 among them) make no folder for a probe of the command
 * line, though it is traced; each instance has one for every event, so a short-lived instance
 * tells.
 */
static char *event_file(struct boot_buffer *b, const char *system, const char *name,
			const char *file)
{
	char *text = tracefs_event_file_read(NULL, system, name, file, NULL);
	char instance[32];

	if (text)
		return text;
	if (!b->instance) {
		snprintf(instance, sizeof(instance), "modtrace-%d", getpid());
		b->instance = tracefs_instance_create(instance);
	}
	return b->instance ? tracefs_event_file_read(b->instance, system, name, file, NULL) : NULL;
}

static void drop_instance(struct boot_buffer *b)
{
	if (!b->instance)
		return;
	tracefs_instance_destroy(b->instance);
	tracefs_instance_free(b->instance);
	b->instance = NULL;
}

static int add_event(struct boot_buffer *b, const char *system, const char *name)
{
	_cleanup_free_ char *id = NULL, *format = NULL;
	_cleanup_buf_ struct buf full_name = { 0 };
	struct boot_event *e;
	int ret;

	id = event_file(b, system, name, "id");
	format = event_file(b, system, name, "format");
	if (!id || !format)
		return 0;
	if (grow(&b->events, &b->cap_events, b->nr_events + 1, sizeof(*b->events)))
		return -ENOMEM;
	e = &b->events[b->nr_events];
	*e = (struct boot_event){ 0 };
	ret = event_reader_init(&e->reader, b->tep, format, strlen(format), system, &e->id,
				&full_name);
	if (ret == -ENOMEM)
		return ret;
	/* One that we can't decode is recorded for others. */
	e->id = atoi(id);
	e->system = strdup(system);
	e->name = strdup(name);
	e->format = TAKE_PTR(format);
	b->nr_events++;
	return e->system && e->name ? 0 : -ENOMEM;
}

static int by_system(const void *a, const void *b)
{
	const struct boot_event *x = a, *y = b;
	int ret = strcmp(x->system, y->system);

	return ret ? ret : strcmp(x->name, y->name);
}

/* Those enabled now are those the command line enabled: they are what the buffer has. */
static int find_events(struct boot_buffer *b)
{
	_cleanup_free_ char *enabled = tracefs_instance_file_read(NULL, "set_event", NULL);
	char *line, *save;
	int ret = 0;

	for (line = enabled ? strtok_r(enabled, "\n", &save) : NULL; line && !ret;
	     line = strtok_r(NULL, "\n", &save)) {
		char *colon = strchr(line, ':');

		if (!colon)
			continue;
		*colon = '\0';
		ret = add_event(b, line, colon + 1);
	}
	drop_instance(b);
	if (b->nr_events)
		qsort(b->events, b->nr_events, sizeof(*b->events), by_system);
	return ret;
}

/**
 * boot_buffer_has - whether an event was enabled
 * @b: the buffer
 * @type: which
 *
 * Return: true if it was.
 */
bool boot_buffer_has(const struct boot_buffer *b, enum event_type type)
{
	size_t i;

	for (i = 0; i < b->nr_events; i++) {
		const struct event_desc *desc = b->events[i].reader.desc;

		if (desc && desc->type == type)
			return true;
	}
	return false;
}

/* The clock in brackets is the one in use. */
static bool clock_is_mono(void)
{
	_cleanup_free_ char *clocks = tracefs_instance_file_read(NULL, "trace_clock", NULL);

	return clocks && strstr(clocks, "[mono]");
}

/* Who reads the buffer takes events out of it: two would have half of them each. */
static int take_lock(struct boot_buffer *b, struct err *err)
{
	b->lock = tracefs_instance_file_open(NULL, "per_cpu/cpu0/stats", O_RDONLY);
	if (b->lock < 0)
		return err_set(err, -EACCES, "the boot buffer can't be read: %s", strerror(errno));
	if (!flock(b->lock, LOCK_EX | LOCK_NB))
		return 0;
	return err_set(err, -EBUSY,
		       "another modtrace record --boot is reading the boot buffer; stop it first");
}

/* A CPU that has never been online may have no part yet. */
static void open_cpus(struct boot_buffer *b)
{
	int cpu;

	for (cpu = 0; cpu < b->nr_cpus; cpu++)
		if (!b->cpus[cpu].pages)
			b->cpus[cpu].pages = tracefs_cpu_open(NULL, cpu, true);
}

/* What filters of ours begin with: a recorder that was killed leaves its own. */
#define OUR_FILTER "pid!="

/**
 * boot_buffer_filter_names - choose whose new names come into the buffer
 * @b: the buffer
 * @filter: of the event, see renamers_filter(); NULL for all
 *
 * Return: 0 or -errno; -EBUSY if somebody else's filter is there, and stays.
 */
int boot_buffer_filter_names(const struct boot_buffer *b, const char *filter)
{
	if (b->has_filter)
		return -EBUSY;
	return tracefs_event_file_write(NULL, "task", "task_rename", "filter",
					filter ? filter : "0") < 0 ?
		       -EIO :
		       0;
}

static void look_at_filter(struct boot_buffer *b)
{
	_cleanup_free_ char *filter =
		tracefs_event_file_read(NULL, "task", "task_rename", "filter", NULL);

	if (filter && !strncmp(filter, OUR_FILTER, strlen(OUR_FILTER)))
		boot_buffer_filter_names(b, NULL);
	else
		b->has_filter = filter && strncmp(filter, "none", 4);
}

/**
 * boot_buffer_open - find out what the kernel's buffer has
 * @b: filled; boot_buffer_free() frees it, after an error too
 * @err: says what is missing, and the remedy
 *
 * Return: 0 or -errno; -ENODATA if the kernel command line didn't enable what is needed, but
 * recording from now on may be possible.
 */
int boot_buffer_open(struct boot_buffer *b, struct err *err)
{
	int ret;

	*b = (struct boot_buffer){ .lock = -1, .nr_cpus = possible_cpus() };
	ret = kernel_find_tracefs(err);
	if (ret)
		return ret;
	b->header_page = tracefs_instance_file_read(NULL, "events/header_page", NULL);
	b->header_event = tracefs_instance_file_read(NULL, "events/header_event", NULL);
	if (!b->header_page || !b->header_event)
		return err_set(
			err, -EACCES,
			"the kernel's trace buffer can't be read: this requires root, CONFIG_EVENT_TRACING and no lockdown=confidentiality (%s)",
			LOCKDOWN_REMEDY);
	ret = take_lock(b, err);
	if (ret)
		return ret;
	b->tep = tep_alloc();
	b->page = kbuffer_alloc(sizeof(long) == 8 ? KBUFFER_LSIZE_8 : KBUFFER_LSIZE_4,
				KBUFFER_ENDIAN_SAME_AS_HOST);
	b->cpus = calloc(b->nr_cpus, sizeof(*b->cpus));
	if (!b->tep || !b->page || !b->cpus)
		return err_set(err, -ENOMEM, "out of memory");
	tep_set_long_size(b->tep, sizeof(long));
	if (find_events(b))
		return err_set(err, -ENOMEM, "out of memory");
	if (!boot_buffer_has(b, EVENT_LOAD_END) && !boot_buffer_has(b, EVENT_FINIT_EXIT))
		return err_set(err, -ENODATA,
			       "the kernel command line enables no events of module loading (see modtrace record --boot-cmdline)");
	if (!clock_is_mono())
		return err_set(
			err, -ENODATA,
			"the kernel's trace clock isn't mono: add trace_clock=mono to the kernel command line (see modtrace record --boot-cmdline)");
	open_cpus(b);
	look_at_filter(b);
	return 0;
}

static const struct boot_event *event_of(const struct boot_buffer *b, const void *raw,
					 size_t size)
{
	u16 id;
	size_t i;

	if (size < sizeof(id))
		return NULL;
	memcpy(&id, raw, sizeof(id));
	for (i = 0; i < b->nr_events; i++)
		if (b->events[i].id == id)
			return &b->events[i];
	return NULL;
}

static int read_page(struct boot_buffer *b, int cpu, const struct boot_buffer_ops *ops,
		     void *context)
{
	unsigned long long time_ns;
	void *raw;
	int ret = 0;

	if (kbuffer_load_subbuffer(b->page, b->bytes))
		return 0;
	for (raw = kbuffer_read_event(b->page, &time_ns); raw && !ret;
	     raw = kbuffer_next_event(b->page, &time_ns)) {
		size_t size = kbuffer_event_size(b->page);
		const struct boot_event *event = event_of(b, raw, size);

		/* What others have enabled since isn't ours. */
		if (event)
			ret = ops->event(context, cpu, event, time_ns, raw, size);
	}
	return ret;
}

static int make_room(struct boot_buffer *b, size_t size)
{
	char *bytes;

	if (size <= b->bytes_size)
		return 0;
	bytes = realloc(b->bytes, size);
	if (!bytes)
		return -ENOMEM;
	b->bytes = bytes;
	b->bytes_size = size;
	return 0;
}

static int drain_cpu(struct boot_buffer *b, int cpu, const struct boot_buffer_ops *ops,
		     void *context)
{
	struct tracefs_cpu *pages = b->cpus[cpu].pages;
	int ret = make_room(b, tracefs_cpu_read_size(pages));

	while (!ret && tracefs_cpu_read(pages, b->bytes, true) > 0)
		ret = read_page(b, cpu, ops, context);
	return ret;
}

/**
 * boot_buffer_drain - take out what there is now
 * @b: the buffer
 * @ops: told of each event
 * @context: handed to @ops
 *
 * Return: 0 or -errno.
 */
int boot_buffer_drain(struct boot_buffer *b, const struct boot_buffer_ops *ops, void *context)
{
	int cpu, ret = 0;

	open_cpus(b);
	for (cpu = 0; cpu < b->nr_cpus && !ret; cpu++)
		if (b->cpus[cpu].pages)
			ret = drain_cpu(b, cpu, ops, context);
	return ret;
}

/* "overrun: 12" */
static u64 stat_value(const char *stats, const char *key)
{
	const char *at = strstr(stats, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static u64 read_lost(int cpu)
{
	_cleanup_free_ char *stats = NULL;
	char path[48];

	snprintf(path, sizeof(path), "per_cpu/cpu%d/stats", cpu);
	stats = tracefs_instance_file_read(NULL, path, NULL);
	if (!stats)
		return 0;
	/* "commit overrun" comes behind, and is other events. */
	return stat_value(stats, "\noverrun: ") + stat_value(stats, "\ncommit overrun: ") +
	       stat_value(stats, "\ndropped events: ");
}

/**
 * boot_buffer_count_lost - ask the kernel what was overwritten or dropped
 * @b: the buffer
 * @ops: told of what is new
 * @context: handed to @ops
 *
 * Return: 0 or -errno.
 */
int boot_buffer_count_lost(struct boot_buffer *b, const struct boot_buffer_ops *ops,
			   void *context)
{
	int cpu, ret = 0;

	for (cpu = 0; cpu < b->nr_cpus && !ret; cpu++) {
		struct boot_cpu *c = &b->cpus[cpu];
		u64 lost = c->pages ? read_lost(cpu) : 0;

		if (lost <= c->lost)
			continue;
		ret = ops->lost(context, cpu, lost - c->lost);
		c->lost = lost;
	}
	return ret;
}

/**
 * boot_buffer_free - let go of the buffer, which goes on as before
 * @b: the buffer
 */
void boot_buffer_free(struct boot_buffer *b)
{
	size_t i;
	int cpu;

	for (cpu = 0; b->cpus && cpu < b->nr_cpus; cpu++)
		if (b->cpus[cpu].pages)
			tracefs_cpu_close(b->cpus[cpu].pages);
	for (i = 0; i < b->nr_events; i++) {
		free(b->events[i].system);
		free(b->events[i].name);
		free(b->events[i].format);
	}
	if (b->lock >= 0)
		close(b->lock);
	kbuffer_free(b->page);
	tep_free(b->tep);
	free(b->cpus);
	free(b->events);
	free(b->header_page);
	free(b->header_event);
	free(b->bytes);
	*b = (struct boot_buffer){ .lock = -1 };
}
