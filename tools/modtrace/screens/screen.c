// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

static const struct {
	int (*settle)(struct screen_rows *r, struct tui_state *s, const struct screen_data *d);
	void (*draw)(struct draw *w);
} screens[] = {
	[SCREEN_MODULES] = { settle_modules, draw_modules },
	[SCREEN_MODULE] = { settle_module, draw_module },
	[SCREEN_FINDINGS] = { settle_findings, draw_findings },
	[SCREEN_REQUESTERS] = { settle_requesters, draw_requesters },
	[SCREEN_LOG] = { settle_log, draw_log },
	[SCREEN_HELP] = { settle_help, draw_help },
};

static bool is_too_small(const struct tui_state *s)
{
	return s->width < SCREEN_WIDTH_MIN || s->height < SCREEN_HEIGHT_MIN;
}

/**
 * screen_settle - find rows, cursor and what is chosen on the screen the state is in
 * @r: filled; screen_rows_free() frees it, after an error too
 * @s: the state; what depends on rows is brought up to date in it
 * @d: what to show
 *
 * Return: 0 or -ENOMEM.
 */
int screen_settle(struct screen_rows *r, struct tui_state *s, const struct screen_data *d)
{
	*r = (struct screen_rows){ 0 };
	s->now_ns = sat_sub(d->now_ns, d->start_ns);
	/* All of a recording has its place from the start, so that nothing slides when it plays. */
	s->total_ns = s->replay && d->duration_ns > s->now_ns ? d->duration_ns : s->now_ns;
	s->chosen_to_ns = 0;
	s->has_focus = false;
	return is_too_small(s) ? 0 : screens[s->screen].settle(r, s, d);
}

/**
 * screen_rows_free - free rows
 * @r: the rows; none afterwards
 */
void screen_rows_free(struct screen_rows *r)
{
	free(r->rows);
	free(r->made);
	*r = (struct screen_rows){ 0 };
}

/**
 * screen_draw - draw the screen the state is in
 * @f: the frame; made as large as the state says
 * @s: the state, settled
 * @d: what to show, as it was when the state was settled
 * @r: the rows, settled
 *
 * Return: 0 or -ENOMEM.
 */
int screen_draw(struct frame *f, const struct tui_state *s, const struct screen_data *d,
		const struct screen_rows *r)
{
	struct draw w = { .f = f, .s = s, .d = d, .r = r };
	int ret = frame_begin(f, s->width > 0 ? s->width : 1, s->height > 0 ? s->height : 1);

	if (ret)
		return ret;
	if (is_too_small(s)) {
		frame_putf(f, 0, 0, f->width, STYLE_NORMAL, "%dx%d is too small; the minimum is %dx%d",
			   s->width, s->height, SCREEN_WIDTH_MIN, SCREEN_HEIGHT_MIN);
		frame_put(f, 1, 0, f->width, STYLE_NORMAL,
			  s->prompt ? "Esc, then q quits" : "q quits");
		return 0;
	}
	draw_title(&w);
	/* What is left out is said even where there is room for little. */
	if (!draw_is_low(&w) || (d->filter && !filter_is_empty(d->filter)))
		draw_gates(&w);
	screens[s->screen].draw(&w);
	draw_footer(&w);
	return w.ret;
}
