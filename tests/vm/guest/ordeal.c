// SPDX-License-Identifier: GPL-2.0-only
/*
 * ordeal STORMS SEED ONE TWO: storms whose leaders are kept from going on, and two oracles. ONE and
 * TWO are mt_hold.ko and mt_hold2.ko, to which net-pf-4 and net-pf-5 are aliases; net-pf-7 is none.
 *
 * Liveness: every call returns within what it may take on the stock kernel, and 5 s. There it waits
 * for no other's helper, so it needs a helper of its own and no more: UNIT, what one undisturbed
 * request took when we began, four times (others use the CPUs meanwhile) for each that runs at the
 * same time, and what inits and helpers sleep. A killed task is gone within 1 s, or as many seconds
 * as UNIT is longer than the 250 ms which it takes on a kernel that checks nothing. Where one is late,
 * UNIT is taken once more: the machine may have become slower.
 *
 * Truth: nothing fails here that would not fail alone, so what is live in the end is what was asked
 * for, whoever came first: on the stock kernel as on any other. On the stock kernel, which has no
 * file of what is in flight, the 5 s are not allowed.
 *
 * As a helper of the kernel's, started as modprobe, it waits for slots to be freed or is modprobe.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HERE		"/tmp/ordeal/"
#define GATE		HERE "gate"
#define CGROUP		"/sys/fs/cgroup/"
#define SLOW		CGROUP "ordeal/"
#define FREEZER		HERE "freezer/"
#define IN_FLIGHT	"/sys/kernel/debug/modules/inflight"
#define MODPROBE	"/proc/sys/kernel/modprobe"
#define RULES		"/etc/modprobe.d/ordeal.conf"
#define TASKS		64
#define SLOTS		50
#define HOGS		20
#define HOG_CPU		1
#define LARGE		(32 << 20)

enum kind {
	IDLE,			/* an idle task beside hogs leads a request */
	THROTTLED,		/* a task in a throttled cgroup does */
	QUEUED,			/* one that is killed while it queues for a slot */
	LATE,			/* an idle task leads a load, and has much to read */
	STOPPED,		/* a load's leader is stopped, traced or frozen */
	CHAIN,			/* async functions, work items and threads ask */
	BACKGROUND,		/* a helper's child in the background loads what needs the helper */
	FILES,			/* the file changes under those who wait for a load of it */
	KINDS,
};

static const char * const kind_names[] = {
	"idle", "throttled", "queued", "late", "stopped", "chain", "background", "files",
};

struct task {
	pid_t pid;
	volatile long begin_ms, end_ms;
	long killed_ms, gone_ms;
	volatile int err;
	bool excused;		/* it is the one that is kept from going on */
};

struct file {
	const char *path, *name;
	void *image;
	size_t size;
};

static struct task *tasks;
static int task_count, storm;
static struct file files[2];
static unsigned int rng;
static long unit_ms, more_ms;
static bool patched, wrong;
static int slow_calls, calls, killed;
static enum kind kind;

static int any(int below)
{
	return rand_r(&rng) % below;
}

static void sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static long clock_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static long now_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

static void die(const char *what)
{
	printf("failed=%s: %s\n", what, strerror(errno));
	exit(1);
}

static void complain(const char *what, long value)
{
	printf("storm=%d kind=%s %s=%ld\n", storm, kind_names[kind], what, value);
	wrong = true;
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static void set(const char *path, const char *text)
{
	int err = write_text(path, text);

	if (err) {
		errno = -err;
		die(path);
	}
}

/* A task that has ended meanwhile is no failure. */
static void move(const char *path, pid_t pid)
{
	char text[16];
	int err;

	snprintf(text, sizeof(text), "%d", pid);
	err = write_text(path, text);
	if (err && err != -ESRCH) {
		errno = -err;
		die(path);
	}
}

static bool read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, text, size - 1);
	close(fd);
	text[len < 0 ? 0 : len] = '\0';
	return len > 0;
}

static void write_file(const char *path, const void *data, size_t size, size_t padded)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0755);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || ftruncate(fd, padded) || close(fd))
		die(path);
}

