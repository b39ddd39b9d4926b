// SPDX-License-Identifier: GPL-2.0-only
#include "views/remedies.h"

/* THE table of findings' ids; docs/remedies.md has a section for each. */
const struct remedy remedies[] = {
	{ "per_cpu_modalias",
	  "have one CPU ask for all: modtrace-udev enable, or the two udev rules in "
	  "modtrace-report(1); what is left, a kernel that merges duplicates saves" },
	{ "identical_devices",
	  "if CPUs are the devices, as usual, have one ask for all: modtrace-udev enable, or the "
	  "two udev rules in modtrace-report(1); for others boot a kernel that merges "
	  "duplicates" },
	{ "never_loads",
	  "blacklist the module where it can't work (modprobe.d: blacklist NAME), or "
	  "clear MODALIAS of the devices that ask for it by a udev rule" },
	{ "failure_storm",
	  "see dmesg for the reason; until it is fixed, blacklist the module or stop "
	  "the requester from retrying" },
	{ "storm", "make one requester ask once; or boot a kernel that merges duplicates "
		   "(modtrace doctor tells)" },
	{ "serial_repeats",
	  "have the requester look at /sys/module/NAME first, or use modprobe, which "
	  "does" },
	{ "init_module", "use finit_module(): kmod 30 or later and a kernel that decompresses "
			 "(CONFIG_MODULE_DECOMPRESS)" },
	{ "fruitless_requests", "install or build what answers the name, or stop the requester" },
	{ "slow_load",
	  "see what the module's init waits for (dmesg, firmware, a device that doesn't "
	  "answer); load it after boot if nothing needs it" },
	{ "in_flight", "see where the task is stuck: /proc/TASK/stack, or sysrq-w" },
	{ "writer",
	  "let whatever writes module files (an update, dracut, depmod) end before modules "
	  "are loaded" },
	{ "compression",
	  "use a kernel with CONFIG_MODULE_DECOMPRESS for the file's compression, or "
	  "install uncompressed modules" },
	{ "dependency_damage",
	  "don't refuse dependencies: set module.merge_file to wait or off instead of "
	  "busy" },
	{ "missing_symbols", "load the dependency first (modprobe does), and run depmod -a" },
	{ "self_wait",
	  "remove the request from the module's init, or make it request_module_nowait()" },
	{ "lost_events", "record with larger rings (-m), or fewer events" },
	{ "silenced",
	  "take the system calls out of trace_instance= on the kernel command line, or stop whoever "
	  "traces them into an instance" },
	{ "stock_words",
	  "take the parameters of modtrace record --boot-cmdline as this kernel prints them, or "
	  "record without --stock" },
	{ "truncated", "let the recorder end by itself, on a disk with room" },
	{ "untimed",
	  "record with a clock of nanoseconds: trace-cmd record -C mono, perf record -k mono" },
	{ "other_clock",
	  "record all buffers with one clock: trace-cmd record -C mono -B NAME -C mono" },
	{ "would_tell_more", "record with modtrace record" },
	{ "no_ring", "record after the CPUs have come online" },
	{ "stats_disagree", "record a while before and after the loads" },
	{ "renaming", "find the task while it runs: top -H shows its changing name, and its user" },
	{ "unknown_events", NULL },
	{ "avoided_partly_known", NULL },
	{ "merged", NULL },
	{ "blame", NULL },
};

const size_t remedies_nr = ARRAY_SIZE(remedies);

/**
 * remedy_of - what to do about a finding
 * @id: its id
 *
 * Return: a static string, or NULL if there is nothing to do.
 */
const char *remedy_of(const char *id)
{
	size_t i;

	for (i = 0; i < remedies_nr; i++)
		if (!strcmp(remedies[i].id, id))
			return remedies[i].text;
	return NULL;
}
