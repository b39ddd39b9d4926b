/* SPDX-License-Identifier: GPL-2.0-only */
/* When a boot is over: a systemd target is reached, all has settled, or time is up. */
#ifndef MODTRACE_BOOT_END_H
#define MODTRACE_BOOT_END_H

#include "lib/util.h"
#include "recorder/systemd.h"

enum boot_end_kind {
	BOOT_END_NEVER,
	BOOT_END_HANDOVER,	/* nor that, but another recorder goes on with the file */
	BOOT_END_SECONDS,
	BOOT_END_TARGET,
	BOOT_END_SETTLE
};

/**
 * struct boot_end - what is waited for
 * @kind: what it is
 * @unit: the systemd unit, the user's text
 * @at_ns: when time is up, UINT64_MAX for never
 * @by: what it was that ended it, once it has: settle, limit, seconds, unit; NULL before
 * @udev_idle_ns: when udev's queue was last seen to become empty, 0 if never
 */
struct boot_end {
	enum boot_end_kind kind;
	const char *unit;
	u64 at_ns;
	const char *by;
	u64 udev_idle_ns;

	/* private */
	bool udev_busy;
	u64 ask_ns;
	u64 pause_ns;
	unsigned int unanswered;
};

int boot_end_parse(struct boot_end *e, const char *text, struct err *err);
bool boot_end_reached(struct boot_end *e, u64 now_ns, u64 last_load_ns);
int boot_targets(systemd_unit_fn fn, void *context);

#endif
