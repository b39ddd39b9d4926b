// SPDX-License-Identifier: GPL-2.0-only
#include "ui.h"

#include <inttypes.h>
#include <sys/signalfd.h>
#include <time.h>

#include "lib/escape.h"
#include "lib/options.h"
#include "views/reading.h"

/*
 * At most ten frames a second: what happens by itself is drawn five times, which leaves as
 * many for keys, and those are answered at once while there are some.
 */
#define DRAW_NS (NSEC_PER_SEC / 5)
#define TOKEN_NS (NSEC_PER_SEC / 10)
#define TOKENS 4

/* While nothing happens the clock still goes. */
#define IDLE_NS NSEC_PER_SEC

enum { POLL_SIGNAL, POLL_KEYS, POLL_FIXED };

/**
 * ui_signals - take signals through a descriptor from now on
 * @ui: the screens
 *
 * Return: 0 or -errno.
 */
int ui_signals(struct ui *ui)
{
	static const int all[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGWINCH, SIGTSTP, SIGCONT };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(all); i++)
		sigaddset(&set, all[i]);
	sigprocmask(SIG_BLOCK, &set, &ui->old_mask);
	signal(SIGPIPE, SIG_IGN);
	ui->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return ui->signals < 0 ? -errno : 0;
}

static int parse_dimensions(const char *text, int *width, int *height)
{
	char w[16];
	size_t len = strcspn(text, "x");
	u64 x, y;

	if (!text[len] || len >= sizeof(w))
		return -EINVAL;
	memcpy(w, text, len);
	w[len] = '\0';
	if (parse_u64(w, 1000, &x) || parse_u64(text + len + 1, 1000, &y) || !x || !y)
		return -EINVAL;
	*width = x;
	*height = y;
	return 0;
}

/**
 * ui_parse - take one of the options that both commands have
 * @o: the options
 * @option: which
 * @value: its value
 * @err: says what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int ui_parse(struct ui_options *o, int option, const char *value, struct err *err)
{
	double seconds;
	char *end;
	u64 n;

	switch (option) {
	case UI_OPT_BATCH:
		if (parse_u64(value, 1000000, &n) || !n)
			return err_set(err, -EINVAL, "--batch %s: not a number of frames", value);
		o->batch = n;
		return 0;
	case UI_OPT_MODULE:
		return parse_modules(&o->filter.modules, value, err);
	case UI_OPT_COMM:
		return parse_patterns(&o->filter.comms, value, err);
	case UI_OPT_TIME:
		return filter_set_time(&o->filter, value, err);
	case UI_OPT_ASCII:
		o->ascii = true;
		return 0;
	case UI_OPT_SIZE:
		o->size_given = true;
		if (!parse_dimensions(value, &o->width, &o->height))
			return 0;
		return err_set(err, -EINVAL, "--size %s: not COLUMNSxLINES, such as 80x24", value);
	case UI_OPT_DELAY:
		seconds = strtod(value, &end);
		if (*end || end == value || !(seconds >= 0.1 && seconds <= 86400))
			return err_set(err, -EINVAL, "-d %s: not 0.1 to 86400 seconds", value);
		o->delay_given = true;
		o->delay_ns = seconds * NSEC_PER_SEC;
		return 0;
	}
	return option_unknown(option, err);
}

/**
 * ui_check_options - refuse what would have no effect on a terminal
 * @o: the options
 * @err: says what
 *
 * Return: 0 or -EINVAL.
 */
int ui_check_options(const struct ui_options *o, struct err *err)
{
	const struct vain_option of_batch[] = { { o->size_given, "--size" },
						{ o->delay_given, "--delay" } };

	return o->batch ? 0 :
			  options_refuse(of_batch, ARRAY_SIZE(of_batch), "without --batch", err);
}

/**
 * ui_free - give the terminal back and free what the screens own
 * @ui: the screens
 */
void ui_free(struct ui *ui)
{
	tui_close(ui->tui);
	ui->tui = NULL;
	session_free(&ui->session);
	frame_free(&ui->frame);
	if (ui->signals >= 0)
		close(ui->signals);
	ui->signals = -1;
}

/* Where keys lead depends on the rows of the screen, and where clicks lead on what is where. */
static int settle(struct ui *ui)
{
	ui->settled = ui->state.screen;
	return session_settle(&ui->session, &ui->state, &ui->data);
}

