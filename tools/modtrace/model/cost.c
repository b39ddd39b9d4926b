// SPDX-License-Identifier: GPL-2.0-only
#include "model/cost.h"

/**
 * marks_known - whether one kind of bytes is known
 * @m: the marks
 * @kind: which
 *
 * Return: true if it is known of any attempt, or if there is none.
 */
bool marks_known(const struct byte_marks *m, enum byte_kind kind)
{
	return m->known >> kind & 1 || !(m->unknown >> kind & 1);
}

/**
 * marks_wasted_known - whether the sum of all kinds says anything
 * @m: the marks
 * @bytes: the sum, as far as it is known
 *
 * Return: true if it does, if only of a part. That nothing was decompressed is known of most, and
 * no figure on its own; nor is that nothing was laid out, where what was read is unknown.
 */
bool marks_wasted_known(const struct byte_marks *m, u64 bytes)
{
	if (m->unknown && !bytes)
		return false;
	return marks_known(m, BYTES_READ) || marks_known(m, BYTES_LAYOUT);
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
 * cost_total - bytes of all kinds
 * @c: the cost
 *
 * Return: their sum.
 */
u64 cost_total(const struct cost *c)
{
	u64 sum = 0;
	unsigned int kind;

	for (kind = 0; kind < BYTES_NR; kind++)
		sum = sat_add(sum, c->bytes[kind]);
	return sum;
}

static void marks_add(struct byte_marks *to, const struct byte_marks *from)
{
	to->known |= from->known;
	to->unknown |= from->unknown;
	to->estimated |= from->estimated;
}

/**
 * cost_add - add a cost to others
 * @to: their sum
 * @from: one more
 */
void cost_add(struct cost *to, const struct cost *from)
{
	unsigned int kind;

	for (kind = 0; kind < BYTES_NR; kind++)
		to->bytes[kind] = sat_add(to->bytes[kind], from->bytes[kind]);
	marks_add(&to->marks, &from->marks);
}

/**
 * cost_of_end - what an attempt has allocated
 * @end: its end
 *
 * Return: the cost.
 */
struct cost cost_of_end(const struct event *end)
{
	return (struct cost){
		.bytes = { end->read_bytes, end->image_bytes, end->layout_bytes },
		.marks = { .known = BYTES_ALL & ~end->unknown_bytes, .unknown = end->unknown_bytes,
			   .estimated = end->estimated },
	};
}
