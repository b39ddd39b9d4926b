// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of a mapped file that are beyond its end raise SIGBUS. As systemd's journal does, the
 * handler puts a page of zeros in the place, so that the reader goes on and finds what zeros are
 * to it: damage. What a signal handler is to find has to be in variables of its own.
 */
#include "lib/mapping.h"

#include <signal.h>
#include <sys/mman.h>

#define MAPPINGS_MAX 16

static struct {
	uintptr_t base;
	size_t size;
	int protection;
	volatile sig_atomic_t cut;
} mappings[MAPPINGS_MAX];

static void fill_in(int number, siginfo_t *info, void *context)
{
	const uintptr_t page = sysconf(_SC_PAGESIZE), at = (uintptr_t)info->si_addr & ~(page - 1);
	size_t i;

	(void)context;
	for (i = 0; i < MAPPINGS_MAX; i++) {
		if (!mappings[i].base || at < mappings[i].base ||
		    at - mappings[i].base >= mappings[i].size)
			continue;
		if (mmap((void *)at, page, mappings[i].protection,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
			break;
		mappings[i].cut = true;
		return;
	}
	/* Not ours: it happens again, and ends the process. */
	signal(number, SIG_DFL);
}

static void *map_file(int fd, size_t size, int protection)
{
	const struct sigaction action = { .sa_sigaction = fill_in, .sa_flags = SA_SIGINFO };
	void *base = mmap(NULL, size, protection, MAP_PRIVATE, fd, 0);
	size_t i;

	if (base == MAP_FAILED)
		return NULL;
	for (i = 0; i < MAPPINGS_MAX; i++) {
		if (mappings[i].base)
			continue;
		mappings[i].size = size;
		mappings[i].protection = protection;
		mappings[i].cut = false;
		mappings[i].base = (uintptr_t)base;
		break;
	}
	sigaction(SIGBUS, &action, NULL);
	return base;
}

/**
 * mapping_open - map a file for reading
 * @fd: the file; may be closed afterwards
 * @size: how much of it, not 0
 *
 * Return: the bytes, for mapping_close(); those that somebody cuts off read as zeros from then
 * on. NULL with errno if it can't be mapped.
 */
const void *mapping_open(int fd, size_t size)
{
	return map_file(fd, size, PROT_READ);
}

/**
 * mapping_copy - map a copy of a file, which may be written to
 * @fd: the file, which stays as it is
 * @size: how much of it, not 0
 *
 * Return: as mapping_open().
 */
void *mapping_copy(int fd, size_t size)
{
	return map_file(fd, size, PROT_READ | PROT_WRITE);
}

/**
 * mapping_was_cut - whether the file was found to be shorter than it was
 * @base: what mapping_open() returned
 *
 * Return: true if bytes were read that are no longer in it.
 */
bool mapping_was_cut(const void *base)
{
	size_t i;

	for (i = 0; i < MAPPINGS_MAX; i++)
		if (base && mappings[i].base == (uintptr_t)base)
			return mappings[i].cut;
	return false;
}

/**
 * mapping_forget - let go of the pages that were read so far
 *
 * They count as this process's memory, and of a large file those are many. What is read again comes
 * from the page cache.
 *
 * @base: what mapping_open() returned, or another file's bytes that nobody writes to
 * @size: as it was given
 */
void mapping_forget(const void *base, size_t size)
{
	if (base)
		madvise((void *)base, size, MADV_DONTNEED);
}

/**
 * mapping_close - undo mapping_open()
 * @base: what it returned, or NULL
 * @size: as it was given
 */
void mapping_close(const void *base, size_t size)
{
	size_t i;

	if (!base)
		return;
	for (i = 0; i < MAPPINGS_MAX; i++)
		if (mappings[i].base == (uintptr_t)base)
			mappings[i].base = 0;
	munmap((void *)base, size);
}
