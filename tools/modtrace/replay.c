// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <getopt.h>
#include <time.h>

#include "lib/options.h"
#include "source/source.h"
#include "ui.h"
#include "views/reading.h"

/* How often a recording that plays is taken a bit further. */
#define TICK_NS (NSEC_PER_SEC / 20)

/**
 * struct replay - a recording and where it is played
 * @path: the file, read anew to go back
 * @filter: what is counted of it
 * @src: the file, open
 * @next: its next event, not taken in yet
 * @has_next: there is one
 * @at_ns: how far it is played, on the recording's clock
 * @begin_ns: where it begins
 * @end_ns: where it ends
 * @module: the name of the one that is looked at, while the model is made anew
 * @ticked_ns: when it was last taken further, on our clock
 * @frames: of a batch: how many are printed
 * @printed: and how many were
 */
struct replay {
	const char *path;
	const struct filter *filter;
	struct source *src;
	struct event next;
	bool has_next;
	u64 at_ns;
	u64 begin_ns;
	u64 end_ns;
	char *module;
	u64 ticked_ns;
	unsigned int frames;
	unsigned int printed;
};

/* Beside those of the screens */
enum { OPT_TUI = 256 };

static const struct option_desc replay_options[] = {
	{ OPT_TUI, "tui", NULL, "the screens" },
	{ 'i', "input", "FILE", "recording to look at (default perf.data)" },
	{ 'm', "module", "GLOBS", "only modules that match, such as kvm*,xfs" },
	UI_OPTIONS,
	{ UI_OPT_TIME, "time", "FROM,UNTIL",
	  "only what began then: seconds, or with ms, us, ns,\n"
	  "after the start; either may be omitted" },
	{ 0 }
};

static const struct usage replay_usage = {
	.name = "report --tui",
	.synopsis = "modtrace report --tui [OPTION...] [FILE]",
	.options = replay_options,
	.after = "Shows the end of the recording; Space plays it from its start, F1 lists the\n"
		 "keys.\n"
		 "With --batch N it is played in N equal steps.\n",
};

static int fetch(struct replay *r, struct err *err)
{
	int ret = source_next(r->src, &r->next, err);

	r->has_next = ret > 0;
	return ret < 0 ? ret : 0;
}

/* Open the file, again if it was, with nothing of it taken in. */
static int rewind_to_start(struct replay *r, struct ui *ui, struct err *err)
{
	int ret;

	tui_state_forget(&ui->state);
	session_free(&ui->session);
	source_close(r->src);
	r->src = NULL;
	ret = source_open(&r->src, r->path, err);
	if (!ret)
		ret = source_need_times(&r->src->info, "a screen", err);
	if (ret)
		return ret;
	ret = session_init(&ui->session, &r->src->info, r->src->info.start_ns, r->filter);
	if (ret)
		return err_set(err, ret, "out of memory");
	r->at_ns = 0;
	return fetch(r, err);
}

static int take_next(struct replay *r, struct ui *ui, struct err *err)
{
	if (session_event(&ui->session, &r->next))
		return err_set(err, -ENOMEM, "out of memory");
	return fetch(r, err);
}

static int play_to(struct replay *r, struct ui *ui, u64 until_ns, struct err *err)
{
	/* The recorder may have noted its end before the last ring was read. */
	u64 limit_ns = until_ns >= r->end_ns ? UINT64_MAX : until_ns;
	int ret = 0;

	while (!ret && r->has_next && r->next.time_ns <= limit_ns)
		ret = take_next(r, ui, err);
	r->at_ns = until_ns;
	r->src->info.goes_on = r->has_next;
	ui->data.now_ns = until_ns;
	ui->data.lost = r->src->info.lost;
	ui->session.view_stale = true;
	ui->dirty = true;
	return ret;
}

