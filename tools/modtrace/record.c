// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <inttypes.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>

#include "lib/child.h"
#include "lib/options.h"
#include "lib/release.h"
#include "record_boot.h"
#include "recorder/recording.h"
#include "recorder/symbols.h"

/* Each drain leaves the file whole: at most so much is missing after kill -9. */
#define DRAIN_NS (NSEC_PER_SEC / 2)

struct record_options {
	const char *output;
	const char *cpu_list;
	size_t pages; /* 0: the default */
	bool stock;
	bool boot;
	bool boot_cmdline;
	const char *for_kernel;
	const char *release;
	const char *until;
	const char *save_to;
	unsigned int cpus;
	char **command;
};

/* What the loop waits for, ahead of the rings in the array that is polled. */
enum { POLL_SIGNAL, POLL_CPUS, POLL_FIXED };

struct record {
	struct recording recording;
	struct child child;
	int signals;
	int cpu_events;
	int signal;		/* the first that told us to end */
};

enum {
	OPT_STOCK = 256,
	OPT_BOOT,
	OPT_UNTIL,
	OPT_SAVE_TO,
	OPT_BOOT_CMDLINE,
	OPT_CPUS,
	OPT_FOR,
	OPT_RELEASE
};

static const struct option_desc record_options[] = {
	{ 'o', "output", "FILE",
	  "recording to write (default perf.data); an existing one\n"
	  "is renamed to FILE.old" },
	{ 'm', "mmap-pages", "SIZE",
	  "ring per CPU: pages, or bytes with suffix K, M or G;\n"
	  "a power of two (default 512K)" },
	{ 'C', "cpu", "CPUS", "CPUs to record, such as 0-3,8 (default all)" },
	{ OPT_STOCK, "stock", NULL,
	  "record system calls and probes (the default on\n"
	  "unpatched kernels)" },
	{ OPT_BOOT, "boot", NULL,
	  "record the boot from the kernel's own trace buffer\n"
	  "(default output " BOOT_OUTPUT "); an existing\n"
	  "recording of this boot is continued" },
	{ OPT_UNTIL, "until", "END",
	  "stop when a systemd unit is active, after END seconds,\n"
	  "when the boot has settled (settle), or at a signal, to\n"
	  "be continued by another recorder (handover)" },
	{ OPT_SAVE_TO, "save-to", "FILE", "then move the recording to FILE if that is writable" },
	{ OPT_BOOT_CMDLINE, "boot-cmdline", NULL,
	  "print the kernel command-line parameters for --boot" },
	{ OPT_CPUS, "cpus", "N", "number of CPUs (default: those of this machine)" },
	{ OPT_FOR, "for", "KIND",
	  "for a kernel that is patched or stock (default: as the\n"
	  "one that runs)" },
	{ OPT_RELEASE, "release", "REL",
	  "for the kernel of that release, which another machine\n"
	  "may run; with --for" },
	{ 0 }
};

static const struct usage record_usage = {
	.synopsis = "modtrace record [-o FILE] [-m SIZE] [-C CPUS] [--stock]\n"
		    "                [-- COMMAND [ARG...]]\n"
		    "modtrace record --boot [-o FILE] [--until=END] [--save-to=FILE]\n"
		    "modtrace record --boot-cmdline [--cpus=N] [--for=KIND [--release=REL]]",
	.options = record_options,
	.after =
		"Records until COMMAND ends, and exits with its status; without one until Ctrl-C.\n",
	.in_order = true,
};

