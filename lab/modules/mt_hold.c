// SPDX-License-Identifier: GPL-2.0-only
/*
 * mt_hold - a module whose init does what a test asks for
 *
 * In this order: it asks for another module (or for itself), sleeps, holds until it is
 * released, and dies or fails. Parameters are in sysfs before init runs, so a test sees who is
 * in init (holder) and lets it go on (release). Its exit can be held in the same way.
 */
#include <linux/async.h>
#include <linux/freezer.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

static char *request = "";
module_param(request, charp, 0444);
MODULE_PARM_DESC(request, "a module to ask for in init");

static int request_ret;
module_param(request_ret, int, 0444);
MODULE_PARM_DESC(request_ret, "what request_module() returned (out)");

static uint nowait;
module_param(nowait, uint, 0444);
MODULE_PARM_DESC(nowait, "don't wait for the module that is asked for");

static uint async;
module_param(async, uint, 0444);
MODULE_PARM_DESC(async, "ask by a helper that an async function waits for");

static uint sleep_ms;
module_param(sleep_ms, uint, 0444);
MODULE_PARM_DESC(sleep_ms, "sleep in init, until a fatal signal at most");

static uint hold;
module_param(hold, uint, 0444);
MODULE_PARM_DESC(hold, "hold init until release: 1 killable, 2 interruptible, 3 freezable");

static uint fail;
module_param(fail, uint, 0444);
MODULE_PARM_DESC(fail, "the errno init fails with");

static uint oops;
module_param(oops, uint, 0444);
MODULE_PARM_DESC(oops, "the task dies in init");

static uint hold_exit;
module_param(hold_exit, uint, 0444);
MODULE_PARM_DESC(hold_exit, "hold exit until release");

/* The task in init or in a held exit, 0 before and after. */
static int holder;
module_param(holder, int, 0444);
MODULE_PARM_DESC(holder, "the thread that is in init or in a held exit (out)");

static DECLARE_WAIT_QUEUE_HEAD(released);
static bool release;

static int set_release(const char *val, const struct kernel_param *kp)
{
	int ret = param_set_bool(val, kp);

	if (!ret)
		wake_up_all(&released);
	return ret;
}

static const struct kernel_param_ops release_ops = {
	.set = set_release,
	.get = param_get_bool,
};
module_param_cb(release, &release_ops, &release, 0644);
MODULE_PARM_DESC(release, "lets a held init or exit go on");

static void ask(void *data, async_cookie_t cookie)
{
	char *argv[] = { "/sbin/modprobe", "-q", "--", request, NULL };
	static char *envp[] = { "HOME=/", "PATH=/sbin:/bin", NULL };

	request_ret = call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

static int hold_sleep(void)
{
	unsigned long end = jiffies + msecs_to_jiffies(sleep_ms);

	while (time_before(jiffies, end)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		schedule_timeout_killable(end - jiffies);
	}
	return 0;
}

static int hold_until_release(void)
{
	if (hold == 1)
		return wait_event_killable(released, READ_ONCE(release));
	if (hold == 3)
		return wait_event_freezable(released, READ_ONCE(release));
	return wait_event_interruptible(released, READ_ONCE(release));
}

static int __init hold_init(void)
{
	int ret;

	WRITE_ONCE(holder, current->pid);
	if (*request && async)
		async_schedule(ask, NULL);
	else if (*request)
		request_ret = __request_module(!nowait, "%s", request);
	ret = hold_sleep();
	if (!ret && hold)
		ret = hold_until_release();
	WRITE_ONCE(holder, 0);
	BUG_ON(!ret && oops);
	if (!ret && fail)
		ret = -(int)fail;
	return ret;
}
module_init(hold_init);

static void __exit hold_cleanup(void)
{
	if (!hold_exit)
		return;
	/* It may have been written for init. */
	WRITE_ONCE(release, false);
	WRITE_ONCE(holder, current->pid);
	wait_event_idle(released, READ_ONCE(release));
}
module_exit(hold_cleanup);

MODULE_DESCRIPTION("Init that sleeps, holds, fails or asks for a module");
MODULE_LICENSE("GPL");
