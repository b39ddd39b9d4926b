// SPDX-License-Identifier: GPL-2.0-only
#include "views/svg.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "lib/format.h"
#include "lib/wrap.h"
#include "lib/xml.h"

/* Of text in the document's size: a character is so wide, on average and at most. */
#define CHARACTER 6.3
#define PARAGRAPH_COLUMNS 190

/* Marker names are in so many lines at most, where they are close to each other. */
#define MARKER_LINES 5

/*
 * Colours are plain first, for readers without media queries. Each kind has a pattern of its own and
 * a brightness of its own, for prints in grey and for whoever doesn't see colours.
 */
static const char style[] =
	"text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;"
	"fill:#1f2328}\n"
	".title{font-size:17px;font-weight:600}\n"
	".head,.warn,.error,.info{font-weight:600}\n"
	".dim,.tick,.marker{fill:#59636e}\n"
	".tick,.marker{font-size:11px}\n"
	".right{text-anchor:end}\n"
	".middle{text-anchor:middle}\n"
	".error{fill:#b3202c}\n"
	".warn{fill:#8f4a00}\n"
	".page{fill:#fff}\n"
	".odd{fill:#7f8c9a;fill-opacity:.09}\n"
	".line{stroke:#d5dae0;stroke-width:1;fill:none}\n"
	".mark{stroke:#7b8590;stroke-width:1;stroke-dasharray:3 3;fill:none}\n"
	".phase0{fill:#dfe6ee}.phase1{fill:#c9d4e0}\n"
	".loaded{fill:#12703c}\n"
	".failed{fill:url(#failed)}.waited{fill:url(#waited)}\n"
	".wasted{fill:url(#wasted)}.open{fill:url(#open)}\n"
	".failed0{fill:#ffd9d9}.failed1{fill:#c0202e}\n"
	".waited0{fill:#d3e6fb}.waited1{fill:#3f83cc}\n"
	".wasted0{fill:#f6b667}.wasted1{fill:none;stroke:#a64b00;stroke-width:1.3}\n"
	".open0{fill:#fff}.open1{fill:#59636e}\n"
	".a{fill:#5b6b7c}.b{fill:#1769c2}\n"
	".band{opacity:.35}\n"
	"@media (prefers-color-scheme:dark){\n"
	"text{fill:#e6eaef}.dim,.tick,.marker{fill:#9aa4af}\n"
	".error{fill:#ff8a84}.warn{fill:#f0a95a}\n"
	".page{fill:#0e1116}\n"
	".line{stroke:#2d343d}.mark{stroke:#7d8792}\n"
	".phase0{fill:#233040}.phase1{fill:#2f4257}\n"
	".loaded{fill:#3fc27a}\n"
	".failed0{fill:#4a1a1d}.failed1{fill:#ff6b66}\n"
	".waited0{fill:#16304d}.waited1{fill:#5aa2ee}\n"
	".wasted0{fill:#6b3d0c}.wasted1{stroke:#ffb25c}\n"
	".open0{fill:#0e1116}.open1{fill:#9aa4af}\n"
	".a{fill:#8d9aa8}.b{fill:#58a6ff}\n"
	"}\n"
	"@media print{\n"
	"text,.error,.warn,.dim,.tick,.marker{fill:#000}\n"
	".page{fill:#fff}.odd{fill:#000;fill-opacity:.04}\n"
	".line{stroke:#ccc}.mark{stroke:#555}\n"
	".phase0{fill:#eee}.phase1{fill:#d8d8d8}\n"
	".loaded{fill:#000}\n"
	".failed0{fill:#fff}.failed1{fill:#222}\n"
	".waited0{fill:#eee}.waited1{fill:#aaa}\n"
	".wasted0{fill:#aaa}.wasted1{stroke:#333}\n"
	".open0{fill:#fff}.open1{fill:#777}\n"
	".a{fill:#999}.b{fill:#222}\n"
	"}\n";