static int seek(struct replay *r, struct ui *ui, u64 until_ns, struct err *err)
{
	const bool in_module = ui->state.screen == SCREEN_MODULE && ui->state.module;
	int ret;

	if (until_ns > r->end_ns)
		until_ns = r->end_ns;
	if (until_ns < r->begin_ns)
		until_ns = r->begin_ns;
	if (until_ns >= r->at_ns)
		return play_to(r, ui, until_ns, err);
	if (in_module) {
		char *name = strdup(ui->state.module);

		if (!name)
			return err_set(err, -ENOMEM, "out of memory");
		free(r->module);
		r->module = name;
	}
	ret = rewind_to_start(r, ui, err);
	if (!ret)
		ret = play_to(r, ui, until_ns, err);
	/* The model is another one, but a module of the same name is the one that was looked at. */
	if (!ret && in_module) {
		ui->state.chosen_module = r->module;
		tui_act(&ui->state, ACT_ENTER, 0);
	}
	return ret;
}

/* To the next event that shows: names of tasks don't. */
static int step_one(struct replay *r, struct ui *ui, struct err *err)
{
	int ret = 0;

	while (!ret && r->has_next) {
		enum event_type type = r->next.type;
		u64 time_ns = r->next.time_ns;

		ret = take_next(r, ui, err);
		if (time_ns > r->at_ns)
			r->at_ns = time_ns;
		if (type != EVENT_FORK && type != EVENT_COMM && type != EVENT_EXIT)
			break;
	}
	r->src->info.goes_on = r->has_next;
	ui->data.now_ns = r->at_ns;
	ui->data.lost = r->src->info.lost;
	ui->session.view_stale = true;
	ui->dirty = true;
	return ret;
}

static void tell_position(struct replay *r, struct ui *ui)
{
	ui->state.seek_ns = sat_sub(r->at_ns, r->begin_ns);
	ui->state.seek_step_ns = (r->end_ns - r->begin_ns) / 20;
	ui->data.duration_ns = r->end_ns - r->begin_ns;
}

static int replay_step(void *context, struct ui *ui, u64 now_ns, u64 *next_ns, struct err *err)
{
	struct replay *r = context;
	u64 passed = sat_sub(now_ns, r->ticked_ns), to_ns;
	int ret = 0;

	if (!ui->state.paused) {
		to_ns = r->at_ns + (ui->state.speed < 0 ? passed >> -ui->state.speed :
				    passed << ui->state.speed);
		ret = seek(r, ui, to_ns, err);
		if (r->at_ns >= r->end_ns)
			ui->state.paused = true;
		if (now_ns + TICK_NS < *next_ns)
			*next_ns = now_ns + TICK_NS;
	}
	r->ticked_ns = now_ns;
	tell_position(r, ui);
	return ret;
}

static int replay_effects(void *context, struct ui *ui, unsigned int effects, struct err *err)
{
	struct replay *r = context;
	int ret = 0;

	if (effects & EFFECT_SEEK)
		ret = seek(r, ui, sat_add(r->begin_ns, ui->state.seek_ns), err);
	if (!ret && effects & EFFECT_STEP)
		ret = step_one(r, ui, err);
	if (!ret && effects & EFFECT_PLAY && !ui->state.paused && r->at_ns >= r->end_ns)
		ret = seek(r, ui, r->begin_ns, err);
	tell_position(r, ui);
	return ret;
}

/* For a batch the recording is played in equal parts, one a frame, as fast as it goes. */
static int batch_step(void *context, struct ui *ui, u64 now_ns, u64 *next_ns, struct err *err)
{
	struct replay *r = context;
	u64 length = r->end_ns - r->begin_ns;

	(void)now_ns;
	(void)next_ns;
	r->printed++;
	tell_position(r, ui);
	return seek(r, ui,
		    r->printed >= r->frames ? r->end_ns :
					      r->begin_ns + part_of(length, r->printed, r->frames),
		    err);
}

struct replay_choice {
	const char *path;
	struct ui_options ui;
};

static int set_path(struct replay_choice *c, const char *path, struct err *err)
{
	c->path = path;
	if (strcmp(path, "-"))
		return 0;
	return err_set(err, -EINVAL,
		       "--tui reads keys from standard input; the recording must be a file");
}

