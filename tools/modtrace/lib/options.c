// SPDX-License-Identifier: GPL-2.0-only
#include "lib/options.h"

#include <getopt.h>

#include "lib/say.h"

#define HELP_COLUMN 25

static void print_option(FILE *out, const struct option_desc *o)
{
	const char *line = o->help;
	int width = o->code < 256 ? fprintf(out, "  -%c, --%s", o->code, o->name) :
				    fprintf(out, "      --%s", o->name);

	if (o->arg)
		width += fprintf(out, "=%s", o->arg);
	if (width > HELP_COLUMN - 2) {
		fputc('\n', out);
		width = 0;
	}
	for (;;) {
		size_t len = strcspn(line, "\n");

		fprintf(out, "%*s%.*s\n", HELP_COLUMN - width, "", (int)len, line);
		if (!line[len])
			return;
		line += len + 1;
		width = 0;
	}
}

/**
 * options_help - print how a command is called
 * @u: the command
 * @out: where to
 */
void options_help(const struct usage *u, FILE *out)
{
	static const struct option_desc help = { 'h', "help", NULL, "show this help" };
	const struct option_desc *o;
	const char *line = u->synopsis;

	for (;;) {
		size_t len = strcspn(line, "\n");

		fprintf(out, "%s%.*s\n", line == u->synopsis ? "usage: " : "       ", (int)len,
			line);
		if (!line[len])
			break;
		line += len + 1;
	}
	fputc('\n', out);
	for (o = u->options; o->name; o++)
		print_option(out, o);
	print_option(out, &help);
	if (u->after)
		fprintf(out, "\n%s", u->after);
}

/* What getopt_long() stopped at; its own words would be a line more, and not begin with our name. */
static void not_understood(const struct usage *u, char **argv, bool needs_argument, struct err *err)
{
	const char *word = argv[optind - 1];
	const bool is_long = !strncmp(word, "--", 2);
	char letter[3] = { '-', optopt };

	if (needs_argument)
		err_set(err, -EINVAL, "%s requires an argument", is_long ? word : letter);
	else if (is_long && optopt)
		err_set(err, -EINVAL, "%.*s takes no argument", (int)strcspn(word, "="), word);
	else
		err_set(err, -EINVAL, "unknown option '%s'; see modtrace %s --help",
			is_long ? word : letter, u->name ? u->name : argv[0]);
}

/* Whether a word is one of the command's options, and so not meant as the argument of another. */
static bool is_option(const struct usage *u, const char *word)
{
	const struct option_desc *o;
	size_t len = strcspn(word, "=");

	if (!strcmp(word, "--"))
		return true;
	for (o = u->options; o->name; o++)
		if ((o->code < 256 && word[0] == '-' && word[1] == o->code && !word[2]) ||
		    (!strncmp(word, "--", 2) && len == strlen(o->name) + 2 &&
		     !strncmp(word + 2, o->name, len - 2)))
			return true;
	return false;
}

/**
 * options_parse - understand a command's options
 * @u: the command
 * @argc: number of arguments, the command's name the first
 * @argv: the arguments; optind tells where the rest begins
 * @fn: called for each option
 * @context: handed to it
 *
 * Return: -1 to go on, or the exit status; an error has been printed then.
 */
int options_parse(const struct usage *u, int argc, char **argv, option_fn fn, void *context)
{
	struct option longs[OPTIONS_MAX + 2] = { 0 };
	char letters[2 * OPTIONS_MAX + 8];
	struct err err;
	size_t n = 0, i;
	int c;

	if (u->in_order)
		letters[n++] = '+';
	/* A missing argument is told from an option that there isn't. */
	letters[n++] = ':';
	for (i = 0; i < OPTIONS_MAX && u->options[i].name; i++) {
		const struct option_desc *o = &u->options[i];

		longs[i] = (struct option){ o->name, o->arg ? required_argument : no_argument,
					    NULL, o->code };
		if (o->code > 255)
			continue;
		letters[n++] = o->code;
		if (o->arg)
			letters[n++] = ':';
	}
	longs[i] = (struct option){ "help", no_argument, NULL, 'h' };
	letters[n++] = 'h';
	letters[n] = '\0';
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (c == 'h') {
			options_help(u, stdout);
			return STATUS_GOOD;
		}
		if (c == '?' || c == ':') {
			not_understood(u, argv, c == ':', &err);
			say("%s: %s", argv[0], err.text);
			return STATUS_ERROR;
		}
		if (optarg && optarg == argv[optind - 1] && is_option(u, optarg)) {
			say("%s: %s requires an argument, and %s is an option", argv[0],
			    argv[optind - 2], optarg);
			return STATUS_ERROR;
		}
		if (fn(context, c, optarg, &err)) {
			say("%s: %s", argv[0], err.text);
			return STATUS_ERROR;
		}
	}
	return -1;
}

/**
 * options_refuse - complain about an option without an effect
 * @vain: what was given for nothing
 * @nr: how many entries
 * @with: the option that makes them so, or "without" and the one that they need
 * @err: says which
 *
 * Return: 0 if there is none, or -EINVAL.
 */
int options_refuse(const struct vain_option *vain, size_t nr, const char *with, struct err *err)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (vain[i].given)
			return err_set(err, -EINVAL, "%s has no effect %s%s", vain[i].name, with,
				       strncmp(with, "without", 7) ? "; omit one of them" : "");
	return 0;
}

/**
 * option_unknown - an option of the table that its command doesn't understand: a mistake of ours
 * @code: which
 * @err: says so
 *
 * Return: -EINVAL.
 */
int option_unknown(int code, struct err *err)
{
	return err_set(err, -EINVAL, "option %d is not implemented", code);
}
