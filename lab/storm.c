// SPDX-License-Identifier: GPL-2.0-only
/*
 * storm - many attempts to load one module at the same moment
 *
 * Each attempt is made by a process of its own, for that is what a signal is sent to and what
 * a recording shows. They are forked first and wait behind a barrier in shared memory, so that
 * neither fork nor exit is part of what is measured: the time goes from the first call's entry
 * to the last call's return.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALLS_MAX	16384
#define POLL_NS		(20 * 1000 * 1000)
/* This many polls in a row must find the same, for a sleep may be a short one on a mutex. */
#define STABLE_POLLS	3

enum call_state {
	CALL_WAITING,		/* not yet behind the barrier */
	CALL_MADE,		/* in the call, or about to enter it */
	CALL_RETURNED,
	CALL_KILLED,		/* the process died in the call */
};

struct call {
	volatile int state;
	int err;		/* 0, or the call's errno */
	int signal;		/* for CALL_KILLED */
	pid_t pid;
	uint64_t entry_ns;
	uint64_t return_ns;
};

/* What the processes share. */
struct shared {
	pthread_barrier_t barrier;
	struct call calls[];
};

enum kill_whom {
	KILL_NONE,
	KILL_WAITER,
	KILL_WINNER,
};

struct options {
	unsigned int count;
	bool init;		/* init_module instead of finit_module */
	bool copies;
	bool list;
	bool keys;
	bool wait_blocked;
	unsigned int flags;
	const char *params;
	const char *release;
	const char *copy_dir;
	enum kill_whom kill_whom;
	int kill_signal;
	unsigned int kill_delay_ms;
	unsigned int hold_s;
	unsigned int timeout_s;
};

/* One attempt's input. */
struct input {
	int fd;
	void *image;
	size_t size;
};

static const char usage[] =
	"usage: storm [options] FILE             load FILE from N processes at once\n"
	"       storm autoload [options] NAME    request NAME from N kernel threads at once\n"
	"\n"
	"  -n, --count N          how many (8)\n"
	"  -k, --keys             print key=value lines\n"
	"  -t, --timeout S        give up waiting for the others to block after S seconds (60)\n"
	"\n"
	"of a load:\n"
	"  -i, --init             init_module() instead of finit_module()\n"
	"  -c, --copies           each its own copy of FILE, made in --copy-dir (/tmp)\n"
	"      --copy-dir DIR\n"
	"  -f, --flags N          finit_module()'s flags\n"
	"  -p, --params STRING    the module's parameters\n"
	"  -l, --list             also a line a call: pid, result, entry and return in ns\n"
	"  -b, --wait-blocked     wait until every call has returned or is blocked\n"
	"  -r, --release FILE     then write 1 to FILE, such as\n"
	"                         /sys/module/mt_hold/parameters/release; implies -b, which then\n"
	"                         also waits for FILE and for a pid in 'holder' beside it\n"
	"      --hold S           first wait S seconds more, and tell what all CPUs did meanwhile\n"
	"  -K, --kill SIG:WHOM[:MS]\n"
	"                         once blocked, send SIG (a number, KILL, INT, TERM, STOP, CONT)\n"
	"                         to a 'waiter' or the 'winner'; after MS (200) wait again until\n"
	"                         the rest is blocked, then release. A winner is told by 'holder'\n"
	"                         beside the release file. STOP is followed by CONT at the end.\n"
	"\n"
	"An autoload storm goes through upstream's test_kmod, which is loaded where it isn't.\n"
	"The status is 0 where the storm took place, whatever the calls returned; else 1.\n";