static const char patterns[] =
	"<defs>\n"
	"<pattern id=\"failed\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
	"<rect class=\"failed0\" width=\"5\" height=\"5\"/>"
	"<rect class=\"failed1\" width=\"2.5\" height=\"5\"/></pattern>\n"
	"<pattern id=\"waited\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
	"patternTransform=\"rotate(45)\"><rect class=\"waited0\" width=\"6\" height=\"6\"/>"
	"<rect class=\"waited1\" width=\"2\" height=\"6\"/></pattern>\n"
	"<pattern id=\"wasted\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
	"<rect class=\"wasted0\" width=\"6\" height=\"6\"/>"
	"<path class=\"wasted1\" d=\"M-1-1L7 7M7-1L-1 7\"/></pattern>\n"
	"<pattern id=\"open\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
	"<rect class=\"open0\" width=\"4\" height=\"4\"/>"
	"<rect class=\"open1\" width=\"2\" height=\"2\"/>"
	"<rect class=\"open1\" x=\"2\" y=\"2\" width=\"2\" height=\"2\"/></pattern>\n"
	"</defs>\n";

/**
 * svg_begin - begin a document
 * @s: its axis is set; the rest is filled; svg_free() frees it, after an error too
 *
 * Return: 0 or -ENOMEM.
 */
int svg_begin(struct svg *s)
{
	s->y = SVG_MARGIN;
	s->out = open_memstream(&s->body, &s->len);
	return s->out ? 0 : -ENOMEM;
}

/**
 * svg_end - write the whole document
 * @s: the document; of no further use
 * @title: its title
 * @out: the stream
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int svg_end(struct svg *s, const char *title, FILE *out)
{
	const int height = (int)s->y + SVG_MARGIN;

	if (fclose(TAKE_PTR(s->out)))
		return -ENOMEM;
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\">\n<title>",
		SVG_WIDTH, height, SVG_WIDTH, height);
	xml_text(out, title);
	fprintf(out, "</title>\n<style>\n%s</style>\n%s", style, patterns);
	fprintf(out, "<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", SVG_WIDTH, height);
	fwrite(s->body, 1, s->len, out);
	fputs("</svg>\n", out);
	return ferror(out) ? -EIO : 0;
}

/**
 * svg_free - free a document
 * @s: the document
 */
void svg_free(struct svg *s)
{
	if (s->out)
		fclose(s->out);
	free(s->body);
	*s = (struct svg){ 0 };
}

/**
 * svg_x - where a time is
 * @s: the document
 * @ns: the time
 *
 * Return: its place, within the chart.
 */
double svg_x(const struct svg *s, u64 ns)
{
	const double share = (double)sat_sub(ns, s->start_ns) / (s->end_ns - s->start_ns);

	return SVG_CHART_X + (share > 1 ? 1 : share) * SVG_CHART_WIDTH;
}

/**
 * svg_seconds - a time on the axis
 * @s: the document
 * @ns: the time
 *
 * Return: seconds since the axis's begin.
 */
double svg_seconds(const struct svg *s, u64 ns)
{
	return sat_sub(ns, s->start_ns) / 1e9;
}

/**
 * svg_text - write a line of text at the document's place
 * @s: the document
 * @x: where it begins, or ends if its class has it so
 * @class: its style
 * @fmt: printf format of what is of one line and escaped
 */
