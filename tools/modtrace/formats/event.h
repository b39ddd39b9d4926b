/* SPDX-License-Identifier: GPL-2.0-only */
/* What every source delivers and the model understands: one decoded event. */
#ifndef MODTRACE_EVENT_H
#define MODTRACE_EVENT_H

#include "lib/util.h"

enum event_type {
	EVENT_NONE, /* known, and of no use to the model */
	EVENT_LOAD_BEGIN,
	EVENT_LOAD_MERGED,
	EVENT_LOAD_EXCLUSIVE_BUSY,
	EVENT_AUTOLOAD_DUP,
	EVENT_LOAD_END,
	EVENT_REQUEST,
	EVENT_LOAD,
	EVENT_FREE,
	EVENT_FORK,
	EVENT_COMM,
	EVENT_EXIT,
	EVENT_LOST,
	EVENT_CGROUP, /* a control group's id and path */
	/* of a kernel without the series; stock.c makes the above of them, and these two */
	EVENT_LOAD_NAMED, /* an open attempt's file turned out */
	EVENT_LOAD_REJECTED, /* an open attempt was none: it was refused ahead of its begin */
	EVENT_FINIT_ENTER,
	EVENT_FINIT_EXIT,
	EVENT_INIT_ENTER,
	EVENT_INIT_EXIT,
	EVENT_OPEN,
	EVENT_OPEN_EXIT,
	EVENT_READ,
	EVENT_READ_EXIT,
	EVENT_ALLOC,
	/* a finit_module() got as far as its file */
	EVENT_CALL,
	/* what is about to be laid out */
	EVENT_IMAGE,
	/* an attempt's module, by the kernel's name, is looked for */
	EVENT_SOUGHT,
	/* a file is renamed or removed: what udev knows of a device, if it is that */
	EVENT_DEVICE,
	EVENT_RAW_ENTER, /* a system call by its number, which is in ino */
	EVENT_RAW_EXIT,
	EVENT_TYPE_NR
};

/* Which events a recording could have is kept as bits in a u32. */
_Static_assert(EVENT_TYPE_NR <= 32, "a wider type for source_info.recorded");

/* What an attempt allocates bytes for: reading the file, decompressing it, laying it out. */
enum byte_kind { BYTES_READ, BYTES_IMAGE, BYTES_LAYOUT, BYTES_NR };

/* Kinds of an attempt's bytes, of which something is said: that they aren't known. */
enum {
	UNKNOWN_READ = 1 << BYTES_READ,
	UNKNOWN_IMAGE = 1 << BYTES_IMAGE,
	UNKNOWN_LAYOUT = 1 << BYTES_LAYOUT,
	BYTES_ALL = (1 << BYTES_NR) - 1,
};

/* Numbers the kernel writes into its enum fields; they are ABI. */
enum load_syscall { SYSCALL_FINIT, SYSCALL_INIT };
enum load_gate { GATE_FILE, GATE_LIVE, GATE_NAME, GATE_UNKNOWN, GATE_NR };
enum load_stage {
	STAGE_FILE,
	STAGE_READ,
	STAGE_DECOMPRESS,
	STAGE_VERIFY,
	STAGE_NAME,
	STAGE_LAYOUT,
	STAGE_INIT,
	STAGE_DONE,
};

/* A string inside the record it came from: not terminated, not owned. */
struct str {
	const char *text;
	size_t len;
};

struct device_name;
struct event_reader;

/**
 * struct event - one event of any type; fields that its type lacks are zero
 * @type: what it is
 * @time_ns: when, on the recording's clock; 0 for what was true before it began
 * @cpu: where
 * @tid: thread id in the initial PID namespace, the key of attempts
 * @task: thread id as the task records (fork, comm, exit) count it
 * @pid: process of @task
 * @has_wait: @wait_ns was in the record
 * @from_calls: the attempt is known from its system call, without the series
 * @unsure: nothing tells whether it loaded the module or was answered with another's result
 * @by_writer: refused since somebody has the file open for writing
 * @estimated: some of its bytes are estimates
 * @unknown_bytes: which of its bytes aren't known; they are zero
 * @cgroup: id of the control group it happened in, or that is told of; 0 if not recorded
 * @device: which device its thread is about, if opens tell; valid as long as strings
 * @shown_only: what was recorded, where attempts are made of it: nothing for the model
 * @reader: the layout of its record; NULL for task records and for what no record is of
 * @raw_size: bytes of that record
 */
struct event {
	enum event_type type;
	u64 time_ns;
	u32 cpu;
	s32 tid;
	s32 task;
	s32 pid;

	u64 ino;
	u64 len;
	u64 bytes;
	u64 wait_ns;
	u64 read_bytes;
	u64 image_bytes;
	u64 layout_bytes;
	u64 duration_ns;
	u64 ip;
	u32 dev;
	u32 flags;
	s32 ret;
	s32 leader;
	u8 syscall;
	u8 gate;
	u8 stage;
	u8 wait;
	bool has_wait;
	bool from_calls;
	bool unsure;
	bool by_writer;
	bool estimated;
	bool shown_only;
	u8 unknown_bytes;
	s32 fd;
	u64 cgroup;
	const struct device_name *device;
	struct str name;
	struct str file;

	/* task records and losses */
	s32 parent_pid;
	s32 parent_tid;
	struct str comm;	/* of a control group its path */
	u64 lost;

	const struct event_reader *reader;
	u32 raw_size;
};

#endif