static int complain(const char *what, const char *detail)
{
	fprintf(stderr, "storm: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
	return 1;
}

static int complain_errno(const char *what)
{
	return complain(what, strerror(errno));
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void sleep_ns(uint64_t ns)
{
	struct timespec ts = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

static const char *err_name(int err)
{
	const char *name = err ? strerrorname_np(err) : "ok";

	return name ? name : "unknown";
}

static bool parse_uint(const char *text, unsigned int max, unsigned int *value)
{
	unsigned long parsed;
	char *end;

	errno = 0;
	if (!isdigit((unsigned char)*text))
		return false;
	parsed = strtoul(text, &end, 0);
	if (errno || *end || parsed > max)
		return false;
	*value = parsed;
	return true;
}

static bool parse_kill(char *text, struct options *opt)
{
	static const struct {
		const char *name;
		int signal;
	} signals[] = {
		{ "KILL", SIGKILL }, { "INT", SIGINT }, { "TERM", SIGTERM },
		{ "STOP", SIGSTOP }, { "CONT", SIGCONT }, { "USR1", SIGUSR1 },
	};
	char *whom = strchr(text, ':');
	unsigned int number;
	char *delay;

	if (!whom)
		return false;
	*whom++ = '\0';
	delay = strchr(whom, ':');
	if (delay)
		*delay++ = '\0';

	if (parse_uint(text, 64, &number))
		opt->kill_signal = number;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (!strcmp(text, signals[i].name))
			opt->kill_signal = signals[i].signal;
	}
	if (!opt->kill_signal)
		return false;

	if (!strcmp(whom, "waiter"))
		opt->kill_whom = KILL_WAITER;
	else if (!strcmp(whom, "winner"))
		opt->kill_whom = KILL_WINNER;
	else
		return false;

	return !delay || parse_uint(delay, 3600 * 1000, &opt->kill_delay_ms);
}

/* The first line of a small file, without its end. False where there is none. */
static bool read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, line, size - 1);
	close(fd);
	if (len < 0)
		return false;
	line[len] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return true;
}

/* Writes text to an existing file, in one call. Returns 0 or -errno. */
static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static bool read_image(const char *path, struct input *input)
{
	struct stat st;
	size_t have = 0;

	input->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (input->fd < 0 || fstat(input->fd, &st))
		return false;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return false;
	}
	input->size = st.st_size;
	input->image = malloc(input->size ? input->size : 1);
	if (!input->image)
		return false;
	while (have < input->size) {
		ssize_t len = read(input->fd, (char *)input->image + have, input->size - have);

		if (len <= 0)
			return false;
		have += len;
	}
	return true;
}

static bool write_image(const char *path, const struct input *input)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t done = 0;

	if (fd < 0)
		return false;
	while (done < input->size) {
		ssize_t len = write(fd, (char *)input->image + done, input->size - done);

		if (len < 0) {
			close(fd);
			return false;
		}
		done += len;
	}
	return !close(fd);
}

/* The process of one attempt; never returns. */
static void run_call(struct shared *shared, struct call *call, const struct options *opt,
		     const struct input *input)
{
	long ret;

	pthread_barrier_wait(&shared->barrier);
	call->state = CALL_MADE;
	call->entry_ns = now_ns();
	if (opt->init)
		ret = syscall(SYS_init_module, input->image, input->size, opt->params);
	else
		ret = syscall(SYS_finit_module, input->fd, opt->params, opt->flags);
	call->err = ret ? errno : 0;
	call->return_ns = now_ns();
	call->state = CALL_RETURNED;
	_exit(0);
}

/*
 * Whether the process sleeps in the call, or was stopped. The count of its voluntary switches is added to
 * *switches: it changes where the process ran in between.
 */
