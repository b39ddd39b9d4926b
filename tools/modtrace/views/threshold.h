/* SPDX-License-Identifier: GPL-2.0-only */
/* Conditions on a recording's totals, for --fail-on. */
#ifndef MODTRACE_THRESHOLD_H
#define MODTRACE_THRESHOLD_H

#include "views/view.h"

enum threshold_op { OP_GT, OP_GE, OP_LT, OP_LE, OP_EQ, OP_NE };

#define THRESHOLD_TERMS_MAX 16

/**
 * struct threshold - terms, joined by "&&" and "||", of which "&&" binds closer
 * @terms: the terms
 * @nr: how many
 */
struct threshold {
	struct threshold_term {
		char key[128];
		enum threshold_op op;
		double value;
		bool or_before;		/* an alternative begins here */
	} terms[THRESHOLD_TERMS_MAX];
	size_t nr;
};

const char *threshold_parse_op(const char *p, enum threshold_op *op);
const char *threshold_parse_value(const char *p, double *value);
bool threshold_unit_fits(char last, enum view_cell_kind kind);
bool threshold_compare(double a, enum threshold_op op, double b);
int threshold_parse(struct threshold *t, const char *text, struct err *err);
int threshold_holds(const struct threshold *t, const struct view *v, struct err *err);

#endif
