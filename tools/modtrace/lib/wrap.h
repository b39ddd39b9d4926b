/* SPDX-License-Identifier: GPL-2.0-only */
/* Running text in lines of a width. */
#ifndef MODTRACE_WRAP_H
#define MODTRACE_WRAP_H

#include "lib/util.h"

size_t wrapped_length(const char *text, size_t width);
void print_wrapped(FILE *out, const char *text, unsigned int width, unsigned int at,
		   unsigned int indent);

#endif
