/* SPDX-License-Identifier: GPL-2.0-only */
/* A model's rows: one per module, per requester of a module, and per request. Pure. */
#ifndef MODTRACE_ROWS_H
#define MODTRACE_ROWS_H

#include "model/model.h"

struct module *module_get(struct model *m, const char *name);
struct requester *requester_get(struct model *m, struct module *module,
				const struct identity *who);
struct request *request_get(struct model *m, const struct event *ev);
const char *file_module(struct model *m, const struct str *file);
const struct requester *module_top_requester(const struct module *module);

#endif
