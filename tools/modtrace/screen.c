// SPDX-License-Identifier: GPL-2.0-only
#include "screen.h"

#include <ctype.h>
#include <inttypes.h>

#include "escape.h"

/* Everything a part of a screen needs, so that it is handed on as one. */
struct draw {
	struct frame *f;
	struct tui_state *s;
	const struct screen_data *d;
	int ret;
};

/* How each kind looks: the same character and style wherever it is. */
static const struct kind_look {
	u32 utf8;
	char ascii;
	enum style style;
	const char *word;
} looks[] = {
	[LANE_LOADED] = { 0x2588, '#', STYLE_LOADED, "loaded" },
	[LANE_MERGED] = { 0x2592, '=', STYLE_MERGED, "merged" },
	[LANE_EXISTS] = { 0x2593, 'e', STYLE_EXISTS, "exists" },
	[LANE_BUSY] = { 0x2580, 'b', STYLE_BUSY, "busy" },
	[LANE_FAILED] = { 0xd7, 'x', STYLE_FAILED, "failed" },
	[LANE_AUTOLOAD] = { 0x25cb, 'o', STYLE_AUTOLOAD, "autoload" },
	[LANE_OPEN] = { 0xbb, '>', STYLE_OPEN, "now" },
	[LANE_NONE] = { 0xb7, '.', STYLE_DIM, "" },
};

static u32 look_of(const struct frame *f, enum lane_kind kind)
{
	return f->ascii ? (u32)looks[kind].ascii : looks[kind].utf8;
}

static u32 glyph(const struct frame *f, u32 utf8, char ascii)
{
	return f->ascii ? (u32)ascii : utf8;
}

static void check(struct draw *w, int ret)
{
	if (ret && !w->ret)
		w->ret = ret;
}

/* -- numbers in few columns -- */

static void format_count(char *text, size_t size, int width, u64 n)
{
	static const char units[] = "kMGTPE";
	double value = n;
	int unit = -1;

	if (snprintf(text, size, "%" PRIu64, n) <= width)
		return;
	do {
		value /= 1000;
		unit++;
	} while (unit < 5 && snprintf(text, size, "%.0f%c", value, units[unit]) > width);
	if (value < 10)
		snprintf(text, size, "%.1f%c", value, units[unit]);
	if ((int)strlen(text) > width)
		snprintf(text, size, "%.0f%c", value, units[unit]);
}

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

/* -- search and filter -- */

/* Case matters to nobody who looks for a module. */
static bool has_text(const char *s, const char *text)
{
	return !*text || (s && strcasestr(s, text));
}

/* -- columns of modules -- */

enum form { FORM_NAME, FORM_COUNT, FORM_BYTES, FORM_NS, FORM_TEXT };

/* One column: @from is how wide a screen must be to have it. */
struct module_column {
	const char *head;
	int width;
	int from;
	enum form form;
	u64 (*value)(const struct module *m);
	const char *(*text)(const struct module *m);
};

static u64 attempts_of(const struct module *m)
{
	return m->tally.attempts;
}

static u64 open_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_IN_FLIGHT] + m->tally.outcomes[OUTCOME_UNKNOWN];
}

static u64 loaded_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_LOADED];
}

static u64 merged_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_MERGED];
}

static u64 exists_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_EXISTS];
}

static u64 busy_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_BUSY];
}

static u64 failed_of(const struct module *m)
{
	return m->tally.outcomes[OUTCOME_FAILED] + m->tally.outcomes[OUTCOME_INTERRUPTED];
}

static u64 wasted_of(const struct module *m)
{
	return tally_wasted(&m->tally);
}

static u64 avoided_of(const struct module *m)
{
	return m->tally.avoided_bytes;
}

static u64 p99_of(const struct module *m)
{
	return m->tally.wait.count ? hist_percentile(&m->tally.wait, 99) : 0;
}

static u64 by_file_of(const struct module *m)
{
	return m->tally.gates[GATE_FILE];
}

static u64 by_live_of(const struct module *m)
{
	return m->tally.gates[GATE_LIVE];
}

static u64 by_name_of(const struct module *m)
{
	return m->tally.gates[GATE_NAME];
}

static const char *name_of(const struct module *m)
{
	return m->name;
}

/* Who wasted most, or if nobody did, who asked most. */
static const char *requester_of(const struct module *m)
{
	const struct requester *r, *best = NULL;

	for (r = m->requesters; r; r = r->next)
		if (r->attempts && (!best || r->wasted_bytes > best->wasted_bytes ||
				    (r->wasted_bytes == best->wasted_bytes &&
				     (r->attempts > best->attempts ||
				      (r->attempts == best->attempts &&
				       strcmp(r->comm, best->comm) < 0)))))
			best = r;
	return best ? best->comm : "";
}

static const struct module_column module_columns[] = {
	{ "MODULE", 16, 0, FORM_NAME, NULL, name_of },
	{ "ATTEMP", 6, 0, FORM_COUNT, attempts_of, NULL },
	{ "NOW", 4, 0, FORM_COUNT, open_of, NULL },
	{ "LOADED", 6, 104, FORM_COUNT, loaded_of, NULL },
	{ "MERGED", 6, 0, FORM_COUNT, merged_of, NULL },
	{ "EXISTS", 6, 80, FORM_COUNT, exists_of, NULL },
	{ "BUSY", 5, 74, FORM_COUNT, busy_of, NULL },
	{ "FAIL", 5, 68, FORM_COUNT, failed_of, NULL },
	{ "WASTED", 8, 0, FORM_BYTES, wasted_of, NULL },
	{ "AVOIDED", 8, 114, FORM_BYTES, avoided_of, NULL },
	{ "WAIT p99", 8, 124, FORM_NS, p99_of, NULL },
	{ "BYFILE", 6, 170, FORM_COUNT, by_file_of, NULL },
	{ "BYLIVE", 6, 170, FORM_COUNT, by_live_of, NULL },
	{ "BYNAME", 6, 170, FORM_COUNT, by_name_of, NULL },
	{ "REQUESTER", 16, 142, FORM_TEXT, NULL, requester_of },
};

#define NR_COLUMNS ((int)ARRAY_SIZE(module_columns))

static int column_width(const struct draw *w, int column)
{
	int extra = (w->f->width - 80) / 4;

	if (w->f->width < module_columns[column].from)
		return 0;
	if (column)
		return module_columns[column].width;
	if (w->f->width < 80)
		return w->f->width < 72 ? 12 : 16;
	return module_columns[0].width + (extra > 16 ? 16 : extra);
}

/* A row to be put in order: by @value or @text, and else as it came. */
struct row {
	const void *of;
	u64 value;
	const char *text;
	size_t index;
};

static int by_order(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = 0;

	if (x->text && y->text)
		c = strcmp(x->text, y->text);
	if (!c && x->value != y->value)
		c = x->value < y->value ? 1 : -1;
	return c ? c : x->index < y->index ? -1 : x->index > y->index;
}

