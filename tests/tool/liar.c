// SPDX-License-Identifier: GPL-2.0-only
/*
 * liar - change one number of a sound recording, and give the result to every output
 *
 *	liar FILE ROUNDS [SEED]		"N mutants of P places, R reported, ..."; 1 if one broke a rule
 *	liar --save=OUT FILE NUMBER [SEED]	writes that mutant only
 *
 * All outputs of a mutant are made in a process of its own, by the commands themselves. None may end
 * by a signal or a sanitizer's report, take more than a second (a few, under sanitizers), or return
 * anything but 0 or 1. What libtracecmd does in the process that reads a trace.dat is its own fault:
 * there only a report whose first frame is ours counts.
 */
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "commands.h"
#include "places.h"

/* Sanitizers and their shadow take several times as long. */
#define SECONDS_MAX 4
#define STATUS_SLOW 70
#define STATUS_WRONG 71

void __sanitizer_set_report_fd(void *fd);

/* To a sanitizer the file is that of the process that named it; others get one by their number. */
static int report_fd;

static void report_here(void)
{
	__sanitizer_set_report_fd((void *)(intptr_t)report_fd);
}

static const char *const outputs[][6] = {
	{ "report", "-i", "@" },
	{ "report", "-i", "@", "--format=json" },
	{ "report", "-i", "@", "--format=csv" },
	{ "report", "-i", "@", "--format=jsonl" },
	{ "report", "-i", "@", "--format=jsonl", "--summary" },
	{ "report", "-i", "@", "--format=prometheus" },
	{ "report", "-i", "@", "--format=openmetrics" },
	{ "report", "-i", "@", "--format=svg" },
	{ "report", "-i", "@", "--format=perfetto" },
	{ "report", "-i", "@", "--format=chrome" },
	{ "report", "-i", "@", "--attempts" },
	{ "report", "-i", "@", "--attempts", "--format=csv" },
	{ "report", "-i", "@", "--attempts", "--format=json" },
	{ "report", "-i", "@", "--requests" },
	{ "report", "-i", "@", "--requests", "--format=jsonl" },
	{ "report", "-i", "@", "--requests", "--sort=name,-time_ns" },
	{ "report", "-i", "@", "--events" },
	{ "report", "-i", "@", "--events", "--format=json" },
	{ "report", "-i", "@", "--events", "--format=jsonl" },
	{ "report", "-i", "@", "--events", "--format=csv" },
	{ "diff", "@", "@" },
	{ "diff", "@", "@", "--format=json" },
	{ "diff", "@", "@", "--format=svg" },
	{ "report", "-i", "@", "--tui", "--batch=2" },
};

/* What a mutant's process says of itself: its output, and what the longest so far took. */
struct progress {
	size_t which;
	double seconds;
};

struct liar {
	struct places places;
	const u8 *sound;
	u64 size;
	u64 state;
	double seconds; /* of CPU, of the output that took most */
};

static u64 any(struct liar *l, u64 below)
{
	l->state = l->state * 6364136223846793005ULL + 1442695040888963407ULL;
	return below ? (l->state >> 33) % below : 0;
}

static u64 lie(struct liar *l, u64 truth, unsigned int width)
{
	const u64 most = width == 8 ? UINT64_MAX : (1ULL << 8 * width) - 1;

	switch (any(l, 12)) {
	case 0:
		return 0;
	case 1:
		return most;
	case 2:
		return most / 2 + 1;
	case 3:
		return truth - 1;
	case 4:
		return truth * 2;
	case 5:
		return truth + 8 * (1 + any(l, 64));
	case 6:
		return l->size;
	case 7:
		return l->size - any(l, 64);
	case 8:
		return truth ^ 1ULL << any(l, 8 * width);
	case 9:
		return any(l, 256);
	case 10:
		return truth / 2;
	default:
		return truth + 1;
	}
}

/* Mutant @number of a seed is the same whichever were made before. */
static void tell_lie(struct liar *l, u8 *copy, u64 seed, u64 number)
{
	const struct place *place;
	u64 truth = 0;

	l->state = seed * 1000003 + number;
	any(l, 2);
	place = &l->places.all[any(l, l->places.nr)];
	memcpy(copy, l->sound, l->size);
	if (!place->width) {
		copy[place->at] = "0123456789"[any(l, 10)];
		return;
	}
	memcpy(&truth, copy + place->at, place->width);
	truth = lie(l, truth, place->width);
	memcpy(copy + place->at, &truth, place->width);
}

static double cpu_seconds(void)
{
	struct rusage self, children;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	return self.ru_utime.tv_sec + self.ru_stime.tv_sec + children.ru_utime.tv_sec +
	       children.ru_stime.tv_sec +
	       (self.ru_utime.tv_usec + self.ru_stime.tv_usec + children.ru_utime.tv_usec +
		children.ru_stime.tv_usec) /
		       1e6;
}

