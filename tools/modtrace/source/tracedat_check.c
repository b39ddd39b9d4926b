// SPDX-License-Identifier: GPL-2.0-only
#include "source/tracedat.h"

#include <inttypes.h>

/* What the library would follow is followed here first, with each step checked. */
struct walk {
	struct tracedat *t;
	const u8 *base;
	u64 size;
	u64 at;
	u64 data; /* bytes of records that lists have led to */
	size_t stat; /* the buffer that statistics are of */
	const char *name;
	struct err *err;
};

static int cut(const struct walk *w, const char *what)
{
	return err_set(w->err, -EINVAL, "%s: cut at %" PRIu64 " bytes, inside its %s", w->name,
		       w->size, what);
}

static int damaged(const struct walk *w, const char *what)
{
	return err_set(w->err, -EINVAL, "%s: damaged %s at offset %" PRIu64, w->name, what, w->at);
}

static bool take(struct walk *w, void *to, u64 size)
{
	if (w->at > w->size || size > w->size - w->at)
		return false;
	if (to)
		memcpy(to, w->base + w->at, size);
	w->at += size;
	return true;
}

static const char *take_text(struct walk *w)
{
	const u8 *end = w->at < w->size ? memchr(w->base + w->at, 0, w->size - w->at) : NULL;
	const char *text = (const char *)w->base + w->at;

	if (!end)
		return NULL;
	w->at = end + 1 - w->base;
	return text;
}

static bool take_tag(struct walk *w, const char *tag, size_t size)
{
	return w->size - w->at >= size && !memcmp(w->base + w->at, tag, size) &&
	       take(w, NULL, size);
}

static bool take_sized(struct walk *w, unsigned int size_of_size)
{
	u64 size = 0;

	return take(w, &size, size_of_size) && take(w, NULL, size);
}

/* -- options, of both versions -- */

enum {
	OPTION_DONE = 0,
	OPTION_CPUSTAT = 2,
	OPTION_BUFFER = 3,
	OPTION_CLOCK = 4,
	OPTION_UNAME = 5,
	OPTION_CPUCOUNT = 8,
	OPTION_VERSION = 9,
	OPTION_TSC_TO_NS = 14,
	OPTION_FIRST_SECTION = 16,
	OPTION_LAST_SECTION = 21,
	OPTION_BUFFER_TEXT = 22,
};

/* As many as Linux can be built for. The library looks at each of them for each record. */
#define CPUS_MAX 8192
#define PAGE_MIN 1024
#define PAGE_MAX (1U << 20)
#define BUFFERS_MAX 1024
#define SECTIONS_MAX (8 * BUFFERS_MAX)

/* "NAME: N" of a CPU's statistics. */
static u64 statistic(const char *text, size_t len, const char *name)
{
	size_t at, n = strlen(name);
	u64 value = 0;

	for (at = 0; at + n < len; at++) {
		if ((at && text[at - 1] != '\n') || memcmp(text + at, name, n))
			continue;
		for (at += n; at < len && text[at] == ' '; at++)
			;
		for (; at < len && text[at] >= '0' && text[at] <= '9'; at++)
			if (__builtin_mul_overflow(value, (u64)10, &value))
				return 0;
			else
				value += text[at] - '0';
		return value;
	}
	return 0;
}

static int keep_text(char **to, const char *text, size_t len)
{
	free(*to);
	*to = strndup(text, len);
	return *to ? 0 : -ENOMEM;
}

static struct buffer_clock *find_buffer(const struct tracedat *t, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < t->nr_buffers; i++)
		if (strlen(t->buffers[i].name) == len && !memcmp(t->buffers[i].name, name, len))
			return &t->buffers[i];
	return NULL;
}

/* Return: the buffer of that name, which may be new; NULL after an error. */
static struct buffer_clock *keep_buffer(struct walk *w, const char *name, size_t len)
{
	struct tracedat *t = w->t;
	struct buffer_clock *b = find_buffer(t, name, len);

	if (b)
		return b;
	if (t->nr_buffers == BUFFERS_MAX) {
		damaged(w, "number of buffers");
		return NULL;
	}
	if (!grow(&t->buffers, &t->cap_buffers, t->nr_buffers + 1, sizeof(*t->buffers))) {
		b = &t->buffers[t->nr_buffers];
		*b = (struct buffer_clock){ .name = strndup(name, len) };
		if (b->name) {
			t->nr_buffers++;
			return b;
		}
	}
	err_set(w->err, -ENOMEM, "%s: out of memory", w->name);
	return NULL;
}

