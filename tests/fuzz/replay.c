// SPDX-License-Identifier: GPL-2.0-only
/* Gives files to a target, once each, where there is no libFuzzer: replay FILE... */
#include "fuzz.h"

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		struct buf b = { 0 };
		u8 *copy;

		if (read_small_file(argv[i], &b))
			return 1;
		/* Of the very size, so that a byte too far is seen. */
		copy = malloc(b.len ? b.len : 1);
		memcpy(copy, b.data, b.len);
		LLVMFuzzerTestOneInput(copy, b.len);
		free(copy);
		buf_free(&b);
	}
	printf("%d\n", argc - 1);
	return 0;
}
