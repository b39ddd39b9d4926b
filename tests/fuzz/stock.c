// SPDX-License-Identifier: GPL-2.0-only
/* Any events in any order, through stock mode into the model. Eight bytes an event. */
#include "fuzz.h"
#include "model/model.h"
#include "source/stock.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const char *const names[] = { "a.ko", "/x/b-c.ko.xz", "", "(fault)", "d" };
	struct model *m = model_new();
	struct stock *s;
	struct event out;
	u64 now = 1;
	u32 recorded;

	if (size < 8 || !m) {
		model_free(m);
		return 0;
	}
	memcpy(&recorded, data, 4);
	s = stock_new(recorded, data[4] & 1 ? "6.1.0" : data[4] & 2 ? "6.12.3" : NULL);
	for (data += 8, size -= 8; size >= 8; data += 8, size -= 8) {
		const char *name = names[data[2] % ARRAY_SIZE(names)];
		const struct event ev = {
			.type = data[0] % EVENT_TYPE_NR, .time_ns = now += data[7],
			.tid = data[1] % 8, .task = data[1] % 8, .pid = data[1] % 4,
			.parent_pid = data[3] % 8, .parent_tid = data[3] % 8,
			.fd = data[4] % 4, .ret = -(s32)(data[5] % 32) + data[4] % 4,
			.flags = data[6], .bytes = data[6], .ino = data[6], .lost = data[6],
			.file = { name, strlen(name) }, .name = { name, strlen(name) },
			.comm = { name, strlen(name) }, .gate = data[4], .stage = data[5] % 8,
			.leader = data[3] % 8,
		};

		if (stock_give(s, &ev))
			break;
		while (stock_take(s, &out))
			model_event(m, &out);
	}
	stock_free(s);
	model_free(m);
	return 0;
}
