/* SPDX-License-Identifier: GPL-2.0-only */
/* Text inside XML 1.0, whatever is in it. */
#ifndef MODTRACE_XML_H
#define MODTRACE_XML_H

#include "lib/util.h"

void xml_text(FILE *out, const char *text);
void xml_name(FILE *out, const char *name, size_t columns);

#endif