static bool is_blocked(pid_t pid, const struct options *opt, unsigned long *switches)
{
	char path[64], line[512];
	const char *state;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (!read_line(path, line, sizeof(line)))
		return false;
	/* comm may hold anything, the last parenthesis ends it. */
	state = strrchr(line, ')');
	if (!state)
		return false;
	if (state[2] == 'T')
		return true;
	if (state[2] != 'S' && state[2] != 'D')
		return false;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	if (!read_line(path, line, sizeof(line)) || !isdigit((unsigned char)line[0]))
		return false;
	if (atol(line) != (opt->init ? SYS_init_module : SYS_finit_module))
		return false;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	if (!status)
		return false;
	while (fgets(line, sizeof(line), status)) {
		unsigned long count;

		if (sscanf(line, "voluntary_ctxt_switches: %lu", &count) == 1)
			*switches += count;
	}
	fclose(status);
	return true;
}

/* The process in the module's init, from the 'holder' beside the release file; 0 for none. */
static pid_t holder_pid(const struct options *opt)
{
	const char *slash = opt->release ? strrchr(opt->release, '/') : NULL;
	char path[PATH_MAX], line[32];

	if (!slash)
		return 0;
	snprintf(path, sizeof(path), "%.*s/holder", (int)(slash - opt->release), opt->release);
	if (!read_line(path, line, sizeof(line)))
		return 0;
	return atoi(line);
}

/* Notes the processes that a signal ended. */
static void reap(struct shared *shared, unsigned int count)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (unsigned int i = 0; i < count; i++) {
			struct call *call = &shared->calls[i];

			if (call->pid != pid || !WIFSIGNALED(status))
				continue;
			/* A call may have returned before its process got the signal. */
			if (call->state != CALL_RETURNED) {
				call->state = CALL_KILLED;
				call->signal = WTERMSIG(status);
				call->return_ns = now_ns();
			}
		}
	}
}

static bool is_over(const struct call *call)
{
	return call->state == CALL_RETURNED || call->state == CALL_KILLED;
}

/*
 * Waits until every call is over or blocked, and stays so. Where there is a release file, its
 * module's init must be running, too. Returns how many are blocked, or -ETIMEDOUT.
 */
static int wait_blocked(struct shared *shared, const struct options *opt)
{
	uint64_t deadline = now_ns() + (uint64_t)opt->timeout_s * 1000000000;
	unsigned long last_switches = 0;
	int stable = 0;

	while (now_ns() < deadline) {
		unsigned long switches = 0;
		unsigned int blocked = 0, over = 0;

		reap(shared, opt->count);
		for (unsigned int i = 0; i < opt->count; i++) {
			struct call *call = &shared->calls[i];

			if (is_over(call))
				over++;
			else if (call->state == CALL_MADE && is_blocked(call->pid, opt, &switches))
				blocked++;
		}
		/* None is left to wait for, nor to release. */
		if (over == opt->count)
			return 0;
		if (over + blocked == opt->count && switches == last_switches &&
		    (!opt->release || holder_pid(opt)))
			stable++;
		else
			stable = 0;
		last_switches = switches;
		if (stable == STABLE_POLLS)
			return blocked;
		sleep_ns(POLL_NS);
	}
	return -ETIMEDOUT;
}

/* Sends the signal. Returns the process it went to, or 0. */
static pid_t kill_one(struct shared *shared, const struct options *opt)
{
	pid_t holder = holder_pid(opt);

	for (unsigned int i = 0; i < opt->count; i++) {
		struct call *call = &shared->calls[i];

		if (is_over(call))
			continue;
		if ((call->pid == holder) != (opt->kill_whom == KILL_WINNER))
			continue;
		if (kill(call->pid, opt->kill_signal))
			return 0;
		return call->pid;
	}
	return 0;
}

/* What all CPUs together have done since the boot. */
struct machine {
	uint64_t ns;
	unsigned long long user, system, switches;	/* the first two in clock ticks */
};

