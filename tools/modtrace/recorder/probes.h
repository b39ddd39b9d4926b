/* SPDX-License-Identifier: GPL-2.0-only */
/* Probes that record makes, and takes away again: most on a kernel without the series. */
#ifndef MODTRACE_PROBES_H
#define MODTRACE_PROBES_H

#include "lib/util.h"

enum probe {
	PROBE_OPEN,
	PROBE_CALL,
	PROBE_READ,
	PROBE_READ_DONE,
	PROBE_IMAGE,
	PROBE_ALLOC,
	PROBE_RENAMED,
	PROBE_UNLINKED,
	PROBE_NR
};

/* What is to be known by probes. */
enum probes_kind {
	PROBES_DEVICES, /* the devices behind attempts, beside those events */
	PROBES_STOCK, /* attempts: the kernel is without the series */
};

/**
 * struct probes - probes of one recorder; all zero is none
 * @group: their trace system, which has our process's number in its name
 * @stock: they are for a kernel without the series
 * @made: which of them could be made
 * @named_by_opens: modules' files are named by opens, as nothing rarer does; else those tell devices
 */
struct probes {
	char group[32];
	bool stock;
	bool made[PROBE_NR];
	bool named_by_opens;
};

/**
 * struct probe_types - what the kernel's type information tells probes; an empty text is nothing
 * @file: arguments that name the file of a load, and what it is
 * @image: argument that has the size of a module, decompressed
 */
struct probe_types {
	char file[256];
	char image[64];
};

void probe_types_read(struct probe_types *t, const char *path);
int probes_make(struct probes *p, enum probes_kind kind, struct err *err);
bool probes_have(const struct probes *p, const char *event);
const char *probe_filter(const struct probes *p, const char *event);
void probes_remove(struct probes *p);
unsigned int probes_remove_stale(void);

#endif
