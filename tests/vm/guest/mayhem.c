// SPDX-License-Identifier: GPL-2.0-only
/*
 * mayhem STORMS SEED FILE...: one storm after the other, of up to 8 tasks that load the modules
 * FILE... (made from mt_hold.c, by name or compressed) or have the kernel ask for them, while
 * allocations fail, tasks are killed, policies change and modules are removed. After each, all is
 * removed and nothing may be in flight.
 *
 * Two oracles. Liveness: every call returns within what it may take on the stock kernel, and 5 s.
 * There each task may need a helper of its own, beside those of all others: UNIT, what one request
 * takes when we begin, four times for each task; and what inits sleep. A killed task is gone within
 * 1 s, or as many seconds as UNIT is longer than the 250 ms which it takes on a kernel that checks
 * nothing. Where somebody was late, UNIT is taken once more: the machine may have become slower.
 * Truth: where nothing is made to fail, killed or removed, the modules that were asked for
 * are live in the end, and no others, as on the stock kernel. Of a module one of whose loads fails
 * by its parameters, or may, nothing is known: on any kernel it depends on who is first.
 *
 * A storm is a function of SEED and its number, as far as the machine's own timing lets it be.
 * Prints how often each result came; fails where a task does not end or something is left.
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
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TASKS		8
#define FILES		16
#define POLICIES	"/sys/module/module/parameters/"
#define DEBUGFS		"/sys/kernel/debug/"
#define COMPRESSED_FILE	4
/* The protocol families that modprobe's configuration has aliases for, and one it has not. */
#define FAMILY_FIRST	4
#define FAMILIES	4
#define FAMILY_OF_DEPENDENT	6
/* Longer than the longest honest wait: 30 s for a symbol, 5 s for a request, under emulation. */
#define STUCK_S		90

enum kind {
	KIND_FINIT,
	KIND_INIT,
	KIND_REQUEST,
	KIND_MIXED,
	KINDS,
};

enum failing {
	FAIL_NONE,
	FAIL_NTH,		/* a single allocation, or access to user memory, of each task */
	FAIL_SLAB,		/* some of the tasks' objects */
	FAIL_PAGES,		/* some of their pages */
	FAIL_FUNCTION,		/* should_failslab() by fail_function */
	FAILINGS,
};

struct times {
	volatile long begin_ms, end_ms;
};

struct shared {
	struct times times[TASKS];
	/* By the number of the first file that has the module. */
	volatile bool wanted[FILES], doubtful[FILES];
	unsigned int by_err[4096];
	unsigned int checked, calls, requests, killed, removed, injected;
};

struct file {
	const char *path;
	char name[64];
	int flags;
	void *image;
	size_t size;
};

struct storm {
	unsigned int rng;
	enum kind kind;
	enum failing failing;
	int number, tasks, task;
	bool flips, removes, kills, long_init;
};

static struct shared *shared;
static struct file files[FILES];
static int file_count;
static long unit_ms;
static bool wrong;

static int any(struct storm *storm, int below)
{
	return rand_r(&storm->rng) % below;
}

static void sleep_us(long us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&ts, NULL);
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void complain(const struct storm *storm, const char *what, const char *whose, long value)
{
	printf("storm=%d kind=%d %s%s=%ld\n", storm->number, storm->kind, what, whose, value);
	wrong = true;
}

/* The number by which a module's wants are kept; one that we have no file of has none. */
static int number_of(const char *name)
{
	int i;

	for (i = 0; i < file_count && strcmp(files[i].name, name); i++)
		;
	return i;
}

static void note(volatile bool *notes, const char *name)
{
	int number = number_of(name);

	if (number < file_count)
		notes[number] = true;
}

