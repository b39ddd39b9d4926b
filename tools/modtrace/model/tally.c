// SPDX-License-Identifier: GPL-2.0-only
#include "model/tally.h"

/**
 * outcome_name - an outcome's name in the outputs
 * @outcome: the outcome
 *
 * Return: a static string.
 */
const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_LOADED] = "loaded",
		[OUTCOME_MERGED] = "merged",
		[OUTCOME_EXISTS] = "exists",
		[OUTCOME_BUSY] = "busy",
		[OUTCOME_INTERRUPTED] = "interrupted",
		[OUTCOME_FAILED] = "failed",
		[OUTCOME_IN_FLIGHT] = "in_flight",
		[OUTCOME_UNKNOWN] = "unknown",
	};

	return names[outcome];
}

/**
 * gate_name - a gate's name in the outputs
 * @gate: the gate
 *
 * Return: a static string.
 */
const char *gate_name(enum load_gate gate)
{
	static const char *const names[] = {
		[GATE_FILE] = "file",
		[GATE_LIVE] = "live",
		[GATE_NAME] = "name",
		[GATE_UNKNOWN] = "unknown",
	};

	return names[gate];
}

/**
 * tally_duplicates - attempts that did work for nothing or were answered by a gate
 * @t: the counts
 *
 * Return: merged, exists and busy attempts.
 */
u64 tally_duplicates(const struct tally *t)
{
	return t->outcomes[OUTCOME_MERGED] + t->outcomes[OUTCOME_EXISTS] +
	       t->outcomes[OUTCOME_BUSY];
}

/**
 * tally_wasted - bytes that duplicates allocated
 * @t: the counts
 *
 * Return: the sum of the three kinds.
 */
u64 tally_wasted(const struct tally *t)
{
	return sat_add(sat_add(t->wasted[BYTES_READ], t->wasted[BYTES_IMAGE]), t->wasted[BYTES_LAYOUT]);
}

/**
 * marks_of_tally - what is known of the bytes that duplicates allocated
 * @t: the counts
 *
 * Return: the marks.
 */
struct byte_marks marks_of_tally(const struct tally *t)
{
	struct byte_marks m = { .estimated = t->estimated };
	unsigned int kind;

	for (kind = 0; kind < ARRAY_SIZE(t->known_bytes); kind++) {
		m.known |= !!t->known_bytes[kind] << kind;
		m.unknown |= !!t->unknown_bytes[kind] << kind;
	}
	return m;
}

/**
 * tally_bytes_known - whether one kind of the duplicates' bytes is known
 * @t: the counts
 * @kind: which
 *
 * Return: true if it is known of any duplicate, or if there is none.
 */
bool tally_bytes_known(const struct tally *t, enum byte_kind kind)
{
	return t->known_bytes[kind] || !t->unknown_bytes[kind];
}

/**
 * tally_wasted_known - whether anything is known of what duplicates allocated
 * @t: the counts
 *
 * Return: true if the sum says something, if only a part of it.
 */
bool tally_wasted_known(const struct tally *t)
{
	const struct byte_marks m = marks_of_tally(t);

	return marks_wasted_known(&m, tally_wasted(t));
}

/**
 * tally_bytes_exact - whether all bytes counted are what was allocated, no more and no less
 * @t: the counts
 *
 * Return: false if some aren't known, or are estimates.
 */
bool tally_bytes_exact(const struct tally *t)
{
	return !t->estimated && !t->failed_unknown && !marks_of_tally(t).unknown;
}

/**
 * tally_errno - count what a failed attempt returned
 * @t: the counts
 * @err: the positive errno, 0 for a number that is none
 *
 * Return: 0 or -ENOMEM.
 */
int tally_errno(struct tally *t, u16 err)
{
	size_t i = 0;
	int ret;

	while (i < t->nr_errnos && t->errnos[i].err < err)
		i++;
	if (i == t->nr_errnos || t->errnos[i].err != err) {
		ret = grow(&t->errnos, &t->cap_errnos, t->nr_errnos + 1, sizeof(*t->errnos));
		if (ret)
			return ret;
		memmove(t->errnos + i + 1, t->errnos + i, (t->nr_errnos - i) * sizeof(*t->errnos));
		t->errnos[i] = (struct errno_count){ .err = err };
		t->nr_errnos++;
	}
	t->errnos[i].count++;
	return 0;
}

/**
 * tally_free - free what a tally owns
 * @t: the counts
 */
void tally_free(struct tally *t)
{
	unsigned int kind;

	free(t->errnos);
	hist_free(&t->wait);
	for (kind = 0; kind < CALL_NR; kind++)
		hist_free(&t->calls[kind]);
}

/**
 * tally_copy - counts of their own, the same as others
 * @to: filled, for tally_free(), after an error too
 * @from: the counts
 *
 * Return: 0 or -ENOMEM.
 */
int tally_copy(struct tally *to, const struct tally *from)
{
	unsigned int kind;

	*to = *from;
	to->errnos = NULL;
	to->wait = (struct hist){ 0 };
	memset(to->calls, 0, sizeof(to->calls));
	if (from->nr_errnos) {
		to->errnos = malloc(from->cap_errnos * sizeof(*to->errnos));
		if (!to->errnos)
			return -ENOMEM;
		memcpy(to->errnos, from->errnos, from->nr_errnos * sizeof(*to->errnos));
	}
	if (hist_copy(&to->wait, &from->wait))
		return -ENOMEM;
	for (kind = 0; kind < CALL_NR; kind++)
		if (hist_copy(&to->calls[kind], &from->calls[kind]))
			return -ENOMEM;
	return 0;
}
