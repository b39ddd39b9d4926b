// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <fcntl.h>
#include <locale.h>

static const struct command commands[] = {
	{ "record", "record module loading into a perf.data file", cmd_record },
	{ "report", "report who loaded what, how often for nothing, and at what cost", cmd_report },
	{ "live", "watch modules being loaded, live", cmd_live },
	{ "diff", "compare sets of recordings and tell changes from noise", cmd_diff },
	{ "doctor", "check what can be recorded here and what is missing", cmd_doctor },
};

static void usage(FILE *out)
{
	size_t i;

	fputs("usage: modtrace COMMAND [OPTIONS]\n\n", out);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-8s  %s\n", commands[i].name, commands[i].summary);
	fputs("\nOptions: modtrace COMMAND --help; all of it: man modtrace-COMMAND\n"
	      "Recording boots: man modtrace-boot; udev rules against duplicates: man modtrace-udev\n",
	      out);
}

/* Pages of the manual that aren't a command's. */
static const char *const pages[] = { "boot", "udev", "events", "formats" };

static int help_on(char *name)
{
	char help[] = "--help", *words[] = { name, help, NULL };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(2, words);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		if (!strcmp(name, pages[i])) {
			printf("see man modtrace-%s\n", name);
			return STATUS_GOOD;
		}
	}
	say("unknown command '%s'; see modtrace --help", name);
	return STATUS_ERROR;
}

static int run(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		usage(stderr);
		return STATUS_ERROR;
	}
	if (!strcmp(argv[1], "help") && argc > 2)
		return help_on(argv[2]);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		usage(stdout);
		return STATUS_GOOD;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("modtrace %s\n", MODTRACE_VERSION);
		return STATUS_GOOD;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	if (!access(argv[1], F_OK))
		say("'%s' is no command but a file; modtrace report FILE reads a recording",
		    argv[1]);
	else
		say("unknown command '%s'; see modtrace --help", argv[1]);
	return STATUS_ERROR;
}

/*
 * A descriptor missing from the start would be taken by a file, and then be printed into. What is
 * written to standard output in its place fails, as it has to.
 */
static void open_standard_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null",
			  fcntl(STDIN_FILENO, F_GETFD) >= 0 && fcntl(STDOUT_FILENO, F_GETFD) < 0
				  ? O_RDONLY
				  : O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* What is left in the buffer, and what couldn't be written before: none of it is silent. */
static int close_output(int status)
{
	int failed;

	errno = 0;
	failed = fflush(stdout);
	if (!failed && !ferror(stdout))
		return status;
	/* Why an earlier write failed isn't kept; one more fails for the same reason. */
	if (!errno && write(STDOUT_FILENO, "\n", 1) == 1)
		errno = 0;
	say("standard output: %s", errno ? strerror(errno) : "write error");
	return status == STATUS_GOOD || status == STATUS_THRESHOLD ? STATUS_ERROR : status;
}

/**
 * main - find the command and run it
 * @argc: number of arguments
 * @argv: the arguments
 *
 * Return: the exit status: 0 good, 1 an error, or that of the command that was recorded.
 */
int main(int argc, char **argv)
{
	int status;

	open_standard_streams();
	setlocale(LC_CTYPE, "");
	status = close_output(run(argc, argv));
	exit(status);
}
