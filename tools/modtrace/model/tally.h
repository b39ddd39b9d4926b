/* SPDX-License-Identifier: GPL-2.0-only */
/* What is counted of attempts, over all of them and for each module alike. Pure. */
#ifndef MODTRACE_TALLY_H
#define MODTRACE_TALLY_H

#include "model/cost.h"
#include "model/hist.h"
#include "model/times.h"

enum outcome {
	OUTCOME_LOADED,
	OUTCOME_MERGED,
	OUTCOME_EXISTS,
	OUTCOME_BUSY,
	OUTCOME_INTERRUPTED,
	OUTCOME_FAILED,
	OUTCOME_IN_FLIGHT,
	OUTCOME_UNKNOWN,
	OUTCOME_NR
};

/**
 * struct errno_count - how often an errno was returned
 * @err: the positive errno, 0 for a number that is none
 * @count: how often
 */
struct errno_count {
	u16 err;
	u64 count;
};

/**
 * struct tally - what is counted over all attempts and for each module alike
 * @attempts: the sum of @outcomes
 * @outcomes: attempts by outcome
 * @gates: merged ones by the gate that answered
 * @late: merged ones that waited for nothing: the module was live, or on its way out
 * @serial: duplicates that began when the module was live
 * @init_dups: duplicates that came through init_module(), where no file gate can help
 * @by_writer: failed ones that were refused because of a writer of the file
 * @errnos: what failed attempts returned, by errno
 * @nr_errnos: how many of them
 * @cap_errnos: room for
 * @wait: known waits
 * @calls: how long calls took, by kind
 * @times: the same in sums
 * @unknown_bytes: merged, exists and busy ones of which not all bytes are known, by kind
 * @known_bytes: those of which they are
 * @failed_unknown: failed and interrupted ones of which not all bytes are known
 * @estimated: some of the bytes are estimates
 * @wasted: bytes that merged, exists and busy attempts allocated, by kind
 * @failed_bytes: all three, of failed and interrupted ones
 * @avoided_bytes: what merged ones would have spent, as far as known
 * @avoided_known: merged ones of which it is known
 */
struct tally {
	u64 attempts;
	u64 outcomes[OUTCOME_NR];
	u64 gates[GATE_NR];
	u64 late;
	u64 serial;
	u64 init_dups;
	u64 by_writer;
	struct errno_count *errnos;
	size_t nr_errnos;
	size_t cap_errnos;
	struct hist wait;
	struct hist calls[CALL_NR];
	struct call_times times;
	u64 unknown_bytes[BYTES_NR];
	u64 known_bytes[BYTES_NR];
	u64 failed_unknown;
	bool estimated;
	u64 wasted[BYTES_NR];
	u64 failed_bytes;
	u64 avoided_bytes;
	u64 avoided_known;
};

struct byte_marks marks_of_tally(const struct tally *t);
bool tally_bytes_known(const struct tally *t, enum byte_kind kind);
bool tally_wasted_known(const struct tally *t);
bool tally_bytes_exact(const struct tally *t);
u64 tally_duplicates(const struct tally *t);
u64 tally_wasted(const struct tally *t);
const char *outcome_name(enum outcome outcome);
const char *gate_name(enum load_gate gate);
int tally_errno(struct tally *t, u16 err);
int tally_copy(struct tally *to, const struct tally *from);
void tally_free(struct tally *t);

#endif
