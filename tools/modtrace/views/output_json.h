/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of the JSON report that other formats have, too. */
#ifndef MODTRACE_OUTPUT_JSON_H
#define MODTRACE_OUTPUT_JSON_H

#include "lib/json.h"
#include "views/output.h"

void output_json_finding(struct json *j, const struct finding *f);
void output_json_totals(struct json *j, const struct view *v);
void output_recording_json(struct json *j, const struct view *v);

#endif
