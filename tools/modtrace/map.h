/* SPDX-License-Identifier: GPL-2.0-only */
/* A hash map from u64 to pointer, and interned strings. Pure. */
#ifndef MODTRACE_MAP_H
#define MODTRACE_MAP_H

#include "util.h"

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

void *map_get(const struct map *m, u64 key);
int map_set(struct map *m, u64 key, void *value);
void *map_del(struct map *m, u64 key);
void map_free(struct map *m);

u64 hash_bytes(const void *data, size_t len);
u64 hash_two(u64 a, u64 b);

/**
 * struct strings - a pool in which equal strings are one pointer
 * @by_hash: chains of entries of one hash
 */
struct strings {
	struct map by_hash;
};

const char *strings_intern(struct strings *pool, const char *s, size_t len);
void strings_free(struct strings *pool);

#endif
