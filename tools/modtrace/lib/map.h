/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hash map from u64 to pointer, and interned strings. Hashes are keyed by a number that is
 * another one in each process: who chooses names or ids can't choose which of them collide. So
 * nothing may depend on the order in which a map has its values.
 */
#ifndef MODTRACE_MAP_H
#define MODTRACE_MAP_H

#include "lib/util.h"

struct map_slot {
	u64 key;
	void *value;
};

/**
 * struct map - open addressing; all zero is an empty map
 * @slots: power of two of them; a NULL value marks a free one
 * @nr_slots: how many there are
 * @nr: how many are in use
 */
struct map {
	struct map_slot *slots;
	size_t nr_slots;
	size_t nr;
};

extern u64 hash_key[2];

/* Both halves of a product: each bit of the result depends on each of the factors. */
static inline u64 hash_fold(u64 a, u64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (u64)product ^ (u64)(product >> 64);
}

/* Looking up is in the header: it is done several times an event. */
static inline size_t map_home(const struct map *m, u64 key)
{
	return hash_fold(key ^ hash_key[0], hash_key[1]) & (m->nr_slots - 1);
}

/* Where a key is, or would be; a map that isn't empty has free slots always. */
static inline size_t map_slot(const struct map *m, u64 key)
{
	size_t i = map_home(m, key);

	while (m->slots[i].value && m->slots[i].key != key)
		i = (i + 1) & (m->nr_slots - 1);
	return i;
}

/**
 * map_get - look a key up
 * @m: the map
 * @key: the key
 *
 * Return: its value, which stays whose it was, or NULL.
 */
static inline void *map_get(const struct map *m, u64 key)
{
	return m->nr ? m->slots[map_slot(m, key)].value : NULL;
}

int map_set(struct map *m, u64 key, void *value);
void *map_del(struct map *m, u64 key);
void *map_evict(struct map *m, size_t *hand);
void map_free(struct map *m);

u64 hash_bytes(const void *data, size_t len);
u64 hash_two(u64 a, u64 b);

/* More than the names of any machine; what a process can have others remember. */
#define STRINGS_MAX (16U << 20)

/**
 * struct strings - a pool in which equal strings are one pointer
 * @by_hash: chains of entries of one hash
 * @bytes: what they take
 * @evicted: how often a new one found no room, and became "(others)"
 */
struct strings {
	struct map by_hash;
	size_t bytes;
	u64 evicted;
};

const char *strings_intern(struct strings *pool, const char *s, size_t len);
void strings_free(struct strings *pool);

#endif
