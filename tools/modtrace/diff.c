// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "lib/options.h"
#include "lib/pager.h"
#include "views/alike.h"
#include "views/change_threshold.h"
#include "views/compare.h"
#include "views/output_pair.h"
#include "views/reading.h"

enum { OPT_ALL = 256, OPT_FAIL_ON };

struct diff_options {
	bool json;
	bool svg;
	bool all;
	struct filter filter;
	const char *fail_on;
	struct change_threshold threshold;
};

static const struct option_desc diff_options[] = {
	{ 'f', "format", "FORMAT", "text (default), json or svg (a picture, of two sets)" },
	{ 'm', "module", "GLOBS", "only modules that match, such as kvm*,xfs" },
	{ 'c', "comm", "GLOBS", "only attempts by threads whose name matches" },
	{ OPT_ALL, "all", NULL, "include rows that did not change" },
	{ OPT_FAIL_ON, "fail-on", "EXPR",
	  "exit with status 2 if EXPR is true of the last set,\n"
	  "such as 'graphical.target>+10% || wasted_bytes>+0'" },
	{ 0 }
};

static const struct usage diff_usage = {
	.synopsis = "modtrace diff [OPTION...] FILE[,FILE...] FILE[,FILE...]...\n"
		    "modtrace diff [OPTION...] FILE... -- FILE... [-- FILE...]",
	.options = diff_options,
	.after =
		"Each argument is a set of recordings; with -- among them, what is between two of\n"
		"those is a set. Each set is compared with the first one.\n"
		"Exit status: 0 success, 1 error, 2 --fail-on is true.\n",
	.in_order = true,
};

static int on_option(void *context, int code, const char *arg, struct err *err)
{
	struct diff_options *o = context;

	switch (code) {
	case 'f':
		o->json = !strcmp(arg, "json");
		o->svg = !strcmp(arg, "svg");
		if (o->json || o->svg || !strcmp(arg, "text"))
			return 0;
		return err_set(err, -EINVAL, "unknown format '%s'; use text, json or svg", arg);
	case 'm':
		return parse_modules(&o->filter.modules, arg, err);
	case 'c':
		return parse_patterns(&o->filter.comms, arg, err);
	case OPT_FAIL_ON:
		o->fail_on = arg;
		return change_threshold_parse(&o->threshold, arg, err);
	case OPT_ALL:
		o->all = true;
		return 0;
	}
	return option_unknown(code, err);
}

/* The recordings of a set: names that point into the arguments. */
struct recording_set {
	char **names;
	size_t nr;
	size_t cap;
};

struct recording_sets {
	struct recording_set all[SETS_MAX];
	size_t nr;
};

static void sets_free(struct recording_sets *sets)
{
	size_t i, n;

	for (i = 0; i < SETS_MAX; i++) {
		for (n = 0; n < sets->all[i].nr; n++)
			free(sets->all[i].names[n]);
		free(sets->all[i].names);
	}
}

static int set_add(struct recording_set *set, const char *name, size_t len)
{
	if (grow(&set->names, &set->cap, set->nr + 1, sizeof(*set->names)))
		return -ENOMEM;
	set->names[set->nr] = strndup(name, len);
	return set->names[set->nr++] ? 0 : -ENOMEM;
}

static int set_add_list(struct recording_set *set, const char *list)
{
	for (;;) {
		size_t len = strcspn(list, ",");
		int ret = len ? set_add(set, list, len) : -EINVAL;

		if (ret || !list[len])
			return ret;
		list += len + 1;
	}
}

