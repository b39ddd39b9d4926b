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
	return sat_add(sat_add(t->wasted_read, t->wasted_image), t->wasted_layout);
}

/**
 * marks_known - whether one kind of bytes is known
 * @m: the marks
 * @kind: 0 read, 1 image, 2 layout
 *
 * Return: true if it is known of any attempt, or if there is none.
 */
bool marks_known(const struct byte_marks *m, unsigned int kind)
{
	return m->known >> kind & 1 || !(m->unknown >> kind & 1);
}

/**
 * marks_wasted_known - whether the sum of all kinds says anything
 * @m: the marks
 *
 * Return: true if it does, if only of a part. That nothing was decompressed is known of most, and
 * no figure on its own.
 */
bool marks_wasted_known(const struct byte_marks *m)
{
	return marks_known(m, 0) || marks_known(m, 2);
}

/**
 * marks_exact - whether the bytes are what was allocated, no more and no less
 * @m: the marks
 *
 * Return: false if some aren't known, or are estimates.
 */
bool marks_exact(const struct byte_marks *m)
{
	return !m->unknown && !m->estimated;
}

/**
 * marks_add - what is known of a sum
 * @to: of what was added up so far
 * @from: of what is added
 */
void marks_add(struct byte_marks *to, const struct byte_marks *from)
{
	to->known |= from->known;
	to->unknown |= from->unknown;
	to->estimated |= from->estimated;
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
 * @kind: 0 read, 1 image, 2 layout
 *
 * Return: true if it is known of any duplicate, or if there is none.
 */
bool tally_bytes_known(const struct tally *t, unsigned int kind)
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
	return tally_bytes_known(t, 0) || tally_bytes_known(t, 2);
}

/**
 * tally_bytes_exact - whether all bytes counted are what was allocated, no more and no less
 * @t: the counts
 *
 * Return: false if some aren't known, or are estimates.
 */
bool tally_bytes_exact(const struct tally *t)
{
	return !t->estimated && !t->failed_unknown && !t->unknown_bytes[0] && !t->unknown_bytes[1] &&
	       !t->unknown_bytes[2];
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
	free(t->errnos);
	hist_free(&t->wait);
	hist_free(&t->call);
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
	*to = *from;
	to->errnos = NULL;
	to->wait.bins = NULL;
	to->call.bins = NULL;
	if (from->nr_errnos) {
		to->errnos = malloc(from->cap_errnos * sizeof(*to->errnos));
		if (!to->errnos)
			return -ENOMEM;
		memcpy(to->errnos, from->errnos, from->nr_errnos * sizeof(*to->errnos));
	}
	if (from->wait.nr) {
		to->wait.bins = malloc(from->wait.cap * sizeof(*to->wait.bins));
		if (!to->wait.bins)
			return -ENOMEM;
		memcpy(to->wait.bins, from->wait.bins, from->wait.nr * sizeof(*to->wait.bins));
	}
	if (from->call.nr) {
		to->call.bins = malloc(from->call.cap * sizeof(*to->call.bins));
		if (!to->call.bins)
			return -ENOMEM;
		memcpy(to->call.bins, from->call.bins, from->call.nr * sizeof(*to->call.bins));
	}
	return 0;
}
