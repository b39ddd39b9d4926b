// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"
#include "cpu_rules.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

#include "formats/events.h"
#include "lib/escape.h"
#include "lib/json.h"
#include "lib/options.h"
#include "lib/pager.h"
#include "lib/release.h"
#include "recorder/kernel_state.h"
#include "recorder/probes.h"
#include "recorder/symbols.h"

#define TRACEFS_MAGIC 0x74726163
#define DEBUGFS_MAGIC 0x64626720

enum { OPT_JSON = 256, OPT_FIX, OPT_ROOT };

enum status {
	CHECK_OK,
	CHECK_NOTE,	/* something more would be possible */
	CHECK_FAIL,	/* nothing can be recorded without */
};

/**
 * struct check - one thing that was looked at
 * @id: which, static
 * @status: what was found
 * @text: one line on it
 * @remedy: the command that mends it, NULL if there is nothing to mend
 */
struct check {
	const char *id;
	enum status status;
	char *text;
	char *remedy;
};

/* A probe that a recorder left behind. */
struct leftover {
	char *group;
	char *name;
	bool removed;
};

struct doctor {
	const char *root;
	bool fix;
	bool json;
	char *tracing;			/* where tracefs is, NULL if it can't be found */
	char release[128];
	char *config;			/* the kernel's configuration, NULL if not known */
	const char *mode;
	bool can_record;
	struct cpu_rules cpu_rules;
	struct check checks[64];
	size_t nr_checks;
	struct leftover leftovers[64];
	size_t nr_leftovers;
};

static const struct option_desc doctor_options[] = {
	{ OPT_JSON, "json", NULL, "print JSON" },
	{ OPT_FIX, "fix", NULL, "remove probes that killed recorders left behind" },
	{ OPT_ROOT, "root", "DIR", "look only at files below DIR" },
	{ 0 }
};

static const struct usage doctor_usage = {
	.synopsis = "modtrace doctor [OPTION...]",
	.options = doctor_options,
	.after = "Exit status: 0 if module loading can be recorded here, 1 otherwise.\n",
};

static int on_option(void *context, int code, const char *arg, struct err *err)
{
	struct doctor *d = context;

	(void)err;
	if (code == OPT_JSON)
		d->json = true;
	else if (code == OPT_FIX)
		d->fix = true;
	else
		d->root = arg;
	return 0;
}

static void check(struct doctor *d, const char *id, enum status status, const char *remedy,
		  const char *fmt, ...) __printf(5, 6);

static void check(struct doctor *d, const char *id, enum status status, const char *remedy,
		  const char *fmt, ...)
{
	struct check *c = &d->checks[d->nr_checks];
	va_list ap;

	if (d->nr_checks == ARRAY_SIZE(d->checks))
		return;
	va_start(ap, fmt);
	if (vasprintf(&c->text, fmt, ap) < 0)
		c->text = NULL;
	va_end(ap);
	if (!c->text)
		return;
	c->id = id;
	c->status = status;
	c->remedy = remedy ? strdup(remedy) : NULL;
	d->nr_checks++;
	if (status == CHECK_FAIL)
		d->can_record = false;
}

static char *path_of(const struct doctor *d, const char *fmt, ...) __printf(2, 3);

static char *path_of(const struct doctor *d, const char *fmt, ...)
{
	_cleanup_free_ char *tail = NULL;
	char *path;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&tail, fmt, ap) < 0)
		tail = NULL;
	va_end(ap);
	if (!tail || asprintf(&path, "%s%s", d->root, tail) < 0)
		return NULL;
	return path;
}

/* A file's text without the last newline, NULL if it can't be read; errno tells why. */
static char *text_of(const struct doctor *d, const char *path)
{
	_cleanup_free_ char *full = path_of(d, "%s", path);
	struct buf b = { 0 };
	int ret = full ? read_small_file(full, &b) : -ENOMEM;

	if (ret) {
		buf_free(&b);
		errno = -ret;
		return NULL;
	}
	if (b.len && b.data[b.len - 1] == '\n')
		b.data[b.len - 1] = '\0';
	return b.data;
}

static bool exists(const struct doctor *d, const char *path)
{
	_cleanup_free_ char *full = path_of(d, "%s", path);

	return full && !access(full, F_OK);
}

