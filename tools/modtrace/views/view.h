/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows in order and cells as text, for a report as for a screen: no printing, no curses. */
#ifndef MODTRACE_VIEW_H
#define MODTRACE_VIEW_H

#include "lib/format.h"
#include "model/model.h"
#include "model/timeline.h"
#include "source/source_info.h"
#include "views/boot_story.h"
#include "views/columns.h"
#include "views/findings.h"

/* One requester over all modules. */
struct requester_row {
	struct identity who;
	u64 modules;
	u64 attempts;
	u64 duplicates;
	struct cost wasted;
	struct call_times times;
	struct hist calls[CALL_NR];
	struct device_list *devices; /* NULL if not known */
};

/**
 * struct view - what there is to show, in the order to show it
 * @model: the counts
 * @info: the recording
 * @findings: what they mean
 * @boot: what a boot was busy with, not the view's; NULL where it is no recording of one
 * @timeline: the attempts in time, not the view's; NULL where nobody keeps them
 * @modules: those with attempts, the most wasteful first
 * @requesters: likewise
 * @requests: those with the most duplicates first
 */
struct view {
	const struct model *model;
	const struct source_info *info;
	struct findings findings;
	const struct boot_story *boot;
	const struct timeline *timeline;
	const struct module **modules;
	size_t nr_modules;
	struct requester_row *requesters;
	size_t nr_requesters;
	const struct request **requests;
	size_t nr_requests;
};

int view_make(struct view *v, const struct model *m, const struct source_info *info);
void view_free(struct view *v);
void view_sort(struct view *v, const struct column_list *order);
u64 view_start_ns(const struct view *v);
u64 view_duration_ns(const struct view *v);
double view_duplicates_share(const struct view *v);
const struct requester **view_module_requesters(const struct module *module, size_t *nr);

#endif
