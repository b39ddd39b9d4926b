// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <inttypes.h>

#include "lib/wrap.h"

static void draw_text_status(struct draw *w, const char *what)
{
	const struct tui_list *l = &w->s->lists[w->s->screen];
	char text[192], more[64] = "";

	if (l->nr > l->page)
		snprintf(more, sizeof(more), "; lines %zu to %zu of %zu: PgUp and PgDn move",
			 l->top + 1, l->top + l->page, l->nr);
	snprintf(text, sizeof(text), " %s%s  Esc goes back", what, more);
	draw_status(w, text);
}

static const char help_text[] =
	"An attempt is one finit_module() or init_module() call. loaded: it loaded the module. "
	"merged: a kernel gate gave it another one's result, at once or after a wait. exists, busy: "
	"a duplicate that failed by itself: EEXIST, or EBUSY or ETXTBSY. failed: it ended by a signal "
	"or any other error. autoload: request_module() calls that waited for another's modprobe. "
	"now: in progress. wasted: bytes that duplicates read, decompressed and laid out for nothing; "
	"avoided: what merged ones would have spent. in calls: worker-seconds in calls of duplicates. "
	"A lane shows time from left to right; each cell shows what most of its duplicates or failures "
	"were; loads show where there were none. Bars of waiting attempts are thin.";

static size_t count_help_lines(int width)
{
	const char *at = help_text;
	size_t nr = 0;

	for (; *at; nr++) {
		at += wrapped_length(at, width - 2);
		at += *at == ' ';
	}
	return nr;
}

static void draw_help_text(struct draw *w, int y, size_t line)
{
	const int width = w->f->width - 2;
	_cleanup_free_ char *text = NULL;
	const char *at = help_text;

	for (; line && *at; line--) {
		at += wrapped_length(at, width);
		at += *at == ' ';
	}
	text = strndup(at, wrapped_length(at, width));
	if (text)
		frame_put(w->f, y, 1, width, STYLE_NORMAL, text);
	else
		w->ret = -ENOMEM;
}

static void draw_help_line(struct draw *w, int y, size_t line, size_t nr_keys)
{
	const unsigned int where = w->s->replay ? WHERE_REPLAY : WHERE_LIVE;
	size_t i, n = 0;

	if (line >= nr_keys) {
		line -= nr_keys;
		if (line)
			draw_help_text(w, y, line - 1);
		return;
	}
	for (i = 0; i < tui_bindings_nr; i++) {
		const struct tui_binding *b = &tui_bindings[i];

		if (!(b->where & where) || n++ != line)
			continue;
		frame_put_right(w->f, y, 1, 9, STYLE_BRIGHT, b->names);
		frame_put(w->f, y, 12, w->f->width - 12, STYLE_NORMAL, b->help);
		draw_check(w, frame_hot(w->f, y, 0, w->f->width, b->action, 0));
	}
}

static size_t count_keys(const struct tui_state *s)
{
	const unsigned int where = s->replay ? WHERE_REPLAY : WHERE_LIVE;
	size_t nr = 0, n;

	for (n = 0; n < tui_bindings_nr; n++)
		nr += (tui_bindings[n].where & where) != 0;
	return nr;
}

static int text_page(int height)
{
	return height - 4;
}

int settle_help(struct screen_rows *r, struct tui_state *s, const struct screen_data *d)
{
	struct tui_list *l = &s->lists[SCREEN_HELP];

	(void)r;
	(void)d;
	l->moved = false;
	tui_list_settle(l, count_keys(s) + 1 + count_help_lines(s->width), text_page(s->height));
	return 0;
}

void draw_help(struct draw *w)
{
	const struct tui_list *l = &w->s->lists[SCREEN_HELP];
	const int page = text_page(w->f->height);
	const size_t nr = count_keys(w->s);
	int i;

	for (i = 0; i < page; i++)
		draw_help_line(w, 2 + i, l->top + i, nr);
	draw_text_status(w, "Help");
}

int settle_log(struct screen_rows *r, struct tui_state *s, const struct screen_data *d)
{
	struct tui_list *l = &s->lists[SCREEN_LOG];
	const size_t nr = d->log ? d->log->nr : 0;

	(void)r;
	/* At its end it stays there, as more comes. */
	if (!l->moved && l->nr <= l->top + l->page)
		l->cursor = nr;
	l->moved = false;
	tui_list_settle(l, nr, text_page(s->height));
	return 0;
}

void draw_log(struct draw *w)
{
	const struct screen_log *log = w->d->log;
	const struct tui_list *l = &w->s->lists[SCREEN_LOG];
	const int page = text_page(w->f->height);
	const size_t nr = log ? log->nr : 0;
	char text[96];
	int i;

	for (i = 0; i < page && l->top + i < nr; i++)
		frame_put(w->f, 2 + i, 1, w->f->width - 1, STYLE_NORMAL, log->lines[l->top + i]);
	if (!nr)
		frame_put(w->f, 3, 2, w->f->width, STYLE_DIM, w->d->child ?
			  "The command has not printed anything." : "No command was started.");
	snprintf(text, sizeof(text), "The command's output, %s", w->d->child ? w->d->child : "");
	if (log && log->dropped)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 ", %" PRIu64 " older lines dropped", log->dropped);
	draw_text_status(w, text);
}
