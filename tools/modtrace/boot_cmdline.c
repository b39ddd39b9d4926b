// SPDX-License-Identifier: GPL-2.0-only
#include "record_boot.h"

#include <inttypes.h>

#include "commands.h"
#include "formats/events.h"
#include "recorder/probe_args.h"

/*
 * What a boot's events may take together until somebody drains them, in KiB, and the least for one
 * CPU: some times what was measured, and no more, as to allocate and clear them is work that a boot
 * waits for. With the series, 128 CPUs had 0.8 MB in all. Where each open is an event, and its return,
 * Debian 13 had 121,000 on one CPU until it had settled, in 4 MB; 64 CPUs had 164,000 until a unit was
 * started 48 to 167 s after the initramfs's recorder ended, and the CPUs where udev's workers ran had more
 * than their MiB of them. Where probes name the files it is 4,000 and 0.4 MB.
 */
#define PATCHED_KB 4096
#define PATCHED_CPU_KB 256
#define OPENS_FEW_KB 8192
#define FILES_KB 8192
#define FILES_CPU_KB 512
#define OPENS_KB 262144
#define OPENS_CPU_KB 2048

/* Calls that are under way at the same time: returns of more would be missed. */
#define CALLS_MAX "4096"

#ifdef CALL
enum { PATCHED = 1 << BOOT_PATCHED, OPENS = 1 << BOOT_OPENS, FILES = 1 << BOOT_FILES };

/*
 * Ahead of a device's modules, udev replaces what it knows of the device, or removes that if there is nothing:
 * few files are renamed or removed in a boot, and many opened.
 *
 * With BOOT_FILES modules are named by the call itself, or as the kernel looks for them, and probes stand in
 * for the system calls' own events: while one of those is enabled each call of each task takes the slow path,
 * and names would take each open and its return.
 */
static const struct boot_probe {
	const char *event;
	const char *kind;
	const char *function;
	const char *args;
	unsigned int words; /* that have it */
} boot_probes[] = {
	{ "open", "p", "do_sys_openat2", "path=+0(" ARG2 "):ustring", OPENS },
	{ "renamed", "p", CALL RENAME, RENAMED_PATH, PATCHED | FILES },
	{ "unlinked", "p", CALL UNLINK, UNLINKED_PATH, PATCHED | FILES },
	{ "finit_enter", "p", CALL "finit_module", "fd=" CALL_ARG1 ":s32,flags=" CALL_ARG3 ":s32",
	  FILES },
	{ "finit_exit", "r" CALLS_MAX, CALL "finit_module", "ret=" RETURNED ":s64", FILES },
	{ "init_enter", "p", CALL "init_module", "len=" CALL_ARG2 ":u64", FILES },
	{ "init_exit", "r" CALLS_MAX, CALL "init_module", "ret=" RETURNED ":s64", FILES },
	{ "call", "p", BOOT_CALL, "file=" ARG1 ":%pD", FILES },
	{ "sought", "p", "find_module_all", "name=+0(" ARG1 "):string", FILES },
	{ "read_done", "r" CALLS_MAX, "kernel_read_file", "bytes=" RETURNED ":s64", FILES },
};
#endif

/* Who asked for modules is told by these; perf's own task records don't exist that early. */
static const char task_events[] =
	"sched:sched_process_fork,sched:sched_process_exec,sched:sched_process_exit,task:task_rename";

static unsigned int buffer_kb(unsigned int cpus, unsigned int all_kb, unsigned int least_kb)
{
	unsigned int kb = all_kb / cpus;

	return kb < least_kb ? least_kb : kb;
}

static unsigned int words_buffer_kb(enum boot_words words, unsigned int cpus)
{
	unsigned int kb;

	switch (words) {
	case BOOT_PATCHED:
		return buffer_kb(cpus, PATCHED_KB, PATCHED_CPU_KB);
	case BOOT_FILES:
		return buffer_kb(cpus, FILES_KB, FILES_CPU_KB);
	default:
		kb = buffer_kb(cpus, OPENS_KB, OPENS_CPU_KB);
		return kb < OPENS_FEW_KB ? kb : OPENS_FEW_KB;
	}
}

