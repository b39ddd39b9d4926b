// SPDX-License-Identifier: GPL-2.0-only
/* Needs mt_dep_b's symbol, and can hold and fail like mt_hold. */
#include "mt_hold.c"

int mt_dep_b_answer(void);

static int answer_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", mt_dep_b_answer());
}

static const struct kernel_param_ops answer_ops = {
	.get = answer_get,
};
module_param_cb(answer, &answer_ops, NULL, 0444);
MODULE_PARM_DESC(answer, "what mt_dep_b's symbol says (out)");