static bool is_mounted(const struct doctor *d, const char *path, long magic)
{
	_cleanup_free_ char *full = path_of(d, "%s", path);
	struct statfs st;

	if (!full)
		return false;
	/* Elsewhere there are only files to look at. */
	if (*d->root)
		return !access(full, F_OK);
	return !statfs(full, &st) && st.f_type == magic;
}

static void read_config(struct doctor *d)
{
	_cleanup_free_ char *boot = NULL, *command = NULL;
	_cleanup_buf_ struct buf b = { 0 };
	char chunk[4096];
	size_t n;
	FILE *f;

	if (asprintf(&boot, "/boot/config-%s", d->release) < 0)
		boot = NULL;
	if (boot)
		d->config = text_of(d, boot);
	/* The name is ours alone, so a shell may see it. */
	if (d->config || *d->root || access("/proc/config.gz", R_OK))
		return;
	f = popen("gzip -dc /proc/config.gz 2>/dev/null", "re");
	if (!f)
		return;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		if (buf_add(&b, chunk, n))
			break;
	pclose(f);
	if (b.len)
		d->config = TAKE_PTR(b.data);
}

/* Return: 'y' or 'm', 'n' if it is off, '?' if the configuration isn't known. */
static char config_of(const struct doctor *d, const char *option)
{
	size_t len = strlen(option);
	const char *line = d->config;

	if (!line)
		return '?';
	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, "CONFIG_", 7) && !strncmp(line + 7, option, len) &&
		    line[7 + len] == '=')
			return line[8 + len];
	}
	return 'n';
}

static void check_config(struct doctor *d)
{
	static const struct {
		const char *option;
		const char *what;
		bool series;		/* one of kernel-patches/ */
	} wanted[] = {
		{ "MODULES", "modules", false },
		{ "TRACEPOINTS", "module events", false },
		{ "EVENT_TRACING", "events in tracefs", false },
		{ "PERF_EVENTS", "recording with rings", false },
		{ "FTRACE_SYSCALLS", "attempts in stock mode", false },
		{ "KPROBE_EVENTS", "file names in stock mode", false },
		{ "DEBUG_INFO_BTF", "decompressed sizes in stock mode", false },
		{ "MODULE_MERGE", "gates", true },
		{ "MODULE_STATS", "modules/stats to check recordings against", true },
	};
	size_t i;

	if (!d->config) {
		check(d, "config", CHECK_NOTE, NULL,
		      "unknown kernel configuration: neither /proc/config.gz nor /boot/config-%s is readable",
		      d->release);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		char state = config_of(d, wanted[i].option), remedy[160];

		if (state == 'y' || state == 'm')
			continue;
		snprintf(remedy, sizeof(remedy), "scripts/config -e %s, in the source of %s",
			 wanted[i].option,
			 wanted[i].series ? "a kernel with kernel-patches/" : "the kernel");
		check(d, "config", CHECK_NOTE, remedy, "CONFIG_%s is not set: no %s",
		      wanted[i].option, wanted[i].what);
	}
}

static void check_tracefs(struct doctor *d)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	_cleanup_free_ char *full = NULL, *lockdown = text_of(d, LOCKDOWN_FILE);
	size_t i;

	if (lockdown && strstr(lockdown, LOCKDOWN_ALL)) {
		check(d, "lockdown", CHECK_FAIL, LOCKDOWN_REMEDY,
		      "nothing can be traced: the kernel is locked down (lockdown=confidentiality)");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(places) && !d->tracing; i++)
		if (is_mounted(d, places[i], TRACEFS_MAGIC))
			d->tracing = strdup(places[i]);
	if (!d->tracing) {
		check(d, "tracefs", CHECK_FAIL, "mount -t tracefs nodev /sys/kernel/tracing",
		      "tracefs is not mounted%s",
		      config_of(d, "FTRACE") == 'n' ? ", and the kernel lacks CONFIG_FTRACE" : "");
		return;
	}
	full = path_of(d, "%s/events", d->tracing);
	if (full && !access(full, R_OK | X_OK)) {
		check(d, "tracefs", CHECK_OK, NULL, "tracefs is mounted at %s", d->tracing);
		return;
	}
	if (errno == ENOENT)
		check(d, "tracefs", CHECK_FAIL, NULL,
		      "%s has no events: the kernel needs CONFIG_EVENT_TRACING", d->tracing);
	else
		check(d, "tracefs", CHECK_FAIL, "sudo modtrace doctor",
		      "no permission to read %s; run as root, or remount it with mode=750 and a group of yours",
		      d->tracing);
}

