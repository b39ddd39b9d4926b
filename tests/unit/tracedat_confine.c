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

/* The value of a line of /proc/PID/status, up to white space. */
static void status_of(pid_t pid, const char *key, char value[64])
{
	char path[32], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	assert_non_null(f);
	*value = '\0';
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
			sscanf(line + strlen(key) + 1, " %63s", value);
	fclose(f);
}

/* What the filter would hide from the child itself, which waits to be looked at. */
static void the_child_is_nobody(void **state)
{
	const bool root = !geteuid();
	int ready[2], done[2];
	char byte = 0, value[64];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(done), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		byte = tracedat_confine() ? 'n' : 'y';
		if (write(ready[1], &byte, 1) == 1 && read(done[0], &byte, 1) == 1)
			_exit(0);
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	status_of(pid, "NoNewPrivs", value);
	assert_string_equal(value, "1");
	if (root) {
		status_of(pid, "Uid", value);
		assert_string_equal(value, "65534");
		status_of(pid, "CapEff", value);
		assert_int_equal(strtoull(value, NULL, 16), 0);
	}
	assert_int_equal(write(done[1], &byte, 1), 1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_child_can_only_read),
		cmocka_unit_test(the_child_is_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
