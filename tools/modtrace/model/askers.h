/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose requests the kernel made: the tasks that called request_module(). */
#ifndef MODTRACE_ASKERS_H
#define MODTRACE_ASKERS_H

#include "model/model.h"

/* Who the task of @ev, a request, is; a name it has in any case. Return: 0 or -ENOMEM. */
int asker_identify(struct identity *who, const struct tasks *tasks, struct strings *strings,
		   const struct event *ev);
/* Note on @r that @who asked, by thread @tid. Those beyond ASKERS_MAX are counted together. */
void asker_note(struct request *r, const struct identity *who, s32 tid);

#endif
