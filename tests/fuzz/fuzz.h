/* SPDX-License-Identifier: GPL-2.0-only */
/* A target: one function that is given any bytes, and must neither crash nor leak. */
#ifndef MODTRACE_TESTS_FUZZ_H
#define MODTRACE_TESTS_FUZZ_H

#include "lib/util.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#endif
