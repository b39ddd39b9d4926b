// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/recording_file.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>

#include "formats/note_text.h"
#include "recorder/kernel_state.h"
#include "recorder/systemd.h"

/* Call sites of request_module(): a kernel has some hundred. */
#define SITES_MAX 4096

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
static int add_cpu(struct perfdata_writer *w)
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
	ret = perfdata_add_string(w, FEATURE_CPUDESC, model_name);
	return ret ? ret : perfdata_add_string(w, FEATURE_CPUID, id);
}

static int add_machine(struct perfdata_writer *w)
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
	ret = perfdata_add_string(w, FEATURE_HOSTNAME, uts.nodename);
	if (!ret)
		ret = perfdata_add_string(w, FEATURE_OSRELEASE, uts.release);
	if (!ret)
		ret = perfdata_add_string(w, FEATURE_VERSION, "modtrace " MODTRACE_VERSION);
	if (!ret)
		ret = perfdata_add_string(w, FEATURE_ARCH, uts.machine);
	if (!ret)
		ret = perfdata_add_feature(w, FEATURE_NRCPUS, cpus, sizeof(cpus));
	if (!ret)
		ret = add_cpu(w);
	if (!ret)
		ret = perfdata_add_feature(w, FEATURE_TOTAL_MEM, &memory_kb,
					   sizeof(memory_kb));
	if (!ret)
		ret = perfdata_add_feature(w, FEATURE_CLOCKID, &resolution_ns,
					   sizeof(resolution_ns));
	if (!ret)
		ret = perfdata_add_feature(w, FEATURE_CLOCK_DATA, &clocks, sizeof(clocks));
	return ret;
}

static int add_cmdline(struct perfdata_writer *w, int argc, char **argv)
{
	const u32 nr = argc + 1;
	int ret, i;

	ret = perfdata_add_feature(w, FEATURE_CMDLINE, &nr, sizeof(nr));
	if (!ret)
		ret = perfdata_add_string(w, FEATURE_CMDLINE, "modtrace");
	for (i = 0; i < argc && !ret; i++)
		ret = perfdata_add_string(w, FEATURE_CMDLINE, argv[i]);
	return ret;
}

/* "QEMU Standard PC", as the firmware has it; not the serial numbers beside it. */
static int add_model(struct perfdata_writer *w)
{
	static const char *const files[] = {
		"/sys/class/dmi/id/sys_vendor",
		"/sys/class/dmi/id/product_name",
		"/sys/firmware/devicetree/base/model",
	};
	_cleanup_buf_ struct buf model = { 0 };
	_cleanup_free_ char *word = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_buf_ struct buf text = { 0 };
		size_t len;

		if (read_small_file(files[i], &text) || !text.len)
			continue;
		len = strcspn(text.data, "\n");
		if (len && buf_addf(&model, "%s%.*s", model.len ? " " : "", (int)len, text.data))
			return -ENOMEM;
	}
	if (!model.len)
		return 0;
	word = note_encode(model.data, model.len);
	return word ? perfdata_note(w, "machine_model %s", word) : -ENOMEM;
}

/* Which machine it is; in an initramfs it may not be known yet. */
static int add_identity(struct perfdata_writer *w)
{
	char id[MACHINE_ID_SIZE];
	int ret = 0;

	if (!systemd_machine_id(id))
		ret = perfdata_note(w, "machine_id %s", id);
	return ret ? ret : add_model(w);
}

/**
 * recording_file_describe - say where, by what and how it was recorded
 * @w: the writer, before perfdata_start()
 * @argc: our command line, from the command's name on
 * @argv: likewise
 *
 * Return: 0 or -ENOMEM.
 */
int recording_file_describe(struct perfdata_writer *w, int argc, char **argv)
{
	int ret = add_machine(w);

	if (!ret)
		ret = add_cmdline(w, argc, argv);
	if (!ret)
		ret = add_identity(w);
	return ret ? ret : perfdata_note(w, "generator modtrace " MODTRACE_VERSION);
}

/**
 * recording_file_note_end - write down when it ended, on both clocks
 * @w: the writer
 * @end_ns: on CLOCK_MONOTONIC
 *
 * Return: 0 or -errno.
 */
int recording_file_note_end(struct perfdata_writer *w, u64 end_ns)
{
	int ret = perfdata_note(w, "wall %" PRIu64 " %" PRIu64, now_ns(CLOCK_MONOTONIC),
				now_ns(CLOCK_REALTIME));

	return ret ? ret : perfdata_note(w, "end_ns %" PRIu64, end_ns);
}

