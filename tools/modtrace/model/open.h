/* SPDX-License-Identifier: GPL-2.0-only */
/* Attempts that have not ended. Pure. */
#ifndef MODTRACE_OPEN_H
#define MODTRACE_OPEN_H

#include "model/model.h"

void model_oldest_open(const struct model *m, struct open_list *list);

#endif
