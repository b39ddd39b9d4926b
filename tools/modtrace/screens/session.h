/* SPDX-License-Identifier: GPL-2.0-only */
/* Model and timeline of what is watched: fed together, frozen together, drawn and saved. */
#ifndef MODTRACE_SESSION_H
#define MODTRACE_SESSION_H

#include "screens/screen.h"

/**
 * struct session - what the screens are of, live or from a recording
 * @model: all up to now
 * @timeline: likewise
 * @frozen: what is shown while the view is paused, NULL while it isn't
 * @frozen_timeline: likewise
 * @frozen_ns: the time it was paused
 * @start_ns: where time begins
 * @info: the source's; may be changed between calls
 * @view: rows of what is shown
 * @view_stale: they are not those of now
 */
struct session {
	struct model *model;
	struct timeline *timeline;
	struct model *frozen;
	struct timeline *frozen_timeline;
	u64 frozen_ns;
	u64 start_ns;
	const struct source_info *info;
	struct view view;
	bool view_stale;

	/* private */
	struct screen_rows rows;
	model_watch_fn also;
	void *also_context;
};

int session_init(struct session *s, const struct source_info *info, u64 start_ns,
		 const struct filter *filter);
void session_free(struct session *s);
void session_also_tell(struct session *s, model_watch_fn watch, void *context);
int session_event(struct session *s, const struct event *ev);
int session_freeze(struct session *s, u64 now_ns);
void session_thaw(struct session *s);
int session_settle(struct session *s, struct tui_state *state, struct screen_data *d);
int session_draw(struct session *s, struct frame *f, struct tui_state *state,
		 struct screen_data *d);
int session_save(struct session *s, const char *path, u64 *left_out, struct err *err);

#endif
