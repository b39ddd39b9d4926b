/* SPDX-License-Identifier: GPL-2.0-only */
/* The screens: state and model to a frame. Pure: neither curses nor clocks. */
#ifndef MODTRACE_SCREEN_H
#define MODTRACE_SCREEN_H

#include "model/timeline.h"
#include "screens/frame.h"
#include "views/view.h"

#define SCREEN_WIDTH_MIN 40
#define SCREEN_HEIGHT_MIN 10

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
 * @filter: what is counted alone; NULL for everything
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
	const struct filter *filter;
	const char *title;
	const char *child;
	const struct screen_log *log;
};

/* A row to be put in order: by @value or @text, and else as it came. */
struct row {
	const void *of;
	u64 value;
	const char *text;
	size_t index;
};

/**
 * struct screen_rows - the rows of the screen the state is in; all zero is none
 * @rows: those that the filter leaves, in order
 * @nr: how many
 * @nr_all: how many there are without a filter
 * @made: what @rows are of, where that is made for them
 * @chosen: the row under the cursor, NULL if there is none
 */
struct screen_rows {
	struct row *rows;
	size_t nr;
	size_t nr_all;
	void *made;
	const void *chosen;
};

int screen_settle(struct screen_rows *r, struct tui_state *s, const struct screen_data *d);
int screen_draw(struct frame *f, const struct tui_state *s, const struct screen_data *d,
		const struct screen_rows *r);
void screen_rows_free(struct screen_rows *r);

#endif
