// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/symbols.h"

#include <inttypes.h>

#include "unit.h"

#define KALLSYMS "/proc/kallsyms"
#define NR 64

static void free_names(struct call_site *sites, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		free(sites[i].name);
		sites[i].name = NULL;
	}
}

static void a_list_is_searched(void **state)
{
	char path[] = "/tmp/modtrace-symbols-XXXXXX";
	struct call_site sites[] = {
		{ .address = 0xffffffff81000105 },
		{ .address = 0xffffffffa0000010 },
		{ .address = 0xffffffff81000050 }, /* ahead of every function */
		{ .address = 0xffffffff90000000 }, /* far behind the last */
	};
	FILE *f = fdopen(mkstemp(path), "w");

	(void)state;
	assert_non_null(f);
	fputs("0000000000000000 A fixed\n"
	      "ffffffff81000100 T first\n"
	      "ffffffff81000104 d some_data\n"
	      "ffffffff81000200 t second\n"
	      "ffffffffa0000000 t probe\t[a_module]\n",
	      f);
	fclose(f);
	assert_int_equal(symbols_search(sites, ARRAY_SIZE(sites), path), 0);
	assert_string_equal(sites[0].name, "first+0x5");
	assert_string_equal(sites[1].name, "probe+0x10 [a_module]");
	assert_null(sites[2].name);
	assert_null(sites[3].name);
	free_names(sites, ARRAY_SIZE(sites));
	unlink(path);
	assert_int_equal(symbols_search(sites, ARRAY_SIZE(sites), path), -ENOENT);
}

/* Functions with one name each: addresses within 64 of them, from all over the kernel. */
static size_t pick(struct call_site *sites)
{
	FILE *f = fopen(KALLSYMS, "re");
	u64 address, last = 0, pending = 0;
	size_t nr = 0, line = 0;
	char type;

	while (f && nr < NR && fscanf(f, "%" SCNx64 " %c %*s%*[^\n]", &address, &type) == 2) {
		if (pending && address > pending + 16 && pending > last + 16)
			sites[nr++] = (struct call_site){ .address = pending + 5 };
		if (address != pending)
			last = pending;
		else
			last = address;
		pending = strchr("tT", type) && address != last && ++line % 997 == 0 ? address : 0;
	}
	if (f)
		fclose(f);
	return nr;
}

/* As root in most places the kernel tells; elsewhere its list is read, with the same names. */
static void the_kernel_says_what_its_list_says(void **state)
{
	struct call_site told[NR] = { 0 }, searched[NR] = { 0 };
	size_t nr = pick(told), i;

	(void)state;
	memcpy(searched, told, sizeof(told));
	assert_int_equal(symbols_search(searched, nr, KALLSYMS), 0);
	assert_int_equal(symbols_find(told, nr), 0);
	for (i = 0; i < nr; i++)
		if (searched[i].name)
			assert_string_equal(told[i].name, searched[i].name);
	print_message("# %zu names, %s\n", nr,
		      symbols_are_printed() ? "printed by the kernel" : "searched");
	free_names(told, nr);
	free_names(searched, nr);
}

static void what_is_no_function_stays_unnamed(void **state)
{
	struct call_site sites[] = { { .address = 1 }, { .address = UINT64_MAX } };

	(void)state;
	assert_int_equal(symbols_find(sites, ARRAY_SIZE(sites)), 0);
	assert_null(sites[0].name);
	assert_null(sites[1].name);
}

static void a_name_is_found_once(void **state)
{
	char *name = strdup("known");
	struct call_site site = { .address = 1, .name = name, .noted = true };

	(void)state;
	assert_int_equal(symbols_find(&site, 1), 0);
	assert_ptr_equal(site.name, name);
	free(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_searched),
		cmocka_unit_test(the_kernel_says_what_its_list_says),
		cmocka_unit_test(what_is_no_function_stays_unnamed),
		cmocka_unit_test(a_name_is_found_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
