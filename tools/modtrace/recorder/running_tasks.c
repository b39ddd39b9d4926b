// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/running_tasks.h"

#include <dirent.h>
#include <fts.h>
#include <linux/perf_event.h>
#include <sys/stat.h>

#define COMM_SIZE 16

struct fork_record {
	struct perf_event_header header;
	u32 pid;
	u32 parent_pid;
	u32 tid;
	u32 parent_tid;
	u64 time;
	struct sample_id id;
};

struct comm_record {
	struct perf_event_header header;
	u32 pid;
	u32 tid;
	char comm[COMM_SIZE];
	struct sample_id id;
};

struct task_stat {
	char comm[COMM_SIZE];
	u32 parent;
	u64 threads;
};

/**
 * running_task_named - a record that tells a task's name
 * @out: the record is appended
 * @pid: its process
 * @tid: its thread
 * @comm: the name
 * @time_ns: since when it has it
 *
 * Return: 0 or -ENOMEM.
 */
int running_task_named(struct buf *out, u32 pid, u32 tid, const char *comm, u64 time_ns)
{
	struct comm_record name = {
		.header = { .type = PERF_RECORD_COMM, .size = sizeof(name) },
		.pid = pid,
		.tid = tid,
		.id = { .pid = pid, .tid = tid, .time = time_ns },
	};

	snprintf(name.comm, sizeof(name.comm), "%s", comm);
	return buf_add(out, &name, sizeof(name));
}

/* Time 0: true before anything recorded, for our reader as for perf's. */
static int add_task(struct buf *out, u32 pid, u32 tid, u32 parent, const char *comm)
{
	const struct fork_record fork = {
		.header = { .type = PERF_RECORD_FORK, .size = sizeof(fork) },
		.pid = pid,
		.parent_pid = parent,
		.tid = tid,
		.parent_tid = parent,
	};
	int ret = buf_add(out, &fork, sizeof(fork));

	return ret ? ret : running_task_named(out, pid, tid, comm, 0);
}

/* /proc adds to a worker's name what it works on ("kworker/0:1-events"); its comm is without. */
static void plain_worker(char *comm)
{
	size_t prefix = strlen("kworker/"), n;

	if (strncmp(comm, "kworker/", prefix))
		return;
	n = prefix + strspn(comm + prefix, "u0123456789:H");
	if (comm[n] == '-' || comm[n] == '+')
		comm[n] = '\0';
}

static int read_stat(u32 pid, struct task_stat *s)
{
	_cleanup_buf_ struct buf b = { 0 };
	char path[64], *open, *close;
	unsigned int parent;
	size_t len;
	int ret;

	snprintf(path, sizeof(path), "/proc/%u/stat", pid);
	ret = read_small_file(path, &b);
	if (ret)
		return ret;
	/* The name may hold anything, parentheses included: it ends at the last one. */
	open = strchr(b.data, '(');
	close = strrchr(b.data, ')');
	if (!open || !close || close < open)
		return -EINVAL;
	*s = (struct task_stat){ 0 };
	len = close - open - 1;
	memcpy(s->comm, open + 1, len < COMM_SIZE ? len : COMM_SIZE - 1);
	plain_worker(s->comm);
	/* state ppid pgrp session tty tpgid flags 4*faults 4*times priority nice threads */
	if (sscanf(close + 1, " %*c %u %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %lu",
		   &parent, &s->threads) != 2)
		return -EINVAL;
	s->parent = parent;
	return 0;
}

/* Return: whether it could be read. */
static bool read_thread(u32 pid, u32 tid, char comm[COMM_SIZE])
{
	_cleanup_buf_ struct buf b = { 0 };
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/task/%u/comm", pid, tid);
	if (read_small_file(path, &b))
		return false;
	if (b.len && b.data[b.len - 1] == '\n')
		b.len--;
	memset(comm, 0, COMM_SIZE);
	memcpy(comm, b.data, b.len < COMM_SIZE ? b.len : COMM_SIZE - 1);
	return true;
}

/**
 * running_task - a record that tells the name a task has now
 * @out: the record is appended, unless the task has ended
 * @pid: its process
 * @tid: its thread
 * @time_ns: the time that the record gets
 *
 * Return: 0 or -ENOMEM.
 */
int running_task(struct buf *out, u32 pid, u32 tid, u64 time_ns)
{
	char comm[COMM_SIZE];

	if (!read_thread(pid, tid, comm))
		return 0;
	plain_worker(comm);
	return running_task_named(out, pid, tid, comm, time_ns);
}

static int add_threads(struct buf *out, u32 pid)
{
	char path[64];
	struct dirent *d;
	DIR *dir;
	int ret = 0;

	snprintf(path, sizeof(path), "/proc/%u/task", pid);
	dir = opendir(path);
	if (!dir)
		return 0;
	while (!ret && (d = readdir(dir)) != NULL) {
		char comm[COMM_SIZE];
		u64 tid;

		if (parse_u64(d->d_name, INT32_MAX, &tid) || tid == pid ||
		    !read_thread(pid, tid, comm))
			continue;
		ret = add_task(out, pid, tid, pid, comm);
	}
	closedir(dir);
	return ret;
}

/**
 * running_tasks - records that tell names and parents of all tasks there are
 * @out: the records are appended
 *
 * Return: 0 or -errno; tasks that end meanwhile are left out.
 */
int running_tasks(struct buf *out)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;
	int ret = 0;

	if (!dir)
		return -errno;
	while (!ret && (d = readdir(dir)) != NULL) {
		struct task_stat s;
		u64 pid;

		if (parse_u64(d->d_name, INT32_MAX, &pid) || read_stat(pid, &s))
			continue;
		ret = add_task(out, pid, pid, s.parent, s.comm);
		if (!ret && s.threads > 1)
			ret = add_threads(out, pid);
	}
	closedir(dir);
	return ret;
}

#define CGROUPS "/sys/fs/cgroup"

static int add_cgroup(struct buf *out, u64 id, const char *path)
{
	const struct sample_id nobody = { 0 };
	const size_t size = strlen(path) + 1, padded = (size + 7) / 8 * 8;
	struct perf_event_header header = { .type = PERF_RECORD_CGROUP };
	const u64 zero = 0;
	int ret;

	if (sizeof(header) + sizeof(id) + padded + sizeof(nobody) > UINT16_MAX)
		return 0;
	header.size = sizeof(header) + sizeof(id) + padded + sizeof(nobody);
	ret = buf_add(out, &header, sizeof(header));
	if (!ret)
		ret = buf_add(out, &id, sizeof(id));
	if (!ret)
		ret = buf_add(out, path, size);
	if (!ret)
		ret = buf_add(out, &zero, padded - size);
	return ret ? ret : buf_add(out, &nobody, sizeof(nobody));
}

/**
 * running_cgroups - records that tell the paths of all control groups there are
 * @out: the records are appended
 *
 * A group's id is its folder's inode number, where those have 64 bits. Without the second
 * version of control groups at its usual place there are none.
 *
 * Return: 0 or -ENOMEM.
 */
int running_cgroups(struct buf *out)
{
	char *roots[] = { (char *)CGROUPS, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *e;
	int ret = 0;

	if (!fts)
		return 0;
	while (!ret && (e = fts_read(fts)) != NULL)
		if (e->fts_info == FTS_D && e->fts_level > 0)
			ret = add_cgroup(out, e->fts_statp->st_ino, e->fts_path + strlen(CGROUPS));
	fts_close(fts);
	return ret;
}
