// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/kernel_state.h"

#include <inttypes.h>
#include <sys/vfs.h>
#include <tracefs/tracefs.h>

#define TRACEFS_MAGIC 0x74726163

/**
 * kernel_find_tracefs - see that tracefs is there and may be read
 * @err: says what is missing, and the remedy
 *
 * Return: 0 or -errno.
 */
int kernel_find_tracefs(struct err *err)
{
	const char *dir;
	struct statfs st;

	tracefs_set_loglevel(TEP_LOG_NONE);
	dir = tracefs_tracing_dir();
	if (!dir || statfs(dir, &st) || st.f_type != TRACEFS_MAGIC)
		return err_set(err, -ENODEV,
			       "tracefs is not mounted: mount -t tracefs nodev /sys/kernel/tracing (the kernel needs CONFIG_FTRACE)");
	if (access(dir, R_OK | X_OK))
		return err_set(err, -errno,
			       "no permission to read %s; run as root, or remount it with mode=750 and a group of yours",
			       dir);
	return 0;
}

static bool locked_down(void)
{
	_cleanup_buf_ struct buf b = { 0 };

	return !read_small_file(LOCKDOWN_FILE, &b) && b.len && strstr(b.data, LOCKDOWN_ALL);
}

static char *read_text(const char *path)
{
	int size = 0;

	return tracefs_instance_file_read(NULL, path, &size);
}

/* Offset of the call site in an event's records. */
static unsigned int find_ip(const char *format)
{
	const char *line = strstr(format, "field:unsigned long ip;");
	unsigned int offset, size;

	if (!line || sscanf(line, "field:unsigned long ip;\toffset:%u;\tsize:%u;", &offset,
			    &size) != 2 || size != sizeof(unsigned long))
		return 0;
	return offset;
}

static int find_event(struct kernel_events *e, const struct event_desc *desc, const char *system)
{
	_cleanup_free_ char *id = NULL, *format = NULL;
	struct kernel_event *event = &e->all[e->nr];
	char *end;

	id = tracefs_event_file_read(NULL, system, desc->name, "id", NULL);
	format = tracefs_event_file_read(NULL, system, desc->name, "format", NULL);
	if (!id || !format)
		return -ENOENT;
	*event = (struct kernel_event){ .desc = desc, .system = system,
					.id = strtol(id, &end, 10) };
	if (end == id)
		return -ENOENT;
	event->ip_offset = find_ip(format);
	event->format = TAKE_PTR(format);
	e->nr++;
	return 0;
}

/**
 * kernel_has_series - whether this kernel tells of attempts by itself
 *
 * Return: true too where it can't be known for want of tracefs.
 */
bool kernel_has_series(void)
{
	struct err ignored;

	return kernel_find_tracefs(&ignored) ||
	       tracefs_event_file_exists(NULL, "module", "module_load_begin", "id");
}

static bool is_wanted(const struct event_desc *desc, const struct probes *probes)
{
	switch (desc->need) {
	case NEED_REQUIRED:
		return !probes->stock;
	case NEED_OPTIONAL:
	case NEED_NAMES:
		return true;
	case NEED_STOCK:
		return probes->stock;
	case NEED_OPENS:
		/* Descriptors are joined to opens, of all files, only where nothing rarer names them. */
		return probes->named_by_opens && probes_have(probes, "open") &&
		       !probes_have(probes, "call");
	case NEED_PROBE:
		return probes_have(probes, desc->name);
	default:
		return false;
	}
}

/**
 * kernel_events_find - find the events to record
 * @e: filled; kernel_events_free() frees it, after an error too
 * @probes: those made; they say whether to look for the series' events. It must outlive @e.
 * @err: says what is missing, and the remedy
 *
 * Return: 0, or -errno; -ENOENT if the kernel lacks a required event.
 */
int kernel_events_find(struct kernel_events *e, const struct probes *probes, struct err *err)
{
	_cleanup_buf_ struct buf missing = { 0 };
	const char *remedy = NULL;
	size_t i;
	int ret;

	*e = (struct kernel_events){ 0 };
	ret = kernel_find_tracefs(err);
	if (ret)
		return ret;
	e->all = calloc(event_table_nr, sizeof(*e->all));
	e->header_page = read_text("events/header_page");
	e->header_event = read_text("events/header_event");
	if (!e->all)
		return err_set(err, -ENOMEM, "out of memory");
	if ((!e->header_page || !e->header_event) && locked_down())
		return err_set(
			err, -EPERM,
			"nothing can be traced: the kernel is locked down (lockdown=confidentiality); %s",
			LOCKDOWN_REMEDY);
	if (!e->header_page || !e->header_event)
		return err_set(
			err, -EIO,
			"tracefs has no events: this requires CONFIG_EVENT_TRACING and no lockdown=confidentiality");
	for (i = 0; i < event_table_nr; i++) {
		const struct event_desc *desc = &event_table[i];
		const char *system = desc->need == NEED_PROBE ? probes->group : desc->system;

		if (!is_wanted(desc, probes))
			continue;
		if (!find_event(e, desc, system)) {
			if (desc->need == NEED_PROBE)
				e->all[e->nr - 1].filter = probe_filter(probes, desc->name);
			continue;
		}
		if (desc->need == NEED_OPTIONAL || desc->need == NEED_NAMES ||
		    (desc->need == NEED_PROBE && !probes->stock))
			continue;
		remedy = desc->remedy;
		ret = buf_addf(&missing, "%s%s:%s", missing.len ? ", " : "", system, desc->name);
		if (ret)
			return err_set(err, ret, "out of memory");
	}
	if (missing.len)
		return err_set(err, -ENOENT, "this kernel lacks %s: recording needs %s",
			       missing.data, remedy);
	return 0;
}

/**
 * kernel_events_free - free what was found
 * @e: the events; empty afterwards
 */
void kernel_events_free(struct kernel_events *e)
{
	size_t i;

	for (i = 0; i < e->nr; i++)
		free(e->all[i].format);
	free(e->all);
	free(e->header_page);
	free(e->header_event);
	*e = (struct kernel_events){ 0 };
}

/**
 * kernel_boot_id - read the kernel's id of this boot
 * @id: its text is added, without a newline
 *
 * Return: 0 or -errno.
 */
int kernel_boot_id(struct buf *id)
{
	int ret = read_small_file("/proc/sys/kernel/random/boot_id", id);

	if (!ret && id->len && id->data[id->len - 1] == '\n')
		id->data[--id->len] = '\0';
	return ret;
}

/**
 * kernel_state_read - read the gates' parameters and the statistics of module loading
 * @fn: called for each that the kernel has, with its text without the last newline;
 *	non-zero ends it
 * @context: handed to @fn
 *
 * Return: 0, what @fn returned, or -ENOMEM.
 */
int kernel_state_read(kernel_state_fn fn, void *context)
{
	static const struct {
		const char *key;
		const char *path;
	} places[] = {
		{ "merge_file", "/sys/module/module/parameters/merge_file" },
		{ "merge_live", "/sys/module/module/parameters/merge_live" },
		{ "merge_name", "/sys/module/module/parameters/merge_name" },
		{ "merge_autoload", "/sys/module/module/parameters/merge_autoload" },
		{ "stats", "/sys/kernel/debug/modules/stats" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		_cleanup_buf_ struct buf b = { 0 };
		int ret = read_small_file(places[i].path, &b);

		if (ret == -ENOMEM)
			return ret;
		if (ret)
			continue;
		if (b.len && b.data[b.len - 1] == '\n')
			b.len--;
		ret = fn(context, places[i].key, b.data, b.len);
		if (ret)
			return ret;
	}
	return 0;
}
