// SPDX-License-Identifier: GPL-2.0-only
/*
 * mt_spin - stops a task at a function of the kernel, until it is released
 *
 * The task spins there, since a probe may not sleep; its CPU does nothing else meanwhile, so a
 * time limit ends it.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/string.h>

#define SPIN_NS	(20ULL * NSEC_PER_SEC)

static char *at = "";
module_param(at, charp, 0444);
MODULE_PARM_DESC(at, "the function");

static char *comm = "";
module_param(comm, charp, 0444);
MODULE_PARM_DESC(comm, "the name of tasks that stop there");

static bool release;
module_param(release, bool, 0644);
MODULE_PARM_DESC(release, "lets them go on");

static int holder;
module_param(holder, int, 0444);
MODULE_PARM_DESC(holder, "the thread that is there (out)");

static int spin(struct kprobe *probe, struct pt_regs *regs)
{
	u64 end = local_clock() + SPIN_NS;

	if (strcmp(current->comm, comm))
		return 0;

	WRITE_ONCE(holder, current->pid);
	while (!READ_ONCE(release) && local_clock() < end)
		cpu_relax();
	WRITE_ONCE(holder, 0);
	return 0;
}

static struct kprobe probe = { .pre_handler = spin };

static int __init spin_init(void)
{
	probe.symbol_name = at;
	return register_kprobe(&probe);
}
module_init(spin_init);

static void __exit spin_exit(void)
{
	unregister_kprobe(&probe);
}
module_exit(spin_exit);

MODULE_DESCRIPTION("Stops a task at a function");
MODULE_LICENSE("GPL");
