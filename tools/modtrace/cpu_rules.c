// SPDX-License-Identifier: GPL-2.0-only
#include "cpu_rules.h"

#include <dirent.h>
#include <fnmatch.h>

/* The file of udev's that loads modules. */
#define DRIVERS "80-drivers.rules"
/* modpost makes patterns of up to six; what has far more takes for ever to match. */
#define STARS_MAX 12

static const char *const subsystems[KIND_NR] = { "cpu", "acpi" };

/* A file's lines in @b, without the last newline. Return: 0 or -errno. */
static int read_text(struct buf *b, const char *root, const char *path)
{
	_cleanup_free_ char *full = NULL;
	int ret;

	if (asprintf(&full, "%s%s", root, path) < 0) {
		full = NULL;
		return -ENOMEM;
	}
	ret = read_small_file(full, b);
	if (!ret && b->len && b->data[b->len - 1] == '\n')
		b->data[--b->len] = '\0';
	return ret;
}

static bool is_cpu(const char *name)
{
	return !strncmp(name, "cpu", 3) && name[3] && !name[3 + strspn(name + 3, "0123456789")];
}

static bool is_processor(const char *name)
{
	return !strncmp(name, "ACPI0007:", 9) || !strncmp(name, "LNXCPU:", 7);
}

static DIR *open_dir(const char *root, const char *path)
{
	_cleanup_free_ char *full = NULL;

	if (asprintf(&full, "%s%s", root, path) < 0) {
		full = NULL;
		return NULL;
	}
	return opendir(full);
}

static int count_cpus(struct cpu_devices *d, const char *root)
{
	DIR *dir = open_dir(root, "/sys/devices/system/cpu");
	_cleanup_buf_ struct buf text = { 0 };
	struct dirent *entry;

	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		d->nr += is_cpu(entry->d_name);
	closedir(dir);
	/* One file for all: the kernel doesn't make it for a CPU. */
	if (!read_text(&text, root, "/sys/devices/system/cpu/modalias") && text.len)
		d->modalias = TAKE_PTR(text.data);
	return 0;
}

/* Those with ids of their own have another modalias, and are not counted. */
static int count_processors(struct cpu_devices *d, const char *root)
{
	DIR *dir = open_dir(root, "/sys/bus/acpi/devices");
	struct dirent *entry;
	int ret = 0;

	while (dir && !ret && (entry = readdir(dir))) {
		_cleanup_free_ char *path = NULL;
		_cleanup_buf_ struct buf text = { 0 };

		if (!is_processor(entry->d_name))
			continue;
		if (asprintf(&path, "/sys/bus/acpi/devices/%s/modalias", entry->d_name) < 0) {
			path = NULL;
			ret = -ENOMEM;
		} else if (!read_text(&text, root, path) && text.len &&
			   (!strcmp(text.data, "acpi:ACPI0007:") ||
			    !strcmp(text.data, "acpi:LNXCPU:")) &&
			   (!d->modalias || !strcmp(d->modalias, text.data))) {
			d->nr++;
			if (!d->modalias)
				d->modalias = TAKE_PTR(text.data);
		}
	}
	if (dir)
		closedir(dir);
	return ret;
}

static int add_module(struct cpu_devices *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->nr_modules; i++)
		if (!strcmp(d->modules[i], name))
			return 0;
	if (d->nr_modules == CPU_MODULES_MAX)
		return 0;
	d->modules[d->nr_modules] = strdup(name);
	return d->modules[d->nr_modules++] ? 0 : -ENOMEM;
}

static size_t stars_in(const char *pattern)
{
	size_t n = 0;

	for (; *pattern; pattern++)
		n += *pattern == '*';
	return n;
}

