// SPDX-License-Identifier: GPL-2.0-only
/* What users write: filters, columns, conditions, lists of sizes and CPUs. A byte chooses which. */
#include "fuzz.h"
#include "model/filter.h"
#include "source/stock.h"
#include "views/change_threshold.h"
#include "views/columns.h"
#include "views/threshold.h"

static void parse_filter(const char *text)
{
	struct filter f = { 0 };

	if (!filter_add(&f.modules, text) && !filter_add(&f.comms, text))
		filter_passes(&f, "xfs", "(udev-worker)", 1);
	filter_free(&f);
}

static void parse_time(const char *text)
{
	struct filter f = { 0 };
	struct err err;

	if (!filter_set_time(&f, text, &err) && f.until_ns && f.until_ns <= f.from_ns)
		abort();
}

static void parse_columns(const char *text)
{
	struct column_list list = { 0 };
	struct module module = { .name = "xfs" };
	struct err err;
	size_t i;

	if (columns_parse(&list, text, &err))
		return;
	for (i = 0; i < list.nr; i++) {
		struct view_cell cell = column_of_module(list.all[i], &module);
		char formatted[64];

		cell_format(&cell, formatted, sizeof(formatted));
	}
	if (columns_compare(&list, &module, &module))
		abort();
}

static void parse_condition(const char *text)
{
	struct change_threshold change;
	struct threshold t;
	struct err err;

	threshold_parse(&t, text, &err);
	change_threshold_parse(&change, text, &err);
}

static void parse_sizes(char *text)
{
	struct stock *s = stock_new(0, NULL);
	struct err err;

	if (s)
		stock_use_sizes(s, text, "list", &err);
	stock_free(s);
}

static void parse_cpus(const char *text)
{
	bool set[64] = { 0 };

	parse_cpu_list(text, set, ARRAY_SIZE(set));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char *text = size ? strndup((const char *)data + 1, size - 1) : NULL;

	if (!text)
		return 0;
	switch (*data) {
	case 'f':
		parse_filter(text);
		break;
	case 't':
		parse_time(text);
		break;
	case 'c':
		parse_columns(text);
		break;
	case 'o':
		parse_condition(text);
		break;
	case 's':
		parse_sizes(text);
		break;
	case 'p':
		parse_cpus(text);
		break;
	default:
		break;
	}
	free(text);
	return 0;
}
