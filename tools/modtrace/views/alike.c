// SPDX-License-Identifier: GPL-2.0-only
#include "views/alike.h"

#include <inttypes.h>

#include "formats/event.h"
#include "lib/escape.h"
#include "lib/format.h"

#define letter_of(set) ((int)('A' + (set)))

/* Values of a fact in a set, at most: the first ones in order, whatever order the recordings have. */
#define VALUES_MAX 16

/* Markers that are named, at most: of a boot without any the other one's are too many. */
#define NAMED 12

struct values {
	char text[VALUES_MAX][160];
	size_t nr;
};

static int add_difference(struct differences *d, size_t set, const char *id, const char *fmt, ...)
	__printf(4, 5);

static int add_difference(struct differences *d, size_t set, const char *id, const char *fmt, ...)
{
	_cleanup_buf_ struct buf text = { 0 };
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = buf_vaddf(&text, fmt, ap);
	va_end(ap);
	if (ret || grow(&d->all, &d->cap, d->nr + 1, sizeof(*d->all)))
		return -ENOMEM;
	d->all[d->nr++] = (struct difference){ set, id, TAKE_PTR(text.data) };
	return 0;
}

/* A fact of a recording as text that needs escaping; false if it isn't known. */
typedef bool (*fact_fn)(const struct recording_facts *f, char *text, size_t size);

#define TEXT_FACT(name, expression)                                                       \
	static bool fact_##name(const struct recording_facts *f, char *text, size_t size) \
	{                                                                                 \
		snprintf(text, size, "%s", expression ? expression : "");                 \
		return *text;                                                             \
	}

TEXT_FACT(kernel, f->kernel)
TEXT_FACT(arch, f->arch)
TEXT_FACT(machine_id, f->machine_id)
TEXT_FACT(machine_model, f->machine_model)
TEXT_FACT(ended_by, f->ended_by)
TEXT_FACT(mode, (f->stock ? "stock" : "patched"))
TEXT_FACT(boot, (f->is_boot ? "yes" : "no"))

/* A boot is recorded before it has a name. */
static bool fact_host(const struct recording_facts *f, char *text, size_t size)
{
	snprintf(text, size, "%s", f->host ? f->host : "");
	return *text && strcmp(text, "(none)");
}

static bool fact_cpus(const struct recording_facts *f, char *text, size_t size)
{
	snprintf(text, size, "%u", f->cpus);
	return f->cpus;
}

static bool fact_cpu_model(const struct recording_facts *f, char *text, size_t size)
{
	if (!f->cpu_model)
		return false;
	/* What such a CPU takes says nothing of a real one. */
	snprintf(text, size, "%s%s", f->cpu_model,
		 strstr(f->cpu_model, "TCG") ? " (emulated)" : "");
	return true;
}

/* In the order in which they matter. */
static const struct {
	const char *id, *what;
	fact_fn get;
} facts[] = {
	{ "kernel", "kernel", fact_kernel },
	{ "mode", "mode", fact_mode },
	{ "cpus", "CPUs", fact_cpus },
	{ "cpu_model", "CPU model", fact_cpu_model },
	{ "arch", "architecture", fact_arch },
	{ "host", "host", fact_host },
	{ "machine_model", "machine", fact_machine_model },
	{ "ended_by", "recording ended by", fact_ended_by },
};

/* Puts the known values of a set in order, each once. */
static void find_values(const struct comparison *c, size_t set, fact_fn get, struct values *v)
{
	char value[160];
	size_t i, at;

	v->nr = 0;
	for (i = 0; i < c->recordings[set]; i++) {
		if (!get(&c->facts[set][i], value, sizeof(value)))
			continue;
		for (at = 0; at < v->nr && strcmp(v->text[at], value) < 0; at++)
			;
		if (at == VALUES_MAX || (at < v->nr && !strcmp(v->text[at], value)))
			continue;
		v->nr -= v->nr == VALUES_MAX;
		memmove(&v->text[at + 1], &v->text[at], (v->nr++ - at) * sizeof(v->text[0]));
		snprintf(v->text[at], sizeof(v->text[at]), "%s", value);
	}
}

/* Where one of them isn't known no difference is. */
static bool values_differ(const struct values *a, const struct values *b)
{
	size_t i;

	if (!a->nr || !b->nr)
		return false;
	for (i = 0; i < a->nr && a->nr == b->nr; i++)
		if (strcmp(a->text[i], b->text[i]))
			return true;
	return a->nr != b->nr;
}

static bool facts_differ(const struct comparison *c, size_t set, fact_fn get)
{
	struct values a, b;

	find_values(c, 0, get, &a);
	find_values(c, set, get, &b);
	return values_differ(&a, &b);
}

