// SPDX-License-Identifier: GPL-2.0-only
/* A recording as a picture: a document of its own, without scripts, whose bars tell on hovering. */
#include "views/output.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "lib/xml.h"
#include "views/names.h"
#include "views/picture.h"
#include "views/svg.h"

/* Right edges of the columns of figures. */
#define ATTEMPTS_X 1048
#define TIME_X 1158
#define BYTES_X (SVG_WIDTH - SVG_MARGIN)

#define LANE_GAP 8
#define LANE_MIN 14
#define ROWS_HEIGHT 40
#define ROW_MIN 2
#define ROW_MAX 6
#define WINNER_MIN 4
#define WINNERS_HIGH 3
#define OVERVIEW_HEIGHT 56

#define NAME_COLUMNS 24
#define TEXT_MAX 1500
#define FINDINGS_MAX 16

static const struct {
	const char *class;
	const char *legend;
} looks[] = {
	[BAR_LOADED] = { "loaded", "loaded" },
	[BAR_FAILED] = { "failed", "failed, interrupted" },
	[BAR_WAITED] = { "waited", "merged: waited for the first" },
	[BAR_WASTED] = { "wasted", "duplicate, in vain" },
	[BAR_OPEN] = { "open", "no end recorded" },
};

static void draw_header(struct svg *s, const struct view *v)
{
	const struct source_info *info = v->info;
	char host[128] = "", kernel[160] = "?", length[32], lost[64];

	if (info->host)
		escape(host, sizeof(host), info->host, strlen(info->host));
	if (info->kernel)
		escape(kernel, sizeof(kernel), info->kernel, strlen(info->kernel));
	format_ns(length, sizeof(length), view_duration_ns(v));
	s->y += 14;
	svg_text(s, SVG_MARGIN, "title", "Module loads%s%s%s", info->is_boot ? " of a boot" : "",
		 *host ? ": " : "", host);
	s->y += 20;
	snprintf(lost, sizeof(lost), "%" PRIu64 " events lost", info->lost);
	svg_text(s, SVG_MARGIN, "dim", "kernel %s, %u CPUs, %s, %" PRIu64 " attempts, %s%s%s%s",
		 kernel, info->cpus, length, v->model->totals.attempts,
		 info->stock ? "known from system calls" : "begin and end of every load recorded",
		 info->lost || info->lost_at_least ? ", " : "",
		 info->lost_at_least ? "an unknown number of events lost" :
		 info->lost	     ? lost :
				       "",
		 info->truncated ? ", incomplete" : "");
}

static void draw_legend(struct svg *s, const struct picture *p)
{
	double x = SVG_MARGIN;
	unsigned int kind;

	s->y += 20;
	for (kind = 0; kind < BAR_KINDS; kind++) {
		if (!p->counts[kind])
			continue;
		fprintf(s->out,
			"<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"22\" height=\"10\"/>\n",
			looks[kind].class, x, s->y - 9);
		svg_text(s, x + 28, "key", "%s %" PRIu64, looks[kind].legend, p->counts[kind]);
		x += 28 + 6.6 * (strlen(looks[kind].legend) + 9);
	}
	s->y += 8;
}

static double row_height(const struct picture_lane *lane)
{
	const double height = lane->rows ? (double)ROWS_HEIGHT / lane->rows : 0;

	return height > ROW_MAX ? ROW_MAX : height < ROW_MIN ? ROW_MIN : height;
}

/* What did the work is higher than what came for nothing. */
static double winner_height(const struct picture_lane *lane)
{
	const double height = row_height(lane);

	return height < WINNER_MIN && lane->winners <= WINNERS_HIGH ? WINNER_MIN : height;
}

static double row_y(const struct picture_lane *lane, u32 row)
{
	const u32 winners = row < lane->winners ? row : lane->winners;

	return winners * winner_height(lane) + (row - winners) * row_height(lane);
}

static double lane_height(const struct picture_lane *lane)
{
	const double height = row_y(lane, lane->rows);

	return height < LANE_MIN ? LANE_MIN : height;
}

static double lanes_height(const struct picture *p)
{
	double height = 0;
	size_t i;

	for (i = 0; i < p->nr_lanes; i++)
		height += lane_height(&p->lanes[i]) + LANE_GAP;
	return height;
}

