/* SPDX-License-Identifier: GPL-2.0-only */
/* What the screens are drawn with: lines and lanes they share, and rows in order with a cursor. */
#ifndef MODTRACE_DRAW_H
#define MODTRACE_DRAW_H

#include "screens/screen.h"

/**
 * struct draw - all that a part of a screen needs
 * @f: where to
 * @s: what the user has chosen
 * @d: what there is to show
 * @r: its rows, settled
 * @ret: the first error, 0 for none
 */
struct draw {
	struct frame *f;
	const struct tui_state *s;
	const struct screen_data *d;
	const struct screen_rows *r;
	int ret;
};

/**
 * struct kind_look - how a kind of attempt looks, wherever it is drawn
 * @utf8: character
 * @ascii: what stands for it without UTF-8
 * @style: likewise everywhere
 * @word: what counts of it are called
 */
struct kind_look {
	u32 utf8;
	char ascii;
	enum style style;
	const char *word;
};

extern const struct kind_look kind_looks[];

u32 draw_look(const struct draw *w, enum lane_kind kind);
u32 draw_glyph(const struct draw *w, u32 utf8, char ascii);
void draw_check(struct draw *w, int ret);

void format_few(char *text, size_t size, int width, u64 n);

/* Below this many lines a screen is its list, and little else. */
#define LOW_HEIGHT 15

bool draw_is_low(const struct draw *w);
int list_top(int height);
void settle_span(struct tui_state *s, const struct screen_data *d);
void draw_title(struct draw *w);
void draw_gates(struct draw *w);
void draw_footer(struct draw *w);
void draw_status(struct draw *w, const char *text);
void draw_list_status(struct draw *w, const char *rows, size_t all, const char *sorted);
void draw_counts(struct draw *w, int y, const char *what, const struct tally *t, u64 dups);
void draw_bar(struct draw *w, int y, const struct tally *t);
void draw_costs(struct draw *w, int y, const struct tally *t);

void draw_window_ns(const struct draw *w, u64 *from_ns, u64 *to_ns);
void draw_lane(struct draw *w, int y, int x, int width, const struct lane *lane);
enum style severity_style(enum severity severity);
void draw_format_time(const struct draw *w, char *text, size_t size, u64 ns);
void draw_axis(struct draw *w, int y, int x, int width, enum style style);

/* What tells a row from all others, however they are ordered. */
typedef u64 (*row_key_fn)(const void *of);
typedef bool (*row_fits_fn)(const void *of, const char *text);

bool text_fits(const char *s, const char *text);
int list_make(struct screen_rows *r, size_t nr);
void list_order(struct screen_rows *r, const struct tui_list *l);
void list_settle(struct screen_rows *r, struct tui_state *s, size_t page, row_key_fn key,
		 row_fits_fn fits);
void list_head(struct draw *w, int y, int x, int width, int column, const char *head, bool is_text);

int settle_modules(struct screen_rows *r, struct tui_state *s, const struct screen_data *d);
int settle_module(struct screen_rows *r, struct tui_state *s, const struct screen_data *d);
int settle_findings(struct screen_rows *r, struct tui_state *s, const struct screen_data *d);
int settle_requesters(struct screen_rows *r, struct tui_state *s, const struct screen_data *d);
int settle_log(struct screen_rows *r, struct tui_state *s, const struct screen_data *d);
int settle_help(struct screen_rows *r, struct tui_state *s, const struct screen_data *d);

void draw_modules(struct draw *w);
void draw_module(struct draw *w);
void draw_findings(struct draw *w);
void draw_requesters(struct draw *w);
void draw_log(struct draw *w);
void draw_help(struct draw *w);

#endif