static int on_option(void *context, int code, const char *arg, struct err *err)
{
	struct record_options *o = context;
	u64 n;

	switch (code) {
	case 'o':
		o->output = arg;
		return 0;
	case 'm':
		return ring_size_parse(arg, &o->pages, err);
	case 'C':
		o->cpu_list = arg;
		return 0;
	case OPT_STOCK:
		o->stock = true;
		return 0;
	case OPT_BOOT:
		o->boot = true;
		return 0;
	case OPT_UNTIL:
		o->until = arg;
		return 0;
	case OPT_SAVE_TO:
		o->save_to = arg;
		return 0;
	case OPT_BOOT_CMDLINE:
		o->boot_cmdline = true;
		return 0;
	case OPT_CPUS:
		if (parse_u64(arg, 65536, &n) || !n)
			return err_set(err, -EINVAL, "--cpus %s: not a number of CPUs", arg);
		o->cpus = n;
		return 0;
	case OPT_FOR:
		o->for_kernel = arg;
		return !strcmp(arg, "patched") || !strcmp(arg, "stock") ?
			       0 :
			       err_set(err, -EINVAL,
				       "--for %s: invalid value; use patched or stock", arg);
	case OPT_RELEASE:
		o->release = arg;
		return release_number(arg) ?
			       0 :
			       err_set(err, -EINVAL,
				       "--release %s: not a kernel's release, as uname -r prints it",
				       arg);
	}
	return option_unknown(code, err);
}

static bool is_for_stock(const struct record_options *o)
{
	if (o->for_kernel)
		return !strcmp(o->for_kernel, "stock");
	return o->stock || !kernel_has_series();
}

/* Of a kernel that doesn't run here, its release alone tells little. */
static int check_release(const struct record_options *o, struct err *err)
{
	struct utsname running;

	if (!o->release)
		return 0;
	if (!o->for_kernel && !o->stock && (uname(&running) || strcmp(running.release, o->release)))
		return err_set(
			err, -EINVAL,
			"--release %s: whether that kernel is patched can't be known here; add --for",
			o->release);
	if (is_for_stock(o) && release_number(o->release) < RELEASE_STOCK)
		return err_set(err, -EINVAL,
			       "--release %s: unpatched kernels are recorded from 5.15 on",
			       o->release);
	return 0;
}

/* A compiler may have put BOOT_CALL into who calls it: of this kernel that can be known. */
static enum boot_words boot_words(const struct record_options *o)
{
	struct utsname running;

	if (!is_for_stock(o))
		return BOOT_PATCHED;
	if (uname(&running))
		return BOOT_OPENS;
	if (release_number(o->release ? o->release : running.release) < RELEASE_FILE_NAMES)
		return BOOT_OPENS;
	if (o->release && strcmp(o->release, running.release))
		return BOOT_FILES;
	return symbols_have(BOOT_CALL) ? BOOT_FILES : BOOT_OPENS;
}

/* What goes together, and what doesn't. */
static int check_options(const struct record_options *o, struct err *err)
{
	const struct vain_option of_boot[] = {
		{ o->boot_cmdline, "--boot-cmdline" },
		{ o->cpu_list, "--cpu" },
		{ o->stock, "--stock" },
		{ o->command, "COMMAND" },
	};
	const struct vain_option of_cmdline[] = {
		{ o->output, "--output" }, { o->pages, "--mmap-pages" }, { o->cpu_list, "--cpu" },
		{ o->until, "--until" },   { o->save_to, "--save-to" },	 { o->command, "COMMAND" },
	};
	const struct vain_option needs_boot[] = {
		{ o->until, "--until" },
		{ o->save_to, "--save-to" },
	};
	const struct vain_option needs_cmdline[] = {
		{ o->cpus, "--cpus" },
		{ o->for_kernel, "--for" },
		{ o->release, "--release" },
	};
	int ret = 0;

	if (o->boot)
		ret = options_refuse(of_boot, ARRAY_SIZE(of_boot), "with --boot", err);
	else if (o->boot_cmdline)
		ret = options_refuse(of_cmdline, ARRAY_SIZE(of_cmdline), "with --boot-cmdline",
				     err);
	if (ret)
		return ret;
	if (!o->boot)
		ret = options_refuse(needs_boot, ARRAY_SIZE(needs_boot), "without --boot", err);
	if (!ret && !o->boot_cmdline)
		ret = options_refuse(needs_cmdline, ARRAY_SIZE(needs_cmdline),
				     "without --boot-cmdline", err);
	if (!ret && o->stock && o->for_kernel)
		ret = err_set(err, -EINVAL, "--stock and --for exclude each other");
	return ret ? ret : check_release(o, err);
}

