// SPDX-License-Identifier: GPL-2.0-only
#include "model/devices.h"

#include <ctype.h>

/* More than any machine has at a time; what they take is bounded so. */
#define NAMES_MAX 65536
#define SEEN_MAX 262144

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789abcdefABCDEF")];
}

/* "cpu" of cpu2, "ACPI0007:" of ACPI0007:3f, nothing of 0000:00:1f.2 and 1-1.2. */
static size_t stem_of(const char *name)
{
	const char *colon = strrchr(name, ':');
	size_t len = strlen(name);

	if (isdigit((unsigned char)*name))
		return 0;
	if (colon && is_number(colon + 1))
		return colon + 1 - name;
	while (len && isdigit((unsigned char)name[len - 1]))
		len--;
	return len;
}

/* The device's own name: the last component of its path, or what follows the subsystem of an id. */
static const char *own_name(const char *name)
{
	const char *slash = strrchr(name, '/'), *colon = *name == '+' ? strchr(name, ':') : NULL;

	return slash ? slash + 1 : colon ? colon + 1 : name;
}

/* As people order numbers: cpu9 ahead of cpu10. */
static int compare_names(const char *a, const char *b)
{
	const size_t len_a = strlen(a), len_b = strlen(b);

	return len_a != len_b ? (len_a < len_b ? -1 : 1) : strcmp(a, b);
}

/**
 * device_keep - keep the name of a device that an attempt is for
 * @d: what is known
 * @pool: its strings are kept there
 * @name: as a source has it
 * @device: filled; all NULL if it isn't known, or if there are too many
 *
 * Return: 0 or -ENOMEM.
 */
int device_keep(struct devices *d, struct strings *pool, const struct device_name *name,
		struct device *device)
{
	const size_t len = strlen(name->name);
	u64 key;

	*device = (struct device){ 0 };
	if (!len)
		return 0;
	key = hash_bytes(name->name, len);
	device->name = map_get(&d->names, key);
	if (!device->name) {
		if (d->names.nr >= NAMES_MAX)
			return 0;
		device->name = strings_intern(pool, name->name, len);
		if (!device->name || map_set(&d->names, key, (void *)device->name))
			return -ENOMEM;
	}
	if (!*name->subsystem)
		return 0;
	device->subsystem = strings_intern(pool, name->subsystem, strlen(name->subsystem));
	return device->subsystem ? 0 : -ENOMEM;
}

static struct device_group *group_of(struct device_list *list, const char *name, size_t stem,
				     const char *subsystem)
{
	struct device_group *g;

	for (g = list->groups; g < list->groups + list->nr; g++) {
		if (g->stem != stem || memcmp(g->first, name, stem))
			continue;
		if (!g->subsystem || !subsystem || !strcmp(g->subsystem, subsystem))
			return g;
	}
	return NULL;
}

static struct device_group *group_get(struct device_list *list, const char *name, size_t stem,
				      const char *subsystem)
{
	struct device_group *g = group_of(list, name, stem, subsystem);

	if (g || list->nr == DEVICE_GROUPS_MAX)
		return g;
	g = &list->groups[list->nr++];
	*g = (struct device_group){
		.stem = stem, .first = name, .last = name, .subsystem = subsystem
	};
	return g;
}

/**
 * devices_count - count an attempt for a device
 * @d: what is known
 * @list: the list of who asked, made if there is none; free() frees it
 * @device: the device; nothing is counted where it isn't known
 *
 * Return: 0 or -ENOMEM.
 */
int devices_count(struct devices *d, struct device_list **list, const struct device *device)
{
	const char *name;
	struct device_group *g;
	u64 key;

	if (!device->name)
		return 0;
	if (!*list)
		*list = calloc(1, sizeof(**list));
	if (!*list)
		return -ENOMEM;
	name = own_name(device->name);
	g = group_get(*list, name, stem_of(name), device->subsystem);
	if (!g) {
		(*list)->other_attempts++;
		return 0;
	}
	g->attempts++;
	if (!g->subsystem)
		g->subsystem = device->subsystem;
	key = hash_two((uintptr_t)*list, (uintptr_t)device->name);
	if (map_get(&d->seen, key) || d->seen.nr >= SEEN_MAX)
		return 0;
	g->devices++;
	if (compare_names(name, g->first) < 0)
		g->first = name;
	if (compare_names(name, g->last) > 0)
		g->last = name;
	/* A set: any pointer says that it is there. */
	return map_set(&d->seen, key, (void *)device->name);
}

/**
 * devices_merge - add who else asked to who asked
 * @to: the list to add to
 * @from: the list to add, or NULL. Several ask for the same devices, most often: there are as
 *	many of a group as the one with the most has
 */
void devices_merge(struct device_list *to, const struct device_list *from)
{
	const struct device_group *add;
	struct device_group *g;

	if (!from)
		return;
	to->other_attempts += from->other_attempts;
	for (add = from->groups; add < from->groups + from->nr; add++) {
		g = group_get(to, add->first, add->stem, add->subsystem);
		if (!g) {
			to->other_attempts += add->attempts;
			continue;
		}
		g->attempts += add->attempts;
		if (!g->subsystem)
			g->subsystem = add->subsystem;
		if (add->devices > g->devices)
			g->devices = add->devices;
		if (compare_names(add->first, g->first) < 0)
			g->first = add->first;
		if (compare_names(add->last, g->last) > 0)
			g->last = add->last;
	}
}

/**
 * devices_attempts - attempts whose device is known
 * @list: the list
 *
 * Return: how many.
 */
u64 devices_attempts(const struct device_list *list)
{
	u64 attempts = list->other_attempts;
	size_t i;

	for (i = 0; i < list->nr; i++)
		attempts += list->groups[i].attempts;
	return attempts;
}

/**
 * device_group_is_cpu - whether there is one of these devices for each CPU
 * @g: the group
 *
 * Return: true for the CPUs themselves and for ACPI's processors.
 */
bool device_group_is_cpu(const struct device_group *g)
{
	return (g->subsystem && !strcmp(g->subsystem, "cpu")) ||
	       !strncmp(g->first, "ACPI0007:", strlen("ACPI0007:")) ||
	       !strncmp(g->first, "LNXCPU:", strlen("LNXCPU:"));
}

/**
 * devices_free - forget all devices
 * @d: what is known; empty and usable afterwards
 */
void devices_free(struct devices *d)
{
	map_free(&d->names);
	map_free(&d->seen);
}
