// SPDX-License-Identifier: GPL-2.0-only
/*
 * live_same - the records of a recording, given to the live source as rings give them, make the
 * same screens as the recording that is read
 *
 *	live_same FILE...
 *
 * Records go in CPU by CPU, as they are drained, and come out in the order of time. Prints the
 * first difference and exits with 1, where there is one.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <traceevent/event-parse.h>

#include "formats/perfdata.h"
#include "formats/tracing_data.h"
#include "screens/session.h"
#include "source/live_source.h"

struct format {
	char *system;
	char *text;
	size_t len;
	u64 id;
};

struct formats {
	struct format all[64];
	size_t nr;
};

static void die(const char *what)
{
	fprintf(stderr, "live_same: %s\n", what);
	exit(1);
}

static int keep_format(void *context, const struct tracing_info *info,
		       const struct tracing_format *f)
{
	struct formats *formats = context;
	const char *id = strstr(f->text, "ID: ");

	(void)info;
	if (formats->nr < ARRAY_SIZE(formats->all) && id)
		formats->all[formats->nr++] = (struct format){
			.system = strdup(f->system), .text = strndup(f->text, f->len),
			.len = f->len, .id = strtoull(id + 4, NULL, 10),
		};
	return 0;
}

static const struct format *format_of(const struct formats *formats, u64 id)
{
	size_t i;

	for (i = 0; i < formats->nr; i++)
		if (formats->all[i].id == id)
			return &formats->all[i];
	return NULL;
}

static void add_events(struct source *l, const struct perfdata *p, const struct formats *formats)
{
	struct tep_handle *tep = tep_alloc();
	size_t i;

	for (i = 0; i < p->nr_attrs; i++) {
		const struct format *f = format_of(formats, p->attrs[i].config);

		if (live_source_add_event(l, tep, f ? f->system : NULL, f ? f->text : NULL,
					  f ? f->len : 0, &p->attrs[i]))
			die("a format can't be used");
	}
	for (i = 0; i < p->by_id.nr_slots; i++)
		if (p->by_id.slots[i].value)
			live_source_add_id(l, (uintptr_t)p->by_id.slots[i].value - 1,
					   p->by_id.slots[i].key);
	tep_free(tep);
}

static u32 cpu_of(const struct perfdata *p, const u8 *record)
{
	const struct perf_event_attr *attr;
	struct perf_event_header h;
	struct sample s = { 0 };

	memcpy(&h, record, sizeof(h));
	attr = perfdata_attr_of(p, record, h.size);
	if (!attr)
		return 0;
	if (h.type == PERF_RECORD_SAMPLE)
		sample_parse(attr, record, h.size, &s);
	else
		sample_id_parse(attr, record, h.size, 8, &s);
	return s.cpu;
}

static void take(struct source *l, u64 until_ns, struct session *s)
{
	struct event ev;
	struct err err;
	int ret;

	live_source_until(l, until_ns);
	while ((ret = source_next(l, &ev, &err)) > 0)
		if (session_event(s, &ev))
			die("out of memory");
	if (ret)
		die(err.text);
}

static u64 time_of(const struct perfdata *p, const u8 *record)
{
	const struct perf_event_attr *attr;
	struct perf_event_header h;
	struct sample s = { 0 };

	memcpy(&h, record, sizeof(h));
	attr = perfdata_attr_of(p, record, h.size);
	if (attr && h.type == PERF_RECORD_SAMPLE && !sample_parse(attr, record, h.size, &s))
		return s.time_ns;
	return 0;
}

/* One pass over the rings: what CPU 7 has, then CPU 6, … Return: the latest time. */
static u64 drain(struct source *l, const struct perfdata *p, const u8 *from, const u8 *to)
{
	u64 latest = 0, lost = 0;
	int cpu;

	for (cpu = 7; cpu >= 0; cpu--) {
		const u8 *at = from;

		while (at < to) {
			struct perf_event_header h;

			memcpy(&h, at, sizeof(h));
			if (cpu_of(p, at) == (u32)cpu) {
				u64 time_ns = time_of(p, at);

				latest = time_ns > latest ? time_ns : latest;
				if (live_source_records(l, at, h.size, &lost))
					die("out of memory");
			}
			at += h.size;
		}
	}
	return latest;
}

