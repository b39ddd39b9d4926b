// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/boot_end.h"

#include <time.h>

#include "lib/say.h"

/* Settled is only what stays so. */
#define QUIET_NS (2 * NSEC_PER_SEC)
#define QUIET_WITHOUT_SYSTEMD_NS (5 * NSEC_PER_SEC)

/* A boot that doesn't settle, for a job that hangs, has an end nevertheless. */
#define SETTLE_LIMIT_NS (900 * NSEC_PER_SEC)

#define ASK_EVERY_NS NSEC_PER_SEC
#define ASK_MOST_NS (5 * NSEC_PER_SEC)
#define UNANSWERED_MOST 10

/**
 * boot_end_parse - understand what --until says
 * @e: filled
 * @text: "settle", "handover", seconds, or a unit of systemd; NULL: only a signal ends it
 * @err: says what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int boot_end_parse(struct boot_end *e, const char *text, struct err *err)
{
	u64 seconds;

	*e = (struct boot_end){ .at_ns = UINT64_MAX };
	if (!text)
		return 0;
	if (!strcmp(text, "settle")) {
		e->kind = BOOT_END_SETTLE;
		e->at_ns = now_ns(CLOCK_MONOTONIC) + SETTLE_LIMIT_NS;
		return 0;
	}
	if (!strcmp(text, "handover")) {
		e->kind = BOOT_END_HANDOVER;
		return 0;
	}
	if (!parse_u64(text, 86400, &seconds)) {
		e->kind = BOOT_END_SECONDS;
		e->at_ns = now_ns(CLOCK_MONOTONIC) + seconds * NSEC_PER_SEC;
		return 0;
	}
	if (!strchr(text, '.') || strchr(text, '/') || *text == '-')
		return err_set(err, -EINVAL,
			       "--until %s: neither settle nor handover, nor seconds (up to a day), nor a unit such as multi-user.target",
			       text);
	if (!systemd_runs())
		return err_set(err, -EINVAL, "--until %s: systemd is not running", text);
	e->kind = BOOT_END_TARGET;
	e->unit = text;
	return 0;
}

static void look_at_udev(struct boot_end *e, u64 now)
{
	bool busy = !access("/run/udev/queue", F_OK);

	if (e->udev_busy && !busy)
		e->udev_idle_ns = now;
	e->udev_busy = busy;
}

/* Asked once a second at first, and less often the longer it takes: it has a boot to do. */
static bool systemd_is_ready(struct boot_end *e, u64 now)
{
	int ret;

	if (!systemd_runs())
		return true;
	if (now < e->ask_ns)
		return false;
	ret = e->kind == BOOT_END_TARGET ? systemd_unit_is_active(e->unit) : systemd_is_up();
	if (e->pause_ns < ASK_MOST_NS)
		e->pause_ns += ASK_EVERY_NS;
	e->ask_ns = now + e->pause_ns;
	if (ret < 0 && !e->unanswered++)
		say("systemd does not respond: %s", strerror(-ret));
	/* Where it never does, udev and the modules alone have to tell. */
	return ret > 0 || (ret < 0 && e->kind == BOOT_END_SETTLE &&
			   e->unanswered >= UNANSWERED_MOST);
}

/**
 * boot_end_reached - see whether the boot is over
 * @e: what is waited for; to be asked some times a second
 * @now: CLOCK_MONOTONIC
 * @last_load_ns: when a module was last loaded or tried to be
 *
 * Return: true when it is, or when it has taken too long.
 */
bool boot_end_reached(struct boot_end *e, u64 now, u64 last_load_ns)
{
	u64 quiet = systemd_runs() ? QUIET_NS : QUIET_WITHOUT_SYSTEMD_NS;

	look_at_udev(e, now);
	if (now >= e->at_ns) {
		e->by = e->kind == BOOT_END_SETTLE ? "limit" : "seconds";
		return true;
	}
	switch (e->kind) {
	case BOOT_END_TARGET:
		if (systemd_is_ready(e, now))
			e->by = "unit";
		break;
	case BOOT_END_SETTLE:
		if (!e->udev_busy && sat_sub(now, last_load_ns) >= quiet &&
		    sat_sub(now, e->udev_idle_ns) >= quiet && systemd_is_ready(e, now))
			e->by = "settle";
		break;
	default:
		break;
	}
	return e->by;
}

/**
 * boot_targets - ask systemd when the targets that a boot is told by were reached
 * @fn: told of each; non-zero ends it
 * @context: handed to @fn
 *
 * Return: 0, also where systemd doesn't run or answer, or what @fn returned.
 */
int boot_targets(systemd_unit_fn fn, void *context)
{
	static const char *const targets[] = {
		"local-fs.target", "sysinit.target", "basic.target", "network.target",
		"multi-user.target", "graphical.target",
	};

	return systemd_runs() ? systemd_units_since(targets, ARRAY_SIZE(targets), fn, context) : 0;
}
