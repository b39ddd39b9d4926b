// SPDX-License-Identifier: GPL-2.0-only
/* Two sets of recordings as a picture: over one axis, a lane per module with A above B. */
#include <inttypes.h>
#include <math.h>

#include "lib/escape.h"
#include "lib/format.h"
#include "lib/xml.h"
#include "views/alike.h"
#include "views/output_pair.h"
#include "views/pair_svg.h"

/* Right edges of the columns of figures. */
#define MOVED_X 1064
#define ATTEMPTS_X 1150
#define TIME_X (SVG_WIDTH - SVG_MARGIN)

#define LANES 40
#define HALF 9
#define BAR 5
#define LANE (2 * HALF + 6)
#define NAMED 12
#define TEXT_MAX 1500

static const struct spread *spread_of(const struct comparison_row *row, size_t set, const char *key)
{
	return &row->spreads[set][measure_of(key)];
}

static bool is_there(const struct comparison_row *row, size_t set)
{
	return spread_of(row, set, "attempts")->mean > 0;
}

/* What a set has of a module, or nothing: the change is told only of what both have. */
static void say_delta(char *text, size_t size, const struct spread *a, const struct spread *b)
{
	char number[32];

	if (!a->n || !b->n) {
		snprintf(text, size, "?");
		return;
	}
	format_ns(number, sizeof(number), round_u64(fabs(b->mean - a->mean)));
	snprintf(text, size, "%s%s",
		 b->mean > a->mean ? "+" :
		 b->mean < a->mean ? "-" :
				     "",
		 number);
}

static bool is_noise(const struct spread *a, const struct spread *b)
{
	const enum verdict v = spread_compare(a, b);

	return v == VERDICT_NOISE || v == VERDICT_SAME;
}

static void say_moved(char *text, size_t size, const struct comparison_row *row)
{
	const struct spread *a = &row->spreads[0][MEASURE_LIVE];
	const struct spread *b = &row->spreads[1][MEASURE_LIVE];

	if (!is_there(row, 1))
		snprintf(text, size, "vanished");
	else if (!is_there(row, 0))
		snprintf(text, size, "new");
	else if (!a->n && !b->n)
		snprintf(text, size, "never live");
	else if (!a->n || !b->n)
		snprintf(text, size, "live in %s only", pair_letters[b->n > 0]);
	else
		say_delta(text, size, a, b);
}

/* Of one set: from the first attempt's begin to the last one's end, and where it was live. */
static void draw_half(struct svg *s, const struct comparison *c, const struct comparison_row *row,
		      size_t set, double y)
{
	const struct spread *begin = &row->spreads[set][MEASURE_BEGIN];
	const struct spread *end = &row->spreads[set][MEASURE_END];
	const struct spread *live = &row->spreads[set][MEASURE_LIVE];
	/* What has no end reaches to that of the recording. */
	const struct spread *until = end->n ? end : &c->totals.spreads[set][MEASURE_DURATION];
	const double top = y + (HALF - BAR) / 2.0;

	if (!begin->n)
		return;
	fprintf(s->out, "<g class=\"half\" data-set=\"%s\"><title>", pair_letters[set]);
	xml_name(s->out, row->name, 200);
	fprintf(s->out, " in %s: %.10g attempts", pair_letters[set],
		spread_of(row, set, "attempts")->mean);
	pair_spread(s->out, "first attempt began", begin);
	pair_spread(s->out, "last attempt ended", end);
	pair_spread(s->out, "live", live);
	fputs("</title>\n", s->out);
	pair_band(s, pair_classes[set], "span-band", begin, until, top, BAR);
	pair_piece(s, pair_classes[set], "span", begin->mean, until->mean, top, BAR);
	pair_band(s, pair_classes[set], "live-band", live, live, y, HALF);
	if (live->n) {
		const double x = svg_x(s, round_u64(live->mean));

		fprintf(s->out,
			"<rect class=\"%s\" data-what=\"live\" x=\"%.2f\" y=\"%.1f\" width=\"2\" "
			"height=\"%d\"/>\n",
			pair_classes[set], x, y, HALF);
	}
	fputs("</g>\n", s->out);
}

static void draw_figures(struct svg *s, const struct comparison_row *row)
{
	const struct spread *a = spread_of(row, 0, "attempts"), *b = spread_of(row, 1, "attempts");
	const bool dim = is_there(row, 0) && is_there(row, 1) &&
			 is_noise(&row->spreads[0][MEASURE_LIVE], &row->spreads[1][MEASURE_LIVE]);
	char text[200];

	say_moved(text, sizeof(text), row);
	svg_text(s, MOVED_X, dim ? "dim right" : "right", "%s", text);
	svg_text(s, ATTEMPTS_X, is_noise(a, b) ? "dim right" : "right", "%.4g > %.4g", a->mean,
		 b->mean);
	a = spread_of(row, 0, "dup_time_ns");
	b = spread_of(row, 1, "dup_time_ns");
	/* Where there is no attempt, none of them takes time. */
	if (is_there(row, 0) && is_there(row, 1))
		say_delta(text, sizeof(text), a, b);
	else
		snprintf(text, sizeof(text), "-");
	svg_text(s, TIME_X, is_noise(a, b) ? "dim right" : "right", "%s", text);
}

