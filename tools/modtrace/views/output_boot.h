/* SPDX-License-Identifier: GPL-2.0-only */
/* What a boot was busy with: a part of the reports of boots. */
#ifndef MODTRACE_OUTPUT_BOOT_H
#define MODTRACE_OUTPUT_BOOT_H

#include "lib/json.h"
#include "views/output.h"

int output_boot_text(const struct view *v, const struct output_style *style, FILE *out);
void output_boot_phases(struct json *j, const struct view *v);
void output_boot_json(struct json *j, const struct view *v);

#endif
