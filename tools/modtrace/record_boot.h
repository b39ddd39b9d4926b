/* SPDX-License-Identifier: GPL-2.0-only */
/* record --boot and --boot-cmdline: the boot, recorded from its first moment. */
#ifndef MODTRACE_RECORD_BOOT_H
#define MODTRACE_RECORD_BOOT_H

#include "lib/util.h"

#define BOOT_OUTPUT "/run/modtrace/boot.data"

/**
 * struct boot_options - what the command line asks for
 * @output: recording to write, or to go on with
 * @until: when it ends, NULL for a signal
 * @save_to: where it goes in the end, NULL: it stays
 * @pages: data pages of a ring, where it has to be recorded from now on
 */
struct boot_options {
	const char *output;
	const char *until;
	const char *save_to;
	size_t pages;
};

int record_boot(const struct boot_options *o, int argc, char **argv);
/* The function that has a finit_module()'s file, and does the load or waits for who does. */
#define BOOT_CALL "idempotent_init_module"

/* Which events of a boot tell its loads. */
enum boot_words {
	BOOT_PATCHED, /* the series' own */
	BOOT_OPENS, /* system calls, and each open */
	BOOT_FILES, /* probes that name their file: RELEASE_FILE_NAMES and BOOT_CALL */
	BOOT_WORDS_NR
};

int boot_cmdline(unsigned int cpus, enum boot_words words);

#endif
