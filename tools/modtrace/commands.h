/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands: each takes its own arguments and returns modtrace's exit status. */
#ifndef MODTRACE_COMMANDS_H
#define MODTRACE_COMMANDS_H

#include "lib/say.h"

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

int cmd_diff(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_live(int argc, char **argv);
bool replay_wanted(int argc, char **argv);
int cmd_replay(int argc, char **argv);

#endif
