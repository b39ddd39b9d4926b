// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <sys/utsname.h>
#include <time.h>
#include <traceevent/event-parse.h>

#include "lib/child.h"
#include "lib/escape.h"
#include "lib/options.h"
#include "recorder/kernel_rings.h"
#include "recorder/recording_file.h"
#include "recorder/running_tasks.h"
#include "source/live_source.h"
#include "ui.h"
#include "views/output.h"

/* How often rings are read, and how often CPUs are looked for that came or went. */
#define DRAIN_NS (NSEC_PER_SEC / 10)
#define FOLLOW_NS NSEC_PER_SEC

#define LOG_LINES 1000

struct live_options {
	size_t pages;
	const char *cpu_list;
	bool attempts;
	bool stock;
	struct ui_options ui;
	char **command;
};

/**
 * struct live - what is watched
 * @ui: the screens, for what the rings call
 * @kernel: its events
 * @probes: made for this
 * @without: what couldn't be had there, one line; empty if all could
 * @rings: where they come from
 * @source: puts them in order
 * @read_until_ns: all rings have been read up to here
 * @drain_ns: when to read them next
 * @follow_ns: when to look for CPUs next
 * @rate_ns: since when events are counted for the rate
 * @rate_events: how many there were then
 * @sites: places in the kernel that asked for modules
 * @child: the command
 * @output: the pipe it prints into
 * @line: what it printed since the last newline
 * @log: its lines
 * @child_text: what has become of it
 * @attempts: print a line for each
 * @filter: of what
 */
struct live {
	struct ui *ui;
	struct kernel_events kernel;
	struct probes probes;
	struct err without;
	struct rings rings;
	struct source *source;
	u64 read_until_ns;
	u64 drain_ns;
	u64 follow_ns;
	u64 rate_ns;
	u64 rate_events;
	struct call_sites sites;
	struct child child;
	int output;
	struct buf line;
	struct screen_log log;
	size_t cap_lines;
	char child_text[64];
	bool attempts;
	const struct filter *filter;
};

enum { OPT_ATTEMPTS = 0x100, OPT_STOCK };

static const struct option_desc live_option_list[] = {
	{ 'm', "mmap-pages", "SIZE",
	  "ring per CPU: pages, or bytes with suffix K, M or G;\n"
	  "a power of two (default 512K)" },
	{ 'C', "cpu", "CPUS", "CPUs to watch, such as 0-3,8 (default all)" },
	{ OPT_ATTEMPTS, "attempts", NULL, "print one line per attempt as it ends instead" },
	{ OPT_STOCK, "stock", NULL,
	  "watch system calls and probes (the default on unpatched\n"
	  "kernels)" },
	{ UI_OPT_MODULE, "module", "GLOBS", "only modules that match, such as kvm*,xfs" },
	UI_OPTIONS,
	{ 'd', "delay", "SECONDS", "interval between frames of --batch (default 1)" },
	{ 0 }
};

static const struct usage live_usage = {
	.synopsis = "modtrace live [OPTION...] [-- COMMAND [ARG...]]",
	.options = live_option_list,
	.after = "Shows which modules are being loaded, by whom, and what is wasted on duplicates.\n"
		 "F1 or h lists all keys, F10 or q quits. Press l for COMMAND's output;\n"
		 "modtrace exits with its status.\n",
	.in_order = true,
};

static int on_option(void *context, int code, const char *arg, struct err *err)
{
	struct live_options *o = context;

	switch (code) {
	case 'm':
		return ring_size_parse(arg, &o->pages, err);
	case 'C':
		o->cpu_list = arg;
		return 0;
	case OPT_ATTEMPTS:
		o->attempts = true;
		return 0;
	case OPT_STOCK:
		o->stock = true;
		return 0;
	case UI_OPT_BATCH:
	case UI_OPT_ASCII:
	case UI_OPT_SIZE:
	case UI_OPT_DELAY:
	case UI_OPT_MODULE:
	case UI_OPT_COMM:
		return ui_parse(&o->ui, code, arg, err);
	}
	return option_unknown(code, err);
}

/* What would have no effect is refused. */
static int check_options(const struct live_options *o, struct err *err)
{
	const struct vain_option of_attempts[] = {
		{ o->ui.batch, "--batch" },
		{ o->ui.size_given, "--size" },
		{ o->ui.delay_given, "--delay" },
		{ o->ui.ascii, "--ascii" },
	};

	if (o->attempts)
		return options_refuse(of_attempts, ARRAY_SIZE(of_attempts), "with --attempts", err);
	return ui_check_options(&o->ui, err);
}

