/* SPDX-License-Identifier: GPL-2.0-only */
/* The modules that took most of the workers' time, and the others together. */
#ifndef MODTRACE_WORST_H
#define MODTRACE_WORST_H

#include "views/view.h"

#define WORST_MODULES 10

/**
 * struct worst - modules by worker time
 * @modules: those that took most, the worst first; the view's
 * @nr: how many
 * @others: counts over the rest
 * @nr_others: how many those are
 */
struct worst {
	const struct module *modules[WORST_MODULES];
	size_t nr;
	struct tally others;
	size_t nr_others;
};

void worst_find(struct worst *w, const struct view *v);
bool module_never_loads(const struct module *module);

#endif