static void pin(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

/* The tasks of a storm. */

/* In the task itself. */
static bool child;

static struct task *begin(void)
{
	struct task *task = &tasks[task_count++];
	pid_t pid;

	if (task_count > TASKS)
		abort();
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	child = !pid;
	/* Both can write to it. */
	if (pid)
		task->pid = pid;
	return task;
}

static void ask(struct task *task, int family)
{
	int fd;

	task->begin_ms = now_ms();
	fd = socket(family, SOCK_STREAM, 0);
	task->err = fd < 0 ? errno : 0;
	task->end_ms = now_ms();
	_exit(0);
}

static void load(struct task *task, const char *path, const char *params)
{
	int fd = open(path, O_RDONLY);

	task->begin_ms = now_ms();
	task->err = syscall(SYS_finit_module, fd, params, 0) ? errno : 0;
	task->end_ms = now_ms();
	_exit(0);
}

static void load_image(struct task *task, const struct file *file, const char *params)
{
	task->begin_ms = now_ms();
	task->err = syscall(SYS_init_module, file->image, file->size, params) ? errno : 0;
	task->end_ms = now_ms();
	_exit(0);
}

static struct task *begin_ask(int family)
{
	struct task *task = begin();

	if (child) {
		sleep_ms(any(2) ? any(unit_ms * 2) : 0);
		ask(task, family);
	}
	/* Each draws its own. */
	any(2);
	return task;
}

static struct task *begin_load(const char *path, const char *params)
{
	struct task *task = begin();

	if (child)
		load(task, path, params);
	return task;
}

static pid_t hogs[HOGS];
static int hog_count;

/*
 * Into a CGROUP it is moved by us: one that moves itself is throttled before it is back from that
 * write, and nobody can fork while it holds the lock of all thread groups.
 */
static void hog(int cpu, const char *cgroup)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid) {
		hogs[hog_count++] = pid;
		if (cgroup)
			move(cgroup, pid);
		return;
	}
	pin(cpu);
	for (;;)
		;
}

static void end_hogs(void)
{
	while (hog_count) {
		kill(hogs[--hog_count], SIGKILL);
		waitpid(hogs[hog_count], NULL, 0);
	}
}

/*
 * What an idle task uses counts three hundred times. After a few ms of it beside one hog, that one
 * has a second before the idle task's next turn; and each of many hogs has that second. So the
 * others come when the call is under way, or else it would not be made for minutes.
 */
static void become_idle(void)
{
	struct sched_param param = {};
	long begin_ms;

	pin(HOG_CPU);
	sched_setscheduler(0, SCHED_IDLE, &param);
	begin_ms = clock_ms(CLOCK_THREAD_CPUTIME_ID);
	while (clock_ms(CLOCK_THREAD_CPUTIME_ID) - begin_ms < 3)
		;
}

static bool stat_is(pid_t pid, const char *states)
{
	char path[64], line[512];
	const char *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (!read_text(path, line, sizeof(line)))
		return false;
	state = strrchr(line, ')');
	return state && strchr(states, state[2]);
}

static bool is_blocked(const struct task *task)
{
	char path[64], line[256];

	if (!task->begin_ms || task->end_ms || !stat_is(task->pid, "SD"))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/syscall", task->pid);
	if (!read_text(path, line, sizeof(line)))
		return false;
	switch (atoi(line)) {
	case SYS_socket:
	case SYS_finit_module:
	case SYS_init_module:
		return line[0] != 'r';
	}
	return false;
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		/* Who is traced and stops is told of, too. */
		if (WIFSTOPPED(status))
			continue;
		for (int i = 0; i < task_count; i++)
			if (tasks[i].pid == pid)
				tasks[i].gone_ms = now_ms();
	}
}

/* The longest of waits for a state that the storm itself needs. */
static bool wait_blocked(const struct task *task)
{
	long end_ms = now_ms() + 10000 + 10 * unit_ms;

	while (now_ms() < end_ms && !task->gone_ms) {
		if (is_blocked(task))
			return true;
		sleep_ms(5);
		reap();
	}
	return false;
}

static void kill_task(struct task *task)
{
	task->killed_ms = now_ms();
	kill(task->pid, SIGKILL);
	killed++;
}

static long call_limit(long extra_ms)
{
	return more_ms + extra_ms + 1000 + 4 * unit_ms * (task_count + 1);
}

static long measure_unit(int family)
{
	long begin_ms = now_ms();

	close(socket(family, SOCK_STREAM, 0));
	return now_ms() - begin_ms;
}

static long kill_limit(long unit)
{
	return unit > 250 ? 1000 * unit / 250 : 1000;
}

