// SPDX-License-Identifier: GPL-2.0-only
/*
 * call_finit - finit_module() of one file, over and over
 *
 *	call_finit FILE TIMES
 *
 * On the patched kernel a call for a live module's unchanged file is answered at once, with three
 * events. After each 64 calls it sleeps for 2 ms, so that who records them has a chance to.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long times = argc == 3 ? atol(argv[2]) : 0;
	int fd = times > 0 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0) {
		fprintf(stderr, "usage: call_finit FILE TIMES\n");
		return 1;
	}
	while (times--) {
		if (times % 64 == 0)
			usleep(2000);
		if (!syscall(SYS_finit_module, fd, "", 0) || errno != EEXIST) {
			fprintf(stderr, "call_finit: %s is not live\n", argv[1]);
			return 1;
		}
	}
	return 0;
}
