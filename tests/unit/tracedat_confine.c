// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "source/tracedat.h"
#include "unit.h"

/* Each a bit, so that the status says what was still possible. */
static int what_is_possible(int fd)
{
	const bool root = !geteuid();
	char byte;
	int can = 0;

	if (tracedat_confine())
		return 64;
	if (open("/dev/null", O_RDONLY) >= 0)
		can |= 1;
	if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || fork() >= 0)
		can |= 2;
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	    MAP_FAILED)
		can |= 4;
	if (kill(getppid(), 0) == 0)
		can |= 8;
	if (root && syscall(SYS_setuid, 0) == 0)
		can |= 16;
	/* And what it is for. */
	if (pread(fd, &byte, 1, 0) != 1 ||
	    mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		can |= 32;
	return can;
}

static void the_child_can_only_read(void **state)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), status;
	pid_t pid;

	(void)state;
	assert_true(fd >= 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		_exit(what_is_possible(fd));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_child_can_only_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
