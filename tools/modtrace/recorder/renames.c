// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/renames.h"

/* So many between two looks at a ring are worth a copy. */
#define MANY 64

/* Tasks whose last name is remembered: who has to be switched to takes its time. */
#define TASKS 256

/* A name that nothing but names has followed. */
struct last_name {
	u32 tid;
	u16 size; /* a record is larger for a long name */
	u64 run;
	size_t at;
};

/**
 * renames_are_many - whether squeezing is worth it
 * @records: whole records of one CPU
 * @size: their size
 *
 * Return: true if there are many new names among them.
 */
bool renames_are_many(const u8 *records, size_t size)
{
	struct perf_event_header h;
	unsigned int nr = 0;
	size_t at;

	for (at = 0; next_record(records, size, at, &h); at += h.size)
		if (is_rename(&h) && ++nr > MANY)
			return true;
	return false;
}

/**
 * renames_squeeze - leave out names that were given up before anything else happened
 * @out: gets the other records; each name that stays is where the first of its task was, so that
 *	order is by their times only
 * @records: whole records of one CPU
 * @size: their size
 *
 * Return: 0 or -ENOMEM.
 */
int renames_squeeze(struct buf *out, const u8 *records, size_t size)
{
	struct last_name all[TASKS] = { 0 };
	struct perf_event_header h;
	size_t at;
	u64 run = 1;

	for (at = 0; next_record(records, size, at, &h); at += h.size) {
		struct last_name *last;
		u32 tid;

		if (!is_rename(&h)) {
			run++;
		} else {
			memcpy(&tid, records + at + sizeof(h) + 4, sizeof(tid));
			last = &all[(tid * 2 + h.size / 8 % 2) % TASKS];
			if (last->run == run && last->tid == tid && last->size == h.size) {
				memcpy(out->data + last->at, records + at, h.size);
				continue;
			}
			*last = (struct last_name){ tid, h.size, run, out->len };
		}
		if (buf_add(out, records + at, h.size))
			return -ENOMEM;
	}
	/* Whatever is no record is left to the reader. */
	return at < size ? buf_add(out, records + at, size - at) : 0;
}
