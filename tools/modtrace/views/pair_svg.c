// SPDX-License-Identifier: GPL-2.0-only
/* Pieces of a picture of two sets: bars and their spread, and the marks of what the sets reached. */
#include "views/pair_svg.h"

#include "lib/escape.h"
#include "lib/xml.h"

#define PHASE 16

/* Of labels: the height of a line, and the width of a character, at most on average. */
#define LABEL 13
#define CHARACTER 6.3

/* More than any boot has marks close to each other. */
#define LABEL_LINES 40

const char *const pair_letters[] = { "A", "B" };
const char *const pair_classes[] = { "a", "b" };

/**
 * pair_piece - draw a rectangle from one time to another, at least a pixel wide
 * @s: the document
 * @class: its style
 * @what: what it is, for programs
 * @from_ns: where it begins, since the axis's begin
 * @until_ns: where it ends
 * @y: its upper edge
 * @height: how high it is
 */
void pair_piece(const struct svg *s, const char *class, const char *what, double from_ns,
		double until_ns, double y, double height)
{
	const double x = svg_x(s, round_u64(from_ns)), width = svg_x(s, round_u64(until_ns)) - x;

	fprintf(s->out,
		"<rect class=\"%s\" data-what=\"%s\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" "
		"height=\"%.1f\"/>\n",
		class, what, x, y, width < 1 ? 1 : width, height);
}

/**
 * pair_band - draw a pale rectangle from the least to the most of several recordings
 * @s: the document
 * @class: the set's style
 * @what: what it is, for programs
 * @from: where it begins
 * @until: where it ends; nothing is drawn where it is no later, or of a single recording
 * @y: its upper edge
 * @height: how high it is
 */
void pair_band(const struct svg *s, const char *class, const char *what, const struct spread *from,
	       const struct spread *until, double y, double height)
{
	char both[32];

	snprintf(both, sizeof(both), "%s band", class);
	if (from->n > 1 && from->min < until->max)
		pair_piece(s, both, what, from->min, until->max, y, height);
}

/**
 * pair_spread - write a time into a title
 * @out: the stream
 * @what: what it is the time of
 * @t: the time, in as many recordings as have it
 */
void pair_spread(FILE *out, const char *what, const struct spread *t)
{
	fprintf(out, "\n%s ", what);
	if (!t->n)
		fputs("unknown", out);
	else if (t->n == 1)
		fprintf(out, "%.6f s", t->mean / 1e9);
	else
		fprintf(out, "%.6f s on average, %.6f s to %.6f s in %u recordings", t->mean / 1e9,
			t->min / 1e9, t->max / 1e9, t->n);
}

/* Cuts text that is escaped after a whole character. */
static void cut_columns(char *text, size_t columns)
{
	size_t len = strlen(text);

	if (display_width(text) <= columns)
		return;
	while (len && (display_width(text) >= columns || (text[len] & 0xc0) == 0x80))
		text[--len] = '\0';
	memcpy(text + len, "…", sizeof("…"));
}

struct mark {
	const struct comparison_row *row;
	double x;
	size_t line;
	char text[200];
};

static int by_place(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return x->x < y->x ? -1 : x->x > y->x;
}

/*
 * Each mark's label begins at its right, in the first line below those of the marks that it reaches:
 * so no label is over another one, nor over the line that leads from a mark down to its own.
 * Return: how many lines that takes.
 */
static size_t place_labels(struct mark *marks, size_t nr)
{
	size_t lines = 0, i, n;

	for (i = nr; i-- > 0;) {
		const double end = marks[i].x + 8 + strlen(marks[i].text) * CHARACTER;

		for (n = i + 1; n < nr && marks[n].x < end; n++)
			if (marks[n].line >= marks[i].line)
				marks[i].line = marks[n].line + 1;
		lines = marks[i].line >= lines ? marks[i].line + 1 : lines;
	}
	return lines;
}

static void draw_mark(struct svg *s, const struct mark *m, size_t set)
{
	const struct spread *t = &m->row->spreads[set][MEASURE_DURATION];
	const double top = s->y;

	fprintf(s->out, "<g class=\"reached\" data-set=\"%s\"><title>", pair_letters[set]);
	xml_name(s->out, m->row->name, 200);
	fprintf(s->out, " in %s:", pair_letters[set]);
	pair_spread(s->out, "reached at", t);
	fputs("</title>\n", s->out);
	pair_band(s, pair_classes[set], "marker-band", t, t, top, PHASE - 2);
	pair_piece(s, pair_classes[set], "marker", t->mean, t->mean, top, PHASE - 2);
	/* Without room it is in the title, and below the chart. */
	if (m->line < LABEL_LINES) {
		s->y = top + PHASE + 8 + m->line * LABEL;
		fprintf(s->out, "<path class=\"mark\" d=\"M%.2f %.1fV%.1f\"/>\n", m->x + 0.5,
			top + PHASE - 2, s->y);
		svg_text(s, m->x + 4, "marker", "%s", m->text);
	}
	fputs("</g>\n", s->out);
	s->y = top;
}

/**
 * pair_marks - draw when a set reached the ends of its phases: a mark each, its name and time below
 * @s: the document; goes below
 * @c: the comparison
 * @set: the set, 0 or 1
 *
 * Return: 0 or -ENOMEM.
 */
int pair_marks(struct svg *s, const struct comparison *c, size_t set)
{
	_cleanup_free_ struct mark *marks = calloc(c->nr_markers + 1, sizeof(*marks));
	size_t nr = 0, lines, i;
	char name[160];

	if (!marks)
		return -ENOMEM;
	for (i = 0; i < c->nr_markers; i++) {
		const struct spread *t = &c->markers[i]->spreads[set][MEASURE_DURATION];

		if (!t->n)
			continue;
		marks[nr] =
			(struct mark){ .row = c->markers[i], .x = svg_x(s, round_u64(t->mean)) };
		escape(name, sizeof(name), c->markers[i]->name, strlen(c->markers[i]->name));
		cut_columns(name, NAME_COLUMNS);
		snprintf(marks[nr].text, sizeof(marks[nr].text), "%s %.1f s", name, t->mean / 1e9);
		nr++;
	}
	qsort(marks, nr, sizeof(*marks), by_place);
	lines = place_labels(marks, nr);
	s->y += 12;
	svg_text(s, SVG_CHART_X - 8, "dim right", "%s reached", pair_letters[set]);
	s->y -= 11;
	for (i = 0; i < nr; i++)
		draw_mark(s, &marks[i], set);
	s->y += PHASE + (lines < LABEL_LINES ? lines : LABEL_LINES) * LABEL;
	return 0;
}
