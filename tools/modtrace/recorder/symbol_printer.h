/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of addresses as the kernel prints them itself, which takes no search of /proc/kallsyms. */
#ifndef MODTRACE_SYMBOL_PRINTER_H
#define MODTRACE_SYMBOL_PRINTER_H

#include "lib/util.h"

/* What the kernel writes at most of one: KSYM_SYMBOL_LEN, rounded up. */
#define SYMBOL_PRINTED_MAX 1024

/**
 * struct symbol_printer - a program in the kernel that prints a symbol
 * @program: descriptor of the program, -1 for none
 * @format: of the map with its format
 * @text: of the map that it writes
 */
struct symbol_printer {
	int program;
	int format;
	int text;
};

int symbol_printer_load(struct symbol_printer *p);
int symbol_printer_print(const struct symbol_printer *p, u64 address,
			 char text[SYMBOL_PRINTED_MAX]);
void symbol_printer_free(struct symbol_printer *p);

#endif
