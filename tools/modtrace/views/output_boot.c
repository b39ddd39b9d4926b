// SPDX-License-Identifier: GPL-2.0-only
#include "views/output_boot.h"

#include <inttypes.h>

#include "lib/escape.h"
#include "lib/table.h"
#include "lib/wrap.h"

static u64 share_percent(const struct boot_piece *p)
{
	u64 width_ns = p->until_ns - p->from_ns;

	return width_ns ? (p->duplicates_ns * 100 + width_ns / 2) / width_ns : 0;
}

static void cell_time(struct table *t, const struct view *v, const struct output_style *style,
		      u64 time_ns)
{
	table_cell(t, "%.3f", sat_sub(time_ns, style->absolute ? 0 : view_start_ns(v)) / 1e9);
}

static void cell_wasted(struct table *t, const struct view *v, u64 bytes)
{
	char text[32];

	format_bytes(text, sizeof(text), bytes);
	if (!tally_wasted_known(&v->model->totals))
		table_cell(t, "?");
	else
		table_cell(t, "%s%s", bytes && !tally_bytes_exact(&v->model->totals) ? "~" : "",
			   text);
}

/* "kvm 45, aesni_intel 32, xfs 3, 4 others" */
static void cell_modules(struct table *t, const struct boot_piece *p)
{
	char text[512] = "", name[128];
	size_t len = 0, i;

	for (i = 0; i < PIECE_MODULES && p->modules[i]; i++) {
		escape(name, sizeof(name), p->modules[i], strlen(p->modules[i]));
		len += snprintf(text + len, sizeof(text) - len, "%s%s %" PRIu64,
				i ? ", " : "", name, p->module_attempts[i]);
	}
	if (p->more_modules)
		snprintf(text + len, sizeof(text) - len, ", %" PRIu64 " more", p->more_modules);
	table_cell(t, "%s", text);
}

static struct table new_table(const struct output_style *style, const char *const *heads,
			      size_t nr, u64 left)
{
	struct table t = { .nr_columns = nr,
			   .left = left,
			   .width = style->width,
			   .bold = style->colour,
			   .trim = true };

	memcpy(t.heads, heads, nr * sizeof(*heads));
	return t;
}

static int print_phases(const struct view *v, const struct output_style *style, FILE *out)
{
	static const char *const heads[] = {
		"UNTIL",  "FROM s",	"UNTIL s", "ATTEMPTS",
		"LOADED", "DUPLICATES", "WASTED",  "IN DUPS",
	};
	struct table t = new_table(style, heads, ARRAY_SIZE(heads), 1);
	size_t i;

	t.nr_drop = 2;
	memcpy(t.drop, (const u8[]){ 4, 6 }, 2);

	for (i = 0; i < v->boot->nr_phases; i++) {
		const struct boot_piece *p = &v->boot->phases[i];

		table_name(&t, p->name ? p->name : "the end");
		cell_time(&t, v, style, p->from_ns);
		cell_time(&t, v, style, p->until_ns);
		table_count(&t, p->attempts);
		table_count(&t, p->loaded);
		table_count(&t, p->duplicates);
		cell_wasted(&t, v, p->wasted_bytes);
		table_cell(&t, "%" PRIu64 "%%", share_percent(p));
	}
	fputc('\n', out);
	print_wrapped(
		out,
		"Phases of the boot (IN DUPS: share of the time with duplicate loads in progress)",
		style->width, 0, 2);
	return table_print(&t, out);
}

static int print_line(const struct view *v, const struct output_style *style, FILE *out)
{
	static const char *const heads[] = {
		"FROM s", "ATTEMPTS", "LOADED", "DUPLICATES", "WASTED", "IN DUPS", "RUNNING",
	};
	struct table t = new_table(style, heads, ARRAY_SIZE(heads), 1 << 6);
	size_t i;

	t.nr_drop = 3;
	memcpy(t.drop, (const u8[]){ 2, 4, 5 }, 3);
	if (!v->boot->nr_line)
		return 0;
	for (i = 0; i < v->boot->nr_line; i++) {
		const struct boot_piece *p = &v->boot->line[i];

		/* Times in which nothing happened show by the times that are there. */
		if (!p->running)
			continue;
		cell_time(&t, v, style, p->from_ns);
		table_count(&t, p->attempts);
		table_count(&t, p->loaded);
		table_count(&t, p->duplicates);
		cell_wasted(&t, v, p->wasted_bytes);
		table_cell(&t, "%" PRIu64 "%%", share_percent(p));
		cell_modules(&t, p);
	}
	fputc('\n', out);
	print_wrapped(out, "Time line of the boot (RUNNING: loads under way, whenever they began)",
		      style->width, 0, 2);
	return table_print(&t, out);
}

/**
 * output_boot_text - write what a boot was busy with, for people
 * @v: the view, with its boot
 * @style: how
 * @out: the stream
 *
 * Return: 0 or -errno.
 */
int output_boot_text(const struct view *v, const struct output_style *style, FILE *out)
{
	int ret = print_phases(v, style, out);

	if (!ret)
		ret = print_line(v, style, out);
	if (ret)
		return ret;
	if (v->boot->folded)
		fprintf(out, "%" PRIu64 " attempts were too many to be in these tables\n",
			v->boot->folded);
	return 0;
}

static void piece(struct json *j, const struct view *v, const struct boot_piece *p)
{
	size_t i;

	json_open(j, NULL, '{');
	json_string(j, "until", p->name);
	json_number(j, "from_ns", p->from_ns);
	json_number(j, "until_ns", p->until_ns);
	json_number(j, "attempts", p->attempts);
	json_number(j, "loaded", p->loaded);
	json_number(j, "duplicates", p->duplicates);
	json_number_if(j, "wasted_bytes", tally_wasted_known(&v->model->totals), p->wasted_bytes);
	json_number(j, "duplicates_ns", p->duplicates_ns);
	json_number(j, "running", p->running);
	json_open(j, "modules", '[');
	for (i = 0; i < PIECE_MODULES && p->modules[i]; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", p->modules[i]);
		json_number(j, "attempts", p->module_attempts[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_number(j, "more_modules", p->more_modules);
	json_close(j, '}');
}

/**
 * output_boot_phases - write what a boot was busy with between its markers
 * @j: the document, in an object
 * @v: the view, with its boot
 */
void output_boot_phases(struct json *j, const struct view *v)
{
	size_t i;

	json_open(j, "phases", '[');
	for (i = 0; i < v->boot->nr_phases; i++)
		piece(j, v, &v->boot->phases[i]);
	json_close(j, ']');
}

/**
 * output_boot_json - write the same for programs
 * @j: the report, in its outer object
 * @v: the view, with its boot
 */
void output_boot_json(struct json *j, const struct view *v)
{
	const struct boot_story *b = v->boot;
	size_t i;

	json_open(j, "boot", '{');
	json_open(j, "markers", '[');
	for (i = 0; i < v->info->nr_markers; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", v->info->markers[i].name);
		json_number(j, "time_ns", v->info->markers[i].time_ns);
		json_close(j, '}');
	}
	json_close(j, ']');
	output_boot_phases(j, v);
	json_open(j, "timeline", '[');
	for (i = 0; i < b->nr_line; i++)
		piece(j, v, &b->line[i]);
	json_close(j, ']');
	json_number(j, "folded", b->folded);
	json_close(j, '}');
}
