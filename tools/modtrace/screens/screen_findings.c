// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <inttypes.h>

#include "lib/escape.h"

static u64 key_of_finding(const void *of)
{
	const struct finding *f = of;

	return hash_two((uintptr_t)f->id, (uintptr_t)f->module);
}

static bool finding_fits(const void *of, const char *text)
{
	const struct finding *f = of;

	return text_fits(f->text, text) || text_fits(f->id, text);
}

/* A text in lines of a width, broken between words where it can be. */
static int draw_wrapped(struct draw *w, int y, int lines, enum style style, const char *text)
{
	_cleanup_free_ char *clean = escape_dup(text, strlen(text));
	const int width = w->f->width - 2;
	char *at = clean;

	if (!clean) {
		w->ret = -ENOMEM;
		return y;
	}
	while (*at && lines > 0) {
		size_t len = strlen(at), n = len;
		char keep;

		if ((int)len > width) {
			n = width;
			while (n && at[n] != ' ')
				n--;
			if (!n)
				n = len;
		}
		keep = at[n];
		at[n] = '\0';
		frame_put(w->f, y++, 1, width, style, at);
		at[n] = keep;
		at += n + (keep == ' ');
		lines--;
	}
	return y;
}

static void draw_finding(struct draw *w, int y, const struct finding *f)
{
	_cleanup_buf_ struct buf text = { 0 }, remedy = { 0 };
	const struct evidence *e;
	int ret = 0;

	y = draw_wrapped(w, y, 3, severity_style(f->severity), f->text);
	if (f->remedy) {
		ret = buf_addf(&remedy, "Remedy: %s", f->remedy);
		if (!ret)
			y = draw_wrapped(w, y, 2, STYLE_NORMAL, remedy.data);
	}
	for (e = f->evidence; e < f->evidence + ARRAY_SIZE(f->evidence) && e->key && !ret; e++) {
		ret = buf_addf(&text, "%s%s=", text.len ? " " : "", e->key);
		if (!ret && e->text)
			ret = buf_addf(&text, "%s", e->text);
		else if (!ret && e->unknown)
			ret = buf_addf(&text, "?");
		else if (!ret)
			ret = buf_addf(&text, "%" PRIu64, e->value);
	}
	draw_check(w, ret);
	if (text.len)
		draw_wrapped(w, y, w->f->height - 2 - y, STYLE_DIM, text.data);
}

#define FINDINGS_BOTTOM 7

/* The module has a column of its own. */
static const char *text_without_module(const struct finding *f)
{
	size_t len = f->module ? strlen(f->module) : 0;

	if (len && !strncmp(f->text, f->module, len) && !strncmp(f->text + len, ": ", 2))
		return f->text + len + 2;
	return f->text;
}

static int findings_page(int height)
{
	return height - LIST_TOP - FINDINGS_BOTTOM;
}

int settle_findings(struct screen_rows *r, struct tui_state *s, const struct screen_data *d)
{
	struct tui_list *l = &s->lists[SCREEN_FINDINGS];
	const struct findings *all = &d->view->findings;
	const struct finding *chosen;
	size_t n;

	if (list_make(r, all->nr))
		return -ENOMEM;
	l->columns = 2;
	if (l->sort == TUI_SORT_DEFAULT)
		l->sort = 0;
	for (n = 0; n < all->nr; n++) {
		const struct finding *f = &all->all[n];

		if (!finding_fits(f, l->filter))
			continue;
		/* As they come, the worst is first. */
		r->rows[r->nr++] = (struct row){ .of = f, .text = l->sort != 1 ? NULL : f->module ?
						 f->module : "", .index = n };
	}
	list_order(r, l);
	list_settle(r, s, findings_page(s->height), key_of_finding, finding_fits);
	/* The view's rows have the same interned names as the findings. */
	chosen = r->chosen;
	s->chosen_module = chosen ? chosen->module : NULL;
	s->chosen_blame = chosen && !strcmp(chosen->id, "blame");
	return 0;
}

void draw_findings(struct draw *w)
{
	static const char *const heads[] = { "SEVERITY", "MODULE", "WHAT" };
	static const int at[] = { 0, 8, 28 };
	const struct tui_list *l = &w->s->lists[SCREEN_FINDINGS];
	const int page = findings_page(w->f->height);
	int i;

	frame_fill(w->f, LIST_TOP - 1, 0, w->f->width, STYLE_HEAD);
	for (i = 0; i < 2; i++)
		list_head(w, LIST_TOP - 1, at[i], at[i + 1] - at[i] - 1, i, heads[i], i);
	frame_put(w->f, LIST_TOP - 1, at[2], 8, STYLE_HEAD, heads[2]);
	for (i = 0; i < page && l->top + i < w->r->nr; i++) {
		const struct finding *f = w->r->rows[l->top + i].of;
		const int y = LIST_TOP + i;

		frame_put(w->f, y, 0, 7, severity_style(f->severity), severity_name(f->severity));
		frame_put_name(w->f, y, at[1], at[2] - at[1] - 1, STYLE_NORMAL, f->module);
		frame_put_name(w->f, y, at[2], w->f->width - at[2], STYLE_NORMAL,
			       text_without_module(f));
		if (l->top + i == l->cursor)
			frame_select(w->f, y, 0, w->f->width);
		draw_check(w, frame_hot(w->f, y, 0, w->f->width, ACT_SELECT, l->top + i));
	}
	if (w->r->chosen) {
		draw_finding(w, w->f->height - FINDINGS_BOTTOM + 1, w->r->chosen);
	} else {
		frame_put(w->f, LIST_TOP + 1, 2, w->f->width, STYLE_DIM, *l->filter ?
			  "No finding matches the filter; F4 changes it." : "No findings.");
	}
	draw_list_status(w, "findings; Enter goes there", w->r->nr_all, heads[l->sort]);
}