/* Attempts under way in each pixel, kinds upon each other. */
static void draw_overview(struct svg *s, const struct picture *p)
{
	u32 below[PICTURE_PIXELS] = { 0 }, most = 1, sum;
	const double bottom = s->y + OVERVIEW_HEIGHT;
	unsigned int kind, i;

	for (i = 0; i < PICTURE_PIXELS; i++) {
		for (kind = sum = 0; kind < BAR_KINDS; kind++)
			sum += p->under_way[kind][i];
		if (sum > most)
			most = sum;
	}
	s->y += 12;
	svg_text(s, SVG_CHART_X - 8, "right", "under way at once");
	s->y += 15;
	svg_text(s, SVG_CHART_X - 8, "dim right", "up to %u", most);
	for (kind = 0; kind < BAR_KINDS; kind++) {
		const double scale = (double)(OVERVIEW_HEIGHT - 4) / most;
		double last = -1;

		if (!p->counts[kind])
			continue;
		fprintf(s->out, "<path class=\"%s\" d=\"M%d %.1f", looks[kind].class, SVG_CHART_X,
			bottom - below[0] * scale);
		for (i = 0; i < PICTURE_PIXELS; i++) {
			const u32 top = below[i] + p->under_way[kind][i];

			if (top * scale != last)
				fprintf(s->out, "H%dV%.1f", SVG_CHART_X + (int)i,
					bottom - top * scale);
			last = top * scale;
		}
		fprintf(s->out, "H%d", SVG_CHART_X + PICTURE_PIXELS);
		for (i = PICTURE_PIXELS, last = -1; i--;) {
			if (below[i] * scale != last)
				fprintf(s->out, "H%dV%.1f", SVG_CHART_X + (int)i + 1,
					bottom - below[i] * scale);
			last = below[i] * scale;
			below[i] += p->under_way[kind][i];
		}
		fprintf(s->out, "H%dz\"/>\n", SVG_CHART_X);
	}
	s->y = bottom;
	fprintf(s->out, "<path class=\"line\" d=\"M%d %.1fh%d\"/>\n", SVG_CHART_X, bottom,
		SVG_CHART_WIDTH);
	s->y += LANE_GAP;
}

/* "waited by (udev-worker) 602 (systemd-udevd)\n9.000 s for 337 ms, …" */
static void write_title(const struct svg *s, const struct picture_bar *bar)
{
	const struct attempt_facts *a = bar->first;
	const u64 bytes = cost_total(&a->cost);
	char length[32], text[32];
	FILE *out = s->out;

	format_ns(length, sizeof(length), bar->end_ns - bar->begin_ns);
	if (bar->nr > 1) {
		fprintf(out,
			"<title>%" PRIu32 " attempts, %s: from %.6f s to %.6f s\nthe first by ",
			bar->nr, looks[bar->kind].legend, svg_seconds(s, bar->begin_ns),
			svg_seconds(s, bar->end_ns));
		xml_name(out, a->who.comm, 32);
		fprintf(out, " %d</title>", a->tid);
		return;
	}
	fputs("<title>", out);
	xml_name(out, a->module, 32);
	fprintf(out, " %s, by ", outcome_name(a->outcome));
	xml_name(out, a->who.comm, 32);
	fprintf(out, " %d", a->tid);
	if (a->who.parent) {
		fputs(" (", out);
		xml_name(out, a->who.parent, 32);
		fputc(')', out);
	}
	fprintf(out, "\n%.6f s for %s", svg_seconds(s, a->begin_ns),
		a->end_ns ? length : "an unknown time");
	if (a->outcome == OUTCOME_MERGED && a->has_wait) {
		format_ns(text, sizeof(text), a->wait_ns);
		fprintf(out, ", waited %s", text);
		if (a->leader)
			fprintf(out, " for %d", a->leader);
	}
	if (a->end_ns && a->ret)
		fprintf(out, ", %s", returned_text(a->ret, text, sizeof(text)));
	if (a->end_ns) {
		format_marked_bytes(text, sizeof(text), bytes,
				    marks_wasted_known(&a->cost.marks, bytes),
				    marks_exact(&a->cost.marks));
		fprintf(out, ", allocated %s", *text == '?' ? "an unknown number of bytes" : text);
	}
	fputs("</title>", out);
}

static void draw_bar(const struct svg *s, const struct picture_lane *lane,
		     const struct picture_bar *bar)
{
	const double x = svg_x(s, bar->begin_ns), width = svg_x(s, bar->end_ns) - x;
	const double height = bar->row < lane->winners ? winner_height(lane) : row_height(lane);

	fprintf(s->out, "<rect class=\"%s\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"",
		looks[bar->kind].class, x, s->y + row_y(lane, bar->row), width < 1 ? 1 : width,
		height);
	if (bar->nr > 1)
		fprintf(s->out, " data-nr=\"%" PRIu32 "\"", bar->nr);
	fputc('>', s->out);
	write_title(s, bar);
	fputs("</rect>\n", s->out);
}

