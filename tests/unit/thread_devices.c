// SPDX-License-Identifier: GPL-2.0-only
#include "source/thread_devices.h"

#include "formats/device.h"
#include "model/model.h"
#include "source/stock.h"
#include "unit.h"

#define S(s) { s, sizeof(s) - 1 }
#define GIVE(at, t, kind, ...) give(&(const struct event){ .type = kind, .time_ns = at, .tid = t, \
							   .task = t, .pid = t, __VA_ARGS__ })
#define CPU0 "/sys/devices/system/cpu/cpu0/uevent"

/* What tells of attempts, as source.c puts it together: calls, or the series' own events. */
static struct thread_devices devices;
static struct stock *stock;
static struct model *m;

static int teardown(void **state)
{
	(void)state;
	thread_devices_free(&devices);
	devices = (struct thread_devices){ 0 };
	stock_free(stock);
	model_free(m);
	stock = NULL;
	m = NULL;
	return 0;
}

static void begin(bool calls)
{
	teardown(NULL);
	if (calls) {
		stock = stock_new(UINT32_MAX, "6.1.0");
		assert_non_null(stock);
	}
	m = model_new();
	assert_non_null(m);
}

static void take(struct event *ev)
{
	if (ev->type == EVENT_LOAD_BEGIN)
		ev->device = thread_devices_of(&devices, ev->tid);
	assert_int_equal(model_event(m, ev), 0);
}

static void give(const struct event *ev)
{
	struct event copy = *ev;

	assert_int_equal(thread_devices_event(&devices, ev), 0);
	if (!stock) {
		take(&copy);
		return;
	}
	assert_int_equal(stock_give(stock, ev), 0);
	while (stock_take(stock, &copy))
		take(&copy);
}

/* Of the attempts for module "a", which has one requester. */
static const struct device_list *list_of_a(void)
{
	size_t i;

	for (i = 0; i < m->nr_modules; i++)
		if (!strcmp(m->modules[i]->name, "a"))
			return m->modules[i]->requesters->devices;
	fail_msg("no attempt was for a");
	return NULL;
}

static void open_path(u64 at, s32 tid, const char *path)
{
	GIVE(at, tid, EVENT_OPEN, .file = { path, strlen(path) });
}

static void load(u64 at, s32 tid)
{
	if (stock) {
		open_path(at, tid, "/lib/modules/a.ko");
		GIVE(at + 1, tid, EVENT_OPEN_EXIT, .ret = 3);
		GIVE(at + 2, tid, EVENT_FINIT_ENTER, .fd = 3);
		GIVE(at + 100, tid, EVENT_FINIT_EXIT, .ret = -EEXIST);
	} else {
		GIVE(at + 2, tid, EVENT_LOAD_BEGIN, .file = S("a.ko"));
		GIVE(at + 100, tid, EVENT_LOAD_END, .name = S("a"), .file = S("a.ko"),
		     .ret = -EEXIST, .stage = STAGE_NAME);
	}
}

static void load_for(u64 at, s32 tid, const char *path, const char *data)
{
	if (path)
		open_path(at, tid, path);
	if (data)
		open_path(at + 1, tid, data);
	load(at + 2, tid);
}

static void rename_to(s32 tid, const char *comm)
{
	GIVE(1, tid, EVENT_COMM, .comm = { comm, strlen(comm) });
}

