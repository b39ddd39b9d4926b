// SPDX-License-Identifier: GPL-2.0-only
/*
 * rename SECONDS [colliding] - as user 1000, take another name as often as it goes
 * rename load FILE - as a worker of udev does: be one, and load a module
 *
 * Colliding names are of one hash, as modtrace's was before it had a key: h = fold of the first eight
 * bytes, of the last eight, and of the length, 15, by two factors. Prints how often it did.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FACTOR_FIRST 0x9e3779b97f4a7c15ULL
#define FACTOR_LAST 0xd6e8feb86659fd93ULL
#define HASH 0xfeedface12345678ULL
#define NAMES 4096
#define LEN 15

static char names[NAMES][LEN + 1];

/* Newton's, which doubles the right bits each time; an odd number is its own inverse in three. */
static uint64_t inverse(uint64_t factor)
{
	uint64_t x = factor;
	int i;

	for (i = 0; i < 5; i++)
		x *= 2 - factor * x;
	return x;
}

/* Of any last eight bytes the first eight follow; they overlap in one, which has to fit. */
static void find_names(void)
{
	const uint64_t back = inverse(FACTOR_FIRST);
	unsigned int nr = 0;
	uint64_t n;

	for (n = 1; nr < NAMES; n++) {
		uint64_t last = 0, first, rest = n;
		int i;

		for (i = 0; i < 8; i++, rest /= 90)
			last |= (33 + rest % 90) << 8 * i;
		first = (HASH ^ (last + (last << 21)) * FACTOR_LAST) * back ^ LEN;
		if (first >> 56 != (last & 0xff))
			continue;
		memcpy(names[nr], &first, 8);
		memcpy(names[nr] + 7, &last, 8);
		if (strlen(names[nr]) == LEN)
			nr++;
	}
}

static int load(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	prctl(PR_SET_NAME, "(udev-worker)");
	return fd < 0 || syscall(SYS_finit_module, fd, "", 0) ? 1 : 0;
}

int main(int argc, char **argv)
{
	const int colliding = argc > 2 && !strcmp(argv[2], "colliding");
	unsigned long n;
	time_t end;

	if (argc == 3 && !strcmp(argv[1], "load"))
		return load(argv[2]);
	if (argc < 2 || setgid(1000) || setuid(1000))
		return 1;
	if (colliding)
		find_names();
	end = time(NULL) + atoi(argv[1]);
	for (n = 0; n % 1024 || time(NULL) < end; n++) {
		char name[LEN + 1];

		snprintf(name, sizeof(name), "%015lu", n);
		prctl(PR_SET_NAME, colliding ? names[n % NAMES] : name);
	}
	printf("%lu\n", n);
	return 0;
}
