// SPDX-License-Identifier: GPL-2.0-only
/*
 * lead - who leads a request or a load and then does not go on, and what else the limits of waits
 * and the identity of files are tried with
 *
 *	lead ask FAMILY			the kernel asks for net-pf-FAMILY, on behalf of a socket;
 *					prints how long that took
 *	lead idle FAMILY HOGS CPU	the same as nobody, by an idle task (SCHED_IDLE) on a CPU on
 *					which HOGS others spin; says when that is under way
 *	lead load FILE HOGS CPU		finit_module() of FILE, by such a task, but by root
 *	lead spin CPU...		a task that spins on each CPU, until killed
 *	lead slots N			N tasks mount a file system of another name each, for which the
 *					kernel asks for N modules; ends when all have failed
 *	lead trace PID SECONDS		has PID stopped, as a debugger does
 *	lead map TARGET SOURCE		TARGET's bytes become SOURCE's through a shared mapping, each
 *					page of which was read before: no time of the file changes.
 *					They must be of the same size
 *	lead patch IMAGE ONE TWO	the blocks of the file ONE in a filesystem's image become TWO's
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int die(const char *what)
{
	perror(what);
	exit(1);
}

static long ms_of(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static void pin(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("sched_setaffinity");
}

static int ask(int family)
{
	long begin = ms_of(CLOCK_MONOTONIC);
	int fd = socket(family, SOCK_DGRAM, 0), err = fd < 0 ? errno : 0;

	printf("result=%s\nms=%ld\n", err ? strerrorname_np(err) : "ok",
	       ms_of(CLOCK_MONOTONIC) - begin);
	return 0;
}

/* A child that does nothing but use its CPU, for as long as we live. */
static void spin(int cpu)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(cpu);
	for (;;)
		;
}

static bool state_is(pid_t pid, char wanted)
{
	char path[64], line[512];
	const char *state;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat = fopen(path, "re");
	if (!stat)
		return false;
	state = fgets(line, sizeof(line), stat) ? strrchr(line, ')') : NULL;
	fclose(stat);
	return state && state[2] == wanted;
}

/*
 * What an idle task uses counts three hundred times. After a few ms of it beside one hog, that one
 * has a second before the idle task's next turn; and each of many hogs has that second. So the others
 * come when the call is under way, or else it would not be made for minutes.
 */
static int idle(int family, const char *file, int hogs, int cpu)
{
	volatile bool *calls = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				    -1, 0);
	struct sched_param param = {};
	int fd = file ? open(file, O_RDONLY) : -1;
	pid_t leader;
	long begin;

	if (calls == MAP_FAILED || (file && fd < 0))
		die("lead");
	spin(cpu);
	leader = fork();
	if (!leader) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!file && (setgroups(0, NULL) || setgid(65534) || setuid(65534)))
			die("setuid");
		pin(cpu);
		if (sched_setscheduler(0, SCHED_IDLE, &param))
			die("sched_setscheduler");
		begin = ms_of(CLOCK_THREAD_CPUTIME_ID);
		while (ms_of(CLOCK_THREAD_CPUTIME_ID) - begin < 3)
			;
		*calls = true;
		if (!file)
			return ask(family);
		printf("result=%s\n",
		       syscall(SYS_finit_module, fd, "", 0) ? strerrorname_np(errno) : "ok");
		return 0;
	}
	while (!*calls)
		sleep_ms(5);
	/* A request sleeps until its helper ends; a load of a large file reads. */
	if (!file)
		for (int tries = 2000; tries && !state_is(leader, 'D'); tries--)
			sleep_ms(5);
	while (--hogs > 0)
		spin(cpu);
	puts("calls=1");
	fflush(stdout);
	waitpid(leader, NULL, 0);
	return 0;
}

static int slots(int count)
{
	for (int i = 0; i < count; i++) {
		char type[16];

		snprintf(type, sizeof(type), "slot%d", i);
		if (!fork()) {
			mount("none", "/tmp", type, 0, NULL);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

static int trace(pid_t pid, int seconds)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL))
		die("ptrace");
	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		die("waitpid");
	puts("stopped=1");
	fflush(stdout);
	sleep(seconds);
	return 0;
}

static int map(const char *target, const char *source)
{
	int to = open(target, O_RDWR), from = open(source, O_RDONLY);
	struct stat before, after, st;
	char *new, *old;
	volatile char sum = 0;

	if (to < 0 || from < 0 || fstat(to, &before) || fstat(from, &st))
		die(target);
	if (before.st_size != st.st_size) {
		fputs("lead: the sizes differ\n", stderr);
		return 1;
	}
	old = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, to, 0);
	new = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, from, 0);
	if (old == MAP_FAILED || new == MAP_FAILED)
		die("mmap");
	for (off_t i = 0; i < st.st_size; i += 4096)
		sum += old[i];
	memcpy(old, new, st.st_size);
	munmap(old, st.st_size);
	close(to);
	if (stat(target, &after))
		die(target);
	printf("times_changed=%d\n", before.st_mtim.tv_nsec != after.st_mtim.tv_nsec ||
	       before.st_mtim.tv_sec != after.st_mtim.tv_sec ||
	       before.st_ctim.tv_nsec != after.st_ctim.tv_nsec ||
	       before.st_ctim.tv_sec != after.st_ctim.tv_sec);
	return 0;
}

#define BLOCK	1024

static char *read_all(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *data;

	if (fd < 0 || fstat(fd, &st))
		die(path);
	data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		die(path);
	close(fd);
	*size = st.st_size;
	return data;
}

static int patch(const char *image, const char *one, const char *two)
{
	size_t size, one_size, two_size;
	const char *old = read_all(one, &one_size), *new = read_all(two, &two_size);
	const char *data = read_all(image, &size);
	int fd = open(image, O_WRONLY);

	if (fd < 0 || one_size != two_size || one_size % BLOCK)
		die(image);
	for (size_t at = 0; at < one_size; at += BLOCK) {
		size_t to = 0;

		if (!memcmp(old + at, new + at, BLOCK))
			continue;
		while (to < size && memcmp(data + to, old + at, BLOCK))
			to += BLOCK;
		if (to >= size || pwrite(fd, new + at, BLOCK, to) != BLOCK)
			die(image);
	}
	return close(fd);
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (!strcmp(command, "ask") && argc == 3)
		return ask(atoi(argv[2]));
	if (!strcmp(command, "idle") && argc == 5)
		return idle(atoi(argv[2]), NULL, atoi(argv[3]), atoi(argv[4]));
	if (!strcmp(command, "load") && argc == 5)
		return idle(0, argv[2], atoi(argv[3]), atoi(argv[4]));
	if (!strcmp(command, "spin") && argc > 2) {
		for (int i = 2; i < argc; i++)
			spin(atoi(argv[i]));
		return pause();
	}
	if (!strcmp(command, "slots") && argc == 3)
		return slots(atoi(argv[2]));
	if (!strcmp(command, "trace") && argc == 4)
		return trace(atoi(argv[2]), atoi(argv[3]));
	if (!strcmp(command, "map") && argc == 4)
		return map(argv[2], argv[3]);
	if (!strcmp(command, "patch") && argc == 5)
		return patch(argv[2], argv[3], argv[4]);
	fputs("lead: see the comment in its source\n", stderr);
	return 1;
}
