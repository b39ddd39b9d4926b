// SPDX-License-Identifier: GPL-2.0-only
/* The event decoder: the trace system, a zero byte, a format's text, a zero byte, a record. */
#include <traceevent/event-parse.h>

#include "formats/events.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const u8 *format = memchr(data, 0, size), *end, *raw;
	struct tep_handle *tep = tep_alloc();
	struct event_reader reader;
	struct buf name = { 0 };
	struct event ev = { 0 };
	int id;

	tep_set_loglevel(TEP_LOG_NONE);
	if (tep && format) {
		format++;
		size -= format - data;
		end = memchr(format, 0, size);
		raw = end ? end + 1 : format + size;
		if (!event_reader_init(&reader, tep, (const char *)format,
				       (end ? end : raw) - format, (const char *)data, &id,
				       &name) && reader.desc)
			event_read(&reader, raw, format + size - raw, &ev);
	}
	buf_free(&name);
	if (tep)
		tep_free(tep);
	return 0;
}
