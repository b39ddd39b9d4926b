// SPDX-License-Identifier: GPL-2.0-only
#include "views/boot_story.h"

/* More than any boot has; what is beyond is counted. */
#define ATTEMPTS_MAX (1U << 18)

/* Pieces of the time line, at most. */
#define LINE_MAX 24

struct boot_attempt {
	const char *module;
	u64 begin_ns;
	u64 end_ns;
	u64 wasted_bytes;
	bool loaded;
	bool duplicate;
};

struct boot_interval {
	u64 from_ns;
	u64 until_ns;
};

static bool is_duplicate(enum outcome outcome)
{
	return outcome == OUTCOME_MERGED || outcome == OUTCOME_EXISTS || outcome == OUTCOME_BUSY;
}

/**
 * boot_story_attempt - watch a model's attempts
 * @story: the story; all zero is an empty one
 * @change: what has become of the attempt
 * @a: the attempt
 *
 * Return: 0 or -ENOMEM.
 */
int boot_story_attempt(void *story, enum attempt_change change, const struct attempt_facts *a)
{
	struct boot_story *s = story;

	if (change != ATTEMPT_ENDED && change != ATTEMPT_ABANDONED)
		return 0;
	if (s->nr_attempts == ATTEMPTS_MAX) {
		s->folded++;
		return 0;
	}
	if (grow(&s->attempts, &s->cap_attempts, s->nr_attempts + 1, sizeof(*s->attempts)))
		return -ENOMEM;
	s->attempts[s->nr_attempts++] = (struct boot_attempt){
		.module = a->module,
		.begin_ns = a->begin_ns,
		.end_ns = a->end_ns,
		.wasted_bytes = is_duplicate(a->outcome) ? cost_total(&a->cost) : 0,
		.loaded = a->outcome == OUTCOME_LOADED,
		.duplicate = is_duplicate(a->outcome),
	};
	return 0;
}

/**
 * boot_is_milestone - whether a marker ends a phase
 * @marker: its name
 *
 * systemd has some twenty targets; these are the ones that people tell a boot's phases by.
 *
 * Return: true if it does.
 */
bool boot_is_milestone(const char *marker)
{
	static const char *const milestones[] = {
		"switch_root", "sysinit.target", "basic.target", "multi-user.target",
		"graphical.target", "udev_settled",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(milestones); i++)
		if (!strcmp(marker, milestones[i]))
			return true;
	return false;
}