static bool read_machine(struct machine *machine)
{
	unsigned long long nice = 0, idle, iowait, irq = 0, softirq = 0;
	FILE *stat = fopen("/proc/stat", "re");
	bool all = false;
	char line[512];

	memset(machine, 0, sizeof(*machine));
	if (!stat)
		return false;
	while (fgets(line, sizeof(line), stat)) {
		if (!strncmp(line, "cpu ", 4))
			all = sscanf(line, "cpu %llu %llu %llu %llu %llu %llu %llu",
				     &machine->user, &nice, &machine->system, &idle, &iowait,
				     &irq, &softirq) == 7;
		else
			sscanf(line, "ctxt %llu", &machine->switches);
	}
	fclose(stat);
	machine->user += nice;
	machine->system += irq + softirq;
	machine->ns = now_ns();
	return all;
}

/* While all are blocked nobody else does anything, so what is done is what waiting costs. */
static bool watch_machine(unsigned int seconds, struct machine *done)
{
	struct machine before;

	if (!read_machine(&before))
		return false;
	sleep_ns((uint64_t)seconds * 1000000000);
	if (!read_machine(done))
		return false;
	done->ns -= before.ns;
	done->user -= before.user;
	done->system -= before.system;
	done->switches -= before.switches;
	return true;
}

static void print_machine(const struct machine *done, bool keys)
{
	long hz = sysconf(_SC_CLK_TCK);

	printf(keys ? "hold_ms=%llu\nhold_user_ms=%llu\nhold_system_ms=%llu\nhold_switches=%llu\n" :
	       "in %llu ms of waiting: user %llu ms, system %llu ms, %llu context switches\n",
	       (unsigned long long)done->ns / 1000000, done->user * 1000 / hz,
	       done->system * 1000 / hz, done->switches);
}

/* Waits for every process' end. */
static void wait_all(struct shared *shared, unsigned int count)
{
	for (;;) {
		siginfo_t info;

		reap(shared, count);
		if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) && errno == ECHILD)
			return;
	}
}

/* What a storm came to. */
struct outcome {
	unsigned int by_err[4096];
	unsigned int killed;
	unsigned int late;	/* entered after the module had been loaded */
	uint64_t first_ns;
	uint64_t last_ns;
};

static void sum_up(const struct shared *shared, unsigned int count, struct outcome *out)
{
	uint64_t loaded_ns = UINT64_MAX;

	memset(out, 0, sizeof(*out));
	out->first_ns = UINT64_MAX;
	for (unsigned int i = 0; i < count; i++) {
		const struct call *call = &shared->calls[i];

		if (call->state == CALL_KILLED)
			out->killed++;
		else
			out->by_err[call->err & 4095]++;
		if (call->entry_ns < out->first_ns)
			out->first_ns = call->entry_ns;
		if (call->return_ns > out->last_ns)
			out->last_ns = call->return_ns;
		if (call->state == CALL_RETURNED && !call->err && call->return_ns < loaded_ns)
			loaded_ns = call->return_ns;
	}
	for (unsigned int i = 0; i < count; i++)
		out->late += shared->calls[i].entry_ns > loaded_ns;
}

static void print_list(const struct shared *shared, const struct options *opt)
{
	for (unsigned int i = 0; i < opt->count; i++) {
		const struct call *call = &shared->calls[i];
		char killed[32];
		const char *result = err_name(call->err);

		if (call->state == CALL_KILLED) {
			snprintf(killed, sizeof(killed), "signal_%d", call->signal);
			result = killed;
		}
		printf(opt->keys ? "call=%d %s %llu %llu\n" : "pid %d %s entry %llu return %llu\n",
		       call->pid, result, (unsigned long long)call->entry_ns,
		       (unsigned long long)call->return_ns);
	}
}