/**
 * recording_file_add_formats - add the events' formats
 * @w: the writer, before perfdata_start()
 * @header_page: description of ftrace's pages
 * @header_event: of its events
 * @formats: the formats, those of a system together
 * @nr: how many
 *
 * Return: 0 or -ENOMEM.
 */
int recording_file_add_formats(struct perfdata_writer *w, const char *header_page,
			       const char *header_event, const struct tracing_format *formats,
			       size_t nr)
{
	const struct tracing_info info = {
		.long_size = sizeof(long),
		.page_size = sysconf(_SC_PAGESIZE),
		.header_page = header_page,
		.header_event = header_event,
	};
	_cleanup_buf_ struct buf section = { 0 };
	int ret = tracing_data_write(&section, &info, formats, nr);

	return ret ? ret : perfdata_add_feature(w, FEATURE_TRACING_DATA, section.data,
						section.len);
}

struct state_note {
	struct perfdata_writer *writer;
	const char *when;
};

static int note_state(void *context, const char *key, const char *text, size_t len)
{
	const struct state_note *note = context;
	_cleanup_free_ char *word = note_encode(text, len);

	return word ? perfdata_note(note->writer, "%s %s %s", note->when, key, word) : -ENOMEM;
}

/**
 * recording_file_note_state - write down the gates' parameters and the statistics
 * @w: the writer
 * @when: "at_start" or "at_end"
 *
 * Return: 0 or -errno.
 */
int recording_file_note_state(struct perfdata_writer *w, const char *when)
{
	struct state_note note = { w, when };

	return kernel_state_read(note_state, &note);
}

/**
 * recording_file_lost - a record that events are missing up to now
 * @cpu: whose
 * @id: of one of the recording's events
 * @events: how many
 *
 * Return: the record.
 */
struct lost_record recording_file_lost(int cpu, u64 id, u64 events)
{
	return (struct lost_record){
		.header = { .type = PERF_RECORD_LOST_SAMPLES, .size = sizeof(struct lost_record) },
		.lost = events,
		.id = { .time = now_ns(CLOCK_MONOTONIC), .cpu = cpu, .identifier = id },
	};
}

/**
 * recording_file_open - create the file
 * @path: its name; an existing file is renamed to .old
 * @err: says what is wrong
 *
 * Return: the descriptor or -errno.
 */
int recording_file_open(const char *path, struct err *err)
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
 * call_sites_add - remember an address to be named
 * @s: the addresses
 * @address: one of the kernel's code
 *
 * Return: 0 or -ENOMEM.
 */
int call_sites_add(struct call_sites *s, u64 address)
{
	size_t i;

	for (i = 0; i < s->nr; i++)
		if (s->sites[i].address == address)
			return 0;
	if (s->nr >= SITES_MAX)
		return 0;
	if (grow(&s->sites, &s->cap, s->nr + 1, sizeof(*s->sites)))
		return -ENOMEM;
	s->sites[s->nr++] = (struct call_site){ .address = address };
	return 0;
}

/**
 * call_sites_name - write the names of those that are new
 * @s: the addresses
 * @w: the writer
 *
 * To be called as soon as they are seen: a module among them may be unloaded later.
 *
 * Return: 0 or -errno; without symbols the report shows addresses.
 */
int call_sites_name(struct call_sites *s, struct perfdata_writer *w)
{
	size_t i;
	int ret;

	if (s->nr_named == s->nr)
		return 0;
	s->nr_named = s->nr;
	ret = symbols_find(s->sites, s->nr);
	if (ret == -ENOMEM)
		return ret;
	for (i = 0, ret = 0; i < s->nr && !ret; i++) {
		struct call_site *site = &s->sites[i];
		_cleanup_free_ char *word = NULL;

		if (!site->name || site->noted)
			continue;
		word = note_encode(site->name, strlen(site->name));
		if (!word)
			return -ENOMEM;
		ret = perfdata_note(w, "symbol %" PRIx64 " %s", site->address, word);
		site->noted = true;
	}
	return ret;
}

/**
 * call_sites_free - free them
 * @s: the addresses; empty afterwards
 */
void call_sites_free(struct call_sites *s)
{
	size_t i;

	for (i = 0; i < s->nr; i++)
		free(s->sites[i].name);
	free(s->sites);
	*s = (struct call_sites){ 0 };
}
