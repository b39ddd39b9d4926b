// SPDX-License-Identifier: GPL-2.0-only
#include "source/source_info.h"

/* Beyond this many different events the rest share a line; a recording has a dozen. */
#define COUNTS_MAX 512

/**
 * source_count - where the events of one name are counted; for sources
 * @info: the recording
 * @name: "system:name"
 * @known: they are understood
 * @index: their index in @info->counts, which is made if there is none yet
 *
 * Return: 0 or -ENOMEM.
 */
int source_count(struct source_info *info, const char *name, bool known, size_t *index)
{
	size_t i;

	if (info->nr_counts >= COUNTS_MAX && !known)
		name = "(others)";
	for (i = 0; i < info->nr_counts; i++) {
		if (!strcmp(info->counts[i].name, name)) {
			*index = i;
			return 0;
		}
	}
	if (grow(&info->counts, &info->cap_counts, info->nr_counts + 1, sizeof(*info->counts)))
		return -ENOMEM;
	info->counts[i] = (struct event_count){ .name = strdup(name), .known = known };
	if (!info->counts[i].name)
		return -ENOMEM;
	info->nr_counts++;
	*index = i;
	return 0;
}

/**
 * source_add_symbol - name an address; for sources
 * @info: the recording
 * @address: the address
 * @name: its name, copied; need not be terminated
 * @len: length of @name
 *
 * Return: 0 or -ENOMEM. source_sort_symbols() is to follow.
 */
