// SPDX-License-Identifier: GPL-2.0-only
#include "formats/device.h"

static const char devices[] = "/sys/devices/", uevent[] = "/uevent", data[] = "/run/udev/data/";

static bool begins(const char *text, size_t len, const char *with)
{
	return len > strlen(with) && !memcmp(text, with, strlen(with));
}

static bool is_sysfs(const char *path, size_t len)
{
	return begins(path, len, devices) && len > strlen(devices) + strlen(uevent) &&
	       !memcmp(path + len - strlen(uevent), uevent, strlen(uevent));
}

static bool is_data(const char *path, size_t len)
{
	return begins(path, len, data) && !memchr(path + strlen(data), '/', len - strlen(data));
}

/**
 * is_device_path - whether a path is one by which udev opens what it knows of a device
 * @path: the path, not terminated
 * @len: its length
 *
 * Return: true for /sys/devices/PATH/uevent and /run/udev/data/ID.
 */
bool is_device_path(const char *path, size_t len)
{
	return is_sysfs(path, len) || is_data(path, len);
}

static void set(char *to, size_t size, const char *text, size_t len)
{
	if (len >= size)
		len = 0;
	memcpy(to, text, len);
	to[len] = '\0';
}

/* "cpu" of system/cpu/cpu2: whatever is below system/ is there by its subsystem. */
static void guess_subsystem(struct device_name *d)
{
	static const char system[] = "system/";
	const char *name = d->name + strlen(system), *slash = strchr(d->name, '/');

	d->subsystem[0] = '\0';
	if (!slash || strncmp(d->name, system, strlen(system)))
		return;
	slash = strchr(name, '/');
	if (slash)
		set(d->subsystem, sizeof(d->subsystem), name, slash - name);
}

/* The last component of its path. */
static const char *last_of(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

static bool has_component(const char *path, const char *name, size_t len)
{
	const char *at;

	for (at = path; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (!strncmp(at, name, len) && (at[len] == '/' || !at[len]))
			return true;
	}
	return false;
}

/* "system/cpu" of system/cpu/cpu2 */
static bool is_parent(const char *name, size_t len, const char *of)
{
	return !strncmp(of, name, len) && of[len] == '/';
}

/* "+cpu:cpu2": a subsystem and a name. Others are numbers: b8:0, c4:64, n2. */
static void id_opened(struct device_name *d, const char *id, size_t len)
{
	const char *colon = *id == '+' ? memchr(id, ':', len) : NULL;
	const char *name = colon ? colon + 1 : id;
	const size_t name_len = id + len - name;

	if (d->is_path && !colon)
		return;
	if (d->is_path && has_component(d->name, name, name_len)) {
		const char *last = last_of(d->name);

		/* The device's own, or that of one it is attached to. */
		if (strlen(last) == name_len && !memcmp(last, name, name_len))
			set(d->subsystem, sizeof(d->subsystem), id + 1, colon - id - 1);
		return;
	}
	*d = (struct device_name){ 0 };
	set(d->name, sizeof(d->name), id, len);
	if (*d->name && colon)
		set(d->subsystem, sizeof(d->subsystem), id + 1, colon - id - 1);
}

/* ".#+cpu:cpu2XXXXXX" is about to replace what is known of the event's own device. */
static void replacement_opened(struct device_name *d, const char *name, size_t len)
{
	const size_t around = strlen(".#") + strlen("XXXXXX");

	if (len > around && name[1] == '#')
		id_opened(d, name + strlen(".#"), len - around);
	d->done = true;
}

static void sysfs_opened(struct device_name *d, const char *name, size_t len)
{
	/* Rules look at the devices that this one is attached to, too. */
	if (d->is_path && !d->done && is_parent(name, len, d->name))
		return;
	set(d->name, sizeof(d->name), name, len);
	d->is_path = *d->name;
	d->done = false;
	guess_subsystem(d);
}

/**
 * device_done - the thread goes on to what its device's event has it run: loads of modules, say
 * @device: the device; a parent's file that is opened next is the next event's
 */
void device_done(struct device_name *device)
{
	device->done = true;
}

/**
 * device_opened - a thread opens a file: which device it is about then
 * @device: what was known before; changed where @path is a device's
 * @path: the path, not terminated
 * @len: its length
 */
void device_opened(struct device_name *device, const char *path, size_t len)
{
	const char *name = path + strlen(data);

	if (is_sysfs(path, len))
		sysfs_opened(device, path + strlen(devices),
			     len - strlen(devices) - strlen(uevent));
	else if (is_data(path, len) && *name == '.')
		replacement_opened(device, name, len - strlen(data));
	else if (is_data(path, len))
		id_opened(device, name, len - strlen(data));
}