static int lay_out(struct ui *ui)
{
	ui->settled = ui->state.screen;
	return session_draw(&ui->session, &ui->frame, &ui->state, &ui->data);
}

static int draw(struct ui *ui, bool anew, u64 now_ns)
{
	int ret = lay_out(ui);

	if (ret)
		return ret;
	tui_draw(ui->tui, &ui->frame, anew);
	ui->drawn_ns = now_ns;
	ui->dirty = false;
	return 0;
}

static void suspend(struct ui *ui)
{
	tui_suspend(ui->tui);
	kill(getpid(), SIGSTOP);
	tui_resume(ui->tui);
	ui->dirty = true;
}

static void on_signals(struct ui *ui, const struct ui_ops *ops, void *context)
{
	struct signalfd_siginfo info;

	while (read(ui->signals, &info, sizeof(info)) == sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGCHLD:
			if (ops->child)
				ops->child(context, ui, 0);
			break;
		case SIGWINCH:
			if (ui->tui)
				tui_resize(ui->tui, &ui->state.width, &ui->state.height);
			ui->dirty = true;
			break;
		case SIGTSTP:
			if (ui->tui)
				suspend(ui);
			else
				kill(getpid(), SIGSTOP);
			break;
		case SIGCONT:
			if (!ui->tui)
				break;
			tui_resume(ui->tui);
			tui_resize(ui->tui, &ui->state.width, &ui->state.height);
			ui->dirty = true;
			break;
		default:
			/* From the terminal the command has got it as well. */
			if (ops->child && info.ssi_code <= 0)
				ops->child(context, ui, info.ssi_signo);
			ui->signal = info.ssi_signo;
			ui->quit = true;
			break;
		}
	}
}

static unsigned int on_click(struct ui *ui, const struct tui_input *in)
{
	const struct hot *hot;
	unsigned int effects = 0;
	int i;

	if (in->wheel) {
		for (i = 0; i < 3; i++)
			effects |= tui_act(&ui->state, in->wheel < 0 ? ACT_UP : ACT_DOWN, 0);
		return effects;
	}
	hot = frame_hot_at(&ui->frame, in->y, in->x);
	return hot ? tui_act(&ui->state, hot->action, hot->arg) : 0;
}

/* A name that no file has, for the next report. */
static void name_report(struct tui_state *s)
{
	unsigned int i;

	snprintf(s->save_as, sizeof(s->save_as), "modtrace.json");
	for (i = 2; i < 1000 && !access(s->save_as, F_OK); i++)
		snprintf(s->save_as, sizeof(s->save_as), "modtrace-%u.json", i);
}

static void save(struct ui *ui)
{
	_cleanup_free_ char *path = NULL, *clean = NULL;
	struct tui_state *s = &ui->state;
	char until[32], what[64] = "everything", but[64] = "";
	struct err err;
	u64 left_out;

	if (session_save(&ui->session, s->text, &left_out, &err)) {
		tui_message(s, " Not saved: %.140s", err.text);
		/* With what was typed, to be mended. */
		s->prompt = PROMPT_SAVE;
		return;
	}
	if (s->replay && ui->session.info->goes_on) {
		format_ns(until, sizeof(until), sat_sub(ui->data.now_ns, ui->data.start_ns));
		snprintf(what, sizeof(what), "everything up to %s", until);
	}
	if (left_out)
		snprintf(but, sizeof(but), " but %" PRIu64 " attempts not kept", left_out);
	path = realpath(s->text, NULL);
	clean = path ? escape_dup(path, strlen(path)) : NULL;
	tui_message(s, " Saved %s%s (filters not applied) to %.180s", what, but,
		    clean ? clean : s->text);
	name_report(s);
}

static bool only_moves(u32 key)
{
	return key == TKEY_UP || key == TKEY_DOWN || key == TKEY_PAGE_UP || key == TKEY_PAGE_DOWN;
}

static int on_keys(struct ui *ui, const struct ui_ops *ops, void *context, bool *anew,
		   struct err *err)
{
	struct tui_input in;
	int ret = 0;