/* Lines of "alias PATTERN MODULE". */
static int match_modules(struct cpu_rules *c, const char *root, const char *release)
{
	_cleanup_free_ char *path = NULL;
	_cleanup_buf_ struct buf text = { 0 };
	char *line, *lines, *end = NULL;
	int ret = 0;

	if (asprintf(&path, "/lib/modules/%s/modules.alias", release) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (read_text(&text, root, path))
		return 0;
	c->has_aliases = true;
	lines = text.data;
	while (!ret && lines && (line = strtok_r(lines, "\n", &end))) {
		char *pattern = !strncmp(line, "alias ", 6) ? line + 6 : NULL;
		char *name = pattern ? strchr(pattern, ' ') : NULL;
		enum cpu_kind kind;

		lines = end;
		if (!name)
			continue;
		*name++ = '\0';
		for (kind = 0; kind < KIND_NR && !ret; kind++) {
			struct cpu_devices *d = &c->devices[kind];

			if (d->modalias &&
			    !strncmp(pattern, subsystems[kind], strlen(subsystems[kind])) &&
			    stars_in(pattern) <= STARS_MAX && !fnmatch(pattern, d->modalias, 0))
				ret = add_module(d, name);
		}
	}
	return ret;
}

/* A rule that keeps MODALIAS of devices of this subsystem from loading modules. */
static bool is_rule_for(const char *line, const char *subsystem, bool drivers)
{
	char match[32];

	snprintf(match, sizeof(match), "SUBSYSTEM==\"%s\"", subsystem);
	return line[strspn(line, " \t")] != '#' && strstr(line, match) &&
	       (strstr(line, "ENV{MODALIAS}=\"\"") || (drivers && strstr(line, "ENV{MODALIAS}==") &&
						       strstr(line, "GOTO=\"drivers_end\"")));
}

static int read_rules(struct cpu_rules *c, const char *root, const char *path, const char *name)
{
	_cleanup_buf_ struct buf text = { 0 };
	const bool drivers = !strcmp(name, DRIVERS);
	char *line, *lines, *end = NULL;

	if (read_text(&text, root, path))
		return 0;
	lines = text.data;
	while (lines && (line = strtok_r(lines, "\n", &end))) {
		enum cpu_kind kind;

		lines = end;
		for (kind = 0; kind < KIND_NR; kind++) {
			char **found = strcmp(name, DRIVERS) > 0 ? &c->late :
								   &c->devices[kind].rules;

			if (!is_rule_for(line, subsystems[kind], drivers) || *found)
				continue;
			*found = strdup(path);
			if (!*found)
				return -ENOMEM;
		}
	}
	return 0;
}

/* Where udev looks, the first wins. */
static const char *const places[] = {
	"/etc/udev/rules.d",	 "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
	"/usr/lib/udev/rules.d", "/lib/udev/rules.d",
};

static bool is_overridden(const char *root, size_t place, const char *name)
{
	size_t i;

	for (i = 0; i < place; i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s%s/%s", root, places[i], name) < 0)
			path = NULL;
		if (path && !access(path, F_OK))
			return true;
	}
	return false;
}

static int find_rules(struct cpu_rules *c, const char *root)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places) && !ret; i++) {
		DIR *dir = open_dir(root, places[i]);
		struct dirent *entry;

		while (dir && !ret && (entry = readdir(dir))) {
			const size_t len = strlen(entry->d_name);
			_cleanup_free_ char *path = NULL;

			if (len < 6 || strcmp(entry->d_name + len - 6, ".rules") ||
			    is_overridden(root, i, entry->d_name))
				continue;
			if (!strcmp(entry->d_name, DRIVERS))
				c->has_udev = true;
			if (asprintf(&path, "%s/%s", places[i], entry->d_name) < 0) {
				path = NULL;
				ret = -ENOMEM;
			} else {
				ret = read_rules(c, root, path, entry->d_name);
			}
		}
		if (dir)
			closedir(dir);
	}
	return ret;
}

/**
 * cpu_rules_look - see whether one CPU asks udev for the modules of all, and what that saves
 * @c: what was found; free with cpu_rules_free(), whatever is returned
 * @root: in front of every path, "" for this system
 * @release: of the kernel whose modules are meant
 *
 * Return: 0 or -ENOMEM. What can't be read is not there.
 */
int cpu_rules_look(struct cpu_rules *c, const char *root, const char *release)
{
	int ret;

	*c = (struct cpu_rules){ 0 };
	ret = find_rules(c, root);
	if (!ret)
		ret = count_cpus(&c->devices[KIND_CPU], root);
	if (!ret)
		ret = count_processors(&c->devices[KIND_ACPI], root);
	if (!ret)
		ret = match_modules(c, root, release);
	return ret;
}

/**
 * cpu_rules_saved - how many loads of a boot rules make unnecessary at most
 * @c: what was found
 * @without_rules: count only devices for which there are no rules yet
 *
 * Return: a load per module and device, except for those of the first device.
 */
u64 cpu_rules_saved(const struct cpu_rules *c, bool without_rules)
{
	enum cpu_kind kind;
	u64 sum = 0;

	for (kind = 0; kind < KIND_NR; kind++) {
		const struct cpu_devices *d = &c->devices[kind];

		if (d->nr && !(without_rules && d->rules))
			sum += (d->nr - 1) * d->nr_modules;
	}
	return sum;
}

/**
 * cpu_rules_free - free what cpu_rules_look() found
 * @c: afterwards empty
 */
void cpu_rules_free(struct cpu_rules *c)
{
	enum cpu_kind kind;
	size_t i;

	for (kind = 0; kind < KIND_NR; kind++) {
		for (i = 0; i < c->devices[kind].nr_modules; i++)
			free(c->devices[kind].modules[i]);
		free(c->devices[kind].modalias);
		free(c->devices[kind].rules);
	}
	free(c->late);
	*c = (struct cpu_rules){ 0 };
}