void svg_text(struct svg *s, double x, const char *class, const char *fmt, ...)
{
	_cleanup_buf_ struct buf text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	if (!buf_vaddf(&text, fmt, ap)) {
		fprintf(s->out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", class, x, s->y);
		xml_text(s->out, text.data);
		fputs("</text>\n", s->out);
	}
	va_end(ap);
}

/**
 * svg_paragraph - write text in lines, and go below it
 * @s: the document
 * @x: where lines begin
 * @class: their style
 * @text: the text, escaped
 * @max: bytes of it to write at most, at least 8; of a longer one the end is left out, which is said
 *
 * Return: 0 or -ENOMEM.
 */
int svg_paragraph(struct svg *s, double x, const char *class, const char *text, size_t max)
{
	_cleanup_free_ char *all = NULL, *some = NULL;
	const unsigned int columns =
		PARAGRAPH_COLUMNS - (unsigned int)((x - SVG_MARGIN) / CHARACTER);
	char *line, *next;
	size_t len = strlen(text);
	FILE *mem;

	if (len > max) {
		for (len = max - 4; len && (text[len] & 0xc0) == 0x80; len--)
			;
		if (asprintf(&some, "%.*s …", (int)len, text) < 0)
			return -ENOMEM;
	}
	mem = open_memstream(&all, &len);
	if (!mem)
		return -ENOMEM;
	print_wrapped(mem, some ? some : text, columns, 0, 0);
	if (fclose(mem))
		return -ENOMEM;
	for (line = all; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		svg_text(s, x, class, "%s", line);
		s->y += SVG_LINE;
	}
	return 0;
}

/* 1, 2 or 5 times a power of ten nanoseconds, at most ten of them on the axis. */
static u64 tick_of(u64 length_ns)
{
	static const u64 steps[] = { 1, 2, 5 };
	u64 unit;
	size_t i;

	for (unit = 1; unit < UINT64_MAX / 10; unit *= 10)
		for (i = 0; i < ARRAY_SIZE(steps); i++)
			if (length_ns / 10 <= unit * steps[i])
				return unit * steps[i];
	return length_ns;
}

/**
 * svg_axis - draw times and the lines that lead down from them
 * @s: the document, at the axis; goes below it
 * @height: of what is below
 */
void svg_axis(struct svg *s, double height)
{
	const u64 length_ns = s->end_ns - s->start_ns, tick = tick_of(length_ns);
	char text[32];
	u64 at;

	s->y += SVG_LINE - 5;
	for (at = 0; at <= length_ns; at += tick) {
		const double x = svg_x(s, s->start_ns + at);

		format_ns(text, sizeof(text), at);
		/* "20.0 s", but "0" and "100 s" */
		svg_text(s, x, at ? "tick middle" : "tick", "%s", at ? text : "0 s");
		fprintf(s->out, "<path class=\"line\" d=\"M%.1f %.1fv%.1f\"/>\n", x, s->y + 5,
			height);
		if (sat_add(at, tick) == UINT64_MAX)
			break;
	}
	s->y += 5;
}

/* "initramfs", "sysinit", …: what people call the phase that ends with a marker. */
static void phase_name(char *text, size_t size, const char *until)
{
	const char *dot;

	if (!until) {
		snprintf(text, size, "after");
		return;
	}
	if (!strcmp(until, "switch_root")) {
		snprintf(text, size, "initramfs");
		return;
	}
	if (!strcmp(until, "udev_settled")) {
		snprintf(text, size, "udev settles");
		return;
	}
	dot = strstr(until, ".target");
	snprintf(text, size, "%.*s", dot ? (int)(dot - until) : 64, until);
}

static void draw_phase(struct svg *s, const struct boot_piece *p, bool odd)
{
	const double from = svg_x(s, p->from_ns), until = svg_x(s, p->until_ns);
	char name[96], clean[256];

	phase_name(name, sizeof(name), p->name);
	escape(clean, sizeof(clean), name, strlen(name));
	fprintf(s->out,
		"<g><title>%s: %.3f s to %.3f s</title><rect class=\"phase%d\" x=\"%.2f\" "
		"y=\"%.1f\" width=\"%.2f\" height=\"16\"/>\n",
		clean, svg_seconds(s, p->from_ns), svg_seconds(s, p->until_ns), odd, from, s->y,
		until - from);
	s->y += 12;
	if (strlen(clean) * CHARACTER < until - from)
		svg_text(s, (from + until) / 2, "tick middle", "%s", clean);
	s->y -= 12;
	fputs("</g>\n", s->out);
}

/**
 * svg_phases - draw the phases of a boot, with lines at their ends that lead down
 * @s: the document; goes below
 * @phases: the phases
 * @nr: how many
 * @height: of what is below
 */
void svg_phases(struct svg *s, const struct boot_piece *phases, size_t nr, double height)
{
	double taken[MARKER_LINES] = { 0 }, top = s->y;
	size_t i, line;

	if (nr < 2)
		return;
	for (i = 0; i < nr; i++) {
		const struct boot_piece *p = &phases[i];
		const double x = svg_x(s, p->until_ns);
		char name[64], text[96];

		if (!p->name)
			continue;
		escape(name, sizeof(name), p->name, strlen(p->name));
		snprintf(text, sizeof(text), "%s %.1f s", name, svg_seconds(s, p->until_ns));
		/* Below those it is too close to, so that no line crosses a name. */
		for (line = MARKER_LINES; line && taken[line - 1] <= x; line--)
			;
		/* Without room it is in the phase's title. */
		if (line == MARKER_LINES)
			continue;
		taken[line] = x + 8 + strlen(text) * CHARACTER;
		s->y = top + line * 13 + 10;
		svg_text(s, x + 4, "marker", "%s", text);
		fprintf(s->out, "<path class=\"mark\" d=\"M%.2f %.1fV%.1f\"/>\n", x, s->y - 9,
			top + MARKER_LINES * 13 + 16 + height);
	}
	s->y = top + MARKER_LINES * 13;
	for (i = 0; i < nr; i++)
		draw_phase(s, &phases[i], i & 1);
	s->y += 16;
}
