/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ftrace's own buffer, which the kernel command line fills from the first moment of boot: found,
 * drained, and left as it is.
 */
#ifndef MODTRACE_BOOT_BUFFER_H
#define MODTRACE_BOOT_BUFFER_H

#include "formats/events.h"

struct kbuffer;
struct tracefs_cpu;
struct tep_handle;
struct tracefs_instance;

/**
 * struct boot_event - an event that the kernel was told to trace
 * @system: trace system
 * @name: its name
 * @id: its id, the type in its records
 * @format: text of its format file
 * @reader: how it is decoded
 */
struct boot_event {
	char *system;
	char *name;
	int id;
	char *format;
	struct event_reader reader;
};

/**
 * struct boot_cpu - one CPU's part
 * @pages: where its pages are read, NULL while it has none
 * @lost: events missing so far
 */
struct boot_cpu {
	struct tracefs_cpu *pages;
	u64 lost;
};

/**
 * struct boot_buffer - the buffer
 * @events: what is traced, those of a system together
 * @nr_events: how many
 * @header_page: description of the buffer's pages
 * @header_event: of its events
 * @cpus: by number
 * @nr_cpus: CPUs the kernel could ever have
 * @has_filter: somebody has chosen whose names come into the buffer
 */
struct boot_buffer {
	struct boot_event *events;
	size_t nr_events;
	char *header_page;
	char *header_event;
	struct boot_cpu *cpus;
	int nr_cpus;
	bool has_filter;

	/* private */
	size_t cap_events;
	int lock;
	struct tracefs_instance *instance;
	struct tep_handle *tep;
	struct kbuffer *page;
	char *bytes;
	size_t bytes_size;
};

/**
 * struct boot_buffer_ops - what who drains the buffer is told; 0 or -errno, which ends draining
 * @event: an event, in the order of its CPU; @raw is valid during the call only
 * @lost: events of a CPU were overwritten or dropped before they were read
 */
struct boot_buffer_ops {
	int (*event)(void *context, int cpu, const struct boot_event *event, u64 time_ns,
		     const void *raw, size_t size);
	int (*lost)(void *context, int cpu, u64 events);
};

bool boot_buffer_has(const struct boot_buffer *b, enum event_type type);
int boot_buffer_open(struct boot_buffer *b, struct err *err);
int boot_buffer_filter_names(const struct boot_buffer *b, const char *filter);
int boot_buffer_drain(struct boot_buffer *b, const struct boot_buffer_ops *ops, void *context);
int boot_buffer_count_lost(struct boot_buffer *b, const struct boot_buffer_ops *ops,
			   void *context);
void boot_buffer_free(struct boot_buffer *b);

#endif