static void count(unsigned int *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* What can't be set would leave a storm that tests nothing. */
static void set(const char *folder, const char *name, const char *value)
{
	char path[160];
	int err;

	snprintf(path, sizeof(path), "%s%s", folder, name);
	err = write_text(path, value);
	if (err) {
		printf("set_%s=%s\n", name, strerrorname_np(-err));
		exit(1);
	}
}

static bool may_fail(void)
{
	return !access("/proc/self/fail-nth", F_OK);
}

static void prepare_failing(void)
{
	static const char * const folders[] = {
		DEBUGFS "failslab/", DEBUGFS "fail_page_alloc/", DEBUGFS "fail_usercopy/",
		DEBUGFS "fail_function/",
	};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		set(folders[i], "verbose", "0");
		set(folders[i], "task-filter", "Y");
		set(folders[i], "times", "-1");
		set(folders[i], "interval", "1");
		set(folders[i], "probability", "0");
	}
	set(folders[0], "ignore-gfp-wait", "N");
	set(folders[1], "ignore-gfp-wait", "N");
	set(folders[1], "ignore-gfp-highmem", "N");
	set(folders[1], "min-order", "0");
}

static void begin_failing(struct storm *storm)
{
	char percent[8];

	snprintf(percent, sizeof(percent), "%d", 1 + any(storm, 8));
	switch (storm->failing) {
	case FAIL_SLAB:
		set(DEBUGFS "failslab/", "probability", percent);
		break;
	case FAIL_PAGES:
		set(DEBUGFS "fail_page_alloc/", "probability", percent);
		break;
	case FAIL_FUNCTION:
		set(DEBUGFS "fail_function/", "inject", "should_failslab");
		set(DEBUGFS "fail_function/should_failslab/", "retval", "0xfffffffffffffff4");
		set(DEBUGFS "fail_function/", "probability", percent);
		break;
	default:
		break;
	}
}

static void end_failing(const struct storm *storm)
{
	switch (storm->failing) {
	case FAIL_SLAB:
		set(DEBUGFS "failslab/", "probability", "0");
		break;
	case FAIL_PAGES:
		set(DEBUGFS "fail_page_alloc/", "probability", "0");
		break;
	case FAIL_FUNCTION:
		set(DEBUGFS "fail_function/", "probability", "0");
		/* An empty name stands for all. */
		set(DEBUGFS "fail_function/", "inject", "\n");
		break;
	default:
		break;
	}
}

/* From here on allocations of this task may fail. */
static void begin_task_failing(struct storm *storm)
{
	char nth[16];

	if (storm->failing == FAIL_NTH) {
		/* Most of a load's are early ones: its file, its layout; some hundred in all. */
		snprintf(nth, sizeof(nth), "%d", 1 + any(storm, any(storm, 2) ? 20 : 300));
		write_text("/proc/self/fail-nth", nth);
	} else if (storm->failing != FAIL_NONE) {
		write_text("/proc/self/make-it-fail", "1");
	}
}

static void end_task_failing(const struct storm *storm)
{
	char left[16] = "";
	int fd;

	if (storm->failing == FAIL_NONE)
		return;
	if (storm->failing != FAIL_NTH) {
		write_text("/proc/self/make-it-fail", "0");
		return;
	}
	fd = open("/proc/self/fail-nth", O_RDWR);
	if (fd >= 0 && pread(fd, left, sizeof(left) - 1, 0) > 0 && !atoi(left))
		count(&shared->injected);
	/* The read itself may have been the one to fail. */
	if (fd < 0 || pwrite(fd, "0", 1, 0) < 0)
		write_text("/proc/self/fail-nth", "0");
	close(fd);
}

static void flip(struct storm *storm)
{
	static const char * const file_values[] = { "wait", "busy", "off" };

	switch (any(storm, 5)) {
	case 0:
		set(POLICIES, "merge_name", any(storm, 2) ? "1" : "0");
		break;
	case 1:
		set(POLICIES, "merge_live", any(storm, 2) ? "1" : "0");
		break;
	case 2:
		set(POLICIES, "merge_autoload", any(storm, 2) ? "1" : "0");
		break;
	default:
		set(POLICIES, "merge_file", file_values[any(storm, 3)]);
	}
}

