// SPDX-License-Identifier: GPL-2.0-only
#include "screens/draw.h"

#include <inttypes.h>

#include "views/boot_story.h"

const struct kind_look kind_looks[] = {
	[LANE_LOADED] = { 0x2588, '#', STYLE_LOADED, "loaded" },
	[LANE_MERGED] = { 0x2592, '=', STYLE_MERGED, "merged" },
	[LANE_EXISTS] = { 0x2593, 'e', STYLE_EXISTS, "exists" },
	[LANE_BUSY] = { 0x2580, 'b', STYLE_BUSY, "busy" },
	[LANE_FAILED] = { 0xd7, 'x', STYLE_FAILED, "failed" },
	[LANE_AUTOLOAD] = { 0x25cb, 'o', STYLE_AUTOLOAD, "autoload" },
	[LANE_OPEN] = { 0xbb, '>', STYLE_OPEN, "now" },
	[LANE_NONE] = { 0xb7, '.', STYLE_DIM, "" },
};

/**
 * draw_glyph - a character that this terminal can show
 * @w: what is drawn
 * @utf8: the character
 * @ascii: what stands for it
 *
 * Return: one of them.
 */
u32 draw_glyph(const struct draw *w, u32 utf8, char ascii)
{
	return w->f->ascii ? (u32)ascii : utf8;
}

/**
 * draw_look - the character of a kind of attempts
 * @w: what is drawn
 * @kind: the kind
 *
 * Return: the character, for this terminal.
 */
u32 draw_look(const struct draw *w, enum lane_kind kind)
{
	return draw_glyph(w, kind_looks[kind].utf8, kind_looks[kind].ascii);
}

/**
 * draw_is_low - whether there is room for little but a list
 * @w: what is drawn
 *
 * Return: true if so.
 */
bool draw_is_low(const struct draw *w)
{
	return w->f->height < LOW_HEIGHT;
}

/**
 * list_top - where the rows of a list are that has the screen for itself, below a heading
 * @height: of the screen
 *
 * Return: the line of the first row.
 */
int list_top(int height)
{
	return height < LOW_HEIGHT ? 2 : 3;
}

/**
 * settle_span - tell when the attempts of the chosen module were
 * @s: the state, with the module that is chosen
 * @d: what is shown
 */
void settle_span(struct tui_state *s, const struct screen_data *d)
{
	const struct lane *lane = s->chosen_module ? timeline_lane(d->timeline, s->chosen_module) :
						     NULL;
	const struct attempt_facts **all;
	u64 from_ns = UINT64_MAX, to_ns = 0;
	size_t nr = 0, i;

	s->chosen_to_ns = 0;
	/* Of those that are in counts only, the times are not known any more. */
	if (!lane || lane->folded)
		return;
	all = lane_attempts(lane, &nr);
	for (i = 0; all && i < nr; i++) {
		const u64 end_ns = all[i]->end_ns ? all[i]->end_ns : d->now_ns;

		if (all[i]->begin_ns < from_ns)
			from_ns = all[i]->begin_ns;
		if (end_ns > to_ns)
			to_ns = end_ns;
	}
	free(all);
	if (to_ns <= d->start_ns)
		return;
	s->chosen_from_ns = sat_sub(from_ns, d->start_ns);
	s->chosen_to_ns = to_ns - d->start_ns;
}

/**
 * draw_check - keep the first error
 * @w: what is drawn
 * @ret: 0 or -errno
 */
void draw_check(struct draw *w, int ret)
{
	if (ret && !w->ret)
		w->ret = ret;
}

/**
 * format_few - a count in few columns, in thousands and so on where it has to be
 * @text: filled
 * @size: room in it
 * @width: columns it may take, at least 4
 * @n: the count
 */
void format_few(char *text, size_t size, int width, u64 n)
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

/**
 * draw_counts - the counts with the look of their kind: so it is the legend of all lanes, too
 * @w: what is drawn
 * @y: the line
 * @what: what was counted; is escaped
 * @t: the counts
 * @dups: of duplicate autoload requests
 */
void draw_counts(struct draw *w, int y, const char *what, const struct tally *t, u64 dups)
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

	format_few(total, sizeof(total), 8, t->attempts);
	x = frame_put(w->f, y, 0, w->f->width, STYLE_BRIGHT, " ");
	x = frame_put_name(w->f, y, x, w->f->width / 3, STYLE_BRIGHT, what);
	x = frame_putf(w->f, y, x, w->f->width - x, STYLE_BRIGHT, " %s:", total);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		enum lane_kind kind = places[i];

		/* A stock kernel doesn't tell. */
		if (kind == LANE_AUTOLOAD && w->d->view->info->stock)
			continue;
		format_few(text, sizeof(text), 6, counts[kind]);
		frame_put_char(w->f, y, x + 1, kind_looks[kind].style, draw_look(w, kind));
		x = frame_putf(w->f, y, x + 2, w->f->width - x - 2,
			       counts[kind] ? kind_looks[kind].style : STYLE_DIM, "%s %s", text,
			       kind_looks[kind].word);
	}
}

