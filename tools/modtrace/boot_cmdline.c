// SPDX-License-Identifier: GPL-2.0-only
#include "record_boot.h"

#include <inttypes.h>

#include "commands.h"
#include "formats/events.h"

/*
 * What a boot's events may take together until somebody drains them, in KiB, and the least for one
 * CPU: some times what was measured, and no more, as to allocate and clear them is work that a boot
 * waits for. With the series, 128 CPUs had 0.8 MB in all. Without it each open is an event: Debian 13
 * had 121,000 on one CPU until it had settled, in 4 MB; 64 CPUs had 164,000 until a unit was started
 * 48 to 167 s after the initramfs's recorder ended, and the CPUs where udev's workers ran had more than
 * their MiB of them.
 */
#define PATCHED_KB 4096
#define PATCHED_CPU_KB 256
#define STOCK_KB 16384
#define STOCK_CPU_KB 4096
#define STOCK_MANY_KB 262144
#define STOCK_MANY_CPU_KB 2048

/* The second argument of do_sys_openat2(), in its register: a boot loader would expand $arg2. */
#if defined(__x86_64__)
#define OPEN_PATH "%si"
#elif defined(__aarch64__)
#define OPEN_PATH "%x1"
#endif

/* Who asked for modules is told by these; perf's own task records don't exist that early. */
static const char task_events[] =
	"sched:sched_process_fork,sched:sched_process_exec,sched:sched_process_exit,task:task_rename";

static unsigned int buffer_kb(unsigned int cpus, unsigned int all_kb, unsigned int least_kb)
{
	unsigned int kb = all_kb / cpus;

	return kb < least_kb ? least_kb : kb;
}

static unsigned int stock_buffer_kb(unsigned int cpus)
{
	const unsigned int few = buffer_kb(cpus, STOCK_KB, STOCK_CPU_KB);
	const unsigned int many = buffer_kb(cpus, STOCK_MANY_KB, STOCK_MANY_CPU_KB);

	return few < many ? few : many;
}

static bool is_recorded(const struct event_desc *desc, bool stock)
{
	switch (desc->need) {
	case NEED_REQUIRED:
		return !stock;
	case NEED_OPTIONAL:
		return true;
	case NEED_STOCK:
	case NEED_OPENS:
		return stock;
	default:
		return false;
	}
}

static void print_events(bool stock)
{
	size_t i;

	fputs(stock ? "trace_event=modtrace:open," : "trace_event=", stdout);
	for (i = 0; i < event_table_nr; i++)
		if (is_recorded(&event_table[i], stock))
			printf("%s:%s,", event_table[i].system, event_table[i].name);
	fputs(task_events, stdout);
}

/**
 * boot_cmdline - print what the kernel command line needs for record --boot
 * @cpus: how many CPUs it is for
 * @stock: it is for a kernel without the series
 *
 * The line alone goes to standard output, the reasons to standard error.
 *
 * Return: the exit status.
 */
int boot_cmdline(unsigned int cpus, bool stock)
{
	unsigned int kb = stock ? stock_buffer_kb(cpus) :
				  buffer_kb(cpus, PATCHED_KB, PATCHED_CPU_KB);

#ifndef OPEN_PATH
	if (stock) {
		say("record: --boot-cmdline for an unpatched kernel is not supported on this architecture");
		return STATUS_ERROR;
	}
#else
	if (stock)
		fputs("kprobe_event=p:modtrace/open,do_sys_openat2,path=+0(" OPEN_PATH "):ustring ",
		      stdout);
#endif
	print_events(stock);
	printf(" trace_clock=mono trace_buf_size=%uK\n", kb);
	if (fflush(stdout) || ferror(stdout))
		return STATUS_ERROR;

	if (stock)
		fputs("kprobe_event    file names: finit_module() gets only a descriptor. Arguments are named by\n"
		      "                register because boot loaders expand $. Opens of other files are dropped.\n",
		      stderr);
	fprintf(stderr,
		"trace_event     events to record: %s, requests, and tasks,\n"
		"                which show who made them. The kernel uses only one such list: merge it\n"
		"                with an existing one.\n"
		"trace_clock     mono is the clock of all other events in a recording. With it, the buffer\n"
		"                isn't erased when the kernel selects a better local clock late in the boot.\n"
		"trace_buf_size  buffer for each of %u CPUs, %u MiB in total. modtrace record --boot drains\n"
		"                it, and reports how many events were lost.\n",
		stock ? "system calls and opens" : "attempts", cpus,
		(unsigned int)((u64)kb * cpus / 1024));
	return STATUS_GOOD;
}