/*
 * "Buffer: NAME" stands above the first of a buffer's statistics, but for the top buffer's, which come
 * first. A time has a point in it where the clock counts nanoseconds.
 */
static int take_unit(struct walk *w, const char *text, size_t len)
{
	static const char head[] = "Buffer: ", now[] = "now ts:";
	const char *at = memmem(text, len, head, strlen(head)), *end = text + len;
	struct buffer_clock *b;
	size_t n;

	if (at || !w->t->nr_buffers) {
		at = at ? at + strlen(head) : end;
		for (n = 0; at + n < end && at[n] && at[n] != '\n'; n++)
			;
		b = keep_buffer(w, at, n);
		if (!b)
			return -EINVAL;
		w->stat = b - w->t->buffers;
	}
	at = memmem(text, len, now, strlen(now));
	if (!at)
		return 0;
	at += strlen(now);
	n = 0;
	while (at + n < end && at[n] && at[n] != '\n')
		n++;
	w->t->buffers[w->stat].unit = memchr(at, '.', n) ? UNIT_NS : UNIT_OTHER;
	return 0;
}

static int take_option(struct walk *w, unsigned int id, const u8 *data, u32 size)
{
	const char *text = (const char *)data, *from, *to;
	struct tracedat *t = w->t;
	int ret = 0;

	switch (id) {
	case OPTION_CPUSTAT:
		t->lost = sat_add(t->lost, statistic(text, size, "overrun:"));
		t->lost = sat_add(t->lost, statistic(text, size, "dropped events:"));
		return take_unit(w, text, size);
	case OPTION_CLOCK:
		/* all clocks there are, the one in use in brackets */
		from = memchr(text, '[', size);
		to = from ? memchr(from, ']', size - (from - text)) : NULL;
		if (to)
			ret = keep_text(&t->clock, from + 1, to - from - 1);
		break;
	case OPTION_TSC_TO_NS:
		/* factor, shift, offset */
		t->scaled = size >= 16 && memcmp(data, "\0\0\0", 4);
		break;
	case OPTION_UNAME:
		ret = keep_text(&t->uname, text, size);
		break;
	case OPTION_VERSION:
		ret = keep_text(&t->version, text, size);
		break;
	case OPTION_CPUCOUNT:
		/* version 6 has said so before, and its lists are of that length */
		if (size >= 4 && !t->cpus)
			memcpy(&t->cpus, data, 4);
		break;
	default:
		break;
	}
	return ret ? err_set(w->err, ret, "%s: out of memory", w->name) : 0;
}

/* A CPU's records. No two have the same ones, or a short file would be read without end. */
static int take_data(struct walk *w, u64 offset, u64 size)
{
	if (offset > w->size || size > w->size - offset)
		return cut(w, "data");
	w->data = sat_add(w->data, size);
	return w->data > w->size ? damaged(w, "list of CPUs") : 0;
}

/* -- version 6: one thing after the other -- */

static const char flyrecord[] = "flyrecord";

static int walk_cpus_6(struct walk *w)
{
	u32 cpus = w->t->cpus;
	u64 offset, size;
	int ret;

	if (cpus > CPUS_MAX)
		return damaged(w, "number of CPUs");
	while (cpus--) {
		if (!take(w, &offset, 8) || !take(w, &size, 8))
			return cut(w, "list of CPUs");
		ret = take_data(w, offset, size);
		if (ret)
			return ret;
	}
	return 0;
}

/* Another buffer: a list of CPUs of its own. */
static int check_buffer_6(struct walk *w, const u8 *option, u32 size)
{
	u64 back = w->at;
	int ret;

	if (size < 8)
		return damaged(w, "option");
	memcpy(&w->at, option, 8);
	if (w->at > w->size || w->size - w->at < sizeof(flyrecord))
		return cut(w, "data");
	if (!take_tag(w, flyrecord, sizeof(flyrecord)))
		return damaged(w, "section");
	ret = walk_cpus_6(w);
	w->at = back;
	return ret;
}

static int walk_formats(struct walk *w)
{
	u32 systems, events;

	if (!take(w, &events, 4))
		return cut(w, "event formats");
	while (events--)
		if (!take_sized(w, 8))
			return cut(w, "event formats");
	if (!take(w, &systems, 4))
		return cut(w, "event formats");
	while (systems--) {
		if (!take_text(w) || !take(w, &events, 4))
			return cut(w, "event formats");
		while (events--)
			if (!take_sized(w, 8))
				return cut(w, "event formats");
	}
	return 0;
}