/**
 * draw_bar - one bar, the whole width, of what became of all attempts
 * @w: what is drawn
 * @y: the line
 * @t: the counts
 */
void draw_bar(struct draw *w, int y, const struct tally *t)
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
			frame_put_char(w->f, y, x + 1, kind_looks[kind].style, draw_look(w, kind));
	}
}

/**
 * format_wasted - an estimate says so, and what isn't known is no zero
 * @text: filled
 * @size: room in it
 * @t: the counts
 */
static void format_wasted(char *text, size_t size, const struct tally *t)
{
	format_marked_bytes(text, size, tally_wasted(t), tally_wasted_known(t),
			    tally_bytes_exact(t));
}

/**
 * draw_costs - bytes and waits
 * @w: what is drawn
 * @y: the line
 * @t: the counts
 */
void draw_costs(struct draw *w, int y, const struct tally *t)
{
	char wasted[32], read[32], image[32], layout[32], failed[32], avoided[32], p99[32], max[32];
	const bool exact = tally_bytes_exact(t);
	int x;

	format_wasted(wasted, sizeof(wasted), t);
	format_marked_bytes(read, sizeof(read), t->wasted[BYTES_READ],
			    tally_bytes_known(t, BYTES_READ), exact);
	format_marked_bytes(image, sizeof(image), t->wasted[BYTES_IMAGE],
			    tally_bytes_known(t, BYTES_IMAGE), exact);
	format_marked_bytes(layout, sizeof(layout), t->wasted[BYTES_LAYOUT],
			    tally_bytes_known(t, BYTES_LAYOUT), exact);
	format_bytes(avoided, sizeof(avoided), t->avoided_bytes);
	format_marked_bytes(failed, sizeof(failed), t->failed_bytes,
			    t->failed_bytes || !t->failed_unknown, !t->failed_unknown && exact);
	x = frame_putf(w->f, y, 1, w->f->width - 1, tally_wasted(t) ? STYLE_WARN : STYLE_NORMAL,
		       "wasted %s", wasted);
	if (tally_wasted(t) && w->f->width >= 100)
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL,
			       " (read %s, decompressed %s, laid out %s)", read, image, layout);
	if (t->times.timed[CALL_DUP]) {
		format_ns(max, sizeof(max), t->times.ns[CALL_DUP]);
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_WARN, "  in calls %s", max);
	}
	if (t->outcomes[OUTCOME_MERGED])
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, "  avoided %s%s",
			       t->avoided_known < t->outcomes[OUTCOME_MERGED] && t->avoided_known ?
			       "at least " : "", t->avoided_known ? avoided : "unknown");
	if (t->failed_bytes || t->failed_unknown)
		x = frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, "  failed %s", failed);
	if (t->wait.count) {
		format_ns(p99, sizeof(p99), hist_percentile(&t->wait, 99));
		format_ns(max, sizeof(max), t->wait.max);
		frame_putf(w->f, y, x, w->f->width - x, STYLE_NORMAL, "  waits 99%% %s max %s",
			   p99, max);
	}
}

/**
 * draw_window_ns - the time that is shown
 * @w: what is drawn
 * @from_ns: where it begins, on the events' clock
 * @to_ns: where it ends
 */
void draw_window_ns(const struct draw *w, u64 *from_ns, u64 *to_ns)
{
	tui_time_window(w->s, from_ns, to_ns);
	*from_ns = sat_add(*from_ns, w->d->start_ns);
	*to_ns = sat_add(*to_ns, w->d->start_ns);
}

static u64 cell_begin_ns(u64 from_ns, u64 to_ns, int cell, int width)
{
	return from_ns + part_of(to_ns - from_ns, cell, width);
}

/* Less of a mark's name says nothing. */
#define MARK_NAME_MIN 3

/* In which cell of a lane the end of a phase of a boot is; -1 if it isn't shown. */
static int cell_of_marker(const struct draw *w, const struct marker *m, int width)
{
	u64 from_ns, to_ns;

	draw_window_ns(w, &from_ns, &to_ns);
	if (!boot_is_milestone(m->name) || m->time_ns < from_ns || m->time_ns >= to_ns ||
	    m->time_ns > w->d->now_ns)
		return -1;
	return (double)(m->time_ns - from_ns) * width / (to_ns - from_ns);
}

/* The ends of a boot's phases, where nothing else is. */
static void draw_marks(struct draw *w, int y, int x, int width, const struct lane_cell *cells)
{
	const struct source_info *info = w->d->view->info;
	size_t i;

	for (i = 0; i < info->nr_markers; i++) {
		const int at = cell_of_marker(w, &info->markers[i], width);

		if (at >= 0 && lane_cell_kind(&cells[at]) == LANE_NONE)
			frame_put_char(w->f, y, x + at, STYLE_BRIGHT, draw_glyph(w, 0x2502, '|'));
	}
}

