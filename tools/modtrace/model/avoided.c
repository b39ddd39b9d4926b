// SPDX-License-Identifier: GPL-2.0-only
#include "model/avoided.h"

#define INODES_MAX 65536

struct inode_load {
	struct inode_load *chain;
	u64 ino;
	u32 dev;
	u64 spent;
};

/**
 * avoid - count what a merged attempt was spared
 * @m: the model
 * @w: the attempt
 * @spent: what the one that did the work for it spent
 */
void avoid(struct model *m, const struct waiter *w, u64 spent)
{
	u64 avoided = sat_sub(spent, w->own_bytes);

	if (w->hidden)
		return;
	m->totals.avoided_bytes = sat_add(m->totals.avoided_bytes, avoided);
	m->totals.avoided_known++;
	w->module->tally.avoided_bytes = sat_add(w->module->tally.avoided_bytes, avoided);
	w->module->tally.avoided_known++;
}

static struct inode_load *inode_load_find(const struct model *m, u32 dev, u64 ino)
{
	struct inode_load *load = map_get(&m->load_by_inode, hash_two(dev, ino));

	while (load && (load->dev != dev || load->ino != ino))
		load = load->chain;
	return load;
}

/**
 * avoid_by_inode - count what a merged attempt was spared by the last load of the same file
 * @m: the model
 * @w: the attempt; nobody was found who did the work for it
 */
void avoid_by_inode(struct model *m, const struct waiter *w)
{
	const struct inode_load *load = w->ino ? inode_load_find(m, w->dev, w->ino) : NULL;

	if (load)
		avoid(m, w, load->spent);
}

/**
 * remember_load - keep what a load spent, for those who are merged with it later
 * @m: the model
 * @a: the load
 * @spent: its bytes
 *
 * Return: 0 or -ENOMEM.
 */
int remember_load(struct model *m, const struct attempt *a, u64 spent)
{
	u64 key = hash_two(a->dev, a->ino);
	struct inode_load *load;

	if (!a->ino)
		return 0;
	load = inode_load_find(m, a->dev, a->ino);
	if (load) {
		load->spent = spent;
		return 0;
	}
	if (m->load_by_inode.nr >= INODES_MAX) {
		m->evicted++;
		return 0;
	}
	load = malloc(sizeof(*load));
	if (!load)
		return -ENOMEM;
	*load = (struct inode_load){ .chain = map_get(&m->load_by_inode, key),
				     .dev = a->dev, .ino = a->ino, .spent = spent };
	if (map_set(&m->load_by_inode, key, load)) {
		free(load);
		return -ENOMEM;
	}
	return 0;
}

/* Whether @leader may be the attempt that @a waited for: thread ids are used again. */
static bool same_target(const struct attempt *leader, const struct attempt *a)
{
	if (leader->module == a->module)
		return true;
	if (a->ino && leader->ino == a->ino && leader->dev == a->dev)
		return true;
	/* init_module() has no name before its end */
	return leader->syscall == SYSCALL_INIT;
}

/**
 * account_avoided - count what the gate saved by merging an attempt
 * @m: the model
 * @a: the attempt, merged
 * @own_bytes: what it spent itself
 *
 * That is the winner's cost, less our own. Waiters are released when the module is live, before
 * the winner's call ends, so its cost is often not known yet.
 *
 * Return: 0 or -ENOMEM.
 */
int account_avoided(struct model *m, struct attempt *a, u64 own_bytes)
{
	const struct waiter w = { .module = a->module, .hidden = a->hidden, .own_bytes = own_bytes,
				  .dev = a->dev, .ino = a->ino };
	struct attempt *leader;
	unsigned int i;
	int ret;

	if (a->leader) {
		leader = map_get(&m->attempt_by_tid, (u32)a->leader);
		if (leader && leader != a && same_target(leader, a)) {
			ret = grow(&leader->waiters, &leader->cap_waiters, leader->nr_waiters + 1,
				   sizeof(*leader->waiters));
			if (ret)
				return ret;
			leader->waiters[leader->nr_waiters++] = w;
			return 0;
		}
		for (i = 1; i <= MODULE_WORKERS; i++) {
			const struct worker *worker =
				&a->module->workers[(a->module->next_worker - i) % MODULE_WORKERS];

			if (worker->tid == a->leader) {
				avoid(m, &w, worker->spent);
				return 0;
			}
		}
	}
	avoid_by_inode(m, &w);
	return 0;
}

/**
 * avoided_free - forget what loads spent
 * @m: the model
 */
void avoided_free(struct model *m)
{
	size_t i;

	for (i = 0; i < m->load_by_inode.nr_slots; i++) {
		struct inode_load *load = m->load_by_inode.slots[i].value;

		while (load) {
			struct inode_load *next = load->chain;

			free(load);
			load = next;
		}
	}
	map_free(&m->load_by_inode);
}
