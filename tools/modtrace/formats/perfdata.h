/* SPDX-License-Identifier: GPL-2.0-only */
/* The perf.data file format, written and read. Every bound is checked when reading. */
#ifndef MODTRACE_PERFDATA_H
#define MODTRACE_PERFDATA_H

#include <linux/perf_event.h>

#include "formats/sample.h"
#include "lib/map.h"
#include "lib/util.h"

/* Numbers of the feature sections that we read or write. */
enum perfdata_feature {
	FEATURE_TRACING_DATA = 1,
	FEATURE_HOSTNAME = 3,
	FEATURE_OSRELEASE = 4,
	FEATURE_VERSION = 5,
	FEATURE_ARCH = 6,
	FEATURE_NRCPUS = 7,
	FEATURE_CPUDESC = 8,
	FEATURE_CPUID = 9,
	FEATURE_TOTAL_MEM = 10,
	FEATURE_CMDLINE = 11,
	FEATURE_EVENT_DESC = 12,
	FEATURE_SAMPLE_TIME = 21,
	FEATURE_CLOCKID = 23,
	FEATURE_DIR_FORMAT = 24,
	FEATURE_COMPRESSED = 27,
	FEATURE_CLOCK_DATA = 29,
	/* Ours: far from perf's, which looks only at those it knows. */
	FEATURE_MODTRACE = 255,
	FEATURE_NR = 256,
};

struct perfdata_section {
	u64 offset;
	u64 size;
};

struct perfdata_header {
	char magic[8];
	u64 size;
	u64 attr_size;
	struct perfdata_section attrs;
	struct perfdata_section data;
	struct perfdata_section event_types;
	u64 features[FEATURE_NR / 64];
};

#define PERFDATA_MAGIC "PERFILE2"

/* A recording that went through a pipe has a header of so many bytes, and all else in records. */
#define PERFDATA_PIPE_HEADER 16

/* An entry of the list of events as we write it; others' may be shorter or longer. */
struct perfdata_attr_entry {
	struct perf_event_attr attr;
	struct perfdata_section ids;
};

/*
 * perf finds the feature sections through a table behind the data, which a recording that
 * was killed doesn't have. Ours stand ahead of the data, and this block behind the header
 * lists them a second time.
 */
struct perfdata_early {
	char magic[8];
	u32 version;
	u32 nr;
	struct perfdata_early_section {
		u32 feature;
		u32 pad;
		struct perfdata_section section;
	} sections[];
};

#define PERFDATA_EARLY_MAGIC "MODTRACE"
#define PERFDATA_EARLY_VERSION 1

/* -- reading -- */

/**
 * struct perfdata - an open file
 * @base: the mapped file
 * @size: its size
 * @attrs: the events recorded
 * @nr_attrs: how many
 * @data: where the records are, cut to what the file has
 * @truncated: something that should be there is missing
 * @closed: the recorder ended as it should
 * @features: the sections; size 0 for those that aren't there
 */
struct perfdata {
	const u8 *base;
	u64 size;
	struct perf_event_attr *attrs;
	size_t nr_attrs;
	struct perfdata_section data;
	bool truncated;
	bool closed;
	struct perfdata_section features[FEATURE_NR];

	/* private */
	size_t map_size;
	struct map by_id;		/* number of the event, plus one */
	struct map by_tracepoint;	/* likewise, where records carry no ids */
	struct id_position id_position;
	size_t without_id_all;		/* the first event without sample_id_all, plus one */
};

int perfdata_check(const void *start, u64 size, const char *name, struct err *err);
int perfdata_open(struct perfdata *p, int fd, const char *name, struct err *err);
void perfdata_close(struct perfdata *p);
u64 perfdata_payload(const u8 *record, const struct perf_event_header *h);
struct perf_event_attr *perfdata_attr_of(const struct perfdata *p, const u8 *record, size_t size);
char *perfdata_string(const struct perfdata *p, enum perfdata_feature feature);
u64 perfdata_number(const struct perfdata *p, enum perfdata_feature feature, unsigned int at,
		    unsigned int size);

/* -- writing -- */

struct perfdata_writer;

struct perfdata_writer *perfdata_create(int fd);
void perfdata_abandon(struct perfdata_writer *w);
int perfdata_add_attr(struct perfdata_writer *w, const struct perf_event_attr *attr,
		      const char *name, size_t id_slots);
int perfdata_add_id(struct perfdata_writer *w, unsigned int attr, u64 id);
int perfdata_add_feature(struct perfdata_writer *w, enum perfdata_feature feature,
			 const void *data, size_t size);
int perfdata_add_string(struct perfdata_writer *w, enum perfdata_feature feature,
			const char *text);
int perfdata_note(struct perfdata_writer *w, const char *fmt, ...) __printf(2, 3);
int perfdata_start(struct perfdata_writer *w);
int perfdata_write(struct perfdata_writer *w, const void *data, size_t size);
int perfdata_commit(struct perfdata_writer *w);
u64 perfdata_written(const struct perfdata_writer *w);
int perfdata_finish(struct perfdata_writer *w);

#endif