static void default_policies(void)
{
	set(POLICIES, "merge_file", "wait");
	set(POLICIES, "merge_live", "1");
	set(POLICIES, "merge_name", "1");
	set(POLICIES, "merge_autoload", "1");
}

/* A request by the kernel, in this task. */
static void ask(struct storm *storm)
{
	static const char * const asked_for[] = { "mt_hold", "mt_hold2", "mt_dep_a" };
	int family = FAMILY_FIRST + any(storm, FAMILIES);
	int fd;

	count(&shared->requests);
	if (family - FAMILY_FIRST < (int)(sizeof(asked_for) / sizeof(asked_for[0])))
		note(shared->wanted, asked_for[family - FAMILY_FIRST]);
	if (family == FAMILY_OF_DEPENDENT)
		note(shared->wanted, "mt_dep_b");
	begin_task_failing(storm);
	shared->times[storm->task].begin_ms = now_ms();
	fd = socket(family, SOCK_STREAM, 0);
	shared->times[storm->task].end_ms = now_ms();
	end_task_failing(storm);
	if (fd >= 0)
		close(fd);
}

static void load(struct storm *storm, const struct file *file, const char *params, bool use_init)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC), err;
	/* A bad pointer fails in the task itself, late. */
	const char *args = any(storm, 16) ? params : (const char *)-4096L;
	int flags = file->flags | !any(storm, 6);
	long ret;

	count(&shared->calls);
	note(args == params ? shared->wanted : shared->doubtful, file->name);
	/* One that a kernel may not know to decompress, or without its dependency, may fail. */
	if (strstr(args == params ? params : "", "fail=") || file->flags ||
	    !strcmp(file->name, "mt_dep_a"))
		note(shared->doubtful, file->name);
	if (strstr(args == params ? params : "", "request="))
		note(shared->doubtful, files[file_count - 1].name);
	begin_task_failing(storm);
	shared->times[storm->task].begin_ms = now_ms();
	if (use_init)
		ret = syscall(SYS_init_module, file->image, file->size, args);
	else
		ret = syscall(SYS_finit_module, fd, args, flags);
	err = ret ? errno : 0;
	shared->times[storm->task].end_ms = now_ms();
	end_task_failing(storm);
	count(&shared->by_err[err & 4095]);
}

static void random_params(struct storm *storm, const struct file *file, char *params, size_t size)
{
	static const int errors[] = { ENODEV, ENOMEM, EEXIST, EBUSY, EPERM };
	int sleep_ms = storm->long_init ? 20 + any(storm, 80) : any(storm, 3);

	switch (any(storm, 6)) {
	case 0:
		snprintf(params, size, "sleep_ms=%d fail=%d", sleep_ms, errors[any(storm, 5)]);
		return;
	case 1:
		/*
		 * Always the last, which asks for none: with the gates off, stock's wait for a
		 * module of the same name sees no cycle and never ends. And not by an async
		 * function: each load that succeeds waits for all of those.
		 */
		if (strcmp(file->name, files[file_count - 1].name)) {
			snprintf(params, size, "request=%s", files[file_count - 1].name);
			return;
		}
		/* fall through */
	default:
		snprintf(params, size, "sleep_ms=%d", sleep_ms);
	}
}

/* One of the tasks: everything random is drawn before it meets the others. */
static void run_task(struct storm *storm, int task, const struct file *file)
{
	enum kind kind = storm->kind;
	char params[128];

	storm->task = task;
	storm->rng += task * 7919;
	if (kind == KIND_MIXED) {
		kind = any(storm, KIND_MIXED);
		file = &files[any(storm, file_count)];
	}
	random_params(storm, file, params, sizeof(params));
	if (!any(storm, 4))
		sleep_us(any(storm, 30000));
	if (kind == KIND_REQUEST)
		ask(storm);
	else
		load(storm, file, params, kind == KIND_INIT && !file->flags);
	_exit(0);
}

/* Those that are live and that none depends on. */
static void remove_all(void)
{
	for (int i = 0; i < file_count; i++) {
		if (!syscall(SYS_delete_module, files[i].name, O_NONBLOCK))
			count(&shared->removed);
	}
}