/* In a process of its own. Return: its status; @progress says which output it was. */
static _Noreturn void make_outputs(const char *path, struct progress *progress)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), reported = 0;
	size_t i, n;

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	for (i = 0; i < ARRAY_SIZE(outputs); i++) {
		char *words[ARRAY_SIZE(outputs[0]) + 1] = { 0 };
		const double before = cpu_seconds();
		double seconds;
		int status, argc = 0;

		for (n = 0; n < ARRAY_SIZE(outputs[0]) && outputs[i][n]; n++)
			words[argc++] = strdup(strcmp(outputs[i][n], "@") ? outputs[i][n] : path);
		progress->which = i;
		optind = 0;
		status = *words[0] == 'd' ? cmd_diff(argc, words) : cmd_report(argc, words);
		fflush(stdout);
		if (status != 0 && status != 1)
			_exit(STATUS_WRONG);
		seconds = cpu_seconds() - before;
		if (seconds > progress->seconds)
			progress->seconds = seconds;
		if (seconds > SECONDS_MAX)
			_exit(STATUS_SLOW);
		reported |= !status;
		while (argc)
			free(words[--argc]);
	}
	_exit(!reported);
}

/* The first frame that is in a program or library of which the sanitizer isn't itself. */
static bool is_ours(char *report)
{
	char *line, *save;

	for (line = strtok_r(report, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (strstr(line, "runtime error:"))
			return !strstr(line, "libtrace");
		if (!strstr(line, "    #") || strstr(line, "asan") || strstr(line, "sanitizer") ||
		    strstr(line, "libc.so"))
			continue;
		return !strstr(line, "libtrace");
	}
	return true;
}

/* Return: 0 if it was refused, 1 if anything was reported of it, -1 if a rule was broken. */
static int judge(struct liar *l, const u8 *mutant, u64 number)
{
	struct progress *progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("lie", 0), status;
	char path[32], text[16384] = "";
	size_t which;
	pid_t pid;
	ssize_t n;

	if (fd < 0 || progress == MAP_FAILED || write_all(fd, mutant, l->size) ||
	    ftruncate(report_fd, 0))
		abort();
	lseek(report_fd, 0, SEEK_SET);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		setrlimit(RLIMIT_CPU, &(struct rlimit){ 100, 100 });
		make_outputs(path, progress);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	which = progress->which;
	if (progress->seconds > l->seconds)
		l->seconds = progress->seconds;
	munmap(progress, sizeof(*progress));
	close(fd);
	n = pread(report_fd, text, sizeof(text) - 1, 0);
	if (n > 0) {
		char *copy = strdup(text);

		if (is_ours(copy)) {
			printf("mutant %" PRIu64 ", %s %s %s: a sanitizer's report\n%s\n", number,
			       outputs[which][0], outputs[which][3] ? outputs[which][3] : "",
			       outputs[which][4] ? outputs[which][4] : "", text);
			free(copy);
			return -1;
		}
		free(copy);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) <= 1)
		return !WEXITSTATUS(status);
	printf("mutant %" PRIu64 ", %s %s %s: %s %d\n", number, outputs[which][0],
	       outputs[which][3] ? outputs[which][3] : "",
	       outputs[which][4] ? outputs[which][4] : "",
	       WIFSIGNALED(status)		  ? "signal" :
	       WEXITSTATUS(status) == STATUS_SLOW ? "too slow, status" :
						    "status",
	       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return -1;
}

static int save(const struct liar *l, const u8 *mutant, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int ret = fd < 0 ? -errno : write_all(fd, mutant, l->size);

	if (fd >= 0)
		close(fd);
	return !!ret;
}

int main(int argc, char **argv)
{
	const char *out = argc > 1 && !strncmp(argv[1], "--save=", 7) ? argv[1] + 7 : NULL;
	u64 rounds, seed, i, reported = 0;
	int in, failed = 0;
	struct liar l = { 0 };
	struct stat st;
	u8 *copy;

	argv += !!out;
	argc -= !!out;
	in = argc > 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	report_fd = memfd_create("report", 0);
	if (in < 0 || report_fd < 0 || fstat(in, &st))
		return 2;
	rounds = strtoull(argv[2], NULL, 0);
	seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	l.size = st.st_size;
	l.sound = mmap(NULL, l.size, PROT_READ, MAP_PRIVATE, in, 0);
	copy = malloc(l.size);
	places_find(&l.places, l.sound, l.size);
	if (!l.places.nr)
		return 2;
	if (out) {
		tell_lie(&l, copy, seed, rounds);
		return save(&l, copy, out);
	}
	report_here();
	pthread_atfork(NULL, NULL, report_here);
	for (i = 0; i < rounds; i++) {
		int ret;

		tell_lie(&l, copy, seed, i);
		ret = judge(&l, copy, i);
		failed |= ret < 0;
		reported += ret > 0;
	}
	printf("%" PRIu64 " mutants of %zu places, %" PRIu64 " reported, at most %.2f s each\n",
	       rounds, l.places.nr, reported, l.seconds);
	free(copy);
	free(l.places.all);
	close(in);
	return failed;
}
