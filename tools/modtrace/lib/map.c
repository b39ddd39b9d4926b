// SPDX-License-Identifier: GPL-2.0-only
#include "lib/map.h"

#include <sys/auxv.h>

u64 hash_key[2];

/* Before main(): every map agrees with itself then, whoever makes it. */
static void __attribute__((constructor)) choose_key(void)
{
	/* What the kernel gave this process, as for stack protectors: needs no call that may fail. */
	const void *random = (const void *)getauxval(AT_RANDOM);

	if (random)
		memcpy(hash_key, random, sizeof(hash_key));
	/* A factor of few bits would fold little. */
	hash_key[1] |= 1ULL << 63 | 1;
}

static int enlarge(struct map *m)
{
	struct map bigger = { .nr_slots = m->nr_slots ? m->nr_slots * 2 : 16, .nr = m->nr };
	size_t i;

	bigger.slots = calloc(bigger.nr_slots, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (i = 0; i < m->nr_slots; i++)
		if (m->slots[i].value)
			bigger.slots[map_slot(&bigger, m->slots[i].key)] = m->slots[i];
	free(m->slots);
	*m = bigger;
	return 0;
}

/**
 * map_set - set or replace a key's value
 * @m: the map
 * @key: the key
 * @value: not NULL; the map does not own it
 *
 * Return: 0 or -ENOMEM.
 */
int map_set(struct map *m, u64 key, void *value)
{
	size_t i;

	if ((m->nr + 1) * 4 > m->nr_slots * 3) {
		int ret = enlarge(m);

		if (ret)
			return ret;
	}
	i = map_slot(m, key);
	if (!m->slots[i].value)
		m->nr++;
	m->slots[i] = (struct map_slot){ .key = key, .value = value };
	return 0;
}

/**
 * map_del - forget a key
 * @m: the map
 * @key: the key
 *
 * Return: the value it had, which the caller now owns again, or NULL.
 */
void *map_del(struct map *m, u64 key)
{
	size_t mask = m->nr_slots - 1, hole, i;
	void *value;

	if (!m->nr)
		return NULL;
	hole = map_slot(m, key);
	value = m->slots[hole].value;
	if (!value)
		return NULL;
	m->nr--;
	/* Close the gap: move up whoever could no longer be found past it. */
	for (i = (hole + 1) & mask; m->slots[i].value; i = (i + 1) & mask) {
		size_t home = map_home(m, m->slots[i].key);

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			m->slots[hole] = m->slots[i];
			hole = i;
		}
	}
	m->slots[hole].value = NULL;
	return value;
}

/**
 * map_evict - forget any key, to have room for another
 * @m: the map
 * @hand: 0 at first; where the next one is looked for, so that it takes few steps
 *
 * Return: the value it had, which the caller now owns again, or NULL if there is none.
 */
void *map_evict(struct map *m, size_t *hand)
{
	if (!m->nr)
		return NULL;
	do
		*hand = (*hand + 1) & (m->nr_slots - 1);
	while (!m->slots[*hand].value);
	return map_del(m, m->slots[*hand].key);
}

/**
 * map_free - free the map, not the values
 * @m: the map; empty and usable afterwards
 */
void map_free(struct map *m)
{
	free(m->slots);
	*m = (struct map){ 0 };
}

/**
 * hash_bytes - hash a string of bytes
 * @data: the bytes
 * @len: how many
 *
 * Return: the hash; another one in every run.
 */
u64 hash_bytes(const void *data, size_t len)
{
	const unsigned char *p = data;
	u64 h = len ^ hash_key[0], first = 0, last = 0;
	u32 half[2];

	for (; len > 16; p += 8, len -= 8) {
		memcpy(&first, p, 8);
		h = hash_fold(h ^ first, hash_key[1]);
	}
	/* The rest at once, most names among it: two words that may overlap, or what there is. */
	if (len >= 8) {
		memcpy(&first, p, 8);
		memcpy(&last, p + len - 8, 8);
	} else if (len >= 4) {
		memcpy(&half[0], p, 4);
		memcpy(&half[1], p + len - 4, 4);
		first = half[0];
		last = half[1];
	} else if (len) {
		first = p[0] | p[len / 2] << 8 | p[len - 1] << 16;
	}
	return hash_fold(hash_fold(h ^ first, hash_key[1]) ^ last, hash_key[0] | 1);
}

/**
 * hash_two - hash a pair of numbers
 * @a: one
 * @b: the other
 *
 * Return: the hash.
 */
u64 hash_two(u64 a, u64 b)
{
	return hash_fold(hash_fold(a ^ hash_key[0], hash_key[1]) ^ b, hash_key[0] | 1);
}

/* What no longer fits is one. */
#define STRINGS_OTHERS "(others)"

static bool is_others(const char *s, size_t len)
{
	return len == strlen(STRINGS_OTHERS) && !memcmp(s, STRINGS_OTHERS, len);
}

struct string {
	struct string *next;
	size_t len;
	char text[];
};

/**
 * strings_intern - the one copy of a string
 * @pool: the pool, which owns the copy
 * @s: the bytes; cut at the first zero byte; may be NULL if there are none
 * @len: how many
 *
 * Return: a terminated string, valid until strings_free(); "(others)" for a new one where the
 * pool is full; or NULL without memory.
 */
const char *strings_intern(struct strings *pool, const char *s, size_t len)
{
	struct string *first, *str;
	u64 hash;

	if (!len)
		s = "";
	len = strnlen(s, len);
	hash = hash_bytes(s, len);
	first = map_get(&pool->by_hash, hash);
	for (str = first; str; str = str->next)
		if (str->len == len && !memcmp(str->text, s, len))
			return str->text;
	if (pool->bytes > STRINGS_MAX && !is_others(s, len)) {
		pool->evicted++;
		return strings_intern(pool, STRINGS_OTHERS, strlen(STRINGS_OTHERS));
	}
	str = malloc(sizeof(*str) + len + 1);
	if (!str)
		return NULL;
	str->next = first;
	str->len = len;
	memcpy(str->text, s, len);
	str->text[len] = '\0';
	if (map_set(&pool->by_hash, hash, str)) {
		free(str);
		return NULL;
	}
	pool->bytes += sizeof(*str) + sizeof(struct map_slot) + len + 1;
	return str->text;
}

/**
 * strings_free - free the pool and every string of it
 * @pool: the pool; empty and usable afterwards
 */
void strings_free(struct strings *pool)
{
	size_t i;

	for (i = 0; i < pool->by_hash.nr_slots; i++) {
		struct string *str = pool->by_hash.slots[i].value;

		while (str) {
			struct string *next = str->next;

			free(str);
			str = next;
		}
	}
	map_free(&pool->by_hash);
	*pool = (struct strings){ 0 };
}