static bool has_event(const struct doctor *d, const char *system, const char *name)
{
	_cleanup_free_ char *path = NULL;

	if (!d->tracing || asprintf(&path, "%s/events/%s/%s/id", d->tracing, system, name) < 0) {
		path = NULL;
		return false;
	}
	return exists(d, path);
}

static bool has_probes(const struct doctor *d)
{
	_cleanup_free_ char *path = NULL;

	if (!d->tracing || asprintf(&path, "%s/kprobe_events", d->tracing) < 0) {
		path = NULL;
		return false;
	}
	return exists(d, path);
}

/* What a recording that record makes here has, and what it can't. */
static void check_exact(struct doctor *d)
{
	const bool shares = release_number(d->release) >= RELEASE_SHARES;
	_cleanup_free_ char *btf = path_of(d, "/sys/kernel/btf/vmlinux");
	static const char remedy[] =
		"scripts/config -e DEBUG_INFO_BTF, in the source of the kernel";
	struct probe_types types = { 0 };

	if (btf)
		probe_types_read(&types, btf);
	if (!*types.file)
		check(d, "btf", CHECK_NOTE, remedy,
		      "%s: files of modules are named by the opens of them, and what compressed ones "
		      "decompress to is unknown",
		      exists(d, "/sys/kernel/btf/vmlinux") ? "BTF lacks what probes need" :
							     "no BTF");
	else
		check(d, "btf", *types.image ? CHECK_OK : CHECK_NOTE, NULL,
		      "BTF names the files of modules%s",
		      *types.image ? ", and tells what compressed ones decompress to" :
				     "; what compressed ones decompress to is unknown");
	if (!has_probes(d))
		check(d, "exact", CHECK_NOTE,
		      "scripts/config -e KPROBE_EVENTS, in the source of the kernel",
		      "exact: attempts, results and call times; unknown: what duplicates allocated, and names of those "
		      "that loaded nothing");
	else
		check(d, "exact", CHECK_OK, NULL,
		      "exact: attempts, results, call times, bytes read%s and laid out%s; of a boot, bytes read "
		      "are estimates by the sizes of files, and bytes laid out unknown",
		      *types.image ? ", decompressed" : "",
		      shares ? ", and how long duplicates waited for a result" :
			       "; unknown: how long duplicates waited for each other");
}

/* With the series one thing alone takes probes. */
static void check_devices(struct doctor *d)
{
	if (!has_probes(d))
		check(d, "devices", CHECK_NOTE,
		      "scripts/config -e KPROBE_EVENTS, in the source of the kernel",
		      "unknown: the devices that udev loads modules for");
}

static void check_events(struct doctor *d)
{
	_cleanup_buf_ struct buf missing = { 0 };
	bool begin = has_event(d, "module", "module_load_begin");
	bool end = has_event(d, "module", "module_load_end");
	size_t i;

	if (!d->tracing)
		return;
	for (i = 0; i < event_table_nr; i++) {
		const struct event_desc *e = &event_table[i];

		if (!strcmp(e->system, "module") && e->need == NEED_REQUIRED &&
		    !has_event(d, e->system, e->name) &&
		    buf_addf(&missing, "%s%s:%s", missing.len ? ", " : "", e->system, e->name))
			return;
	}
	if (begin && end && !missing.len) {
		d->mode = "patched";
		check(d, "events", CHECK_OK, NULL,
		      "mode patched: the kernel has all events, so attempts, bytes and waits are exact");
		check_devices(d);
		return;
	}
	if (!has_event(d, "module", "module_load")) {
		check(d, "events", CHECK_FAIL, NULL,
		      "the kernel has no module events: it needs CONFIG_MODULES and CONFIG_TRACEPOINTS");
		return;
	}
	d->mode = "stock";
	check(d, "events", CHECK_NOTE, "build a kernel with kernel-patches/ (see README.md)",
	      "mode stock: the kernel lacks %s; loads are known from their system calls",
	      missing.data);
	if (!has_event(d, "syscalls", "sys_enter_finit_module"))
		check(d, "syscalls", CHECK_FAIL,
		      "scripts/config -e FTRACE_SYSCALLS, in the source of the kernel",
		      "no system call events: without CONFIG_FTRACE_SYSCALLS a stock kernel doesn't show attempts");
	check_exact(d);
}

