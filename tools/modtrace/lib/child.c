// SPDX-License-Identifier: GPL-2.0-only
#include "lib/child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "lib/say.h"

/* What shares the terminal with our screens neither draws on it nor takes its keys. */
static void redirect(int output)
{
	int none = open("/dev/null", O_RDONLY | O_CLOEXEC);

	dup2(none, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
}

static void run_command(int start, char **argv, const sigset_t *mask, int output)
{
	char c;

	/* A recorder that dies before it says go must not leave a process that waits. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(start, &c, 1) != 1)
		_exit(STATUS_ERROR);
	prctl(PR_SET_PDEATHSIG, 0);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (output >= 0)
		redirect(output);
	execvp(argv[0], argv);
	say("%s: %s", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/**
 * child_prepare - make the command's process, which waits for child_start()
 * @c: filled
 * @argv: the command
 * @mask: signal mask it gets
 * @output: where what it prints goes, and then it can't read the terminal; -1 for as ours
 *
 * Return: 0 or -errno.
 */
int child_prepare(struct child *c, char **argv, const sigset_t *mask, int output)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid < 0) {
		int ret = -errno;

		close(fds[0]);
		close(fds[1]);
		return ret;
	}
	if (!pid) {
		close(fds[1]);
		run_command(fds[0], argv, mask, output);
	}
	close(fds[0]);
	*c = (struct child){ .pid = pid, .start = fds[1] };
	return 0;
}

/**
 * child_start - let the command run
 * @c: the command
 */
void child_start(struct child *c)
{
	ssize_t n = write(c->start, "", 1);

	(void)n;	/* if it is gone, waiting for it tells */
	close(c->start);
	c->start = -1;
}

/**
 * child_drop - let go of a command that wasn't started, and see it gone
 * @c: the command; one that was started is left alone
 *
 * Until then it has copies of all our files: of the rings, which keep their probes.
 */
void child_drop(struct child *c)
{
	if (c->start < 0)
		return;
	close(c->start);
	c->start = -1;
	while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
		;
	c->ended = true;
}

/**
 * child_check - see whether the command has ended
 * @c: the command
 */
void child_check(struct child *c)
{
	if (c->pid && !c->ended && waitpid(c->pid, &c->status, WNOHANG) == c->pid)
		c->ended = true;
}

/**
 * child_exit_status - the status to exit with on the command's behalf
 * @c: the command, ended
 *
 * Return: its exit status, or 128 and the signal that ended it, as a shell has it.
 */
int child_exit_status(const struct child *c)
{
	if (WIFSIGNALED(c->status))
		return 128 + WTERMSIG(c->status);
	return WEXITSTATUS(c->status);
}