/* blocked is negative where nobody waited for it. */
static void print_outcome(const struct shared *shared, const struct options *opt,
			  const char *file, size_t size, int blocked, pid_t victim)
{
	const char *call = opt->init ? "init_module" : "finit_module";
	const char *sep = "";
	struct outcome out;

	sum_up(shared, opt->count, &out);
	if (opt->keys) {
		printf("calls=%u\nsyscall=%s\nfile=%s\nfile_bytes=%zu\n", opt->count, call, file,
		       size);
		for (int err = 0; err < 4096; err++) {
			/* A script asks for ok even where it is 0. */
			if (out.by_err[err] || !err)
				printf("%s=%u\n", err_name(err), out.by_err[err]);
		}
		printf("killed=%u\nlate=%u\n", out.killed, out.late);
		if (blocked >= 0)
			printf("blocked=%d\n", blocked);
		if (victim)
			printf("victim=%d\n", victim);
		printf("first_entry_ns=%llu\nlast_return_ns=%llu\nelapsed_ns=%llu\n",
		       (unsigned long long)out.first_ns, (unsigned long long)out.last_ns,
		       (unsigned long long)(out.last_ns - out.first_ns));
	} else {
		printf("%u %s of %s (%zu bytes):", opt->count, call, file, size);
		for (int err = 0; err < 4096; err++) {
			if (!out.by_err[err])
				continue;
			printf("%s %u %s", sep, out.by_err[err], err_name(err));
			sep = ",";
		}
		if (out.killed)
			printf("%s %u killed", sep, out.killed);
		printf("; %.3f ms from the first entry to the last return",
		       (out.last_ns - out.first_ns) / 1e6);
		if (out.late)
			printf("; %u late, after the load", out.late);
		if (blocked >= 0)
			printf("; %d were blocked", blocked);
		putchar('\n');
	}
	if (opt->list)
		print_list(shared, opt);
}

/* Ends what is left of a storm that failed. */
static void kill_all(struct shared *shared, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (shared->calls[i].pid > 0 && !is_over(&shared->calls[i]))
			kill(shared->calls[i].pid, SIGKILL);
	}
}

static int prepare_copies(const struct options *opt, const struct input *input,
			  struct input *copies)
{
	for (unsigned int i = 0; i < opt->count; i++) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%s/storm-%d-%u.ko", opt->copy_dir, getpid(), i);
		if (!write_image(path, input))
			return complain_errno(path);
		copies[i] = *input;
		copies[i].fd = open(path, O_RDONLY | O_CLOEXEC);
		/* The descriptor keeps it. */
		unlink(path);
		if (copies[i].fd < 0)
			return complain_errno(path);
	}
	return 0;
}

static int storm_load(const struct options *opt, const char *file)
{
	size_t shared_size = sizeof(struct shared) + opt->count * sizeof(struct call);
	struct input *inputs = calloc(opt->count, sizeof(*inputs));
	struct input input = {};
	pthread_barrierattr_t attr;
	struct shared *shared;
	pid_t victim = 0;
	int blocked = -1, left = 0;
	struct machine done = {};

	if (!inputs)
		return complain_errno("no memory");
	if (!read_image(file, &input))
		return complain_errno(file);
	for (unsigned int i = 0; i < opt->count; i++)
		inputs[i] = input;
	if (opt->copies && prepare_copies(opt, &input, inputs))
		return 1;

	shared = mmap(NULL, shared_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return complain_errno("no memory");
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&shared->barrier, &attr, opt->count + 1);

	fflush(NULL);
	for (unsigned int i = 0; i < opt->count; i++) {
		pid_t pid = fork();

		if (!pid)
			run_call(shared, &shared->calls[i], opt, &inputs[i]);
		if (pid < 0) {
			int err = complain_errno("fork");

			kill_all(shared, opt->count);
			return err;
		}
		shared->calls[i].pid = pid;
	}
	pthread_barrier_wait(&shared->barrier);

	if (opt->wait_blocked)
		left = blocked = wait_blocked(shared, opt);
	if (opt->hold_s && left > 0 && !watch_machine(opt->hold_s, &done)) {
		kill_all(shared, opt->count);
		return complain_errno("/proc/stat");
	}
	if (opt->kill_whom && left >= 0) {
		victim = kill_one(shared, opt);
		if (!victim) {
			kill_all(shared, opt->count);
			return complain("there was nobody to kill", NULL);
		}
		sleep_ns((uint64_t)opt->kill_delay_ms * 1000000);
		/* Another may have become the winner, behind another release file. */
		left = wait_blocked(shared, opt);
	}
	if (left < 0) {
		print_list(shared, opt);
		kill_all(shared, opt->count);
		return complain("the calls neither returned nor blocked in time", NULL);
	}
	if (opt->release && left > 0) {
		int err = write_text(opt->release, "1");

		if (err) {
			kill_all(shared, opt->count);
			return complain(opt->release, strerror(-err));
		}
	}
	if (opt->kill_signal == SIGSTOP)
		kill(victim, SIGCONT);
	wait_all(shared, opt->count);
	print_outcome(shared, opt, file, input.size, blocked, victim);
	if (opt->hold_s)
		print_machine(&done, opt->keys);
	return 0;
}

