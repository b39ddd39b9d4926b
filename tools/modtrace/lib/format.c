// SPDX-License-Identifier: GPL-2.0-only
#include "lib/format.h"

#include <inttypes.h>

/**
 * format_bytes - a number of bytes for people
 * @text: result
 * @size: room in it; 16 is enough
 * @bytes: the number
 */
void format_bytes(char *text, size_t size, u64 bytes)
{
	static const char units[] = "KMGTPE";
	double value = bytes;
	int unit = -1;

	if (bytes < 10000) {
		snprintf(text, size, "%" PRIu64 " B", bytes);
		return;
	}
	while (value >= 1000 && unit < 5) {
		value /= 1024;
		unit++;
	}
	snprintf(text, size, value < 10 ? "%.2f %ciB" : value < 100 ? "%.1f %ciB" : "%.0f %ciB",
		 value, units[unit]);
}

/**
 * format_ns - a time for people
 * @text: result
 * @size: room in it; 32 is enough
 * @ns: the time in nanoseconds
 */
void format_ns(char *text, size_t size, u64 ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	double value = ns;
	int unit = 0;

	if (!ns) {
		snprintf(text, size, "0");
		return;
	}
	while (value >= 1000 && unit < 3) {
		value /= 1000;
		unit++;
	}
	if (!unit)
		snprintf(text, size, "%" PRIu64 " ns", ns);
	else
		snprintf(text, size, value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s",
			 value, units[unit]);
}

/**
 * format_worker_seconds - time that several spent at once, for people: it is no moment of a clock
 * @text: result
 * @size: room in it; 48 is enough
 * @ns: the sum in nanoseconds
 */
void format_worker_seconds(char *text, size_t size, u64 ns)
{
	char number[32];

	if (ns >= NSEC_PER_SEC) {
		snprintf(text, size, "%.*f worker-seconds", ns < 100 * NSEC_PER_SEC, ns / 1e9);
		return;
	}
	format_ns(number, sizeof(number), ns);
	snprintf(text, size, "%s of worker time", number);
}

/**
 * format_times - how often, for people
 * @text: filled: "once" or "7 times"
 * @size: room in it; 32 is enough
 * @times: how often
 */
void format_times(char *text, size_t size, u64 times)
{
	if (times == 1)
		snprintf(text, size, "once");
	else
		snprintf(text, size, "%" PRIu64 " times", times);
}

/**
 * format_marked_bytes - a number of bytes for people, or a word on what it isn't
 * @text: filled: "?" if the number isn't known, "~" ahead of it if it isn't all or an estimate
 * @size: room in it
 * @bytes: the number
 * @known: it says something
 * @exact: it is no estimate, and all
 */
void format_marked_bytes(char *text, size_t size, u64 bytes, bool known, bool exact)
{
	char number[24];

	format_bytes(number, sizeof(number), bytes);
	snprintf(text, size, "%s%s", !known ? "?" : exact ? "" : "~", known ? number : "");
}
