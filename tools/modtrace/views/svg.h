/* SPDX-License-Identifier: GPL-2.0-only */
/* What the SVG pictures have in common: frame, style, axis, phases, text. */
#ifndef MODTRACE_SVG_H
#define MODTRACE_SVG_H

#include "views/boot_story.h"

/* In pixels: names left of the chart, figures right of it. */
#define SVG_WIDTH 1280
#define SVG_MARGIN 20
#define SVG_CHART_X 180
#define SVG_CHART_WIDTH 800
#define SVG_LINE 17

/**
 * struct svg - a document being written
 * @out: the part below the frame, whose height isn't known yet
 * @y: where the next thing goes
 * @start_ns: where the axis begins
 * @end_ns: where it ends
 */
struct svg {
	FILE *out;
	double y;
	u64 start_ns;
	u64 end_ns;

	/* private */
	char *body;
	size_t len;
};

int svg_begin(struct svg *s);
int svg_end(struct svg *s, const char *title, FILE *out);
void svg_free(struct svg *s);
double svg_x(const struct svg *s, u64 ns);
double svg_seconds(const struct svg *s, u64 ns);
void svg_text(struct svg *s, double x, const char *class, const char *fmt, ...) __printf(4, 5);
int svg_paragraph(struct svg *s, double x, const char *class, const char *text, size_t max);
void svg_axis(struct svg *s, double height);
void svg_phases(struct svg *s, const struct boot_piece *phases, size_t nr, double height);

#endif