static int open_dummy(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY, .disabled = 1,
	};

	return syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
}

static void check_perf(struct doctor *d)
{
	_cleanup_free_ char *paranoid = text_of(d, "/proc/sys/kernel/perf_event_paranoid");
	_cleanup_close_ int fd = -1;

	if (!paranoid) {
		check(d, "perf", CHECK_FAIL, "scripts/config -e PERF_EVENTS, in the source of the kernel",
		      "no perf events: the kernel needs CONFIG_PERF_EVENTS");
		return;
	}
	if (*d->root)
		return;
	fd = open_dummy();
	if (fd >= 0)
		check(d, "perf", CHECK_OK, NULL,
		      "this user may record all CPUs (perf_event_paranoid is %s)", paranoid);
	else
		check(d, "perf", CHECK_FAIL, "sudo modtrace record, or sysctl kernel.perf_event_paranoid=-1",
		      "this user may not record all CPUs: %s (perf_event_paranoid is %s, and CAP_PERFMON is missing)",
		      strerror(errno), paranoid);
}

static void check_files(struct doctor *d)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	rlim_t need = cpus * (event_table_nr + 1) + 64;
	struct rlimit limit;

	if (*d->root || getrlimit(RLIMIT_NOFILE, &limit))
		return;
	if (limit.rlim_max >= need || !geteuid())
		check(d, "descriptors", CHECK_OK, NULL,
		      "%" PRIu64 " open files may be needed for %ld CPUs, and are allowed",
		      (u64)need, cpus);
	else
		check(d, "descriptors", CHECK_FAIL, "ulimit -Hn 65536, as root",
		      "%" PRIu64 " open files may be needed for %ld CPUs, %" PRIu64 " are allowed",
		      (u64)need, cpus, (u64)limit.rlim_max);
}

static void check_symbols(struct doctor *d)
{
	_cleanup_free_ char *restricted = text_of(d, "/proc/sys/kernel/kptr_restrict");

	if (!exists(d, "/proc/kallsyms"))
		check(d, "symbols", CHECK_NOTE,
		      "scripts/config -e KALLSYMS, in the source of the kernel",
		      "no symbols: call sites are shown as addresses");
	else if (!*d->root && symbols_are_printed())
		check(d, "symbols", CHECK_OK, NULL, "the kernel names call sites (bpf_snprintf)");
	else if (restricted && (*restricted == '2' || (*restricted == '1' && geteuid())))
		check(d, "symbols", CHECK_NOTE, "sysctl kernel.kptr_restrict=0",
		      "kptr_restrict is %s: call sites of the kernel's requests are shown as addresses",
		      restricted);
	else
		check(d, "symbols", CHECK_OK, NULL, "call sites can be resolved to symbols");
}

static void check_stats(struct doctor *d)
{
	_cleanup_free_ char *stats = NULL;

	if (!is_mounted(d, "/sys/kernel/debug", DEBUGFS_MAGIC)) {
		check(d, "debugfs", CHECK_NOTE, "mount -t debugfs nodev /sys/kernel/debug",
		      "debugfs is not mounted: recordings can't be checked against modules/stats");
		return;
	}
	stats = text_of(d, "/sys/kernel/debug/modules/stats");
	if (stats)
		check(d, "stats", CHECK_OK, NULL, "modules/stats is included in recordings");
	else if (errno == EACCES)
		check(d, "stats", CHECK_NOTE, "sudo modtrace record",
		      "no permission to read modules/stats");
	else
		check(d, "stats", CHECK_NOTE, NULL,
		      "the kernel has no modules/stats (CONFIG_MODULE_STATS of a kernel with kernel-patches/)");
}

static const char *const gates[] = { "merge_file", "merge_live", "merge_name", "merge_autoload" };

static char *gate_state(const struct doctor *d, const char *gate)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/module/module/parameters/%s", gate);
	return text_of(d, path);
}

