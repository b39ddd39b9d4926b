// SPDX-License-Identifier: GPL-2.0-only
#include "source/raw_calls.h"

/* Numbers of the calls that load modules or open files; -1 for one that there isn't. */
struct raw_calls {
	const char *arch;
	s32 finit_module;
	s32 init_module;
	s32 openat;
	s32 open;
	s32 openat2;
};

static const struct raw_calls table[] = {
	{ "x86_64", 313, 175, 257, 2, 437 },  { "aarch64", 273, 105, 56, -1, 437 },
	{ "riscv64", 273, 105, 56, -1, 437 }, { "loongarch64", 273, 105, 56, -1, 437 },
	{ "ppc64le", 353, 128, 286, 5, 437 }, { "s390x", 344, 128, 288, 5, 437 },
};

/**
 * raw_calls_of - the numbers of system calls
 * @arch: the architecture, as uname tells it, or NULL
 *
 * Return: the numbers, or NULL if they aren't known.
 */
const struct raw_calls *raw_calls_of(const char *arch)
{
	size_t i;

	for (i = 0; arch && i < ARRAY_SIZE(table); i++)
		if (!strcmp(table[i].arch, arch))
			return &table[i];
	return NULL;
}

/**
 * raw_call_name - make the event of a numbered call that of the call
 * @calls: the numbers; NULL for none, where the calls were recorded by name, too
 * @ev: EVENT_RAW_ENTER or EVENT_RAW_EXIT; EVENT_NONE afterwards if nothing comes of it
 */
void raw_call_name(const struct raw_calls *calls, struct event *ev)
{
	bool enters = ev->type == EVENT_RAW_ENTER;
	s64 id = (s64)ev->ino;

	ev->type = EVENT_NONE;
	/* -1 is a call that a debugger had skipped. */
	if (!calls || id < 0)
		return;
	if (id == calls->finit_module)
		ev->type = enters ? EVENT_FINIT_ENTER : EVENT_FINIT_EXIT;
	else if (id == calls->init_module)
		ev->type = enters ? EVENT_INIT_ENTER : EVENT_INIT_EXIT;
	else if (!enters && (id == calls->openat || id == calls->open || id == calls->openat2))
		ev->type = EVENT_OPEN_EXIT;
}
