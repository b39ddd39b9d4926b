/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose requests the kernel made: the tasks that called request_module(). */
#ifndef MODTRACE_ASKERS_H
#define MODTRACE_ASKERS_H

#include "model/model.h"

/*
 * Note on @r the task of @ev, a request. Those beyond ASKERS_MAX are counted together. Return: 0, or
 * -ENOMEM.
 */
int asker_note(struct request *r, struct tasks *tasks, struct strings *strings,
	       const struct event *ev);

#endif
