// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/mman.h>

#include "lib/mapping.h"
#include "unit.h"

#define SIZE (64 * 4096)

static int file_of_x(void)
{
	static char text[SIZE];
	int fd = memfd_create("unit", 0);

	assert_true(fd >= 0);
	memset(text, 'x', sizeof(text));
	assert_int_equal(write_all(fd, text, sizeof(text)), 0);
	return fd;
}

/* A file that is cut while it is mapped: what is left reads as before, the rest as zeros. */
static void what_is_cut_off_reads_as_zeros(void **state)
{
	const volatile char *base;
	int fd = file_of_x();

	(void)state;
	base = mapping_open(fd, SIZE);
	assert_non_null(base);
	assert_int_equal(base[SIZE - 1], 'x');
	assert_false(mapping_was_cut((const void *)base));
	assert_int_equal(ftruncate(fd, 4096), 0);
	assert_int_equal(base[SIZE - 1], 0);
	assert_int_equal(base[8192], 0);
	assert_int_equal(base[4095], 'x');
	assert_true(mapping_was_cut((const void *)base));
	mapping_close((const void *)base, SIZE);
	close(fd);
}

/* So does a copy, which may be written to, there too; the file stays as it is. */
static void a_copy_is_cut_likewise(void **state)
{
	char byte;
	volatile char *base;
	int fd = file_of_x();

	(void)state;
	base = mapping_copy(fd, SIZE);
	assert_non_null(base);
	base[0] = 'y';
	assert_int_equal(ftruncate(fd, 4096), 0);
	base[SIZE - 1] = 'z';
	assert_int_equal(base[SIZE - 1], 'z');
	assert_int_equal(base[8192], 0);
	assert_int_equal(pread(fd, &byte, 1, 0), 1);
	assert_int_equal(byte, 'x');
	mapping_close((const void *)base, SIZE);
	close(fd);
}

/* Pages there that this process has: the counters of /proc/self/statm lag behind. */
static unsigned int present(const volatile char *base)
{
	u64 pages[SIZE / 4096];
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	unsigned int nr = 0, i;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, pages, sizeof(pages), (uintptr_t)base / 4096 * 8),
			 sizeof(pages));
	close(fd);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		nr += pages[i] >> 63;
	return nr;
}

static void what_is_forgotten_takes_no_memory(void **state)
{
	const volatile char *base;
	int fd = file_of_x(), i;

	(void)state;
	base = mapping_open(fd, SIZE);
	assert_non_null(base);
	for (i = 0; i < SIZE; i += 4096)
		assert_int_equal(base[i], 'x');
	assert_int_equal(present(base), SIZE / 4096);
	mapping_forget((const void *)base, SIZE);
	assert_int_equal(present(base), 0);
	assert_int_equal(base[SIZE - 1], 'x');
	mapping_close((const void *)base, SIZE);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_cut_off_reads_as_zeros),
		cmocka_unit_test(a_copy_is_cut_likewise),
		cmocka_unit_test(what_is_forgotten_takes_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
