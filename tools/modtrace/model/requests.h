/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's requests for modules, as they are counted and told. Pure. */
#ifndef MODTRACE_REQUESTS_H
#define MODTRACE_REQUESTS_H

#include "model/model.h"

bool request_passes(const struct model *m, const struct request *r, const struct event *ev,
		    u64 after_ns);
int request_count(struct model *m, struct request *r, const struct event *ev);

#endif
