/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of numbers: call sites and errnos. */
#ifndef MODTRACE_NAMES_H
#define MODTRACE_NAMES_H

#include "model/model.h"
#include "source/source_info.h"

void view_call_site(const struct source_info *info, const struct request *r, char *text,
		    size_t size);
const struct asker *view_top_asker(const struct request *r);
const char *errno_text(unsigned int err, char *text, size_t size);
const char *returned_text(s32 ret, char *text, size_t size);

#endif