static int walk_options_6(struct walk *w)
{
	unsigned int buffers = 0;

	for (;;) {
		const u8 *data;
		u16 id;
		u32 size;
		int ret;

		if (!take(w, &id, 2))
			return cut(w, "options");
		if (id == OPTION_DONE)
			return 0;
		if (!take(w, &size, 4))
			return cut(w, "options");
		data = w->base + w->at;
		if (!take(w, NULL, size))
			return cut(w, "options");
		/* Each may lead to the same list: what is walked must not grow with their product. */
		if (id == OPTION_BUFFER && ++buffers > BUFFERS_MAX)
			return damaged(w, "number of buffers");
		if (id == OPTION_BUFFER)
			ret = check_buffer_6(w, data, size);
		else
			ret = take_option(w, id, data, size);
		if (ret)
			return ret;
	}
}

static int walk_6(struct walk *w)
{
	static const char options[] = "options  ", latency[] = "latency  ";
	int ret;

	if (!take_tag(w, "header_page", 12) || !take_sized(w, 8) ||
	    !take_tag(w, "header_event", 13) || !take_sized(w, 8))
		return cut(w, "headers");
	ret = walk_formats(w);
	if (ret)
		return ret;
	if (!take_sized(w, 4))
		return cut(w, "kernel symbols");
	if (!take_sized(w, 4))
		return cut(w, "printk formats");
	if (!take_sized(w, 8))
		return cut(w, "command lines");
	if (!take(w, &w->t->cpus, 4))
		return cut(w, "list of CPUs");
	if (take_tag(w, options, sizeof(options))) {
		ret = walk_options_6(w);
		if (ret)
			return ret;
	}
	if (take_tag(w, latency, sizeof(latency)))
		return err_set(w->err, -EINVAL,
			       "%s: a trace.dat of latency text, which has no events", w->name);
	if (!take_tag(w, flyrecord, sizeof(flyrecord)))
		return w->size - w->at < sizeof(flyrecord) ? cut(w, "sections") :
							     damaged(w, "section");
	return walk_cpus_6(w);
}

/* -- version 7: sections, found through options -- */

static int enter_section(struct walk *w, u64 offset, unsigned int want, u64 *size, bool *packed)
{
	u16 id, flags;

	w->at = offset;
	if (!take(w, &id, 2) || !take(w, &flags, 2) || !take(w, NULL, 4) || !take(w, size, 8))
		return cut(w, "sections");
	if (id != want) {
		w->at = offset;
		return damaged(w, "section");
	}
	if (*size > w->size - w->at)
		return cut(w, "sections");
	*packed = flags & 1;
	return 0;
}

static int check_section(struct walk *w, u64 offset, unsigned int id)
{
	bool packed;
	u64 size;

	return enter_section(w, offset, id, &size, &packed);
}