static void order(struct row *rows, size_t nr, const struct tui_list *l)
{
	size_t i;

	if (l->sort >= 0)
		qsort(rows, nr, sizeof(*rows), by_order);
	if (!l->invert)
		return;
	for (i = 0; i < nr / 2; i++) {
		struct row swap = rows[i];

		rows[i] = rows[nr - 1 - i];
		rows[nr - 1 - i] = swap;
	}
}

/* -- the cursor of a list -- */

typedef u64 (*key_fn)(const void *of);
typedef bool (*match_fn)(const struct draw *w, const void *of, const char *text);

static size_t search_from(struct draw *w, const struct row *rows, size_t nr, match_fn match,
			  size_t at, bool *found)
{
	struct tui_state *s = w->s;
	size_t i;

	for (i = s->found ? 0 : 1; i <= nr; i++) {
		size_t row = s->search_step > 0 ? (at + i) % nr : (at + nr - i % nr) % nr;

		if (match(w, rows[row].of, s->search)) {
			*found = true;
			return row;
		}
	}
	*found = false;
	return at;
}

/*
 * Rows come and go: the chosen one is found again wherever it is. Only when the user moved,
 * the place decides which one is chosen.
 */
static void settle(struct draw *w, const struct row *rows, size_t nr, size_t page, key_fn key,
		   match_fn match)
{
	struct tui_list *l = &w->s->lists[w->s->screen];
	size_t i;

	if (!l->moved && l->has_key) {
		for (i = 0; i < nr; i++) {
			if (key(rows[i].of) == l->key) {
				l->cursor = i;
				break;
			}
		}
	}
	if (w->s->search_step && nr) {
		char clean[4 * TUI_TEXT];
		bool found;

		l->cursor = search_from(w, rows, nr, match, l->cursor < nr ? l->cursor : 0, &found);
		escape(clean, sizeof(clean), w->s->search, strlen(w->s->search));
		if (!found)
			tui_message(w->s, "No row has \"%.100s\".", clean);
	}
	w->s->search_step = 0;
	l->moved = false;
	tui_list_settle(l, nr, page);
	l->has_key = nr != 0;
	if (nr)
		l->key = key(rows[l->cursor].of);
}

/* -- lines that all screens have -- */

static const char *mode_of(const struct source_info *info)
{
	return info->stock ? "stock" : "patched";
}

static void draw_title(struct draw *w)
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

static void draw_gates(struct draw *w)
{
	const struct source_info *info = w->d->view->info;
	char right[96], rate[16];
	int x = 0, room;
	size_t i;

	format_count(rate, sizeof(rate), 7, w->d->per_second);
	if (w->s->replay)
		snprintf(right, sizeof(right), " lost %" PRIu64 " ", w->d->lost);
	else
		snprintf(right, sizeof(right), " %s events/s  lost %" PRIu64 " ", rate,
			 w->d->lost);
	room = w->f->width - (int)strlen(right);
	for (i = 0; i < info->nr_states; i++) {
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
		frame_put(w->f, 1, 0, room, STYLE_DIM, " gates not known");
	frame_put_right(w->f, 1, room, w->f->width - room, STYLE_NORMAL, right);
	if (w->d->lost)
		frame_fill(w->f, 1, w->f->width - (int)strlen(strstr(right, "lost")),
			   (int)strlen(strstr(right, "lost")), STYLE_ERROR);
}

/* The counts with the look of their kind: so it is the legend of all lanes, too. */
static void draw_counts(struct draw *w, int y, const char *what, const struct tally *t, u64 dups)
{
	const u64 *n = t->outcomes;
	const u64 counts[] = {
		[LANE_LOADED] = n[OUTCOME_LOADED],
		[LANE_MERGED] = n[OUTCOME_MERGED],
		[LANE_EXISTS] = n[OUTCOME_EXISTS],
		[LANE_BUSY] = n[OUTCOME_BUSY],
		[LANE_FAILED] = n[OUTCOME_FAILED] + n[OUTCOME_INTERRUPTED],
		[LANE_AUTOLOAD] = dups,
		[LANE_OPEN] = n[OUTCOME_IN_FLIGHT] + n[OUTCOME_UNKNOWN],
	};
	/* What is under way is what one looks for: it comes first. */
	static const enum lane_kind places[] = {
		LANE_OPEN, LANE_LOADED, LANE_MERGED, LANE_EXISTS, LANE_BUSY, LANE_FAILED,
		LANE_AUTOLOAD,
	};
	char text[16], total[16];
	size_t i;
	int x;

	format_count(total, sizeof(total), 8, t->attempts);
	x = frame_put(w->f, y, 0, w->f->width, STYLE_BRIGHT, " ");
	x = frame_put_name(w->f, y, x, w->f->width / 3, STYLE_BRIGHT, what);
	x = frame_putf(w->f, y, x, w->f->width - x, STYLE_BRIGHT, " %s:", total);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		enum lane_kind kind = places[i];

		format_count(text, sizeof(text), 6, counts[kind]);
		frame_put_char(w->f, y, x + 1, looks[kind].style, look_of(w->f, kind));
		x = frame_putf(w->f, y, x + 2, w->f->width - x - 2,
			       counts[kind] ? looks[kind].style : STYLE_DIM, "%s %s", text,
			       looks[kind].word);
	}
}

/* One bar, the whole width, of what became of all attempts. */
static void draw_bar(struct draw *w, int y, const struct tally *t)
{
	static const enum outcome parts[] = {
		OUTCOME_LOADED, OUTCOME_MERGED, OUTCOME_EXISTS, OUTCOME_BUSY, OUTCOME_FAILED,
		OUTCOME_INTERRUPTED, OUTCOME_IN_FLIGHT, OUTCOME_UNKNOWN,
	};
	const int width = w->f->width - 2;
	u64 sum = 0;
	size_t i;
	int x = 0;

	frame_put_char(w->f, y, 0, STYLE_DIM, '[');
	frame_put_char(w->f, y, w->f->width - 1, STYLE_DIM, ']');
	for (i = 0; i < ARRAY_SIZE(parts) && t->attempts; i++) {
		enum lane_kind kind = lane_kind_of(parts[i]);
		int end;

		sum += t->outcomes[parts[i]];
		end = (double)sum * width / t->attempts + 0.5;
		/* What is there at all is seen, even if it is little. */
		if (t->outcomes[parts[i]] && end == x && end < width)
			end++;
		for (; x < end && x < width; x++)
			frame_put_char(w->f, y, x + 1, looks[kind].style, look_of(w->f, kind));
	}
}

/* An estimate says so, and what isn't known is no zero. */
static void format_wasted(char *text, size_t size, const struct tally *t)
{
	format_marked_bytes(text, size, tally_wasted(t), tally_wasted_known(t),
			    tally_bytes_exact(t));
}

