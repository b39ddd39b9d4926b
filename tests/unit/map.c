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

/* Keys that shared one place in a map of any size, when the hash was the same in every process. */
static void chosen_keys_do_not_collide(void **state)
{
	const u64 inverse = 0xf1de83e19937733dULL;
	struct map m = { 0 };
	u64 h, steps = 0;

	(void)state;
	assert_int_equal(0x9e3779b97f4a7c15ULL * inverse, 1);
	for (h = 1; h <= 4096; h++)
		assert_int_equal(map_set(&m, (h << 32 | ((h ^ 5) & 0xffffffff)) * inverse, &m), 0);
	for (h = 1; h <= 4096; h++) {
		u64 key = (h << 32 | ((h ^ 5) & 0xffffffff)) * inverse;

		steps += (map_slot(&m, key) - map_home(&m, key)) & (m.nr_slots - 1);
	}
	/* Linear probing at up to three quarters: one or two steps each. */
	assert_true(steps < 4096 * 8);
	map_free(&m);
}

/* Whoever makes up names makes up no more of them than fit. */
static void names_are_bounded(void **state)
{
	struct strings pool = { 0 };
	char name[4096];
	u64 i;

	(void)state;
	memset(name, 'x', sizeof(name));
	for (i = 0; i < 2 * STRINGS_MAX / sizeof(name); i++) {
		memcpy(name, &(u64){ i + 0x0101010101010101ULL }, 8);
		assert_non_null(strings_intern(&pool, name, sizeof(name)));
	}
	assert_true(pool.bytes < STRINGS_MAX + 2 * sizeof(name));
	assert_true(pool.evicted > 0);
	assert_string_equal(strings_intern(&pool, "new", 3), "(others)");
	strings_free(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_does_as_an_array),
		cmocka_unit_test(equal_strings_are_one),
		cmocka_unit_test(chosen_keys_do_not_collide),
		cmocka_unit_test(names_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
