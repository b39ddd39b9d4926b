// SPDX-License-Identifier: GPL-2.0-only
/* The perf.data reader, and the model behind it. */
#include <sys/mman.h>

#include "fuzz.h"
#include "read_perfdata.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0)
		return 0;
	if (write_all(fd, data, size))
		close(fd);
	else
		read_perfdata(fd);
	return 0;
}
