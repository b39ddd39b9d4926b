/* SPDX-License-Identifier: GPL-2.0-only */
/* Metrics in the text that Prometheus reads, and OpenMetrics. */
#ifndef MODTRACE_METRICS_H
#define MODTRACE_METRICS_H

#include "lib/util.h"

/**
 * struct metrics - metrics being written; labels of the line at hand go in one by one
 * @out: where to
 * @units: say the unit of each family, as OpenMetrics does
 * @failed: memory ran out, so something is missing
 */
struct metrics {
	FILE *out;
	bool units;
	bool failed;

	/* private */
	const char *name;
	bool labelled;
};

void metrics_family(struct metrics *m, const char *name, const char *type, const char *help);
void metrics_begin(struct metrics *m, const char *suffix);
void metrics_label(struct metrics *m, const char *key, const char *value);
void metrics_number(struct metrics *m, u64 value);
void metrics_seconds(struct metrics *m, u64 ns);
int metrics_end(struct metrics *m);

#endif
