// SPDX-License-Identifier: GPL-2.0-only
/* xattr FILE NAME HEX - give a file an extended attribute */
#include <stdio.h>
#include <sys/xattr.h>

int main(int argc, char **argv)
{
	unsigned char value[256];
	size_t size = 0;
	int used;

	if (argc != 4)
		return 1;
	for (const char *hex = argv[3]; size < sizeof(value) &&
	     sscanf(hex, "%2hhx%n", &value[size], &used) == 1; hex += used)
		size++;
	if (!setxattr(argv[1], argv[2], value, size, 0))
		return 0;
	perror(argv[1]);
	return 1;
}
