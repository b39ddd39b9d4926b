// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/opens.h"

struct open_begin {
	u64 time_ns;
	s32 tid;
};

/* By thread, and then in time. */
#define COMPARE(a, b) \
	((a)->tid != (b)->tid ? ((a)->tid < (b)->tid ? -1 : 1) : \
	 (a)->time_ns < (b)->time_ns ? -1 : (a)->time_ns > (b)->time_ns)

static int by_begin(const void *a, const void *b)
{
	return COMPARE((const struct open_begin *)a, (const struct open_begin *)b);
}

static int by_exit(const void *a, const void *b)
{
	return COMPARE((const struct open_exit *)a, (const struct open_exit *)b);
}

/**
 * opens_begin - a module's file is being opened
 * @o: what is known
 * @tid: by which thread
 * @time_ns: since when
 *
 * Return: 0 or -ENOMEM.
 */
int opens_begin(struct opens *o, s32 tid, u64 time_ns)
{
	if (grow(&o->begun, &o->cap_begun, o->nr_begun + 1, sizeof(*o->begun)))
		return -ENOMEM;
	o->begun[o->nr_begun++] = (struct open_begin){ time_ns, tid };
	return 0;
}

/**
 * opens_exit - an open of whatever file has returned
 * @o: what is known
 * @exit: it, copied
 * @raw: its record, copied
 *
 * Return: 0 or -ENOMEM.
 */
int opens_exit(struct opens *o, const struct open_exit *exit, const void *raw)
{
	if (grow(&o->exits, &o->cap_exits, o->nr_exits + 1, sizeof(*o->exits)))
		return -ENOMEM;
	o->exits[o->nr_exits] = *exit;
	o->exits[o->nr_exits++].raw_at = o->raw.len;
	return buf_add(&o->raw, raw, exit->raw_size);
}

static int by_tid(const void *key, const void *begin)
{
	const s32 tid = *(const s32 *)key, its = ((const struct open_begin *)begin)->tid;

	return tid < its ? -1 : tid > its;
}

/* Of threads that open no module, nothing has to be put in order: few of a boot's are left. */
static void drop_others(struct opens *o)
{
	size_t i, left = 0;

	for (i = 0; o->nr_begun && i < o->nr_exits; i++)
		if (bsearch(&o->exits[i].tid, o->begun, o->nr_begun, sizeof(*o->begun), by_tid))
			o->exits[left++] = o->exits[i];
	o->nr_exits = left;
}

/**
 * opens_settle - all buffers have been drained: tell what belongs to modules, forget the rest
 * @o: what is known; opens that haven't returned stay
 * @fn: told of each return; non-zero ends it
 * @context: handed to @fn
 *
 * Return: 0 or what @fn returned.
 */
int opens_settle(struct opens *o, open_exit_fn fn, void *context)
{
	size_t i, at = 0, left = 0;
	int ret = 0;

	if (o->nr_begun)
		qsort(o->begun, o->nr_begun, sizeof(*o->begun), by_begin);
	drop_others(o);
	if (o->nr_exits)
		qsort(o->exits, o->nr_exits, sizeof(*o->exits), by_exit);
	for (i = 0; i < o->nr_begun && !ret; i++) {
		const struct open_begin *open = &o->begun[i];

		while (at < o->nr_exits && COMPARE(&o->exits[at], open) < 0)
			at++;
		if (at < o->nr_exits && o->exits[at].tid == open->tid) {
			ret = fn(context, &o->exits[at], o->raw.data + o->exits[at].raw_at);
			at++;
		} else if (i + 1 == o->nr_begun || open[1].tid != open->tid) {
			o->begun[left++] = *open;
		}
	}
	o->nr_begun = left;
	o->nr_exits = 0;
	o->raw.len = 0;
	return ret;
}

/**
 * opens_free - free what is known
 * @o: empty and usable afterwards
 */
void opens_free(struct opens *o)
{
	free(o->begun);
	free(o->exits);
	buf_free(&o->raw);
	*o = (struct opens){ 0 };
}
