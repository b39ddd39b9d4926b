/* SPDX-License-Identifier: GPL-2.0-only */
/* From the boot buffer to a perf.data whose first event is the kernel's first. */
#ifndef MODTRACE_BOOT_RECORDING_H
#define MODTRACE_BOOT_RECORDING_H

#include "recorder/boot_buffer.h"
#include "recorder/opens.h"
#include "recorder/recording_file.h"
#include "recorder/renamers.h"

/**
 * struct boot_recording - a boot recording under way
 * @events: tracepoint events written
 * @lost: events missing so far
 * @last_load_ns: when an attempt last began or ended
 * @loads: modules that were loaded
 * @continued: it goes on where one of this boot ended, as the initramfs's
 */
struct boot_recording {
	u64 events;
	u64 lost;
	u64 last_load_ns;
	u64 loads;
	bool continued;

	/* private */
	struct boot_buffer buffer;
	struct perfdata_writer *writer;
	int fd;
	struct call_sites sites;
	struct opens opens;
	struct map sized;	/* hashes of paths of which the size is noted */
	struct buf records;
	unsigned int drains;
	u64 drain_ns;
	struct renamers renamers;
	struct buf names; /* that we know better than the events */
	bool names_filtered;
};

int boot_recording_open(struct boot_recording *r, struct err *err);
int boot_recording_create(struct boot_recording *r, const char *path, int earlier_fd, int argc,
			  char **argv, struct err *err);
int boot_recording_drain(struct boot_recording *r);
int boot_recording_marker(struct boot_recording *r, u64 time_ns, const char *name);
int boot_recording_finish(struct boot_recording *r, bool handover);
void boot_recording_free(struct boot_recording *r);

#endif
