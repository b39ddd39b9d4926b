// SPDX-License-Identifier: GPL-2.0-only
/* The same module under a second name. */
#include "mt_hold.c"