static void draw_costs(struct draw *w, int y, const struct tally *t)
{
	char wasted[32], read[32], image[32], layout[32], failed[32], avoided[32], p99[32], max[32];
	const bool exact = tally_bytes_exact(t);
	int x;

	format_wasted(wasted, sizeof(wasted), t);
	format_marked_bytes(read, sizeof(read), t->wasted_read, tally_bytes_known(t, 0), exact);
	format_marked_bytes(image, sizeof(image), t->wasted_image, tally_bytes_known(t, 1), exact);
	format_marked_bytes(layout, sizeof(layout), t->wasted_layout, tally_bytes_known(t, 2),
			    exact);
	format_bytes(avoided, sizeof(avoided), t->avoided_bytes);
	format_marked_bytes(failed, sizeof(failed), t->failed_bytes,
			    t->failed_bytes || !t->failed_unknown, !t->failed_unknown && exact);
	x = frame_putf(w->f, y, 1, w->f->width - 1, tally_wasted(t) ? STYLE_WARN : STYLE_NORMAL,
		       "wasted %s", wasted);
	if (tally_wasted(t) && w->f->width >= 100)
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL,
			       " (read %s, decompressed %s, laid out %s)", read, image, layout);
	if (t->outcomes[OUTCOME_MERGED])
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, "  avoided %s%s",
			       t->avoided_known < t->outcomes[OUTCOME_MERGED] && t->avoided_known ?
			       "at least " : "", t->avoided_known ? avoided : "not known");
	if (t->failed_bytes || t->failed_unknown)
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, "  failed %s", failed);
	if (t->wait.count) {
		format_ns(p99, sizeof(p99), hist_percentile(&t->wait, 99));
		format_ns(max, sizeof(max), t->wait.max);
		frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, "  waits 99%% %s max %s",
			   p99, max);
	}
}

static void window_ns(const struct draw *w, u64 *from_ns, u64 *to_ns)
{
	tui_time_window(w->s, from_ns, to_ns);
	*from_ns = sat_add(*from_ns, w->d->start_ns);
	*to_ns = sat_add(*to_ns, w->d->start_ns);
}

static void draw_lane(struct draw *w, int y, int x, int width, const struct lane *lane)
{
	struct lane_cell cells[512];
	u64 from_ns, to_ns;
	int i;

	if (width > (int)ARRAY_SIZE(cells))
		width = ARRAY_SIZE(cells);
	if (width <= 0)
		return;
	window_ns(w, &from_ns, &to_ns);
	if (lane)
		lane_cells(w->d->timeline, lane, from_ns, to_ns, cells, width);
	else
		memset(cells, 0, sizeof(cells));
	for (i = 0; i < width; i++) {
		enum lane_kind kind = lane_cell_kind(&cells[i]);

		frame_put_char(w->f, y, x + i, looks[kind].style, look_of(w->f, kind));
	}
}

/* From where to where the lanes go. */
static void draw_axis(struct draw *w, int y, int x, int width, enum style style)
{
	char from[32], to[32];
	u64 from_ns, to_ns;

	tui_time_window(w->s, &from_ns, &to_ns);
	format_ns(from, sizeof(from), from_ns);
	format_ns(to, sizeof(to), to_ns);
	frame_fill(w->f, y, x, width, style);
	if ((int)(strlen(from) + strlen(to)) + 3 > width) {
		frame_put_right(w->f, y, x, width, style, to);
		return;
	}
	frame_put(w->f, y, x, width, style, "|");
	frame_put(w->f, y, x + 1, width - 1, style, from);
	frame_put_right(w->f, y, x, width - 1, style, to);
	frame_put(w->f, y, x + width - 1, 1, style, "|");
}

static void draw_footer(struct draw *w)
{
	const unsigned int where = w->s->replay ? WHERE_REPLAY : WHERE_LIVE;
	const int y = w->f->height - 1;
	int x = 0;
	size_t i;

	for (i = 0; i < tui_bindings_nr; i++) {
		const struct tui_binding *b = &tui_bindings[i];
		int from = x, need;

		if (!b->button || !(b->where & where))
			continue;
		need = strlen(b->button) + strlen(b->word) + 1;
		if (x + need > w->f->width)
			break;
		x = frame_put(w->f, y, x, w->f->width - x, STYLE_KEY, b->button);
		x = frame_put(w->f, y, x, w->f->width - x, STYLE_BUTTON, b->word);
		frame_fill(w->f, y, x, 1, STYLE_BUTTON);
		x++;
		check(w, frame_hot(w->f, y, from, x - from, b->action, 0));
	}
	frame_fill(w->f, y, x, w->f->width - x, STYLE_BUTTON);
}

/* What is typed, or else what there is to say, or else where we are. */
static void draw_status(struct draw *w, const char *text)
{
	static const char *const prompts[] = {
		[PROMPT_SEARCH] = "Search: ",
		[PROMPT_FILTER] = "Filter: ",
		[PROMPT_SAVE] = "Save to (.json or .txt): ",
	};
	const int y = w->f->height - 2, width = w->f->width;
	const struct tui_state *s = w->s;
	char clean[4 * TUI_TEXT];
	int x;

	if (s->prompt) {
		x = frame_put(w->f, y, 0, width, STYLE_BRIGHT, prompts[s->prompt]);
		escape(clean, sizeof(clean), s->text, s->text_len);
		x = frame_put(w->f, y, x, width - x - 1, STYLE_NORMAL, clean);
		frame_put_char(w->f, y, x, STYLE_KEY, '_');
		frame_put(w->f, y, x + 2, width - x - 2, STYLE_DIM, " Enter: do it  Esc: don't");
		return;
	}
	if (*s->message) {
		frame_put(w->f, y, 0, width, STYLE_BRIGHT, s->message);
		return;
	}
	frame_put(w->f, y, 0, width, STYLE_DIM, text);
}

static void draw_list_status(struct draw *w, const char *rows, size_t all, const char *sorted)
{
	const struct tui_list *l = &w->s->lists[w->s->screen];
	char text[512], clean[4 * TUI_TEXT] = "", folded[64] = "", by[64] = "";

	escape(clean, sizeof(clean), w->s->filter, strlen(w->s->filter));
	if (w->d->timeline->folded)
		snprintf(folded, sizeof(folded), "  older %" PRIu64 " attempts in counts only",
			 w->d->timeline->folded);
	if (sorted || l->invert)
		snprintf(by, sizeof(by), "  %s %s", l->invert ? "inverted" : "by",
			 sorted ? sorted : "");
	snprintf(text, sizeof(text), " %zu of %zu %s%s%s%.200s%s%s%s%.100s", l->nr, all, rows, by,
		 *clean ? "  filter: " : "", clean, w->s->span_ns ? w->s->follow ?
		 "  zoomed, following" : "  zoomed" : "", folded,
		 w->d->child ? "  command " : "", w->d->child ? w->d->child : "");
	draw_status(w, text);
}

