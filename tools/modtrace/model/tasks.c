// SPDX-License-Identifier: GPL-2.0-only
#include "model/tasks.h"

/* A name as long as the kernel has them; what is empty isn't known. */
struct comm {
	char text[COMM_SIZE];
};

/*
 * A child remembers what its parent was called when it was made, so that a parent which
 * exits, and whose id is used again, can be dropped at once. A task chooses its name, and may
 * choose another a million times a second: names are the task's own and go with it. Only of who
 * does something that is reported, the name is kept.
 */
struct task {
	s32 pid;
	s32 parent_pid;
	bool has_comm;
	bool has_parent_comm;
	bool has_service;
	struct comm comm;
	struct comm parent_comm;
	struct comm service; /* of its parent, when it was made */
	const struct request *origin;
};

#define INIT_PID 1

/* Deep enough for any service, and an end for a circle in a file that lies. */
#define ANCESTORS_MAX 16

static struct task *find(const struct tasks *t, s32 tid)
{
	return map_get(&t->by_tid, (u32)tid);
}

static struct task *find_or_add(struct tasks *t, s32 tid)
{
	struct task *task = find(t, tid);

	if (task)
		return task;
	task = calloc(1, sizeof(*task));
	if (!task)
		return NULL;
	if (map_set(&t->by_tid, (u32)tid, task)) {
		free(task);
		return NULL;
	}
	return task;
}

static void set_comm(struct comm *comm, bool *has, const char *text, size_t len)
{
	*has = text != NULL;
	if (!text)
		return;
	len = strnlen(text, len < COMM_SIZE - 1 ? len : COMM_SIZE - 1);
	memcpy(comm->text, text, len);
	comm->text[len] = '\0';
}

static const char *comm_of(const struct task *task)
{
	return task && task->has_comm ? task->comm.text : NULL;
}

static const char *service_of(const struct tasks *t, const struct task *task)
{
	unsigned int i;

	for (i = 0; task && i < ANCESTORS_MAX; i++) {
		if (task->parent_pid == INIT_PID)
			return comm_of(task);
		if (task->has_service)
			return task->service.text;
		task = task->parent_pid ? find(t, task->parent_pid) : NULL;
	}
	return NULL;
}

static int handle_fork(struct tasks *t, const struct event *ev)
{
	/* Copied: the child may be who is its parent, in a file that lies. */
	const struct task *known = find(t, ev->parent_tid), *parent = NULL;
	const char *service = known ? service_of(t, known) : NULL;
	struct task copy, *task = find_or_add(t, ev->task);
	bool is_thread = ev->pid == ev->parent_pid;
	struct comm service_comm;
	bool has_service;

	if (!task)
		return -ENOMEM;
	if (known) {
		copy = *known;
		parent = &copy;
	}
	set_comm(&service_comm, &has_service, service, COMM_SIZE);
	task->pid = ev->pid;
	task->has_service = has_service;
	if (has_service)
		task->service = service_comm;
	task->origin = parent ? parent->origin : NULL;
	/* A thread's parent is its process's. One listed at the start knows only its process. */
	if (is_thread) {
		const struct task *leader = parent ? parent : find(t, ev->pid);

		task->parent_pid = leader ? leader->parent_pid : 0;
		task->has_parent_comm = leader && leader->has_parent_comm;
		if (task->has_parent_comm)
			task->parent_comm = leader->parent_comm;
	} else {
		task->parent_pid = ev->parent_pid;
		set_comm(&task->parent_comm, &task->has_parent_comm, comm_of(parent), COMM_SIZE);
	}
	/* Those listed at the start (time 0) got a name of their own already, or will. */
	if (ev->time_ns || !task->has_comm)
		set_comm(&task->comm, &task->has_comm, comm_of(parent), COMM_SIZE);
	if (!task->has_comm && ev->comm.len)
		set_comm(&task->comm, &task->has_comm, ev->comm.text, ev->comm.len);
	return 0;
}

static bool is_unit(const char *name, size_t len)
{
	static const char *const kinds[] = { ".service", ".scope", ".socket", ".mount", ".swap" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t n = strlen(kinds[i]);

		if (len > n && !memcmp(name + len - n, kinds[i], n))
			return true;
	}
	return false;
}

/**
 * cgroup_unit - systemd's unit in a control group's path, which may have made groups below
 * @path: the path
 *
 * Return: the part of @path that names the unit, or the whole path.
 */
struct str cgroup_unit(const struct str *path)
{
	struct str unit = *path;
	size_t from = 0, to;