static int find_sets(struct recording_sets *sets, char **words, int nr, struct err *err)
{
	bool separated = false;
	int i, ret = 0;

	for (i = 0; i < nr; i++)
		separated |= !strcmp(words[i], "--");
	if (separated)
		sets->nr = 1;
	for (i = 0; i < nr && !ret; i++) {
		bool next = !separated || !strcmp(words[i], "--");

		if (next && sets->nr == SETS_MAX)
			return err_set(err, -EINVAL, "more than %u sets", SETS_MAX);
		sets->nr += next;
		if (!separated)
			ret = set_add_list(&sets->all[sets->nr - 1], words[i]);
		else if (!next)
			ret = set_add(&sets->all[sets->nr - 1], words[i], strlen(words[i]));
	}
	if (ret == -ENOMEM)
		return err_set(err, ret, "out of memory");
	for (i = 0; i < (int)sets->nr && !ret; i++)
		ret = sets->all[i].nr ? 0 : -EINVAL;
	if (ret || sets->nr < 2)
		return err_set(err, -EINVAL,
			       "two sets of recordings are required; see modtrace diff --help");
	return 0;
}

static const char *needs_times(const struct diff_options *o)
{
	if (o->filter.from_ns || o->filter.until_ns)
		return "--time";
	return o->svg ? "--format=svg" : NULL;
}

