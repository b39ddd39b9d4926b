/* SPDX-License-Identifier: GPL-2.0-only */
/* A screen's content as cells with styles: what is drawn before anything is drawn. Pure. */
#ifndef MODTRACE_FRAME_H
#define MODTRACE_FRAME_H

#include "lib/util.h"
#include "screens/tui_state.h"

/* What a cell means; colours and attributes are the terminal's business. */
enum style {
	STYLE_NORMAL,
	STYLE_DIM,
	STYLE_BRIGHT,
	STYLE_BAR, /* the lines at the top */
	STYLE_HEAD, /* heads of columns */
	STYLE_SORTED, /* the head of the column that makes the order */
	STYLE_KEY, /* footer */
	STYLE_BUTTON,
	STYLE_LOADED,
	STYLE_MERGED,
	STYLE_EXISTS,
	STYLE_BUSY,
	STYLE_FAILED,
	STYLE_AUTOLOAD,
	STYLE_OPEN,
	STYLE_WARN,
	STYLE_ERROR,
	STYLE_SELECTED, /* the chosen row, whatever is in it */
	STYLE_NR
};

/**
 * struct screen_cell - one column of one line
 * @ch: its character; 0 behind a wide one
 * @mark: a combining one above it, or 0
 * @style: enum style
 * @selected: in the chosen row
 */
struct screen_cell {
	u32 ch;
	u32 mark;
	u8 style;
	u8 selected;
};

/**
 * struct hot - a place where a click does something
 * @y: line
 * @x0: first column
 * @x1: the one behind the last
 * @action: what it does
 * @arg: of the action
 */
struct hot {
	int y;
	int x0;
	int x1;
	enum tui_action action;
	int arg;
};

/**
 * struct frame - one screen
 * @width: columns
 * @height: lines
 * @ascii: nothing but ASCII may be in it
 * @cells: line by line
 * @hots: where clicks count
 * @nr_hots: how many
 * @cap_hots: room for
 */
struct frame {
	int width;
	int height;
	bool ascii;
	struct screen_cell *cells;
	struct hot *hots;
	size_t nr_hots;
	size_t cap_hots;
};

int frame_begin(struct frame *f, int width, int height);
void frame_free(struct frame *f);
int frame_put(struct frame *f, int y, int x, int width, enum style style, const char *text);
int frame_putf(struct frame *f, int y, int x, int width, enum style style, const char *fmt, ...)
	__printf(6, 7);
int frame_put_name(struct frame *f, int y, int x, int width, enum style style, const char *name);
void frame_put_right(struct frame *f, int y, int x, int width, enum style style,
		     const char *text);
void frame_put_char(struct frame *f, int y, int x, enum style style, u32 ch);
void frame_fill(struct frame *f, int y, int x, int width, enum style style);
void frame_select(struct frame *f, int y, int x, int width);
int frame_hot(struct frame *f, int y, int x, int width, enum tui_action action, int arg);
const struct hot *frame_hot_at(const struct frame *f, int y, int x);
int frame_text(const struct frame *f, struct buf *out);

#endif
