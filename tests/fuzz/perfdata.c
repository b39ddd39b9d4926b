// SPDX-License-Identifier: GPL-2.0-only
/* The perf.data reader, and the model behind it. */
#include <sys/mman.h>

#include "fuzz.h"
#include "model/model.h"
#include "source/source.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct model *m = model_new();
	struct source *src = NULL;
	struct event ev;
	struct err err;
	int ret = -1;

	if (fd >= 0 && m && !write_all(fd, data, size))
		ret = source_perfdata_open(&src, fd, "fuzz", &err);
	if (!ret)
		ret = source_choose_mode(src, "fuzz", &err);
	while (!ret && source_next(src, &ev, &err) > 0)
		ret = model_event(m, &ev);
	source_close(src);
	model_free(m);
	close(fd);
	return 0;
}
