/* SPDX-License-Identifier: GPL-2.0-only */
/* Paths by which udev opens what it knows of a device. Pure. */
#ifndef MODTRACE_DEVICE_H
#define MODTRACE_DEVICE_H

#include "lib/util.h"

/* Longer names are not devices to us; what one thread's takes is bounded so. */
#define DEVICE_SIZE 256

/**
 * struct device_name - which device a thread is about, as the paths that it opened say
 * @name: path below /sys/devices, or id in /run/udev/data; empty if not known
 * @subsystem: its subsystem, empty if not known
 * @is_path: @name is a path
 * @done: its event's rules have been gone through: what is opened next is another event's
 */
struct device_name {
	char name[DEVICE_SIZE];
	char subsystem[32];
	bool is_path;
	bool done;
};

bool is_device_path(const char *path, size_t len);
void device_done(struct device_name *device);
void device_opened(struct device_name *device, const char *path, size_t len);

#endif