/* Waits for all that aren't excused; each must have ended in time. */
static void end_calls(long extra_ms)
{
	long limit_ms = call_limit(extra_ms), give_up_ms = now_ms() + 2 * limit_ms;
	int left;

	do {
		sleep_ms(5);
		reap();
		left = 0;
		for (int i = 0; i < task_count; i++)
			left += !tasks[i].gone_ms && !tasks[i].excused;
	} while (left && now_ms() < give_up_ms);

	for (int i = 0; i < task_count; i++) {
		struct task *task = &tasks[i];
		long end_ms = task->gone_ms ? task->gone_ms : now_ms();

		if (task->excused)
			continue;
		calls++;
		if (task->killed_ms) {
			if (end_ms - task->killed_ms > kill_limit(unit_ms) &&
			    end_ms - task->killed_ms > kill_limit(measure_unit(7)))
				complain("killed_and_there_ms", end_ms - task->killed_ms);
			continue;
		}
		if (task->end_ms)
			end_ms = task->end_ms;
		if (task->begin_ms && end_ms - task->begin_ms > limit_ms) {
			slow_calls++;
			complain("call_took_ms", end_ms - task->begin_ms);
		}
	}
	if (left)
		complain("never_ended", left);
}

/* The excused as well, now that nothing keeps them. */
static void end_excused(void)
{
	for (int i = 0; i < task_count; i++) {
		if (tasks[i].excused && !tasks[i].gone_ms)
			tasks[i].begin_ms = now_ms();
		tasks[i].excused = false;
	}
	end_calls(0);
}

/* What there is in the end. */

static bool is_live(const char *name)
{
	char path[64], state[16];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return read_text(path, state, sizeof(state)) && !strncmp(state, "live", 4);
}

static void expect(bool one, bool two)
{
	if (is_live(files[0].name) != one)
		complain(one ? "lacks_mt_hold" : "has_mt_hold", 1);
	if (is_live(files[1].name) != two)
		complain(two ? "lacks_mt_hold2" : "has_mt_hold2", 1);
}

static int lines(const char *path, const char *text)
{
	FILE *in = fopen(path, "re");
	char line[512];
	int found = 0;

	if (!in)
		return 0;
	while (fgets(line, sizeof(line), in))
		found += line[0] != '#' && strstr(line, text);
	fclose(in);
	return found;
}

static bool clean_up(void)
{
	long end_ms = now_ms() + 10000 + 20 * unit_ms;

	unlink(RULES);
	while (now_ms() < end_ms) {
		for (int i = 0; i < 2; i++)
			syscall(SYS_delete_module, files[i].name, O_NONBLOCK);
		reap();
		if (!lines("/proc/modules", "mt_hold") && !lines(IN_FLIGHT, ""))
			return true;
		sleep_ms(10);
	}
	complain("left_modules", lines("/proc/modules", "mt_hold"));
	complain("left_in_flight", lines(IN_FLIGHT, ""));
	return false;
}

static void wait_param(const char *name, const char *param, int least, long ms)
{
	char path[96], text[16];
	long end_ms = now_ms() + ms;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", name, param);
	while (now_ms() < end_ms) {
		if (read_text(path, text, sizeof(text)) && atoi(text) >= least)
			return;
		sleep_ms(5);
	}
	complain(param, -1);
}

/* Until now they waited for us. */
static void rebase(void)
{
	for (int i = 0; i < task_count; i++)
		if (!tasks[i].end_ms)
			tasks[i].begin_ms = now_ms();
}

static void release(const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/release", name);
	if (write_text(path, "1"))
		complain("nobody_to_release", 1);
	rebase();
}

/* The kinds of storms. */

static int any_family(void)
{
	return (int[]){ 4, 5, 7 }[any(3)];
}

/* Helpers that take a moment, in which others can ask for the same. */
static void slow_helpers(void)
{
	char rules[512];
	int len = snprintf(rules, sizeof(rules), "install mt_hold sleep 0.5; insmod %s\n"
			   "install mt_hold2 sleep 0.5; insmod %s\n"
			   "install net-pf-7 sleep 0.5; exit 1\n", files[0].path, files[1].path);

	write_file(RULES, rules, len, len);
}

static void storm_idle(void)
{
	int family = any_family(), others = 2 + any(5);
	struct task *leader;

	slow_helpers();
	hog(HOG_CPU, NULL);
	leader = begin();
	if (child) {
		become_idle();
		ask(leader, family);
	}
	leader->excused = true;
	wait_blocked(leader);
	while (hog_count < HOGS)
		hog(HOG_CPU, NULL);
	while (others--)
		begin_ask(family);
	end_calls(1000 + unit_ms * 8);
	end_hogs();
	end_excused();
	expect(family == 4, family == 5);
}

