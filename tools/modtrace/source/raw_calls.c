// SPDX-License-Identifier: GPL-2.0-only
#include "source/raw_calls.h"

/* Nothing is mapped below that, nor does a 32-bit process have anything above. */
#define POINTER_MIN 4096
#define POINTER_MAX_32 UINT32_MAX

/* Size of the kernel's set of signals, which calls with the same number are given. */
#define SIGSET_SIZE 8

/* What processes of x32 have in all numbers. */
#define X32_BIT 0x40000000

/* Numbers of the calls that load modules or open files; -1 for one that there isn't. */
struct raw_numbers {
	const char *arch;
	s32 finit_module;
	s32 init_module;
	s32 openat;
	s32 open;
	s32 openat2;
	/* of 32-bit processes, where they differ; what is -1 is a call of the other kind, too */
	s32 finit_module_32;
	s32 init_module_32;
};

static const struct raw_numbers table[] = {
	{ "x86_64", 313, 175, 257, 2, 437, 350, 128 },
	{ "aarch64", 273, 105, 56, -1, 437, 379, 128 },
	{ "riscv64", 273, 105, 56, -1, 437, -1, -1 },
	{ "riscv32", 273, 105, 56, -1, 437, -1, -1 },
	{ "loongarch64", 273, 105, 56, -1, 437, -1, -1 },
	{ "ppc64le", 353, 128, 286, 5, 437, -1, -1 },
	{ "s390x", 344, 128, 288, 5, 437, -1, -1 },
	{ "i386", 350, 128, 295, 5, 437, -1, -1 },
	{ "arm", 379, 128, 322, 5, 437, -1, -1 },
	{ "mips64", 5307, 5168, 5247, 5002, 5437, 4348, 4128 },
	{ "mips", 4348, 4128, 4288, 4005, 4437, -1, -1 },
	{ "alpha", 507, 307, 450, 45, 547, -1, -1 },
};

/* i386 to i686 are one, and so are the kinds of arm. */
static bool is_arch(const char *arch, const char *of)
{
	if (!strcmp(of, "i386"))
		return strlen(arch) == 4 && *arch == 'i' && !strcmp(arch + 2, "86");
	if (!strcmp(of, "arm"))
		return !strncmp(arch, "arm", 3) && strncmp(arch, "arm64", 5);
	return !strcmp(arch, of) || (!strcmp(of, "aarch64") && !strcmp(arch, "arm64"));
}

/**
 * raw_calls_init - begin to name calls
 * @r: the calls; @refused is the caller's to free
 * @arch: the architecture, as uname tells it, or NULL
 *
 * Return: false if its numbers aren't known.
 */
bool raw_calls_init(struct raw_calls *r, const char *arch)
{
	size_t i;

	*r = (struct raw_calls){ 0 };
	for (i = 0; arch && i < ARRAY_SIZE(table) && !r->numbers; i++)
		if (is_arch(arch, table[i].arch))
			r->numbers = &table[i];
	return r->numbers;
}

static bool is_pointer(u64 value)
{
	return value >= POINTER_MIN;
}

static bool is_pointer_32(u64 value)
{
	return value >= POINTER_MIN && value <= POINTER_MAX_32;
}

/*
 * A number is another call in processes of the other width: what 313 and 175 are on x86_64, splice()
 * and rt_sigprocmask() are to 32-bit processes, and 128, their init_module(), is rt_sigtimedwait().
 * Arguments tell them apart.
 */
static enum event_type entered(const struct raw_numbers *n, s64 id, const u64 args[4])
{
	if (id == n->finit_module && is_pointer(args[1]))
		return EVENT_FINIT_ENTER;
	if (id == n->init_module && is_pointer(args[0]) && is_pointer(args[2]))
		return EVENT_INIT_ENTER;
	if (id == n->finit_module_32 && is_pointer_32(args[1]))
		return EVENT_FINIT_ENTER;
	if (id == n->init_module_32 && is_pointer_32(args[0]) && is_pointer_32(args[2]) &&
	    args[1] && args[1] <= POINTER_MAX_32 && args[3] != SIGSET_SIZE)
		return EVENT_INIT_ENTER;
	return EVENT_NONE;
}

static enum event_type left(const struct raw_numbers *n, s64 id)
{
	if (id == n->finit_module || id == n->finit_module_32)
		return EVENT_FINIT_EXIT;
	if (id == n->init_module || id == n->init_module_32)
		return EVENT_INIT_EXIT;
	if (id == n->openat || id == n->open || id == n->openat2)
		return EVENT_OPEN_EXIT;
	return EVENT_NONE;
}

/**
 * raw_call_name - make the event of a numbered call that of the call
 * @r: the calls
 * @ev: EVENT_RAW_ENTER, with its arguments where raw_enter_fields has them, or EVENT_RAW_EXIT;
 *	EVENT_NONE afterwards if nothing comes of it
 *
 * Return: 0 or -ENOMEM.
 */
int raw_call_name(struct raw_calls *r, struct event *ev)
{
	const bool enters = ev->type == EVENT_RAW_ENTER;
	const u64 args[4] = { ev->ip, ev->read_bytes, ev->bytes, ev->duration_ns };
	s64 id = (s64)ev->ino;

	ev->type = EVENT_NONE;
	/* -1 is a call that a debugger had skipped. */
	if (!r->numbers || id < 0)
		return 0;
	id &= ~X32_BIT;
	if (!enters) {
		ev->type = left(r->numbers, id);
		if (ev->type != EVENT_NONE && ev->type != EVENT_OPEN_EXIT &&
		    map_del(&r->refused, (u32)ev->tid))
			ev->type = EVENT_NONE;
		return 0;
	}
	ev->type = entered(r->numbers, id, args);
	ev->fd = ev->type == EVENT_FINIT_ENTER ? (s32)args[0] : 0;
	ev->flags = ev->type == EVENT_FINIT_ENTER ? (u32)args[2] : 0;
	ev->len = ev->type == EVENT_INIT_ENTER ? args[1] : 0;
	if (ev->type != EVENT_NONE) {
		map_del(&r->refused, (u32)ev->tid);
		return 0;
	}
	/* Its exit has the same number and no arguments. Thread 0 makes no calls. */
	if (ev->tid && left(r->numbers, id) != EVENT_NONE)
		return map_set(&r->refused, (u32)ev->tid, r);
	return 0;
}