	while (!ret && !ui->quit && tui_read(ui->tui, &in)) {
		unsigned int effects;

		/* Faster keys than frames: what a key is about is where those before it led. */
		if (ui->dirty && (!only_moves(in.key) || ui->state.screen != ui->settled))
			ret = in.key ? settle(ui) : lay_out(ui);
		if (ret)
			return err_set(err, ret, "drawing: %s", strerror(-ret));
		effects = in.key ? tui_key(&ui->state, in.key) : on_click(ui, &in);
		if (effects & EFFECT_QUIT)
			ui->quit = true;
		if (effects & EFFECT_SAVE)
			save(ui);
		if (effects & EFFECT_FREEZE)
			ret = session_freeze(&ui->session, ui->data.now_ns);
		if (effects & EFFECT_THAW)
			session_thaw(&ui->session);
		if (ret)
			return err_set(err, ret, "%s", strerror(-ret));
		*anew |= (effects & EFFECT_REDRAW) != 0;
		ui->dirty |= effects != 0;
		if (ops->effects)
			ret = ops->effects(context, ui, effects, err);
	}
	return ret;
}

/* Whether a frame may be drawn now; if not, *@next_ns is brought forward to when. */
static bool may_draw(struct ui *ui, bool by_key, u64 now_ns, u64 *next_ns)
{
	u64 due_ns = ui->drawn_ns + (ui->dirty ? DRAW_NS : IDLE_NS);

	while (ui->tokens < TOKENS && now_ns >= ui->refilled_ns + TOKEN_NS) {
		ui->tokens++;
		ui->refilled_ns = ui->tokens == TOKENS ? now_ns : ui->refilled_ns + TOKEN_NS;
	}
	if (by_key)
		due_ns = now_ns;
	if (!ui->tokens && due_ns < ui->refilled_ns + TOKEN_NS)
		due_ns = ui->refilled_ns + TOKEN_NS;
	if (now_ns >= due_ns)
		return true;
	if (due_ns < *next_ns)
		*next_ns = due_ns;
	return false;
}

static int wait_for(struct ui *ui, const struct ui_ops *ops, void *context, struct pollfd *fds,
		    u64 next_ns)
{
	u64 left = sat_sub(next_ns, now_ns(CLOCK_MONOTONIC));
	const struct timespec timeout = { left / NSEC_PER_SEC, left % NSEC_PER_SEC };
	size_t nr = POLL_FIXED;

	fds[POLL_SIGNAL] = (struct pollfd){ .fd = ui->signals, .events = POLLIN };
	fds[POLL_KEYS] = (struct pollfd){ .fd = ui->tui ? STDIN_FILENO : -1, .events = POLLIN };
	if (ops->fds)
		nr += ops->fds(context, fds + POLL_FIXED);
	if (ppoll(fds, nr, &timeout, NULL) < 0) {
		if (errno != EINTR)
			return -errno;
		fds[POLL_SIGNAL].revents = 0;
		fds[POLL_KEYS].revents = 0;
	}
	return 0;
}

static int run_once(struct ui *ui, const struct ui_ops *ops, void *context, struct pollfd *fds,
		    bool *by_key, bool *anew, struct err *err)
{
	u64 now = now_ns(CLOCK_MONOTONIC), next_ns = now + IDLE_NS;
	int ret = ops->step(context, ui, now, &next_ns, err);

	if (ret)
		return ret;
	now = now_ns(CLOCK_MONOTONIC);
	if (may_draw(ui, *by_key, now, &next_ns)) {
		if (ui->tokens)
			ui->tokens--;
		ret = draw(ui, *anew, now);
		*by_key = false;
		*anew = false;
		if (ret)
			return err_set(err, ret, "drawing: %s", strerror(-ret));
	}
	ret = wait_for(ui, ops, context, fds, next_ns);
	if (ret)
		return err_set(err, ret, "waiting: %s", strerror(-ret));
	if (fds[POLL_SIGNAL].revents)
		on_signals(ui, ops, context);
	if (fds[POLL_KEYS].revents & POLLIN) {
		ret = on_keys(ui, ops, context, anew, err);
		*by_key = ui->dirty;
	} else if (fds[POLL_KEYS].revents) {
		ui->quit = true;	/* the terminal is gone */
	}
	return ret;
}

/**
 * ui_run - show the screens until the user has had enough
 * @ui: the screens
 * @ops: where events come from
 * @context: handed to its functions
 * @err: says what is wrong
 *
 * Return: 0 or -errno. The terminal is given back in any case.
 */
