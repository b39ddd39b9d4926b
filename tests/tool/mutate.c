// SPDX-License-Identifier: GPL-2.0-only
/*
 * mutate - damage a recording in many ways and read each result
 *
 *	mutate FILE ROUNDS [SEED]
 *
 * What comes out doesn't matter: the sanitizers and the time limit of whoever runs this judge.
 * Prints how many of the damaged files could be read.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <fcntl.h>

#include "model/model.h"
#include "source/source.h"
#include "views/output.h"
#include "views/picture.h"
#include "views/traced.h"

#include "watchers.h"

static u64 seed;

static u64 any(u64 below)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (seed >> 33) % below;
}

static bool read_damaged(int fd, FILE *sink)
{
	const struct output_style style = { .width = 80 };
	struct source *src = NULL;
	struct model *m = model_new();
	struct watchers w = { .timeline = timeline_new(1000, 100) };
	struct view view = { 0 };
	struct event ev;
	struct err err;
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = source_open(&src, path, &err);
	traced_start(&w.traced[0], &traced_chrome, sink);
	traced_start(&w.traced[1], &traced_perfetto, sink);
	model_watch(m, on_attempt, &w);
	if (!ret)
		while ((ret = source_next(src, &ev, &err)) > 0)
			model_event(m, &ev);
	model_tell_open(m);
	if (!ret && !view_make(&view, m, &src->info)) {
		output_text(&view, &style, sink);
		output_json(&view, &style, sink);
		output_csv(&view, &style, sink);
		output_prometheus(&view, &style, sink);
		traced_end(&w.traced[0], &src->info, m->first_ns, m->last_ns);
		traced_end(&w.traced[1], &src->info, m->first_ns, m->last_ns);
		view.timeline = w.timeline;
		output_svg(&view, &style, sink);
	}
	view_free(&view);
	traced_free(&w.traced[0]);
	traced_free(&w.traced[1]);
	timeline_free(w.timeline);
	source_close(src);
	model_free(m);
	return !ret;
}

/* Places that matter are few and small: half of the damage goes to the first and last parts. */
static void damage(u8 *data, size_t size)
{
	static const u64 values[] = { 0,      1,	  7,	      8,	  0xff,
				      0xffff, 0x7fffffff, UINT32_MAX, 1ULL << 60, UINT64_MAX };
	unsigned int times = 1 + any(4);

	while (times--) {
		u64 value = any(2) ? values[any(ARRAY_SIZE(values))] : any(UINT32_MAX);
		size_t width = 1ULL << any(4), at;

		switch (any(4)) {
		case 0:
			at = any(2000);
			break;
		case 1:
			at = size - 1 - any(3500);
			break;
		default:
			at = any(size);
			break;
		}
		if (at < size && width <= size - at)
			memcpy(data + at, &value, width);
	}
}

int main(int argc, char **argv)
{
	int in = argc > 2 ? open(argv[1], O_RDONLY) : -1;
	u64 rounds = argc > 2 ? strtoull(argv[2], NULL, 0) : 0, i, readable = 0;
	FILE *sink = fopen("/dev/null", "w");
	struct stat st;
	u8 *good, *bad;

	if (in < 0 || fstat(in, &st) || !sink)
		return 2;
	seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	good = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, in, 0);
	bad = malloc(st.st_size);
	for (i = 0; i < rounds; i++) {
		int fd = memfd_create("damaged", 0);
		size_t size = any(8) ? (size_t)st.st_size : any(st.st_size);

		memcpy(bad, good, st.st_size);
		damage(bad, st.st_size);
		if (write(fd, bad, size) == (ssize_t)size)
			readable += read_damaged(fd, sink);
		close(fd);
	}
	printf("%lu of %lu readable\n", readable, rounds);
	free(bad);
	fclose(sink);
	close(in);
	return 0;
}
