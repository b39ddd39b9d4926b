// SPDX-License-Identifier: GPL-2.0-only
/*
 * cuts - read a recording cut at every byte, but within long runs of zeros only here and there
 *
 *	cuts FILE [STEP]
 *
 * A cut file is read up to the cut and says that it was, or is refused with a reason, or lacks no
 * event; and of a perf.data every sample that ends ahead of the cut is there, once its description
 * is. Prints what became of how many; a cut that breaks a rule is named, and ends it with 1.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "formats/perfdata.h"
#include "model/model.h"
#include "source/source.h"

#define RUN 32

struct result {
	bool read;
	bool truncated;
	u64 events;
	char why[sizeof(((struct err *)0)->text)];
};

static struct result read_cut(int fd)
{
	struct result r = { 0 };
	struct source *src = NULL;
	struct model *m = model_new();
	struct event ev;
	struct err err = { 0 };
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = source_open(&src, path, &err);
	if (!ret)
		while ((ret = source_next(src, &ev, &err)) > 0)
			model_event(m, &ev);
	r.read = !ret;
	if (src) {
		r.truncated = src->info.truncated;
		r.events = src->info.events + src->info.unknown_events;
	}
	memcpy(r.why, err.text, sizeof(r.why));
	source_close(src);
	model_free(m);
	return r;
}

/* Samples that end at or ahead of a cut, by their headers alone. */
static u64 samples_ahead(const u8 *file, u64 size, u64 cut)
{
	struct perfdata_header h;
	struct perf_event_header r;
	u64 at, end, nr = 0;

	memcpy(&h, file, sizeof(h));
	end = h.data.offset + h.data.size < size ? h.data.offset + h.data.size : size;
	for (at = h.data.offset; end - at >= sizeof(r); at += r.size) {
		memcpy(&r, file + at, sizeof(r));
		if (r.size < sizeof(r) || r.size > end - at || at + r.size > cut)
			break;
		nr += r.type == PERF_RECORD_SAMPLE;
	}
	return nr;
}

static bool in_zeros(const u8 *file, u64 size, u64 at)
{
	u64 i;

	if (at < RUN || size - at < RUN || at % 1024 == 0)
		return false;
	for (i = at - RUN; i < at + RUN; i++)
		if (file[i])
			return false;
	return true;
}

int main(int argc, char **argv)
{
	int in = argc > 1 ? open(argv[1], O_RDONLY) : -1, fd = memfd_create("cut", 0), failed = 0;
	u64 step = argc > 2 ? strtoull(argv[2], NULL, 0) : 1, at, cuts = 0, readable = 0;
	struct stat st;
	bool is_pipe, is_plain;
	struct perfdata_header h;
	struct result whole;
	u8 *file;

	if (in < 0 || fd < 0 || !step || fstat(in, &st) || st.st_size < 16)
		return 2;
	file = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, in, 0);
	if (file == MAP_FAILED || write(fd, file, st.st_size) != st.st_size)
		return 2;
	memcpy(&h, file, (u64)st.st_size < sizeof(h) ? (u64)st.st_size : sizeof(h));
	is_plain = !memcmp(h.magic, PERFDATA_MAGIC, 8) && h.size == sizeof(h) &&
		   !(h.features[0] & 1 << FEATURE_COMPRESSED);
	/* What came through a pipe may end after any record. */
	is_pipe = h.size == PERFDATA_PIPE_HEADER;
	whole = read_cut(fd);
	/* From the end: a file can be cut shorter any time. */
	for (at = st.st_size - 1; at > 0; at = at > step ? at - step : 0) {
		struct result r;

		if (in_zeros(file, st.st_size, at))
			continue;
		if (ftruncate(fd, at))
			return 2;
		r = read_cut(fd);
		cuts++;
		readable += r.read;
		if (r.read && !r.truncated && !is_pipe && r.events != whole.events)
			printf("at %lu: read, and not said to be cut\n", at);
		else if (!r.read && (!*r.why || strchr(r.why, '\n')))
			printf("at %lu: refused without one line that says why\n", at);
		else if (r.read && is_plain && r.events != samples_ahead(file, st.st_size, at))
			printf("at %lu: %lu of the %lu samples ahead\n", at, r.events,
			       samples_ahead(file, st.st_size, at));
		else
			continue;
		failed = 1;
	}
	printf("%lu cuts, %lu readable\n", cuts, readable);
	munmap(file, st.st_size);
	close(fd);
	close(in);
	return failed;
}