int source_add_symbol(struct source_info *info, u64 address, const char *name, size_t len)
{
	struct symbol *s;

	if (grow(&info->symbols, &info->cap_symbols, info->nr_symbols + 1, sizeof(*info->symbols)))
		return -ENOMEM;
	s = &info->symbols[info->nr_symbols];
	*s = (struct symbol){ .address = address, .name = strndup(name, len) };
	if (!s->name)
		return -ENOMEM;
	info->nr_symbols++;
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/**
 * source_sort_symbols - make added symbols ready for source_symbol(); for sources
 * @info: the recording
 */
void source_sort_symbols(struct source_info *info)
{
	if (info->nr_symbols)
		qsort(info->symbols, info->nr_symbols, sizeof(*info->symbols), by_address);
}

/**
 * source_symbol - name of an address
 * @info: the recording
 * @address: a call site
 *
 * Return: the name as recorded, or NULL.
 */
const char *source_symbol(const struct source_info *info, u64 address)
{
	size_t lo = 0, hi = info->nr_symbols;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (info->symbols[mid].address < address)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < info->nr_symbols && info->symbols[lo].address == address ?
	       info->symbols[lo].name : NULL;
}

/**
 * source_add_state - note a gate's parameter or another thing as it is at the start; for sources
 * @info: the recording
 * @key: which; noted once
 * @text: its value, copied; need not be terminated
 * @len: length of @text
 *
 * Return: 0 or -ENOMEM.
 */
int source_add_state(struct source_info *info, const char *key, const char *text, size_t len)
{
	struct state *states = reallocarray(info->states, info->nr_states + 1, sizeof(*states));

	if (!states)
		return -ENOMEM;
	info->states = states;
	states[info->nr_states] = (struct state){ .key = strdup(key),
						  .at_start = strndup(text, len) };
	if (!states[info->nr_states].key || !states[info->nr_states].at_start) {
		free(states[info->nr_states].key);
		free(states[info->nr_states].at_start);
		return -ENOMEM;
	}
	info->nr_states++;
	return 0;
}

/**
 * source_add_wall - note what the clock of the day said; for sources
 * @info: the recording
 * @time_ns: when, on the recording's clock
 * @wall_ns: nanoseconds since 1970 then; 0, which no clock shows, is ignored
 *
 * Kept of the earliest and of the latest time.
 */
void source_add_wall(struct source_info *info, u64 time_ns, u64 wall_ns)
{
	struct wall_clock *w = &info->wall;
	s64 offset_ns;

	if (!wall_ns || wall_ns > INT64_MAX || time_ns > INT64_MAX)
		return;
	offset_ns = (s64)wall_ns - (s64)time_ns;
	if (!w->known || time_ns < w->first_ns) {
		w->first_ns = time_ns;
		w->first_offset_ns = offset_ns;
	}
	if (!w->known || time_ns >= w->last_ns) {
		w->last_ns = time_ns;
		w->last_offset_ns = offset_ns;
	}
	w->known = true;
}

/**
 * source_wall - the time of the day at a time of the recording
 * @info: the recording
 * @time_ns: the time, on the recording's clock
 * @wall_ns: nanoseconds since 1970
 *
 * As the clock of the day was at the end: early in a boot it may not have been set yet.
 *
 * Return: false if the recording does not have it.
 */
bool source_wall(const struct source_info *info, u64 time_ns, u64 *wall_ns)
{
	s64 ns;

	if (!info->wall.known || time_ns > INT64_MAX ||
	    __builtin_add_overflow((s64)time_ns, info->wall.last_offset_ns, &ns) || ns < 0)
		return false;
	*wall_ns = ns;
	return true;
}

/**
 * source_need_times - see that a recording has the times that something needs
 * @info: the recording
 * @what: what needs them, "--time"; NULL for nothing
 * @err: says what is wrong
 *
 * Return: 0, or -EINVAL if its times only tell the order.
 */
int source_need_times(const struct source_info *info, const char *what, struct err *err)
{
	if (!what || !info->untimed)
		return 0;
	if (!info->clock)
		return err_set(err, -EINVAL, "%s: has no times, which %s needs", info->file, what);
	return err_set(err, -EINVAL,
		       "%s: its clock, %s, doesn't count time in a known unit, which %s needs; "
		       "record with another (trace-cmd record -C mono)",
		       info->file, info->clock, what);
}

/**
 * source_has_series - whether the kernel had the series, whatever was recorded of it
 * @info: the recording
 *
 * Return: true if its gates were noted.
 */
bool source_has_series(const struct source_info *info)
{
	size_t i;

	for (i = 0; i < info->nr_states; i++)
		if (!strncmp(info->states[i].key, "merge_", 6))
			return true;
	return false;
}

/**
 * source_settled - whether a boot was recorded until it had settled
 * @info: the recording
 *
 * Return: 1 if it was, 0 if it was not, -1 if the recording does not tell, or is not of a boot.
 */
int source_settled(const struct source_info *info)
{
	if (!info->is_boot && !info->nr_markers)
		return -1;
	if (info->truncated)
		return 0;
	/* Who chose another end than that did not wait for it. */
	if (!info->ended_by || !strcmp(info->ended_by, "seconds") ||
	    !strcmp(info->ended_by, "unit"))
		return -1;
	return !strcmp(info->ended_by, "settle");
}

/**
 * source_info_free - free what an info owns
 * @info: the info
 */
void source_info_free(struct source_info *info)
{
	size_t i;

	for (i = 0; i < info->nr_symbols; i++)
		free(info->symbols[i].name);
	for (i = 0; i < info->nr_states; i++) {
		free(info->states[i].key);
		free(info->states[i].at_start);
		free(info->states[i].at_end);
	}
	for (i = 0; i < info->nr_counts; i++)
		free(info->counts[i].name);
	for (i = 0; i < info->nr_markers; i++)
		free(info->markers[i].name);
	free(info->symbols);
	free(info->states);
	free(info->markers);
	buf_free(&info->module_sizes);
	free(info->counts);
	free(info->generator);
	free(info->kernel);
	free(info->file);
	free(info->boot_id);
	free(info->host);
	free(info->arch);
	free(info->machine_id);
	free(info->machine_model);
	free(info->cpu_model);
	free(info->ended_by);
	*info = (struct source_info){ 0 };
}
