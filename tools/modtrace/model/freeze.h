/* SPDX-License-Identifier: GPL-2.0-only */
/* A model as it is at a moment, to be looked at while the other goes on. Pure. */
#ifndef MODTRACE_FREEZE_H
#define MODTRACE_FREEZE_H

#include "model/model.h"

struct model *model_freeze(const struct model *m);

#endif