static int say_values(const struct values *v, struct buf *text)
{
	char clean[4 * sizeof(v->text[0])];
	size_t i;
	int ret = 0;

	for (i = 0; i < v->nr && !ret; i++) {
		escape(clean, sizeof(clean), v->text[i], strlen(v->text[i]));
		ret = buf_addf(text, "%s%s", i ? " and " : "", clean);
	}
	return ret;
}

static int compare_facts(struct differences *d, const struct comparison *c, size_t set)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(facts) && !ret; i++) {
		_cleanup_buf_ struct buf from = { 0 }, to = { 0 };
		struct values a, b;

		find_values(c, 0, facts[i].get, &a);
		find_values(c, set, facts[i].get, &b);
		if (!values_differ(&a, &b))
			continue;
		ret = say_values(&a, &from);
		if (!ret)
			ret = say_values(&b, &to);
		if (!ret)
			ret = add_difference(d, set, facts[i].id, "%s: %s in A, %s in %c",
					     facts[i].what, from.data, to.data, letter_of(set));
	}
	/* An id tells nobody anything but that it is another one. */
	if (!ret && facts_differ(c, set, fact_machine_id) && !facts_differ(c, set, fact_host))
		ret = add_difference(d, set, "machine_id",
				     "machine: %c was recorded on another one than A (machine-id)",
				     letter_of(set));
	return ret;
}

/* What kinds of events there are for; those that sources make themselves are left out. */
static const struct {
	enum event_type type;
	const char *what;
} kinds[] = {
	{ EVENT_REQUEST, "module_request" },
	{ EVENT_AUTOLOAD_DUP, "module_autoload_dup" },
	{ EVENT_LOAD, "module_load" },
	{ EVENT_FREE, "module_free" },
	{ EVENT_FORK, "forks" },
	{ EVENT_EXIT, "exits" },
	{ EVENT_INIT_ENTER, "init_module()" },
	{ EVENT_OPEN, "opens" },
	{ EVENT_DEVICE, "devices" },
	{ EVENT_READ, "reads" },
	{ EVENT_READ_EXIT, "bytes read" },
	{ EVENT_IMAGE, "bytes decompressed" },
	{ EVENT_ALLOC, "bytes laid out" },
};

static u32 recorded_by(const struct comparison *c, size_t set)
{
	u32 all = UINT32_MAX;
	size_t i;

	for (i = 0; i < c->recordings[set]; i++)
		all &= c->facts[set][i].recorded;
	return all;
}

static int compare_events(struct differences *d, const struct comparison *c, size_t set)
{
	const u32 recorded[] = { recorded_by(c, 0), recorded_by(c, set) };
	size_t side, i;
	int ret = 0;

	/* The events of the two modes are others. */
	if (facts_differ(c, set, fact_mode))
		return 0;
	for (side = 0; side < 2 && !ret; side++) {
		_cleanup_buf_ struct buf text = { 0 };

		for (i = 0; i < ARRAY_SIZE(kinds) && !ret; i++)
			if (recorded[side] & ~recorded[!side] & 1U << kinds[i].type)
				ret = buf_addf(&text, "%s%s", text.len ? ", " : "", kinds[i].what);
		if (!ret && text.len)
			ret = add_difference(d, set, "events", "only %c has events of: %s",
					     letter_of(side ? set : 0), text.data);
	}
	return ret;
}

/* How the recordings of a set came to their end, where that says why a marker is missing. */
static int say_end(const struct comparison *c, size_t set, struct buf *text)
{
	const struct recording_facts *f = c->facts[set];
	char length[32], clean[64];

	if (c->recordings[set] != 1 || !f->length_ns)
		return 0;
	format_ns(length, sizeof(length), f->length_ns);
	if (f->why_truncated)
		return buf_addf(text, "; %c is cut after %s", letter_of(set), length);
	if (f->settled > 0)
		return buf_addf(text, "; %c ended when the boot had settled, after %s",
				letter_of(set), length);
	if (!f->ended_by)
		return 0;
	escape(clean, sizeof(clean), f->ended_by, strlen(f->ended_by));
	return buf_addf(text, "; %c ended after %s (%s)", letter_of(set), length, clean);
}

static bool lacks(const struct comparison *c, size_t i, size_t with, size_t without)
{
	return c->markers[i]->spreads[with][MEASURE_DURATION].n &&
	       !c->markers[i]->spreads[without][MEASURE_DURATION].n;
}

static bool is_initramfs(const char *marker)
{
	return !strcmp(marker, "switch_root");
}

