// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <inttypes.h>

#include "lib/escape.h"

static void format_clock(char *text, size_t size, u64 ns)
{
	u64 s = ns / NSEC_PER_SEC;

	if (s < 3600)
		snprintf(text, size, "%02" PRIu64 ":%02" PRIu64 ".%" PRIu64, s / 60, s % 60,
			 ns / (NSEC_PER_SEC / 10) % 10);
	else
		snprintf(text, size, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600,
			 s / 60 % 60, s % 60);
}

static const char *mode_of(const struct source_info *info)
{
	return info->stock ? "stock" : "patched";
}

/**
 * draw_title - the first line: what is looked at
 * @w: what is drawn
 */
void draw_title(struct draw *w)
{
	const struct source_info *info = w->d->view->info;
	const struct tui_state *s = w->s;
	char now[32], end[32], right[96], kernel[128];
	int x, room;

	format_clock(now, sizeof(now), sat_sub(w->d->now_ns, w->d->start_ns));
	if (s->replay) {
		format_clock(end, sizeof(end), w->d->duration_ns);
		snprintf(right, sizeof(right), "%s %s%d  %s/%s ",
			 s->paused ? "stopped" : "playing", s->speed < 0 ? "1/" : "x",
			 1 << abs(s->speed), now, end);
	} else {
		snprintf(right, sizeof(right), "%s%s ", s->paused ? "PAUSED  " : "", now);
	}
	room = w->f->width - (int)strlen(right) - 1;
	x = frame_put(w->f, 0, 0, room, STYLE_BAR, s->replay ? " modtrace report" :
		      " modtrace live");
	escape(kernel, sizeof(kernel), info->kernel ? info->kernel : "unknown",
	       strlen(info->kernel ? info->kernel : "unknown"));
	x = frame_putf(w->f, 0, x, room - x, STYLE_BAR, "  %s  %s  %u CPUs", kernel, mode_of(info),
		       info->cpus);
	if (w->d->title && room - x > 6) {
		x = frame_put(w->f, 0, x, room - x, STYLE_BAR, "  ");
		frame_put_name(w->f, 0, x, room - x, STYLE_BAR, w->d->title);
	}
	frame_put_right(w->f, 0, room, w->f->width - room, STYLE_BAR, right);
	frame_fill(w->f, 0, 0, w->f->width, STYLE_BAR);
	if (s->paused && !s->replay)
		frame_fill(w->f, 0, w->f->width - (int)strlen(right), 6, STYLE_WARN);
}

static int add_patterns(struct buf *b, const char *what, const struct patterns *p)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < p->nr && !ret; i++)
		ret = buf_addf(b, "%s%s", i ? "," : b->len ? what : what + 1, p->text[i]);
	return ret;
}

/* What alone is counted; NULL if that is everything. */
static char *filter_text(struct draw *w)
{
	const struct filter *f = w->d->filter;
	struct buf b = { 0 };
	char from[32], until[32] = "the end";
	int ret;

	if (!f || filter_is_empty(f))
		return NULL;
	ret = add_patterns(&b, " -m ", &f->modules);
	if (!ret)
		ret = add_patterns(&b, " -c ", &f->comms);
	if (!ret && (f->from_ns || f->until_ns)) {
		format_ns(from, sizeof(from), f->from_ns);
		if (f->until_ns)
			format_ns(until, sizeof(until), f->until_ns);
		ret = buf_addf(&b, "%s%s to %s", b.len ? " " : "", from, until);
	}
	draw_check(w, ret);
	return b.data;
}

/**
 * draw_gates - the second line: the gates, or what alone is shown, and what is missing
 * @w: what is drawn
 */
void draw_gates(struct draw *w)
{
	const struct source_info *info = w->d->view->info;
	_cleanup_free_ char *text = NULL;
	char right[96], rate[16];
	int x = 0, room;
	size_t i;

	format_few(rate, sizeof(rate), 7, w->d->per_second);
	text = filter_text(w);
	if (w->s->replay)
		snprintf(right, sizeof(right), "%s lost %" PRIu64 " ",
			 info->truncated ? " NOT WHOLE: F5 " : "", w->d->lost);
	else
		snprintf(right, sizeof(right), " %s events/s  lost %" PRIu64 " ", rate,
			 w->d->lost);
	room = w->f->width - (int)strlen(right);
	if (text)
		x = frame_put_name(w->f, 1, frame_put(w->f, 1, 0, room, STYLE_WARN, " only "),
				   room - 6, STYLE_WARN, text);
	for (i = 0; i < info->nr_states && !text; i++) {
		const struct state *state = &info->states[i];
		const char *value = state->at_start ? state->at_start : "?";

		if (!w->s->replay && state->at_end)
			value = state->at_end;
		if (strncmp(state->key, "merge_", 6))
			continue;
		x = frame_put(w->f, 1, x, room - x, STYLE_DIM, x ? " " : " gates ");
		x = frame_put_name(w->f, 1, x, room - x, STYLE_DIM, state->key + 6);
		x = frame_put(w->f, 1, x, room - x, STYLE_DIM, "=");
		x = frame_put_name(w->f, 1, x, room - x, STYLE_NORMAL, value);
	}
	if (!x)
		frame_put(
			w->f, 1, 0, room, STYLE_DIM,
			info->stock ?
				" stock kernel: no gates; duplicates do all their work for nothing" :
				" the gates' parameters are not in the recording");
	frame_put_right(w->f, 1, room, w->f->width - room, STYLE_NORMAL, right);
	if (w->s->replay && info->truncated)
		frame_fill(w->f, 1, room, (int)strlen(right), STYLE_ERROR);
	else if (w->d->lost)
		frame_fill(w->f, 1, w->f->width - (int)strlen(strstr(right, "lost")),
			   (int)strlen(strstr(right, "lost")), STYLE_ERROR);
}

