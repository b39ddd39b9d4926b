// SPDX-License-Identifier: GPL-2.0-only
#include "source/notes.h"

#include <ctype.h>
#include <inttypes.h>

#include "formats/note_text.h"

struct word {
	const char *at;
	size_t len;
};

static struct word next_word(struct word *line)
{
	const char *space = memchr(line->at, ' ', line->len);
	struct word w = { .at = line->at, .len = space ? (size_t)(space - line->at) : line->len };
	size_t used = space ? w.len + 1 : w.len;

	line->at += used;
	line->len -= used;
	return w;
}

static bool is(const struct word *w, const char *text)
{
	return w->len == strlen(text) && !memcmp(w->at, text, w->len);
}

static u64 number(const struct word *w, unsigned int base)
{
	u64 v = 0;
	size_t i;

	for (i = 0; i < w->len; i++) {
		char c = toupper((unsigned char)w->at[i]);
		int digit = hex_digit(c);

		if (digit < 0 || (unsigned int)digit >= base ||
		    __builtin_mul_overflow(v, (u64)base, &v))
			return 0;
		v += digit;
	}
	return v;
}

static int set_text(char **to, const struct word *w)
{
	char *text = note_decode(w->at, w->len);

	if (!text)
		return -ENOMEM;
	free(*to);
	*to = text;
	return 0;
}

static int set_state(struct source_info *info, size_t *cap, const struct word *key,
		     const struct word *value, bool at_end)
{
	struct state *s = NULL;
	size_t i;

	for (i = 0; i < info->nr_states; i++)
		if (is(key, info->states[i].key))
			s = &info->states[i];
	if (!s) {
		/* A handful in any recording of ours; more would be somebody's joke. */
		if (info->nr_states >= 64)
			return 0;
		if (grow(&info->states, cap, info->nr_states + 1, sizeof(*info->states)))
			return -ENOMEM;
		s = &info->states[info->nr_states];
		*s = (struct state){ .key = strndup(key->at, key->len) };
		if (!s->key)
			return -ENOMEM;
		info->nr_states++;
	}
	return set_text(at_end ? &s->at_end : &s->at_start, value);
}

static int add_symbol(struct source_info *info, u64 address, const struct word *name)
{
	_cleanup_free_ char *text = note_decode(name->at, name->len);

	return text ? source_add_symbol(info, address, text, strlen(text)) : -ENOMEM;
}

static int add_marker(struct source_info *info, u64 time_ns, const struct word *name)
{
	/* A boot has some thirty; more would be somebody's joke. */
	static const size_t most = 256;
	struct marker *markers;
	size_t at;

	if (info->nr_markers >= most)
		return 0;
	markers = realloc(info->markers, (info->nr_markers + 1) * sizeof(*markers));
	if (!markers)
		return -ENOMEM;
	info->markers = markers;
	for (at = info->nr_markers; at && markers[at - 1].time_ns > time_ns; at--)
		markers[at] = markers[at - 1];
	markers[at] = (struct marker){ .time_ns = time_ns };
	info->nr_markers++;
	return set_text(&markers[at].name, name);
}

/* A line of a list as --module-sizes reads it; what can't be a word of that isn't a module's. */
static int add_module_size(struct source_info *info, u64 bytes, const struct word *name)
{
	_cleanup_free_ char *text = note_decode(name->at, name->len);

	if (!text)
		return -ENOMEM;
	if (!*text || text[strcspn(text, " \t\r\n#")])
		return 0;
	return buf_addf(&info->module_sizes, "%s %" PRIu64 "\n", text, bytes);
}

static int read_note(struct source_info *info, size_t *cap_states, struct word line)
{
	struct word key = next_word(&line), first;

	if (is(&key, "generator"))
		return set_text(&info->generator, &line);
	if (is(&key, "boot_id") || is(&key, "in_boot")) {
		info->is_boot |= is(&key, "boot_id");
		return set_text(&info->boot_id, &line);
	}
	if (is(&key, "machine_id"))
		return set_text(&info->machine_id, &line);
	if (is(&key, "machine_model"))
		return set_text(&info->machine_model, &line);
	if (is(&key, "ended_by"))
		return set_text(&info->ended_by, &line);
	first = next_word(&line);
	if (is(&key, "wall"))
		source_add_wall(info, number(&first, 10), number(&line, 10));
	else if (is(&key, "start_ns"))
		info->start_ns = number(&first, 10);
	else if (is(&key, "end_ns"))
		info->end_ns = number(&first, 10);
	else if (is(&key, "renamers"))
		info->renamers = number(&first, 10);
	else if (is(&key, "no_ring"))
		info->no_ring_ns = sat_add(info->no_ring_ns, number(&line, 10));
	else if (is(&key, "marker"))
		return add_marker(info, number(&first, 10), &line);
	else if (is(&key, "module_size"))
		return add_module_size(info, number(&first, 10), &line);
	else if (is(&key, "symbol"))
		return add_symbol(info, number(&first, 16), &line);
	else if (is(&key, "at_start") || is(&key, "at_end"))
		return set_state(info, cap_states, &first, &line, is(&key, "at_end"));
	return 0;
}

/**
 * notes_read - take in the private section
 * @info: what it says is put here
 * @text: the section; need not be trusted
 * @len: its size; a last line without a newline is one that wasn't finished, and skipped
 *
 * Return: 0 or -ENOMEM.
 */
int notes_read(struct source_info *info, const char *text, size_t len)
{
	size_t cap_states = 0;
	const char *end = text + len, *eol;

	for (; (eol = memchr(text, '\n', end - text)) != NULL; text = eol + 1) {
		int ret = read_note(info, &cap_states, (struct word){ text, eol - text });

		if (ret)
			return ret;
	}
	source_sort_symbols(info);
	return 0;
}
