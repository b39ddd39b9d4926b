/* SPDX-License-Identifier: GPL-2.0-only */
/* From the rings to the file: what record writes, and in what order. */
#ifndef MODTRACE_RECORDING_H
#define MODTRACE_RECORDING_H

#include "recorder/kernel_state.h"
#include "recorder/recording_file.h"
#include "recorder/rings.h"

/**
 * struct recording - a recording under way
 * @rings: where events come from
 * @writer: where they go
 * @fd: the file
 * @events: tracepoint events so far
 * @lost: events missing so far
 * @renamers: tasks whose names are left out, as noted
 * @write_error: the -errno that ended writing
 * @without: what couldn't be had of probes, one line; empty if all could
 */
struct recording {
	struct rings rings;
	struct perfdata_writer *writer;
	int fd;
	u64 events;
	u64 lost;
	u64 renamers;
	int write_error;
	struct err without;

	/* private */
	struct probes probes;
	struct kernel_events kernel;
	u64 first_id;
	bool started;
	bool wrote;
	struct call_sites sites;
};

int recording_prepare(struct recording *r, size_t pages, const char *cpu_list,
		      enum probes_kind kind, struct err *err);
int recording_create(struct recording *r, const char *path, int argc, char **argv,
		     struct err *err);
int recording_start(struct recording *r, struct err *err);
int recording_drain(struct recording *r);
int recording_follow_cpus(struct recording *r);
int recording_finish(struct recording *r);
void recording_free(struct recording *r);

#endif
