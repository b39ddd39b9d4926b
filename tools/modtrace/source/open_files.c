// SPDX-License-Identifier: GPL-2.0-only
#include "source/open_files.h"

/* Processes that have opened a module's file; any user may have as many as he is let. */
#define PROCESSES_MAX 8192
#define FILES_MAX 64

struct process {
	struct open_file {
		s32 fd;
		const char *path;
	} files[FILES_MAX];
	unsigned int nr;
	unsigned int next;
};

static struct open_file *find(const struct open_files *o, u32 pid, s32 fd)
{
	struct process *p = map_get(&o->by_pid, pid);
	unsigned int i;

	for (i = 0; p && i < p->nr; i++)
		if (p->files[i].fd == fd)
			return &p->files[i];
	return NULL;
}

/**
 * open_files_path - which file a descriptor is
 * @o: the processes
 * @pid: one of them
 * @fd: its descriptor
 *
 * Return: its path, or NULL if it isn't known.
 */
const char *open_files_path(const struct open_files *o, u32 pid, s32 fd)
{
	const struct open_file *f = find(o, pid, fd);

	return f ? f->path : NULL;
}

/**
 * open_files_last - the file that a process opened last
 * @o: the processes
 * @pid: one of them
 *
 * Return: its path, or NULL if it isn't known.
 */
const char *open_files_last(const struct open_files *o, u32 pid)
{
	const struct process *p = map_get(&o->by_pid, pid);

	return p && p->nr ? p->files[(p->next + FILES_MAX - 1) % FILES_MAX].path : NULL;
}

static int add(struct open_files *o, u32 pid, struct process *p)
{
	if (o->by_pid.nr >= PROCESSES_MAX) {
		free(map_evict(&o->by_pid, &o->hand));
		o->evicted++;
	}
	if (!map_set(&o->by_pid, pid, p))
		return 0;
	free(p);
	return -ENOMEM;
}

/**
 * open_files_set - a process has opened a file
 * @o: the processes
 * @pid: the process
 * @fd: its descriptor
 * @path: the file, which must outlive @o
 *
 * Return: 0 or -ENOMEM.
 */
int open_files_set(struct open_files *o, u32 pid, s32 fd, const char *path)
{
	struct open_file *f = find(o, pid, fd);
	struct process *p;

	if (f) {
		f->path = path;
		return 0;
	}
	p = map_get(&o->by_pid, pid);
	if (!p) {
		p = calloc(1, sizeof(*p));
		if (!p || add(o, pid, p))
			return -ENOMEM;
	}
	p->files[p->next] = (struct open_file){ fd, path };
	p->next = (p->next + 1) % FILES_MAX;
	if (p->nr < FILES_MAX)
		p->nr++;
	return 0;
}

/**
 * open_files_other - something else has got a descriptor
 * @o: the processes
 * @pid: the process
 * @fd: its descriptor
 */
void open_files_other(struct open_files *o, u32 pid, s32 fd)
{
	struct open_file *f = find(o, pid, fd);

	if (f)
		f->fd = -1;
}

/**
 * open_files_fork - a new process has its parent's descriptors
 * @o: the processes
 * @pid: the new one
 * @parent: its parent
 *
 * Return: 0 or -ENOMEM.
 */
int open_files_fork(struct open_files *o, u32 pid, u32 parent)
{
	const struct process *from = map_get(&o->by_pid, parent);
	struct process *copy;

	open_files_exit(o, pid);
	if (!from || pid == parent)
		return 0;
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = *from;
	return add(o, pid, copy);
}

/**
 * open_files_exit - a process is gone
 * @o: the processes
 * @pid: the process
 */
void open_files_exit(struct open_files *o, u32 pid)
{
	free(map_del(&o->by_pid, pid));
}

/**
 * open_files_free - forget all processes
 * @o: usable afterwards, and counts on
 */
void open_files_free(struct open_files *o)
{
	size_t i;

	for (i = 0; i < o->by_pid.nr_slots; i++)
		free(o->by_pid.slots[i].value);
	map_free(&o->by_pid);
	o->hand = 0;
}
