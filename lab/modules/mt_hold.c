// SPDX-License-Identifier: GPL-2.0-only
/*
 * mt_hold - a module whose init does what a test asks for
 *
 * In this order: it asks for another module (or for itself), by itself or through a chain of
 * others, sleeps, holds until it is released, and dies or fails. Parameters are in sysfs before
 * init runs, so a test sees who is in init (holder) and lets it go on (release). Its exit can be
 * held in the same way.
 */
#include <linux/async.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/freezer.h>
#include <linux/kmod.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/version.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/* Its name has changed since, and the old one warns. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define unbound_wq system_dfl_wq
#else
#define unbound_wq system_unbound_wq
#endif

static char *request = "";
module_param(request, charp, 0444);
MODULE_PARM_DESC(request, "a module to ask for in init");

static int request_ret;
module_param(request_ret, int, 0444);
MODULE_PARM_DESC(request_ret, "what request_module() returned (out)");

static int request_ms = -1;
module_param(request_ms, int, 0444);
MODULE_PARM_DESC(request_ms, "how long that took (out), -1 before its end");

static uint nowait;
module_param(nowait, uint, 0444);
MODULE_PARM_DESC(nowait, "don't wait for the module that is asked for");

static uint async;
module_param(async, uint, 0444);
MODULE_PARM_DESC(async, "ask by a helper that an async function waits for");

static char *via = "";
module_param(via, charp, 0444);
MODULE_PARM_DESC(via, "ask by an async function (a), a work item (w) or a kernel thread (k), or by "
		      "several, each of which waits for the next, as in awk; init waits for none");

static uint via_ms;
module_param(via_ms, uint, 0444);
MODULE_PARM_DESC(via_ms, "which the last of them does so many ms after init began");

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

static void ask(void)
{
	u64 begin = ktime_get_ns();

	request_ret = __request_module(!nowait, "%s", request);
	WRITE_ONCE(request_ms, div_u64(ktime_get_ns() - begin, NSEC_PER_MSEC));
}

/* One after the other in the chain of those who wait, of which the last one asks. */
#define LINKS	8

static struct chain_link {
	struct work_struct work;
	struct completion done;
} links[LINKS];

static ASYNC_DOMAIN(link_domain);

static void start_link(unsigned int at);

static void run_link(unsigned int at)
{
	if (at + 1 < strnlen(via, LINKS)) {
		start_link(at + 1);
		wait_for_completion(&links[at + 1].done);
	} else {
		msleep(via_ms);
		ask();
	}
}

static void link_async(void *data, async_cookie_t cookie)
{
	run_link((unsigned long)data);
	complete_all(&links[(unsigned long)data].done);
}

static void link_work(struct work_struct *work)
{
	struct chain_link *link = container_of(work, struct chain_link, work);

	run_link(link - links);
	complete_all(&link->done);
}

static int link_thread(void *data)
{
	run_link((unsigned long)data);
	/* Not through this module, which may be gone by then. */
	kthread_complete_and_exit(&links[(unsigned long)data].done, 0);
}

static void start_link(unsigned int at)
{
	struct task_struct *thread;

	init_completion(&links[at].done);
	switch (via[at]) {
	case 'a':
		async_schedule_domain(link_async, (void *)(unsigned long)at, &link_domain);
		return;
	case 'w':
		INIT_WORK(&links[at].work, link_work);
		queue_work(unbound_wq, &links[at].work);
		return;
	default:
		thread = kthread_run(link_thread, (void *)(unsigned long)at, "mt_link%u", at);
		if (IS_ERR(thread)) {
			request_ret = PTR_ERR(thread);
			complete_all(&links[at].done);
		}
	}
}

/* Until none of the links runs any more. */
static void end_links(void)
{
	unsigned int at;

	if (!*via || !*request)
		return;
	wait_for_completion(&links[0].done);
	async_synchronize_full_domain(&link_domain);
	for (at = 0; at < strnlen(via, LINKS); at++)
		if (via[at] == 'w')
			flush_work(&links[at].work);
}

static void ask_by_helper(void *data, async_cookie_t cookie)
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
		async_schedule(ask_by_helper, NULL);
	else if (*request && *via)
		start_link(0);
	else if (*request)
		ask();
	ret = hold_sleep();
	if (!ret && hold)
		ret = hold_until_release();
	WRITE_ONCE(holder, 0);
	BUG_ON(!ret && oops);
	if (!ret && fail)
		ret = -(int)fail;
	if (ret)
		end_links();
	return ret;
}
module_init(hold_init);

static void __exit hold_cleanup(void)
{
	end_links();
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
