// SPDX-License-Identifier: GPL-2.0-only
#include "recording.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>

#include "notes.h"
#include "running_tasks.h"
#include "tracing_data.h"

/* Every record ends in struct sample_id, and every sample begins with its parts. */
#define SAMPLE_TYPE (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU)
#define RAW_OFFSET (8 + 8 + 8 + 8 + 8 + 4)

/* Call sites of request_module(): a kernel has some hundred. */
#define SITES_MAX 4096

static struct perf_event_attr base_attr(size_t ring_bytes)
{
	return (struct perf_event_attr){
		.size = sizeof(struct perf_event_attr),
		.sample_type = SAMPLE_TYPE,
		.disabled = 1,
		.sample_id_all = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.watermark = 1,
		.wakeup_watermark = ring_bytes / 4,
	};
}

static struct perf_event_attr task_attr(size_t ring_bytes)
{
	struct perf_event_attr attr = base_attr(ring_bytes);

	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_DUMMY;
	attr.task = 1;
	attr.comm = 1;
	attr.comm_exec = 1;
	return attr;
}

static struct perf_event_attr tracepoint_attr(size_t ring_bytes, int id)
{
	struct perf_event_attr attr = base_attr(ring_bytes);

	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = id;
	attr.sample_period = 1;
	attr.sample_type |= PERF_SAMPLE_RAW;
	return attr;
}

/**
 * recording_prepare - find out what can be recorded, and open the rings
 * @r: filled; recording_free() frees it, after an error too
 * @pages: data pages a ring
 * @cpu_list: CPUs, or NULL for all
 * @stock: the kernel is to be taken for one without the series
 * @err: says what is wrong
 *
 * Nothing is traced or written yet.
 *
 * Return: 0 or -errno.
 */
int recording_prepare(struct recording *r, size_t pages, const char *cpu_list, bool stock,
		      struct err *err)
{
	const size_t bytes = pages * sysconf(_SC_PAGESIZE);
	_cleanup_free_ struct perf_event_attr *attrs = NULL;
	_cleanup_free_ const char **filters = NULL;
	size_t i;
	int ret;

	*r = (struct recording){ .fd = -1 };
	if (stock)
		probes_make(&r->probes, &r->without);
	ret = kernel_events_find(&r->kernel, stock ? &r->probes : NULL, err);
	if (ret)
		return ret;
	attrs = calloc(r->kernel.nr + 1, sizeof(*attrs));
	filters = calloc(r->kernel.nr + 1, sizeof(*filters));
	if (!attrs || !filters)
		return err_set(err, -ENOMEM, "out of memory");
	attrs[0] = task_attr(bytes);
	for (i = 0; i < r->kernel.nr; i++) {
		const struct event_desc *desc = r->kernel.all[i].desc;

		attrs[i + 1] = tracepoint_attr(bytes, r->kernel.all[i].id);
		if (desc->need == NEED_PROBE)
			filters[i + 1] = probe_filter(desc->name);
	}
	ret = rings_init(&r->rings, attrs, filters, r->kernel.nr + 1, pages, cpu_list, err);
	return ret ? ret : rings_open(&r->rings, err);
}

static int note_state(struct recording *r, const char *when, const char *key, const char *text,
		      size_t len)
{
	_cleanup_free_ char *word = note_encode(text, len);

	return word ? perfdata_note(r->writer, "%s %s %s", when, key, word) : -ENOMEM;
}

static int note_at_start(void *context, const char *key, const char *text, size_t len)
{
	return note_state(context, "at_start", key, text, len);
}

static int note_at_end(void *context, const char *key, const char *text, size_t len)
{
	return note_state(context, "at_end", key, text, len);
}

static int add_formats(struct recording *r)
{
	const struct tracing_info info = {
		.long_size = sizeof(long),
		.page_size = sysconf(_SC_PAGESIZE),
		.header_page = r->kernel.header_page,
		.header_event = r->kernel.header_event,
	};
	_cleanup_free_ struct tracing_format *formats = NULL;
	_cleanup_buf_ struct buf section = { 0 };
	size_t i;
	int ret;

	formats = calloc(r->kernel.nr, sizeof(*formats));
	if (!formats)
		return -ENOMEM;
	for (i = 0; i < r->kernel.nr; i++) {
		const struct kernel_event *e = &r->kernel.all[i];

		formats[i] = (struct tracing_format){ e->system, e->desc->name, e->format,
						      strlen(e->format) };
	}
	ret = tracing_data_write(&section, &info, formats, r->kernel.nr);
	return ret ? ret : perfdata_add_feature(r->writer, FEATURE_TRACING_DATA, section.data,
						section.len);
}