static void draw_top(struct draw *w)
{
	draw_title(w);
	draw_gates(w);
}

/* -- overview -- */

static u64 key_of_module(const void *of)
{
	return (uintptr_t)((const struct module *)of)->name;
}

static bool module_matches(const struct draw *w, const void *of, const char *text)
{
	(void)w;
	return has_text(((const struct module *)of)->name, text);
}

static void head_cell(struct draw *w, int y, int x, int width, int column, const char *head,
		      bool left)
{
	const struct tui_list *l = &w->s->lists[w->s->screen];
	enum style style = l->sort == column ? STYLE_SORTED : STYLE_HEAD;

	frame_fill(w->f, y, x, width, style);
	if (left)
		frame_put(w->f, y, x, width, style, head);
	else
		frame_put_right(w->f, y, x, width, style, head);
	check(w, frame_hot(w->f, y, x, width, ACT_SORT_BY, column));
}

static int draw_module_head(struct draw *w, int y)
{
	int x = 0, column;

	frame_fill(w->f, y, 0, w->f->width, STYLE_HEAD);
	for (column = 0; column < NR_COLUMNS; column++) {
		int width = column_width(w, column);

		if (!width)
			continue;
		head_cell(w, y, x, width, column, module_columns[column].head,
			  module_columns[column].form == FORM_NAME || module_columns[column].form == FORM_TEXT);
		x += width + 1;
	}
	draw_axis(w, y, x, w->f->width - x, STYLE_HEAD);
	return x;
}

static enum style module_style(const struct draw *w, int column, u64 value)
{
	(void)w;
	if (!value)
		return STYLE_DIM;
	if (module_columns[column].value == open_of)
		return STYLE_OPEN;
	if (module_columns[column].value == failed_of)
		return STYLE_FAILED;
	if (module_columns[column].value == wasted_of)
		return STYLE_WARN;
	return STYLE_NORMAL;
}

static void draw_module_cell(struct draw *w, int y, int x, int width, int column,
			     const struct module *m)
{
	const struct module_column *c = &module_columns[column];
	u64 value = c->value ? c->value(m) : 0;
	char text[32];

	switch (c->form) {
	case FORM_NAME:
		frame_put_name(w->f, y, x, width, open_of(m) ? STYLE_OPEN : STYLE_NORMAL,
			       c->text(m));
		return;
	case FORM_TEXT:
		frame_put_name(w->f, y, x, width, STYLE_NORMAL, c->text(m));
		return;
	case FORM_COUNT:
		format_count(text, sizeof(text), width, value);
		break;
	case FORM_BYTES:
		format_bytes(text, sizeof(text), value);
		if (c->value == wasted_of)
			format_wasted(text, sizeof(text), &m->tally);
		if (c->value == avoided_of && !m->tally.avoided_known && merged_of(m))
			snprintf(text, sizeof(text), "?");
		break;
	case FORM_NS:
		format_ns(text, sizeof(text), value);
		break;
	}
	if (!value && strcmp(text, "?"))
		snprintf(text, sizeof(text), "-");
	frame_put_right(w->f, y, x, width, module_style(w, column, value), text);
}

static void draw_module_row(struct draw *w, int y, const struct module *m)
{
	int x = 0, column;

	for (column = 0; column < NR_COLUMNS; column++) {
		int width = column_width(w, column);

		if (!width)
			continue;
		draw_module_cell(w, y, x, width, column, m);
		x += width + 1;
	}
	draw_lane(w, y, x, w->f->width - x, timeline_lane(w->d->timeline, m->name));
}

static size_t module_rows(struct draw *w, struct row *rows)
{
	const struct view *v = w->d->view;
	const struct tui_list *l = &w->s->lists[SCREEN_MODULES];
	const struct module_column *c = l->sort >= 0 && l->sort < NR_COLUMNS ? &module_columns[l->sort] : NULL;
	size_t nr = 0, i;

	for (i = 0; i < v->nr_modules; i++) {
		const struct module *m = v->modules[i];

		if (!has_text(m->name, w->s->filter))
			continue;
		rows[nr++] = (struct row){ .of = m, .value = c && c->value ? c->value(m) : 0,
					   .text = c && c->text ? c->text(m) : NULL, .index = i };
	}
	order(rows, nr, l);
	return nr;
}

#define MODULES_TOP 7

static void draw_modules(struct draw *w)
{
	const struct view *v = w->d->view;
	_cleanup_free_ struct row *rows = calloc(v->nr_modules + 1, sizeof(*rows));
	struct tui_list *l = &w->s->lists[SCREEN_MODULES];
	int page = w->f->height - MODULES_TOP - 2, i;
	size_t nr;

	if (!rows) {
		w->ret = -ENOMEM;
		return;
	}
	l->columns = NR_COLUMNS;
	l->hidden = 0;
	for (i = 0; i < NR_COLUMNS; i++)
		if (!column_width(w, i))
			l->hidden |= 1U << i;
	nr = module_rows(w, rows);
	settle(w, rows, nr, page, key_of_module, module_matches);
	w->s->chosen_module = nr ? ((const struct module *)rows[l->cursor].of)->name : NULL;
	draw_counts(w, 2, "attempts", &v->model->totals, v->model->autoload_dups);
	draw_bar(w, 3, &v->model->totals);
	draw_costs(w, 4, &v->model->totals);
	frame_put(w->f, 5, 0, 9, STYLE_DIM, " in time ");
	draw_lane(w, 5, 9, w->f->width - 9, &w->d->timeline->all);
	draw_module_head(w, 6);
	for (i = 0; i < page && l->top + i < nr; i++) {
		draw_module_row(w, MODULES_TOP + i, rows[l->top + i].of);
		if (l->top + i == l->cursor)
			frame_select(w->f, MODULES_TOP + i, 0, w->f->width);
		check(w, frame_hot(w->f, MODULES_TOP + i, 0, w->f->width, ACT_SELECT, l->top + i));
	}
	if (!nr)
		frame_put(w->f, MODULES_TOP + 1, 2, w->f->width - 2, STYLE_DIM, *w->s->filter ?
			  "No module's name has the filter's text; F4 changes it." : w->s->replay ?
			  "No module was loaded up to here." :
			  "No module has been loaded yet: this fills as soon as one is.");
	draw_list_status(w, "modules", v->nr_modules,
			 l->sort >= 0 ? module_columns[l->sort].head : NULL);
}

/* -- a module -- */

static const struct module *module_find(const struct view *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->nr_modules; i++)
		if (v->modules[i]->name == name)
			return v->modules[i];
	return NULL;
}

static u64 key_of_attempt(const void *of)
{
	return ((const struct attempt_facts *)of)->serial;
}

static bool attempt_matches(const struct draw *w, const void *of, const char *text)
{
	const struct attempt_facts *a = of;
	char tid[16];

	(void)w;
	snprintf(tid, sizeof(tid), "%d", a->tid);
	return has_text(a->comm, text) || has_text(a->parent, text) || has_text(tid, text) ||
	       has_text(outcome_name(a->outcome), text);
}

