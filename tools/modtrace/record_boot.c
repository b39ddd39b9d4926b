// SPDX-License-Identifier: GPL-2.0-only
#include "record_boot.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>

#include "commands.h"
#include "recorder/boot_end.h"
#include "recorder/boot_recording.h"
#include "recorder/move_file.h"
#include "recorder/own_file.h"
#include "recorder/recording.h"

/* udev is looked at so often, and the buffer is drained each time that as many have passed. */
#define TICK_MS 250
#define TICKS_A_DRAIN 4

/**
 * struct boot_record - a boot being recorded
 * @boot: from the kernel's buffer
 * @rings: or, where that has nothing, from now on
 * @from_rings: which of them
 */
struct boot_record {
	struct boot_recording boot;
	struct recording rings;
	bool from_rings;
	struct boot_end end;
	int signals;
};

static void cleanup_boot(struct boot_record *r)
{
	boot_recording_free(&r->boot);
	recording_free(&r->rings);
	if (r->signals >= 0)
		close(r->signals);
}

static int open_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	/* Whose session ends is no business of a boot's recorder. */
	signal(SIGHUP, SIG_IGN);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* Nothing of the past is to be had: what comes now is. */
static int begin_from_now(struct boot_record *r, const struct boot_options *o, int argc,
			  char **argv, struct err *err)
{
	int ret = recording_prepare(&r->rings, o->pages, NULL,
				    kernel_has_series() ? PROBES_DEVICES : PROBES_STOCK, err);

	if (!ret)
		ret = recording_create(&r->rings, o->output, argc, argv, err);
	return ret ? ret : recording_start(&r->rings, err);
}

static int begin(struct boot_record *r, const struct boot_options *o, int argc, char **argv,
		 struct err *err)
{
	_cleanup_close_ int earlier = -1;
	int ret = boot_end_parse(&r->end, o->until, err);

	if (ret)
		return ret;
	/* As root, where others may have been: what is there is gone on with only if it is our own. */
	earlier = own_file_open(o->output, err);
	if (earlier < 0 && earlier != -ENOENT)
		return earlier;
	r->signals = open_signals();
	if (r->signals < 0)
		return err_set(err, r->signals, "record: %s", strerror(-r->signals));
	if (!strcmp(o->output, BOOT_OUTPUT))
		mkdir("/run/modtrace", 0700);
	ret = boot_recording_open(&r->boot, err);
	if (!ret)
		return boot_recording_create(&r->boot, o->output, earlier, argc, argv, err);
	if (ret != -ENODATA)
		return ret;
	say("%s; recording from now on", err->text);
	boot_recording_free(&r->boot);
	r->from_rings = true;
	return begin_from_now(r, o, argc, argv, err);
}

/* What the command line enabled may be of less use than it could be. */
static void tell_words(const struct boot_record *r)
{
	if (!r->from_rings && kernel_has_series() &&
	    !boot_buffer_has(&r->boot.buffer, EVENT_LOAD_END))
		say("the kernel command line has the parameters for an unpatched kernel, and this one is "
		    "patched: what duplicates allocated will be unknown (see modtrace record --boot-cmdline)");
}

static int drain(struct boot_record *r)
{
	int ret;

	if (!r->from_rings)
		return boot_recording_drain(&r->boot);
	ret = recording_follow_cpus(&r->rings);
	return ret ? ret : recording_drain(&r->rings);
}

static u64 last_load_ns(const struct boot_record *r, u64 *events_seen, u64 *changed_ns)
{
	/* The rings' records aren't looked into: any event counts. */
	if (!r->from_rings)
		return r->boot.last_load_ns;
	if (*events_seen != r->rings.events) {
		*events_seen = r->rings.events;
		*changed_ns = now_ns(CLOCK_MONOTONIC);
	}
	return *changed_ns;
}

