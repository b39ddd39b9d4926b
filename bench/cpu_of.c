// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu_of - the CPU time of a command and of all its children that it waited for
 *
 *	cpu_of FILE COMMAND [ARG...]
 *
 * Appends it to FILE, in milliseconds. Signals are the command's: they are sent to its group.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double ms(struct timeval t)
{
	return t.tv_sec * 1e3 + t.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status;
	FILE *out;
	pid_t pid;

	if (argc < 3)
		return 1;
	signal(SIGINT, SIG_IGN);
	pid = fork();
	if (!pid) {
		signal(SIGINT, SIG_DFL);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		return 1;
	out = fopen(argv[1], "a");
	if (!out)
		return 1;
	fprintf(out, "%.3f\n", ms(used.ru_utime) + ms(used.ru_stime));
	return fclose(out) ? 1 : 0;
}
