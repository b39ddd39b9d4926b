/* SPDX-License-Identifier: GPL-2.0-only */
/* Which device each thread is about, by the files that it opened. Pure. */
#ifndef MODTRACE_THREAD_DEVICES_H
#define MODTRACE_THREAD_DEVICES_H

#include "formats/event.h"
#include "lib/map.h"

/**
 * struct thread_devices - devices of threads that opened files of them; all zero is none
 * @by_tid: struct device_name, owned
 * @evicted: threads that were forgotten to have room for others
 */
struct thread_devices {
	struct map by_tid;
	size_t hand;
	u64 evicted;
};

int thread_devices_event(struct thread_devices *d, const struct event *ev);
const struct device_name *thread_devices_of(const struct thread_devices *d, s32 tid);
void thread_devices_free(struct thread_devices *d);

#endif
