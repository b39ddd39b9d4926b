// SPDX-License-Identifier: GPL-2.0-only
/*
 * A directory as perf record --threads writes it: a byte that says into how many files the rest goes, and
 * for each but the last two bytes of its size. Joined, and read by the model.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "formats/perfdata_dir.h"
#include "fuzz.h"
#include "lib/say.h"
#include "read_perfdata.h"

#define FILES 4

static char name_of_folder[] = "/dev/shm/modtrace-fuzz.XXXXXX";

static void remove_folder(void)
{
	rmdir(name_of_folder);
}

/* The same files over and over. */
static int folder(void)
{
	static int fd = -1;

	if (fd < 0 && mkdtemp(name_of_folder)) {
		atexit(remove_folder);
		fd = open(name_of_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (fd < 0)
		abort();
	return fd;
}

static void put(int dir, unsigned int nr, const u8 *data, size_t size)
{
	char name[16] = "data";
	int fd;

	if (nr)
		snprintf(name, sizeof(name), "data.%u", nr - 1);
	fd = openat(dir, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write_all(fd, data, size))
		abort();
	close(fd);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const int dir = folder();
	unsigned int nr, i;
	struct err err;
	int fd;

	if (!size)
		return 0;
	nr = 1 + *data++ % FILES;
	size--;
	for (i = 0; i < nr; i++) {
		size_t piece = size;

		if (i + 1 < nr) {
			if (size < 2)
				break;
			piece = data[0] | data[1] << 8;
			data += 2;
			size -= 2;
			if (piece > size)
				piece = size;
		}
		put(dir, i, data, piece);
		data += piece;
		size -= piece;
	}
	fd = perfdata_dir_join(dir, "fuzz", &err);
	if (fd >= 0)
		read_perfdata(fd);
	for (i = 0; i < FILES; i++) {
		char name[16] = "data";

		if (i)
			snprintf(name, sizeof(name), "data.%u", i - 1);
		unlinkat(dir, name, 0);
	}
	return 0;
}