static bool is_live(const char *name)
{
	char path[128], state[8] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	if (read(fd, state, sizeof(state) - 1) < 0)
		state[0] = '\0';
	close(fd);
	return !strncmp(state, "live", 4);
}

/* The truth, where there is but one. */
static void check_live(const struct storm *storm)
{
	if (storm->failing != FAIL_NONE || storm->kills || storm->removes)
		return;

	count(&shared->checked);
	for (int i = 0; i < file_count; i++) {
		const char *name = files[i].name;
		bool live = is_live(name);

		if (number_of(name) != i || shared->doubtful[i])
			continue;
		/* A dependent fails with its dependency, as where that is refused as busy. */
		if (!strcmp(name, "mt_dep_a") && number_of("mt_dep_b") < file_count &&
		    (shared->doubtful[number_of("mt_dep_b")] || storm->flips))
			continue;
		if (live != shared->wanted[i])
			complain(storm, live ? "has_" : "lacks_", name, 1);
	}
}

static long measure_unit(int family)
{
	long begin_ms = now_ms();

	close(socket(family, SOCK_STREAM, 0));
	return now_ms() - begin_ms;
}

/* What took longest in a storm. */
struct longest {
	long call_ms, killed_ms;
};

static bool is_late(const struct storm *storm, const struct longest *longest, long unit)
{
	return longest->call_ms > 5000 + 1000 + storm->tasks * 100 + 4 * unit * (storm->tasks + 1) ||
	       longest->killed_ms > (unit > 250 ? 4 * unit : 1000);
}

static void check_times(const struct storm *storm, const struct longest *longest)
{
	if (!is_late(storm, longest, unit_ms))
		return;
	/* Nothing has that family: a helper, and no load. */
	if (!is_late(storm, longest, measure_unit(FAMILY_FIRST + FAMILIES - 1)))
		return;
	complain(storm, "call_took_ms", "", longest->call_ms);
	complain(storm, "killed_and_there_ms", "", longest->killed_ms);
}

static void note_times(struct longest *longest, int task, long killed_ms)
{
	const struct times *times = &shared->times[task];
	long *most = killed_ms ? &longest->killed_ms : &longest->call_ms;
	long took_ms = killed_ms ? now_ms() - killed_ms : times->end_ms - times->begin_ms;

	if (took_ms > *most)
		*most = took_ms;
}

/* Whether all of them have ended in time. */
static bool reap(const struct storm *storm, pid_t *pids, const long *killed_ms,
		 struct longest *longest)
{
	time_t end = time(NULL) + STUCK_S;
	int tasks = storm->tasks, left = tasks, status;

	while (left && time(NULL) < end) {
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (pid <= 0) {
			sleep_us(5000);
			continue;
		}
		for (int i = 0; i < tasks; i++) {
			if (pids[i] != pid)
				continue;
			pids[i] = 0;
			left--;
			note_times(longest, i, killed_ms[i]);
			if (WIFSIGNALED(status))
				count(&shared->killed);
		}
	}
	return !left;
}

/* The lines of a small file that aren't comments and contain text; -1 where it can't be read. */
static int lines(const char *path, const char *text)
{
	FILE *in = fopen(path, "re");
	char line[512];
	int found = 0;

	if (!in)
		return -1;
	while (fgets(line, sizeof(line), in)) {
		if (line[0] != '#' && strstr(line, text))
			found++;
	}
	fclose(in);
	return found;
}

/* Removes all modules, and waits for the helpers of requests whose task was killed. */
static bool clean_up(void)
{
	time_t end = time(NULL) + STUCK_S;

	do {
		for (int i = 0; i < file_count; i++)
			syscall(SYS_delete_module, files[i].name, O_NONBLOCK);
		if (!lines("/proc/modules", "mt_") && !lines(DEBUGFS "modules/inflight", ""))
			return true;
		sleep_us(20000);
	} while (time(NULL) < end);

	printf("left_modules=%d\nleft_in_flight=%d\n", lines("/proc/modules", "mt_"),
	       lines(DEBUGFS "modules/inflight", ""));
	return false;
}

