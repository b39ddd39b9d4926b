// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"

#include <getopt.h>

#include "model.h"
#include "output.h"
#include "source.h"

struct report_options {
	const char *input;
	int (*output)(const struct view *v, FILE *out);
};

static void report_usage(FILE *out)
{
	fputs("usage: modtrace report [-i FILE] [--format=text|json]\n\n"
	      "  -i, --input=FILE     recording to read, - for standard input (default perf.data)\n"
	      "  -f, --format=FORMAT  text (default) or json\n"
	      "  -h, --help           this\n", out);
}

static int parse_format(const char *name, struct report_options *o)
{
	if (!strcmp(name, "text"))
		o->output = output_text;
	else if (!strcmp(name, "json"))
		o->output = output_json;
	else
		return -EINVAL;
	return 0;
}

/* Return: -1 to go on, or the exit status. */
static int parse_options(int argc, char **argv, struct report_options *o)
{
	static const struct option longs[] = {
		{ "input", required_argument, NULL, 'i' },
		{ "format", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int c;

	*o = (struct report_options){ .input = "perf.data", .output = output_text };
	optind = 1;
	while ((c = getopt_long(argc, argv, "i:f:h", longs, NULL)) != -1) {
		switch (c) {
		case 'i':
			o->input = optarg;
			break;
		case 'f':
			if (!parse_format(optarg, o))
				break;
			say("report: no format %s; there are text and json", optarg);
			return STATUS_ERROR;
		case 'h':
			report_usage(stdout);
			return STATUS_GOOD;
		default:
			report_usage(stderr);
			return STATUS_ERROR;
		}
	}
	if (optind < argc) {
		say("report: what is %s for? A recording is named with -i", argv[optind]);
		return STATUS_ERROR;
	}
	return -1;
}

static void cleanup_source(struct source **src)
{
	source_close(*src);
}

static void cleanup_model(struct model **m)
{
	model_free(*m);
}

/* Attempts are known from their begin and end; a recording without these is of another kind. */
static int check_mode(const struct source_info *info, const char *name, struct err *err)
{
	const u32 need = 1U << EVENT_LOAD_BEGIN | 1U << EVENT_LOAD_END;

	if ((info->recorded & need) == need)
		return 0;
	return err_set(err, -EOPNOTSUPP,
		       "%s: recorded without module:module_load_begin and module:module_load_end, which a kernel with kernel-patches/ has; recordings of other kernels can't be reported yet",
		       name);
}

static int read_all(struct source *src, struct model *m, struct err *err)
{
	struct event ev;
	int ret;

	while ((ret = source_next(src, &ev, err)) > 0)
		if (model_event(m, &ev))
			return err_set(err, -ENOMEM, "out of memory");
	return ret;
}

static int write_report(const struct report_options *o, const struct model *m,
			const struct source_info *info)
{
	_cleanup_(view_free) struct view view = { 0 };
	int ret = view_make(&view, m, info);

	return ret ? ret : o->output(&view, stdout);
}

/**
 * cmd_report - modtrace report
 * @argc: arguments, the command's name the first
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int cmd_report(int argc, char **argv)
{
	_cleanup_(cleanup_source) struct source *src = NULL;
	_cleanup_(cleanup_model) struct model *model = NULL;
	struct report_options o;
	struct err err;
	int ret;

	ret = parse_options(argc, argv, &o);
	if (ret >= 0)
		return ret;
	ret = source_open(&src, o.input, &err);
	if (!ret)
		ret = check_mode(&src->info, o.input, &err);
	if (!ret) {
		model = model_new();
		ret = model ? read_all(src, model, &err) :
			      err_set(&err, -ENOMEM, "out of memory");
	}
	if (ret) {
		say("%s", err.text);
		return STATUS_ERROR;
	}
	if (src->info.truncated)
		say("%s: %s: the report is of what precedes that", o.input,
		    src->info.why_truncated);
	ret = write_report(&o, model, &src->info);
	if (ret) {
		say("report: %s", strerror(-ret));
		return STATUS_ERROR;
	}
	return STATUS_GOOD;
}
