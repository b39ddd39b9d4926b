// SPDX-License-Identifier: GPL-2.0-only
#include "boot_end.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>

/* Settled is only what stays so. */
#define QUIET_NS (2 * NSEC_PER_SEC)
#define QUIET_WITHOUT_SYSTEMD_NS (5 * NSEC_PER_SEC)

/* A boot that doesn't settle, for a job that hangs, has an end nevertheless. */
#define SETTLE_LIMIT_NS (900 * NSEC_PER_SEC)

#define ASK_EVERY_NS NSEC_PER_SEC

/* systemctl answers within this, or it won't. */
#define ANSWER_MS 10000

#define ANSWER_MAX 65536

static bool systemd_runs(void)
{
	return !access("/run/systemd/system", F_OK);
}

/**
 * boot_end_parse - understand what --until says
 * @e: filled; boot_end_free() frees it
 * @text: "settle", seconds, or a unit of systemd; NULL: only a signal ends it
 * @err: says what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int boot_end_parse(struct boot_end *e, const char *text, struct err *err)
{
	u64 seconds;

	*e = (struct boot_end){ .at_ns = UINT64_MAX, .answer = -1 };
	if (!text)
		return 0;
	if (!strcmp(text, "settle")) {
		e->kind = BOOT_END_SETTLE;
		e->at_ns = now_ns(CLOCK_MONOTONIC) + SETTLE_LIMIT_NS;
		return 0;
	}
	if (!parse_u64(text, 86400, &seconds)) {
		e->kind = BOOT_END_SECONDS;
		e->at_ns = now_ns(CLOCK_MONOTONIC) + seconds * NSEC_PER_SEC;
		return 0;
	}
	if (!strchr(text, '.') || strchr(text, '/') || *text == '-')
		return err_set(err, -EINVAL,
			       "--until %s: neither settle, nor seconds (up to a day), nor a unit such as multi-user.target",
			       text);
	if (!systemd_runs())
		return err_set(err, -EINVAL, "--until %s: systemd doesn't run here", text);
	e->kind = BOOT_END_TARGET;
	e->unit = text;
	return 0;
}

/* Starts systemctl with its output in a pipe. Return: the descriptor or -errno. */
static int start_systemctl(const char *const argv[], pid_t *pid)
{
	extern char **environ;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	int pipes[2], ret;

	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	ret = posix_spawnp(pid, "systemctl", &actions, &attr, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	close(pipes[1]);
	if (ret) {
		close(pipes[0]);
		return -ret;
	}
	return pipes[0];
}

static void stop_asking(struct boot_end *e)
{
	if (e->answer >= 0)
		close(e->answer);
	e->answer = -1;
	if (e->asked) {
		kill(e->asked, SIGKILL);
		waitpid(e->asked, NULL, 0);
	}
	e->asked = 0;
}

static void ask(struct boot_end *e)
{
	const char *const running[] = { "systemctl", "is-system-running", "--wait", NULL };
	const char *const active[] = { "systemctl", "is-active", "--", e->unit, NULL };
	int fd = start_systemctl(e->kind == BOOT_END_TARGET ? active : running, &e->asked);

	if (fd < 0) {
		e->asked = 0;
		return;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	e->answer = fd;
	e->text.len = 0;
}

static bool is_word(const struct buf *text, const char *word)
{
	size_t len = strlen(word);

	return text->len >= len && !memcmp(text->data, word, len) &&
	       (text->len == len || text->data[len] == '\n');
}

/* Takes in systemctl's answer as far as it is there, without waiting for it. */
static void hear(struct boot_end *e)
{
	char chunk[256];
	ssize_t n;

	while ((n = read(e->answer, chunk, sizeof(chunk))) > 0)
		if (e->text.len > ANSWER_MAX || buf_add(&e->text, chunk, n))
			break;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (e->kind == BOOT_END_TARGET)
		e->systemd_ready = is_word(&e->text, "active");
	else
		e->systemd_ready = is_word(&e->text, "running") ||
				   is_word(&e->text, "degraded");
	stop_asking(e);
}

static void look_at_udev(struct boot_end *e, u64 now)
{
	bool busy = !access("/run/udev/queue", F_OK);

	if (e->udev_busy && !busy)
		e->udev_idle_ns = now;
	e->udev_busy = busy;
}

/*
 * systemctl is no small program to start in a boot: for the end of systemd's jobs it is started
 * once, and answers when they are done; for a unit once a second. It is not waited for.
 */
static bool systemd_is_ready(struct boot_end *e, u64 now)
{
	if (!systemd_runs())
		return true;
	if (e->asked)
		hear(e);
	if (!e->asked && now >= e->ask_ns && !e->systemd_ready) {
		ask(e);
		e->ask_ns = now + ASK_EVERY_NS;
	}
	return e->systemd_ready;
}

/**
 * boot_end_reached - see whether the boot is over
 * @e: what is waited for; to be asked some times a second
 * @now: CLOCK_MONOTONIC
 * @last_load_ns: when a module was last loaded or tried to be
 *
 * Return: true when it is, or when it has taken too long.
 */
bool boot_end_reached(struct boot_end *e, u64 now, u64 last_load_ns)
{
	u64 quiet = systemd_runs() ? QUIET_NS : QUIET_WITHOUT_SYSTEMD_NS;

	look_at_udev(e, now);
	if (now >= e->at_ns)
		return true;
	switch (e->kind) {
	case BOOT_END_TARGET:
		return systemd_is_ready(e, now);
	case BOOT_END_SETTLE:
		if (e->udev_busy || sat_sub(now, last_load_ns) < quiet ||
		    sat_sub(now, e->udev_idle_ns) < quiet)
			return false;
		return systemd_is_ready(e, now);
	default:
		return false;
	}
}

/**
 * boot_end_free - stop waiting
 * @e: what was waited for
 */
void boot_end_free(struct boot_end *e)
{
	stop_asking(e);
	buf_free(&e->text);
}

/* All that comes out of @fd until its end, as long as that takes no more than ANSWER_MS. */
static int read_answer(int fd, struct buf *text)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	const u64 until = now_ns(CLOCK_MONOTONIC) + ANSWER_MS * NSEC_PER_MSEC;
	char chunk[4096];
	ssize_t n;
	int ret;

	for (;;) {
		u64 left = sat_sub(until, now_ns(CLOCK_MONOTONIC)) / NSEC_PER_MSEC;

		ret = poll(&wait, 1, left);
		if (ret < 0 && errno == EINTR)
			continue;
		if (ret <= 0)
			return ret ? -errno : -ETIMEDOUT;
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : 0;
		if (text->len > ANSWER_MAX)
			return -E2BIG;
		ret = buf_add(text, chunk, n);
		if (ret)
			return ret;
	}
}

static const char *property(const char *paragraph, const char *key)
{
	const char *at = strstr(paragraph, key);

	return at ? at + strlen(key) : NULL;
}

/* A paragraph a unit. */
static int tell_targets(char *text, boot_target_fn fn, void *context)
{
	char *paragraph, *next;
	int ret = 0;

	for (paragraph = text; paragraph && !ret; paragraph = next) {
		const char *id, *usec;
		char unit[128];

		next = strstr(paragraph, "\n\n");
		if (next) {
			*next = '\0';
			next += 2;
		}
		id = property(paragraph, "Id=");
		usec = property(paragraph, "ActiveEnterTimestampMonotonic=");
		if (!id || !usec || !strtoull(usec, NULL, 10) ||
		    sscanf(id, "%127s", unit) != 1)
			continue;
		ret = fn(context, unit, strtoull(usec, NULL, 10) * 1000);
	}
	return ret;
}

/**
 * boot_targets - ask systemd when the targets that a boot is told by were reached
 * @fn: told of each; non-zero ends it
 * @context: handed to @fn
 *
 * Return: 0, also where systemd doesn't run or answer, -ENOMEM, or what @fn returned.
 */
int boot_targets(boot_target_fn fn, void *context)
{
	const char *const argv[] = {
		"systemctl", "show", "-p", "Id", "-p", "ActiveEnterTimestampMonotonic",
		"local-fs.target", "sysinit.target", "basic.target", "network.target",
		"multi-user.target", "graphical.target", NULL
	};
	_cleanup_buf_ struct buf text = { 0 };
	pid_t pid;
	int fd, ret;

	if (!systemd_runs())
		return 0;
	fd = start_systemctl(argv, &pid);
	if (fd < 0)
		return 0;
	ret = read_answer(fd, &text);
	close(fd);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (ret || !text.len)
		return ret == -ENOMEM ? ret : 0;
	return tell_targets(text.data, fn, context);
}
