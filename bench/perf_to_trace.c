// SPDX-License-Identifier: GPL-2.0-only
/*
 * perf_to_trace - the tracepoints of a perf.data as a trace.dat (version 6)
 *
 *	perf_to_trace INPUT OUTPUT
 *
 * For comparing readers on the same events. What a perf.data has beside them isn't converted, and
 * each CPU's events must be in the order of time, as in generated recordings.
 */
#include <fcntl.h>
#include <linux/perf_event.h>

#include "formats/perfdata.h"
#include "formats/tracing_data.h"

#define CPUS 64
#define PAGE 4096
#define PAGE_HEADER 16

/* ftrace's event headers: 5 bits of type or length, 27 of time since the event before. */
#define TYPE_EXTEND 30
#define DELTA_MAX ((1U << 27) - 1)
#define SMALL_MAX 112

struct cpu {
	FILE *pages;
	u8 page[PAGE];
	size_t used;
	u64 last_ns;
	u64 bytes;
};

struct formats {
	struct buf text;	/* each with its size ahead */
	u32 nr;
};

/* What the kernel says of the pages and headers made here. */
static const char header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";
static const char header_event[] =
	"# compressed entry header\n"
	"\ttype_len    :    5 bits\n"
	"\ttime_delta  :   27 bits\n"
	"\tarray       :   32 bits\n";

static void die(const char *what)
{
	fprintf(stderr, "perf_to_trace: %s\n", what);
	exit(1);
}

static void put(FILE *out, const void *data, size_t size)
{
	if (fwrite(data, 1, size, out) != size)
		die("writing fails");
}

static void put_number(FILE *out, u64 value, size_t size)
{
	put(out, &value, size);
}

static void put_sized(FILE *out, const char *text, size_t len)
{
	put_number(out, len, 8);
	put(out, text, len);
}

static int keep_format(void *context, const struct tracing_info *info,
		       const struct tracing_format *f)
{
	struct formats *all = context;
	u64 len = f->len;

	(void)info;
	all->nr++;
	return buf_add(&all->text, &len, 8) || buf_add(&all->text, f->text, f->len) ? -ENOMEM : 0;
}

static void end_page(struct cpu *c)
{
	u64 commit = c->used - PAGE_HEADER;

	if (!c->used)
		return;
	memcpy(c->page + 8, &commit, 8);
	memset(c->page + c->used, 0, PAGE - c->used);
	put(c->pages, c->page, PAGE);
	c->bytes += PAGE;
	c->used = 0;
}

static void put_word(struct cpu *c, u32 word)
{
	memcpy(c->page + c->used, &word, 4);
	c->used += 4;
}

static void add_event(struct cpu *c, u64 time_ns, const u8 *raw, u32 size)
{
	const u32 words = (size + 3) / 4;
	u64 delta;

	if (c->used && c->used + 16 + words * 4 > PAGE)
		end_page(c);
	if (!c->used) {
		memcpy(c->page, &time_ns, 8);
		c->used = PAGE_HEADER;
		c->last_ns = time_ns;
	}
	delta = time_ns - c->last_ns;
	if (delta > DELTA_MAX) {
		put_word(c, TYPE_EXTEND | (u32)(delta & DELTA_MAX) << 5);
		put_word(c, delta >> 27);
		delta = 0;
	}
	if (words * 4 <= SMALL_MAX) {
		put_word(c, words | (u32)delta << 5);
	} else {
		put_word(c, (u32)delta << 5);
		put_word(c, words * 4 + 4);
	}
	memset(c->page + c->used, 0, words * 4);
	memcpy(c->page + c->used, raw, size);
	c->used += words * 4;
	c->last_ns = time_ns;
}