/* "merged EEXIST", or what it is doing now. */
static void format_end(char *text, size_t size, const struct attempt_facts *a)
{
	char number[16];

	if (!a->end_ns)
		snprintf(text, size, "%s", a->outcome == OUTCOME_UNKNOWN ? "end was lost" :
			 a->gate != GATE_UNKNOWN ? "answered" : "under way");
	else if (!a->ret)
		snprintf(text, size, "%s", outcome_name(a->outcome));
	else
		snprintf(text, size, "%s %s", outcome_name(a->outcome),
			 errno_text(a->ret < 0 && a->ret > -4096 ? -a->ret : 0, number,
				    sizeof(number)));
}

static u64 duration_of(const struct draw *w, const struct attempt_facts *a)
{
	return sat_sub(a->end_ns ? a->end_ns : w->d->now_ns, a->begin_ns);
}

static void draw_swim_bar(struct draw *w, int y, int x, int width, const struct attempt_facts *a)
{
	const enum lane_kind kind = lane_kind_of(a->outcome);
	u64 from_ns, to_ns, end_ns = a->end_ns ? a->end_ns : w->d->now_ns, wait_ns;
	int first, last, waits, i;

	window_ns(w, &from_ns, &to_ns);
	if (width <= 0)
		return;
	if (end_ns < from_ns) {
		frame_put_char(w->f, y, x, STYLE_DIM, '<');
		return;
	}
	if (a->begin_ns > to_ns) {
		frame_put_char(w->f, y, x + width - 1, STYLE_DIM, '>');
		return;
	}
	first = a->begin_ns <= from_ns ? 0 :
		(int)((double)(a->begin_ns - from_ns) * width / (to_ns - from_ns));
	last = end_ns >= to_ns ? width - 1 :
	       (int)((double)(end_ns - from_ns) * width / (to_ns - from_ns));
	/* The wait is what precedes the answer; the rest is work of its own. */
	wait_ns = a->has_wait ? a->wait_ns : 0;
	waits = sat_sub(end_ns, wait_ns) <= from_ns ? 0 :
		(int)((double)(sat_sub(end_ns, wait_ns) - from_ns) * width / (to_ns - from_ns));
	if (first > width - 1)
		first = width - 1;
	if (last < first)
		last = first;
	for (i = first; i <= last; i++) {
		bool waiting = wait_ns && i >= waits && i < last;

		frame_put_char(w->f, y, x + i, looks[kind].style,
			       waiting ? glyph(w->f, 0x2500, '-') : look_of(w->f, kind));
	}
}

#define SWIM_LEFT 48

static void draw_swim_head(struct draw *w, int y, int width)
{
	frame_fill(w->f, y, 0, width, STYLE_HEAD);
	frame_put(w->f, y, 0, SWIM_LEFT, STYLE_HEAD, "    TID COMM             OUTCOME");
	frame_put_right(w->f, y, 39, 8, STYLE_HEAD, "WAIT");
	draw_axis(w, y, SWIM_LEFT, width - SWIM_LEFT, STYLE_HEAD);
}

static void draw_swim_row(struct draw *w, int y, int width, const struct attempt_facts *a)
{
	const enum style style = looks[lane_kind_of(a->outcome)].style;
	char text[64];

	snprintf(text, sizeof(text), "%d", a->tid);
	frame_put_right(w->f, y, 0, 7, STYLE_NORMAL, text);
	frame_put_name(w->f, y, 8, 16, STYLE_NORMAL, a->comm);
	format_end(text, sizeof(text), a);
	frame_put(w->f, y, 25, 14, style, text);
	if (a->has_wait)
		format_ns(text, sizeof(text), a->wait_ns);
	else
		snprintf(text, sizeof(text), "-");
	frame_put_right(w->f, y, 39, 8, a->has_wait ? STYLE_NORMAL : STYLE_DIM, text);
	draw_swim_bar(w, y, SWIM_LEFT, width - SWIM_LEFT, a);
}

static const char *stage_name(u8 stage)
{
	static const char *const names[] = {
		[STAGE_FILE] = "before it was read", [STAGE_READ] = "while it was read",
		[STAGE_DECOMPRESS] = "while it was decompressed", [STAGE_VERIFY] = "in its checks",
		[STAGE_NAME] = "at its name", [STAGE_LAYOUT] = "in its layout",
		[STAGE_INIT] = "in its init", [STAGE_DONE] = "when all was done",
	};

	return stage < ARRAY_SIZE(names) ? names[stage] : "at an unknown stage";
}

/* Everything known of the attempt under the cursor, in three lines. */
static void draw_attempt(struct draw *w, int y, const struct attempt_facts *a)
{
	char begin[32], took[32], wait[32], end[64], read[32], image[32], layout[32];
	const struct byte_marks marks = marks_of_attempt(a);
	const int width = w->f->width - 1;
	int x;

	x = frame_putf(w->f, y, 1, width, STYLE_BRIGHT, "thread %d ", a->tid);
	x = frame_put_name(w->f, y, x, width - x, STYLE_BRIGHT, a->comm);
	x = frame_put(w->f, y, x, width - x, STYLE_NORMAL, ", child of ");
	x = frame_put_name(w->f, y, x, width - x, STYLE_NORMAL, a->parent ? a->parent :
			   "somebody unknown");
	if (a->unit) {
		x = frame_put(w->f, y, x, width - x, STYLE_NORMAL, ", in ");
		x = frame_put_name(w->f, y, x, width - x, STYLE_NORMAL, a->unit);
	}
	frame_putf(w->f, y, x, width - x, STYLE_NORMAL, ", through %s",
		   a->syscall == SYSCALL_INIT ? "init_module()" : "finit_module()");
	format_ns(begin, sizeof(begin), sat_sub(a->begin_ns, w->d->start_ns));
	format_ns(took, sizeof(took), duration_of(w, a));
	format_ns(wait, sizeof(wait), a->wait_ns);
	format_end(end, sizeof(end), a);
	x = frame_putf(w->f, y + 1, 1, width, looks[lane_kind_of(a->outcome)].style, "%s", end);
	if (a->end_ns)
		x = frame_putf(w->f, y + 1, x, width - x, STYLE_NORMAL, " %s",
			       stage_name(a->stage));
	if (a->gate != GATE_UNKNOWN)
		x = frame_putf(w->f, y + 1, x, width - x, STYLE_NORMAL, ", by the %s gate",
			       gate_name(a->gate));
	if (a->has_wait && a->leader)
		frame_putf(w->f, y + 1, x, width - x, STYLE_NORMAL, ", waited %s for thread %d",
			   wait, a->leader);
	format_marked_bytes(read, sizeof(read), a->read_bytes, marks_known(&marks, 0),
			    !marks.estimated);
	format_marked_bytes(image, sizeof(image), a->image_bytes, marks_known(&marks, 1),
			    !marks.estimated);
	format_marked_bytes(layout, sizeof(layout), a->layout_bytes, marks_known(&marks, 2),
			    !marks.estimated);
	x = frame_putf(w->f, y + 2, 1, width, STYLE_NORMAL, "began at %s, %s %s", begin,
		       a->end_ns ? "took" : "under way for", took);
	if (a->end_ns)
		frame_putf(w->f, y + 2, x, width - x, STYLE_NORMAL,
			   "; read %s, decompressed %s, laid out %s", read, image, layout);
}

