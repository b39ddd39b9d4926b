/* SPDX-License-Identifier: GPL-2.0-only */
/* Releases of the kernel, as numbers that compare: 605 is 6.5. */
#ifndef MODTRACE_RELEASE_H
#define MODTRACE_RELEASE_H

/* From this one on kernels without the series are recorded. */
#define RELEASE_STOCK 515
/* From this one on a duplicate is refused by its name before it is laid out, too. */
#define RELEASE_EARLY_NAME 604
/*
 * From this one on a finit_module() that begins while another of the same file is under way gets
 * its result, whatever that is, and reads nothing.
 */
#define RELEASE_SHARES 605
/* From this one on a probe can print the name of a struct file, %pD, wherever the kernel's fields are. */
#define RELEASE_FILE_NAMES 610

unsigned int release_number(const char *release);

#endif
