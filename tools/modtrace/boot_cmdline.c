// SPDX-License-Identifier: GPL-2.0-only
#include "record_boot.h"

#include <inttypes.h>

#include "commands.h"
#include "formats/events.h"
#include "lib/release.h"

/*
 * What a boot's events may take together until somebody drains them, in KiB, and the least for one
 * CPU: some times what was measured, and no more, as to allocate and clear them is work that a boot
 * waits for. With the series, 128 CPUs had 0.8 MB in all. Without it each open is an event: Debian 13
 * had 61,000 on one CPU until it had settled, in 2 MB, and their returns, which are recorded ahead of
 * 6.10, take as much again; 64 CPUs had 164,000 of both until a unit was started 48 to 167 s after the
 * initramfs's recorder ended, and the CPUs where udev's workers ran had more than their MiB of them.
 */
#define PATCHED_KB 4096
#define PATCHED_CPU_KB 256
#define STOCK_FEW_KB 4096
#define STOCK_MANY_KB 262144
#define STOCK_MANY_CPU_KB 2048

/* Registers, as a boot loader would expand $arg1: a call's arguments are in memory that its first points to. */
#if defined(__x86_64__)
#define HAS_PROBES 1
#define CALL "__x64_sys_"
#define ARG1 "%di"
#define ARG2 "%si"
#define RETURNED "%ax"
#define CALL_ARG1 "+112(" ARG1 ")"
#define CALL_ARG2 "+104(" ARG1 ")"
#define CALL_ARG3 "+96(" ARG1 ")"
#elif defined(__aarch64__)
#define HAS_PROBES 1
#define CALL "__arm64_sys_"
#define ARG1 "%x0"
#define ARG2 "%x1"
#define RETURNED "%x0"
#define CALL_ARG1 "+0(" ARG1 ")"
#define CALL_ARG2 "+8(" ARG1 ")"
#define CALL_ARG3 "+16(" ARG1 ")"
#endif

/* Calls that are under way at the same time: returns of more would be missed. */
#define CALLS_MAX "4096"

#ifdef HAS_PROBES
/*
 * Devices are told by the opens of their files. Where a probe can print a file's name, modules are
 * named by the call itself, and probes stand in for the system calls' own events: while one of those is
 * enabled each call of each task takes the slow path, and names would take the return of each open.
 */
static const struct boot_probe {
	const char *event;
	const char *kind;
	const char *function;
	const char *args;
	unsigned int from; /* release */
} boot_probes[] = {
	{ "open", "p", "do_sys_openat2", "path=+0(" ARG2 "):ustring", 0 },
	{ "finit_enter", "p", CALL "finit_module", "fd=" CALL_ARG1 ":s32,flags=" CALL_ARG3 ":s32",
	  RELEASE_FILE_NAMES },
	{ "finit_exit", "r" CALLS_MAX, CALL "finit_module", "ret=" RETURNED ":s64",
	  RELEASE_FILE_NAMES },
	{ "init_enter", "p", CALL "init_module", "len=" CALL_ARG2 ":u64", RELEASE_FILE_NAMES },
	{ "init_exit", "r" CALLS_MAX, CALL "init_module", "ret=" RETURNED ":s64",
	  RELEASE_FILE_NAMES },
	{ "call", "p", "idempotent_init_module", "file=" ARG1 ":%pD", RELEASE_FILE_NAMES },
	{ "read_done", "r" CALLS_MAX, "kernel_read_file", "bytes=" RETURNED ":s64",
	  RELEASE_FILE_NAMES },
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

static unsigned int stock_buffer_kb(unsigned int cpus, unsigned int release)
{
	const unsigned int few = release < RELEASE_FILE_NAMES ? 2 * STOCK_FEW_KB : STOCK_FEW_KB;
	const unsigned int many = buffer_kb(cpus, STOCK_MANY_KB, STOCK_MANY_CPU_KB);

	return few < many ? few : many;
}

static bool is_recorded(const struct event_desc *desc, bool stock, bool calls_probed)
{
	switch (desc->need) {
	case NEED_REQUIRED:
		return !stock;
	case NEED_OPTIONAL:
		return true;
	case NEED_STOCK:
	case NEED_OPENS:
		return stock && !calls_probed;
	default:
		return false;
	}
}

/* The kernel enables probes of the command line itself, and finds none of them yet when it reads this list. */
static void print_events(bool stock, unsigned int release)
{
	const bool calls_probed = release >= RELEASE_FILE_NAMES;
	size_t i;

	fputs("trace_event=", stdout);
	for (i = 0; i < event_table_nr; i++)
		if (is_recorded(&event_table[i], stock, calls_probed))
			printf("%s:%s,", event_table[i].system, event_table[i].name);
	fputs(task_events, stdout);
}

/* In quotes, as to GRUB a ; ends a command; the kernel takes them off where the boot loader doesn't. */
static bool print_probes(unsigned int release)
{
#ifdef HAS_PROBES
	const char *quote = release >= RELEASE_FILE_NAMES ? "\"" : "";
	const char *sep = "";
	size_t i;

	printf("kprobe_event=%s", quote);
	for (i = 0; i < ARRAY_SIZE(boot_probes); i++) {
		const struct boot_probe *p = &boot_probes[i];

		if (release < p->from)
			continue;
		printf("%s%s:modtrace/%s,%s,%s", sep, p->kind, p->event, p->function, p->args);
		sep = ";";
	}
	printf("%s ", quote);
	return true;
#else
	return false;
#endif
}

/**
 * boot_cmdline - print what the kernel command line needs for record --boot
 * @cpus: how many CPUs it is for
 * @stock: it is for a kernel without the series
 * @release: the kernel's, see release_number()
 *
 * The line alone goes to standard output, the reasons to standard error.
 *
 * Return: the exit status.
 */
int boot_cmdline(unsigned int cpus, bool stock, unsigned int release)
{
	unsigned int kb = stock ? stock_buffer_kb(cpus, release) :
				  buffer_kb(cpus, PATCHED_KB, PATCHED_CPU_KB);

	if (stock && !print_probes(release)) {
		say("record: --boot-cmdline for an unpatched kernel is not supported on this architecture");
		return STATUS_ERROR;
	}
	print_events(stock, release);
	printf(" trace_clock=mono trace_options=norecord-cmd trace_buf_size=%uK\n", kb);
	if (fflush(stdout) || ferror(stdout))
		return STATUS_ERROR;

	if (stock)
		fprintf(stderr,
			"kprobe_event    %s. Arguments are named by\n"
			"                register because boot loaders expand $. Opens of other files are dropped.\n",
			release >= RELEASE_FILE_NAMES ?
				"system calls, file names, and devices. The quotes are for GRUB, to which ;\n"
				"                ends a command; in /etc/default/grub they need a \\ before them" :
				"file names: finit_module() gets only a descriptor");
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
		stock ? "system calls and opens" : "attempts", cpus,
		(unsigned int)((u64)kb * cpus / 1024));
	return STATUS_GOOD;
}
