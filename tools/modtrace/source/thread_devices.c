// SPDX-License-Identifier: GPL-2.0-only
#include "source/thread_devices.h"

#include "formats/device.h"
#include "formats/events.h"

/* Threads that are remembered; those of udev's workers are some per CPU. */
#define THREADS_MAX 16384

static struct device_name *get(struct thread_devices *d, s32 tid)
{
	struct device_name *device = map_get(&d->by_tid, (u32)tid);

	if (device)
		return device;
	if (d->by_tid.nr >= THREADS_MAX) {
		free(map_evict(&d->by_tid, &d->hand));
		d->evicted++;
	}
	device = calloc(1, sizeof(*device));
	if (device && map_set(&d->by_tid, (u32)tid, device)) {
		free(device);
		return NULL;
	}
	return device;
}

static int opened(struct thread_devices *d, const struct event *ev)
{
	struct device_name *device;

	if (is_device_path(ev->file.text, ev->file.len)) {
		device = get(d, ev->tid);
		if (!device)
			return -ENOMEM;
		device_opened(device, ev->file.text, ev->file.len);
		return 0;
	}
	device = map_get(&d->by_tid, (u32)ev->tid);
	if (device && !str_is_fault(&ev->file))
		device_done(device);
	return 0;
}

/* Where only devices' files are recorded, the load itself says that it is past them. */
static void loads(struct thread_devices *d, s32 tid)
{
	struct device_name *device = map_get(&d->by_tid, (u32)tid);

	if (device)
		device_done(device);
}

/**
 * thread_devices_event - take one more recorded event in
 * @d: the devices
 * @ev: the event; events must come in the order of time
 *
 * Return: 0 or -ENOMEM.
 */
int thread_devices_event(struct thread_devices *d, const struct event *ev)
{
	switch (ev->type) {
	case EVENT_OPEN:
		return opened(d, ev);
	case EVENT_DEVICE:
		return is_device_path(ev->file.text, ev->file.len) ? opened(d, ev) : 0;
	case EVENT_LOAD_BEGIN:
	case EVENT_FINIT_ENTER:
	case EVENT_INIT_ENTER:
		loads(d, ev->tid);
		return 0;
	case EVENT_FORK:
		/* Who is listed as running, not made now, may well have opened some. */
		if (ev->time_ns)
			free(map_del(&d->by_tid, (u32)ev->task));
		return 0;
	case EVENT_EXIT:
		free(map_del(&d->by_tid, (u32)ev->task));
		return 0;
	case EVENT_LOST:
		/* The next device's open may be among them: better no device than a wrong one. */
		thread_devices_free(d);
		return 0;
	default:
		return 0;
	}
}

/**
 * thread_devices_of - which device a thread is about
 * @d: the devices
 * @tid: the thread
 *
 * Return: the device, valid until the next event, or NULL if the thread opened none.
 */
const struct device_name *thread_devices_of(const struct thread_devices *d, s32 tid)
{
	return map_get(&d->by_tid, (u32)tid);
}

/**
 * thread_devices_free - forget all devices
 * @d: the devices; empty and usable afterwards, what was evicted still counts
 */
void thread_devices_free(struct thread_devices *d)
{
	size_t i;

	for (i = 0; i < d->by_tid.nr_slots; i++)
		free(d->by_tid.slots[i].value);
	map_free(&d->by_tid);
}
