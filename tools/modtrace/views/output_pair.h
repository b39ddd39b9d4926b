/* SPDX-License-Identifier: GPL-2.0-only */
/* Two recordings, or sets of them, what changed between them: as text and as a picture. */
#ifndef MODTRACE_OUTPUT_PAIR_H
#define MODTRACE_OUTPUT_PAIR_H

#include <stdio.h>

#include "views/compare.h"

int output_change(const struct comparison *c, size_t set, bool judged, size_t width, FILE *out);
int output_pair_svg(const struct comparison *c, char *const *sets, FILE *out);
int output_pair(const struct comparison *c, bool all, size_t width, bool bold, FILE *out);

#endif
