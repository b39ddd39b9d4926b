/* SPDX-License-Identifier: GPL-2.0-only */
/* The perf.data reader, and the model behind it, as the targets for one file and for folders use them. */
#ifndef MODTRACE_TESTS_READ_PERFDATA_H
#define MODTRACE_TESTS_READ_PERFDATA_H

#include <unistd.h>

#include "model/model.h"
#include "source/source.h"

/* Reads all, and closes it. */
static inline void read_perfdata(int fd)
{
	struct model *m = model_new();
	struct source *src = NULL;
	struct event ev;
	struct err err;
	int ret = m ? source_perfdata_open(&src, fd, "fuzz", &err) : -1;

	if (!ret)
		ret = source_choose_mode(src, "fuzz", &err);
	while (!ret && source_next(src, &ev, &err) > 0)
		ret = model_event(m, &ev);
	source_close(src);
	model_free(m);
	close(fd);
}

#endif