/* The value of a line "key : value" of /proc/cpuinfo, empty if there is none. */
static void cpuinfo_value(const char *text, const char *key, char *value, size_t size)
{
	const char *line = text;
	size_t len = strlen(key);

	*value = '\0';
	for (; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		const char *colon;

		if (strncmp(line, key, len))
			continue;
		colon = line + len + strspn(line + len, " \t");
		if (*colon != ':')
			continue;
		colon += colon[1] == ' ' ? 2 : 1;
		snprintf(value, size, "%.*s", (int)strcspn(colon, "\n"), colon);
		return;
	}
}

/* Both are written even if empty: perf data convert --to-json takes them for granted. */
static int add_cpu(struct recording *r)
{
	_cleanup_buf_ struct buf info = { 0 };
	char model_name[128], vendor[32], family[16], model[16], stepping[16], id[96];
	int ret = buf_add(&info, "", 0);

	if (!ret)
		ret = read_small_file("/proc/cpuinfo", &info);
	if (ret == -ENOMEM)
		return ret;
	cpuinfo_value(info.data, "model name", model_name, sizeof(model_name));
	cpuinfo_value(info.data, "vendor_id", vendor, sizeof(vendor));
	cpuinfo_value(info.data, "cpu family", family, sizeof(family));
	cpuinfo_value(info.data, "model", model, sizeof(model));
	cpuinfo_value(info.data, "stepping", stepping, sizeof(stepping));
	snprintf(id, sizeof(id), "%s,%s,%s,%s", vendor, family, model, stepping);
	ret = perfdata_add_string(r->writer, FEATURE_CPUDESC, model_name);
	return ret ? ret : perfdata_add_string(r->writer, FEATURE_CPUID, id);
}

static int add_machine(struct recording *r)
{
	const u32 cpus[2] = { sysconf(_SC_NPROCESSORS_CONF), sysconf(_SC_NPROCESSORS_ONLN) };
	const u64 memory_kb = (u64)sysconf(_SC_PHYS_PAGES) * (sysconf(_SC_PAGESIZE) / 1024);
	const struct {
		u32 version;
		u32 clock;
		u64 wall_ns;
		u64 clock_ns;
	} clocks = { 1, CLOCK_MONOTONIC, now_ns(CLOCK_REALTIME), now_ns(CLOCK_MONOTONIC) };
	const u64 resolution_ns = 1;
	struct utsname uts;
	int ret;

	uname(&uts);
	ret = perfdata_add_string(r->writer, FEATURE_HOSTNAME, uts.nodename);
	if (!ret)
		ret = perfdata_add_string(r->writer, FEATURE_OSRELEASE, uts.release);
	if (!ret)
		ret = perfdata_add_string(r->writer, FEATURE_VERSION, "modtrace " MODTRACE_VERSION);
	if (!ret)
		ret = perfdata_add_string(r->writer, FEATURE_ARCH, uts.machine);
	if (!ret)
		ret = perfdata_add_feature(r->writer, FEATURE_NRCPUS, cpus, sizeof(cpus));
	if (!ret)
		ret = add_cpu(r);
	if (!ret)
		ret = perfdata_add_feature(r->writer, FEATURE_TOTAL_MEM, &memory_kb,
					   sizeof(memory_kb));
	if (!ret)
		ret = perfdata_add_feature(r->writer, FEATURE_CLOCKID, &resolution_ns,
					   sizeof(resolution_ns));
	if (!ret)
		ret = perfdata_add_feature(r->writer, FEATURE_CLOCK_DATA, &clocks, sizeof(clocks));
	return ret;
}

static int add_cmdline(struct recording *r, int argc, char **argv)
{
	const u32 nr = argc + 1;
	int ret, i;

	ret = perfdata_add_feature(r->writer, FEATURE_CMDLINE, &nr, sizeof(nr));
	if (!ret)
		ret = perfdata_add_string(r->writer, FEATURE_CMDLINE, "modtrace");
	for (i = 0; i < argc && !ret; i++)
		ret = perfdata_add_string(r->writer, FEATURE_CMDLINE, argv[i]);
	return ret;
}

