/* SPDX-License-Identifier: GPL-2.0-only */
/* Conditions on what changed between sets of recordings, for diff --fail-on. */
#ifndef MODTRACE_CHANGE_THRESHOLD_H
#define MODTRACE_CHANGE_THRESHOLD_H

#include "views/compare.h"
#include "views/threshold.h"

#define CHANGE_KEY_MAX 256

/**
 * struct change_threshold - terms, joined by "&&" and "||", of which "&&" binds closer
 * @terms: the terms: of a measure or marker, how the last set's mean differs from the first one's;
 *	   @value in the unit of the measure, or as a share if @relative; @last is its last character
 * @nr: how many
 */
struct change_threshold {
	struct change_term {
		char key[CHANGE_KEY_MAX];
		char text[CHANGE_KEY_MAX + 40]; /* the term as it was given */
		enum threshold_op op;
		double value;
		char last;
		bool relative;
		bool or_before; /* an alternative begins here */
	} terms[THRESHOLD_TERMS_MAX];
	size_t nr;
};

int change_threshold_parse(struct change_threshold *t, const char *text, struct err *err);
int change_threshold_check(const struct change_threshold *t, const struct comparison *c,
			   struct err *err);
int change_threshold_holds(const struct change_threshold *t, const struct comparison *c,
			   struct err *err);

#endif