/* Return: -1 to go on, or the exit status. */
static int parse_options(int argc, char **argv, struct record_options *o)
{
	struct err err;
	int ret;

	*o = (struct record_options){ 0 };
	ret = options_parse(&record_usage, argc, argv, on_option, o);
	if (ret >= 0)
		return ret;
	if (optind < argc)
		o->command = argv + optind;
	if (check_options(o, &err)) {
		say("record: %s", err.text);
		return STATUS_ERROR;
	}
	if (!o->pages)
		o->pages = ring_size_default();
	if (!o->output)
		o->output = o->boot ? BOOT_OUTPUT : "perf.data";
	return -1;
}

static int open_signals(struct record *r, sigset_t *old)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, old);
	/* A file that may not grow is an error to report, not a death. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return r->signals < 0 ? -errno : 0;
}

/* The kernel's own announcements of devices, CPUs among them; without them we look anyway. */
static int open_cpu_events(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool read_cpu_events(int fd)
{
	char text[4096];
	bool cpus = false;
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text) - 1, 0)) != 0) {
		if (n < 0) {
			/* Too many at once: some were dropped, and may have been ours. */
			if (errno != ENOBUFS)
				break;
			cpus = true;
			continue;
		}
		text[n] = '\0';
		cpus |= strstr(text, "/devices/system/cpu/cpu") != NULL;
	}
	return cpus;
}

/* A signal from the terminal has reached the command as well; one sent to us alone has not. */
static void pass_on(const struct record *r, const struct signalfd_siginfo *info)
{
	if (r->child.pid && !r->child.ended && info->ssi_code <= 0)
		kill(r->child.pid, info->ssi_signo);
}

/* Return: whether the recording should end, or, when it has, whether waiting should. */
static bool read_signals(struct record *r)
{
	struct signalfd_siginfo info;
	bool end = false;

	while (read(r->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			child_check(&r->child);
			end |= r->child.ended;
			continue;
		}
		pass_on(r, &info);
		r->signal = info.ssi_signo;
		end = true;
	}
	return end;
}

static int wait_and_drain(struct record *r, struct pollfd *fds, u64 *next_ns, bool *end)
{
	u64 now = now_ns(CLOCK_MONOTONIC), left = sat_sub(*next_ns, now);
	struct timespec timeout = { left / NSEC_PER_SEC, left % NSEC_PER_SEC };
	bool tick, cpus = false;
	size_t nr;
	int ret;

	fds[POLL_SIGNAL] = (struct pollfd){ .fd = r->signals, .events = POLLIN };
	fds[POLL_CPUS] = (struct pollfd){ .fd = r->cpu_events, .events = POLLIN };
	nr = rings_poll_fds(&r->recording.rings, fds + POLL_FIXED);
	if (ppoll(fds, POLL_FIXED + nr, &timeout, NULL) < 0 && errno != EINTR)
		return -errno;
	if (fds[POLL_SIGNAL].revents)
		*end = read_signals(r);
	if (*end)
		return 0;
	if (fds[POLL_CPUS].revents)
		cpus = read_cpu_events(r->cpu_events);
	now = now_ns(CLOCK_MONOTONIC);
	tick = now >= *next_ns;
	if (tick)
		*next_ns = now + DRAIN_NS;
	ret = tick || cpus ? recording_follow_cpus(&r->recording) : 0;
	return ret ? ret : recording_drain(&r->recording);
}

static int record_until_end(struct record *r)
{
	_cleanup_free_ struct pollfd *fds = NULL;
	u64 next_ns = now_ns(CLOCK_MONOTONIC) + DRAIN_NS;
	bool end = false;
	int ret = 0;

	fds = calloc(POLL_FIXED + r->recording.rings.nr_cpus, sizeof(*fds));
	if (!fds)
		return -ENOMEM;
	while (!end && !ret)
		ret = wait_and_drain(r, fds, &next_ns, &end);
	return ret;
}

