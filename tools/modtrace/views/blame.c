// SPDX-License-Identifier: GPL-2.0-only
#include "views/blame.h"

#include "views/names.h"

static bool is_modprobe(const char *comm)
{
	return !strcmp(comm, "modprobe") || !strcmp(comm, "insmod") || !strcmp(comm, "kmod");
}

static enum culprit culprit_of(const struct requester *r)
{
	/* comm has 15 bytes of systemd-modules-load */
	static const char modules_load[] = "systemd-modules";

	if (r->who.request || (r->who.parent && !strncmp(r->who.parent, "kworker/", 8)))
		return CULPRIT_KERNEL;
	if (is_udev(r->who.comm) || is_udev(r->who.parent) || is_udev(r->who.service))
		return CULPRIT_UDEV;
	if (!strncmp(r->who.comm, modules_load, strlen(modules_load)) ||
	    (r->who.service && !strncmp(r->who.service, modules_load, strlen(modules_load))))
		return CULPRIT_MODULES_LOAD;
	return is_modprobe(r->who.comm) ? CULPRIT_MODPROBE : CULPRIT_OTHER;
}

static bool is_worse(const struct requester *r, const struct requester *than)
{
	if (r->duplicates != than->duplicates)
		return r->duplicates > than->duplicates;
	if (r->times.ended[CALL_FAIL] != than->times.ended[CALL_FAIL])
		return r->times.ended[CALL_FAIL] > than->times.ended[CALL_FAIL];
	return r->attempts > than->attempts;
}

/**
 * blame_add - see who is behind a module's requesters
 * @list: what is known; added to
 * @requesters: the module's
 */
void blame_add(struct blame_list *list, const struct requester *requesters)
{
	const struct requester *r;

	for (r = requesters; r; r = r->next) {
		const enum culprit culprit = culprit_of(r);
		struct blame *b = &list->by[culprit];

		if (!r->attempts)
			continue;
		b->culprit = culprit;
		b->attempts += r->attempts;
		b->duplicates += r->duplicates;
		b->failed += r->times.ended[CALL_FAIL];
		cost_add(&b->wasted, &r->wasted);
		if (!b->top || is_worse(r, b->top))
			b->top = r;
	}
}

/**
 * blame_top - who made most of the duplicates, or of the failures where there are none
 * @list: what is known
 *
 * Return: that of @list, or NULL if nobody made one.
 */
const struct blame *blame_top(const struct blame_list *list)
{
	const struct blame *top = &list->by[0], *b;

	for (b = list->by; b < list->by + CULPRIT_NR; b++)
		if (b->duplicates > top->duplicates ||
		    (b->duplicates == top->duplicates &&
		     (cost_total(&b->wasted) > cost_total(&top->wasted) ||
		      (cost_total(&b->wasted) == cost_total(&top->wasted) &&
		       b->failed > top->failed))))
			top = b;
	return top->duplicates || top->failed ? top : NULL;
}

/**
 * blame_name - in a word, for machines
 * @b: who
 *
 * Return: a static string.
 */
const char *blame_name(const struct blame *b)
{
	static const char *const names[] = {
		[CULPRIT_UDEV] = "udev", [CULPRIT_MODULES_LOAD] = "modules-load",
		[CULPRIT_KERNEL] = "kernel", [CULPRIT_MODPROBE] = "modprobe",
		[CULPRIT_OTHER] = "program",
	};

	return names[b->culprit];
}

/**
 * blame_who - in a few words, for people
 * @b: who
 * @info: the recording, which has the symbols
 * @text: filled; needs escaping
 * @size: room in it
 */
void blame_who(const struct blame *b, const struct source_info *info, char *text, size_t size)
{
	const struct requester *top = b->top;
	char site[160];

	switch (b->culprit) {
	case CULPRIT_UDEV:
		snprintf(text, size, "udev's workers, for devices' modaliases");
		break;
	case CULPRIT_MODULES_LOAD:
		snprintf(text, size, "systemd-modules-load, from modules-load.d");
		break;
	case CULPRIT_KERNEL:
		if (!top->who.request) {
			snprintf(text, size, "helpers of the kernel's requests");
			break;
		}
		view_call_site(info, top->who.request, site, sizeof(site));
		snprintf(text, size, "the kernel's requests, most for %s at %s",
			 top->who.request->name, site);
		break;
	case CULPRIT_MODPROBE:
	case CULPRIT_OTHER:
	case CULPRIT_NR:
		snprintf(text, size, "%s run by %s%s%s", top->who.comm,
			 top->who.parent ? top->who.parent : "an unknown parent",
			 top->who.unit ? " in " : top->who.service ? " below " : "",
			 top->who.unit ? top->who.unit : top->who.service ? top->who.service : "");
		break;
	}
}