static int by_begin(const void *a, const void *b)
{
	const struct boot_attempt *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return x->module != y->module ? strcmp(x->module, y->module) : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The times in which a duplicate was under way, joined where they overlap. */
static int join_duplicates(struct boot_story *s)
{
	size_t i;

	s->busy = calloc(s->nr_attempts + 1, sizeof(*s->busy));
	if (!s->busy)
		return -ENOMEM;
	for (i = 0; i < s->nr_attempts; i++) {
		const struct boot_attempt *a = &s->attempts[i];
		struct boot_interval *last = s->nr_busy ? &s->busy[s->nr_busy - 1] : NULL;

		if (!a->duplicate)
			continue;
		if (!last || a->begin_ns > last->until_ns)
			s->busy[s->nr_busy++] = (struct boot_interval){ a->begin_ns, a->end_ns };
		else if (a->end_ns > last->until_ns)
			last->until_ns = a->end_ns;
	}
	return 0;
}

static u64 busy_within(const struct boot_story *s, u64 from_ns, u64 until_ns)
{
	u64 sum = 0;
	size_t i;

	for (i = 0; i < s->nr_busy; i++) {
		u64 from = s->busy[i].from_ns > from_ns ? s->busy[i].from_ns : from_ns;
		u64 until = s->busy[i].until_ns < until_ns ? s->busy[i].until_ns : until_ns;

		sum += sat_sub(until, from);
	}
	return sum;
}

/* Puts a module among the most frequent ones of a piece; of equals the first by name. */
static void rank_module(struct boot_piece *p, const char *name, u64 attempts)
{
	size_t at = PIECE_MODULES, i;

	p->more_modules++;
	while (at && attempts > p->module_attempts[at - 1])
		at--;
	if (at == PIECE_MODULES)
		return;
	if (!p->modules[PIECE_MODULES - 1])
		p->more_modules--;
	for (i = PIECE_MODULES - 1; i > at; i--) {
		p->modules[i] = p->modules[i - 1];
		p->module_attempts[i] = p->module_attempts[i - 1];
	}
	p->modules[at] = name;
	p->module_attempts[at] = attempts;
}

/* Fills a piece whose bounds are known; @names has room for a name an attempt. */
static void fill_piece(const struct boot_story *s, struct boot_piece *p, const char **names)
{
	size_t nr = 0, i, j;

	for (i = 0; i < s->nr_attempts; i++) {
		const struct boot_attempt *a = &s->attempts[i];

		/* What has no end ran until the recording's. */
		if (a->begin_ns >= p->until_ns ||
		    (a->begin_ns < p->from_ns && a->end_ns && a->end_ns <= p->from_ns))
			continue;
		names[nr++] = a->module;
		if (a->begin_ns < p->from_ns)
			continue;
		p->attempts++;
		p->loaded += a->loaded;
		p->duplicates += a->duplicate;
		p->wasted_bytes = sat_add(p->wasted_bytes, a->wasted_bytes);
	}
	p->running = nr;
	p->duplicates_ns = busy_within(s, p->from_ns, p->until_ns);
	qsort(names, nr, sizeof(*names), by_name);
	for (i = 0; i < nr; i = j) {
		for (j = i + 1; j < nr && !strcmp(names[i], names[j]); j++)
			;
		rank_module(p, names[i], j - i);
	}
}

static int make_phases(struct boot_story *s, const struct source_info *info, u64 start_ns,
		       u64 end_ns)
{
	u64 from_ns = start_ns;
	size_t i;

	s->phases = calloc(info->nr_markers + 1, sizeof(*s->phases));
	if (!s->phases)
		return -ENOMEM;
	for (i = 0; i <= info->nr_markers; i++) {
		const struct marker *m = i < info->nr_markers ? &info->markers[i] : NULL;
		u64 until_ns = m ? m->time_ns : end_ns;

		if ((m && !boot_is_milestone(m->name)) || until_ns <= from_ns)
			continue;
		s->phases[s->nr_phases++] = (struct boot_piece){
			.name = m ? m->name : NULL, .from_ns = from_ns, .until_ns = until_ns,
		};
		from_ns = until_ns;
	}
	return 0;
}

/* 1, 2 or 5 times a power of ten nanoseconds: what a time line can be read by. */
static u64 round_width(u64 least_ns)
{
	static const u64 steps[] = { 1, 2, 5 };
	u64 unit;
	size_t i;

	for (unit = 1; unit < UINT64_MAX / 10; unit *= 10)
		for (i = 0; i < ARRAY_SIZE(steps); i++)
			if (unit * steps[i] >= least_ns)
				return unit * steps[i];
	return least_ns;
}

static int make_line(struct boot_story *s, u64 start_ns)
{
	u64 first_ns, last_ns = 0, width_ns, at_ns;
	size_t i;

	if (!s->nr_attempts)
		return 0;
	first_ns = s->attempts[0].begin_ns;
	for (i = 0; i < s->nr_attempts; i++)
		if (s->attempts[i].end_ns > last_ns)
			last_ns = s->attempts[i].end_ns;
	width_ns = round_width(sat_sub(last_ns, first_ns) / (LINE_MAX - 1) + 1);
	at_ns = start_ns + sat_sub(first_ns, start_ns) / width_ns * width_ns;
	s->line = calloc(LINE_MAX + 1, sizeof(*s->line));
	if (!s->line)
		return -ENOMEM;
	for (; at_ns <= last_ns && s->nr_line <= LINE_MAX; at_ns += width_ns)
		s->line[s->nr_line++] = (struct boot_piece){
			.from_ns = at_ns, .until_ns = at_ns + width_ns,
		};
	return 0;
}

/**
 * boot_story_make - tell the story, when all attempts are known
 * @s: the story
 * @info: the recording; its markers must outlive @s
 * @start_ns: when the recording begins
 * @end_ns: when it ends
 *
 * Return: 0 or -ENOMEM.
 */
int boot_story_make(struct boot_story *s, const struct source_info *info, u64 start_ns,
		    u64 end_ns)
{
	_cleanup_free_ const char **names = calloc(s->nr_attempts + 1, sizeof(*names));
	size_t i;

	if (!names)
		return -ENOMEM;
	if (s->nr_attempts)
		qsort(s->attempts, s->nr_attempts, sizeof(*s->attempts), by_begin);
	if (join_duplicates(s) || make_phases(s, info, start_ns, end_ns) ||
	    make_line(s, start_ns))
		return -ENOMEM;
	for (i = 0; i < s->nr_phases; i++)
		fill_piece(s, &s->phases[i], names);
	for (i = 0; i < s->nr_line; i++)
		fill_piece(s, &s->line[i], names);
	return 0;
}

/**
 * boot_story_free - free what a story has
 * @s: the story; empty afterwards
 */
void boot_story_free(struct boot_story *s)
{
	free(s->phases);
	free(s->line);
	free(s->attempts);
	free(s->busy);
	*s = (struct boot_story){ 0 };
}
