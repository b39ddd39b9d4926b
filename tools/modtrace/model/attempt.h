/* SPDX-License-Identifier: GPL-2.0-only */
/* Attempts between their begin and their end; of use to the model only. Pure. */
#ifndef MODTRACE_ATTEMPT_H
#define MODTRACE_ATTEMPT_H

#include "model/model.h"

/* Under way at the same time: more than a machine has threads that load modules. */
#define UNDER_WAY_MAX 65536

struct waiter {
	struct module *module;
	bool hidden;
	u64 own_bytes;
	u64 ino;
	u32 dev;
};

/* An attempt between its begin and its end. Afterwards only counts of it remain. */
struct attempt {
	struct attempt *prev_clean;	/* those since whose begin nothing was lost */
	struct attempt *next_clean;
	bool is_clean;
	bool hidden;			/* by the filter: counted nowhere */
	u64 serial;
	s32 tid;
	u64 begin_ns;
	u64 ino;
	u32 dev;
	u8 syscall;
	bool no_begin;
	bool merged;
	bool by_writer;
	bool by_load;
	bool has_wait;
	u8 gate;
	u64 wait_ns;
	s32 leader;
	const char *merged_name;
	struct identity who;
	struct device device;
	struct module *module;
	struct requester *requester;
	struct waiter *waiters;
	size_t nr_waiters;
	size_t cap_waiters;
};

struct attempt *attempt_alloc(struct model *m);
void attempt_release(struct model *m, struct attempt *a);
void attempt_free(struct attempt *a);
void clean_add(struct model *m, struct attempt *a);
void clean_del(struct model *m, struct attempt *a);

#endif
