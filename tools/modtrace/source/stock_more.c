// SPDX-License-Identifier: GPL-2.0-only
#include "source/stock.h"

static bool has(u32 recorded, enum event_type type)
{
	return recorded & 1U << type;
}

/**
 * stock_would_tell_more - what should have been recorded to know more
 * @recorded: bits by enum event_type that the recording could have
 * @text: filled; empty if nothing
 * @size: room in it
 */
void stock_would_tell_more(u32 recorded, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
#define MORE(...)                                                             \
	do {                                                                  \
		if (len < size)                                               \
			len += snprintf(text + len, size - len, __VA_ARGS__); \
	} while (0)
	if (!has(recorded, EVENT_FINIT_ENTER) || !has(recorded, EVENT_FINIT_EXIT))
		MORE("%seach load (syscalls:sys_enter_finit_module and sys_exit_finit_module)",
		     len ? "; " : "");
	if (!has(recorded, EVENT_INIT_ENTER) || !has(recorded, EVENT_INIT_EXIT))
		MORE("%sloads from memory (syscalls:sys_enter_init_module and sys_exit_init_module)",
		     len ? "; " : "");
	if (!has(recorded, EVENT_LOAD))
		MORE("%swhich load did the work, and its name (module:module_load)",
		     len ? "; " : "");
	if (!has(recorded, EVENT_READ) && !has(recorded, EVENT_CALL) && !has(recorded, EVENT_OPEN))
		MORE("%snames of duplicates and byte counts (the probes of modtrace record)",
		     len ? "; " : "");
	else if (!has(recorded, EVENT_READ_EXIT) || !has(recorded, EVENT_ALLOC))
		MORE("%sbyte counts (the probes of modtrace record)", len ? "; " : "");
#undef MORE
}
