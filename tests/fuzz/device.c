// SPDX-License-Identifier: GPL-2.0-only
/* Paths that udev opens, a line each, for the device that they tell. An empty line ends an event. */
#include "formats/device.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct device_name device = { 0 };

	while (size) {
		const u8 *end = memchr(data, '\n', size);
		const size_t len = end ? (size_t)(end - data) : size;
		/* Of the very size: paths aren't terminated. */
		char *path = malloc(len ? len : 1);

		memcpy(path, data, len);
		if (!len)
			device_done(&device);
		else if (is_device_path(path, len))
			device_opened(&device, path, len);
		free(path);
		if (!memchr(device.name, 0, sizeof(device.name)) ||
		    !memchr(device.subsystem, 0, sizeof(device.subsystem)))
			abort();
		data += len + !!end;
		size -= len + !!end;
	}
	return 0;
}
