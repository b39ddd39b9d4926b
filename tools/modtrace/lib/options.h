/* SPDX-License-Identifier: GPL-2.0-only */
/* One table of options per command: it is what is understood, and what --help says. */
#ifndef MODTRACE_OPTIONS_H
#define MODTRACE_OPTIONS_H

#include "lib/util.h"

/**
 * struct option_desc - one option
 * @code: its letter, or a number above 255 for one that has only its name
 * @name: its long name
 * @arg: what its argument is called in --help, NULL for an option without
 * @help: what it does; further lines are indented
 */
struct option_desc {
	int code;
	const char *name;
	const char *arg;
	const char *help;
};

/**
 * struct usage - how a command is called
 * @synopsis: one line a way, without "usage:"
 * @options: ended by one without a name; -h is understood without being in it
 * @after: text behind the options, NULL for none
 * @name: what --help is an option of, NULL for the command's own name
 * @in_order: options end at the first word that is none
 */
struct usage {
	const char *synopsis;
	const struct option_desc *options;
	const char *after;
	const char *name;
	bool in_order;
};

#define OPTIONS_MAX 48

/* Return: 0, or -EINVAL with @err filled. */
typedef int (*option_fn)(void *context, int code, const char *arg, struct err *err);

/**
 * struct vain_option - an option that would have no effect
 * @given: somebody gave it, and it would have none
 * @name: what it is called
 */
struct vain_option {
	bool given;
	const char *name;
};

int options_refuse(const struct vain_option *vain, size_t nr, const char *with, struct err *err);
int options_parse(const struct usage *u, int argc, char **argv, option_fn fn, void *context);
void options_help(const struct usage *u, FILE *out);
int option_unknown(int code, struct err *err);

#endif
