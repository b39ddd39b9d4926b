// SPDX-License-Identifier: GPL-2.0-only
/* The dependency of mt_dep_a, which can hold and fail like mt_hold. */
#include "mt_hold.c"

int mt_dep_b_answer(void);

int mt_dep_b_answer(void)
{
	return 42;
}
EXPORT_SYMBOL_GPL(mt_dep_b_answer);