#define TEST_KMOD	"/sys/devices/virtual/misc/test_kmod0/"

static int run_modprobe(const char *name)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execlp("modprobe", "modprobe", name, NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		return -1;
	return 0;
}

/* The results of one autoload storm, as test_kmod logs them. */
struct autoload {
	unsigned int seen;
	unsigned int kinds;
	struct {
		int ret;
		unsigned int count;
	} by_ret[16];
};

static void count_ret(struct autoload *result, int ret)
{
	unsigned int i;

	result->seen++;
	for (i = 0; i < result->kinds; i++) {
		if (result->by_ret[i].ret == ret)
			break;
	}
	if (i == sizeof(result->by_ret) / sizeof(result->by_ret[0]))
		return;
	if (i == result->kinds) {
		result->kinds++;
		result->by_ret[i].ret = ret;
	}
	result->by_ret[i].count++;
}

static void read_results(int kmsg, struct autoload *result)
{
	char line[8192];

	for (;;) {
		ssize_t len = read(kmsg, line, sizeof(line) - 1);
		const char *text;
		int thread, ret;

		/* EPIPE: records were overwritten, the next read goes on behind them. */
		if (len < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (len <= 0)
			return;
		line[len] = '\0';
		text = strstr(line, "Sync thread ");
		if (text && sscanf(text, "Sync thread %d return status: %d", &thread, &ret) == 2)
			count_ret(result, ret);
	}
}

static int set_test_kmod(const char *attribute, const char *value)
{
	char path[128];
	int err;

	snprintf(path, sizeof(path), TEST_KMOD "%s", attribute);
	err = write_text(path, value);
	return err ? complain(path, strerror(-err)) : 0;
}

static int storm_autoload(const struct options *opt, const char *name)
{
	struct autoload result = {};
	uint64_t begin_ns, end_ns;
	const char *sep = "";
	char number[16];
	int kmsg;

	if (access(TEST_KMOD, F_OK) && (run_modprobe("test_kmod") || access(TEST_KMOD, F_OK)))
		return complain("test_kmod (CONFIG_TEST_KMOD) can't be loaded", NULL);
	snprintf(number, sizeof(number), "%u", opt->count);
	if (set_test_kmod("reset", "1") || set_test_kmod("config_test_case", "1") ||
	    set_test_kmod("config_num_threads", number) ||
	    set_test_kmod("config_test_driver", name))
		return 1;
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0)
		return complain_errno("/dev/kmsg");

	begin_ns = now_ns();
	if (set_test_kmod("trigger_config", "1"))
		return 1;
	end_ns = now_ns();
	read_results(kmsg, &result);
	close(kmsg);

	if (opt->keys) {
		printf("requests=%u\nname=%s\n", opt->count, name);
		for (unsigned int i = 0; i < result.kinds; i++)
			printf("ret_%d=%u\n", result.by_ret[i].ret, result.by_ret[i].count);
		printf("unknown=%u\nelapsed_ns=%llu\n", opt->count - result.seen,
		       (unsigned long long)(end_ns - begin_ns));
		return 0;
	}
	printf("%u request_module of %s:", opt->count, name);
	for (unsigned int i = 0; i < result.kinds; i++) {
		printf("%s %u returned %d", sep, result.by_ret[i].count, result.by_ret[i].ret);
		sep = ",";
	}
	if (result.seen < opt->count)
		printf("%s %u unknown", sep, opt->count - result.seen);
	printf("; %.3f ms\n", (end_ns - begin_ns) / 1e6);
	return 0;
}

