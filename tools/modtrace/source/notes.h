/* SPDX-License-Identifier: GPL-2.0-only */
/* Our private section of a perf.data: lines of what only modtrace knows. Written and read. */
#ifndef MODTRACE_NOTES_H
#define MODTRACE_NOTES_H

#include "source/source_info.h"

/*
 * One line a note, "key values", unknown keys skipped by readers, later lines winning:
 *
 *	generator TEXT			what wrote the file
 *	start_ns N, end_ns N		when the rings were opened and closed
 *	at_start KEY TEXT		a gate's parameter, or the kernel's statistics
 *	at_end KEY TEXT
 *	symbol HEX TEXT			name of a call site
 *	no_ring CPU N			nanoseconds in which an online CPU had no ring
 *	boot_id TEXT			it is a recording of this boot from its first moment
 *	in_boot TEXT			it was made in this boot
 *	machine_id TEXT			on this machine; made of its id, see systemd_machine_id()
 *	machine_model TEXT		the maker's name of it
 *	wall N N			at that time, the clock of the day said so many ns since 1970
 *	ended_by TEXT			what ended the recording of a boot, see boot_end.h
 *	marker N TEXT			the boot had come so far
 *	module_size N TEXT		bytes of a module's file, for stock mode
 *	boot_lost CPU N			of a CPU's boot buffer so many events are known to be lost
 *
 * TEXT is the rest of the line, with bytes below 33, above 126 and % as %XX.
 */

int notes_read(struct source_info *info, const char *text, size_t len);

#endif