static bool is_same_file(const char *x, const char *y)
{
	struct stat a, b;

	return !stat(x, &a) && !stat(y, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* A boot that counts twice makes noise look smaller than it is. */
static int check_set(const struct recording_set *set, struct err *err)
{
	size_t i, n;

	for (i = 1; i < set->nr; i++)
		for (n = 0; n < i; n++)
			if (is_same_file(set->names[i], set->names[n]))
				return err_set(err, -EINVAL, "%s: twice in a set; name it once",
					       set->names[i]);
	return 0;
}

/* Against itself a recording shows no difference, which may not be what was meant. */
static void tell_shared(const struct recording_sets *sets, size_t set)
{
	const struct recording_set *one = &sets->all[set];
	size_t other, i, n;

	for (other = 0; other < set; other++)
		for (i = 0; i < one->nr; i++)
			for (n = 0; n < sets->all[other].nr; n++)
				if (is_same_file(one->names[i], sets->all[other].names[n]))
					say("diff: %s: in set %c, too", one->names[i],
					    (int)('A' + other));
}

static int read_sets(struct comparison *c, const struct recording_sets *sets,
		     const struct diff_options *o, struct err *err)
{
	size_t i, n;
	int ret;

	bool any = filter_is_empty(&o->filter);

	for (i = 0; i < sets->nr; i++) {
		ret = check_set(&sets->all[i], err);
		if (ret)
			return ret;
		tell_shared(sets, i);
		for (n = 0; n < sets->all[i].nr; n++) {
			const char *name = sets->all[i].names[n];
			_cleanup_(reading_free) struct reading r = { 0 };

			ret = reading_open(&r, name, &o->filter, err);
			if (!ret)
				ret = source_need_times(&r.src->info, needs_times(o), err);
			if (!ret)
				ret = reading_all(&r, err);
			if (ret)
				return ret;
			any |= r.model->totals.attempts;
			if (r.src->info.truncated)
				say("diff: %s: %s: only what precedes that is compared", name,
				    r.src->info.why_truncated);
			if (r.src->info.lost)
				say("diff: %s: %" PRIu64 " event%s: its counts are too low", name,
				    r.src->info.lost,
				    r.src->info.lost == 1 ? " was lost" : "s were lost");
			if (comparison_add(c, i, &r.view))
				return err_set(err, -ENOMEM, "out of memory");
		}
	}
	comparison_finish(c);
	if (c->left_out)
		say("diff: more than %d modules or %d markers: %" PRIu64 " are not compared",
		    COMPARED_MODULES_MAX, COMPARED_MARKERS_MAX, c->left_out);
	return any ? 0 :
		     err_set(err, -ENOENT,
			     "nothing in these recordings matches the selection (-m, -c)");
}

static int print(const struct comparison *c, const struct diff_options *o)
{
	struct diff_text text = { .out = stdout,
				  .width = terminal_width(),
				  .bold = terminal_has_colours(STDOUT_FILENO),
				  .all = o->all };

	if (o->json)
		return output_diff_json(c, stdout);
	return o->svg ? output_pair_svg(c, stdout) : output_diff_text(c, &text);
}

/* What is missing from a recording may be what got worse. */
static int check_threshold(const struct comparison *c, const struct diff_options *o)
{
	struct err err = { 0 };
	int ret;

	if (!o->fail_on)
		return STATUS_GOOD;
	ret = change_threshold_holds(&o->threshold, c, &err);
	if (!ret && recordings_are_whole(c, 0) && recordings_are_whole(c, c->nr_sets - 1))
		return STATUS_GOOD;
	if (!ret)
		err_set(&err, 0, "not known to be false: a recording is incomplete");
	say("diff: --fail-on %s%s%s", ret > 0 ? "" : o->fail_on, ret > 0 ? "" : ": ", err.text);
	return ret > 0 ? STATUS_THRESHOLD : STATUS_ERROR;
}

static int diff(const struct diff_options *o, char **words, int nr)
{
	_cleanup_(comparison_free) struct comparison c = { 0 };
	_cleanup_(sets_free) struct recording_sets sets = { 0 };
	struct err err = { 0 };
	int ret;

	ret = find_sets(&sets, words, nr, &err);
	if (!ret && o->svg && sets.nr > 2)
		ret = err_set(&err, -EINVAL, "--format=svg compares two sets, not %zu", sets.nr);
	if (!ret)
		ret = read_sets(&c, &sets, o, &err);
	if (!ret)
		ret = change_threshold_check(&o->threshold, &c, &err);
	if (!ret) {
		ret = print(&c, o);
		/* main() says what is wrong with standard output. */
		if (ret && ret != -EIO)
			err_set(&err, ret, "%s", strerror(-ret));
	}
	if (!ret)
		return check_threshold(&c, o);
	if (*err.text)
		say("diff: %s", err.text);
	return STATUS_ERROR;
}

static bool takes_argument(const char *word)
{
	const struct option_desc *o;

	for (o = diff_options; o->code; o++) {
		if (!o->arg)
			continue;
		/* A long one may be cut short. */
		if (word[1] != '-' ? word[1] == o->code && !word[2] :
				     !strncmp(word + 2, o->name, strlen(word + 2)))
			return true;
	}
	return false;
}

/*
 * Options may be behind files, too. getopt() would take the first -- for their end, and move it; so
 * they are put ahead of everything else. Return: one that lacks its argument, or NULL.
 */
static const char *options_first(int argc, char **argv)
{
	int to = 1, i, n;

	for (i = 1; i < argc; i += n) {
		char *moved[2] = { argv[i], i + 1 < argc ? argv[i + 1] : NULL };

		n = 1;
		if (moved[0][0] != '-' || !moved[0][1] || !strcmp(moved[0], "--"))
			continue;
		if (takes_argument(moved[0])) {
			if (!moved[1])
				return moved[0];
			n++;
		}
		memmove(argv + to + n, argv + to, (i - to) * sizeof(*argv));
		memcpy(argv + to, moved, n * sizeof(*argv));
		to += n;
	}
	return NULL;
}

/**
 * cmd_diff - modtrace diff
 * @argc: arguments, the command's name the first
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int cmd_diff(int argc, char **argv)
{
	struct diff_options o = { 0 };
	const char *lacking;
	int ret;

	lacking = options_first(argc, argv);
	if (lacking) {
		say("diff: %s requires an argument", lacking);
		return STATUS_ERROR;
	}
	ret = options_parse(&diff_usage, argc, argv, on_option, &o);
	if (ret < 0 && (o.json || o.svg) && o.all) {
		say("diff: --all has no effect with --format=%s; omit one of them",
		    o.json ? "json" : "svg");
		ret = STATUS_ERROR;
	}
	if (ret < 0)
		ret = diff(&o, argv + optind, argc - optind);
	filter_free(&o.filter);
	return ret;
}