static void convert(const struct perfdata *p, struct cpu *cpus)
{
	const u8 *at = p->base + p->data.offset, *end = at + p->data.size;
	struct perf_event_header h;

	for (; end - at >= (ptrdiff_t)sizeof(h); at += h.size) {
		const struct perf_event_attr *attr;
		struct sample s;

		memcpy(&h, at, sizeof(h));
		if (h.size < sizeof(h) || h.size > end - at)
			die("a damaged record");
		attr = h.type == PERF_RECORD_SAMPLE ? perfdata_attr_of(p, at, h.size) : NULL;
		if (!attr || sample_parse(attr, at, h.size, &s) || !s.raw)
			continue;
		if (s.cpu >= CPUS || s.raw_size > 2048)
			die("more CPUs or larger records than expected");
		if (s.time_ns < cpus[s.cpu].last_ns)
			die("events of a CPU aren't in order");
		add_event(&cpus[s.cpu], s.time_ns, s.raw, s.raw_size);
	}
}

static void write_head(FILE *out, const struct formats *f, unsigned int nr_cpus)
{
	static const char cmdlines[] = "100 generated\n";

	put(out, "\027\010\104tracing6", 12);
	put_number(out, 0, 1);
	put_number(out, 8, 1);
	put_number(out, PAGE, 4);
	put(out, "header_page", 12);
	put_sized(out, header_page, strlen(header_page));
	put(out, "header_event", 13);
	put_sized(out, header_event, strlen(header_event));
	put_number(out, 0, 4);		/* of ftrace's own events */
	put_number(out, 1, 4);		/* systems */
	put(out, "module", 7);
	put_number(out, f->nr, 4);
	put(out, f->text.data, f->text.len);
	put_number(out, 0, 4);		/* symbols */
	put_number(out, 0, 4);		/* printk formats */
	put_sized(out, cmdlines, strlen(cmdlines));
	put_number(out, nr_cpus, 4);
	put(out, "options  ", 10);
	put_number(out, 0, 2);
	put(out, "flyrecord", 10);
}

static void copy_pages(FILE *out, struct cpu *c)
{
	char chunk[65536];
	size_t n;

	rewind(c->pages);
	while ((n = fread(chunk, 1, sizeof(chunk), c->pages)) > 0)
		put(out, chunk, n);
}

int main(int argc, char **argv)
{
	struct cpu *cpus = calloc(CPUS, sizeof(*cpus));
	struct formats formats = { 0 };
	unsigned int nr = 0, i;
	struct perfdata p;
	struct err err;
	FILE *out;
	u64 at;
	int fd;

	if (argc != 3 || !cpus)
		die("usage: perf_to_trace INPUT OUTPUT");
	fd = open(argv[1], O_RDONLY);
	if (fd < 0 || perfdata_open(&p, fd, argv[1], &err))
		die("the input can't be read");
	if (tracing_data_read(p.base + p.features[FEATURE_TRACING_DATA].offset,
			      p.features[FEATURE_TRACING_DATA].size, keep_format, &formats))
		die("the input's event formats can't be read");
	for (i = 0; i < CPUS; i++) {
		cpus[i].pages = tmpfile();
		if (!cpus[i].pages)
			die("no temporary file");
	}
	convert(&p, cpus);
	for (i = 0; i < CPUS; i++) {
		end_page(&cpus[i]);
		if (cpus[i].bytes)
			nr = i + 1;
	}
	out = fopen(argv[2], "w");
	if (!out)
		die("the output can't be written");
	write_head(out, &formats, nr);
	/* Each CPU's pages, at the begin of a page of the file. */
	at = (ftello(out) + nr * 16 + PAGE - 1) / PAGE * PAGE;
	for (i = 0; i < nr; i++) {
		put_number(out, at, 8);
		put_number(out, cpus[i].bytes, 8);
		at += cpus[i].bytes;
	}
	while (ftello(out) % PAGE)
		put_number(out, 0, 1);
	for (i = 0; i < nr; i++)
		copy_pages(out, &cpus[i]);
	if (fclose(out))
		die("writing fails");
	return 0;
}
