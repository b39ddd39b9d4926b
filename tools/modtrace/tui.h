/* SPDX-License-Identifier: GPL-2.0-only */
/* The terminal: the only user of curses. Draws frames, reads keys, restores what was. */
#ifndef MODTRACE_TUI_H
#define MODTRACE_TUI_H

#include "screens/frame.h"

struct tui;

/**
 * struct tui_input - a key, or a click
 * @key: the key; 0 for a click
 * @y: line of the click
 * @x: its column
 * @wheel: -1 up, 1 down, 0 for a click
 */
struct tui_input {
	u32 key;
	int y;
	int x;
	int wheel;
};

int tui_open(struct tui **t, struct err *err);
void tui_close(struct tui *t);
void tui_resize(struct tui *t, int *width, int *height);
void tui_draw(struct tui *t, const struct frame *f, bool anew);
bool tui_read(struct tui *t, struct tui_input *in);
void tui_suspend(struct tui *t);
void tui_resume(struct tui *t);
bool tui_is_utf8(void);

#endif
