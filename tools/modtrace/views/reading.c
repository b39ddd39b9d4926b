// SPDX-License-Identifier: GPL-2.0-only
#include "views/reading.h"

#include <unistd.h>

/**
 * default_recording - the recording that is meant where none is named
 * @err: says that there is none
 *
 * Return: its name, static, or NULL.
 */
const char *default_recording(struct err *err)
{
	static const char name[] = "perf.data";

	if (!access(name, F_OK) || errno != ENOENT)
		return name;
	err_set(err, -errno, "no recording is named, and there is no %s here%s", name,
		isatty(STDIN_FILENO) ? "" : "; use - for standard input");
	return NULL;
}

/**
 * reading_open - open a recording
 * @r: filled; reading_free() frees it, after an error too
 * @path: the file, - for standard input
 * @filter: what is to be counted; must outlive @r
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int reading_open(struct reading *r, const char *path, const struct filter *filter,
		 struct err *err)
{
	int ret;

	*r = (struct reading){ 0 };
	ret = source_open(&r->src, path, err);
	if (ret)
		return ret;
	r->model = model_new();
	if (!r->model)
		return err_set(err, -ENOMEM, "out of memory");
	r->model->filter = filter;
	r->model->start_ns = r->src->info.start_ns;
	r->model->untimed = r->src->info.untimed;
	return 0;
}

/**
 * reading_all - read to the end
 * @r: the recording
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int reading_all(struct reading *r, struct err *err)
{
	struct event ev;
	int ret;

	while ((ret = source_next(r->src, &ev, err)) > 0)
		if (model_event(r->model, &ev))
			return err_set(err, -ENOMEM, "out of memory");
	if (!ret && view_make(&r->view, r->model, &r->src->info))
		return err_set(err, -ENOMEM, "out of memory");
	return ret;
}

/**
 * reading_free - close a recording and free what was made of it
 * @r: the recording; empty afterwards
 */
void reading_free(struct reading *r)
{
	view_free(&r->view);
	model_free(r->model);
	source_close(r->src);
	*r = (struct reading){ 0 };
}

/**
 * parse_patterns - read an option's list of names
 * @p: the patterns to add to
 * @list: the list
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int parse_patterns(struct patterns *p, const char *list, struct err *err)
{
	switch (filter_add(p, list)) {
	case 0:
		return 0;
	case -E2BIG:
		return err_set(err, -EINVAL, "more than %u patterns",
			       FILTER_PATTERNS_MAX);
	case -ENOMEM:
		return err_set(err, -ENOMEM, "out of memory");
	default:
		return err_set(err, -EINVAL, "empty name in \"%s\"", list);
	}
}

/**
 * parse_modules - read an option's list of modules: with - or _ is the same
 * @p: the patterns to add to
 * @list: the list
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int parse_modules(struct patterns *p, const char *list, struct err *err)
{
	int ret = parse_patterns(p, list, err);

	if (!ret)
		filter_fold_names(p);
	return ret;
}
