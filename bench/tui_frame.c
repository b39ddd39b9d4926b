// SPDX-License-Identifier: GPL-2.0-only
/*
 * tui_frame - how long frames of the screens take, and events that arrive meanwhile
 *
 *	tui_frame [MODULES [ATTEMPTS]]		(default 5000 and 1000000)
 *
 * Events are made here and go the way they go in modtrace live, from the decoded event on.
 */
#include <inttypes.h>
#include <time.h>

#include "screens/session.h"

#define TASKS 512
#define FRAMES 50
#define EVENTS_PER_SECOND 50000

struct bench {
	struct session session;
	struct tui_state state;
	struct frame frame;
	struct screen_data data;
	u64 clock_ns;
	u64 events;
	u64 attempts;
	unsigned int modules;
};

static void die(const char *what)
{
	fprintf(stderr, "tui_frame: %s\n", what);
	exit(1);
}

static void give(struct bench *b, struct event ev)
{
	b->clock_ns += 1000;
	ev.time_ns = b->clock_ns;
	b->events++;
	if (session_event(&b->session, &ev))
		die("out of memory");
}

/* A storm of sixteen: one loads, the others wait for it. Each module gets its turn. */
static void storm(struct bench *b)
{
	char file[32], name[32];
	unsigned int m = b->attempts / 16 % b->modules, i;
	int first = 1000 + b->attempts % TASKS;

	snprintf(file, sizeof(file), "module_%u.ko", m);
	snprintf(name, sizeof(name), "module_%u", m);
	for (i = 0; i < 16; i++)
		give(b, (struct event){ .type = EVENT_LOAD_BEGIN, .tid = first + i,
					.task = first + i, .ino = m + 1, .dev = 1,
					.file = { file, strlen(file) } });
	for (i = 1; i < 16; i++) {
		give(b, (struct event){ .type = EVENT_LOAD_MERGED, .tid = first + i, .leader = first,
					.has_wait = true, .wait_ns = 15000 + b->attempts % 5000,
					.ret = -EEXIST, .name = { name, strlen(name) } });
		give(b, (struct event){ .type = EVENT_LOAD_END, .tid = first + i, .ret = -EEXIST,
					.read_bytes = i % 4 ? 0 : 4096,
					.file = { file, strlen(file) } });
	}
	give(b, (struct event){ .type = EVENT_LOAD_END, .tid = first, .stage = STAGE_DONE,
				.read_bytes = 100000, .layout_bytes = 90000,
				.name = { name, strlen(name) } });
	b->attempts += 16;
}

static u64 draw(struct bench *b, bool new_events)
{
	u64 from = now_ns(CLOCK_MONOTONIC);

	b->session.view_stale |= new_events;
	b->data.now_ns = b->clock_ns;
	if (session_draw(&b->session, &b->frame, &b->state, &b->data))
		die("out of memory");
	return now_ns(CLOCK_MONOTONIC) - from;
}

static int by_size(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void measure(struct bench *b, const char *what, int width, int height, bool new_events)
{
	u64 ns[FRAMES];
	int i;

	b->state.width = width;
	b->state.height = height;
	for (i = 0; i < FRAMES; i++) {
		if (new_events)
			storm(b);
		ns[i] = draw(b, new_events);
	}
	qsort(ns, FRAMES, sizeof(*ns), by_size);
	printf("%-44s %4dx%-3d %9.2f ms %9.2f ms\n", what, width, height, ns[FRAMES / 2] / 1e6,
	       ns[FRAMES - 1] / 1e6);
}

/* What a key waits for at most: a tenth of a second's events, taken in, and then a frame. */
static void measure_keys(struct bench *b)
{
	u64 worst = 0, took = 0, until;
	int i;

	for (i = 0; i < 30; i++) {
		u64 from = now_ns(CLOCK_MONOTONIC), ns;

		until = b->events + EVENTS_PER_SECOND / 10;
		while (b->events < until)
			storm(b);
		took += now_ns(CLOCK_MONOTONIC) - from;
		tui_key(&b->state, TKEY_DOWN);
		ns = draw(b, true) + now_ns(CLOCK_MONOTONIC) - from;
		worst = ns > worst ? ns : worst;
	}
	printf("%d events a second: %.1f%% of a CPU; a key is answered within %.1f ms\n",
	       EVENTS_PER_SECOND, took / 30 / 1e6, worst / 1e6);
}

static void print_memory(void)
{
	struct buf text = { 0 };
	char *line;

	if (read_small_file("/proc/self/status", &text))
		return;
	line = strstr(text.data, "VmRSS:");
	if (line)
		printf("memory: %.*s\n", (int)strcspn(line, "\n"), line);
	buf_free(&text);
}

int main(int argc, char **argv)
{
	const struct source_info info = { .kind = "live", .cpus = 8, .kernel = (char *)"bench",
					  .recorded = ~0U };
	struct bench b = { .clock_ns = NSEC_PER_SEC };
	u64 modules = 5000, attempts = 1000000, from;

	if ((argc > 1 && (parse_u64(argv[1], 60000, &modules) || !modules)) ||
	    (argc > 2 && parse_u64(argv[2], 100000000, &attempts)))
		die("usage: tui_frame [MODULES [ATTEMPTS]]");
	b.modules = modules;
	tui_state_init(&b.state, false);
	if (session_init(&b.session, &info, b.clock_ns, NULL))
		die("out of memory");
	from = now_ns(CLOCK_MONOTONIC);
	while (b.attempts < attempts)
		storm(&b);
	printf("%" PRIu64 " attempts for %" PRIu64 " modules: %" PRIu64 " events taken in, %.2f us each\n",
	       b.attempts, modules, b.events,
	       (now_ns(CLOCK_MONOTONIC) - from) / 1e3 / b.events);
	print_memory();
	printf("%-44s %8s %12s %12s\n", "frames", "", "median", "worst");
	measure(&b, "modules, new events", 80, 24, true);
	measure(&b, "modules, new events", 200, 50, true);
	measure(&b, "modules, nothing new", 200, 50, false);
	b.state.lists[SCREEN_MODULES].sort = 4;
	measure(&b, "modules, by another column, new events", 200, 50, true);
	tui_act(&b.state, ACT_ENTER, 0);
	measure(&b, "a module, new events", 200, 50, true);
	tui_act(&b.state, ACT_FINDINGS, 0);
	measure(&b, "findings, new events", 200, 50, true);
	tui_act(&b.state, ACT_REQUESTERS, 0);
	measure(&b, "requesters, new events", 200, 50, true);
	tui_state_forget(&b.state);
	b.state.depth = 0;
	b.state.screen = SCREEN_MODULES;
	measure_keys(&b);
	from = now_ns(CLOCK_MONOTONIC);
	session_freeze(&b.session, b.clock_ns);
	printf("pause: %.1f ms\n", (now_ns(CLOCK_MONOTONIC) - from) / 1e6);
	session_free(&b.session);
	frame_free(&b.frame);
	return 0;
}
