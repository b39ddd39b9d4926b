/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads of one file that are under way together: from 6.5 on the kernel has the first do the work
 * and gives its result to the others. Pure.
 */
#ifndef MODTRACE_FLIGHTS_H
#define MODTRACE_FLIGHTS_H

#include "lib/map.h"

/**
 * struct flight - the load of a file that is under way, or was last
 * @leader: the thread that does it
 * @serial: which of all it is
 * @overtaken: the one whose calls turned out to wait for this one, 0 if there is none
 * @works: its leader was seen at work
 * @done: it has ended
 * @ret: with this
 */
struct flight {
	s32 leader;
	u64 serial;
	u64 overtaken;
	bool works;
	bool done;
	s32 ret;
};

/**
 * struct flights - all files'; all zero is none
 * @by_key: a flight by what names the file
 * @serial: the last one given
 * @forgotten: nothing is known of those up to this one
 */
struct flights {
	struct map by_key;
	u64 serial;
	u64 forgotten;
};

/**
 * struct seat - a call's place in a flight; all zero is none
 * @all: all files'
 * @flight: the file's, which may be another load's by now
 * @serial: the one it joined
 * @follows: it began while that was under way
 */
struct seat {
	const struct flights *all;
	struct flight *flight;
	u64 serial;
	bool follows;
};

int flights_join(struct flights *all, const char *key, s32 tid, struct seat *seat);
void flights_lead(struct flights *all, s32 tid, struct seat *seat);
void flights_leave(struct seat *seat, s32 ret);
bool flights_follows(const struct seat *seat);
s32 flights_leader(const struct seat *seat);
bool flights_shared(const struct seat *seat, s32 ret);
void flights_forget(struct flights *all);
void flights_free(struct flights *all);

#endif