static bool is_recorded(const struct event_desc *desc, enum boot_words words)
{
	switch (desc->need) {
	case NEED_REQUIRED:
		return words == BOOT_PATCHED;
	case NEED_OPTIONAL:
		return true;
	case NEED_STOCK:
	case NEED_OPENS:
		return words == BOOT_OPENS;
	default:
		return false;
	}
}

/* The kernel enables probes of the command line itself, and finds none of them yet when it reads this list. */
static void print_events(enum boot_words words)
{
	size_t i;

	fputs("trace_event=", stdout);
	for (i = 0; i < event_table_nr; i++)
		if (is_recorded(&event_table[i], words))
			printf("%s:%s,", event_table[i].system, event_table[i].name);
	fputs(task_events, stdout);
}

/*
 * In quotes where there are several, as to GRUB a ; ends a command; the kernel takes them off where the boot
 * loader doesn't. Return: how many.
 */
static unsigned int print_probes(enum boot_words words)
{
	unsigned int nr = 0;
#ifdef CALL
	const char *quote = words == BOOT_OPENS ? "" : "\"";
	size_t i;

	printf("kprobe_event=%s", quote);
	for (i = 0; i < ARRAY_SIZE(boot_probes); i++) {
		const struct boot_probe *p = &boot_probes[i];

		if (p->words & 1U << words)
			printf("%s%s:modtrace/%s,%s,%s", nr++ ? ";" : "", p->kind, p->event,
			       p->function, p->args);
	}
	printf("%s ", quote);
#endif
	return nr;
}

#define REGISTERS                  \
	"Arguments are named by\n" \
	"                register because boot loaders expand $. "

/* What the probes are good for, and why they look as they do. */
static const char *const probes_are_for[BOOT_WORDS_NR] = {
	[BOOT_PATCHED] = "devices for which udev loads modules. " REGISTERS,
	[BOOT_OPENS] = "file names: finit_module() gets only a descriptor. " REGISTERS
		       "Opens of other files are dropped.",
	[BOOT_FILES] = "system calls, file names, and devices. " REGISTERS,
};

/* Why there are quotes. */
static const char quotes[] =
	"The quotes are for GRUB, to\n"
	"                which ; ends a command; in /etc/default/grub they need a \\ before them.";

/**
 * boot_cmdline - print what the kernel command line needs for record --boot
 * @cpus: how many CPUs it is for
 * @words: which kernel it is for
 *
 * The line alone goes to standard output, the reasons to standard error.
 *
 * Return: the exit status.
 */
int boot_cmdline(unsigned int cpus, enum boot_words words)
{
	unsigned int kb = words_buffer_kb(words, cpus);

	if (!print_probes(words) && words != BOOT_PATCHED) {
		say("record: --boot-cmdline for an unpatched kernel is not supported on this architecture");
		return STATUS_ERROR;
	}
	print_events(words);
	printf(" trace_clock=mono trace_options=norecord-cmd trace_buf_size=%uK\n", kb);
	if (fflush(stdout) || ferror(stdout))
		return STATUS_ERROR;

#ifdef CALL
	fprintf(stderr, "kprobe_event    %s%s\n", probes_are_for[words],
		words == BOOT_OPENS ? "" : quotes);
#endif
	fprintf(stderr,
		"trace_event     events to record: %s, requests, and tasks,\n"
		"                which show who made them. The kernel uses only one such list: merge it\n"
		"                with an existing one.\n"
		"trace_clock     mono is the clock of all other events in a recording. With it, the buffer\n"
		"                isn't erased when the kernel selects a better local clock late in the boot.\n"
		"trace_options   tasks' names are in the events; the kernel need not look at each task switch\n"
		"                for them.\n"
		"trace_buf_size  buffer for each of %u CPUs, %u MiB in total. modtrace record --boot drains\n"
		"                it, and reports how many events were lost.\n",
		words == BOOT_PATCHED ? "attempts" : "system calls", cpus,
		(unsigned int)((u64)kb * cpus / 1024));
	return STATUS_GOOD;
}
