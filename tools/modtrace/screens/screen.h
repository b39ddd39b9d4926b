/* SPDX-License-Identifier: GPL-2.0-only */
/* The screens: state and model to a frame. Pure: neither curses nor clocks. */
#ifndef MODTRACE_SCREEN_H
#define MODTRACE_SCREEN_H

#include "model/timeline.h"
#include "screens/frame.h"
#include "views/view.h"

#define SCREEN_WIDTH_MIN 60
#define SCREEN_HEIGHT_MIN 15

/**
 * struct screen_log - what the command printed, the last lines of it
 * @lines: escaped lines
 * @nr: how many
 * @dropped: older ones that are gone
 */
struct screen_log {
	char **lines;
	size_t nr;
	u64 dropped;
};

/**
 * struct screen_data - what the screens are of
 * @view: rows and findings, of a model that may be a frozen one
 * @timeline: of the same moment
 * @start_ns: where time begins
 * @now_ns: what is now, on the events' clock: of a recording, where it is played
 * @duration_ns: of a recording, all of it; live 0
 * @per_second: events a second
 * @lost: events missing
 * @title: the file's name, or the command; NULL for neither
 * @child: what has become of the command, NULL without one
 * @log: what it printed, NULL without one
 */
struct screen_data {
	const struct view *view;
	const struct timeline *timeline;
	u64 start_ns;
	u64 now_ns;
	u64 duration_ns;
	u64 per_second;
	u64 lost;
	const char *title;
	const char *child;
	const struct screen_log *log;
};

int screen_draw(struct frame *f, struct tui_state *s, const struct screen_data *d);

#endif