static void storm_throttled(void)
{
	int family = any_family(), others = 2 + any(5);
	struct task *leader;

	slow_helpers();
	leader = begin();
	if (child) {
		pin(HOG_CPU);
		ask(leader, family);
	}
	leader->excused = true;
	wait_blocked(leader);
	set(SLOW "cpu.max", "1000 1000000");
	move(SLOW "cgroup.procs", leader->pid);
	for (int cpu = HOG_CPU + 2; cpu >= HOG_CPU; cpu--)
		hog(cpu, SLOW "cgroup.procs");
	while (others--)
		begin_ask(family);
	end_calls(1000 + unit_ms * 8);
	set(SLOW "cpu.max", "max");
	end_hogs();
	end_excused();
	expect(family == 4, family == 5);
}

static void storm_queued(void)
{
	int family = any_family(), others = 2 + any(4), behind = task_count;
	struct task *leader;
	pid_t slots[SLOTS];
	long end_ms;

	unlink(GATE);
	if (mkfifo(GATE, 0600))
		die(GATE);
	set(MODPROBE, HERE "modprobe");
	/* Each asks for a file system of another name. 7.3 no longer asks for binary formats. */
	for (int i = 0; i < SLOTS; i++) {
		char type[16];

		snprintf(type, sizeof(type), "slot%d", i);
		slots[i] = fork();
		if (!slots[i]) {
			mount("none", HERE, type, 0, NULL);
			_exit(0);
		}
	}
	/* A file each, by the helper that has come to its gate. */
	end_ms = now_ms() + 30000 + unit_ms * SLOTS;
	for (int i = 0; i < SLOTS; i++) {
		char path[64];

		snprintf(path, sizeof(path), HERE "at-gate-fs-slot%d", i);
		while (access(path, F_OK) && now_ms() < end_ms)
			sleep_ms(10);
		unlink(path);
	}
	if (now_ms() >= end_ms)
		complain("slots_not_taken", 1);

	leader = begin();
	if (child)
		ask(leader, family);
	wait_blocked(leader);
	behind = task_count;
	for (int i = 0; i < others; i++) {
		struct task *task = begin();

		if (child)
			ask(task, family);
	}
	for (int i = behind; i < task_count; i++)
		wait_blocked(&tasks[i]);
	kill_task(leader);
	if (any(2))
		kill_task(&tasks[behind + any(others - 1)]);
	sleep_ms(any(200));
	close(open(GATE, O_WRONLY));
	rebase();
	end_calls(5000 + unit_ms * SLOTS / 4);
	for (int i = 0; i < SLOTS; i++)
		waitpid(slots[i], NULL, 0);
	set(MODPROBE, "/sbin/modprobe");
	/* One is left to have asked. */
	expect(family == 4, family == 5);
}

static void storm_late(void)
{
	int others = 2 + any(3);
	struct task *leader;

	hog(HOG_CPU, NULL);
	leader = begin();
	if (child) {
		become_idle();
		load(leader, HERE "large/mt_hold.ko", "");
	}
	leader->excused = true;
	for (long end_ms = now_ms() + 60000; !leader->begin_ms && now_ms() < end_ms;)
		sleep_ms(5);
	while (hog_count < HOGS)
		hog(HOG_CPU, NULL);
	sleep_ms(any(100));
	while (others--)
		begin_load(HERE "large/mt_hold.ko", "");
	/* Reading it takes its time, too. */
	end_calls(unit_ms * 20);
	end_hogs();
	end_excused();
	expect(true, false);
}

