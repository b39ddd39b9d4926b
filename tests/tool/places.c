// SPDX-License-Identifier: GPL-2.0-only
#include "places.h"

#include "formats/perfdata.h"

/* Of records that are all alike, some: each has as many places as all that precedes them. */
#define RECORDS_MAX 400

struct finder {
	struct places *p;
	const u8 *file;
	u64 size;
};

static void add(struct finder *f, u64 at, unsigned int width)
{
	if (at > f->size || f->size - at < (width ? width : 1))
		return;
	if (grow(&f->p->all, &f->p->cap, f->p->nr + 1, sizeof(*f->p->all)))
		abort();
	f->p->all[f->p->nr++] = (struct place){ at, width };
}

static u64 number(const struct finder *f, u64 at, unsigned int width)
{
	u64 value = 0;

	if (at <= f->size && f->size - at >= width)
		memcpy(&value, f->file + at, width);
	return value;
}

static void add_all(struct finder *f, u64 at, unsigned int width, unsigned int nr)
{
	while (nr--) {
		add(f, at, width);
		at += width;
	}
}

/* Offsets, sizes and ids of formats: every digit behind a word that precedes one. */
static void add_digits(struct finder *f, u64 at, u64 end)
{
	static const char *const words[] = { "ID: ", "offset:", "size:", "signed:", "[" };
	size_t i;

	for (; at < end && at < f->size; at++) {
		for (i = 0; i < ARRAY_SIZE(words); i++) {
			size_t len = strlen(words[i]);

			if (f->size - at > len && !memcmp(f->file + at, words[i], len))
				add(f, at + len, 0);
		}
	}
}

/* "tracing" of perf.data, and the head of a trace.dat of version 6: texts, each behind its size. */
static u64 add_formats(struct finder *f, u64 at, u64 end)
{
	u64 events, systems, i;
	unsigned int page;

	for (page = 0; page < 2; page++) {
		while (at < end && number(f, at, 1))
			at++;
		at++;
		add(f, at, 8);
		add_digits(f, at + 8, at + 8 + number(f, at, 8));
		at += 8 + number(f, at, 8);
	}
	add(f, at, 4);
	for (i = number(f, at, 4), at += 4; i && at < end; i--, at += 8 + number(f, at, 8))
		add(f, at, 8);
	add(f, at, 4);
	for (systems = number(f, at, 4), at += 4; systems && at < end; systems--) {
		while (at < end && number(f, at, 1))
			at++;
		at++;
		add(f, at, 4);
		for (events = number(f, at, 4), at += 4; events && at < end; events--) {
			add(f, at, 8);
			add_digits(f, at + 8, at + 8 + number(f, at, 8));
			at += 8 + number(f, at, 8);
		}
	}
	add(f, at, 4);
	at += 4 + number(f, at, 4);
	add(f, at, 4);
	at += 4 + number(f, at, 4);
	add(f, at, 8);
	return at + 8 + number(f, at, 8);
}

static void add_records(struct finder *f, u64 at, u64 end)
{
	unsigned int nr;
	u64 i;

	for (nr = 0; nr < RECORDS_MAX && at + 8 <= end && at + 8 <= f->size; nr++) {
		u16 size = number(f, at + 6, 2);
		u64 extra = 0;
		u32 type = number(f, at, 4);

		add(f, at, 4);
		add(f, at + 4, 2);
		add(f, at + 6, 2);
		if (type == RECORD_HEADER_TRACING_DATA) {
			extra = (number(f, at + 8, 4) + 7) & ~7ULL;
			add(f, at + 8, 4);
			add_formats(f, at + size + 10, at + size + extra);
		}
		/* Ids, times, sizes of raw data, and in it places of strings. */
		for (i = 8; i + 4 <= size && i < 160; i += 4)
			add(f, at + i, i % 8 ? 4 : 8);
		if (size < 8)
			break;
		at += size + extra;
	}
}

static void find_perfdata(struct finder *f)
{
	struct perfdata_header h;
	u64 i, at;

	if (number(f, 8, 8) == PERFDATA_PIPE_HEADER) {
		add(f, 8, 8);
		add_records(f, PERFDATA_PIPE_HEADER, f->size);
		return;
	}
	memcpy(&h, f->file, sizeof(h));
	add_all(f, 8, 8, (sizeof(h) - 8) / 8);
	add_all(f, sizeof(h), 4, 64);
	for (i = 0; h.attr_size && i < h.attrs.size / h.attr_size && i < 64; i++)
		add_all(f, h.attrs.offset + i * h.attr_size, 8, h.attr_size / 8);
	add_all(f, h.attrs.offset, 4, 40);
	at = h.data.offset + h.data.size;
	for (i = 1; i < FEATURE_NR; i++) {
		u64 offset, size;

		if (!(h.features[i / 64] >> (i % 64) & 1))
			continue;
		offset = number(f, at, 8);
		size = number(f, at + 8, 8);
		add_all(f, at, 8, 2);
		add_all(f, offset, 4, size / 4 < 16 ? size / 4 : 16);
		if (i == FEATURE_TRACING_DATA)
			add_formats(f, offset + 10, offset + size);
		at += 16;
	}
	add_records(f, h.data.offset, h.data.offset + h.data.size);
}

/* "id, flags, text, size, data", one behind the other. */
static void add_sections(struct finder *f, u64 at)
{
	while (at + 16 <= f->size) {
		const u64 size = number(f, at + 8, 8);
		u64 i;

		add_all(f, at, 2, 2);
		add(f, at + 4, 4);
		add(f, at + 8, 8);
		/* In most the first numbers are sizes and counts, of what is packed too. */
		for (i = 0; i < 24; i++)
			add(f, at + 16 + 2 * i, i % 2 ? 4 : 2);
		add_all(f, at + 16, 8, 8);
		add_digits(f, at + 16, at + 16 + (size < 65536 ? size : 65536));
		if (size > f->size - at - 16)
			return;
		at += 16 + size;
	}
}

static void find_tracedat(struct finder *f)
{
	const u64 page = 4096;
	const bool is_v7 = f->file[10] == '7';
	u64 at;

	add_all(f, 10, 1, 8);
	add(f, 14, 4);
	if (is_v7) {
		at = 18;
		at += strnlen((const char *)f->file + at, f->size - at) + 1;
		at += strnlen((const char *)f->file + at, f->size - at) + 1;
		add(f, at, 8);
		add_sections(f, at + 8);
	} else {
		at = add_formats(f, 18, f->size);
		add(f, at, 4);
		add_all(f, at + 4, 2, 100);
		add_all(f, at + 4, 8, 40);
	}
	/* A page begins with its time and how much of it is used; then come events. */
	for (at = page; at < f->size; at += page) {
		unsigned int i;

		for (i = 0; i < 8; i++)
			add_all(f, at, 8, 2);
		add_all(f, at + 16, 4, 24);
		add_all(f, at + 16, 2, 12);
	}
}

/**
 * places_find - list the numbers of a sound recording that its reader goes by
 * @p: empty; filled
 * @file: a perf.data or a trace.dat
 * @size: its size
 */
void places_find(struct places *p, const u8 *file, u64 size)
{
	struct finder f = { p, file, size };

	if (size > sizeof(struct perfdata_header) && !memcmp(file, PERFDATA_MAGIC, 8))
		find_perfdata(&f);
	else if (size > 4096)
		find_tracedat(&f);
}
