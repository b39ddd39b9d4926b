// SPDX-License-Identifier: GPL-2.0-only
/* modtrace's own section of a recording, and what reports say of it: a boot's phases, gates, symbols. */
#include "fuzz.h"
#include "model/model.h"
#include "source/notes.h"
#include "views/output.h"

static void write_forms(const struct view *v, FILE *sink)
{
	static const output_fn forms[] = { output_text, output_json, output_summary,
					   output_openmetrics, output_prometheus };
	const struct output_style style = { .width = 80 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		forms[i](v, &style, sink);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct source_info info = { .kind = "fuzz", .recorded = UINT32_MAX };
	struct event ev = {
		.type = EVENT_REQUEST, .time_ns = 1000, .tid = 5, .ip = 0xffffffff81000020
	};
	/* Of the very size: the section isn't terminated. */
	char *copy = malloc(size ? size : 1), *text = NULL;
	struct model *m = model_new();
	struct view view = { 0 };
	size_t len = 0;
	FILE *sink = open_memstream(&text, &len);

	if (!copy || !m || !sink)
		abort();
	memcpy(copy, data, size);
	notes_read(&info, copy, size);
	free(copy);
	if (!model_event(m, &ev) && !view_make(&view, m, &info))
		write_forms(&view, sink);
	view_free(&view);
	model_free(m);
	source_info_free(&info);
	fclose(sink);
	free(text);
	return 0;
}
