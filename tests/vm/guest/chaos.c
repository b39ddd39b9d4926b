// SPDX-License-Identifier: GPL-2.0-only
/*
 * chaos SECONDS SEED FILE...: storms of all kinds on FILE..., modules made from mt_hold.c,
 * while the policies change, loaders are killed and modules are removed. Prints how often each
 * result came; fails where a task is left that doesn't end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS		3
#define STORM		4
#define GRACE_S		45
#define POLICIES	"/sys/module/module/parameters/"

struct shared {
	unsigned int by_err[4096];
	unsigned int attempts, killed, removed, flips;
};

struct file {
	const char *path;
	char name[64];
	void *image;
	size_t size;
};

static struct shared *shared;
static struct file *files;
static int file_count;
static unsigned int rng;

static int any(int below)
{
	return rand_r(&rng) % below;
}

static void sleep_us(long us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&ts, NULL);
}

static void count(unsigned int *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

static bool over(time_t end)
{
	return time(NULL) >= end;
}

static void write_policy(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), POLICIES "%s", name);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, value, strlen(value)) < 0) {
		perror(path);
		_exit(1);
	}
	close(fd);
}

static void flip(time_t end)
{
	static const char * const file_values[] = { "wait", "busy", "off" };

	while (!over(end)) {
		switch (any(5)) {
		case 0:
			write_policy("merge_name", any(2) ? "1" : "0");
			break;
		case 1:
			write_policy("merge_live", any(2) ? "1" : "0");
			break;
		case 2:
			write_policy("merge_autoload", any(2) ? "1" : "0");
			break;
		default:
			write_policy("merge_file", file_values[any(3)]);
		}
		count(&shared->flips);
		sleep_us(any(15000));
	}
}

static void remove_all(time_t end)
{
	while (!over(end)) {
		if (!syscall(SYS_delete_module, files[any(file_count)].name, O_NONBLOCK))
			count(&shared->removed);
		sleep_us(any(20000));
	}
}

static void attempt(const struct file *file, bool use_init, const char *params, int flags)
{
	long ret;
	int fd = open(file->path, O_RDONLY);

	count(&shared->attempts);
	if (use_init)
		ret = syscall(SYS_init_module, file->image, file->size, params);
	else
		ret = syscall(SYS_finit_module, fd, params, flags);
	count(&shared->by_err[ret ? errno & 4095 : 0]);
}

/* Some at once, of one file, some of which are killed. */
static void storm(void)
{
	const struct file *file = &files[any(file_count)];
	bool use_init = !any(4);
	pid_t pids[STORM];
	char params[128];
	int killed = any(2) ? any(STORM) : -1;

	snprintf(params, sizeof(params), "sleep_ms=%d%s", any(3) ? any(20) : 0,
		 any(4) ? "" : " fail=19");
	/*
	 * A request now and then, of a module that others load and remove. Always of the last,
	 * which asks for none: with the gates off, stock's wait for a module of the same name
	 * sees no cycle and never ends.
	 */
	if (!any(4) && strcmp(file->name, files[file_count - 1].name))
		snprintf(params, sizeof(params), "request=%s", files[file_count - 1].name);

	for (int i = 0; i < STORM; i++) {
		int flags = !any(6);

		pids[i] = fork();
		if (!pids[i]) {
			attempt(file, use_init, params, flags);
			_exit(0);
		}
	}
	if (killed >= 0) {
		sleep_us(any(15000));
		kill(pids[killed], any(3) ? SIGKILL : SIGTERM);
	}
	for (int i = 0; i < STORM; i++) {
		int status;

		if (waitpid(pids[i], &status, 0) == pids[i] && WIFSIGNALED(status))
			count(&shared->killed);
	}
}

static void read_file(struct file *file, const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *copy = strdup(path);

	file->path = path;
	snprintf(file->name, sizeof(file->name), "%s", basename(copy));
	file->name[strcspn(file->name, ".")] = '\0';
	if (fd < 0 || fstat(fd, &st) || !(file->image = malloc(st.st_size)) ||
	    read(fd, file->image, st.st_size) != st.st_size) {
		perror(path);
		exit(1);
	}
	file->size = st.st_size;
	close(fd);
	free(copy);
}

int main(int argc, char **argv)
{
	pid_t pids[WORKERS + 2];
	time_t end;
	int left;

	if (argc < 4)
		return 1;
	end = time(NULL) + atoi(argv[1]);
	file_count = argc - 3;
	files = calloc(file_count, sizeof(*files));
	for (int i = 0; i < file_count; i++)
		read_file(&files[i], argv[3 + i]);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		return 1;

	for (int i = 0; i < WORKERS + 2; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		rng = atoi(argv[2]) * 100 + i;
		if (i == WORKERS)
			flip(end);
		else if (i == WORKERS + 1)
			remove_all(end);
		while (i < WORKERS && !over(end))
			storm();
		_exit(0);
	}

	/* Not longer than the longest honest wait: 30 s for a symbol, 5 s for a request. */
	end += GRACE_S;
	left = WORKERS + 2;
	while (left && !over(end)) {
		int status;

		if (waitpid(-1, &status, WNOHANG) > 0) {
			left--;
			if (status)
				printf("worker_status=%d\n", status);
		} else {
			sleep_us(20000);
		}
	}
	for (int err = 0; err < 4096; err++) {
		if (shared->by_err[err])
			printf("%s=%u\n", err ? strerrorname_np(err) : "ok", shared->by_err[err]);
	}
	printf("attempts=%u\nkilled=%u\nremoved=%u\nflips=%u\nstuck=%d\n", shared->attempts,
	       shared->killed, shared->removed, shared->flips, left);
	return left ? 1 : 0;
}
