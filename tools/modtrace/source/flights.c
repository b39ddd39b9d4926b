// SPDX-License-Identifier: GPL-2.0-only
#include "source/flights.h"

/* Files that are remembered. */
#define FLIGHTS_MAX 65536

static bool is_current(const struct seat *seat)
{
	const struct flight *f = seat->flight;

	return f && (f->serial == seat->serial || f->overtaken == seat->serial) &&
	       seat->serial > seat->all->forgotten;
}

static bool is_leaders(const struct seat *seat)
{
	return is_current(seat) && !flights_follows(seat);
}

static void take_off(struct flights *all, struct flight *f, s32 tid, struct seat *seat)
{
	*f = (struct flight){ .leader = tid, .serial = ++all->serial };
	*seat = (struct seat){ .all = all, .flight = f, .serial = f->serial };
}

/**
 * flights_join - a call to load a file begins
 * @all: the flights
 * @key: the file, an interned string that outlives @all
 * @tid: the thread
 * @seat: filled
 *
 * Return: 0 or -ENOMEM. Where there are too many files, the call has no place in any.
 */
int flights_join(struct flights *all, const char *key, s32 tid, struct seat *seat)
{
	struct flight *f = map_get(&all->by_key, (uintptr_t)key);

	*seat = (struct seat){ 0 };
	if (!f) {
		if (all->by_key.nr >= FLIGHTS_MAX)
			return 0;
		f = calloc(1, sizeof(*f));
		if (!f || map_set(&all->by_key, (uintptr_t)key, f)) {
			free(f);
			return -ENOMEM;
		}
		f->done = true;
	}
	if (f->done || f->serial <= all->forgotten)
		take_off(all, f, tid, seat);
	else
		*seat = (struct seat){
			.all = all, .flight = f, .serial = f->serial, .follows = true
		};
	return 0;
}

/**
 * flights_lead - the call does the work itself
 *
 * Who was taken for the leader so far, as its call began first, was overtaken on its way to the file
 * and waits, unless it was seen at work.
 *
 * @all: the flights
 * @tid: its thread
 * @seat: its place
 */
void flights_lead(struct flights *all, s32 tid, struct seat *seat)
{
	struct flight *f = seat->flight;
	u64 overtaken = 0;

	if (!f)
		return;
	if (!is_leaders(seat)) {
		if (!f->done && !f->works && f->serial > all->forgotten)
			overtaken = f->serial;
		take_off(all, f, tid, seat);
		f->overtaken = overtaken;
	}
	f->works = true;
}

/**
 * flights_leave - the call has returned
 * @seat: its place; none afterwards
 * @ret: with what
 */
void flights_leave(struct seat *seat, s32 ret)
{
	if (is_leaders(seat)) {
		seat->flight->done = true;
		seat->flight->ret = ret;
	}
	*seat = (struct seat){ 0 };
}

/**
 * flights_follows - whether a call waits for another's
 * @seat: its place
 *
 * Return: true if it began while a load was under way, or was overtaken by one.
 */
bool flights_follows(const struct seat *seat)
{
	return seat->follows ||
	       (seat->flight && seat->flight->overtaken && seat->flight->overtaken == seat->serial);
}

/**
 * flights_leader - who did the work that a call waited for
 * @seat: its place
 *
 * Return: the thread, 0 if it isn't known.
 */
s32 flights_leader(const struct seat *seat)
{
	return is_current(seat) && flights_follows(seat) ? seat->flight->leader : 0;
}

/**
 * flights_shared - whether a call can have been given the result of the one it follows
 * @seat: its place
 * @ret: what it returned
 *
 * Return: false if it follows none, or one that is known to have had another result.
 */
bool flights_shared(const struct seat *seat, s32 ret)
{
	if (!flights_follows(seat))
		return false;
	return !is_current(seat) || !seat->flight->done || seat->flight->ret == ret;
}

/**
 * flights_forget - ends may be lost: no load is known to be under way
 * @all: the flights
 */
void flights_forget(struct flights *all)
{
	all->forgotten = ++all->serial;
}

/**
 * flights_free - free the flights; no call may have a place in one any more
 * @all: empty and usable afterwards
 */
void flights_free(struct flights *all)
{
	size_t i;

	for (i = 0; i < all->by_key.nr_slots; i++)
		free(all->by_key.slots[i].value);
	map_free(&all->by_key);
	*all = (struct flights){ 0 };
}
