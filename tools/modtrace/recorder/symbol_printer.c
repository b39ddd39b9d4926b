// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/symbol_printer.h"

#include <linux/bpf.h>
#include <sys/syscall.h>

static const char symbol_format[] = "%pS";

static int bpf(int command, union bpf_attr *attr)
{
	int ret = syscall(__NR_bpf, command, attr, sizeof(*attr));

	return ret < 0 ? -errno : ret;
}

/* A map of one value, whose address a program can have. */
static int map_create(size_t size, u32 flags)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(u32),
		.value_size = size,
		.max_entries = 1,
		.map_flags = flags,
	};

	return bpf(BPF_MAP_CREATE, &attr);
}

static u64 bpf_pointer(const void *p)
{
	return (uintptr_t)p;
}

/* The kernel takes a format from a map only that nobody can write any more. */
static int format_create(void)
{
	const u32 key = 0;
	union bpf_attr attr = { 0 };
	int fd = map_create(sizeof(symbol_format), BPF_F_RDONLY_PROG);
	int ret;

	if (fd < 0)
		return fd;
	attr.map_fd = fd;
	attr.key = bpf_pointer(&key);
	attr.value = bpf_pointer(symbol_format);
	ret = bpf(BPF_MAP_UPDATE_ELEM, &attr);
	if (!ret) {
		attr = (union bpf_attr){ .map_fd = fd };
		ret = bpf(BPF_MAP_FREEZE, &attr);
	}
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

/* An instruction that loads the address of a map's value takes the place of two. */
#define MOV(dst, src) \
	((struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = dst, .src_reg = src })
#define MOV_IMM(dst, value) \
	((struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = dst, .imm = value })
#define ADD_IMM(dst, value) \
	((struct bpf_insn){ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = dst, .imm = value })
#define LOAD(dst, src, offset)                                  \
	((struct bpf_insn){ .code = BPF_LDX | BPF_MEM | BPF_DW, \
			    .dst_reg = dst,                     \
			    .src_reg = src,                     \
			    .off = offset })
#define STORE(dst, offset, src)                                 \
	((struct bpf_insn){ .code = BPF_STX | BPF_MEM | BPF_DW, \
			    .dst_reg = dst,                     \
			    .src_reg = src,                     \
			    .off = offset })
#define LOAD_VALUE(dst, map)                                   \
	((struct bpf_insn){ .code = BPF_LD | BPF_IMM | BPF_DW, \
			    .dst_reg = dst,                    \
			    .src_reg = BPF_PSEUDO_MAP_VALUE,   \
			    .imm = map }),                     \
		((struct bpf_insn){ 0 })
#define CALL(helper) ((struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .imm = helper })
#define EXIT() ((struct bpf_insn){ .code = BPF_JMP | BPF_EXIT })

/* bpf_snprintf(text, size, format, &address, sizeof(address)), of the address that a run is given. */
static int program_load(const struct symbol_printer *p)
{
	/* clang-format off */
	const struct bpf_insn program[] = {
		LOAD(BPF_REG_0, BPF_REG_1, 0),
		STORE(BPF_REG_10, -8, BPF_REG_0),
		LOAD_VALUE(BPF_REG_1, p->text),
		MOV_IMM(BPF_REG_2, SYMBOL_PRINTED_MAX),
		LOAD_VALUE(BPF_REG_3, p->format),
		MOV(BPF_REG_4, BPF_REG_10),
		ADD_IMM(BPF_REG_4, -8),
		MOV_IMM(BPF_REG_5, sizeof(u64)),
		CALL(BPF_FUNC_snprintf),
		EXIT(),
	};
	/* clang-format on */
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
		.insns = bpf_pointer(program),
		.insn_cnt = ARRAY_SIZE(program),
		.license = bpf_pointer("GPL"),
		.prog_name = "modtrace_symbol",
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

/**
 * symbol_printer_load - put the program into the kernel
 * @p: filled; symbol_printer_free() frees it, after an error too
 *
 * It is attached to nothing, and gone with its descriptor.
 *
 * Return: 0, or -errno where the kernel has no such programs (before 5.13, or without
 * CONFIG_BPF_SYSCALL) or doesn't let this task load them.
 */
int symbol_printer_load(struct symbol_printer *p)
{
	*p = (struct symbol_printer){ .program = -1, .format = -1, .text = -1 };
	p->format = format_create();
	if (p->format < 0)
		return p->format;
	p->text = map_create(SYMBOL_PRINTED_MAX, 0);
	if (p->text < 0)
		return p->text;
	p->program = program_load(p);
	return p->program < 0 ? p->program : 0;
}

/**
 * symbol_printer_print - have the kernel print an address as it does itself
 * @p: the program
 * @address: the address
 * @text: "function+0x12/0x340 [module]", or the address in hexadecimal where it is no function's
 *
 * Return: 0 or -errno.
 */
int symbol_printer_print(const struct symbol_printer *p, u64 address, char text[SYMBOL_PRINTED_MAX])
{
	const u32 key = 0;
	union bpf_attr attr = { 0 };
	int ret;

	attr.test.prog_fd = p->program;
	attr.test.ctx_in = bpf_pointer(&address);
	attr.test.ctx_size_in = sizeof(address);
	ret = bpf(BPF_PROG_TEST_RUN, &attr);
	if (ret < 0)
		return ret;
	if ((s32)attr.test.retval <= 0)
		return -EIO;
	attr = (union bpf_attr){ .map_fd = p->text };
	attr.key = bpf_pointer(&key);
	attr.value = bpf_pointer(text);
	ret = bpf(BPF_MAP_LOOKUP_ELEM, &attr);
	text[SYMBOL_PRINTED_MAX - 1] = '\0';
	return ret < 0 ? ret : 0;
}

/**
 * symbol_printer_free - take the program away
 * @p: it; empty afterwards
 */
void symbol_printer_free(struct symbol_printer *p)
{
	if (p->program >= 0)
		close(p->program);
	if (p->text >= 0)
		close(p->text);
	if (p->format >= 0)
		close(p->format);
	*p = (struct symbol_printer){ .program = -1, .format = -1, .text = -1 };
}
