// SPDX-License-Identifier: GPL-2.0-only
#include "views/names.h"

/**
 * view_call_site - where the kernel asked
 * @info: the recording, which has the symbols
 * @r: the request
 * @text: its symbol, else "?"; needs escaping
 * @size: room for it
 */
void view_call_site(const struct source_info *info, const struct request *r, char *text,
		    size_t size)
{
	const char *symbol = source_symbol(info, r->ip);

	/* Never its address: who reads a report isn't told where the kernel is. */
	snprintf(text, size, "%s", symbol ? symbol : "?");
}

/**
 * errno_text - name of an errno, the kernel's own included
 * @err: the positive errno; 0 stands for a number that is none
 * @text: room for one without a name
 * @size: of it
 *
 * Return: a static string, or @text.
 */
const char *errno_text(unsigned int err, char *text, size_t size)
{
	static const char *const kernel_own[] = {
		"ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ENOIOCTLCMD",
		"ERESTART_RESTARTBLOCK", "EPROBE_DEFER",
	};
	const char *name;

	if (!err)
		return "other";
	if (err >= 512 && err < 512 + ARRAY_SIZE(kernel_own))
		return kernel_own[err - 512];
	name = strerrorname_np(err);
	if (name)
		return name;
	snprintf(text, size, "E%u", err);
	return text;
}

/**
 * returned_text - name of what a call returned
 * @ret: the value
 * @text: room for one without a name
 * @size: of it
 *
 * Return: a static string, or @text.
 */
const char *returned_text(s32 ret, char *text, size_t size)
{
	if (ret <= -4096 || ret > 0) {
		snprintf(text, size, "%d", ret);
		return text;
	}
	return ret ? errno_text(-ret, text, size) : "0";
}

/**
 * view_top_asker - the task that made most of the requests
 * @r: the requests
 *
 * Return: the model's, or NULL if none is known.
 */
const struct asker *view_top_asker(const struct request *r)
{
	const struct asker *top = NULL, *a;

	for (a = r->askers; a < r->askers + r->nr_askers; a++)
		if (!top || a->requests > top->requests)
			top = a;
	return top;
}
