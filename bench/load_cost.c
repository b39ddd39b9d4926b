// SPDX-License-Identifier: GPL-2.0-only
/*
 * load_cost - the CPU time that the loader itself spends in one finit_module()
 *
 *	load_cost FILE MODULE OFFSETS HZ
 *
 * Loads FILE once for each of OFFSETS points within a tick of 1/HZ s, evenly spread, and removes
 * MODULE after each. Prints a line a load: the offset and the thread's CPU time, in nanoseconds.
 * Under qemu's -icount shift=0 a nanosecond is an instruction.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC	1000000000LL

static long long now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/* Sleep into the next tick but one, then spin to the offset within it. */
static void wait_for_offset(long long tick_ns, long long offset_ns)
{
	long long begin = now_ns(CLOCK_MONOTONIC);
	long long at = (begin / tick_ns + 2) * tick_ns + offset_ns;
	struct timespec ts = { .tv_nsec = tick_ns };

	nanosleep(&ts, NULL);
	while (now_ns(CLOCK_MONOTONIC) < at)
		;
}

int main(int argc, char **argv)
{
	long long tick_ns, before, after;
	int offsets, i, fd;

	if (argc != 5 || (offsets = atoi(argv[3])) < 1 || atoi(argv[4]) < 1) {
		fprintf(stderr, "usage: load_cost FILE MODULE OFFSETS HZ\n");
		return 1;
	}
	tick_ns = NSEC_PER_SEC / atoi(argv[4]);

	for (i = 0; i < offsets; i++) {
		fd = open(argv[1], O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			fprintf(stderr, "load_cost: %s: %s\n", argv[1], strerror(errno));
			return 1;
		}
		wait_for_offset(tick_ns, tick_ns * i / offsets);

		before = now_ns(CLOCK_THREAD_CPUTIME_ID);
		if (syscall(SYS_finit_module, fd, "", 0)) {
			fprintf(stderr, "load_cost: %s: %s\n", argv[1], strerror(errno));
			return 1;
		}
		after = now_ns(CLOCK_THREAD_CPUTIME_ID);
		close(fd);

		printf("%lld %lld\n", tick_ns * i / offsets, after - before);
		fflush(stdout);
		if (syscall(SYS_delete_module, argv[2], O_NONBLOCK)) {
			fprintf(stderr, "load_cost: %s: %s\n", argv[2], strerror(errno));
			return 1;
		}
	}
	return 0;
}
