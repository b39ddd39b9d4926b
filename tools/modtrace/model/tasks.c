// SPDX-License-Identifier: GPL-2.0-only
#include "model/tasks.h"

/*
 * A child remembers what its parent was called when it was made, so that a parent which
 * exits, and whose id is used again, can be dropped at once.
 */
struct task {
	s32 pid;
	s32 parent_pid;
	const char *comm;
	const char *parent_comm;
	const char *service;	/* of its parent, when it was made */
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

static const char *service_of(const struct tasks *t, const struct task *task)
{
	unsigned int i;

	for (i = 0; task && i < ANCESTORS_MAX; i++) {
		if (task->parent_pid == INIT_PID)
			return task->comm;
		if (task->service)
			return task->service;
		task = task->parent_pid ? find(t, task->parent_pid) : NULL;
	}
	return NULL;
}

static int handle_fork(struct tasks *t, struct strings *pool, const struct event *ev)
{
	const struct task *parent = find(t, ev->parent_tid);
	const char *service = parent ? service_of(t, parent) : NULL;
	const struct request *origin = parent ? parent->origin : NULL;
	struct task *task = find_or_add(t, ev->task);
	bool is_thread = ev->pid == ev->parent_pid;

	if (!task)
		return -ENOMEM;
	task->pid = ev->pid;
	task->service = service;
	task->origin = origin;
	/* A thread's parent is its process's. One listed at the start knows only its process. */
	if (is_thread) {
		const struct task *leader = parent ? parent : find(t, ev->pid);

		task->parent_pid = leader ? leader->parent_pid : 0;
		task->parent_comm = leader ? leader->parent_comm : NULL;
	} else {
		task->parent_pid = ev->parent_pid;
		task->parent_comm = parent ? parent->comm : NULL;
	}
	/* Those listed at the start (time 0) got a name of their own already, or will. */
	if (ev->time_ns || !task->comm)
		task->comm = parent ? parent->comm : NULL;
	if (!task->comm && ev->comm.len) {
		task->comm = strings_intern(pool, ev->comm.text, ev->comm.len);
		if (!task->comm)
			return -ENOMEM;
	}
	return 0;
}

/**
 * tasks_event - learn from a fork, comm or exit record
 * @t: the threads
 * @pool: where names are kept; must outlive @t
 * @ev: the record; anything else is ignored
 *
 * Return: 0 or -ENOMEM.
 */
int tasks_event(struct tasks *t, struct strings *pool, const struct event *ev)
{
	struct task *task;
	const char *comm;

	switch (ev->type) {
	case EVENT_FORK:
		return handle_fork(t, pool, ev);
	case EVENT_COMM:
		comm = strings_intern(pool, ev->comm.text, ev->comm.len);
		task = find_or_add(t, ev->task);
		if (!comm || !task)
			return -ENOMEM;
		task->comm = comm;
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
 * Return: an interned string, or NULL if nothing told.
 */
const char *tasks_comm(const struct tasks *t, s32 tid)
{
	const struct task *task = find(t, tid);

	return task ? task->comm : NULL;
}

static const char *parent_comm(const struct tasks *t, const struct task *task)
{
	if (!task->parent_comm && task->parent_pid)
		return tasks_comm(t, task->parent_pid);
	return task->parent_comm;
}

/**
 * tasks_identity - who a thread is
 * @t: the threads
 * @tid: the thread
 *
 * Return: its names; all NULL for a thread that nothing is known of.
 */
struct identity tasks_identity(const struct tasks *t, s32 tid)
{
	const struct task *task = find(t, tid);

	if (!task)
		return (struct identity){ 0 };
	return (struct identity){ .comm = task->comm, .parent = parent_comm(t, task),
				  .service = service_of(t, task), .request = task->origin };
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
