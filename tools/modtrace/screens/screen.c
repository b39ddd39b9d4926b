// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

/**
 * screen_draw - draw the screen the state is in
 * @f: the frame; made as large as the state says
 * @s: the state; what depends on rows is brought up to date in it
 * @d: what to show
 *
 * Return: 0 or -ENOMEM.
 */
int screen_draw(struct frame *f, struct tui_state *s, const struct screen_data *d)
{
	static void (*const screens[])(struct draw *w) = {
		[SCREEN_MODULES] = draw_modules,
		[SCREEN_MODULE] = draw_module,
		[SCREEN_FINDINGS] = draw_findings,
		[SCREEN_REQUESTERS] = draw_requesters,
		[SCREEN_LOG] = draw_log,
		[SCREEN_HELP] = draw_help,
	};
	struct draw w = { .f = f, .s = s, .d = d };
	int ret = frame_begin(f, s->width > 0 ? s->width : 1, s->height > 0 ? s->height : 1);

	if (ret)
		return ret;
	s->total_ns = sat_sub(d->now_ns, d->start_ns);
	s->has_focus = false;
	if (s->width < SCREEN_WIDTH_MIN || s->height < SCREEN_HEIGHT_MIN) {
		frame_putf(f, 0, 0, f->width, STYLE_NORMAL, "%dx%d is too small, %dx%d at least",
			   s->width, s->height, SCREEN_WIDTH_MIN, SCREEN_HEIGHT_MIN);
		frame_put(f, 1, 0, f->width, STYLE_NORMAL,
			  s->prompt ? "Esc, then q quits" : "q quits");
		return 0;
	}
	draw_title(&w);
	draw_gates(&w);
	screens[s->screen](&w);
	draw_footer(&w);
	return w.ret;
}
