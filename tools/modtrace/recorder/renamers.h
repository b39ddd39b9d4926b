/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks that take another name all the time. Each name is a record that must be read: the kernel is told
 * to leave out those of such a task, which is RENAMING from then to its end. All others keep their
 * names. Pure.
 */
#ifndef MODTRACE_RENAMERS_H
#define MODTRACE_RENAMERS_H

#include "lib/util.h"

/* What is shown of a task whose names are left out. */
#define RENAMING "(renaming)"

/* As many as a filter of a page has room for, with room to spare. */
#define RENAMERS_MAX 100

/* Who takes more names in a second is left out. */
#define RENAMES_A_SECOND 500

/* Counted at a time; another one takes the place of who has been counted less. */
#define RENAMERS_COUNTED 256

/**
 * struct renamer - a task whose names are left out
 * @pid: its process
 * @tid: its thread
 * @filtered: the kernel has been told
 * @ended: it is gone; its id may be another's
 * @reused: and is
 */
struct renamer {
	u32 pid;
	u32 tid;
	bool filtered;
	bool ended;
	bool reused;
};

/**
 * struct renamers - who renames himself all the time; all zero: nobody
 * @all: they
 * @nr: how many
 * @total: of how many the kernel has been told
 * @changed: the kernel has not been told of all
 * @next_ns: when it may be told next
 * @wait_ns: how long after that again
 */
struct renamers {
	struct renamer all[RENAMERS_MAX];
	size_t nr;
	u64 total;
	bool changed;
	u64 next_ns;
	u64 wait_ns;

	/* private */
	u64 since_ns;
	struct {
		u32 pid;
		u32 tid;
		u32 nr;
	} counted[RENAMERS_COUNTED];
};

/**
 * struct rename_event - the tracepoint of renames
 * @id: its id
 * @pid_from: where in its raw record the id of the thread is that gets a name
 */
struct rename_event {
	u16 id;
	unsigned int pid_from;
};

void renamers_count(struct renamers *r, u32 pid, u32 tid, u64 now_ns);
bool renamers_forked(struct renamers *r, u32 pid, u32 tid);
void renamers_ended(struct renamers *r, u32 tid);
bool renamers_have(struct renamers *r, u32 tid);
bool renamers_due(const struct renamers *r, u64 now_ns);
int renamers_filter(const struct renamers *r, struct buf *filter);
int renamers_told(struct renamers *r, u64 now_ns, bool done, struct buf *named);
int renamers_look(struct renamers *r, const struct rename_event *event, const u8 *records,
		  size_t size, u64 now_ns, struct buf *named);

#endif
