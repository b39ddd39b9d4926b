// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "lib/wrap.h"

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

/* A text in lines of the screen's width. Return: the line behind it. */
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
		const size_t n = wrapped_length(at, width);
		const char keep = at[n];

		at[n] = '\0';
		frame_put(w->f, y++, 1, width, style, at);
		at[n] = keep;
		at += n + (keep == ' ');
		lines--;
	}
	return y;
}

static int lines_of(const char *text, int width)
{
	_cleanup_free_ char *clean = escape_dup(text, strlen(text));
	const char *at = clean;
	int lines = 0;

	while (at && *at) {
		at += wrapped_length(at, width);
		at += *at == ' ';
		lines++;
	}
	return lines;
}

static int add_remedy(struct buf *b, const struct finding *f)
{
	return f->remedy ? buf_addf(b, "Remedy: %s", f->remedy) : buf_add(b, "", 0);
}

static void draw_finding(struct draw *w, int y, int end, const struct finding *f)
{
	_cleanup_buf_ struct buf text = { 0 }, remedy = { 0 };
	const struct evidence *e;
	int ret = add_remedy(&remedy, f);

	y = draw_wrapped(w, y, end - y, severity_style(f->severity), f->text);
	if (!ret && remedy.len)
		y = draw_wrapped(w, y, end - y, STYLE_NORMAL, remedy.data);
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
		draw_wrapped(w, y, end - y, STYLE_DIM, text.data);
}

/*
 * Lines below the list: as many as the longest cause and remedy take, so that none is cut, and two for
 * evidence; at least three rows remain for the list.
 */
static int findings_bottom(int width, int height, const struct findings *all)
{
	const int most = height - list_top(height) - 3 - 2;
	int need = 0;
	size_t i;

	for (i = 0; i < all->nr; i++) {
		_cleanup_buf_ struct buf remedy = { 0 };
		int lines = lines_of(all->all[i].text, width - 2);

		if (!add_remedy(&remedy, &all->all[i]) && remedy.len)
			lines += lines_of(remedy.data, width - 2);
		if (lines > need)
			need = lines;
	}
	need += 2;
	return need > most ? most : need;
}

/* The module has a column of its own. */
static const char *text_without_module(const struct finding *f)
{
	size_t len = f->module ? strlen(f->module) : 0;

	if (len && !strncmp(f->text, f->module, len) && !strncmp(f->text + len, ": ", 2))
		return f->text + len + 2;
	return f->text;
}

static int findings_page(int width, int height, const struct findings *all)
{
	return height - list_top(height) - findings_bottom(width, height, all) - 2;
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
	list_settle(r, s, findings_page(s->width, s->height, all), key_of_finding, finding_fits);
	/* The view's rows have the same interned names as the findings. */
	chosen = r->chosen;
	s->chosen_module = chosen ? chosen->module : NULL;
	settle_span(s, d);
	s->chosen_blame = chosen && (!strcmp(chosen->id, "blame") ||
				     !strcmp(chosen->id, "fruitless_requests"));
	return 0;
}

void draw_findings(struct draw *w)
{
	static const char *const heads[] = { "LEVEL", "MODULE", "WHAT" };
	const int at[] = { 0, 8, w->f->width < 60 ? 22 : 28 };
	const struct tui_list *l = &w->s->lists[SCREEN_FINDINGS];
	const int page = findings_page(w->f->width, w->f->height, &w->d->view->findings);
	const int top = list_top(w->f->height), end = w->f->height - 2;
	int i;

	frame_fill(w->f, top - 1, 0, w->f->width, STYLE_HEAD);
	for (i = 0; i < 2; i++)
		list_head(w, top - 1, at[i], at[i + 1] - at[i] - 1, i, heads[i], i);
	frame_put(w->f, top - 1, at[2], 8, STYLE_HEAD, heads[2]);
	for (i = 0; i < page && l->top + i < w->r->nr; i++) {
		const struct finding *f = w->r->rows[l->top + i].of;
		const int y = top + i;

		frame_put(w->f, y, 0, 7, severity_style(f->severity), severity_name(f->severity));
		frame_put_name(w->f, y, at[1], at[2] - at[1] - 1, STYLE_NORMAL, f->module);
		frame_put_name(w->f, y, at[2], w->f->width - at[2], STYLE_NORMAL,
			       text_without_module(f));
		if (l->top + i == l->cursor)
			frame_select(w->f, y, 0, w->f->width);
		draw_check(w, frame_hot(w->f, y, 0, w->f->width, ACT_SELECT, l->top + i));
	}
	if (w->r->chosen) {
		draw_finding(w, top + page, end, w->r->chosen);
	} else {
		frame_put(w->f, top + 1, 2, w->f->width, STYLE_DIM,
			  *l->filter ? "No finding matches the filter; F4 changes it." :
				       "No findings.");
	}
	draw_list_status(w, "findings; Enter goes there", w->r->nr_all, heads[l->sort]);
}
