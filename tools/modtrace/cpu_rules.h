/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether one CPU asks udev for the modules of all here, and what that saves. */
#ifndef MODTRACE_CPU_RULES_H
#define MODTRACE_CPU_RULES_H

#include "lib/util.h"

/* The CPUs' devices, and the processors that ACPI lists. */
enum cpu_kind { KIND_CPU, KIND_ACPI, KIND_NR };

#define CPU_MODULES_MAX 64

/**
 * struct cpu_devices - devices of one kind that share a modalias
 * @modalias: theirs; NULL if there are none, or none has one
 * @nr: how many
 * @modules: names of the modules that match the modalias, each once
 * @nr_modules: how many, at most CPU_MODULES_MAX
 * @rules: the file whose rule lets one of them ask, NULL if there is none
 */
struct cpu_devices {
	char *modalias;
	size_t nr;
	char *modules[CPU_MODULES_MAX];
	size_t nr_modules;
	char *rules;
};

/**
 * struct cpu_rules - what was found
 * @has_udev: whether its rules are here
 * @has_aliases: whether the kernel's modules.alias could be read
 * @late: a file that has such rules, but sorts after the one that loads modules; or NULL
 * @devices: of each kind
 */
struct cpu_rules {
	bool has_udev;
	bool has_aliases;
	char *late;
	struct cpu_devices devices[KIND_NR];
};

int cpu_rules_look(struct cpu_rules *c, const char *root, const char *release);
u64 cpu_rules_saved(const struct cpu_rules *c, bool without_rules);
void cpu_rules_free(struct cpu_rules *c);

#endif
