// SPDX-License-Identifier: GPL-2.0-only
#include "views/output.h"

#include <inttypes.h>

#include "lib/csv.h"

static void print_head(FILE *out, const struct view_column *column)
{
	const char *p;

	for (p = column->key; *p; p++)
		fputc(*p == '.' ? '_' : *p, out);
}

/**
 * output_csv - write a row per module
 * @v: the view
 * @style: its fields are the columns; all there are without any
 * @out: the stream
 *
 * What isn't known is an empty cell. Lines end as RFC 4180 has it.
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int output_csv(const struct view *v, const struct output_style *style, FILE *out)
{
	size_t nr = style->fields.nr ? style->fields.nr : view_columns_nr, i, n;

	for (n = 0; n < nr; n++) {
		if (n)
			fputc(',', out);
		print_head(out, style->fields.nr ? style->fields.all[n] : &view_columns[n]);
	}
	fputs("\r\n", out);
	for (i = 0; i < v->nr_modules; i++) {
		for (n = 0; n < nr; n++) {
			struct view_cell c =
				column_of_module(style->fields.nr ? style->fields.all[n] :
						 &view_columns[n], v->modules[i]);

			if (n)
				fputc(',', out);
			if (!c.known)
				continue;
			if (c.kind != CELL_NAME)
				fprintf(out, "%" PRIu64, c.number);
			else if (csv_text(out, c.text, strlen(c.text)))
				return -ENOMEM;
		}
		fputs("\r\n", out);
	}
	return ferror(out) ? -EIO : 0;
}