static int add_events(struct recording *r)
{
	/* A CPU that goes and comes back has new ids: room for each to do so, and some more. */
	const size_t slots = 2 * (size_t)r->rings.nr_cpus + 64;
	unsigned int i;
	int ret;

	for (i = 0; i < r->rings.nr_attrs; i++) {
		char name[128] = "dummy:HG";

		if (i)
			snprintf(name, sizeof(name), "%s:%s", r->kernel.all[i - 1].system,
				 r->kernel.all[i - 1].desc->name);
		ret = perfdata_add_attr(r->writer, &r->rings.attrs[i], name, slots);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int open_output(const char *path, struct err *err)
{
	_cleanup_free_ char *old = NULL;
	struct stat st;
	int fd;

	if (!lstat(path, &st)) {
		if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
			return err_set(err, -EINVAL, "%s: exists and is not a regular file", path);
		if (asprintf(&old, "%s.old", path) < 0) {
			old = NULL;
			return err_set(err, -ENOMEM, "out of memory");
		}
		if (rename(path, old))
			return err_set(err, -errno, "%s: renaming it to %s: %s", path, old,
				       strerror(errno));
	}
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	return fd;
}

/**
 * recording_create - create the file, with all that precedes the data
 * @r: the recording, prepared
 * @path: the file; an existing one is renamed to .old
 * @argc: our command line, for the file, from the command's name on
 * @argv: likewise
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int recording_create(struct recording *r, const char *path, int argc, char **argv,
		     struct err *err)
{
	int ret;

	r->fd = open_output(path, err);
	if (r->fd < 0)
		return r->fd;
	r->writer = perfdata_create(r->fd);
	ret = r->writer ? add_events(r) : -ENOMEM;
	if (!ret)
		ret = add_formats(r);
	if (!ret)
		ret = add_machine(r);
	if (!ret)
		ret = add_cmdline(r, argc, argv);
	if (!ret)
		ret = perfdata_note(r->writer, "generator modtrace " MODTRACE_VERSION);
	if (!ret)
		ret = kernel_state_read(note_at_start, r);
	if (!ret)
		ret = perfdata_start(r->writer);
	return ret ? err_set(err, ret, "%s: %s", path, strerror(-ret)) : 0;
}

static int on_id(void *context, unsigned int attr, u64 id)
{
	struct recording *r = context;

	if (!r->first_id)
		r->first_id = id;
	return perfdata_add_id(r->writer, attr, id);
}

static int note_call_site(struct recording *r, u64 address)
{
	size_t i;

	for (i = 0; i < r->nr_sites; i++)
		if (r->sites[i].address == address)
			return 0;
	if (r->nr_sites >= SITES_MAX)
		return 0;
	if (grow(&r->sites, &r->cap_sites, r->nr_sites + 1, sizeof(*r->sites)))
		return -ENOMEM;
	r->sites[r->nr_sites++] = (struct call_site){ .address = address };
	return 0;
}

/* Who called request_module(): the address is named while it has a name. */
static int look_for_call_site(struct recording *r, const u8 *record, size_t size)
{
	const u8 *raw = record + RAW_OFFSET;
	u16 id;
	size_t i;

	if (size < RAW_OFFSET + 2)
		return 0;
	memcpy(&id, raw, 2);
	for (i = 0; i < r->kernel.nr; i++) {
		const struct kernel_event *e = &r->kernel.all[i];
		unsigned long address;

		if (e->id != id || !e->ip_offset ||
		    size < RAW_OFFSET + e->ip_offset + sizeof(address))
			continue;
		memcpy(&address, raw + e->ip_offset, sizeof(address));
		return note_call_site(r, address);
	}
	return 0;
}

static int on_data(void *context, int cpu, const u8 *records, size_t size)
{
	struct recording *r = context;
	size_t at = 0;
	u64 lost;
	int ret;

	while (at + sizeof(struct perf_event_header) <= size) {
		struct perf_event_header h;

		memcpy(&h, records + at, sizeof(h));
		if (h.size < sizeof(h))
			break;
		if (h.type == PERF_RECORD_SAMPLE) {
			r->events++;
			ret = look_for_call_site(r, records + at, h.size);
			if (ret)
				return ret;
		} else if (h.type == PERF_RECORD_LOST) {
			memcpy(&lost, records + at + 16, 8);
			r->lost += lost;
			r->rings.by_cpu[cpu]->lost_seen += lost;
		}
		at += h.size;
	}
	r->wrote = true;
	r->write_error = perfdata_write(r->writer, records, size);
	return r->write_error;
}

static int on_lost(void *context, int cpu, u64 events)
{
	struct recording *r = context;
	const struct {
		struct perf_event_header header;
		u64 lost;
		struct sample_id id;
	} record = {
		.header = { .type = PERF_RECORD_LOST_SAMPLES, .size = sizeof(record) },
		.lost = events,
		.id = { .time = now_ns(CLOCK_MONOTONIC), .cpu = cpu, .identifier = r->first_id },
	};

	r->lost += events;
	r->wrote = true;
	r->write_error = perfdata_write(r->writer, &record, sizeof(record));
	return r->write_error;
}

static int on_no_ring(void *context, int cpu, u64 ns)
{
	struct recording *r = context;

	return perfdata_note(r->writer, "no_ring %d %" PRIu64, cpu, ns);
}

static const struct rings_ops recording_ops = {
	.id = on_id,
	.data = on_data,
	.lost = on_lost,
	.no_ring = on_no_ring,
};

static int finish_round(struct recording *r)
{
	const struct perf_event_header round = {
		.type = RECORD_FINISHED_ROUND,
		.size = sizeof(round),
	};
	int ret = r->wrote ? perfdata_write(r->writer, &round, sizeof(round)) : 0;

	r->wrote = false;
	return ret ? ret : perfdata_commit(r->writer);
}

/**
 * recording_start - trace from now on, and write who is running
 * @r: the recording, created
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int recording_start(struct recording *r, struct err *err)
{
	_cleanup_buf_ struct buf tasks = { 0 };
	int ret;

	ret = rings_start(&r->rings, &recording_ops, r, err);
	if (ret)
		return ret;
	r->started = true;
	ret = perfdata_note(r->writer, "start_ns %" PRIu64, now_ns(CLOCK_MONOTONIC));
	if (!ret)
		ret = running_tasks(&tasks);
	if (!ret)
		ret = perfdata_write(r->writer, tasks.data, tasks.len);
	if (!ret)
		ret = perfdata_commit(r->writer);
	return ret ? err_set(err, ret, "writing the list of tasks: %s", strerror(-ret)) : 0;
}

/* Name call sites as soon as they are seen: a module among them may be unloaded later. */
static int name_call_sites(struct recording *r)
{
	size_t i;
	int ret;

	if (r->nr_named == r->nr_sites)
		return 0;
	r->nr_named = r->nr_sites;
	/* Without symbols the report shows addresses. */
	ret = kernel_symbols_find(r->sites, r->nr_sites);
	if (ret == -ENOMEM)
		return ret;
	for (i = 0, ret = 0; i < r->nr_sites && !ret; i++) {
		struct call_site *site = &r->sites[i];
		_cleanup_free_ char *word = NULL;

		if (!site->name || site->noted)
			continue;
		word = note_encode(site->name, strlen(site->name));
		if (!word)
			return -ENOMEM;
		ret = perfdata_note(r->writer, "symbol %" PRIx64 " %s", site->address, word);
		site->noted = true;
	}
	return ret;
}

/**
 * recording_drain - write what has come since, so that the file is whole up to now
 * @r: the recording
 *
 * Return: 0 or -errno.
 */
int recording_drain(struct recording *r)
{
	int ret = rings_drain(&r->rings, &recording_ops, r);

	if (!ret)
		ret = finish_round(r);
	return ret ? ret : name_call_sites(r);
}

/**
 * recording_follow_cpus - record CPUs that came online too
 * @r: the recording
 *
 * Return: 0 or -errno.
 */
int recording_follow_cpus(struct recording *r)
{
	return rings_follow_cpus(&r->rings, &recording_ops, r);
}

/**
 * recording_finish - stop tracing and close the file's format
 * @r: the recording
 *
 * Return: 0 or -errno, also one that ended writing before. What could be written is whole.
 */
int recording_finish(struct recording *r)
{
	const u64 end_ns = now_ns(CLOCK_MONOTONIC);
	int ret = r->write_error;

	if (!r->started)
		return ret;
	/* On a full disk the rest can't be written, and what follows takes its room. */
	if (!ret) {
		ret = rings_stop(&r->rings, &recording_ops, r);
		if (!ret)
			ret = finish_round(r);
	}
	rings_free(&r->rings);
	probes_remove(&r->probes);
	if (!ret)
		ret = name_call_sites(r);
	if (!ret)
		ret = kernel_state_read(note_at_end, r);
	if (!ret)
		ret = perfdata_note(r->writer, "end_ns %" PRIu64, end_ns);
	if (!ret)
		return perfdata_finish(r->writer);
	perfdata_finish(r->writer);
	return ret;
}

/**
 * recording_free - free a recording; stops it if it runs
 * @r: the recording
 */
void recording_free(struct recording *r)
{
	size_t i;

	rings_free(&r->rings);
	probes_remove(&r->probes);
	perfdata_abandon(r->writer);
	kernel_events_free(&r->kernel);
	for (i = 0; i < r->nr_sites; i++)
		free(r->sites[i].name);
	free(r->sites);
	if (r->fd >= 0)
		close(r->fd);
	*r = (struct recording){ .fd = -1 };
}
