/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stock mode: what system calls, opened files and probes tell is made into the events that a
 * kernel with the series gives by itself. Pure: no libtrace, no I/O.
 */
#ifndef MODTRACE_STOCK_H
#define MODTRACE_STOCK_H

#include "formats/event.h"

struct stock;

/* The size of a file now. Return: whether it is known. */
typedef bool (*stock_file_fn)(void *context, const char *path, u64 *size);

struct stock *stock_new(u32 recorded, const char *kernel);
void stock_free(struct stock *s);
void stock_has_gates(struct stock *s);
void stock_use_files(struct stock *s, stock_file_fn file_size, void *context);
int stock_use_sizes(struct stock *s, char *text, const char *name, struct err *err);
void stock_would_tell_more(u32 recorded, char *text, size_t size);
u64 stock_evicted(const struct stock *s);
void stock_show_records(struct stock *s);
int stock_give(struct stock *s, const struct event *ev);
bool stock_take(struct stock *s, struct event *ev);

#endif
