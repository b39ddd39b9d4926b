// SPDX-License-Identifier: GPL-2.0-only
#include "lib/metrics.h"

#include <inttypes.h>

#include "lib/escape.h"

static bool ends_in(const char *name, const char *unit)
{
	const char *at = strrchr(name, '_');

	return at && !strcmp(at + 1, unit);
}

/**
 * metrics_family - begin a family: lines of one name
 * @m: the metrics
 * @name: its name, static
 * @type: "gauge", …
 * @help: what it is, a line without backslashes
 */
void metrics_family(struct metrics *m, const char *name, const char *type, const char *help)
{
	static const char *const units[] = { "seconds", "bytes" };
	size_t i;

	m->name = name;
	fprintf(m->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
	for (i = 0; m->units && i < ARRAY_SIZE(units); i++)
		if (ends_in(name, units[i]))
			fprintf(m->out, "# UNIT %s %s\n", name, units[i]);
}

/**
 * metrics_begin - begin a line of the family
 * @m: the metrics
 * @suffix: what follows the family's name
 *
 * Its labels are to follow, and its value.
 */
void metrics_begin(struct metrics *m, const char *suffix)
{
	fprintf(m->out, "%s%s", m->name, suffix);
	m->labelled = false;
}

/**
 * metrics_label - add a label to the line
 * @m: the metrics
 * @key: its name
 * @value: its value, any bytes
 */
void metrics_label(struct metrics *m, const char *key, const char *value)
{
	_cleanup_free_ char *clean = escape_dup(value, strlen(value));
	const char *p;

	fprintf(m->out, "%s%s=\"", m->labelled ? "," : "{", key);
	m->labelled = true;
	if (!clean) {
		m->failed = true;
		clean = strdup("");
	}
	for (p = clean ? clean : ""; *p; p++) {
		if (*p == '"' || *p == '\\')
			fputc('\\', m->out);
		fputc(*p, m->out);
	}
	fputc('"', m->out);
}

/**
 * metrics_number - end the line with its value
 * @m: the metrics
 * @value: the value
 */
void metrics_number(struct metrics *m, u64 value)
{
	fprintf(m->out, "%s %" PRIu64 "\n", m->labelled ? "}" : "", value);
}

/**
 * metrics_seconds - end the line with a time, as seconds
 * @m: the metrics
 * @ns: the time
 */
void metrics_seconds(struct metrics *m, u64 ns)
{
	/* The locale has no say in the point. */
	fprintf(m->out, "%s %" PRIu64 ".%09" PRIu64 "\n", m->labelled ? "}" : "", ns / NSEC_PER_SEC,
		ns % NSEC_PER_SEC);
}

/**
 * metrics_end - end the metrics
 * @m: the metrics
 *
 * Return: 0, -ENOMEM, or -EIO if the stream has an error.
 */
int metrics_end(struct metrics *m)
{
	if (m->failed)
		return -ENOMEM;
	return ferror(m->out) ? -EIO : 0;
}