enum {
	OPT_COPY_DIR = 256,
	OPT_HOLD,
};

static const struct option long_options[] = {
	{ "count", required_argument, NULL, 'n' },
	{ "keys", no_argument, NULL, 'k' },
	{ "timeout", required_argument, NULL, 't' },
	{ "init", no_argument, NULL, 'i' },
	{ "copies", no_argument, NULL, 'c' },
	{ "copy-dir", required_argument, NULL, OPT_COPY_DIR },
	{ "flags", required_argument, NULL, 'f' },
	{ "params", required_argument, NULL, 'p' },
	{ "list", no_argument, NULL, 'l' },
	{ "wait-blocked", no_argument, NULL, 'b' },
	{ "release", required_argument, NULL, 'r' },
	{ "hold", required_argument, NULL, OPT_HOLD },
	{ "kill", required_argument, NULL, 'K' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

/* Returns 0, 1 where the arguments are wrong, or -1 where help was given and all is done. */
static int parse_options(int argc, char **argv, struct options *opt)
{
	int c;

	while ((c = getopt_long(argc, argv, ":n:kt:icf:p:lbr:K:h", long_options, NULL)) != -1) {
		bool good = true;

		switch (c) {
		case 'n':
			good = parse_uint(optarg, CALLS_MAX, &opt->count) && opt->count;
			break;
		case 'k':
			opt->keys = true;
			break;
		case 't':
			good = parse_uint(optarg, 24 * 3600, &opt->timeout_s);
			break;
		case 'i':
			opt->init = true;
			break;
		case 'c':
			opt->copies = true;
			break;
		case OPT_COPY_DIR:
			opt->copy_dir = optarg;
			break;
		case 'f':
			good = parse_uint(optarg, UINT_MAX, &opt->flags);
			break;
		case 'p':
			opt->params = optarg;
			break;
		case 'l':
			opt->list = true;
			break;
		case 'b':
			opt->wait_blocked = true;
			break;
		case 'r':
			opt->release = optarg;
			opt->wait_blocked = true;
			break;
		case OPT_HOLD:
			good = parse_uint(optarg, 3600, &opt->hold_s);
			opt->wait_blocked = true;
			break;
		case 'K':
			good = parse_kill(optarg, opt);
			opt->wait_blocked = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return -1;
		case ':':
			return complain("an argument is missing for", argv[optind - 1]);
		default:
			return complain("no such option (see storm --help)", argv[optind - 1]);
		}
		if (!good)
			return complain("bad value", optarg);
	}
	if (optind != argc - 1)
		return complain("one FILE or NAME is needed (see storm --help)", NULL);
	if (opt->kill_whom == KILL_WINNER && !opt->release)
		return complain("--kill SIG:winner needs --release, to know the winner", NULL);
	return 0;
}

int main(int argc, char **argv)
{
	struct options opt = {
		.count = 8,
		.params = "",
		.copy_dir = "/tmp",
		.kill_delay_ms = 200,
		.timeout_s = 60,
	};
	bool autoload = argc > 1 && !strcmp(argv[1], "autoload");
	int err;

	err = parse_options(argc - autoload, argv + autoload, &opt);
	if (err)
		return err > 0;
	if (autoload)
		return storm_autoload(&opt, argv[optind + 1]);
	return storm_load(&opt, argv[optind]);
}