static int button_width(const struct tui_binding *b)
{
	return strlen(b->button) + strlen(b->word) + 1;
}

/**
 * draw_footer - the last line: keys
 * @w: what is drawn
 */
void draw_footer(struct draw *w)
{
	const unsigned int where = w->s->replay ? WHERE_REPLAY : WHERE_LIVE;
	const int y = w->f->height - 1;
	/* The last one, the way out, is always there. */
	const int last = button_width(&tui_bindings[tui_bindings_nr - 1]);
	int x = 0;
	size_t i;

	for (i = 0; i < tui_bindings_nr; i++) {
		const struct tui_binding *b = &tui_bindings[i];
		int from = x, need;

		if (!b->button || !(b->where & where))
			continue;
		need = button_width(b);
		if (x + need + (i + 1 < tui_bindings_nr ? last : 0) > w->f->width)
			continue;
		x = frame_put(w->f, y, x, w->f->width - x, STYLE_KEY, b->button);
		x = frame_put(w->f, y, x, w->f->width - x, STYLE_BUTTON, b->word);
		frame_fill(w->f, y, x, 1, STYLE_BUTTON);
		x++;
		draw_check(w, frame_hot(w->f, y, from, x - from, b->action, 0));
	}
	frame_fill(w->f, y, x, w->f->width - x, STYLE_BUTTON);
}

static void draw_prompt(struct draw *w, int y)
{
	static const char *const prompts[] = {
		[PROMPT_SEARCH] = "Search: ",
		[PROMPT_FILTER] = "Filter: ",
		[PROMPT_SAVE] = "Save as (.txt .svg ...): ",
	};
	static const char *const hints[] = {
		[PROMPT_SEARCH] = " Enter: stay here  Esc: go back to where it was",
		[PROMPT_FILTER] = "  Enter: keep  Esc: undo  * and ? are wildcards",
		[PROMPT_SAVE] = " Enter: yes  Esc: no",
	};
	const struct tui_state *s = w->s;
	const int width = w->f->width;
	const size_t nr = s->lists[s->screen].nr;
	char clean[4 * TUI_TEXT], *from;
	int x, cursor;

	x = frame_put(w->f, y, 0, width, STYLE_BRIGHT, prompts[s->prompt]);
	escape(clean, sizeof(clean), s->text, s->text_at);
	/* Of a long one, what is around the cursor. */
	from = clean;
	while (display_width(from) > (size_t)(width - x) * 2 / 3)
		do {
			from++;
		} while ((*from & 0xc0) == 0x80);
	cursor = x = frame_put(w->f, y, x, width - x - 1, STYLE_NORMAL, from);
	frame_put_char(w->f, y, x, STYLE_KEY, '_');
	escape(clean, sizeof(clean), s->text + s->text_at, s->text_len - s->text_at);
	/* The cursor is on a character, if there is one. */
	if (*clean) {
		x = frame_put(w->f, y, x, width - x - 1, STYLE_NORMAL, clean) - 1;
		frame_select(w->f, y, cursor, 1);
	}
	if (s->prompt == PROMPT_FILTER)
		x = frame_putf(w->f, y, x + 2, width - x - 2, STYLE_BRIGHT, "%zu row%s", nr,
			       nr == 1 ? "" : "s") - 2;
	frame_put(w->f, y, x + 2, width - x - 2, *s->message ? STYLE_WARN : STYLE_DIM,
		  *s->message ? s->message : hints[s->prompt]);
}

/**
 * draw_status - the line above the keys: what is typed, else what there is to say, else @text
 * @w: what is drawn
 * @text: where we are
 */
void draw_status(struct draw *w, const char *text)
{
	const int y = w->f->height - 2;

	if (w->s->prompt)
		draw_prompt(w, y);
	else if (*w->s->message)
		frame_put(w->f, y, 0, w->f->width, STYLE_BRIGHT, w->s->message);
	else
		frame_put(w->f, y, 0, w->f->width, STYLE_DIM, text);
}

/**
 * draw_list_status - that line, of a list
 * @w: what is drawn
 * @rows: what the rows are
 * @all: how many there would be without a filter
 * @sorted: by which column; NULL where there is but one order
 */
void draw_list_status(struct draw *w, const char *rows, size_t all, const char *sorted)
{
	const struct tui_list *l = &w->s->lists[w->s->screen];
	char text[512], clean[4 * TUI_TEXT] = "", folded[64] = "", by[64] = "";
	const char *zoomed = "";

	escape(clean, sizeof(clean), l->filter, strlen(l->filter));
	if (w->d->timeline->folded)
		snprintf(folded, sizeof(folded), "  older %" PRIu64 " attempts in counts only",
			 w->d->timeline->folded);
	if (sorted)
		snprintf(by, sizeof(by), "  by %s%s", sorted, l->invert ? ", inverted" : "");
	if (w->s->screen == SCREEN_MODULES && w->s->span_ns)
		zoomed = w->s->follow ? "  zoomed, following" : "  zoomed";
	snprintf(text, sizeof(text), " %zu of %zu %s%s%.200s%s%s%s%s%.100s", l->nr, all, rows,
		 *clean ? "  filter: " : "", clean, by, zoomed, folded,
		 w->d->child ? "  command " : "", w->d->child ? w->d->child : "");
	draw_status(w, text);
}
