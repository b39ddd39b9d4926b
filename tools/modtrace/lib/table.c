// SPDX-License-Identifier: GPL-2.0-only
#include "lib/table.h"

#include <inttypes.h>

#include "lib/escape.h"

#define GAP 2
#define NAME_MIN 12

/**
 * table_cell - add a cell
 * @t: the table
 * @fmt: printf format of its text, which must be harmless
 */
void table_cell(struct table *t, const char *fmt, ...)
{
	_cleanup_buf_ struct buf text = { 0 };
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = buf_vaddf(&text, fmt, ap);
	va_end(ap);
	if (ret || grow(&t->cells, &t->cap_cells, t->nr_cells + 1, sizeof(*t->cells)))
		t->failed = true;
	else
		t->cells[t->nr_cells++] = TAKE_PTR(text.data);
}

/**
 * table_name - add a cell with a name, escaped
 * @t: the table
 * @name: the name
 */
void table_name(struct table *t, const char *name)
{
	_cleanup_free_ char *clean = escape_dup(name, strlen(name));

	if (clean)
		table_cell(t, "%s", *clean ? clean : "-");
	else
		t->failed = true;
}

/**
 * table_count - add a cell with a number
 * @t: the table
 * @n: the number; nothing is shown of 0
 */
void table_count(struct table *t, u64 n)
{
	if (n)
		table_cell(t, "%" PRIu64, n);
	else
		table_cell(t, "-");
}

static size_t total_width(const struct table *t, const size_t *width, const bool *dropped)
{
	size_t sum = 0, i;

	for (i = 0; i < t->nr_columns; i++)
		if (!dropped[i])
			sum += width[i] + GAP;
	return sum ? sum - GAP : 0;
}

/* Names give way first, then whole columns, then names once more. */
static void fit(const struct table *t, size_t *width, bool *dropped)
{
	size_t next = 0, last = t->nr_columns - 1, excess, i;

	while ((excess = sat_sub(total_width(t, width, dropped), t->width)) != 0) {
		size_t widest = TABLE_COLUMNS_MAX;

		for (i = 0; i < t->nr_columns; i++)
			if (!dropped[i] && (t->left >> i & 1) && width[i] > NAME_MIN &&
			    (widest == TABLE_COLUMNS_MAX || width[i] > width[widest]))
				widest = i;
		if (widest < TABLE_COLUMNS_MAX && width[widest] > 2 * NAME_MIN) {
			width[widest]--;
		} else if (next < t->nr_drop) {
			dropped[t->drop[next++]] = true;
		} else if (widest < TABLE_COLUMNS_MAX) {
			width[widest]--;
		} else if (t->trim && last) {
			dropped[last--] = true;
		} else {
			return;
		}
	}
}

/* The first @width columns of a text, the last two of them dots if that is not all. */
static void print_cut(FILE *out, const char *text, size_t width)
{
	char piece[512];
	size_t len = strlen(text);

	if (len >= sizeof(piece))
		len = sizeof(piece) - 1;
	memcpy(piece, text, len);
	for (;;) {
		piece[len] = '\0';
		if (display_width(piece) + 2 <= width || !len)
			break;
		/* back over a whole character */
		do {
			len--;
		} while (len && (piece[len] & 0xc0) == 0x80);
	}
	fprintf(out, "%s..%*s", piece, (int)sat_sub(width, display_width(piece) + 2), "");
}

static void print_cell(FILE *out, const char *text, size_t width, bool left, bool last)
{
	size_t have = display_width(text);
	int pad = width > have ? width - have : 0;

	if (left && have > width)
		print_cut(out, text, width);
	else if (left)
		fprintf(out, "%s%*s", text, last ? 0 : pad, "");
	else
		fprintf(out, "%*s%s", pad, "", text);
	if (!last)
		fprintf(out, "%*s", GAP, "");
}

static void print_row(const struct table *t, FILE *out, const char *const *cells,
		      const size_t *width, const bool *dropped)
{
	size_t last = t->nr_columns - 1, i;

	while (last && dropped[last])
		last--;
	for (i = 0; i <= last; i++)
		if (!dropped[i])
			print_cell(out, cells[i], width[i], t->left >> i & 1, i == last);
}

static bool is_nothing(const char *text)
{
	return !strcmp(text, "-") || !strcmp(text, "0") || !strcmp(text, "0 B") ||
	       !strcmp(text, "0%");
}

static void drop_empty(const struct table *t, bool *dropped)
{
	size_t i;

	for (i = 0; i < t->nr_columns; i++)
		dropped[i] = !(t->left >> i & 1);
	for (i = 0; i < t->nr_cells; i++)
		if (!is_nothing(t->cells[i]))
			dropped[i % t->nr_columns] = false;
}

/* How wide columns are, and which ones are left out. */
static void lay_out(struct table *t)
{
	size_t i;

	if (t->laid_out)
		return;
	t->laid_out = true;
	for (i = 0; i < t->nr_columns; i++)
		t->widths[i] = strlen(t->heads[i]);
	for (i = 0; i < t->nr_cells; i++) {
		size_t have = display_width(t->cells[i]);

		if (have > t->widths[i % t->nr_columns])
			t->widths[i % t->nr_columns] = have;
	}
	if (t->trim)
		drop_empty(t, t->dropped);
	t->fits = !t->width || total_width(t, t->widths, t->dropped) <= t->width;
	if (t->width)
		fit(t, t->widths, t->dropped);
}

/**
 * table_fits - whether a table needs no more room than there is
 * @t: the table, complete
 *
 * Return: false if names have to be cut, or columns left out.
 */
bool table_fits(struct table *t)
{
	lay_out(t);
	return t->fits;
}

/**
 * table_shows - whether there is room for a column, for what is said of it ahead of the table
 * @t: the table, complete
 * @column: the column
 *
 * Return: false if it is left out.
 */
bool table_shows(struct table *t, size_t column)
{
	lay_out(t);
	return !t->dropped[column];
}

/**
 * table_free - free the cells of a table that isn't printed
 * @t: the table
 */
void table_free(struct table *t)
{
	size_t i;

	for (i = 0; i < t->nr_cells; i++)
		free(t->cells[i]);
	free(t->cells);
	t->cells = NULL;
	t->nr_cells = 0;
	t->cap_cells = 0;
}

/* What is marked in the columns that are shown. */
static void find_marks(struct table *t)
{
	size_t i;

	for (i = 0; i < t->nr_cells; i++) {
		if (t->dropped[i % t->nr_columns])
			continue;
		t->about |= strchr(t->cells[i], '~') && !(t->left >> i % t->nr_columns & 1);
		t->unknown |= !strcmp(t->cells[i], "?");
	}
}

/**
 * table_print - print a table and free its cells
 * @t: the table
 * @out: where to
 *
 * Return: 0 or -ENOMEM.
 */
int table_print(struct table *t, FILE *out)
{
	int ret = t->failed ? -ENOMEM : 0;
	size_t i;

	lay_out(t);
	find_marks(t);
	if (!ret) {
		fputs(t->bold ? "\033[1m" : "", out);
		print_row(t, out, t->heads, t->widths, t->dropped);
		fputs(t->bold ? "\033[0m\n" : "\n", out);
	}
	for (i = 0; i < t->nr_cells && !ret; i += t->nr_columns) {
		print_row(t, out, (const char *const *)t->cells + i, t->widths, t->dropped);
		fputc('\n', out);
	}
	table_free(t);
	return ret;
}