/* The marks, with as much of their names as fits ahead of the next, between the times at both ends. */
static void draw_mark_names(struct draw *w, int y, int x, int width, int first, int last,
			    enum style style)
{
	const struct source_info *info = w->d->view->info;
	int next = last;
	size_t i = info->nr_markers;

	while (i--) {
		const int at = cell_of_marker(w, &info->markers[i], width);
		const char *name = info->markers[i].name;
		int len = strcspn(name, ".");

		if (at < first || at >= next)
			continue;
		if (len > next - at - 1)
			len = next - at - 1;
		frame_put_char(w->f, y, x + at, style, draw_glyph(w, 0x2502, '|'));
		if (len >= MARK_NAME_MIN)
			frame_putf(w->f, y, x + at + 1, len, style, "%.*s", len, name);
		next = at;
	}
}

/**
 * draw_lane - time from left to right, in each cell what counts most of what was there
 * @w: what is drawn
 * @y: the line
 * @x: where it begins
 * @width: its cells
 * @lane: what was there; NULL for nothing
 */
void draw_lane(struct draw *w, int y, int x, int width, const struct lane *lane)
{
	struct lane_cell cells[512];
	u64 from_ns, to_ns;
	int i;

	if (width > (int)ARRAY_SIZE(cells))
		width = ARRAY_SIZE(cells);
	if (width <= 0)
		return;
	draw_window_ns(w, &from_ns, &to_ns);
	if (lane)
		lane_cells(w->d->timeline, lane, from_ns, to_ns, cells, width);
	else
		memset(cells, 0, sizeof(cells));
	for (i = 0; i < width; i++) {
		enum lane_kind kind = lane_cell_kind(&cells[i]);

		/* What is still to be played is no time without attempts. */
		if (kind == LANE_NONE && cell_begin_ns(from_ns, to_ns, i, width) > w->d->now_ns)
			frame_put_char(w->f, y, x + i, STYLE_DIM, ' ');
		else
			frame_put_char(w->f, y, x + i, kind_looks[kind].style, draw_look(w, kind));
	}
	draw_marks(w, y, x, width, cells);
}

/**
 * draw_format_time - a time in the recording, with the digits that count at this zoom
 * @w: what is drawn
 * @text: filled
 * @size: room in it
 * @ns: the time, after the start
 */
void draw_format_time(const struct draw *w, char *text, size_t size, u64 ns)
{
	static const struct {
		u64 ns;
		const char *unit;
		int digits;
	} units[] = { { NSEC_PER_SEC, "s", 9 }, { NSEC_PER_MSEC, "ms", 6 }, { 1000, "us", 3 } };
	u64 from_ns, to_ns, step;
	int digits = 0;
	size_t i;

	if (!w->s->span_ns) {
		format_ns(text, size, ns);
		return;
	}
	tui_time_window(w->s, &from_ns, &to_ns);
	for (i = 0; i + 1 < ARRAY_SIZE(units) && to_ns < units[i].ns; i++)
		;
	for (step = units[i].ns; step > (to_ns - from_ns) / 10; step /= 10)
		if (digits < units[i].digits)
			digits++;
	snprintf(text, size, "%.*f %s", digits, (double)ns / units[i].ns, units[i].unit);
}

/**
 * draw_axis - from where to where the lanes below go
 * @w: what is drawn
 * @y: the line
 * @x: where it begins
 * @width: its cells
 * @style: of all of it
 */
void draw_axis(struct draw *w, int y, int x, int width, enum style style)
{
	char from[32], to[32];
	u64 from_ns, to_ns;

	tui_time_window(w->s, &from_ns, &to_ns);
	draw_format_time(w, from, sizeof(from), from_ns);
	draw_format_time(w, to, sizeof(to), to_ns);
	frame_fill(w->f, y, x, width, style);
	if ((int)(strlen(from) + strlen(to)) + 3 > width) {
		frame_put_right(w->f, y, x, width, style, to);
		return;
	}
	frame_put(w->f, y, x, width, style, "|");
	frame_put(w->f, y, x + 1, width - 1, style, from);
	frame_put_right(w->f, y, x, width - 1, style, to);
	frame_put(w->f, y, x + width - 1, 1, style, "|");
	draw_mark_names(w, y, x, width, (int)strlen(from) + 2, width - (int)strlen(to) - 2, style);
}

/**
 * severity_style - how a finding is drawn
 * @severity: how bad it is
 *
 * Return: its style.
 */
enum style severity_style(enum severity severity)
{
	return severity == SEVERITY_ERROR ? STYLE_ERROR :
	       severity == SEVERITY_WARN ? STYLE_WARN : STYLE_NORMAL;
}