static void say_times(char *text, size_t size, const struct call_times *t)
{
	const bool exact = times_exact(t, CALL_DUP) && times_exact(t, CALL_FAIL);
	char number[32];

	if (!times_known(t, CALL_DUP) || !times_known(t, CALL_FAIL)) {
		snprintf(text, size, "?");
		return;
	}
	format_ns(number, sizeof(number), sat_add(t->ns[CALL_DUP], t->ns[CALL_FAIL]));
	snprintf(text, size, "%s%s", exact ? "" : "~", number);
}

static void draw_figures(struct svg *s, const struct tally *t)
{
	char text[40];

	svg_text(s, ATTEMPTS_X, "right", "%" PRIu64, t->attempts);
	say_times(text, sizeof(text), &t->times);
	svg_text(s, TIME_X, "right", "%s", text);
	format_marked_bytes(text, sizeof(text), tally_wasted(t), tally_wasted_known(t),
			    tally_bytes_exact(t));
	svg_text(s, BYTES_X, "right", "%s", text);
}

/* Of modules that have no lane of their own. */
static void draw_folded_figures(struct svg *s, const struct view *v, const struct picture *p)
{
	struct tally all = { 0 };
	unsigned int kind;
	size_t i;

	for (i = v->nr_modules - p->nr_folded; i < v->nr_modules; i++) {
		const struct tally *t = &v->modules[i]->tally;

		all.attempts += t->attempts;
		times_merge(&all.times, &t->times);
		all.estimated |= t->estimated;
		for (kind = 0; kind < BYTES_NR; kind++) {
			all.wasted[kind] = sat_add(all.wasted[kind], t->wasted[kind]);
			all.known_bytes[kind] += t->known_bytes[kind];
			all.unknown_bytes[kind] += t->unknown_bytes[kind];
		}
		for (kind = 0; kind < OUTCOME_NR; kind++)
			all.outcomes[kind] += t->outcomes[kind];
	}
	draw_figures(s, &all);
}

static void draw_lane(struct svg *s, const struct view *v, const struct picture *p, size_t nr)
{
	const struct picture_lane *lane = &p->lanes[nr];
	const double height = lane_height(lane), top = s->y;
	size_t i;

	fputs("<g class=\"lane\"", s->out);
	if (lane->module) {
		fputs(" data-module=\"", s->out);
		xml_name(s->out, lane->module->name, 200);
		fputc('"', s->out);
	}
	fputs(">\n", s->out);
	if (nr & 1)
		fprintf(s->out,
			"<rect class=\"odd\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>\n",
			SVG_MARGIN, top - LANE_GAP / 2.0, SVG_WIDTH - 2 * SVG_MARGIN,
			height + LANE_GAP);
	s->y = top + height / 2 + 4;
	if (lane->module) {
		fprintf(s->out, "<text class=\"right\" x=\"%d\" y=\"%.1f\">", SVG_CHART_X - 8,
			s->y);
		xml_name(s->out, lane->module->name, NAME_COLUMNS);
		fputs("<title>", s->out);
		xml_name(s->out, lane->module->name, 200);
		fputs("</title></text>\n", s->out);
		draw_figures(s, &lane->module->tally);
	} else {
		svg_text(s, SVG_CHART_X - 8, "dim right", "%zu more modules", p->nr_folded);
		draw_folded_figures(s, v, p);
	}
	s->y = top;
	fputs("<g class=\"bars\">\n", s->out);
	for (i = 0; i < lane->nr_bars; i++)
		draw_bar(s, lane, &lane->bars[i]);
	fputs("</g></g>\n", s->out);
	s->y = top + height + LANE_GAP;
}

