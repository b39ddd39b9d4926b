/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What attempts have to do with each other: the kernel's requests and the helpers they start,
 * chains of loads of one task, loads that wait for themselves. Pure.
 */
#ifndef MODTRACE_RELATIONS_H
#define MODTRACE_RELATIONS_H

#include "lib/map.h"

struct request;

/**
 * struct asking - a request_module() call that has not been seen to return
 * @tid: the thread that called
 * @request: its name and call site
 * @helped: its helper was seen to start
 */
struct asking {
	s32 tid;
	const struct request *request;
	bool helped;
};

enum damage_kind {
	DAMAGE_BROKE,	/* the dependent was tried without the dependency, and failed */
	DAMAGE_CUT,	/* the task gave up: what it was started for was never tried */
	DAMAGE_SYMBOL,	/* a load found symbols missing; which module has them isn't known */
	DAMAGE_SELF,	/* a load that would have waited for itself */
};

/**
 * struct damage - one way in which attempts harmed others, and how often
 * @kind: which
 * @dependency: module that was refused; NULL for DAMAGE_SYMBOL; for DAMAGE_SELF the module
 * @dependent: module that failed; for DAMAGE_SELF the one whose load asked; NULL if not known
 * @request: request that came to nothing (DAMAGE_CUT) or that closed the circle; NULL if none
 * @err: what the refused attempt returned, positive
 * @count: how often
 * @comm: the task it happened to first
 * @tid: its id
 * @holder: for DAMAGE_SELF the thread whose load is waited for, 0 if not known
 */
struct damage {
	enum damage_kind kind;
	const char *dependency;
	const char *dependent;
	const struct request *request;
	u16 err;
	u64 count;
	const char *comm;
	s32 tid;
	s32 holder;
};

#define ASKING_MAX 64
#define DAMAGE_MAX 256

/**
 * struct relations - what is known of them
 * @damage: the harm, in the order in which it was first seen
 * @nr_damage: how many kinds of it
 * @unplaced: harm beyond DAMAGE_MAX kinds
 */
struct relations {
	struct damage damage[DAMAGE_MAX];
	size_t nr_damage;
	u64 unplaced;

	/* private */
	struct asking asking[ASKING_MAX];
	size_t nr_asking;
	struct map last_by_tid;
};

/* The last attempt of a task, as far as the next one cares. */
struct step {
	const char *module;
	u16 err;
	bool refused;
	bool failed;
	u64 end_ns;
};

void relations_ask(struct relations *r, s32 tid, const struct request *request);
void relations_answer(struct relations *r, s32 tid);
const struct request *relations_help(struct relations *r);
const struct step *relations_last(const struct relations *r, s32 tid);
int relations_step(struct relations *r, s32 tid, const struct step *step);
void relations_forget(struct relations *r, s32 tid);
void relations_damage(struct relations *r, const struct damage *d);
void relations_free(struct relations *r);

#endif