/* The recording is over; the command is not ours to kill. A second signal ends our patience. */
static void wait_for_command(struct record *r)
{
	struct pollfd fd = { .fd = r->signals, .events = POLLIN };

	child_check(&r->child);
	while (r->child.pid && !r->child.ended) {
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			break;
		if (read_signals(r))
			break;
	}
}

static void tell_result(const struct record *r, const struct record_options *o, int ret)
{
	const struct recording *rec = &r->recording;
	u64 bytes = perfdata_written(rec->writer);

	if (ret)
		say("%s: %s: the recording stopped there; the file has %" PRIu64
		    " bytes of events", o->output, strerror(-ret), bytes);
	else if (rec->lost)
		say("%s: %" PRIu64 " events, %" PRIu64
		    " LOST (larger rings may help: -m), %" PRIu64 " bytes", o->output,
		    rec->events, rec->lost, bytes);
	else
		say("%s: %" PRIu64 " events, none lost, %" PRIu64 " bytes", o->output, rec->events,
		    bytes);
}

static int exit_status(const struct record *r, int ret)
{
	if (ret)
		return STATUS_ERROR;
	if (!r->child.pid)
		return STATUS_GOOD;
	return r->child.ended ? child_exit_status(&r->child) : 128 + r->signal;
}

static void cleanup_record(struct record *r)
{
	child_drop(&r->child);
	recording_free(&r->recording);
	if (r->signals >= 0)
		close(r->signals);
	if (r->cpu_events >= 0)
		close(r->cpu_events);
}

static enum probes_kind probes_kind(const struct record_options *o)
{
	return o->stock || !kernel_has_series() ? PROBES_STOCK : PROBES_DEVICES;
}

/* All that can fail before a single event is recorded. */
static int begin(struct record *r, const struct record_options *o, int argc, char **argv,
		 struct err *err)
{
	sigset_t old;
	int ret;

	ret = recording_prepare(&r->recording, o->pages, o->cpu_list, probes_kind(o), err);
	if (ret)
		return ret;
	ret = open_signals(r, &old);
	if (!ret && o->command)
		ret = child_prepare(&r->child, o->command, &old, -1);
	if (ret)
		return err_set(err, ret, "record: %s", strerror(-ret));
	r->cpu_events = open_cpu_events();
	ret = recording_create(&r->recording, o->output, argc, argv, err);
	return ret ? ret : recording_start(&r->recording, err);
}

/**
 * cmd_record - modtrace record
 * @argc: arguments, the command's name the first
 * @argv: the arguments
 *
 * Return: the exit status: the recorded command's, if there was one and all went well.
 */
int cmd_record(int argc, char **argv)
{
	_cleanup_(cleanup_record) struct record r = {
		.recording.fd = -1, .child.start = -1, .signals = -1, .cpu_events = -1,
	};
	struct record_options o;
	struct err err;
	int ret;

	ret = parse_options(argc, argv, &o);
	if (ret >= 0)
		return ret;
	if (o.boot)
		return record_boot(&(struct boot_options){ o.output, o.until, o.save_to, o.pages },
				   argc, argv);
	if (o.boot_cmdline)
		return boot_cmdline(o.cpus ? o.cpus : (unsigned int)possible_cpus(),
				    boot_words(&o));
	ret = begin(&r, &o, argc, argv, &err);
	if (ret) {
		say("%s", err.text);
		return STATUS_ERROR;
	}
	if (*r.recording.without.text)
		say("%s", r.recording.without.text);
	if (r.recording.rings.smaller)
		say("using rings of %zu pages instead of %zu: the limit is a quarter of memory and kernel.perf_event_mlock_kb",
		    r.recording.rings.pages, o.pages);
	if (r.child.pid)
		child_start(&r.child);
	ret = record_until_end(&r);
	if (ret)
		recording_finish(&r.recording);
	else
		ret = recording_finish(&r.recording);
	tell_result(&r, &o, ret);
	wait_for_command(&r);
	return exit_status(&r, ret);
}