static void storm_stopped(void)
{
	struct task *first = begin(), *leader;
	int others = 1 + any(4), how = any(access(FREEZER "cold", F_OK) ? 2 : 3);

	if (child)
		load_image(first, &files[0], "hold=1");
	wait_param(files[0].name, "holder", 1, 10000 + 10 * unit_ms);
	leader = begin_load(HERE "own/mt_hold.ko", "");
	leader->excused = true;
	wait_blocked(leader);
	for (int i = 0; i < others; i++)
		wait_blocked(begin_load(HERE "own/mt_hold.ko", ""));
	switch (how) {
	case 0:
		kill(leader->pid, SIGSTOP);
		break;
	case 1:
		if (ptrace(PTRACE_SEIZE, leader->pid, NULL, NULL) ||
		    ptrace(PTRACE_INTERRUPT, leader->pid, NULL, NULL))
			die("ptrace");
		break;
	default:
		move(FREEZER "cold/cgroup.procs", leader->pid);
		set(FREEZER "cold/freezer.state", "FROZEN");
	}
	sleep_ms(any(300));
	release(files[0].name);
	end_calls(1000);
	switch (how) {
	case 0:
		kill(leader->pid, SIGCONT);
		break;
	case 1:
		/* A tracer's wait() would see it stop; one that detaches lets it run. */
		waitpid(leader->pid, NULL, __WALL | WNOHANG);
		if (ptrace(PTRACE_DETACH, leader->pid, NULL, NULL))
			complain("not_detached", errno);
		break;
	default:
		set(FREEZER "cold/freezer.state", "THAWED");
	}
	end_excused();
	expect(true, false);
}

static void storm_chain(void)
{
	static const char * const vias[] = { "aw", "ak", "awk", "akw", "awkw", "w", "k", "wk" };
	const char *via = vias[any(8)];
	int target = any(3), delay_ms = any(unit_ms), others = any(4);
	char params[128], rule[160];

	/*
	 * What is asked for: itself, which is live by then; what isn't there; or another, but not on
	 * behalf of an async function: the load of that one would wait for all of those.
	 */
	if (*via == 'a' && target == 1)
		target = 0;
	snprintf(params, sizeof(params), "via=%s via_ms=%d request=%s", via, delay_ms,
		 target == 2 ? "mt_none" : files[target].name);
	snprintf(rule, sizeof(rule), "options mt_hold %s\n", params);
	write_file(RULES, rule, strlen(rule), strlen(rule));
	for (int i = 0; i <= others; i++) {
		if (any(3))
			begin_ask(4);
		else
			begin_load(files[0].path, params);
	}
	/* A load waits for its module's async functions. */
	end_calls(delay_ms + 2 * unit_ms);
	wait_param(files[0].name, "request_ms", 0, call_limit(delay_ms));
	expect(true, target == 1);
}

static void storm_background(void)
{
	int others = any(4), linger_ms = any(2000);
	char rule[256], text[16];

	snprintf(rule, sizeof(rule), "install mt_back %smodprobe child %s & sleep %d.%03d\n", HERE,
		 files[0].path, linger_ms / 1000, linger_ms % 1000);
	unlink(HERE "child");
	unlink(RULES);
	write_file(RULES, rule, strlen(rule), strlen(rule));
	for (int i = 0; i <= others; i++)
		begin_load(files[0].path, "request=mt_back");
	end_calls(linger_ms + unit_ms);
	for (long end_ms = now_ms() + call_limit(0); access(HERE "child", F_OK) && now_ms() < end_ms;)
		sleep_ms(10);
	if (!read_text(HERE "child", text, sizeof(text)))
		complain("no_child", 1);
	else if (atoi(text) != EEXIST)
		complain("child_was_told", atoi(text));
	expect(true, false);
}

/*
 * Of the last ones the first loads the other module, if none of those before did: those who have
 * read the file on the stock kernel, and wait, read it later here. For the same reason the winner
 * fails only where none of them can still read what it was.
 */
static void storm_files(void)
{
	static const char file[] = HERE "files/m.ko", moved[] = HERE "files/n.ko";
	int how = any(3), before = 1 + any(4), after = 1 + any(3);
	bool fails = any(2) && !how;

	unlink(moved);
	write_file(file, files[0].image, files[0].size, 65536);
	begin_load(file, fails ? "hold=1 fail=19" : "hold=1");
	wait_param(files[0].name, "holder", 1, 10000 + 10 * unit_ms);
	for (int i = 0; i < before; i++)
		wait_blocked(begin_load(file, ""));
	switch (how) {
	case 0:
		write_file(file, files[1].image, files[1].size, 65536);
		break;
	case 1:
		write_file(moved, files[1].image, files[1].size, 65536);
		if (rename(moved, file))
			die(file);
		break;
	default:
		if (rename(file, moved))
			die(file);
		write_file(file, files[1].image, files[1].size, 65536);
	}
	for (int i = 0; i < after; i++)
		begin_load(file, "");
	sleep_ms(any(100));
	release(files[0].name);
	end_calls(1000);
	expect(!fails, true);
}

