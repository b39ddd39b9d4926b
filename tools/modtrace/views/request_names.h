/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's requests by name, whatever the call sites. Pure. */
#ifndef MODTRACE_REQUEST_NAMES_H
#define MODTRACE_REQUEST_NAMES_H

#include "model/model.h"

/**
 * struct request_name - the requests for a name
 * @name: the name, the model's
 * @requests: how many
 * @first_ns: time of the first
 * @last_ns: time of the last
 * @most: the call site with most of them
 * @sites: from how many call sites
 */
struct request_name {
	const char *name;
	u64 requests;
	u64 first_ns;
	u64 last_ns;
	const struct request *most;
	size_t sites;
};

/**
 * struct request_names - all names, those requested most first
 * @all: the names; with the same number in their order
 * @nr: how many
 * @requests: the sum
 */
struct request_names {
	struct request_name *all;
	size_t nr;
	u64 requests;
};

int request_names_make(struct request_names *n, const struct request *const *rows, size_t nr);
void request_names_free(struct request_names *n);
const struct asker *request_name_asker(const struct request_name *n, bool *alone);

#endif
