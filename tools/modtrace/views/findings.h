/* SPDX-License-Identifier: GPL-2.0-only */
/* What the model means, each with its evidence. Pure. */
#ifndef MODTRACE_FINDINGS_H
#define MODTRACE_FINDINGS_H

#include "model/model.h"
#include "source/source_info.h"

enum severity { SEVERITY_INFO, SEVERITY_WARN, SEVERITY_ERROR };

/**
 * struct finding - one thing worth saying
 * @id: what kind it is, static
 * @severity: how bad
 * @module: name of the module it is about most, the model's; NULL for the recording
 * @modules: all it is about, the array the finding's; NULL for @module alone
 * @nr_modules: how many
 * @devices: those that it was for, where that is known
 * @text: one line, the findings'; names in it need escaping
 * @cost_ns: worker time that it cost
 * @remedy: what to do about it, static or @own_remedy; NULL for nothing
 * @own_remedy: one that is of this finding alone, the findings'
 * @evidence: numbers it stands on, and names, by key, ended by one without
 */
struct finding {
	const char *id;
	enum severity severity;
	const char *module;
	const char **modules;
	size_t nr_modules;
	struct device_list devices;
	char *text;
	u64 cost_ns;
	const char *remedy;
	char *own_remedy;
	struct evidence {
		const char *key;
		const char *text;	/* the model's, or static; NULL for a number */
		u64 value;
		bool unknown;		/* the number isn't known */
	} evidence[16];
};

struct findings {
	struct finding *all;
	size_t nr;
	size_t cap;
};

int findings_make(struct findings *f, const struct model *m, const struct source_info *info,
		  const struct module *const *modules, size_t nr);
bool finding_is_about(const struct finding *f, const char *module);
void findings_free(struct findings *f);
const char *severity_name(enum severity severity);

#endif
