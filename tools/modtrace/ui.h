/* SPDX-License-Identifier: GPL-2.0-only */
/* The loop of the screens, live or replayed: signals, keys, events and drawing, in one ppoll(). */
#ifndef MODTRACE_UI_H
#define MODTRACE_UI_H

#include <poll.h>
#include <signal.h>

#include "screens/session.h"
#include "tui.h"

/**
 * struct ui_options - what both ways to the screens can be told
 * @batch: print so many frames, without a terminal; 0 for screens
 * @delay_given: somebody chose it
 * @size_given: likewise
 * @delay_ns: between two of them
 * @ascii: no other characters
 * @width: of the frames printed
 * @height: likewise
 * @filter: what is counted, shown and saved
 */
struct ui_options {
	unsigned int batch;
	bool delay_given;
	bool size_given;
	u64 delay_ns;
	bool ascii;
	int width;
	int height;
	struct filter filter;
};

/**
 * struct ui - the screens
 * @session: what they are of
 * @state: what the user has chosen
 * @data: what only the source of events knows
 * @frame: what is drawn
 * @tui: the terminal, NULL for a batch
 * @signals: a signalfd
 * @old_mask: signals as they were, for children
 * @signal: the one that ended us, 0 for none
 * @dirty: something has changed since it was drawn
 * @quit: it is over
 */
struct ui {
	struct session session;
	struct tui_state state;
	struct screen_data data;
	struct frame frame;
	struct tui *tui;
	int signals;
	sigset_t old_mask;
	int signal;
	bool dirty;
	bool quit;

	/* private */
	enum tui_screen settled;
	unsigned int tokens;
	u64 refilled_ns;
	u64 drawn_ns;
};

/**
 * struct ui_ops - where events come from
 * @fds: descriptors that wake the loop; up to max_fds of them; may be NULL
 * @step: take in what has come by now, and say when to be called again at the latest
 * @effects: do what a key wants, of enum tui_effect; may be NULL
 * @child: a child has changed; may be NULL
 * @max_fds: how many descriptors there may be
 */
struct ui_ops {
	size_t (*fds)(void *context, struct pollfd *fds);
	int (*step)(void *context, struct ui *ui, u64 now_ns, u64 *next_ns, struct err *err);
	int (*effects)(void *context, struct ui *ui, unsigned int effects, struct err *err);
	void (*child)(void *context, struct ui *ui, int signal);
	size_t max_fds;
};

int ui_signals(struct ui *ui);
int ui_parse(struct ui_options *o, int option, const char *value, struct err *err);
int ui_check_options(const struct ui_options *o, struct err *err);
int ui_run(struct ui *ui, const struct ui_ops *ops, void *context, struct err *err);
int ui_follow(struct ui *ui, const struct ui_ops *ops, void *context, struct err *err);
int ui_batch(struct ui *ui, const struct ui_ops *ops, void *context, const struct ui_options *o,
	     FILE *out, struct err *err);
void ui_free(struct ui *ui);

/* Options of both commands. */
enum {
	UI_OPT_DELAY = 'd',
	UI_OPT_COMM = 'c',
	UI_OPT_BATCH = 0x200,
	UI_OPT_ASCII,
	UI_OPT_SIZE,
	UI_OPT_MODULE,
	UI_OPT_TIME,
};

#define UI_OPTIONS                                                                               \
	{ UI_OPT_COMM, "comm", "GLOBS", "only attempts by threads whose name matches" },         \
		{ UI_OPT_BATCH, "batch", "N",                                                    \
		  "print N frames as text instead of using the terminal" },                      \
		{ UI_OPT_SIZE, "size", "WxH", "frame size in columns x lines (default 80x24)" }, \
	{                                                                                        \
		UI_OPT_ASCII, "ascii", NULL, "use ASCII characters only"                         \
	}

#endif