static void check_gates(struct doctor *d)
{
	_cleanup_buf_ struct buf text = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(gates); i++) {
		_cleanup_free_ char *state = gate_state(d, gates[i]);

		if (state && buf_addf(&text, "%s%s=%s", text.len ? ", " : "", gates[i], state))
			return;
		if (!state)
			continue;
		if (!strcmp(state, "busy"))
			check(d, "gates", CHECK_NOTE,
			      "echo wait >/sys/module/module/parameters/merge_file",
			      "merge_file is busy: duplicates fail with ETXTBSY, which modprobe treats as a failed dependency");
		else if (!strcmp(state, "off") || !strcmp(state, "0") || !strcmp(state, "N"))
			check(d, "gates", CHECK_NOTE, NULL, "%s is off: it merges no duplicates",
			      gates[i]);
	}
	if (text.len)
		check(d, "gates", CHECK_OK, NULL, "gates: %s", text.data);
	else
		check(d, "gates", CHECK_NOTE, "build a kernel with kernel-patches/ (see README.md)",
		      release_number(d->release) >= RELEASE_SHARES ?
			      "the kernel has no gates, but loads of one file at the same time share one result; later ones, and those of init_module(), do their work for nothing" :
			      "the kernel has no gates: every duplicate does its work for nothing");
}

/* Whether boots are recorded from their first moment, which takes the kernel's command line too. */
static void check_boot(struct doctor *d)
{
	_cleanup_free_ char *words = text_of(d, "/proc/cmdline");
	const char *events = words ? strstr(words, "trace_event=") : NULL;
	bool enabled = exists(d, "/etc/systemd/system/sysinit.target.wants/modtrace-boot.service");
	bool saved = exists(d, "/var/lib/modtrace/boot.data");
	bool traced = events && (strstr(events, "module:module_load_end") ||
				 strstr(events, "sys_exit_finit_module") ||
				 strstr(events, "module:*"));

	if (!enabled && !traced)
		check(d, "boot", CHECK_NOTE, "make install-boot && modtrace-boot enable",
		      "boots are not recorded");
	else if (!traced)
		check(d, "boot", CHECK_NOTE, "modtrace record --boot-cmdline",
		      "modtrace-boot is enabled, but this kernel's command line enables no events: add the parameters that this command prints, then reboot");
	else if (!strstr(words, "trace_clock=mono"))
		check(d, "boot", CHECK_NOTE, "modtrace record --boot-cmdline",
		      "the kernel command line has no trace_clock=mono: boots are recorded only from the start of the recorder");
	else if (!enabled)
		check(d, "boot", CHECK_NOTE, "modtrace record --boot --until=settle",
		      "the kernel traced this boot, but no service records it");
	else
		check(d, "boot", CHECK_OK, NULL, "boots are recorded%s",
		      saved ? ", the last one to /var/lib/modtrace/boot.data" : "");
}

static void check_cpu_rules(struct doctor *d)
{
	struct cpu_rules *c = &d->cpu_rules;
	const struct cpu_devices *cpus = &c->devices[KIND_CPU];
	const struct cpu_devices *processors = &c->devices[KIND_ACPI];
	static const char enable[] = "make install-udev && modtrace-udev enable";
	static const char counts[] =
		"%zu CPUs have the same modalias, which %zu modules match, and %zu ACPI processors, %zu modules";
	_cleanup_buf_ struct buf what = { 0 };

	if (cpu_rules_look(c, d->root, d->release) ||
	    buf_addf(&what, counts, cpus->nr, cpus->nr_modules, processors->nr,
		     processors->nr_modules))
		return;
	if (!c->has_udev)
		check(d, "cpu_rules", CHECK_OK, NULL,
		      "udev is not installed: none of its workers asks for the modules of CPUs");
	else if (!cpus->nr)
		check(d, "cpu_rules", CHECK_NOTE, NULL,
		      "unknown whether CPUs ask for modules: no CPUs in /sys/devices/system/cpu");
	else if (!c->has_aliases)
		check(d, "cpu_rules", CHECK_NOTE, "depmod -a",
		      "unknown whether CPUs ask for modules: /lib/modules/%s/modules.alias is not readable",
		      d->release);
	else if (!cpu_rules_saved(c, false))
		check(d, "cpu_rules", CHECK_OK, NULL, "CPUs cause no duplicates: %s", what.data);
	else if (!cpu_rules_saved(c, true))
		check(d, "cpu_rules", CHECK_OK, NULL,
		      "one CPU asks udev for the modules of all (%s): %s",
		      cpus->rules ? cpus->rules : processors->rules, what.data);
	else if (c->late)
		check(d, "cpu_rules", CHECK_NOTE, enable,
		      "every CPU asks udev for the modules of all: the rules in %s come after 80-drivers.rules, too late; %s",
		      c->late, what.data);
	else
		check(d, "cpu_rules", CHECK_NOTE, enable,
		      "every CPU asks udev for the modules of all, up to %" PRIu64
		      " loads for nothing in a boot: %s; udev rules have one ask",
		      cpu_rules_saved(c, true), what.data);
}