static void workers_have_devices(bool calls)
{
	const struct device_list *list;

	begin(calls);
	rename_to(5, "(udev-worker)");
	load_for(1000, 5, "/sys/devices/system/cpu/cpu9/uevent", "/run/udev/data/+cpu:cpu9");
	/* A parent that rules look at, and no device's file: neither is another event's. */
	load_for(2000, 5, "/sys/devices/system/cpu/cpu10/uevent", "/sys/devices/system/cpu/uevent");
	open_path(2999, 5, "/run/udev/data/.#+cpu:cpu10XYZabc");
	load_for(3000, 5, "/sys/devices/system/cpu/cpu9/online", NULL);
	load_for(4000, 5, "/sys/devices/acpi/ACPI0007:0f/uevent",
		 "/run/udev/data/+acpi:ACPI0007:0f");
	/* As long a name as the device's own. */
	load_for(5000, 5, "/sys/devices/acpi/ACPI0007:10/uevent", "/run/udev/data/+acpi:acpi");
	load_for(6000, 5, NULL, "/run/udev/data/+pci:0000:00:1f.2");
	/* After loads it is the parent's own event. */
	load_for(7000, 5, "/sys/devices/pci0/parent/child/uevent", NULL);
	load_for(8000, 5, "/sys/devices/pci0/parent/uevent", NULL);
	list = list_of_a();
	assert_non_null(list);
	assert_int_equal(list->nr, 5);
	assert_string_equal(list->groups[0].first, "cpu9");
	assert_string_equal(list->groups[0].last, "cpu10");
	assert_string_equal(list->groups[0].subsystem, "cpu");
	assert_int_equal(list->groups[0].devices, 2);
	assert_int_equal(list->groups[0].attempts, 3);
	assert_true(device_group_is_cpu(&list->groups[0]));
	assert_string_equal(list->groups[1].first, "ACPI0007:0f");
	assert_string_equal(list->groups[1].last, "ACPI0007:10");
	assert_string_equal(list->groups[1].subsystem, "acpi");
	assert_int_equal(list->groups[1].devices, 2);
	assert_true(device_group_is_cpu(&list->groups[1]));
	assert_string_equal(list->groups[2].first, "0000:00:1f.2");
	assert_int_equal(list->groups[2].stem, 0);
	assert_false(device_group_is_cpu(&list->groups[2]));
	assert_string_equal(list->groups[3].first, "child");
	assert_string_equal(list->groups[4].first, "parent");
}

static void workers_have_devices_by_calls(void **state)
{
	(void)state;
	workers_have_devices(true);
}

static void workers_have_devices_by_the_series(void **state)
{
	(void)state;
	workers_have_devices(false);
}

/* Nor opens of files: what udev replaces or removes is of the event's own device. */
static void workers_have_devices_by_renames(void **state)
{
	static const char *const paths[] = {
		"/run/udev/data/+cpu:cpu1",	    "/run/systemd/units/x",
		"/run/udev/data/+acpi:ACPI0007:01", "/lib/modules/b.ko",
		"/run/udev/links/a/b8:0",
	};
	const struct device_list *list;
	size_t i;

	(void)state;
	begin(false);
	rename_to(5, "(udev-worker)");
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		GIVE(1000 * (i + 1), 5, EVENT_DEVICE, .file = { paths[i], strlen(paths[i]) });
		load(1000 * (i + 1) + 2, 5);
	}
	list = list_of_a();
	assert_non_null(list);
	assert_int_equal(list->nr, 2);
	assert_string_equal(list->groups[0].first, "cpu1");
	assert_int_equal(list->groups[0].attempts, 2);
	assert_string_equal(list->groups[1].first, "ACPI0007:01");
	assert_int_equal(list->groups[1].attempts, 3);
}

static void others_have_no_devices(bool calls)
{
	char path[DEVICE_SIZE + 32];

	begin(calls);
	rename_to(5, "modprobe");
	rename_to(6, "(udev-worker)");
	load_for(1000, 5, CPU0, NULL);
	assert_null(list_of_a());
	/* Nor has another thread. */
	open_path(1500, 5, CPU0);
	load(1501, 6);
	open_path(2000, 6, CPU0);
	GIVE(2001, 0, EVENT_LOST, .lost = 1);
	load(2002, 6);
	assert_null(list_of_a());
	/* Longer than what is kept, and empty. */
	memset(path, 'x', sizeof(path));
	memcpy(path, "/sys/devices/", 13);
	strcpy(path + sizeof(path) - 8, "/uevent");
	load_for(3000, 6, path, NULL);
	load_for(4000, 6, "/sys/devices//uevent", "/run/udev/data/");
	open_path(4500, 6, "(fault)");
	load(4501, 6);
	assert_null(list_of_a());
}

