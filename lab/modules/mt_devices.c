// SPDX-License-Identifier: GPL-2.0-only
/*
 * mt_devices - many identical devices that appear at once, as a hotplugged enclosure's do
 *
 * Platform devices of one name: each is an event for udev, with the same modalias, platform:NAME.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

static uint count = 64;
module_param(count, uint, 0444);
MODULE_PARM_DESC(count, "how many devices");

static char *name = "mt_device";
module_param(name, charp, 0444);
MODULE_PARM_DESC(name, "their name");

static struct platform_device **devices;

static void unregister_devices(uint number)
{
	while (number--)
		platform_device_unregister(devices[number]);
	kfree(devices);
}

static int __init mt_devices_init(void)
{
	uint i;

	devices = kcalloc(count, sizeof(*devices), GFP_KERNEL);
	if (!devices)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		devices[i] = platform_device_register_simple(name, i, NULL, 0);
		if (IS_ERR(devices[i])) {
			int err = PTR_ERR(devices[i]);

			unregister_devices(i);
			return err;
		}
	}
	return 0;
}

static void __exit mt_devices_exit(void)
{
	unregister_devices(count);
}

module_init(mt_devices_init);
module_exit(mt_devices_exit);
MODULE_DESCRIPTION("Many identical devices");
MODULE_LICENSE("GPL");
