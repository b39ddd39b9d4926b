/* SPDX-License-Identifier: GPL-2.0-only */
/* What to do about a finding. Pure. */
#ifndef MODTRACE_REMEDIES_H
#define MODTRACE_REMEDIES_H

#include "lib/util.h"

/**
 * struct remedy - what to do about findings of a kind
 * @id: the findings' id
 * @text: what to do, in a line; NULL where there is nothing to do
 */
struct remedy {
	const char *id;
	const char *text;
};

extern const struct remedy remedies[];
extern const size_t remedies_nr;

const char *remedy_of(const char *id);

#endif
