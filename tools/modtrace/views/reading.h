/* SPDX-License-Identifier: GPL-2.0-only */
/* A recording from a file into a model and a view: what report and diff have in common. */
#ifndef MODTRACE_READING_H
#define MODTRACE_READING_H

#include "source/source.h"
#include "views/view.h"

/**
 * struct reading - a recording being read; all zero is none
 * @src: where events come from
 * @model: what they say
 * @view: what is to be shown of it, after reading_all()
 */
struct reading {
	struct source *src;
	struct model *model;
	struct view view;
};

const char *default_recording(struct err *err);
int reading_open(struct reading *r, const char *path, const struct filter *filter,
		 struct err *err);
int reading_all(struct reading *r, struct err *err);
void reading_free(struct reading *r);
int parse_modules(struct patterns *p, const char *list, struct err *err);
int parse_patterns(struct patterns *p, const char *list, struct err *err);

#endif
