/* SPDX-License-Identifier: GPL-2.0-only */
/* Which records of several buffers are of one and the same event. Pure. */
#ifndef MODTRACE_TWINS_H
#define MODTRACE_TWINS_H

#include "formats/events.h"
#include "lib/map.h"

/* A kernel writes an event into one buffer after the other; in between, its CPU may be taken away. */
#define TWINS_APART_NS (100 * NSEC_PER_MSEC)

/**
 * struct twins - what buffers have had of each event lately; all zero but @nr_buffers is nothing
 * @nr_buffers: how many buffers there are
 * @by_key: events by all that is known of them but the time
 * @sweep_ns: when those that are long past are forgotten next
 */
struct twins {
	unsigned int nr_buffers;
	struct map by_key;
	u64 sweep_ns;
};

int twins_is_new(struct twins *t, unsigned int buffer, const struct event *ev);
void twins_free(struct twins *t);

#endif