/* -- the kernel's events -- */

static int open_events(struct live *l, const struct live_options *o, struct err *err)
{
	struct tep_handle *tep;
	size_t i;
	int ret;

	ret = kernel_rings_open(&l->rings, &l->kernel, o->pages, o->cpu_list, err);
	if (ret)
		return ret;
	tep = tep_alloc();
	l->source = live_source_new();
	ret = tep && l->source ? 0 : -ENOMEM;
	for (i = 0; i < l->rings.nr_attrs && !ret; i++) {
		const struct kernel_event *e = kernel_rings_event(&l->kernel, i);

		ret = live_source_add_event(l->source, tep, e ? e->system : NULL,
					    e ? e->format : NULL, e ? strlen(e->format) : 0,
					    &l->rings.attrs[i]);
	}
	if (tep)
		tep_free(tep);
	return ret ? err_set(err, ret, "the kernel's event formats: %s", strerror(-ret)) : 0;
}

static int note_state(void *context, const char *key, const char *text, size_t len)
{
	return source_add_state(context, key, text, len);
}

static int fill_info(struct source_info *info)
{
	struct utsname uts;

	uname(&uts);
	info->generator = strdup("modtrace " MODTRACE_VERSION);
	info->kernel = strdup(uts.release);
	info->host = strdup(uts.nodename);
	info->arch = strdup(uts.machine);
	info->clock = "monotonic";
	info->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	if (!info->generator || !info->kernel || !info->host || !info->arch)
		return -ENOMEM;
	return kernel_state_read(note_state, info);
}

/* A place that asks for modules gets its name while it has one. */
static int name_sites(struct live *l)
{
	struct source_info *info = &l->source->info;
	size_t i;

	if (l->sites.nr_named == l->sites.nr)
		return 0;
	l->sites.nr_named = l->sites.nr;
	if (symbols_find(l->sites.sites, l->sites.nr) == -ENOMEM)
		return -ENOMEM;
	for (i = 0; i < l->sites.nr; i++) {
		struct call_site *site = &l->sites.sites[i];

		if (!site->name || site->noted)
			continue;
		if (source_add_symbol(info, site->address, site->name, strlen(site->name)))
			return -ENOMEM;
		site->noted = true;
	}
	source_sort_symbols(info);
	l->ui->session.view_stale |= !l->ui->session.frozen;
	return 0;
}

/* The gates can be changed at any time: what is shown is how they are. */
static int refresh_gates(struct source_info *info)
{
	size_t i;

	for (i = 0; i < info->nr_states; i++) {
		struct state *state = &info->states[i];
		_cleanup_buf_ struct buf b = { 0 };
		char path[128];

		if (strncmp(state->key, "merge_", 6))
			continue;
		snprintf(path, sizeof(path), "/sys/module/module/parameters/%s", state->key);
		if (read_small_file(path, &b))
			continue;
		free(state->at_end);
		state->at_end = strndup(b.data, strcspn(b.data, "\n"));
		if (!state->at_end)
			return -ENOMEM;
	}
	return 0;
}

static int on_id(void *context, unsigned int attr, u64 id)
{
	struct live *l = context;

	return live_source_add_id(l->source, attr, id);
}

static int on_data(void *context, int cpu, const u8 *records, size_t size)
{
	struct live *l = context;

	return live_source_records(l->source, records, size, &l->rings.by_cpu[cpu]->lost_seen);
}

static int on_lost(void *context, int cpu, u64 events)
{
	struct live *l = context;

	(void)cpu;
	return live_source_lost(l->source, now_ns(CLOCK_MONOTONIC), events);
}

static int on_no_ring(void *context, int cpu, u64 ns)
{
	struct live *l = context;

	(void)cpu;
	l->source->info.no_ring_ns += ns;
	return 0;
}

static const struct rings_ops ring_ops = {
	.id = on_id,
	.data = on_data,
	.lost = on_lost,
	.no_ring = on_no_ring,
};

static int on_event(struct live *l, const struct event *ev)
{
	int ret = 0;

	if (ev->type == EVENT_REQUEST || ev->type == EVENT_AUTOLOAD_DUP)
		ret = ev->ip ? call_sites_add(&l->sites, ev->ip) : 0;
	if (ev->type != EVENT_FORK && ev->type != EVENT_COMM && ev->type != EVENT_EXIT &&
	    ev->type != EVENT_OPEN && ev->type != EVENT_DEVICE)
		l->ui->dirty |= !l->ui->session.frozen;
	return ret ? ret : session_event(&l->ui->session, ev);
}