static void draw_lane(struct svg *s, const struct comparison *c, size_t nr)
{
	const struct comparison_row *row = c->modules[nr];
	const double top = s->y;
	size_t set;

	fputs("<g class=\"lane\" data-module=\"", s->out);
	xml_name(s->out, row->name, 200);
	fputs("\">\n", s->out);
	if (nr & 1)
		fprintf(s->out,
			"<rect class=\"odd\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%d\"/>\n",
			SVG_MARGIN, top - 3, SVG_WIDTH - 2 * SVG_MARGIN, LANE);
	s->y = top + HALF + 4;
	fprintf(s->out, "<text class=\"right\" x=\"%d\" y=\"%.1f\">", SVG_CHART_X - 8, s->y);
	xml_name(s->out, row->name, NAME_COLUMNS);
	fputs("</text>\n", s->out);
	draw_figures(s, row);
	for (set = 0; set < 2; set++)
		draw_half(s, c, row, set, top + set * HALF);
	fputs("</g>\n", s->out);
	s->y = top + LANE;
}

static int add_named(struct buf *text, const struct comparison_row *row, const char *more)
{
	char name[200];

	escape(name, sizeof(name), row->name, strlen(row->name));
	return buf_addf(text, "%s%s%s", text->len ? ", " : "", name, more);
}

/* The modules that only one of the sets has. */
static int draw_only(struct svg *s, const struct comparison *c, size_t set, const char *head)
{
	_cleanup_buf_ struct buf text = { 0 };
	size_t i, nr = 0;
	int ret = 0;

	for (i = 0; i < c->nr_modules && !ret; i++)
		if (is_there(c->modules[i], set) && !is_there(c->modules[i], !set) && nr++ < NAMED)
			ret = add_named(&text, c->modules[i], "");
	if (ret || !nr)
		return ret;
	if (nr > NAMED)
		ret = buf_addf(&text, " and %zu more", nr - NAMED);
	svg_text(s, SVG_MARGIN, "head", "%s", head);
	return ret ? ret : svg_paragraph(s, SVG_MARGIN + 110, "only", text.data, TEXT_MAX);
}

static double distance(const struct comparison_row *row)
{
	const struct spread *a = &row->spreads[0][MEASURE_LIVE];
	const struct spread *b = &row->spreads[1][MEASURE_LIVE];

	return a->n && b->n && !is_noise(a, b) ? fabs(b->mean - a->mean) : 0;
}

static int by_distance(const void *a, const void *b)
{
	const struct comparison_row *x = *(struct comparison_row **)a;
	const struct comparison_row *y = *(struct comparison_row **)b;
	const double dx = distance(x), dy = distance(y);

	return dx != dy ? dx < dy ? 1 : -1 : strcmp(x->name, y->name);
}

/* The modules that were live at the most different times, and by how much. */
static int draw_movers(struct svg *s, const struct comparison *c)
{
	_cleanup_free_ struct comparison_row **rows = calloc(c->nr_modules + 1, sizeof(*rows));
	_cleanup_buf_ struct buf text = { 0 };
	size_t i;
	int ret = 0;

	if (!rows)
		return -ENOMEM;
	for (i = 0; i < c->nr_modules; i++)
		rows[i] = c->modules[i];
	qsort(rows, c->nr_modules, sizeof(*rows), by_distance);
	for (i = 0; i < c->nr_modules && i < NAMED && distance(rows[i]) && !ret; i++) {
		char moved[64], more[80];

		say_moved(moved, sizeof(moved), rows[i]);
		snprintf(more, sizeof(more), " %s", moved);
		ret = add_named(&text, rows[i], more);
	}
	if (ret || !text.len)
		return ret;
	svg_text(s, SVG_MARGIN, "head", "Moved most");
	return svg_paragraph(s, SVG_MARGIN + 110, "moved", text.data, TEXT_MAX);
}

static int draw_reached(struct svg *s, const struct comparison *c)
{
	const char *head = "Reached";
	size_t i;
	int ret = 0;

	for (i = 0; i < c->nr_markers && !ret; i++) {
		const struct spread *a = &c->markers[i]->spreads[0][MEASURE_DURATION];
		const struct spread *b = &c->markers[i]->spreads[1][MEASURE_DURATION];
		char name[64], text[256], delta[64];

		if (!a->n || !b->n)
			continue;
		escape(name, sizeof(name), c->markers[i]->name, strlen(c->markers[i]->name));
		say_delta(delta, sizeof(delta), a, b);
		snprintf(text, sizeof(text), "%s %.3f s > %.3f s: %s%s", name, a->mean / 1e9,
			 b->mean / 1e9, delta,
			 a->n > 1 && b->n > 1 && is_noise(a, b) ? ", within the noise" : "");
		svg_text(s, SVG_MARGIN, "head", "%s", head);
		head = "";
		ret = svg_paragraph(s, SVG_MARGIN + 110, "change", text, TEXT_MAX);
	}
	return ret;
}