static int record_until_end(struct boot_record *r)
{
	struct pollfd fd = { .fd = r->signals, .events = POLLIN };
	u64 events_seen = 0, changed_ns = 0;
	unsigned int tick;
	int ret = 0;

	for (tick = 0; !ret; tick++) {
		if (poll(&fd, 1, TICK_MS) < 0 && errno != EINTR)
			return -errno;
		if (fd.revents)
			return 0;
		if (tick % TICKS_A_DRAIN == 0)
			ret = drain(r);
		if (boot_end_reached(&r->end, now_ns(CLOCK_MONOTONIC),
				     last_load_ns(r, &events_seen, &changed_ns)))
			return ret;
	}
	return ret;
}

static int marker(struct boot_record *r, u64 time_ns, const char *name)
{
	if (r->from_rings)
		return perfdata_note(r->rings.writer, "marker %" PRIu64 " %s", time_ns, name);
	return boot_recording_marker(&r->boot, time_ns, name);
}

/* A boot that did not settle is not one that did: its report is of less. */
static int note_end(struct boot_record *r)
{
	const char *by = r->end.kind == BOOT_END_HANDOVER ? "handover" : "signal";
	struct perfdata_writer *w = r->from_rings ? r->rings.writer : r->boot.writer;

	return perfdata_note(w, "ended_by %s", r->end.by ? r->end.by : by);
}

static int on_target(void *context, const char *unit, u64 time_ns)
{
	return marker(context, time_ns, unit);
}

static int finish(struct boot_record *r)
{
	int ret = note_end(r);

	/* What is handed over isn't over: who goes on with it asks. */
	if (!ret && r->end.kind > BOOT_END_HANDOVER) {
		ret = boot_targets(on_target, r);
		if (!ret && r->end.udev_idle_ns)
			ret = marker(r, r->end.udev_idle_ns, "udev_settled");
	}
	if (ret)
		return ret;
	if (r->from_rings)
		return recording_finish(&r->rings);
	return boot_recording_finish(&r->boot, r->end.kind == BOOT_END_HANDOVER);
}

static void tell_result(const struct boot_record *r, const struct boot_options *o, int ret)
{
	u64 events = r->from_rings ? r->rings.events : r->boot.events;
	u64 lost = r->from_rings ? r->rings.lost : r->boot.lost;

	if (ret)
		say("%s: %s: the recording stopped there", o->output, strerror(-ret));
	else if (lost)
		say("%s: %" PRIu64 " events, %" PRIu64
		    " LOST: the buffer was too small (trace_buf_size=)", o->output, events, lost);
	else
		say("%s: %" PRIu64 " events, none lost", o->output, events);
	/* An attempt has a system call, if not events of its own. */
	if (!r->from_rings && r->boot.loads && !r->boot.last_load_ns)
		say("%" PRIu64
		    " modules were loaded, and none of their system calls came into the buffer: "
		    "another trace instance takes them (trace_instance= on the kernel command line?)",
		    r->boot.loads);
	if (r->end.kind == BOOT_END_SETTLE && now_ns(CLOCK_MONOTONIC) >= r->end.at_ns)
		say("the boot did not settle: a systemd job or udev event is still pending");
}

/**
 * record_boot - modtrace record --boot
 * @o: what is asked for
 * @argc: our command line, from the command's name on
 * @argv: likewise
 *
 * Return: the exit status.
 */
int record_boot(const struct boot_options *o, int argc, char **argv)
{
	_cleanup_(cleanup_boot) struct boot_record r = {
		.boot.fd = -1, .boot.buffer.lock = -1, .rings.fd = -1, .signals = -1,
	};
	struct err err;
	int ret;

	if (begin(&r, o, argc, argv, &err)) {
		say("%s", err.text);
		return STATUS_ERROR;
	}
	if (r.boot.continued)
		say("%s: continuing the existing recording of this boot", o->output);
	tell_words(&r);
	ret = record_until_end(&r);
	if (ret)
		finish(&r);
	else
		ret = finish(&r);
	tell_result(&r, o, ret);
	if (ret)
		return STATUS_ERROR;
	/* The boot is recorded; that it is not where it should be is to be said, not to fail. */
	if (o->save_to && move_file(o->output, o->save_to, &err))
		say("%s; the recording stays in %s", err.text, o->output);
	return STATUS_GOOD;
}