static int draw_findings(struct svg *s, const struct view *v)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < v->findings.nr && i < FINDINGS_MAX && !ret; i++) {
		const struct finding *f = &v->findings.all[i];
		_cleanup_free_ char *text = escape_dup(f->text, strlen(f->text));

		svg_text(s, SVG_MARGIN, severity_name(f->severity), "%s",
			 severity_name(f->severity));
		ret = text ? svg_paragraph(s, SVG_MARGIN + 44, "finding", text, TEXT_MAX) : -ENOMEM;
		if (!ret && f->remedy) {
			svg_text(s, SVG_MARGIN + 44, "dim", "remedy:");
			ret = svg_paragraph(s, SVG_MARGIN + 96, "remedy", f->remedy, TEXT_MAX);
		}
		s->y += 3;
	}
	if (v->findings.nr > FINDINGS_MAX) {
		svg_text(s, SVG_MARGIN, "dim", "%zu more findings: modtrace report",
			 v->findings.nr - FINDINGS_MAX);
		s->y += SVG_LINE;
	}
	return ret;
}

static void draw_notes(struct svg *s, const struct view *v, const struct picture *p)
{
	char text[32];
	u64 drawn = 0;
	unsigned int kind;

	format_ns(text, sizeof(text), p->merged_ns);
	svg_text(
		s, SVG_MARGIN, "dim",
		"Bars less than %s apart are one, whose title says how many. Worker time: in calls "
		"of duplicates and in failed ones. ~ estimated or not all, ? not recorded.",
		text);
	for (kind = 0; kind < BAR_KINDS; kind++)
		drawn += p->counts[kind];
	if (drawn >= v->model->totals.attempts)
		return;
	s->y += SVG_LINE;
	svg_text(s, SVG_MARGIN, "warn",
		 "%" PRIu64 " of %" PRIu64
		 " attempts are not drawn: the oldest, where there were too "
		 "many to be kept, or given up",
		 v->model->totals.attempts - drawn, v->model->totals.attempts);
}

static int draw_text(struct svg *s, const struct view *v, const struct picture *p)
{
	_cleanup_buf_ struct buf verdict = { 0 };
	int ret = verdict_text(v, &verdict);

	if (ret)
		return ret;
	s->y += 18;
	svg_text(s, SVG_MARGIN, "head", "Verdict");
	s->y += SVG_LINE;
	ret = svg_paragraph(s, SVG_MARGIN, "verdict", verdict.data, TEXT_MAX);
	s->y += 6;
	if (!ret)
		ret = draw_findings(s, v);
	s->y += 3;
	draw_notes(s, v, p);
	return ret;
}

static int draw(struct svg *s, const struct view *v, const struct picture *p)
{
	struct boot_story own = { 0 };
	const struct boot_story *boot = v->boot ? v->boot : &own;
	const double height = lanes_height(p) + OVERVIEW_HEIGHT + LANE_GAP;
	size_t i;

	if (!v->boot && v->info->nr_markers &&
	    boot_story_make(&own, v->info, p->start_ns, p->end_ns))
		return -ENOMEM;
	draw_header(s, v);
	draw_legend(s, p);
	svg_phases(s, boot->phases, boot->nr_phases, height + SVG_LINE);
	s->y += 12;
	svg_text(s, ATTEMPTS_X, "head right", "Attempts");
	svg_text(s, TIME_X, "head right", "Worker time");
	svg_text(s, BYTES_X, "head right", "Wasted");
	s->y -= 12;
	svg_axis(s, height);
	fprintf(s->out,
		"<g id=\"chart\" data-x=\"%d\" data-width=\"%d\" data-start-ns=\"%" PRIu64
		"\" data-end-ns=\"%" PRIu64 "\">\n",
		SVG_CHART_X, SVG_CHART_WIDTH, p->start_ns, p->end_ns);
	draw_overview(s, p);
	for (i = 0; i < p->nr_lanes; i++)
		draw_lane(s, v, p, i);
	fputs("</g>\n", s->out);
	boot_story_free(&own);
	return draw_text(s, v, p);
}

/**
 * output_svg - write a view as a picture
 * @v: the view, with its timeline
 * @style: of no effect
 * @out: the stream
 *
 * Return: 0, -ENOMEM, -EINVAL without a timeline, or -EIO if the stream has an error.
 */
int output_svg(const struct view *v, const struct output_style *style, FILE *out)
{
	struct picture p = { 0 };
	struct svg s = { 0 };
	int ret = v->timeline ? picture_make(&p, v, v->timeline) : -EINVAL;

	(void)style;
	s.start_ns = p.start_ns;
	s.end_ns = p.end_ns;
	if (!ret)
		ret = svg_begin(&s);
	if (!ret)
		ret = draw(&s, v, &p);
	if (!ret)
		ret = svg_end(&s, v->info->is_boot ? "Module loads of a boot" : "Module loads",
			      out);
	svg_free(&s);
	picture_free(&p);
	return ret;
}
