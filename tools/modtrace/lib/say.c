// SPDX-License-Identifier: GPL-2.0-only
#include "lib/say.h"

#include <stdarg.h>

#include "lib/escape.h"

/**
 * say - one line for the user on stderr
 * @fmt: printf format, without the program's name and without a newline
 *
 * Whatever names are in it are escaped.
 */
void say(const char *fmt, ...)
{
	char text[1024], clean[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	escape(clean, sizeof(clean), text, strlen(text));
	fprintf(stderr, "modtrace: %s\n", clean);
}