static void others_have_no_devices_by_calls(void **state)
{
	(void)state;
	others_have_no_devices(true);
}

static void others_have_no_devices_by_the_series(void **state)
{
	(void)state;
	others_have_no_devices(false);
}

/* Who gets a thread's number knows nothing of its devices, though one of both records be missing. */
static void threads_end(void **state)
{
	(void)state;
	begin(false);
	open_path(1, 6, CPU0);
	/* It is listed as running: that says nothing. */
	GIVE(0, 6, EVENT_FORK, .parent_pid = 1, .parent_tid = 1);
	assert_non_null(thread_devices_of(&devices, 6));
	GIVE(2, 6, EVENT_EXIT);
	assert_null(thread_devices_of(&devices, 6));
	open_path(3, 6, CPU0);
	GIVE(4, 6, EVENT_FORK, .parent_pid = 1, .parent_tid = 1);
	assert_null(thread_devices_of(&devices, 6));
	/* One that forks keeps its own. */
	open_path(5, 6, CPU0);
	GIVE(6, 7, EVENT_FORK, .parent_pid = 6, .parent_tid = 6);
	assert_string_equal(thread_devices_of(&devices, 6)->name, "system/cpu/cpu0");
	assert_null(thread_devices_of(&devices, 7));
}

/* Who opens no such files takes no memory; of those who do so many are remembered, and the rest counted. */
static void threads_are_bounded(void **state)
{
	s32 i;

	(void)state;
	begin(false);
	for (i = 1; i <= 40000; i++)
		open_path(i, i, "/lib/modules/a.ko");
	assert_int_equal(devices.by_tid.nr, 0);
	for (i = 1; i <= 40000; i++)
		open_path(50000 + i, i, CPU0);
	assert_true(devices.by_tid.nr <= 16384);
	assert_int_equal(devices.by_tid.nr + devices.evicted, 40000);
	/* Whoever opens one next is remembered all the same. */
	open_path(100000, 50000, CPU0);
	assert_non_null(thread_devices_of(&devices, 50000));
	for (i = 0; i < 100000; i++)
		GIVE(100001 + i, 0, EVENT_LOST, .lost = 1);
	assert_int_equal(devices.by_tid.nr, 0);
}

/* Names without end take no memory without end, and what is left out is counted. */
static void devices_are_bounded(void **state)
{
	const struct device_list *list;
	char path[64];
	unsigned int i;

	(void)state;
	begin(true);
	rename_to(5, "(udev-worker)");
	for (i = 0; i < 70000; i++) {
		snprintf(path, sizeof(path), "/sys/devices/virtual/%c%u/uevent",
			 'a' + i % (DEVICE_GROUPS_MAX + 2), i);
		load_for(1000 + i * 1000, 5, path, NULL);
	}
	list = list_of_a();
	assert_int_equal(list->nr, DEVICE_GROUPS_MAX);
	assert_true(list->other_attempts > 10000);
	assert_true(devices_attempts(list) < 70000);
	assert_true(m->devices.names.nr <= 65536);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(workers_have_devices_by_calls, teardown),
		cmocka_unit_test_teardown(workers_have_devices_by_the_series, teardown),
		cmocka_unit_test_teardown(workers_have_devices_by_renames, teardown),
		cmocka_unit_test_teardown(others_have_no_devices_by_calls, teardown),
		cmocka_unit_test_teardown(others_have_no_devices_by_the_series, teardown),
		cmocka_unit_test_teardown(threads_end, teardown),
		cmocka_unit_test_teardown(threads_are_bounded, teardown),
		cmocka_unit_test_teardown(devices_are_bounded, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
