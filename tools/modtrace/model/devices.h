/* SPDX-License-Identifier: GPL-2.0-only */
/* The devices that modules were asked for, grouped. Pure. */
#ifndef MODTRACE_DEVICES_H
#define MODTRACE_DEVICES_H

#include "formats/device.h"
#include "lib/map.h"

#define DEVICE_GROUPS_MAX 8

/**
 * struct device_group - devices of one subsystem whose names differ in a number
 * @stem: length of the name ahead of that number; 0 where the name is a bus address
 * @first: the first of them, as people order numbers; the model's
 * @last: the last one
 * @subsystem: the model's, NULL if not known
 * @devices: how many
 * @attempts: attempts for them
 */
struct device_group {
	size_t stem;
	const char *first;
	const char *last;
	const char *subsystem;
	u64 devices;
	u64 attempts;
};

/**
 * struct device_list - groups of devices, in the order in which they were first seen
 * @groups: those
 * @nr: how many
 * @other_attempts: attempts for devices of further groups
 */
struct device_list {
	struct device_group groups[DEVICE_GROUPS_MAX];
	size_t nr;
	u64 other_attempts;
};

/* Names of devices, and which of them were counted for whom; all zero is none. */
struct devices {
	struct map names;
	struct map seen;
};

/**
 * struct device - a device that an attempt was for
 * @name: path below /sys/devices or id in /run/udev/data; NULL if not known
 * @subsystem: NULL if not known
 */
struct device {
	const char *name;
	const char *subsystem;
};

int device_keep(struct devices *d, struct strings *pool, const struct device_name *name,
		struct device *device);
int devices_count(struct devices *d, struct device_list **list, const struct device *device);
void devices_merge(struct device_list *to, const struct device_list *from);
u64 devices_attempts(const struct device_list *list);
bool device_group_is_cpu(const struct device_group *g);
void devices_free(struct devices *d);

#endif