/* Where a buffer's section is and each CPU's data in it. */
static int check_buffer(struct walk *w, unsigned int id, const u8 *data, u32 len)
{
	struct walk o = { .base = data, .size = len, .name = w->name, .err = w->err };
	const char *name, *clock;
	struct buffer_clock *b;
	u64 offset, size;
	u32 cpus;
	int ret;

	if (!take(&o, &offset, 8))
		return damaged(w, "option");
	ret = check_section(w, offset, id);
	if (ret || id == OPTION_BUFFER_TEXT)
		return ret;
	name = take_text(&o);
	clock = name ? take_text(&o) : NULL;
	if (!clock || !take(&o, NULL, 4) || !take(&o, &cpus, 4))
		return damaged(w, "option");
	b = keep_buffer(w, name, strlen(name));
	if (!b)
		return -EINVAL;
	if (keep_text(&b->clock, clock, strlen(clock)))
		return err_set(w->err, -ENOMEM, "%s: out of memory", w->name);
	if (cpus > CPUS_MAX)
		return damaged(w, "number of CPUs");
	while (cpus--) {
		if (!take(&o, NULL, 4) || !take(&o, &offset, 8) || !take(&o, &size, 8))
			return damaged(w, "option");
		ret = take_data(w, offset, size);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_option_7(struct walk *w, unsigned int id, const u8 *data, u32 size)
{
	u64 offset;

	if (id == OPTION_BUFFER || id == OPTION_BUFFER_TEXT)
		return check_buffer(w, id, data, size);
	if (id < OPTION_FIRST_SECTION || id > OPTION_LAST_SECTION)
		return take_option(w, id, data, size);
	if (size < 8)
		return damaged(w, "option");
	memcpy(&offset, data, 8);
	return check_section(w, offset, id);
}

static int walk_options_7(struct walk *w, u64 offset, u64 *next)
{
	bool packed;
	u64 size, end;
	int ret = enter_section(w, offset, OPTION_DONE, &size, &packed);

	*next = 0;
	if (ret)
		return ret;
	/* Ours to check no more; none of trace-cmd's packs its options. */
	if (packed)
		return damaged(w, "section of options, which is packed,");
	end = w->at + size;
	while (w->at < end) {
		const u8 *data;
		u64 here;
		u16 id;
		u32 len;

		if (!take(w, &id, 2) || !take(w, &len, 4) || w->at > end || len > end - w->at)
			return damaged(w, "option");
		data = w->base + w->at;
		here = w->at + len;
		if (id == OPTION_DONE) {
			if (len >= 8)
				memcpy(next, data, 8);
			return 0;
		}
		ret = check_option_7(w, id, data, len);
		if (ret)
			return ret;
		w->at = here;
	}
	return 0;
}

/* Sections also follow one another without gaps, to the end of the file. */
static int walk_sections_7(struct walk *w)
{
	unsigned int sections = 0;
	u64 size;

	while (w->at < w->size) {
		/* A hole of any size is as many empty ones. */
		if (++sections > SECTIONS_MAX)
			return damaged(w, "number of sections");
		if (!take(w, NULL, 8) || !take(w, &size, 8) || !take(w, NULL, size))
			return cut(w, "sections");
	}
	return 0;
}

static int walk_7(struct walk *w)
{
	const char *packing = take_text(w);
	u64 offset, last = 0;
	int ret;

	if (!packing || !take_text(w) || !take(w, &offset, 8))
		return cut(w, "header");
	if (strcmp(packing, "none"))
		snprintf(w->t->packing, sizeof(w->t->packing), "%s", packing);
	if (!offset)
		return err_set(w->err, -EINVAL,
			       "%s: not closed by its recorder: nothing says where its sections are",
			       w->name);
	ret = walk_sections_7(w);
	if (ret)
		return ret;
	while (offset) {
		/* They are written one behind the other; a way back would lead round in circles. */
		if (offset <= last)
			return damaged(w, "chain of options");
		last = offset;
		ret = walk_options_7(w, offset, &offset);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * tracedat_check - see that all a trace.dat's sections lie inside it, and what they say of it
 * @t: filled; tracedat_free() frees it, after an error too
 * @base: the file; need not be trusted
 * @size: its size
 * @name: its name, for messages
 * @err: says what is wrong and where
 *
 * Return: 0 or -errno.
 */
int tracedat_check(struct tracedat *t, const u8 *base, u64 size, const char *name,
		   struct err *err)
{
	struct walk w = { .t = t, .base = base, .size = size, .name = name, .err = err };
	const char *version;
	u8 big_endian, long_size;

	*t = (struct tracedat){ 0 };
	if (!take_tag(&w, TRACEDAT_MAGIC, TRACEDAT_MAGIC_SIZE))
		return err_set(err, -EINVAL, "%s: not a trace.dat", name);
	version = take_text(&w);
	if (!version || !take(&w, &big_endian, 1) || !take(&w, &long_size, 1) ||
	    !take(&w, &t->page_size, 4))
		return cut(&w, "header");
	if (strcmp(version, "6") && strcmp(version, "7"))
		return err_set(err, -EINVAL,
			       "%s: a trace.dat of version %.8s; modtrace reads 6 and 7", name,
			       version);
	if (big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		return err_set(err, -EINVAL,
			       "%s: trace.dat of the other byte order is not supported",
			       name);
	if (long_size != 4 && long_size != 8)
		return damaged(&w, "header");
	t->long_size = long_size;
	if (t->page_size < PAGE_MIN || t->page_size > PAGE_MAX ||
	    (t->page_size & (t->page_size - 1)))
		return damaged(&w, "header");
	return *version == '6' ? walk_6(&w) : walk_7(&w);
}

/**
 * tracedat_buffer - what is known of a buffer's clock
 * @t: what the file says of itself
 * @name: the buffer's name, "" for the first
 *
 * Return: it, or NULL for nothing.
 */
const struct buffer_clock *tracedat_buffer(const struct tracedat *t, const char *name)
{
	return find_buffer(t, name, strlen(name));
}

/**
 * tracedat_free - free what a check found
 * @t: empty afterwards
 */
void tracedat_free(struct tracedat *t)
{
	size_t i;

	free(t->uname);
	free(t->version);
	free(t->clock);
	for (i = 0; i < t->nr_buffers; i++) {
		free(t->buffers[i].name);
		free(t->buffers[i].clock);
	}
	free(t->buffers);
	*t = (struct tracedat){ 0 };
}
