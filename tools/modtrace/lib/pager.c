// SPDX-License-Identifier: GPL-2.0-only
#include "lib/pager.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

/* What to run, NULL for nothing. less leaves at the end of what fits, and shows colours. */
static const char *pager_command(void)
{
	const char *command = getenv("PAGER");
	const char *term = getenv("TERM");

	if (!term || !strcmp(term, "dumb"))
		return NULL;
	if (!command)
		return access("/usr/bin/less", X_OK) ? NULL : "less";
	return *command && strcmp(command, "cat") ? command : NULL;
}

static _Noreturn void run_pager(const char *command, int input)
{
	dup2(input, STDIN_FILENO);
	setenv("LESS", "FRSX", 0);
	/* With the rights of another user, less is to run no commands and open no other files. */
	if (geteuid() != getuid() || getegid() != getgid() || getenv("SUDO_UID") ||
	    getenv("PKEXEC_UID"))
		setenv("LESSSECURE", "1", 1);
	signal(SIGPIPE, SIG_DFL);
	execl("/bin/sh", "sh", "-c", command, NULL);
	_exit(127);
}

/**
 * pager_start - choose where output goes
 * @p: filled
 * @wanted: a pager may be used
 */
void pager_start(struct pager *p, bool wanted)
{
	const char *command = wanted && isatty(STDOUT_FILENO) ? pager_command() : NULL;
	int ends[2];

	*p = (struct pager){ .out = stdout };
	if (!command || pipe2(ends, O_CLOEXEC))
		return;
	fflush(NULL);
	p->pid = fork();
	if (!p->pid)
		run_pager(command, ends[0]);
	close(ends[0]);
	if (p->pid > 0)
		p->out = fdopen(ends[1], "w");
	if (p->pid < 0 || !p->out) {
		close(ends[1]);
		*p = (struct pager){ .out = stdout };
		return;
	}
	/* Who has read enough closes the pager, and that is no error. */
	signal(SIGPIPE, SIG_IGN);
}

/**
 * pager_end - send the rest and wait until it has been read
 * @p: the pager
 *
 * Return: whether all was written, or the pager was left early.
 */
bool pager_end(struct pager *p)
{
	if (!p->pid)
		return !fflush(p->out) && !ferror(p->out);
	fclose(p->out);
	while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*p = (struct pager){ .out = stdout };
	return true;
}

/**
 * terminal_width - columns there are for output
 *
 * Return: COLUMNS, else the terminal's, else 0 for no limit.
 */
unsigned int terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	u64 width;

	if (columns && !parse_u64(columns, 10000, &width) && width)
		return width;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return size.ws_col;
	return 0;
}

/**
 * terminal_has_colours - whether colours are wanted there
 * @fd: the descriptor
 *
 * Return: false for what is no terminal, a dumb one, or with NO_COLOR.
 */
bool terminal_has_colours(int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fd) && !(no && *no) && term && strcmp(term, "dumb");
}
