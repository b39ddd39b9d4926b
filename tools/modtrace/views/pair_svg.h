/* SPDX-License-Identifier: GPL-2.0-only */
/* What a picture of two sets of recordings is made of. */
#ifndef MODTRACE_PAIR_SVG_H
#define MODTRACE_PAIR_SVG_H

#include "views/compare.h"
#include "views/svg.h"

#define NAME_COLUMNS 24

/* Names of the two sets, and their styles. */
extern const char *const pair_letters[];
extern const char *const pair_classes[];

void pair_piece(const struct svg *s, const char *class, const char *what, double from_ns,
		double until_ns, double y, double height);
void pair_band(const struct svg *s, const char *class, const char *what, const struct spread *from,
	       const struct spread *until, double y, double height);
void pair_spread(FILE *out, const char *what, const struct spread *t);
int pair_marks(struct svg *s, const struct comparison *c, size_t set);

#endif