static int take_events(struct live *l, u64 until_ns)
{
	struct event ev;
	struct err ignored;
	int ret;

	live_source_until(l->source, until_ns);
	while ((ret = source_next(l->source, &ev, &ignored)) > 0) {
		ret = on_event(l, &ev);
		if (ret)
			return ret;
	}
	return ret;
}

/*
 * What an event's CPU wrote before its ring was read is there; so once all rings have been read
 * after a moment, nothing from before that moment is still to come.
 */
static int drain(struct live *l, u64 now)
{
	u64 until_ns = l->read_until_ns;
	int ret;

	l->read_until_ns = now;
	ret = rings_drain(&l->rings, &ring_ops, l);
	l->source->info.renamers = l->rings.renamers.total;
	return ret ? ret : take_events(l, until_ns);
}

/* -- the command -- */

static int log_line(struct live *l, const char *text, size_t len)
{
	char *clean = escape_dup(text, len);

	if (!clean)
		return -ENOMEM;
	if (l->log.nr == LOG_LINES) {
		free(l->log.lines[0]);
		memmove(l->log.lines, l->log.lines + 1, (LOG_LINES - 1) * sizeof(*l->log.lines));
		l->log.nr--;
		l->log.dropped++;
	}
	if (grow(&l->log.lines, &l->cap_lines, l->log.nr + 1, sizeof(*l->log.lines))) {
		free(clean);
		return -ENOMEM;
	}
	l->log.lines[l->log.nr++] = clean;
	return 0;
}

static int take_output(struct live *l, const char *text, size_t len)
{
	int ret = 0;

	while (len && !ret) {
		const char *newline = memchr(text, '\n', len);
		size_t n = newline ? (size_t)(newline - text) : len;

		ret = buf_add(&l->line, text, n);
		text += n;
		len -= n;
		/* A line without an end is ended, so that it takes no more room than others. */
		if (!ret && (newline || l->line.len >= 4096)) {
			ret = log_line(l, l->line.data, l->line.len);
			l->line.len = 0;
		}
		if (newline) {
			text++;
			len--;
		}
	}
	return ret;
}

