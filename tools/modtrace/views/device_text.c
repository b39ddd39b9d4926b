// SPDX-License-Identifier: GPL-2.0-only
#include "views/device_text.h"

#include <inttypes.h>

#define SAID_MAX 3

/* Those with the most attempts first; of equals the one that was seen first. */
static size_t by_attempts(const struct device_list *list, const struct device_group **sorted)
{
	size_t i, at;

	for (i = 0; i < list->nr; i++) {
		for (at = i; at && sorted[at - 1]->attempts < list->groups[i].attempts; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = &list->groups[i];
	}
	return list->nr;
}

/* "cpu0 ... cpu63", "ACPI0007:00 ... 3f" */
static int say_names(const struct device_group *g, struct buf *text)
{
	const bool colon = g->stem && g->first[g->stem - 1] == ':';

	if (g->devices == 1)
		return buf_addf(text, "%s", g->first);
	return buf_addf(text, "%s ... %s", g->first, g->last + (colon ? g->stem : 0));
}

/**
 * devices_say - name devices in a few words
 * @list: the devices
 * @text: "cpu0 ... cpu63 (64 of subsystem cpu), ACPI0007:00 ... 3f (64 of subsystem acpi)" is
 *	added to it; names in it need escaping
 *
 * Return: 0 or -ENOMEM.
 */
int devices_say(const struct device_list *list, struct buf *text)
{
	const struct device_group *sorted[DEVICE_GROUPS_MAX];
	const size_t nr = by_attempts(list, sorted);
	size_t i;
	int ret = 0;

	for (i = 0; i < nr && i < SAID_MAX && !ret; i++) {
		const struct device_group *g = sorted[i];

		ret = i ? buf_addf(text, ", ") : 0;
		if (!ret)
			ret = say_names(g, text);
		if (!ret && g->subsystem)
			ret = buf_addf(text, " (%" PRIu64 " of subsystem %s)", g->devices,
				       g->subsystem);
		else if (!ret)
			ret = buf_addf(text, " (%" PRIu64 ")", g->devices);
	}
	if (!ret && (nr > SAID_MAX || list->other_attempts))
		ret = buf_addf(text, " and others");
	return ret;
}

/**
 * devices_say_subsystems - how many devices of which subsystems
 * @list: the devices
 * @text: "cpu 64, acpi 64" is added to it; names in it need escaping
 *
 * Return: 0 or -ENOMEM.
 */
int devices_say_subsystems(const struct device_list *list, struct buf *text)
{
	const struct device_group *sorted[DEVICE_GROUPS_MAX];
	const size_t nr = by_attempts(list, sorted);
	bool said[DEVICE_GROUPS_MAX] = { false };
	size_t i, n, parts = 0;
	int ret = 0;

	for (i = 0; i < nr && !ret; i++) {
		const char *name = sorted[i]->subsystem ? sorted[i]->subsystem : "?";
		u64 devices = 0;

		if (said[i])
			continue;
		for (n = i; n < nr; n++) {
			const char *other = sorted[n]->subsystem ? sorted[n]->subsystem : "?";

			if (strcmp(name, other))
				continue;
			devices += sorted[n]->devices;
			said[n] = true;
		}
		ret = buf_addf(text, "%s%s %" PRIu64, parts++ ? ", " : "", name, devices);
	}
	if (!ret && list->other_attempts)
		ret = buf_addf(text, "%sothers", parts ? ", " : "");
	return ret;
}

/**
 * devices_json - write devices, by group
 * @j: the document
 * @key: the array's
 * @list: the devices; NULL or none are null
 */
void devices_json(struct json *j, const char *key, const struct device_list *list)
{
	size_t i;

	if (!list || !devices_attempts(list)) {
		json_null(j, key);
		return;
	}
	json_open(j, key, '[');
	for (i = 0; i < list->nr; i++) {
		const struct device_group *g = &list->groups[i];

		json_open(j, NULL, '{');
		json_string(j, "subsystem", g->subsystem);
		json_string(j, "first", g->first);
		json_string(j, "last", g->last);
		json_number(j, "devices", g->devices);
		json_number(j, "attempts", g->attempts);
		json_close(j, '}');
	}
	if (list->other_attempts) {
		json_open(j, NULL, '{');
		json_null(j, "subsystem");
		json_null(j, "first");
		json_null(j, "last");
		json_null(j, "devices");
		json_number(j, "attempts", list->other_attempts);
		json_close(j, '}');
	}
	json_close(j, ']');
}
