/* SPDX-License-Identifier: GPL-2.0-only */
/* What every recording of ours has in its file beside events, wherever those come from. */
#ifndef MODTRACE_RECORDING_FILE_H
#define MODTRACE_RECORDING_FILE_H

#include "formats/perfdata.h"
#include "formats/tracing_data.h"
#include "recorder/running_tasks.h"
#include "recorder/symbols.h"

/**
 * struct call_sites - addresses of the kernel's code that events have, to be named
 * @sites: the addresses
 * @nr: how many
 */
struct call_sites {
	struct call_site *sites;
	size_t nr;

	/* private */
	size_t cap;
	size_t nr_named;
};

/* A PERF_RECORD_LOST_SAMPLES, with what sample_id_all appends. */
struct lost_record {
	struct perf_event_header header;
	u64 lost;
	struct sample_id id;
};

struct lost_record recording_file_lost(int cpu, u64 id, u64 events);
int recording_file_open(const char *path, struct err *err);
int recording_file_describe(struct perfdata_writer *w, int argc, char **argv);
int recording_file_add_formats(struct perfdata_writer *w, const char *header_page,
			       const char *header_event, const struct tracing_format *formats,
			       size_t nr);
int recording_file_note_state(struct perfdata_writer *w, const char *when);
int recording_file_note_end(struct perfdata_writer *w, u64 end_ns);

int call_sites_add(struct call_sites *s, u64 address);
int call_sites_name(struct call_sites *s, struct perfdata_writer *w);
void call_sites_free(struct call_sites *s);

#endif
