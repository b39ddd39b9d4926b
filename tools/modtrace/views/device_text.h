/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices that modules were asked for, for people and for machines. */
#ifndef MODTRACE_DEVICE_TEXT_H
#define MODTRACE_DEVICE_TEXT_H

#include "lib/json.h"
#include "model/devices.h"

int devices_say(const struct device_list *list, struct buf *text);
int devices_say_subsystems(const struct device_list *list, struct buf *text);
void devices_json(struct json *j, const char *key, const struct device_list *list);

#endif
