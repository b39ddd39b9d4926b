// SPDX-License-Identifier: GPL-2.0-only
#include "model/hist.h"

/*
 * Values below 2^8 have a bucket each. Above, the eight leading bits choose the bucket, so
 * that a bucket of width 2^s holds values of 2^(s+7) and more: width over value is at most
 * 1/128, and the middle of the bucket, which is what we answer with, is off by half of that.
 */
#define SUB_BITS 7
#define SUB_COUNT (1U << SUB_BITS)

/* Where fewer bins are searched, nothing is gained by remembering: there may be many histograms. */
#define PLACES_FROM 16

static unsigned int value_shift(u64 value)
{
	unsigned int bits = value ? 64 - __builtin_clzll(value) : 0;

	return bits > SUB_BITS + 1 ? bits - (SUB_BITS + 1) : 0;
}

static u16 value_index(u64 value)
{
	unsigned int shift = value_shift(value);

	return shift * SUB_COUNT + (value >> shift);
}

static u64 index_value(u16 index)
{
	unsigned int shift = index < 2 * SUB_COUNT ? 0 : index / SUB_COUNT - 1;
	u64 low = (u64)(index - shift * SUB_COUNT) << shift;

	return shift ? low + (1ULL << (shift - 1)) : low;
}

/* Without a branch on what is found: waits are as good as random, and guesses at them go wrong. */
static size_t lower_bound(const struct hist *h, u16 index)
{
	size_t lo = 0, left = h->nr;

	while (left) {
		size_t half = (left + 1) / 2;

		lo += half & -(size_t)(h->bins[lo + half - 1].index < index);
		left -= half;
	}
	return lo;
}

/* Most have a bin or two. */
static int make_room(struct hist *h)
{
	if (h->cap)
		return grow(&h->bins, &h->cap, h->nr + 1, sizeof(*h->bins));
	h->bins = malloc(2 * sizeof(*h->bins));
	h->cap = h->bins ? 2 : 0;
	return h->bins ? 0 : -ENOMEM;
}

/**
 * hist_add - count a value
 * @h: the histogram
 * @value: the value
 *
 * Return: 0 or -ENOMEM, in which case nothing was counted.
 */
int hist_add(struct hist *h, u64 value)
{
	u16 index = value_index(value);
	u16 *place = h->places ? &h->places[index % HIST_PLACES] : NULL;
	size_t at = place ? *place : h->nr;

	if (at >= h->nr || h->bins[at].index != index)
		at = lower_bound(h, index);
	if (place)
		*place = at;
	if (at == h->nr || h->bins[at].index != index) {
		int ret = make_room(h);

		if (ret)
			return ret;
		memmove(h->bins + at + 1, h->bins + at, (h->nr - at) * sizeof(*h->bins));
		h->bins[at] = (struct hist_bin){ .index = index };
		/* Without them it only takes longer. */
		if (++h->nr >= PLACES_FROM && !h->places)
			h->places = calloc(HIST_PLACES, sizeof(*h->places));
	}
	h->bins[at].count++;
	h->count++;
	h->sum = sat_add(h->sum, value);
	if (value > h->max)
		h->max = value;
	return 0;
}

/**
 * hist_percentile - the value at a nearest rank
 * @h: the histogram
 * @percent: 1 to 100
 *
 * Return: a value off by at most 1/128 of the true one; 0 for an empty histogram.
 */
u64 hist_percentile(const struct hist *h, unsigned int percent)
{
	u64 rank, seen = 0;
	size_t i;

	if (!h->count)
		return 0;
	/* ceil(count * percent / 100) without the product, which could overflow */
	rank = h->count / 100 * percent + (h->count % 100 * percent + 99) / 100;
	if (!rank)
		rank = 1;
	for (i = 0; i < h->nr; i++) {
		seen += h->bins[i].count;
		if (seen >= rank) {
			u64 value = index_value(h->bins[i].index);

			return value < h->max ? value : h->max;
		}
	}
	return h->max;
}

/**
 * hist_copy - the same values once more
 * @to: filled, for hist_free(), after an error too
 * @from: the histogram
 *
 * Return: 0 or -ENOMEM.
 */
int hist_copy(struct hist *to, const struct hist *from)
{
	*to = *from;
	to->bins = NULL;
	to->places = NULL;
	to->cap = from->nr;
	if (!from->nr)
		return 0;
	to->bins = malloc(from->nr * sizeof(*to->bins));
	if (!to->bins)
		return -ENOMEM;
	memcpy(to->bins, from->bins, from->nr * sizeof(*to->bins));
	return 0;
}

/**
 * hist_merge - count the values of another
 * @to: the histogram
 * @from: the other
 *
 * Return: 0 or -ENOMEM, in which case nothing was counted.
 */
int hist_merge(struct hist *to, const struct hist *from)
{
	struct hist_bin *bins;
	size_t nr = 0, i = 0, j = 0;

	if (!from->nr)
		return 0;
	bins = malloc((to->nr + from->nr) * sizeof(*bins));
	if (!bins)
		return -ENOMEM;
	while (i < to->nr || j < from->nr) {
		if (j == from->nr || (i < to->nr && to->bins[i].index < from->bins[j].index)) {
			bins[nr++] = to->bins[i++];
		} else if (i == to->nr || from->bins[j].index < to->bins[i].index) {
			bins[nr++] = from->bins[j++];
		} else {
			bins[nr] = to->bins[i++];
			bins[nr++].count += from->bins[j++].count;
		}
	}
	free(to->bins);
	to->bins = bins;
	to->cap = to->nr + from->nr;
	to->nr = nr;
	to->count += from->count;
	to->sum = sat_add(to->sum, from->sum);
	if (from->max > to->max)
		to->max = from->max;
	return 0;
}

/**
 * hist_free - free what a histogram owns
 * @h: the histogram; empty and usable afterwards
 */
void hist_free(struct hist *h)
{
	free(h->bins);
	free(h->places);
	*h = (struct hist){ 0 };
}
