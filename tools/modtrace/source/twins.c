// SPDX-License-Identifier: GPL-2.0-only
#include "source/twins.h"

/* Further buffers share the last place: of an event that several of those have, each is counted. */
#define PLACES_MAX 64

/*
 * Equal records of one CPU, each at most TWINS_APART_NS after the one before. The event happened as
 * often as the buffer says that has most of them.
 */
struct twin {
	u64 time_ns;
	u32 taken;
	u32 seen[];
};

/* Not of the record's bytes: what lies between its fields is nothing, and another each time. */
static u64 key_of(const struct event *ev)
{
	const struct event_reader *r = ev->reader;
	u64 key = hash_two(hash_two((u64)ev->type << 32 | ev->cpu, (u32)ev->tid), (uintptr_t)r);
	unsigned int i;

	for (i = 0; i < r->nr; i++) {
		const u8 *value = (const u8 *)ev + r->fields[i].to;
		const struct str *text = (const struct str *)value;

		if (r->fields[i].is_string)
			key = hash_two(key, text->text ? hash_bytes(text->text, text->len) : 0);
		else
			key = hash_two(key, hash_bytes(value, r->fields[i].to_size));
	}
	return key;
}

/* Nothing that comes is as early as that. */
static int sweep(struct twins *t, u64 now_ns)
{
	struct map kept = { 0 };
	size_t i;
	int ret = 0;

	for (i = 0; i < t->by_key.nr_slots; i++) {
		struct map_slot *slot = &t->by_key.slots[i];
		struct twin *twin = slot->value;

		if (!twin)
			continue;
		if (ret || sat_sub(now_ns, twin->time_ns) > TWINS_APART_NS)
			free(twin);
		else
			ret = map_set(&kept, slot->key, twin);
	}
	map_free(&t->by_key);
	t->by_key = kept;
	t->sweep_ns = sat_add(now_ns, 10 * TWINS_APART_NS);
	return ret;
}

/**
 * twins_is_new - whether a record is the first of its event
 * @t: what buffers have had
 * @buffer: the buffer's number
 * @ev: what event_read() made of it; records must come in the order of time
 *
 * Return: 1 if it is, 0 if another buffer had it, or -ENOMEM.
 */
int twins_is_new(struct twins *t, unsigned int buffer, const struct event *ev)
{
	const unsigned int places = t->nr_buffers < PLACES_MAX ? t->nr_buffers : PLACES_MAX;
	const unsigned int place = buffer < places ? buffer : places - 1;
	struct twin *twin;
	u64 key;
	int ret;

	if (t->nr_buffers < 2)
		return 1;
	ret = ev->time_ns >= t->sweep_ns ? sweep(t, ev->time_ns) : 0;
	if (ret)
		return ret;
	key = key_of(ev);
	twin = map_get(&t->by_key, key);
	if (!twin) {
		twin = calloc(1, sizeof(*twin) + places * sizeof(twin->seen[0]));
		if (!twin || map_set(&t->by_key, key, twin)) {
			free(twin);
			return -ENOMEM;
		}
	} else if (sat_sub(ev->time_ns, twin->time_ns) > TWINS_APART_NS) {
		*twin = (struct twin){ 0 };
		memset(twin->seen, 0, places * sizeof(twin->seen[0]));
	}
	twin->time_ns = ev->time_ns;
	if (++twin->seen[place] <= twin->taken)
		return 0;
	twin->taken++;
	return 1;
}

/**
 * twins_free - forget all
 * @t: empty and usable afterwards
 */
void twins_free(struct twins *t)
{
	size_t i;

	for (i = 0; i < t->by_key.nr_slots; i++)
		free(t->by_key.slots[i].value);
	map_free(&t->by_key);
	t->sweep_ns = 0;
}