/* "p:modtrace_123/open do_sys_openat2 …": Return: whether it is a probe of ours. */
static bool parse_probe(const char *line, char **group, char **name)
{
	const char *colon = strchr(line, ':'), *slash, *end;

	if (!strchr("pr", *line) || !colon || strncmp(colon + 1, "modtrace", 8))
		return false;
	slash = strchr(colon, '/');
	end = colon + strcspn(colon, " \n");
	if (!slash || slash > end)
		return false;
	*group = strndup(colon + 1, slash - colon - 1);
	*name = strndup(slash + 1, end - slash - 1);
	return *group && *name;
}

static int write_text(const char *path, const char *text)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	size_t len = strlen(text);

	if (fd < 0)
		return -errno;
	return write(fd, text, len) == (ssize_t)len ? 0 : -errno;
}

/* A probe that a recorder still uses can't be removed: the kernel refuses with EBUSY. */
static int remove_probe(const struct doctor *d, const struct leftover *l)
{
	_cleanup_free_ char *path = path_of(d, "%s/kprobe_events", d->tracing);
	char text[300];

	snprintf(text, sizeof(text), "-:%s/%s\n", l->group, l->name);
	return path ? write_text(path, text) : -ENOMEM;
}

static void check_leftovers(struct doctor *d)
{
	_cleanup_free_ char *path = NULL, *probes = NULL;
	const char *line;
	size_t i;

	if (!d->tracing || asprintf(&path, "%s/kprobe_events", d->tracing) < 0) {
		path = NULL;
		return;
	}
	probes = text_of(d, path);
	for (line = probes; line; line = strchr(line, '\n')) {
		struct leftover *l = &d->leftovers[d->nr_leftovers];

		line += *line == '\n';
		if (d->nr_leftovers < ARRAY_SIZE(d->leftovers) &&
		    parse_probe(line, &l->group, &l->name))
			d->nr_leftovers++;
	}
	for (i = 0; i < d->nr_leftovers; i++) {
		struct leftover *l = &d->leftovers[i];
		int ret = d->fix ? remove_probe(d, l) : 0;

		l->removed = d->fix && !ret;
		if (l->removed)
			check(d, "leftover", CHECK_OK, NULL, "removed probe %s/%s", l->group,
			      l->name);
		else if (ret == -EBUSY)
			check(d, "leftover", CHECK_OK, NULL, "probe %s/%s is in use by a recorder",
			      l->group, l->name);
		else if (ret)
			check(d, "leftover", CHECK_NOTE, "sudo modtrace doctor --fix",
			      "probe %s/%s can't be removed: %s", l->group, l->name,
			      strerror(-ret));
		else
			check(d, "leftover", CHECK_NOTE, "modtrace doctor --fix",
			      "probe %s/%s exists: a recorder uses it, or was killed and left it behind, which is harmless",
			      l->group, l->name);
	}
}

static const char *status_name(enum status status)
{
	static const char *const names[] = { "ok", "note", "fail" };

	return names[status];
}

static void put_name(FILE *out, const char *name)
{
	char clean[2048];

	escape(clean, sizeof(clean), name, strlen(name));
	fputs(clean, out);
}

static void print_text(const struct doctor *d, FILE *out)
{
	static const char *const colours[] = { "\033[32m", "\033[33m", "\033[31m" };
	bool colour = terminal_has_colours(STDOUT_FILENO);
	size_t i;

	fputs("kernel ", out);
	put_name(out, d->release);
	fprintf(out, ": module loading %s be recorded here%s%s%s\n",
		d->can_record ? "can" : "can't", d->mode ? ", in " : "", d->mode ? d->mode : "",
		d->mode ? " mode" : "");
	for (i = 0; i < d->nr_checks; i++) {
		const struct check *c = &d->checks[i];

		fprintf(out, "%s%-4s%s  ", colour ? colours[c->status] : "",
			status_name(c->status), colour ? "\033[0m" : "");
		put_name(out, c->text);
		fputc('\n', out);
		if (c->remedy) {
			fputs("      ", out);
			put_name(out, c->remedy);
			fputc('\n', out);
		}
	}
}

