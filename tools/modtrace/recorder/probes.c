// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/probes.h"

#include <signal.h>
#include <sys/utsname.h>
#include <tracefs/tracefs.h>

#include "lib/release.h"
#include "recorder/btf.h"
#include "recorder/probe_args.h"

#define GROUP "modtrace_"

#define OPEN_PATH "path=+0($arg2):ustring"

/* Calls that sleep in the probed function at the same time. */
#define RETURNS_MAX "4096"

/* By what udev tells which device it is about to load a module for. */
#define DATA_FILES "path ~ \"/run/udev/data/*\""
#define DEVICE_FILES "path ~ \"/sys/devices/*/uevent\" || " DATA_FILES
#define MODULE_FILES "path ~ \"*.ko*\""

static const char *const probe_events[PROBE_NR] = {
	[PROBE_OPEN] = "open",
	[PROBE_CALL] = "call",
	/* Of files of all kinds: a module's number is 2, or 7 where it is compressed, or another. */
	[PROBE_READ] = "read",
	[PROBE_READ_DONE] = "read_done",
	[PROBE_IMAGE] = "image",
	[PROBE_ALLOC] = "alloc",
	[PROBE_RENAMED] = "renamed",
	[PROBE_UNLINKED] = "unlinked",
};

/* The library's own functions for probes lose the number of returns. */
static bool make(struct probes *p, enum probe which, const char *kind, const char *function,
		 const char *args)
{
	char text[512];

	snprintf(text, sizeof(text), "%s:%s/%s %s %s", kind, p->group, probe_events[which],
		 function, args);
	p->made[which] = tracefs_instance_file_append(NULL, "kprobe_events", text) > 0;
	return p->made[which];
}

static bool take_away(const char *group, const char *event)
{
	char text[160];

	snprintf(text, sizeof(text), "-:%s/%s", group, event);
	return tracefs_instance_file_append(NULL, "kprobe_events", text) > 0;
}

/* The name of the file in $arg1 and what it is. */
static bool file_args(const struct btf *btf, char *args, size_t size)
{
	u32 dentry, name, inode, ino, sb, dev;

	if (btf_offset(btf, "file", "f_path.dentry", &dentry) ||
	    btf_offset(btf, "dentry", "d_name.name", &name) ||
	    btf_offset(btf, "file", "f_inode", &inode) || btf_offset(btf, "inode", "i_ino", &ino) ||
	    btf_offset(btf, "inode", "i_sb", &sb) || btf_offset(btf, "super_block", "s_dev", &dev))
		return false;
	snprintf(
		args, size,
		"file=+0(+%u(+%u($arg1))):string ino=+%u(+%u($arg1)):u64 dev=+%u(+%u(+%u($arg1))):u32",
		name, dentry, ino, inode, dev, sb, inode);
	return true;
}

/**
 * probe_types_read - see which probes can be made by the kernel's type information
 * @t: filled; empty where there is none, or none that is of use
 * @path: the information, as /sys/kernel/btf/vmlinux
 */
void probe_types_read(struct probe_types *t, const char *path)
{
	struct btf btf;
	u32 len;

	*t = (struct probe_types){ 0 };
	if (!btf_read(&btf, path) && file_args(&btf, t->file, sizeof(t->file)) &&
	    !btf_offset(&btf, "load_info", "len", &len))
		snprintf(t->image, sizeof(t->image), "bytes=+%u($arg1):u64", len);
	btf_free(&btf);
}

/* The functions but for the first are the kernel's own, which a compiler may have done away with. */
static bool make_typed(struct probes *p)
{
	struct probe_types types;
	char args[280];

	probe_types_read(&types, "/sys/kernel/btf/vmlinux");
	if (*types.file) {
		snprintf(args, sizeof(args), "%s id=$arg6:s32", types.file);
		make(p, PROBE_READ, "p", "kernel_read_file", args);
		snprintf(args, sizeof(args), "%s flags=$arg3:s32", types.file);
		make(p, PROBE_CALL, "p", "idempotent_init_module", args);
	}
	if (*types.image)
		make(p, PROBE_IMAGE, "p", "load_module", types.image);
	return p->made[PROBE_READ];
}

/* What udev replaces or removes ahead of a device's modules, or, where that can't be probed, what it opens. */
static bool make_devices(struct probes *p)
{
#ifdef CALL
	if (make(p, PROBE_RENAMED, "p", CALL RENAME, RENAMED_PATH) &&
	    make(p, PROBE_UNLINKED, "p", CALL UNLINK, UNLINKED_PATH))
		return true;
#endif
	return make(p, PROBE_OPEN, "p", "do_sys_openat2", OPEN_PATH);
}