static int draw_errnos(struct draw *w, int y, int x, const struct tally *t)
{
	char text[16];
	size_t i;

	for (i = 0; i < t->nr_errnos; i++)
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, "%s%s %" PRIu64,
			       i ? ", " : " returned: ", errno_text(t->errnos[i].err, text,
								    sizeof(text)),
			       t->errnos[i].count);
	return x;
}

/* Who asked, the worst first, and what is wrong: in a line each, or beside the lanes. */
static void draw_blame_line(struct draw *w, int y, const struct module *m)
{
	_cleanup_free_ const struct requester **rows = NULL;
	char bytes[32];
	size_t nr, i;
	int x = 1;

	rows = view_module_requesters(m, &nr);
	x = frame_put(w->f, y, x, w->f->width - x, STYLE_DIM, "by ");
	for (i = 0; rows && i < nr && x < w->f->width - 20; i++) {
		const struct byte_marks *marks = &rows[i]->marks;

		format_marked_bytes(bytes, sizeof(bytes), rows[i]->wasted_bytes,
				    marks_wasted_known(marks), marks_exact(marks));
		if (i)
			x = frame_put(w->f, y, x, w->f->width - x, STYLE_NORMAL, "; ");
		x = frame_put_name(w->f, y, x, w->f->width - x, STYLE_BRIGHT, rows[i]->comm);
		x = frame_put(w->f, y, x, w->f->width - x, STYLE_DIM, " of ");
		x = frame_put_name(w->f, y, x, w->f->width - x, STYLE_NORMAL,
				   rows[i]->parent ? rows[i]->parent : "?");
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, " %" PRIu64 "x",
			       rows[i]->attempts);
		if (rows[i]->wasted_bytes || !marks_wasted_known(marks))
			x = frame_putf(w->f, y, x, w->f->width - x, STYLE_WARN, " %s", bytes);
	}
	if (rows && i < nr)
		frame_putf(w->f, y, x, w->f->width - x, STYLE_DIM, "; %zu more", nr - i);
}

static enum style severity_style(enum severity severity)
{
	return severity == SEVERITY_ERROR ? STYLE_ERROR :
	       severity == SEVERITY_WARN ? STYLE_WARN : STYLE_NORMAL;
}

static void draw_module_findings(struct draw *w, int y, const struct module *m)
{
	const struct findings *all = &w->d->view->findings;
	size_t i, nr = 0;
	int x = 1;

	for (i = 0; i < all->nr; i++) {
		const struct finding *f = &all->all[i];

		if (!f->module || strcmp(f->module, m->name))
			continue;
		if (!nr++)
			x = frame_put_name(w->f, y, x, w->f->width - x - 8,
					   severity_style(f->severity), f->text);
	}
	if (nr > 1)
		frame_putf(w->f, y, x, w->f->width - x, STYLE_DIM, " +%zu F5", nr - 1);
	if (!nr)
		frame_put(w->f, y, 1, w->f->width, STYLE_DIM, "nothing is wrong with it");
}

#define MODULE_TOP 8
#define MODULE_BOTTOM 5

static void draw_swimlanes(struct draw *w, const struct lane *lane)
{
	_cleanup_free_ const struct attempt_facts **all = NULL;
	_cleanup_free_ struct row *rows = NULL;
	struct tui_list *l = &w->s->lists[SCREEN_MODULE];
	int page = w->f->height - MODULE_TOP - MODULE_BOTTOM, i;
	size_t nr = 0, shown = 0, n;

	if (lane)
		all = lane_attempts(lane, &nr);
	rows = calloc(nr + 1, sizeof(*rows));
	if (!rows || (nr && !all)) {
		w->ret = -ENOMEM;
		return;
	}
	for (n = 0; n < nr; n++)
		if (attempt_matches(w, all[n], w->s->filter))
			rows[shown++] = (struct row){ .of = all[n], .index = n };
	l->columns = 0;
	if (l->invert)
		order(rows, shown, &(const struct tui_list){ .sort = -1, .invert = true });
	settle(w, rows, shown, page, key_of_attempt, attempt_matches);
	draw_swim_head(w, MODULE_TOP - 1, w->f->width);
	for (i = 0; i < page && l->top + i < shown; i++) {
		draw_swim_row(w, MODULE_TOP + i, w->f->width, rows[l->top + i].of);
		if (l->top + i == l->cursor)
			frame_select(w->f, MODULE_TOP + i, 0, w->f->width);
		check(w, frame_hot(w->f, MODULE_TOP + i, 0, w->f->width, ACT_SELECT, l->top + i));
	}
	if (shown) {
		const struct attempt_facts *a = rows[l->cursor].of;

		draw_attempt(w, w->f->height - MODULE_BOTTOM, a);
		w->s->has_focus = true;
		w->s->focus_ns = sat_sub(a->begin_ns, w->d->start_ns) + duration_of(w, a) / 2;
	}
	if (!shown)
		frame_put(w->f, MODULE_TOP + 1, 2, w->f->width, STYLE_DIM, *w->s->filter ?
			  "No attempt has the filter's text; F4 changes it." :
			  "No attempt of it is kept.");
}

static void draw_module(struct draw *w)
{
	const struct module *m = module_find(w->d->view, w->s->module);
	const struct lane *lane = w->s->module ? timeline_lane(w->d->timeline, w->s->module) : NULL;
	char text[256];

	if (!m) {
		frame_put(w->f, 3, 2, w->f->width, STYLE_DIM, "No attempt for it up to here.");
		draw_status(w, "");
		return;
	}
	draw_counts(w, 2, m->name, &m->tally, 0);
	draw_costs(w, 3, &m->tally);
	draw_blame_line(w, 4, m);
	draw_module_findings(w, 5, m);
	draw_errnos(w, 6, 0, &m->tally);
	draw_lane(w, 6, SWIM_LEFT, w->f->width - SWIM_LEFT, lane);
	draw_swimlanes(w, lane);
	snprintf(text, sizeof(text), " %zu attempts%s%s", w->s->lists[SCREEN_MODULE].nr,
		 *w->s->filter ? " with the filter's text" : " kept", w->s->span_ns ?
		 w->s->follow ? "  zoomed, following" : "  zoomed: Left and Right move, a shows all"
		 : "  + zooms in");
	if (lane && lane->folded)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "  %" PRIu64 " older ones in counts only", lane->folded);
	draw_status(w, text);
}