static int on_option(void *context, int code, const char *arg, struct err *err)
{
	struct replay_choice *c = context;

	switch (code) {
	case OPT_TUI:
		return 0;
	case 'i':
		return set_path(c, arg, err);
	case 'm':
		return ui_parse(&c->ui, UI_OPT_MODULE, arg, err);
	case UI_OPT_COMM:
	case UI_OPT_TIME:
	case UI_OPT_BATCH:
	case UI_OPT_ASCII:
	case UI_OPT_SIZE:
		return ui_parse(&c->ui, code, arg, err);
	}
	return option_unknown(code, err);
}

/* All of it once: so that its end is known, and shown first. */
static int load(struct replay *r, struct ui *ui, struct err *err)
{
	const struct source_info *info;
	int ret = rewind_to_start(r, ui, err);

	if (!ret)
		ret = play_to(r, ui, UINT64_MAX, err);
	if (ret)
		return ret;
	info = &r->src->info;
	r->begin_ns = info->start_ns ? info->start_ns : ui->session.timeline->start_ns;
	r->end_ns = info->end_ns && !info->truncated ? info->end_ns :
		    ui->session.model->last_ns;
	if (r->end_ns < r->begin_ns)
		r->end_ns = r->begin_ns;
	r->at_ns = r->end_ns;
	ui->data.now_ns = r->end_ns;
	ui->data.title = r->path;
	tell_position(r, ui);
	/* Columns are those that have data at the end. */
	if (session_settle(&ui->session, &ui->state, &ui->data))
		return err_set(err, -ENOMEM, "out of memory");
	if (info->truncated)
		tui_message(&ui->state, "%.120s: showing what precedes that",
			    info->why_truncated);
	return 0;
}

/**
 * replay_wanted - whether report's arguments ask for the screens
 * @argc: arguments, the command's name the first
 * @argv: the arguments
 *
 * Return: true if --tui is among them.
 */
bool replay_wanted(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--tui"))
			return true;
	return false;
}

/**
 * cmd_replay - modtrace report --tui
 * @argc: arguments, the command's name the first
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int cmd_replay(int argc, char **argv)
{
	static const struct ui_ops play = { .step = replay_step, .effects = replay_effects };
	static const struct ui_ops batch = { .step = batch_step };
	_cleanup_(ui_free) struct ui ui = { .signals = -1 };
	struct replay_choice c = { .ui = { .width = 80, .height = 24 } };
	struct replay r = { 0 };
	struct err err;
	int ret;

	ret = options_parse(&replay_usage, argc, argv, on_option, &c);
	if (ret >= 0)
		return ret;
	if (!c.path && optind < argc && set_path(&c, argv[optind++], &err)) {
		say("report: %s", err.text);
		return STATUS_ERROR;
	}
	if (optind < argc) {
		say("report: unexpected argument '%s'; one recording is shown", argv[optind]);
		return STATUS_ERROR;
	}
	if (ui_check_options(&c.ui, &err)) {
		say("report: %s", err.text);
		return STATUS_ERROR;
	}
	r.path = c.path ? c.path : default_recording(&err);
	if (!r.path) {
		say("report: %s", err.text);
		return STATUS_ERROR;
	}
	r.filter = &c.ui.filter;
	tui_state_init(&ui.state, true);
	ui.frame.ascii = c.ui.ascii || !tui_is_utf8();
	ret = load(&r, &ui, &err);
	if (!ret) {
		ret = ui_signals(&ui);
		if (ret)
			err_set(&err, ret, "report: %s", strerror(-ret));
	}
	if (!ret && c.ui.batch) {
		r.frames = c.ui.batch;
		if (r.frames > 1)
			ret = seek(&r, &ui, r.begin_ns, &err);
		if (!ret)
			ret = ui_batch(&ui, &batch, &r, &c.ui, stdout, &err);
	} else if (!ret) {
		ret = ui_run(&ui, &play, &r, &err);
	}
	/* The view's names are the source's in part: it goes last. */
	ui_free(&ui);
	source_close(r.src);
	free(r.module);
	filter_free(&c.ui.filter);
	if (!ret)
		return STATUS_GOOD;
	if (*err.text)
		say("%s", err.text);
	return STATUS_ERROR;
}
