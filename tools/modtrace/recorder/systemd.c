// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/systemd.h"

#include <dlfcn.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-id128.h>

/* Started programs would cost a boot ten times as much as asking does: systemctl is large. */
#define LIBRARY "libsystemd.so.0"
#define ADDRESS "unix:path=/run/systemd/private"
#define ANSWER_USEC 2000000

#define MANAGER "org.freedesktop.systemd1"
#define MANAGER_PATH "/org/freedesktop/systemd1"
#define UNIT_PATH MANAGER_PATH "/unit"

#define FUNCTIONS(X) \
	X(sd_bus_new) X(sd_bus_set_address) X(sd_bus_start) X(sd_bus_set_method_call_timeout) \
	X(sd_bus_get_property_string) X(sd_bus_get_property_trivial) X(sd_bus_path_encode) \
	X(sd_bus_flush_close_unref)

/* Only for the time of a question: PID 1 tells each connection of all that happens. */
#define DECLARE(name) __typeof__(name) *name;
struct bus {
	sd_bus *bus;
	FUNCTIONS(DECLARE)
};

#define FIND(name) && (b->name = dlsym(library, #name))
static int open_bus(struct bus *b)
{
	/* Never unloaded: the next question finds it there. */
	void *library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
	int ret = library FUNCTIONS(FIND) ? b->sd_bus_new(&b->bus) : -ENOENT;

	if (ret >= 0)
		ret = b->sd_bus_set_address(b->bus, ADDRESS);
	if (ret >= 0)
		ret = b->sd_bus_set_method_call_timeout(b->bus, ANSWER_USEC);
	return ret < 0 ? ret : b->sd_bus_start(b->bus);
}

static void close_bus(struct bus *b)
{
	if (b->bus)
		b->sd_bus_flush_close_unref(b->bus);
}

/* Return: 1 if the property is one of two words, 0 if not, -errno. */
static int property_is(const struct bus *b, const char *path, const char *interface,
		       const char *property, const char *word, const char *other)
{
	_cleanup_free_ char *text = NULL;
	int ret = b->sd_bus_get_property_string(b->bus, MANAGER, path, interface, property, NULL,
						&text);

	if (ret < 0)
		return ret;
	return !strcmp(text, word) || !strcmp(text, other);
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

/* What a machine's id is mixed with, so that ours is nobody else's; drawn at random once. */
#define APPLICATION_ID SD_ID128_MAKE(6e, 3b, 51, d0, 9a, 2c, 4f, 87, b1, e4, 70, 25, c8, 5d, 93, 1f)

/**
 * systemd_machine_id - an id of this machine that does not tell /etc/machine-id
 * @id: filled, 32 hexadecimal digits
 *
 * The one of sd_id128_get_machine_app_specific(): the same in every recording of a machine, and
 * another one when it is installed anew.
 *
 * Return: 0 or -errno, where there is no id or no libsystemd.
 */
int systemd_machine_id(char id[MACHINE_ID_SIZE])
{
	void *library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
	__typeof__(sd_id128_get_machine_app_specific) *get;
	sd_id128_t app = APPLICATION_ID, ours;
	size_t i;
	int ret;

	get = library ? dlsym(library, "sd_id128_get_machine_app_specific") : NULL;
	if (!get)
		return -ENOENT;
	ret = get(app, &ours);
	if (ret < 0)
		return ret;
	for (i = 0; i < sizeof(ours.bytes); i++)
		snprintf(id + 2 * i, 3, "%02x", ours.bytes[i]);
	return 0;
}

/**
 * systemd_is_up - whether systemd has done all that it has to do in a boot
 *
 * Return: 1 or 0, or -errno if it can't be asked.
 */
int systemd_is_up(void)
{
	_cleanup_(close_bus) struct bus b = { 0 };
	int ret = open_bus(&b);

	return ret < 0 ? ret : property_is(&b, MANAGER_PATH, MANAGER ".Manager", "SystemState",
					   "running", "degraded");
}

/**
 * systemd_unit_is_active - whether a unit is
 * @unit: its name
 *
 * Return: 1 or 0, or -errno if it can't be asked.
 */
int systemd_unit_is_active(const char *unit)
{
	_cleanup_(close_bus) struct bus b = { 0 };
	_cleanup_free_ char *path = NULL;
	int ret = open_bus(&b);

	if (ret >= 0)
		ret = b.sd_bus_path_encode(UNIT_PATH, unit, &path);
	return ret < 0 ? ret : property_is(&b, path, MANAGER ".Unit", "ActiveState", "active",
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
	_cleanup_(close_bus) struct bus b = { 0 };
	size_t i;
	int ret;

	if (open_bus(&b) < 0)
		return 0;
	for (i = 0; i < nr; i++) {
		_cleanup_free_ char *path = NULL;
		uint64_t usec = 0;

		if (b.sd_bus_path_encode(UNIT_PATH, units[i], &path) < 0 ||
		    b.sd_bus_get_property_trivial(b.bus, MANAGER, path, MANAGER ".Unit",
						  "ActiveEnterTimestampMonotonic", NULL, 't',
						  &usec) < 0 || !usec)
			continue;
		ret = fn(context, units[i], usec * 1000);
		if (ret)
			return ret;
	}
	return 0;
}
