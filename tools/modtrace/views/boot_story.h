/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a boot was busy with, in time: its phases between the markers of its recording, and a time
 * line. Pure.
 */
#ifndef MODTRACE_BOOT_STORY_H
#define MODTRACE_BOOT_STORY_H

#include "model/model.h"
#include "source/source_info.h"

#define PIECE_MODULES 3

/**
 * struct boot_piece - what began, and what ran, in a piece of the boot
 * @name: what ended it, the source's string; NULL for none
 * @from_ns: when it begins
 * @until_ns: when it ends
 * @attempts: how many
 * @loaded: of them
 * @duplicates: of them: merged, exists, busy
 * @wasted_bytes: by those, as far as that is known
 * @duplicates_ns: time of the piece in which a duplicate was under way, whenever it began
 * @running: attempts under way in it, whenever they began
 * @modules: those with the most of these, the model's strings; NULL behind the last
 * @module_attempts: how many each
 * @more_modules: others
 */
struct boot_piece {
	const char *name;
	u64 from_ns;
	u64 until_ns;
	u64 attempts;
	u64 loaded;
	u64 duplicates;
	u64 wasted_bytes;
	u64 duplicates_ns;
	u64 running;
	const char *modules[PIECE_MODULES];
	u64 module_attempts[PIECE_MODULES];
	u64 more_modules;
};

/**
 * struct boot_story - a boot
 * @folded: attempts that were too many to be kept, and are in no piece
 * @phases: between markers
 * @nr_phases: how many
 * @line: pieces of one width, from the first attempt to the last one's end
 * @nr_line: how many
 */
struct boot_story {
	u64 folded;
	struct boot_piece *phases;
	size_t nr_phases;
	struct boot_piece *line;
	size_t nr_line;

	/* private */
	struct boot_attempt *attempts;
	size_t nr_attempts;
	size_t cap_attempts;
	struct boot_interval *busy;
	size_t nr_busy;
};

int boot_story_attempt(void *story, enum attempt_change change, const struct attempt_facts *a);
int boot_story_make(struct boot_story *s, const struct source_info *info, u64 start_ns,
		    u64 end_ns);
void boot_story_free(struct boot_story *s);

bool boot_is_milestone(const char *marker);

#endif