/* -- findings -- */

static u64 key_of_finding(const void *of)
{
	const struct finding *f = of;

	return hash_two((uintptr_t)f->id, (uintptr_t)f->module);
}

static bool finding_matches(const struct draw *w, const void *of, const char *text)
{
	const struct finding *f = of;

	(void)w;
	return has_text(f->text, text) || has_text(f->id, text);
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
	const struct evidence *e;
	int x = 1;

	y = draw_wrapped(w, y, 3, severity_style(f->severity), f->text);
	for (e = f->evidence; e < f->evidence + ARRAY_SIZE(f->evidence) && e->key; e++) {
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_DIM, "%s ", e->key);
		if (e->text)
			x = frame_put_name(w->f, y, x, w->f->width - x, STYLE_DIM, e->text);
		else if (e->unknown)
			x = frame_put(w->f, y, x, w->f->width - x, STYLE_DIM, "?");
		else
			x = frame_putf(w->f, y, x, w->f->width - x, STYLE_DIM, "%" PRIu64,
				       e->value);
		x = frame_put(w->f, y, x, w->f->width - x, STYLE_DIM, "  ");
	}
}

#define LIST_TOP 3
#define FINDINGS_BOTTOM 7

static void draw_findings(struct draw *w)
{
	static const char *const heads[] = { "HOW BAD", "MODULE", "WHAT" };
	static const int at[] = { 0, 8, 28 };
	const struct findings *all = &w->d->view->findings;
	_cleanup_free_ struct row *rows = calloc(all->nr + 1, sizeof(*rows));
	struct tui_list *l = &w->s->lists[SCREEN_FINDINGS];
	int page = w->f->height - LIST_TOP - FINDINGS_BOTTOM, i;
	size_t nr = 0, n;

	if (!rows) {
		w->ret = -ENOMEM;
		return;
	}
	l->columns = 2;
	for (n = 0; n < all->nr; n++) {
		const struct finding *f = &all->all[n];

		if (!finding_matches(w, f, w->s->filter))
			continue;
		/* The worst first, unless another order is asked for. */
		rows[nr++] = (struct row){ .of = f, .value = l->sort == 1 ? 0 : f->severity,
					   .text = l->sort != 1 ? NULL : f->module ? f->module : "",
					   .index = n };
	}
	order(rows, nr, &(const struct tui_list){ .sort = 0, .invert = l->invert });
	settle(w, rows, nr, page, key_of_finding, finding_matches);
	w->s->chosen_module = NULL;
	frame_fill(w->f, LIST_TOP - 1, 0, w->f->width, STYLE_HEAD);
	for (i = 0; i < 2; i++)
		head_cell(w, LIST_TOP - 1, at[i], at[i + 1] - at[i] - 1, i, heads[i], true);
	frame_put(w->f, LIST_TOP - 1, at[2], 8, STYLE_HEAD, heads[2]);
	for (i = 0; i < page && l->top + i < nr; i++) {
		const struct finding *f = rows[l->top + i].of;
		const int y = LIST_TOP + i;

		frame_put(w->f, y, 0, 7, severity_style(f->severity), severity_name(f->severity));
		frame_put_name(w->f, y, at[1], at[2] - at[1] - 1, STYLE_NORMAL, f->module);
		frame_put_name(w->f, y, at[2], w->f->width - at[2], STYLE_NORMAL, f->text);
		if (l->top + i == l->cursor)
			frame_select(w->f, y, 0, w->f->width);
		check(w, frame_hot(w->f, y, 0, w->f->width, ACT_SELECT, l->top + i));
	}
	if (nr) {
		const struct finding *f = rows[l->cursor].of;

		/* The view's rows have the same interned names as the findings. */
		w->s->chosen_module = f->module;
		draw_finding(w, w->f->height - FINDINGS_BOTTOM + 1, f);
	} else {
		frame_put(w->f, LIST_TOP + 1, 2, w->f->width, STYLE_DIM, "Nothing is wrong.");
	}
	draw_list_status(w, "findings; Enter goes to the module", all->nr,
			 l->sort == 1 ? heads[1] : NULL);
}

/* -- requesters -- */

/* A row of who asked: processes for modules, and places in the kernel for names. */
struct who {
	const char *name;
	const char *by;
	u64 counts[4];		/* modules, attempts, duplicates, wasted bytes */
	struct byte_marks marks;	/* of the latter */
	bool kernel;
};

static u64 key_of_who(const void *of)
{
	const struct who *who = of;

	return hash_two(hash_two((uintptr_t)who->name, (uintptr_t)who->by), who->kernel);
}

static bool who_matches(const struct draw *w, const void *of, const char *text)
{
	const struct who *who = of;

	(void)w;
	return has_text(who->name, text) || has_text(who->by, text);
}

static const char *const who_heads[] = {
	"REQUESTER", "PARENT, OR PLACE IN THE KERNEL", "MODULES", "ATTEMPTS", "DUPS", "WASTED",
};

static size_t all_who(const struct draw *w, struct who *all)
{
	const struct view *v = w->d->view;
	size_t nr = 0, i;

	for (i = 0; i < v->nr_requesters; i++) {
		const struct requester_row *r = &v->requesters[i];

		all[nr++] = (struct who){ r->comm, r->parent, { r->modules, r->attempts,
					  r->duplicates, r->wasted_bytes }, r->marks, false };
	}
	for (i = 0; i < v->nr_requests; i++) {
		const struct request *r = v->requests[i];

		all[nr++] = (struct who){ r->name, source_symbol(v->info, r->ip),
					  { 0, r->requests, r->dups, 0 }, { 0 }, true };
	}
	return nr;
}

static void draw_who_row(struct draw *w, int y, const int *at, const struct who *who)
{
	const int width = w->f->width;
	const bool known = marks_wasted_known(&who->marks);
	char text[32];
	int i, x = 0;

	if (who->kernel)
		x = frame_put(w->f, y, 0, 8, STYLE_AUTOLOAD, "request ");
	frame_put_name(w->f, y, x, at[1] - x - 1, STYLE_NORMAL, who->name);
	frame_put_name(w->f, y, at[1], at[2] - at[1] - 1, who->by ? STYLE_NORMAL : STYLE_DIM,
		       who->by ? who->by : "?");
	for (i = 0; i < 4; i++) {
		int end = i == 3 ? width : at[i + 3];

		if (i == 3)
			format_marked_bytes(text, sizeof(text), who->counts[i], known,
					    marks_exact(&who->marks));
		else
			format_count(text, sizeof(text), 8, who->counts[i]);
		frame_put_right(w->f, y, at[i + 2], end - at[i + 2] - 1, !who->counts[i] ?
				STYLE_DIM : i == 3 ? STYLE_WARN : STYLE_NORMAL,
				who->counts[i] || (i == 3 && !known) ? text : "-");
	}
}