static int compare_one_side(struct differences *d, const struct comparison *c, size_t set,
			    size_t with, size_t without)
{
	_cleanup_buf_ struct buf text = { 0 };
	char clean[256];
	size_t nr = 0, i;
	int ret = 0;

	for (i = 0; i < c->nr_markers && !ret; i++) {
		const char *name = c->markers[i]->name;

		if (!lacks(c, i, with, without))
			continue;
		if (is_initramfs(name)) {
			ret = add_difference(d, set, "markers",
					     "only %c has an initramfs (switch_root)",
					     letter_of(with));
			continue;
		}
		if (nr++ >= NAMED)
			continue;
		escape(clean, sizeof(clean), name, strlen(name));
		ret = buf_addf(&text, "%s%s", text.len ? ", " : "", clean);
	}
	if (!ret && nr > NAMED)
		ret = buf_addf(&text, " and %zu more", nr - NAMED);
	if (ret || !text.len)
		return ret;
	ret = say_end(c, without, &text);
	return ret ? ret :
		     add_difference(d, set, "markers", "only %c has %s", letter_of(with),
				    text.data);
}

static bool has_markers(const struct comparison *c, size_t set)
{
	size_t i;

	for (i = 0; i < c->nr_markers; i++)
		if (c->markers[i]->spreads[set][MEASURE_DURATION].n)
			return true;
	return false;
}

static int compare_markers(struct differences *d, const struct comparison *c, size_t set)
{
	struct values a, b;
	int ret;

	find_values(c, 0, fact_boot, &a);
	find_values(c, set, fact_boot, &b);
	if (values_differ(&a, &b))
		return a.nr > 1 || b.nr > 1 ?
			       add_difference(d, set, "boot", "not all recordings are of boots") :
			       add_difference(d, set, "boot",
					      "only %c is recorded from the boot on",
					      letter_of(*a.text[0] == 'y' ? 0 : set));
	if (!has_markers(c, 0) && !has_markers(c, set))
		return 0;
	ret = compare_one_side(d, c, set, 0, set);
	return ret ? ret : compare_one_side(d, c, set, set, 0);
}

/* What is missing from a recording makes it look better than it is. */
static int find_incomplete(struct differences *d, const struct comparison *c, size_t set)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < c->recordings[set] && !ret; i++) {
		const struct recording_facts *f = &c->facts[set][i];
		char file[512], why[512], length[32];
		const char *name = f->file ? f->file : "a recording";

		escape(file, sizeof(file), name, strlen(name));
		if (f->why_truncated) {
			escape(why, sizeof(why), f->why_truncated, strlen(f->why_truncated));
			format_ns(length, sizeof(length), f->length_ns);
			ret = add_difference(d, set, "truncated",
					     "%c is incomplete: %s: %s: only its first %s are "
					     "compared, and counts are too low",
					     letter_of(set), file, why, length);
		}
		if (!ret && f->lost_at_least)
			ret = add_difference(d, set, "lost",
					     "%c is incomplete: %s lost an unknown number of "
					     "events: counts are too low",
					     letter_of(set), file);
		else if (!ret && f->lost)
			ret = add_difference(d, set, "lost",
					     "%c is incomplete: %s lost %" PRIu64
					     " event%s: counts are too low",
					     letter_of(set), file, f->lost, PLURAL(f->lost));
	}
	return ret;
}

/**
 * differences_find - find what sets differ in beside what is compared
 * @d: all zero; filled; differences_free() frees it, after an error too
 * @c: the comparison, finished
 *
 * What isn't known of one of them is no difference.
 *
 * Return: 0 or -ENOMEM.
 */
int differences_find(struct differences *d, const struct comparison *c)
{
	size_t set;
	int ret = 0;

	for (set = 0; set < c->nr_sets && !ret; set++)
		ret = find_incomplete(d, c, set);
	for (set = 1; set < c->nr_sets && !ret; set++) {
		ret = compare_facts(d, c, set);
		if (!ret)
			ret = compare_markers(d, c, set);
		if (!ret)
			ret = compare_events(d, c, set);
	}
	return ret;
}

/**
 * differences_free - free what was found
 * @d: the differences; empty afterwards
 */
void differences_free(struct differences *d)
{
	size_t i;

	for (i = 0; i < d->nr; i++)
		free(d->all[i].text);
	free(d->all);
	*d = (struct differences){ 0 };
}

/**
 * recordings_are_whole - whether nothing is missing from the recordings of a set
 * @c: the comparison
 * @set: the set
 *
 * Return: false if one is cut or lost events.
 */
bool recordings_are_whole(const struct comparison *c, size_t set)
{
	size_t i;

	for (i = 0; i < c->recordings[set]; i++)
		if (c->facts[set][i].why_truncated || c->facts[set][i].lost ||
		    c->facts[set][i].lost_at_least)
			return false;
	return true;
}
