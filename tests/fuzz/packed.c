// SPDX-License-Identifier: GPL-2.0-only
/* What perf record -z writes: two bytes of a size, and so much of what is packed, over and over. */
#include "formats/unpack.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct unpack u = { 0 };
	struct err err;
	u64 sum = 0, i;

	while (size > 2) {
		size_t piece = data[0] | data[1] << 8;

		data += 2;
		size -= 2;
		if (piece > size)
			piece = size;
		if (unpack_add(&u, data, piece, &err))
			break;
		data += piece;
		size -= piece;
	}
	/* All that it says is there can be read. */
	for (i = 0; u.base && i < u.size; i++)
		sum += u.base[i];
	unpack_free(&u);
	return sum == UINT64_MAX;
}
