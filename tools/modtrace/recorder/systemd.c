// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/systemd.h"

#include <dlfcn.h>
#include <systemd/sd-bus.h>

/* Started programs would cost a boot ten times as much as asking does: systemctl is large. */
#define LIBRARY "libsystemd.so.0"
#define ADDRESS "unix:path=/run/systemd/private"
#define ANSWER_USEC 2000000

#define MANAGER "org.freedesktop.systemd1"
#define MANAGER_PATH "/org/freedesktop/systemd1"

#define FUNCTIONS(X) \
	X(sd_bus_new) X(sd_bus_set_address) X(sd_bus_start) X(sd_bus_set_method_call_timeout) \
	X(sd_bus_get_property_string) X(sd_bus_get_property_trivial) X(sd_bus_path_encode) \
	X(sd_bus_flush_close_unref)

#define DECLARE(name) __typeof__(name) *name##_fn;
static struct {
	bool tried;
	bool loaded;
	FUNCTIONS(DECLARE)
} lib;

#define FIND(name) && (lib.name##_fn = dlsym(handle, #name))
static bool load(void)
{
	void *handle;

	if (!lib.tried) {
		lib.tried = true;
		handle = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
		lib.loaded = handle FUNCTIONS(FIND);
	}
	return lib.loaded;
}

static int connect_bus(sd_bus **bus)
{
	int ret;

	*bus = NULL;
	if (!load())
		return -ENOENT;
	ret = lib.sd_bus_new_fn(bus);
	if (ret >= 0)
		ret = lib.sd_bus_set_address_fn(*bus, ADDRESS);
	if (ret >= 0)
		ret = lib.sd_bus_set_method_call_timeout_fn(*bus, ANSWER_USEC);
	/* Only for the time of a question: PID 1 tells each connection of all that happens. */
	return ret < 0 ? ret : lib.sd_bus_start_fn(*bus);
}

static void close_bus(sd_bus **bus)
{
	if (*bus)
		lib.sd_bus_flush_close_unref_fn(*bus);
}

/* Return: 1 if the property is one of two words, 0 if not, -errno. */
static int property_is(const char *path, const char *interface, const char *property,
		       const char *word, const char *other)
{
	_cleanup_(close_bus) sd_bus *bus = NULL;
	_cleanup_free_ char *text = NULL;
	int ret = connect_bus(&bus);

	if (ret >= 0)
		ret = lib.sd_bus_get_property_string_fn(bus, MANAGER, path, interface, property,
							NULL, &text);
	if (ret < 0)
		return ret;
	return !strcmp(text, word) || !strcmp(text, other);
}

static int unit_path(const char *unit, char **path)
{
	return load() ? lib.sd_bus_path_encode_fn(MANAGER_PATH "/unit", unit, path) : -ENOENT;
}

/**
 * systemd_runs - whether this system is systemd's
 *
 * Return: true if it is.
 */
bool systemd_runs(void)
{
	return !access("/run/systemd/system", F_OK);
}

/**
 * systemd_is_up - whether systemd has done all that it has to do in a boot
 *
 * Return: 1 or 0, or -errno if it can't be asked.
 */
int systemd_is_up(void)
{
	return property_is(MANAGER_PATH, MANAGER ".Manager", "SystemState", "running", "degraded");
}

/**
 * systemd_unit_is_active - whether a unit is
 * @unit: its name
 *
 * Return: 1 or 0, or -errno if it can't be asked.
 */
int systemd_unit_is_active(const char *unit)
{
	_cleanup_free_ char *path = NULL;
	int ret = unit_path(unit, &path);

	return ret < 0 ? ret : property_is(path, MANAGER ".Unit", "ActiveState", "active",
					   "reloading");
}

/**
 * systemd_units_since - ask since when units are active
 * @units: their names
 * @nr: how many
 * @fn: told the time of each that is, on CLOCK_MONOTONIC; non-zero ends it
 * @context: handed to @fn
 *
 * Return: 0, also where systemd can't be asked, or what @fn returned.
 */
int systemd_units_since(const char *const *units, size_t nr, systemd_unit_fn fn, void *context)
{
	_cleanup_(close_bus) sd_bus *bus = NULL;
	size_t i;
	int ret;

	if (connect_bus(&bus) < 0)
		return 0;
	for (i = 0; i < nr; i++) {
		_cleanup_free_ char *path = NULL;
		uint64_t usec = 0;

		if (unit_path(units[i], &path) < 0 ||
		    lib.sd_bus_get_property_trivial_fn(bus, MANAGER, path, MANAGER ".Unit",
						       "ActiveEnterTimestampMonotonic", NULL, 't',
						       &usec) < 0 || !usec)
			continue;
		ret = fn(context, units[i], usec * 1000);
		if (ret)
			return ret;
	}
	return 0;
}
