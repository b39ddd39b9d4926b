/* SPDX-License-Identifier: GPL-2.0-only */
/* What merged attempts were spared: the cost of whoever did the work for them. Pure. */
#ifndef MODTRACE_AVOIDED_H
#define MODTRACE_AVOIDED_H

#include "model/attempt.h"

void avoid(struct model *m, const struct waiter *w, u64 spent);
void avoid_by_inode(struct model *m, const struct waiter *w);
int account_avoided(struct model *m, struct attempt *a, u64 own_bytes);
int remember_load(struct model *m, const struct attempt *a, u64 spent);
void avoided_free(struct model *m);

#endif