/* No more than so much at a time: a command that prints without end must not keep keys waiting. */
static int read_output(struct live *l)
{
	char text[16384];
	ssize_t n = l->output >= 0 ? read(l->output, text, sizeof(text)) : -1;

	if (l->output < 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return 0;
	if (n <= 0) {
		close(l->output);
		l->output = -1;
		return l->line.len ? take_output(l, "\n", 1) : 0;
	}
	l->ui->dirty |= l->ui->state.screen == SCREEN_LOG;
	return take_output(l, text, n);
}

static int prepare_command(struct live *l, char **command, const sigset_t *mask, bool keep_output)
{
	int fds[2], ret;

	if (keep_output)
		return child_prepare(&l->child, command, mask, -1);
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	ret = child_prepare(&l->child, command, mask, fds[1]);
	close(fds[1]);
	l->output = fds[0];
	return ret;
}

static void describe_child(struct live *l)
{
	int status = child_exit_status(&l->child);

	if (!l->child.ended)
		snprintf(l->child_text, sizeof(l->child_text), "running");
	else if (status > 128)
		snprintf(l->child_text, sizeof(l->child_text), "killed by signal %d", status - 128);
	else
		snprintf(l->child_text, sizeof(l->child_text), "ended with status %d", status);
}

static void live_child(void *context, struct ui *ui, int signal)
{
	struct live *l = context;

	if (!l->child.pid)
		return;
	if (signal) {
		if (!l->child.ended)
			kill(l->child.pid, signal);
		return;
	}
	child_check(&l->child);
	if (!l->child.ended)
		return;
	describe_child(l);
	ui->dirty = true;
	/* Whoever watches goes on watching; a list or a log is complete. */
	if (!ui->tui)
		ui->quit = true;
	else
		tui_resume(ui->tui);
}

/* A second signal ends our patience with a command that doesn't end. */
static void end_command(struct live *l)
{
	struct pollfd fd = { .fd = l->ui->signals, .events = POLLIN };
	u64 until_ns = now_ns(CLOCK_MONOTONIC) + 3 * NSEC_PER_SEC;

	child_check(&l->child);
	if (!l->child.pid || l->child.ended)
		return;
	if (!l->ui->signal)
		kill(l->child.pid, SIGTERM);
	while (!l->child.ended && now_ns(CLOCK_MONOTONIC) < until_ns) {
		if (poll(&fd, 1, 100) > 0) {
			char ignored[1024];

			if (read(fd.fd, ignored, sizeof(ignored)) < 0)
				break;
		}
		child_check(&l->child);
	}
	if (!l->child.ended)
		say("live: the command is still running as process %d", l->child.pid);
}

/* -- the loop's part -- */

static size_t live_fds(void *context, struct pollfd *fds)
{
	struct live *l = context;
	size_t nr = rings_poll_fds(&l->rings, fds);

	if (l->output >= 0)
		fds[nr++] = (struct pollfd){ .fd = l->output, .events = POLLIN };
	return nr;
}

static void measure_rate(struct live *l, u64 now)
{
	const struct source_info *info = &l->source->info;

	if (now < l->rate_ns + NSEC_PER_SEC)
		return;
	l->ui->data.per_second = (double)(info->events - l->rate_events) * NSEC_PER_SEC /
				 (now - l->rate_ns);
	l->rate_ns = now;
	l->rate_events = info->events;
}

static int live_step(void *context, struct ui *ui, u64 now_ns, u64 *next_ns, struct err *err)
{
	struct live *l = context;
	int ret = 0;

	/* Ahead of the drain, so that what a command did before it ended is seen at its end. */
	if (now_ns >= l->follow_ns) {
		l->follow_ns = now_ns + FOLLOW_NS;
		ret = rings_follow_cpus(&l->rings, &ring_ops, l);
		if (!ret)
			ret = refresh_gates(&l->source->info);
		if (!ret)
			ret = name_sites(l);
	}
	if (!ret)
		ret = read_output(l);
	if (!ret)
		ret = drain(l, now_ns);
	if (!ret && ui->quit)
		ret = take_events(l, UINT64_MAX);
	l->drain_ns = now_ns + DRAIN_NS;
	if (l->drain_ns < *next_ns)
		*next_ns = l->drain_ns;
	measure_rate(l, now_ns);
	ui->data.now_ns = l->read_until_ns;
	ui->data.lost = l->source->info.lost;
	ui->data.child = l->child.pid ? l->child_text : NULL;
	/* What is wrong with standard output, main() says. */
	if (l->attempts && fflush(stdout))
		return err_set(err, -EIO, "%s", "");
	return ret ? err_set(err, ret, "watching: %s", strerror(-ret)) : 0;
}

static int write_tasks(struct live *l)
{
	_cleanup_buf_ struct buf tasks = { 0 };
	u64 ignored = 0;
	int ret = running_tasks(&tasks);

	if (!ret && l->rings.attrs[0].cgroup)
		ret = running_cgroups(&tasks);
	if (!ret)
		ret = live_source_records(l->source, (u8 *)tasks.data, tasks.len, &ignored);
	return ret ? ret : take_events(l, 0);
}

static int print_attempt(void *context, enum attempt_change change, const struct attempt_facts *a);

/* Begin to count again. The events of those under way now come later, without a begin. */
static int reset(struct live *l, struct ui *ui)
{
	u64 now = now_ns(CLOCK_MONOTONIC);
	int ret;

	tui_state_forget(&ui->state);
	session_free(&ui->session);
	ret = session_init(&ui->session, &l->source->info, now, l->filter);
	if (ret)
		return ret;
	if (l->attempts)
		session_also_tell(&ui->session, print_attempt, l);
	if (ui->state.paused)
		ui->state.paused = false;
	ui->data.now_ns = now;
	return write_tasks(l);
}

static int live_effects(void *context, struct ui *ui, unsigned int effects, struct err *err)
{
	struct live *l = context;
	int ret;

	if (!(effects & EFFECT_RESET))
		return 0;
	ret = reset(l, ui);
	tui_message(&ui->state, "Counters reset.");
	return ret ? err_set(err, ret, "%s", strerror(-ret)) : 0;
}

/* -- a line an attempt -- */

static int print_attempt(void *context, enum attempt_change change, const struct attempt_facts *a)
{
	const struct live *l = context;

	if (change != ATTEMPT_ENDED)
		return 0;
	return output_attempt(a, &l->source->info, l->ui->session.start_ns, stdout);
}

static int run_attempts(struct live *l, struct ui *ui, const struct ui_ops *ops, struct err *err)
{
	l->attempts = true;
	session_also_tell(&ui->session, print_attempt, l);
	return ui_follow(ui, ops, l, err);
}

/* -- begin and end -- */

static int prepare(struct live *l, const struct live_options *o, struct err *err)
{
	struct source_info *info;
	int ret;

	l->filter = &o->ui.filter;
	probes_make(&l->probes, o->stock || !kernel_has_series() ? PROBES_STOCK : PROBES_DEVICES,
		    &l->without);
	ret = kernel_events_find(&l->kernel, &l->probes, err);
	if (!ret)
		ret = open_events(l, o, err);
	if (ret)
		return ret;
	ret = ui_signals(l->ui);
	if (!ret && o->command)
		ret = prepare_command(l, o->command, &l->ui->old_mask, o->attempts);
	info = &l->source->info;
	if (!ret)
		ret = fill_info(info);
	if (ret)
		return err_set(err, ret, "live: %s", strerror(-ret));
	ret = source_choose_mode(l->source, "live", err);
	if (ret)
		return ret;
	info->start_ns = now_ns(CLOCK_MONOTONIC);
	ret = session_init(&l->ui->session, info, info->start_ns, l->filter);
	return ret ? err_set(err, ret, "live: %s", strerror(-ret)) : 0;
}

static int start(struct live *l, struct err *err)
{
	int ret = rings_start(&l->rings, &ring_ops, l, err);

	if (ret)
		return ret;
	l->read_until_ns = now_ns(CLOCK_MONOTONIC);
	l->rate_ns = l->read_until_ns;
	l->follow_ns = l->read_until_ns + FOLLOW_NS;
	ret = write_tasks(l);
	if (ret)
		return err_set(err, ret, "the list of tasks: %s", strerror(-ret));
	if (l->child.pid) {
		describe_child(l);
		child_start(&l->child);
	}
	return 0;
}

static void live_free(struct live *l)
{
	size_t i;

	rings_free(&l->rings);
	probes_remove(&l->probes);
	kernel_events_free(&l->kernel);
	ui_free(l->ui);
	source_close(l->source);
	for (i = 0; i < l->log.nr; i++)
		free(l->log.lines[i]);
	free(l->log.lines);
	call_sites_free(&l->sites);
	buf_free(&l->line);
	if (l->output >= 0)
		close(l->output);
}

/**
 * cmd_live - modtrace live
 * @argc: arguments, the command's name the first
 * @argv: the arguments
 *
 * Return: the exit status: the command's, if there was one that ended.
 */
int cmd_live(int argc, char **argv)
{
	struct ui ui = { .signals = -1 };
	struct live l = { .ui = &ui, .output = -1, .child.start = -1 };
	struct ui_ops ops = { .fds = live_fds, .step = live_step, .effects = live_effects,
			      .child = live_child };
	struct live_options o = {
		.pages = ring_size_default(),
		.ui = { .delay_ns = NSEC_PER_SEC, .width = 80, .height = 24 },
	};
	struct err err;
	int ret;

	ret = options_parse(&live_usage, argc, argv, on_option, &o);
	if (ret >= 0)
		return ret;
	if (check_options(&o, &err)) {
		say("live: %s", err.text);
		return STATUS_ERROR;
	}
	if (optind < argc)
		o.command = argv + optind;
	tui_state_init(&ui.state, false);
	ui.frame.ascii = o.ui.ascii || !tui_is_utf8();
	ret = prepare(&l, &o, &err);
	if (!ret)
		ret = start(&l, &err);
	if (!ret) {
		ops.max_fds = l.rings.nr_cpus + 1;
		ui.data.log = &l.log;
		ui.data.title = o.command ? o.command[0] : NULL;
		if (*l.without.text && (o.attempts || o.ui.batch))
			say("%s", l.without.text);
		else if (*l.without.text)
			tui_message(&ui.state, "%s", l.without.text);
		if (o.attempts)
			ret = run_attempts(&l, &ui, &ops, &err);
		else if (o.ui.batch)
			ret = ui_batch(&ui, &ops, &l, &o.ui, stdout, &err);
		else
			ret = ui_run(&ui, &ops, &l, &err);
	}
	if (ret && *err.text)
		say("%s", err.text);
	child_drop(&l.child);
	rings_free(&l.rings);
	probes_remove(&l.probes);
	end_command(&l);
	if (ret)
		ret = STATUS_ERROR;
	else if (l.child.pid && l.child.ended)
		ret = child_exit_status(&l.child);
	live_free(&l);
	filter_free(&o.ui.filter);
	return ret;
}
