// SPDX-License-Identifier: GPL-2.0-only
#include "lib/release.h"

#include <stdio.h>

/**
 * release_number - a release as a number
 * @release: as uname tells it, or NULL
 *
 * Return: 100 times the major number and the minor one; 0 if it isn't known.
 */
unsigned int release_number(const char *release)
{
	unsigned int major, minor;

	if (!release || sscanf(release, "%3u.%3u", &major, &minor) != 2)
		return 0;
	return major * 100 + (minor < 100 ? minor : 99);
}
