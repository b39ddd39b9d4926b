/* SPDX-License-Identifier: GPL-2.0-only */
/* What is asked of PID 1: directly, through libsystemd, which is loaded when it is needed. */
#ifndef MODTRACE_SYSTEMD_H
#define MODTRACE_SYSTEMD_H

#include "lib/util.h"

#define MACHINE_ID_SIZE 33

bool systemd_runs(void);
int systemd_machine_id(char id[MACHINE_ID_SIZE]);
int systemd_is_up(void);
int systemd_unit_is_active(const char *unit);

typedef int (*systemd_unit_fn)(void *context, const char *unit, u64 time_ns);
int systemd_units_since(const char *const *units, size_t nr, systemd_unit_fn fn, void *context);

#endif