static void (* const storms[])(void) = {
	storm_idle, storm_throttled, storm_queued, storm_late, storm_stopped, storm_chain,
	storm_background, storm_files,
};

static void prepare(void)
{
	mkdir(HERE, 0755);
	mkdir(HERE "large", 0755);
	mkdir(HERE "own", 0755);
	mkdir(HERE "files", 0755);
	write_file(HERE "large/mt_hold.ko", files[0].image, files[0].size, LARGE);
	write_file(HERE "own/mt_hold.ko", files[0].image, files[0].size, files[0].size);
	write_text(CGROUP "cgroup.subtree_control", "+cpu");
	mkdir(CGROUP "ordeal", 0755);
	mkdir(FREEZER, 0755);
	if (!mount("freezer", FREEZER, "cgroup", 0, "freezer"))
		mkdir(FREEZER "cold", 0755);
}

/* We are our own helper, too. */
static void copy_self(void)
{
	size_t size = 0;
	char *data = malloc(8 << 20);
	int fd = open("/proc/self/exe", O_RDONLY);
	ssize_t len;

	while (fd >= 0 && (len = read(fd, data + size, 65536)) > 0)
		size += len;
	close(fd);
	write_file(HERE "modprobe", data, size, size);
	free(data);
}

/* modprobe -q -- NAME, for the kernel; modprobe child FILE, for the background. */
static int help(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "child")) {
		int fd = open(argv[2], O_RDONLY);
		int err = syscall(SYS_finit_module, fd, "", 0) ? errno : 0;
		char text[16];

		snprintf(text, sizeof(text), "%d\n", err);
		write_file(HERE "child.new", text, strlen(text), strlen(text));
		return rename(HERE "child.new", HERE "child");
	}
	if (argc == 4 && !strncmp(argv[3], "fs-slot", 7)) {
		char path[64], byte;
		int fd;

		snprintf(path, sizeof(path), HERE "at-gate-%.20s", argv[3]);
		close(open(path, O_WRONLY | O_CREAT, 0600));
		fd = open(GATE, O_RDONLY);
		return read(fd, &byte, 1) != 0;
	}
	execv("/sbin/modprobe", argv);
	return 1;
}

static void read_module(struct file *file, const char *path, const char *name)
{
	int fd = open(path, O_RDONLY);
	struct stat st;

	file->path = path;
	file->name = name;
	if (fd < 0 || fstat(fd, &st))
		die(path);
	file->size = st.st_size;
	file->image = malloc(file->size);
	if (read(fd, file->image, file->size) != (ssize_t)file->size)
		die(path);
	close(fd);
}

int main(int argc, char **argv)
{
	int wanted, seen[KINDS] = {}, others;
	const char *me = strrchr(argv[0], '/');

	if (!strcmp(me ? me + 1 : argv[0], "modprobe"))
		return help(argc, argv);
	if (argc != 5)
		return 1;
	wanted = atoi(argv[1]);
	read_module(&files[0], argv[3], "mt_hold");
	read_module(&files[1], argv[4], "mt_hold2");
	tasks = mmap(NULL, TASKS * sizeof(*tasks), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tasks == MAP_FAILED)
		die("mmap");
	prepare();
	copy_self();
	patched = !access(IN_FLIGHT, F_OK);
	more_ms = patched ? 5000 : 0;

	for (others = 0; others < 2; others++) {
		unit_ms = measure_unit(4);
		if (!is_live("mt_hold"))
			die("net-pf-4 is no alias");
		syscall(SYS_delete_module, "mt_hold", O_NONBLOCK);
	}

	while (storm < wanted) {
		rng = atoi(argv[2]) * 10007 + storm;
		for (int i = 0; i < 8; i++)
			any(2);
		/* Each kind in its turn, so that a few storms have all. */
		kind = (storm + atoi(argv[2])) % KINDS;
		if (kind == THROTTLED && access(SLOW "cpu.max", F_OK))
			kind = IDLE;
		memset(tasks, 0, TASKS * sizeof(*tasks));
		task_count = 0;
		storms[kind]();
		seen[kind]++;
		storm++;
		if (!clean_up())
			break;
	}
	for (int i = 0; i < KINDS; i++)
		printf("%s=%d\n", kind_names[i], seen[i]);
	printf("storms=%d\ncalls=%d\nslow=%d\nkilled=%d\nunit_ms=%ld\n", storm, calls, slow_calls,
	       killed, unit_ms);
	return wrong || storm != wanted;
}