/* What it comes to, and why it may not be comparable. */
static int draw_verdict(struct svg *s, const struct comparison *c)
{
	_cleanup_differences_ struct differences d = { 0 };
	_cleanup_buf_ struct buf change = { 0 }, text = { 0 };
	size_t i;
	int ret = change_text(c, 1, &change);

	if (!ret && change.len)
		ret = buf_addf(&text, "in B%s, %s",
			       recordings_are_whole(c, 1) ? "" : " (incomplete)", change.data);
	if (!ret)
		ret = differences_find(&d, c);
	if (ret)
		return ret;
	if (text.len) {
		svg_text(s, SVG_MARGIN, "head", "Verdict");
		ret = svg_paragraph(s, SVG_MARGIN + 80, "verdict", text.data, TEXT_MAX);
	}
	for (i = 0; i < d.nr && i < NAMED && !ret; i++) {
		svg_text(s, SVG_MARGIN, "head", "%s", i ? "" : "Not alike");
		ret = svg_paragraph(s, SVG_MARGIN + 80, "difference", d.all[i].text, TEXT_MAX);
	}
	if (d.nr > NAMED) {
		svg_text(s, SVG_MARGIN + 80, "dim", "and %zu more", d.nr - NAMED);
		s->y += SVG_LINE;
	}
	return ret;
}

static int draw_text(struct svg *s, const struct comparison *c)
{
	const bool pair = c->recordings[0] == 1 && c->recordings[1] == 1;
	int ret;

	s->y += 18;
	ret = draw_reached(s, c);
	if (!ret)
		ret = draw_only(s, c, 0, "Vanished in B");
	if (!ret)
		ret = draw_only(s, c, 1, "New in B");
	if (!ret)
		ret = draw_movers(s, c);
	s->y += 3;
	svg_text(s, SVG_MARGIN, "dim",
		 "Bars: from a module's first attempt to the end of its last one; the high mark is "
		 "when it was live. ? not recorded in one of them.");
	s->y += SVG_LINE;
	svg_text(s, SVG_MARGIN, "dim", "%s",
		 pair ? "One recording each: how far boots differ by themselves is unknown." :
			"Means; pale: the least to the most; dim: within the noise.");
	return ret;
}

static double length_ns(const struct comparison *c)
{
	const double a = c->totals.spreads[0][MEASURE_DURATION].max;
	const double b = c->totals.spreads[1][MEASURE_DURATION].max;

	return a > b ? a : b > 1 ? b : 1;
}

static int draw(struct svg *s, const struct comparison *c)
{
	const size_t lanes = c->nr_modules > LANES ? LANES : c->nr_modules;
	size_t i;
	int ret = 0;

	s->y += 14;
	svg_text(s, SVG_MARGIN, "title", "Module loads compared");
	s->y += 20;
	for (i = 0; i < 2 && !ret; i++) {
		_cleanup_buf_ struct buf text = { 0 };

		fprintf(s->out,
			"<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"22\" height=\"10\"/>\n",
			pair_classes[i], SVG_MARGIN, s->y - 9);
		ret = set_text(c, i, &text);
		if (!ret)
			ret = svg_paragraph(s, SVG_MARGIN + 28, "key", text.data, TEXT_MAX);
	}
	if (!ret)
		ret = draw_verdict(s, c);
	for (i = 0; i < 2 && c->nr_markers && !ret; i++)
		ret = pair_marks(s, c, i);
	s->y += 12;
	svg_text(s, MOVED_X, "head right", "Live moved");
	svg_text(s, ATTEMPTS_X, "head right", "Attempts");
	svg_text(s, TIME_X, "head right", "Duplicate time");
	s->y -= 12;
	svg_axis(s, lanes * LANE + 4);
	s->y += 6;
	fprintf(s->out,
		"<g id=\"chart\" data-x=\"%d\" data-width=\"%d\" data-start-ns=\"0\" "
		"data-end-ns=\"%" PRIu64 "\">\n",
		SVG_CHART_X, SVG_CHART_WIDTH, s->end_ns);
	for (i = 0; i < lanes; i++)
		draw_lane(s, c, i);
	if (c->nr_modules > lanes) {
		s->y += 12;
		svg_text(s, SVG_CHART_X - 8, "dim right", "%zu more modules",
			 c->nr_modules - lanes);
	}
	fputs("</g>\n", s->out);
	return ret ? ret : draw_text(s, c);
}

/**
 * output_pair_svg - write a comparison of two sets as a picture
 * @c: the comparison
 * @out: the stream
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_pair_svg(const struct comparison *c, FILE *out)
{
	struct svg s = { 0 };
	int ret = svg_begin(&s);

	s.start_ns = 0;
	s.end_ns = round_u64(length_ns(c));
	if (!ret)
		ret = draw(&s, c);
	if (!ret)
		ret = svg_end(&s, "Module loads compared", out);
	svg_free(&s);
	return ret;
}