	for (; from < path->len; from = to + 1) {
		for (to = from; to < path->len && path->text[to] != '/'; to++)
			;
		if (is_unit(path->text + from, to - from))
			unit = (struct str){ path->text + from, to - from };
	}
	return unit;
}

/**
 * tasks_event - learn from a fork, comm or exit record
 * @t: the threads
 * @ev: the record; anything else is ignored
 *
 * Return: 0 or -ENOMEM.
 */
int tasks_event(struct tasks *t, const struct event *ev)
{
	struct task *task;

	switch (ev->type) {
	case EVENT_FORK:
		return handle_fork(t, ev);
	case EVENT_COMM:
		task = find_or_add(t, ev->task);
		if (!task)
			return -ENOMEM;
		set_comm(&task->comm, &task->has_comm, ev->comm.len ? ev->comm.text : "",
			 ev->comm.len);
		task->pid = ev->pid;
		return 0;
	case EVENT_EXIT:
		free(map_del(&t->by_tid, (u32)ev->task));
		return 0;
	default:
		return 0;
	}
}

/**
 * tasks_comm - a thread's name now
 * @t: the threads
 * @tid: the thread
 *
 * Return: the name, valid until the next event, or NULL if nothing told.
 */
const char *tasks_comm(const struct tasks *t, s32 tid)
{
	return comm_of(find(t, tid));
}

static const char *parent_comm(const struct tasks *t, const struct task *task)
{
	if (!task->has_parent_comm && task->parent_pid)
		return tasks_comm(t, task->parent_pid);
	return task->has_parent_comm ? task->parent_comm.text : NULL;
}

static int keep(struct strings *pool, const char *name, const char **kept)
{
	*kept = name ? strings_intern(pool, name, strlen(name)) : NULL;
	return name && !*kept ? -ENOMEM : 0;
}

/**
 * tasks_identity - who a thread is
 * @t: the threads
 * @tid: the thread
 * @pool: its names are kept there
 * @who: filled; all NULL for a thread that nothing is known of
 *
 * Return: 0 or -ENOMEM.
 */
int tasks_identity(const struct tasks *t, s32 tid, struct strings *pool, struct identity *who)
{
	const struct task *task = find(t, tid);

	*who = (struct identity){ 0 };
	if (!task)
		return 0;
	who->request = task->origin;
	if (keep(pool, comm_of(task), &who->comm) || keep(pool, parent_comm(t, task), &who->parent))
		return -ENOMEM;
	return keep(pool, service_of(t, task), &who->service);
}

/**
 * tasks_set_origin - note on whose behalf a thread works; its children will, too
 * @t: the threads
 * @tid: the thread; nothing is noted of one that isn't known
 * @origin: anything
 */
void tasks_set_origin(struct tasks *t, s32 tid, const struct request *origin)
{
	struct task *task = find(t, tid);

	if (task)
		task->origin = origin;
}

/**
 * tasks_origin - what was noted of a thread or of who made it
 * @t: the threads
 * @tid: the thread
 *
 * Return: the origin, or NULL.
 */
const struct request *tasks_origin(const struct tasks *t, s32 tid)
{
	const struct task *task = find(t, tid);

	return task ? task->origin : NULL;
}

/**
 * tasks_free - forget all threads
 * @t: the threads; empty and usable afterwards
 */
void tasks_free(struct tasks *t)
{
	size_t i;

	for (i = 0; i < t->by_tid.nr_slots; i++)
		free(t->by_tid.slots[i].value);
	map_free(&t->by_tid);
}

/**
 * is_udev - whether a thread's name is that of a worker of udev
 * @comm: the name, or NULL
 *
 * Return: true if it is.
 */
bool is_udev(const char *comm)
{
	return comm && (!strcmp(comm, "(udev-worker)") || !strcmp(comm, "systemd-udevd") ||
			!strcmp(comm, "udevd"));
}

/**
 * identity_equal - whether two are one
 * @a: one
 * @b: the other, with strings of the same pool
 *
 * Return: true if they are.
 */
bool identity_equal(const struct identity *a, const struct identity *b)
{
	return a->comm == b->comm && a->parent == b->parent && a->service == b->service &&
	       a->unit == b->unit && a->request == b->request;
}

/**
 * identity_hash - a number for a map; of all that identity_equal() compares
 * @who: whose
 *
 * Return: the hash.
 */
u64 identity_hash(const struct identity *who)
{
	return hash_two(hash_two(hash_two((uintptr_t)who->comm, (uintptr_t)who->parent),
				 hash_two((uintptr_t)who->service, (uintptr_t)who->unit)),
			(uintptr_t)who->request);
}
