/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's requests one by one. */
#ifndef MODTRACE_OUTPUT_REQUESTS_H
#define MODTRACE_OUTPUT_REQUESTS_H

#include "lib/map.h"
#include "model/model.h"
#include "views/output_row.h"
#include "views/records.h"

/**
 * struct request_queue - requests that wait until it is known what became of them
 * @records: where they are written, in order of time
 * @row: what their lines begin with
 */
struct request_queue {
	struct records *records;
	struct output_row *row;

	/* private */
	struct queued_request *all;
	size_t first; /* of @all, those ahead of it are written */
	size_t nr;
	size_t cap;
	struct map open_by_tid; /* the last one of a thread, its index and 1 */
};

void request_records_init(struct records *r);
int request_queue_add(struct request_queue *q, const struct request_facts *r);
int request_queue_event(struct request_queue *q, const struct event *ev);
int request_queue_end(struct request_queue *q);
void request_queue_free(struct request_queue *q);

#endif
