/* SPDX-License-Identifier: GPL-2.0-only */
/* All that is told of an attempt as it changes, at once: traces of both kinds, and pictures. */
#ifndef MODTRACE_TEST_WATCHERS_H
#define MODTRACE_TEST_WATCHERS_H

#include "views/picture.h"
#include "views/traced.h"

struct watchers {
	struct timeline *timeline;
	struct traced traced[2];
};

static inline int on_attempt(void *context, enum attempt_change change,
			     const struct attempt_facts *a)
{
	struct watchers *w = context;

	traced_attempt(&w->traced[0], change, a);
	traced_attempt(&w->traced[1], change, a);
	return picture_attempt(w->timeline, change, a);
}

#endif
