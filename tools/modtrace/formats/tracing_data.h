/* SPDX-License-Identifier: GPL-2.0-only */
/* The formats of tracepoints as perf keeps them in a file: written and read. */
#ifndef MODTRACE_TRACING_DATA_H
#define MODTRACE_TRACING_DATA_H

#include "lib/util.h"

/**
 * struct tracing_format - one tracepoint's format
 * @system: trace system
 * @name: its name
 * @text: content of its format file, not terminated when read from a file
 * @len: length of @text
 */
struct tracing_format {
	const char *system;
	const char *name;
	const char *text;
	size_t len;
};

/**
 * struct tracing_info - what the formats need to be understood
 * @long_size: size of a long where it was recorded
 * @page_size: size of a page there
 * @header_page: content of events/header_page; not used when reading
 * @header_event: content of events/header_event; not used when reading
 */
struct tracing_info {
	unsigned int long_size;
	unsigned int page_size;
	const char *header_page;
	const char *header_event;
};

int tracing_data_write(struct buf *out, const struct tracing_info *info,
		       const struct tracing_format *formats, size_t nr);

typedef int (*tracing_format_fn)(void *context, const struct tracing_info *info,
				 const struct tracing_format *format);
int tracing_data_read(const u8 *data, size_t size, tracing_format_fn fn, void *context);

#endif
