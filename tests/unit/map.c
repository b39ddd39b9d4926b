// SPDX-License-Identifier: GPL-2.0-only
#include "lib/map.h"
#include "unit.h"

/* Against an array: a million pseudo-random operations on few keys, so that they collide. */
static void map_does_as_an_array(void **state)
{
	struct map m = { 0 };
	void *mirror[512] = { 0 };
	u64 seed = 1, n = 0;
	int i;

	(void)state;
	for (i = 0; i < 200000; i++) {
		unsigned int key;

		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		key = seed >> 55;
		if (seed & 1 << 20) {
			void *value = (void *)(uintptr_t)(i + 1);

			n += !mirror[key];
			mirror[key] = value;
			assert_int_equal(map_set(&m, key, value), 0);
		} else {
			assert_ptr_equal(map_del(&m, key), mirror[key]);
			n -= mirror[key] != NULL;
			mirror[key] = NULL;
		}
		assert_int_equal(m.nr, n);
		key = seed >> 40 & 511;
		assert_ptr_equal(map_get(&m, key), mirror[key]);
	}
	map_free(&m);
	assert_null(map_get(&m, 1));
	assert_null(map_del(&m, 1));
}

static void equal_strings_are_one(void **state)
{
	struct strings pool = { 0 };
	const char *a;

	(void)state;
	a = strings_intern(&pool, "xfs.ko", 3);
	assert_string_equal(a, "xfs");
	assert_ptr_equal(strings_intern(&pool, "xfs\0rest", 8), a);
	assert_ptr_not_equal(strings_intern(&pool, "xf", 2), a);
	assert_string_equal(strings_intern(&pool, NULL, 0), "");
	strings_free(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_does_as_an_array),
		cmocka_unit_test(equal_strings_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