static size_t who_rows(const struct draw *w, const struct who *all, size_t nr_all,
		       struct row *rows)
{
	const struct tui_list *l = &w->s->lists[SCREEN_REQUESTERS];
	size_t nr = 0, n;

	for (n = 0; n < nr_all; n++) {
		if (!who_matches(w, &all[n], w->s->filter))
			continue;
		rows[nr] = (struct row){ .of = &all[n], .index = n };
		if (l->sort == 0)
			rows[nr].text = all[n].name;
		else if (l->sort == 1)
			rows[nr].text = all[n].by ? all[n].by : "";
		else if (l->sort > 1)
			rows[nr].value = all[n].counts[l->sort - 2];
		nr++;
	}
	order(rows, nr, l);
	return nr;
}

static void draw_requesters(struct draw *w)
{
	const struct view *v = w->d->view;
	const int right = w->f->width - 36, half = right / 2;
	const int at[] = { 0, half, right, right + 8, right + 17, right + 26 };
	_cleanup_free_ struct who *all = NULL;
	_cleanup_free_ struct row *rows = NULL;
	struct tui_list *l = &w->s->lists[SCREEN_REQUESTERS];
	int page = w->f->height - LIST_TOP - 2, i;
	size_t nr_all, nr;

	all = calloc(v->nr_requesters + v->nr_requests + 1, sizeof(*all));
	rows = calloc(v->nr_requesters + v->nr_requests + 1, sizeof(*rows));
	if (!all || !rows) {
		w->ret = -ENOMEM;
		return;
	}
	nr_all = all_who(w, all);
	l->columns = ARRAY_SIZE(who_heads);
	nr = who_rows(w, all, nr_all, rows);
	settle(w, rows, nr, page, key_of_who, who_matches);
	frame_fill(w->f, LIST_TOP - 1, 0, w->f->width, STYLE_HEAD);
	for (i = 0; i < l->columns; i++) {
		int end = i + 1 < l->columns ? at[i + 1] : w->f->width;

		head_cell(w, LIST_TOP - 1, at[i], end - at[i] - 1, i, who_heads[i], i < 2);
	}
	for (i = 0; i < page && l->top + i < nr; i++) {
		draw_who_row(w, LIST_TOP + i, at, rows[l->top + i].of);
		if (l->top + i == l->cursor)
			frame_select(w->f, LIST_TOP + i, 0, w->f->width);
		check(w, frame_hot(w->f, LIST_TOP + i, 0, w->f->width, ACT_SELECT, l->top + i));
	}
	draw_list_status(w, "requesters, and requests by the kernel", nr_all,
			 l->sort >= 0 ? who_heads[l->sort] : NULL);
}

/* -- texts: help, and the command's output -- */

static void draw_text_status(struct draw *w, const char *what)
{
	const struct tui_list *l = &w->s->lists[w->s->screen];
	char text[128];

	snprintf(text, sizeof(text), " %s%s  Esc leads back", what,
		 l->nr > l->page ? "; Up, Down, PgUp and PgDn move" : "");
	draw_status(w, text);
}

static const char *const help_lines[] = {
	"An attempt is one finit_module() or init_module() call. loaded: it loaded the module.",
	"merged: a gate of the kernel gave it another's result, unread or after a wait.",
	"exists, busy: it was a duplicate and found out by itself: EEXIST, or EBUSY or ETXTBSY.",
	"failed: it ended by a signal or any other error. autoload: request_module() calls that",
	"waited for another's modprobe. now: under way. wasted: bytes that duplicates read,",
	"decompressed and laid out for nothing; avoided: what merged ones would have spent.",
	"A lane shows the time from left to right, in each cell what most of its duplicates or",
	"failures were; loads show where there were none. Bars of waiting attempts are thin.",
};

static void draw_help_line(struct draw *w, int y, size_t line, size_t nr_keys)
{
	const unsigned int where = w->s->replay ? WHERE_REPLAY : WHERE_LIVE;
	size_t i, n = 0;

	if (line >= nr_keys) {
		line -= nr_keys;
		if (line && line - 1 < ARRAY_SIZE(help_lines))
			frame_put(w->f, y, 1, w->f->width - 1, STYLE_NORMAL, help_lines[line - 1]);
		return;
	}
	for (i = 0; i < tui_bindings_nr; i++) {
		const struct tui_binding *b = &tui_bindings[i];

		if (!(b->where & where) || n++ != line)
			continue;
		frame_put_right(w->f, y, 1, 9, STYLE_BRIGHT, b->names);
		frame_put(w->f, y, 12, w->f->width - 12, STYLE_NORMAL, b->help);
		check(w, frame_hot(w->f, y, 0, w->f->width, b->action, 0));
	}
}

static void draw_help(struct draw *w)
{
	const unsigned int where = w->s->replay ? WHERE_REPLAY : WHERE_LIVE;
	struct tui_list *l = &w->s->lists[SCREEN_HELP];
	int page = w->f->height - 4, i;
	size_t nr = 0, n;

	for (n = 0; n < tui_bindings_nr; n++)
		nr += (tui_bindings[n].where & where) != 0;
	l->moved = false;
	tui_list_settle(l, nr + 1 + ARRAY_SIZE(help_lines), page);
	for (i = 0; i < page; i++)
		draw_help_line(w, 2 + i, l->top + i, nr);
	draw_text_status(w, "Help");
}

static void draw_log(struct draw *w)
{
	const struct screen_log *log = w->d->log;
	struct tui_list *l = &w->s->lists[SCREEN_LOG];
	int page = w->f->height - 4, i;
	size_t nr = log ? log->nr : 0;
	char text[96];

	/* At its end it stays there, as more comes. */
	if (!l->moved && l->nr <= l->top + l->page)
		l->cursor = nr;
	l->moved = false;
	tui_list_settle(l, nr, page);
	for (i = 0; i < page && l->top + i < nr; i++)
		frame_put(w->f, 2 + i, 1, w->f->width - 1, STYLE_NORMAL, log->lines[l->top + i]);
	if (!nr)
		frame_put(w->f, 3, 2, w->f->width, STYLE_DIM, w->d->child ?
			  "The command has printed nothing." : "There is no command.");
	snprintf(text, sizeof(text), "The command's output, %s", w->d->child ? w->d->child : "");
	if (log && log->dropped)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 ", %" PRIu64 " older lines dropped", log->dropped);
	draw_text_status(w, text);
}

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
		frame_putf(f, 0, 0, f->width, STYLE_NORMAL, "%dx%d is too small: %dx%d", s->width,
			   s->height, SCREEN_WIDTH_MIN, SCREEN_HEIGHT_MIN);
		frame_put(f, 1, 0, f->width, STYLE_NORMAL, "q quits");
		return 0;
	}
	draw_top(&w);
	screens[s->screen](&w);
	draw_footer(&w);
	return w.ret;
}
