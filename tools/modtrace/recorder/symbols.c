// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/symbols.h"

#include <inttypes.h>

#include "recorder/symbol_printer.h"

/* An address further than this behind the last symbol below it belongs to no function. */
#define FUNCTION_MAX (1U << 20)

/* "ffffffff81000000 T name\t[module]": Return: whether it is a function's. */
static bool parse_symbol(char *line, u64 *address, char **name)
{
	char *end;

	*address = strtoull(line, &end, 16);
	if (end == line || *end != ' ' || !end[1] || end[2] != ' ' || !strchr("tTwW", end[1]))
		return false;
	*name = end + 3;
	return *address != 0;
}

/**
 * symbols_have - whether the running kernel has a symbol of that name, wherever it is
 * @name: a function's
 *
 * Return: false if it has none, or its list can't be read.
 */
bool symbols_have(const char *name)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/kallsyms", "re");
	_cleanup_free_ char *line = NULL;
	const size_t wanted = strlen(name);
	size_t cap = 0;
	ssize_t len;

	while (f && (len = getline(&line, &cap, f)) > 0) {
		const char *at = memchr(line, ' ', len);

		if (at && !strncmp(at + 3, name, wanted) && at[3 + wanted] == '\n')
			return true;
	}
	return false;
}

static int take_symbol(struct call_site *site, u64 symbol, const char *name)
{
	const char *tab = strchr(name, '\t');
	char *text;

	if (symbol > site->address || site->address - symbol > FUNCTION_MAX ||
	    (site->name && symbol <= site->symbol))
		return 0;
	if (asprintf(&text, "%.*s+0x%" PRIx64 "%s%s", tab ? (int)(tab - name) : (int)strlen(name),
		     name, site->address - symbol, tab ? " " : "", tab ? tab + 1 : "") < 0)
		return -ENOMEM;
	free(site->name);
	site->name = text;
	site->symbol = symbol;
	return 0;
}

/**
 * symbols_search - name addresses by a list of symbols
 * @sites: the addresses; those not noted yet get a name, which the caller frees
 * @nr: how many
 * @path: the list, as /proc/kallsyms
 *
 * Return: 0 or -errno; addresses whose symbols are hidden or gone simply stay unnamed.
 */
int symbols_search(struct call_site *sites, size_t nr, const char *path)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	_cleanup_free_ char *line = NULL;
	size_t cap = 0, i;
	u64 last = 0;
	ssize_t len;
	int ret;

	if (!f)
		return -errno;
	for (i = 0; i < nr; i++)
		if (!sites[i].noted && sites[i].address > last)
			last = sites[i].address;
	while ((len = getline(&line, &cap, f)) > 0) {
		u64 address;
		char *name;

		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (!parse_symbol(line, &address, &name))
			continue;
		/* The kernel's own come by their addresses, and modules' behind them. */
		if (address > last && !strchr(name, '\t'))
			break;
		for (i = 0; i < nr; i++) {
			if (sites[i].noted)
				continue;
			ret = take_symbol(&sites[i], address, name);
			if (ret)
				return ret;
		}
	}
	return 0;
}

/* "function+0x12/0x340 [module]" without the function's size, and NULL for what is none. */
static int take_printed(struct call_site *site, const char *text)
{
	size_t name = strcspn(text, "/ "), size = strcspn(text, " ");

	if (!strchr(text, '+'))
		return 0;
	free(site->name);
	if (asprintf(&site->name, "%.*s%s", (int)name, text, text + size) < 0) {
		site->name = NULL;
		return -ENOMEM;
	}
	return 0;
}

/* Return: 0, or -errno where the kernel can't be asked. */
static int print_all(struct call_site *sites, size_t nr)
{
	char text[SYMBOL_PRINTED_MAX];
	struct symbol_printer printer;
	size_t i;
	int ret;

	ret = symbol_printer_load(&printer);
	for (i = 0; i < nr && !ret; i++) {
		if (sites[i].noted)
			continue;
		ret = symbol_printer_print(&printer, sites[i].address, text);
		if (!ret)
			ret = take_printed(&sites[i], text);
	}
	symbol_printer_free(&printer);
	return ret;
}

/**
 * symbols_are_printed - whether the kernel names addresses for this task by itself
 *
 * Return: false where symbols_find() has to search for names.
 */
bool symbols_are_printed(void)
{
	struct symbol_printer printer;
	int ret = symbol_printer_load(&printer);

	symbol_printer_free(&printer);
	return !ret;
}

/**
 * symbols_find - name addresses of kernel code
 * @sites: the addresses; those not noted yet get a name, which the caller frees
 * @nr: how many
 *
 * The kernel is asked for each of them, and where it can't be, its list of some 200,000 symbols is read.
 *
 * Return: 0 or -errno; addresses whose symbols are hidden or gone simply stay unnamed.
 */
int symbols_find(struct call_site *sites, size_t nr)
{
	return print_all(sites, nr) ? symbols_search(sites, nr, "/proc/kallsyms") : 0;
}
