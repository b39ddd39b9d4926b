/* SPDX-License-Identifier: GPL-2.0-only */
/* Where probes find the arguments of system calls; nothing is defined where that isn't known. */
#ifndef MODTRACE_PROBE_ARGS_H
#define MODTRACE_PROBE_ARGS_H

/*
 * Registers, as a boot loader would expand $arg1. The function of a system call finds the call's arguments in memory
 * that its own first one points to.
 */
#if defined(__x86_64__)
#define CALL "__x64_sys_"
#define ARG1 "%di"
#define ARG2 "%si"
#define RETURNED "%ax"
#define CALL_ARG1 "+112(" ARG1 ")"
#define CALL_ARG2 "+104(" ARG1 ")"
#define CALL_ARG3 "+96(" ARG1 ")"
#define RENAME "rename"
#define RENAMED_PATH "path=+0(" CALL_ARG2 "):ustring"
#define UNLINK "unlink"
#define UNLINKED_PATH "path=+0(" CALL_ARG1 "):ustring"
#elif defined(__aarch64__)
#define CALL "__arm64_sys_"
#define ARG1 "%x0"
#define ARG2 "%x1"
#define RETURNED "%x0"
#define CALL_ARG1 "+0(" ARG1 ")"
#define CALL_ARG2 "+8(" ARG1 ")"
#define CALL_ARG3 "+16(" ARG1 ")"
#define RENAME "renameat"
#define RENAMED_PATH "path=+0(+24(" ARG1 ")):ustring"
#define UNLINK "unlinkat"
#define UNLINKED_PATH "path=+0(" CALL_ARG2 "):ustring"
#endif

#endif
