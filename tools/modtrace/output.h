/* SPDX-License-Identifier: GPL-2.0-only */
/* A view as text or JSON on a stream. */
#ifndef MODTRACE_OUTPUT_H
#define MODTRACE_OUTPUT_H

#include "view.h"

int output_text(const struct view *v, FILE *out);
int output_json(const struct view *v, FILE *out);

#endif