/* A duplicate may not read the file at all: its name comes from the open. */
static bool kernel_shares(void)
{
	struct utsname uts;

	return !uname(&uts) && release_number(uts.release) >= RELEASE_SHARES;
}

/**
 * probes_make - make what probes this kernel allows
 * @p: filled; probes_remove() takes them away
 * @kind: what for
 * @err: says what there is none of
 *
 * Probes that nobody enables do nothing; those of recorders that are gone are removed first.
 *
 * Return: 0, or -errno if not even file names or devices can be had.
 */
int probes_make(struct probes *p, enum probes_kind kind, struct err *err)
{
	bool names, opens;

	probes_remove_stale();
	*p = (struct probes){ .stock = kind == PROBES_STOCK };
	snprintf(p->group, sizeof(p->group), GROUP "%d", getpid());
	if (kind == PROBES_DEVICES)
		return make_devices(p) ?
			       0 :
			       err_set(err, -ENOENT,
				       "cannot create a probe: devices are unknown; this requires root and CONFIG_KPROBE_EVENTS");
	opens = make(p, PROBE_OPEN, "p", "do_sys_openat2", OPEN_PATH);
	names = make_typed(p);
	make(p, PROBE_READ_DONE, "r" RETURNS_MAX, "kernel_read_file", "bytes=$retval:s64");
	if (!make(p, PROBE_ALLOC, "p", "module_alloc", "bytes=$arg1:u64"))
		make(p, PROBE_ALLOC, "p", "execmem_alloc", "bytes=$arg2:u64");
	p->named_by_opens = !names || kernel_shares();
	if (!names && !opens)
		return err_set(
			err, -ENOENT,
			"cannot create probes: duplicates will have no names; this requires root and CONFIG_KPROBE_EVENTS");
	return 0;
}

static int find(const char *event)
{
	int i;

	for (i = 0; i < PROBE_NR; i++)
		if (!strcmp(probe_events[i], event))
			return i;
	return -1;
}

/**
 * probes_have - whether a probe was made
 * @p: the probes
 * @event: name of its event
 *
 * Return: true if it was.
 */
bool probes_have(const struct probes *p, const char *event)
{
	int i = find(event);

	return i >= 0 && p->made[i];
}

/**
 * probe_filter - which of a probe's events are wanted
 * @p: the probes
 * @event: name of its event
 *
 * Return: the filter, or NULL for all.
 */
const char *probe_filter(const struct probes *p, const char *event)
{
	const int which = find(event);

	if (which == PROBE_RENAMED || which == PROBE_UNLINKED)
		return DATA_FILES;
	if (which != PROBE_OPEN)
		return NULL;
	return p->stock ? MODULE_FILES " || " DEVICE_FILES : DEVICE_FILES;
}

/**
 * probes_remove - take the probes away; nothing may record them any more
 * @p: the probes; empty afterwards
 */
void probes_remove(struct probes *p)
{
	size_t i;

	for (i = 0; i < PROBE_NR; i++)
		if (p->made[i])
			take_away(p->group, probe_events[i]);
	*p = (struct probes){ 0 };
}

/* A process that has the number now, but isn't ours, is another one. */
static bool is_recorder(int pid)
{
	_cleanup_buf_ struct buf comm = { 0 };
	char path[32];

	if (kill(pid, 0) && errno == ESRCH)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	return !read_small_file(path, &comm) && !strncmp(comm.data, "modtrace", 8);
}

/**
 * probes_remove_stale - remove probes of recorders that were killed
 *
 * Return: how many were removed.
 */
unsigned int probes_remove_stale(void)
{
	_cleanup_free_ char *all = tracefs_instance_file_read(NULL, "kprobe_events", NULL);
	char group[64], event[64], *line, *save;
	unsigned int nr = 0;

	for (line = all ? strtok_r(all, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		const char *colon = strchr(line, ':');
		int pid, used = 0;

		if (!colon || sscanf(colon, ":%63[^/]/%63s", group, event) != 2 ||
		    sscanf(group, GROUP "%9d%n", &pid, &used) != 1 || group[used])
			continue;
		if (pid == getpid() || !is_recorder(pid))
			nr += take_away(group, event);
	}
	return nr;
}
