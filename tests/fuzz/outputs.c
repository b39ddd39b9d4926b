// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever a model holds, to each writer: reports, pictures, traces, and a comparison with itself. The
 * first eight bytes are names, then twelve bytes an event.
 */
#include "fuzz.h"
#include "model/model.h"
#include "views/compare.h"
#include "views/output.h"
#include "views/output_pair.h"
#include "views/picture.h"
#include "views/traced.h"

#include "../tool/watchers.h"

#define EVENT_SIZE 12

static void compare(const struct view *v, FILE *sink)
{
	struct diff_text text = { .out = sink, .width = 80, .all = true };
	struct comparison c = { 0 };

	if (!comparison_add(&c, 0, v) && !comparison_add(&c, 1, v)) {
		comparison_finish(&c);
		output_diff_text(&c, &text);
		output_diff_json(&c, sink);
		output_pair_svg(&c, sink);
	}
	comparison_free(&c);
}

static void write_all_forms(struct watchers *w, struct view *v, const struct source_info *info,
			    FILE *sink)
{
	static const output_fn forms[] = { output_text,	   output_json,	       output_csv,
					   output_summary, output_openmetrics, output_prometheus };
	const struct output_style style = { .width = 80 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		forms[i](v, &style, sink);
	traced_end(&w->traced[0], info, v->model->first_ns, v->model->last_ns);
	traced_end(&w->traced[1], info, v->model->first_ns, v->model->last_ns);
	v->timeline = w->timeline;
	output_svg(v, &style, sink);
	compare(v, sink);
}

static struct event event_of(const u8 *data, const char *names, u64 *now)
{
	/* A name is a piece of the names: whole, a part, or nothing. */
	const struct str name = { names + data[3] % 8, data[4] % (9 - data[3] % 8) };
	u64 step;

	memcpy(&step, data + 8, 2);
	*now += data[10] & 1 ? step << (data[10] % 40) : step;
	return (struct event){
		.type = data[0] % EVENT_TYPE_NR,
		.time_ns = *now,
		.cpu = data[1] % 4,
		.tid = data[1] % 16,
		.task = data[1] % 16,
		.pid = data[1] % 8,
		.parent_pid = data[2] % 8,
		.parent_tid = data[2] % 16,
		.leader = data[2] % 16,
		.gate = data[5],
		.stage = data[5] % 9,
		.ret = -(s32)data[6],
		.wait = data[7],
		.wait_ns = step << data[7] % 50,
		.read_bytes = step << data[11] % 50,
		.layout_bytes = data[11],
		.ip = data[7],
		.lost = data[11],
		.ino = data[5],
		.dev = data[6],
		.file = name,
		.name = name,
		.comm = name,
	};
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct source_info info = { .kind = "fuzz", .recorded = UINT32_MAX };
	struct watchers w = { 0 };
	struct view view = { 0 };
	char *text = NULL, names[8];
	struct model *m;
	size_t len = 0;
	u64 now = 1;
	FILE *sink;

	if (size < sizeof(names))
		return 0;
	memcpy(names, data, sizeof(names));
	m = model_new();
	w.timeline = timeline_new(200, 50);
	sink = open_memstream(&text, &len);
	if (!m || !w.timeline || !sink)
		abort();
	traced_start(&w.traced[0], &traced_chrome, sink);
	traced_start(&w.traced[1], &traced_perfetto, sink);
	model_watch(m, on_attempt, &w);
	for (data += 8, size -= 8; size >= EVENT_SIZE; data += EVENT_SIZE, size -= EVENT_SIZE) {
		const struct event ev = event_of(data, names, &now);

		if (model_event(m, &ev))
			break;
	}
	model_tell_open(m);
	if (!view_make(&view, m, &info))
		write_all_forms(&w, &view, &info, sink);
	view_free(&view);
	traced_free(&w.traced[0]);
	traced_free(&w.traced[1]);
	timeline_free(w.timeline);
	model_free(m);
	fclose(sink);
	free(text);
	return 0;
}
