/* SPDX-License-Identifier: GPL-2.0-only */
/* Any text as one word of a note in our private section, and back: see source/notes.h. */
#ifndef MODTRACE_NOTE_TEXT_H
#define MODTRACE_NOTE_TEXT_H

#include "lib/util.h"

int hex_digit(char c);
char *note_encode(const char *text, size_t len);
char *note_decode(const char *text, size_t len);

#endif
