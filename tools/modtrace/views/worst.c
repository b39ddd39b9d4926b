// SPDX-License-Identifier: GPL-2.0-only
#include "views/worst.h"

static u64 worker_ns(const struct module *module)
{
	u64 ns;

	times_all(&module->tally.times, &ns);
	return ns;
}

/* What the lines of JSON and the metrics have of the others; not all that a tally counts. */
static void add_other(struct tally *to, const struct tally *from)
{
	size_t i;

	to->attempts += from->attempts;
	for (i = 0; i < OUTCOME_NR; i++)
		to->outcomes[i] += from->outcomes[i];
	for (i = 0; i < BYTES_NR; i++) {
		to->wasted[i] = sat_add(to->wasted[i], from->wasted[i]);
		to->unknown_bytes[i] += from->unknown_bytes[i];
		to->known_bytes[i] += from->known_bytes[i];
	}
	to->failed_bytes = sat_add(to->failed_bytes, from->failed_bytes);
	to->failed_unknown += from->failed_unknown;
	times_merge(&to->times, &from->times);
}

/**
 * worst_find - find the modules that took most of the workers' time
 * @w: filled; owns nothing
 * @v: the view; of modules that took the same time, those that come first in it are worse
 */
void worst_find(struct worst *w, const struct view *v)
{
	size_t i, at;

	*w = (struct worst){ 0 };
	for (i = 0; i < v->nr_modules; i++) {
		const struct module *m = v->modules[i], *out = NULL;

		for (at = w->nr; at && worker_ns(m) > worker_ns(w->modules[at - 1]); at--)
			;
		if (at == WORST_MODULES) {
			out = m;
		} else {
			if (w->nr == WORST_MODULES)
				out = w->modules[--w->nr];
			memmove(&w->modules[at + 1], &w->modules[at],
				(w->nr - at) * sizeof(w->modules[0]));
			w->modules[at] = m;
			w->nr++;
		}
		if (out) {
			add_other(&w->others, &out->tally);
			w->nr_others++;
		}
	}
}

/**
 * module_never_loads - whether nobody got a module loaded
 * @module: the module
 *
 * Return: true if attempts failed, for other reasons than a writer, and none loaded it, nor found
 * it loaded, nor has an end that isn't known. What has no name is no module.
 */
bool module_never_loads(const struct module *module)
{
	const struct tally *t = &module->tally;
	const u64 failed = t->outcomes[OUTCOME_FAILED] + t->outcomes[OUTCOME_INTERRUPTED];

	return *module->name != '(' && failed && t->by_writer < failed && !module->live_ns &&
	       !t->outcomes[OUTCOME_LOADED] && !t->outcomes[OUTCOME_EXISTS] &&
	       !t->outcomes[OUTCOME_IN_FLIGHT] && !t->outcomes[OUTCOME_UNKNOWN];
}