static void feed(struct source *l, const struct perfdata *p, struct session *s)
{
	const u8 *at = p->base + p->data.offset, *end = at + p->data.size, *from = at;
	u64 until_ns = 0, latest = 0;

	while (at < end) {
		struct perf_event_header h;

		memcpy(&h, at, sizeof(h));
		if (h.type == RECORD_FINISHED_ROUND || at + h.size >= end) {
			until_ns = latest;
			latest = drain(l, p, from, h.type == RECORD_FINISHED_ROUND ? at : end);
			take(l, until_ns, s);
			from = at + h.size;
		}
		at += h.size;
	}
	take(l, UINT64_MAX, s);
}

static void read_file(const char *path, struct source **src, struct session *s)
{
	struct event ev;
	struct err err;
	int ret;

	if (source_open(src, path, &err))
		die(err.text);
	if (session_init(s, &(*src)->info, (*src)->info.start_ns, NULL))
		die("out of memory");
	while ((ret = source_next(*src, &ev, &err)) > 0)
		session_event(s, &ev);
	if (ret)
		die(err.text);
}

static void draw(struct session *s, struct frame *f, const u32 *keys, int width, struct buf *out)
{
	struct screen_data d = { .now_ns = s->model->last_ns };
	struct tui_state state;

	tui_state_init(&state, true);
	state.width = width;
	state.height = 40;
	do {
		if (session_draw(s, f, &state, &d))
			die("out of memory");
		if (*keys)
			tui_key(&state, *keys);
	} while (*keys++);
	if (frame_text(f, out))
		die("out of memory");
}

static bool same(struct session *a, struct session *b, const char *path)
{
	static const u32 keys[][4] = {
		{ 0 }, { '>', 0 }, { TKEY_ENTER, 0 }, { TKEY_DOWN, TKEY_ENTER, 0 },
		{ TKEY_ENTER, '+', '+', 0 }, { TKEY_F(5), 0 }, { TKEY_F(7), 0 },
	};
	static const int widths[] = { 80, 200 };
	struct frame f = { 0 };
	bool equal = true;
	size_t i, w;

	for (i = 0; i < ARRAY_SIZE(keys) && equal; i++) {
		for (w = 0; w < ARRAY_SIZE(widths) && equal; w++) {
			struct buf x = { 0 }, y = { 0 };

			draw(a, &f, keys[i], widths[w], &x);
			draw(b, &f, keys[i], widths[w], &y);
			equal = x.len == y.len && !memcmp(x.data, y.data, x.len);
			if (!equal)
				printf("%s: read:\n%.*s\nlive:\n%.*s\n", path, (int)x.len, x.data,
				       (int)y.len, y.data);
			buf_free(&x);
			buf_free(&y);
		}
	}
	frame_free(&f);
	return equal;
}

static bool check(const char *path)
{
	struct source *l = live_source_new();
	struct session read = { 0 }, live = { 0 };
	struct formats formats = { 0 };
	struct source *src = NULL;
	struct perfdata p;
	struct err err;
	bool equal;
	size_t i;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || perfdata_open(&p, fd, path, &err))
		die(path);
	if (tracing_data_read(p.base + p.features[FEATURE_TRACING_DATA].offset,
			      p.features[FEATURE_TRACING_DATA].size, keep_format, &formats))
		die("no formats");
	add_events(l, &p, &formats);
	read_file(path, &src, &read);
	if (src->info.kernel)
		l->info.kernel = strdup(src->info.kernel);
	if (source_choose_mode(l, path, &err))
		die(err.text);
	if (session_init(&live, &src->info, src->info.start_ns, NULL))
		die("out of memory");
	feed(l, &p, &live);
	equal = same(&read, &live, path);
	session_free(&read);
	session_free(&live);
	source_close(src);
	source_close(l);
	perfdata_close(&p);
	close(fd);
	for (i = 0; i < formats.nr; i++) {
		free(formats.all[i].system);
		free(formats.all[i].text);
	}
	return equal;
}

int main(int argc, char **argv)
{
	bool equal = argc > 1;
	int i;

	for (i = 1; i < argc; i++)
		equal &= check(argv[i]);
	return !equal;
}