int ui_run(struct ui *ui, const struct ui_ops *ops, void *context, struct err *err)
{
	_cleanup_free_ struct pollfd *fds = calloc(POLL_FIXED + ops->max_fds, sizeof(*fds));
	bool by_key = true, anew = true;
	int ret;

	if (!fds)
		return err_set(err, -ENOMEM, "out of memory");
	ret = tui_open(&ui->tui, err);
	if (ret)
		return ret;
	tui_resize(ui->tui, &ui->state.width, &ui->state.height);
	name_report(&ui->state);
	ui->tokens = TOKENS;
	ui->refilled_ns = now_ns(CLOCK_MONOTONIC);
	while (!ui->quit && !ret)
		ret = run_once(ui, ops, context, fds, &by_key, &anew, err);
	tui_close(ui->tui);
	ui->tui = NULL;
	return ret;
}

/**
 * ui_follow - take events in, without a screen
 * @ui: the screens
 * @ops: where events come from
 * @context: handed to its functions
 * @err: says what is wrong
 *
 * Ends when a signal comes or @ui's quit is set, after one more step.
 *
 * Return: 0 or -errno.
 */
int ui_follow(struct ui *ui, const struct ui_ops *ops, void *context, struct err *err)
{
	_cleanup_free_ struct pollfd *fds = calloc(POLL_FIXED + ops->max_fds, sizeof(*fds));

	if (!fds)
		return err_set(err, -ENOMEM, "out of memory");
	for (;;) {
		u64 now = now_ns(CLOCK_MONOTONIC), next_ns = now + IDLE_NS;
		int ret = ops->step(context, ui, now, &next_ns, err);

		if (ret || ui->quit)
			return ret;
		ret = wait_for(ui, ops, context, fds, next_ns);
		if (ret)
			return err_set(err, ret, "waiting: %s", strerror(-ret));
		if (fds[POLL_SIGNAL].revents)
			on_signals(ui, ops, context);
	}
}

static int print_frame(struct ui *ui, bool first, FILE *out, struct err *err)
{
	_cleanup_buf_ struct buf text = { 0 };
	int ret = session_draw(&ui->session, &ui->frame, &ui->state, &ui->data);

	if (!ret) {
		/* The last line names keys, which nobody can press here. */
		ui->frame.height--;
		ret = frame_text(&ui->frame, &text);
		ui->frame.height++;
	}
	if (ret)
		return err_set(err, ret, "drawing: %s", strerror(-ret));
	if (!first)
		fputc('\n', out);
	fwrite(text.data, 1, text.len, out);
	/* What is wrong with standard output, main() says. */
	return fflush(out) ? err_set(err, -EIO, "%s", "") : 0;
}

/**
 * ui_batch - print frames as text
 * @ui: the screens
 * @ops: where events come from
 * @context: handed to its functions
 * @o: how many, and how often
 * @out: where to
 * @err: says what is wrong
 *
 * Ends early, with one frame more, when a signal comes or @ui's quit is set.
 *
 * Return: 0 or -errno.
 */
int ui_batch(struct ui *ui, const struct ui_ops *ops, void *context, const struct ui_options *o,
	     FILE *out, struct err *err)
{
	_cleanup_free_ struct pollfd *fds = calloc(POLL_FIXED + ops->max_fds, sizeof(*fds));
	u64 due_ns = now_ns(CLOCK_MONOTONIC) + o->delay_ns;
	unsigned int n = 0;
	int ret = 0;

	if (!fds)
		return err_set(err, -ENOMEM, "out of memory");
	ui->state.width = o->width;
	ui->state.height = o->height;
	while (n < o->batch && !ret) {
		u64 now = now_ns(CLOCK_MONOTONIC), next_ns = due_ns;

		ret = ops->step(context, ui, now, &next_ns, err);
		if (!ret && (now >= due_ns || ui->quit)) {
			ret = print_frame(ui, !n, out, err);
			n++;
			due_ns += o->delay_ns;
			if (ui->quit)
				break;
		}
		if (!ret && n < o->batch)
			ret = wait_for(ui, ops, context, fds, next_ns < due_ns ? next_ns : due_ns);
		if (fds[POLL_SIGNAL].revents)
			on_signals(ui, ops, context);
	}
	return ret;
}
