/* SPDX-License-Identifier: GPL-2.0-only */
/* How findings are made; for the files that look for them. */
#ifndef MODTRACE_FINDER_H
#define MODTRACE_FINDER_H

#include "views/findings.h"

/* From here on repeats of one module are a storm and not two tools that met. */
#define STORM_DUPLICATES 8

/* A load of this length holds up whoever waits for it. */
#define SLOW_LOAD_NS (10 * NSEC_PER_SEC)

/**
 * struct finder - what a function that looks for something gets
 * @found: what it finds is added here
 * @m: the model
 * @info: the recording
 * @modules: the model's, the most wasteful first
 * @nr_modules: how many
 * @cpus_ask: some module was asked for once a CPU
 * @last: what was found last, to which evidence is added; NULL without memory
 * @ret: the first error, 0 for none
 */
struct finder {
	struct findings *found;
	const struct model *m;
	const struct source_info *info;
	const struct module *const *modules;
	size_t nr_modules;
	bool cpus_ask;
	struct finding *last;
	int ret;
};

void finding_add(struct finder *f, const char *id, enum severity severity, const char *module,
		 const char *fmt, ...) __printf(5, 6);
void evidence(struct finder *f, const char *key, u64 value);
void evidence_if(struct finder *f, const char *key, u64 value, bool known);
void evidence_text(struct finder *f, const char *key, const char *text);
void finding_remedy(struct finder *f, char *text);
void find_causes(struct finder *f);
void find_fruitless(struct finder *f);

#endif