static bool run_storm(unsigned int seed, int number)
{
	struct storm storm = { .rng = seed * 10007 + number, .number = number };
	struct longest longest = {};
	long killed_ms[TASKS] = {};
	const struct file *file;
	pid_t pids[TASKS];
	int steps;
	bool ended;

	/* The first numbers of neighbouring seeds are neighbours, too. */
	for (int i = 0; i < 8; i++)
		any(&storm, 2);
	storm.kind = any(&storm, KINDS);
	storm.tasks = 2 + any(&storm, TASKS - 1);
	storm.failing = may_fail() && any(&storm, 3) ? any(&storm, FAILINGS) : FAIL_NONE;
	storm.flips = any(&storm, 2);
	storm.removes = any(&storm, 2);
	storm.kills = any(&storm, 2);
	storm.long_init = any(&storm, 2);
	file = &files[any(&storm, file_count)];
	/* Every eighth is one of which the truth is known. */
	if (!(number % 8)) {
		storm.failing = FAIL_NONE;
		storm.removes = storm.kills = false;
	}

	memset(shared->times, 0, sizeof(shared->times));
	for (int i = 0; i < FILES; i++)
		shared->wanted[i] = shared->doubtful[i] = false;
	if (storm.flips)
		flip(&storm);
	begin_failing(&storm);
	fflush(stdout);
	for (int i = 0; i < storm.tasks; i++) {
		pids[i] = fork();
		if (!pids[i])
			run_task(&storm, i, file);
	}
	for (steps = 4 + any(&storm, 12); steps; steps--) {
		sleep_us(any(&storm, 15000));
		if (storm.flips && any(&storm, 2))
			flip(&storm);
		if (storm.removes && any(&storm, 2))
			remove_all();
		if (storm.kills && !any(&storm, 4)) {
			int task = any(&storm, storm.tasks);

			kill(pids[task], any(&storm, 3) ? SIGKILL : SIGTERM);
			if (!killed_ms[task])
				killed_ms[task] = now_ms();
		}
	}
	ended = reap(&storm, pids, killed_ms, &longest);
	end_failing(&storm);
	check_live(&storm);
	default_policies();
	if (!ended)
		printf("stuck=%d\n", number);
	if (!clean_up()) {
		printf("left=%d\n", number);
		return false;
	}
	check_times(&storm, &longest);
	return ended;
}

static void read_file(struct file *file, const char *path)
{
	int fd = open(path, O_RDONLY);
	char *copy = strdup(path);
	struct stat st;

	file->path = path;
	snprintf(file->name, sizeof(file->name), "%s", basename(copy));
	file->name[strcspn(file->name, ".")] = '\0';
	file->flags = strstr(path, ".ko.") ? COMPRESSED_FILE : 0;
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
	int storms, done = 0;

	if (argc < 4 || argc - 3 > FILES)
		return 1;
	storms = atoi(argv[1]);
	file_count = argc - 3;
	for (int i = 0; i < file_count; i++)
		read_file(&files[i], argv[3 + i]);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	if (may_fail())
		prepare_failing();
	/* The first has to read modprobe, too. */
	for (int i = 0; i < 2; i++) {
		unit_ms = measure_unit(FAMILY_FIRST);
		remove_all();
	}
	while (done < storms && run_storm(atoi(argv[2]), done))
		done++;
	for (int err = 0; err < 4096; err++) {
		if (shared->by_err[err])
			printf("%s=%u\n", err ? strerrorname_np(err) : "ok", shared->by_err[err]);
	}
	printf("unit_ms=%ld\nchecked=%u\n", unit_ms, shared->checked);
	printf("storms=%d\ncalls=%u\nrequests=%u\nkilled=%u\nremoved=%u\ninjected=%u\n", done,
	       shared->calls, shared->requests, shared->killed, shared->removed,
	       shared->injected);
	return wrong || done != storms;
}