static void json_cpu_devices(struct json *j, const char *key, const struct cpu_devices *devices)
{
	size_t i;

	json_open(j, key, '{');
	json_number(j, "devices", devices->nr);
	json_string(j, "rules", devices->rules);
	json_open(j, "modules", '[');
	for (i = 0; i < devices->nr_modules; i++)
		json_string(j, NULL, devices->modules[i]);
	json_close(j, ']');
	json_close(j, '}');
}

static int print_json(const struct doctor *d, FILE *out)
{
	struct json j = { .out = out };
	size_t i;

	json_open(&j, NULL, '{');
	json_number(&j, "schema", 1);
	json_string(&j, "kernel", d->release);
	json_bool(&j, "can_record", d->can_record);
	json_string(&j, "mode", d->mode);
	json_number(&j, "uid", geteuid());
	json_open(&j, "gates", '{');
	for (i = 0; i < ARRAY_SIZE(gates); i++) {
		_cleanup_free_ char *state = gate_state(d, gates[i]);

		json_string(&j, gates[i], state);
	}
	json_close(&j, '}');
	json_cpu_devices(&j, "cpus", &d->cpu_rules.devices[KIND_CPU]);
	json_cpu_devices(&j, "acpi_processors", &d->cpu_rules.devices[KIND_ACPI]);
	json_open(&j, "checks", '[');
	for (i = 0; i < d->nr_checks; i++) {
		json_open(&j, NULL, '{');
		json_string(&j, "id", d->checks[i].id);
		json_string(&j, "status", status_name(d->checks[i].status));
		json_string(&j, "text", d->checks[i].text);
		json_string(&j, "remedy", d->checks[i].remedy);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_open(&j, "leftovers", '[');
	for (i = 0; i < d->nr_leftovers; i++) {
		json_open(&j, NULL, '{');
		json_string(&j, "group", d->leftovers[i].group);
		json_string(&j, "name", d->leftovers[i].name);
		json_bool(&j, "removed", d->leftovers[i].removed);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	return json_end(&j);
}

static void find_release(struct doctor *d)
{
	_cleanup_free_ char *release = text_of(d, "/proc/sys/kernel/osrelease");
	struct utsname name;

	if (!release && !*d->root && !uname(&name))
		snprintf(d->release, sizeof(d->release), "%s", name.release);
	else
		snprintf(d->release, sizeof(d->release), "%s", release ? release : "unknown");
	/* It becomes part of a path. */
	if (strchr(d->release, '/'))
		snprintf(d->release, sizeof(d->release), "unknown");
}

static void doctor_free(struct doctor *d)
{
	size_t i;

	for (i = 0; i < d->nr_checks; i++) {
		free(d->checks[i].text);
		free(d->checks[i].remedy);
	}
	for (i = 0; i < d->nr_leftovers; i++) {
		free(d->leftovers[i].group);
		free(d->leftovers[i].name);
	}
	cpu_rules_free(&d->cpu_rules);
	free(d->tracing);
	free(d->config);
}

/**
 * cmd_doctor - modtrace doctor
 * @argc: arguments, the command's name the first
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int cmd_doctor(int argc, char **argv)
{
	_cleanup_(doctor_free) struct doctor d = { .root = "", .can_record = true };
	int ret = options_parse(&doctor_usage, argc, argv, on_option, &d);

	if (ret >= 0)
		return ret;
	if (optind < argc) {
		say("doctor: unexpected argument '%s'", argv[optind]);
		return STATUS_ERROR;
	}
	find_release(&d);
	read_config(&d);
	check_tracefs(&d);
	check_events(&d);
	check_perf(&d);
	check_files(&d);
	check_gates(&d);
	check_stats(&d);
	check_symbols(&d);
	check_config(&d);
	check_boot(&d);
	check_cpu_rules(&d);
	check_leftovers(&d);
	if (d.json && print_json(&d, stdout))
		return STATUS_ERROR;
	if (!d.json)
		print_text(&d, stdout);
	return d.can_record ? STATUS_GOOD : STATUS_ERROR;
}
