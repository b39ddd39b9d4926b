/* SPDX-License-Identifier: GPL-2.0-only */
/* What cmocka wants included ahead of it, in the order it wants. */
#ifndef MODTRACE_TESTS_UNIT_H
#define MODTRACE_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#endif
