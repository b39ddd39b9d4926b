/* SPDX-License-Identifier: GPL-2.0-only */
/* How the kernel's events are opened on its rings. */
#ifndef MODTRACE_KERNEL_RINGS_H
#define MODTRACE_KERNEL_RINGS_H

#include "recorder/kernel_state.h"
#include "recorder/rings.h"

const struct kernel_event *kernel_rings_event(const struct kernel_events *kernel,
					      unsigned int attr);
int kernel_rings_open(struct rings *r, const struct kernel_events *kernel, size_t pages,
		      const char *cpu_list, struct err *err);

#endif
