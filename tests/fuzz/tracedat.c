// SPDX-License-Identifier: GPL-2.0-only
/* The check of a trace.dat's sections; what libtracecmd makes of it is a process of its own. */
#include "fuzz.h"
#include "source/tracedat.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct tracedat t;
	struct err err;

	tracedat_check(&t, data, size, "fuzz", &err);
	tracedat_free(&t);
	return 0;
}
