// SPDX-License-Identifier: GPL-2.0-only
#include "formats/tracing_data.h"

#include <limits.h>

#define MAGIC "\027\010\104tracing"
#define MAGIC_SIZE 10
#define VERSION "0.6"

static int add_sized(struct buf *out, const char *text)
{
	u64 size = strlen(text);
	int ret = buf_add(out, &size, 8);

	return ret ? ret : buf_add(out, text, size);
}

static int add_formats(struct buf *out, const struct tracing_format *formats, size_t nr)
{
	size_t i, j;
	u32 systems = 0, count;
	int ret = 0;

	/* Formats of a system stand together, as the table of events has them. */
	for (i = 0; i < nr; i++)
		systems += !i || strcmp(formats[i].system, formats[i - 1].system);
	ret = buf_add(out, &systems, 4);
	for (i = 0; i < nr && !ret; i = j) {
		for (j = i; j < nr && !strcmp(formats[j].system, formats[i].system); j++)
			;
		count = j - i;
		ret = buf_add(out, formats[i].system, strlen(formats[i].system) + 1);
		if (!ret)
			ret = buf_add(out, &count, 4);
		for (size_t k = i; k < j && !ret; k++)
			ret = add_sized(out, formats[k].text);
	}
	return ret;
}

/**
 * tracing_data_write - make the section
 * @out: it is appended here
 * @info: where it is recorded
 * @formats: the formats, those of one system together; terminated texts
 * @nr: how many
 *
 * Return: 0 or -ENOMEM.
 */
int tracing_data_write(struct buf *out, const struct tracing_info *info,
		       const struct tracing_format *formats, size_t nr)
{
	static const u32 none;
	static const u64 none_long;
	const u8 big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	const u8 long_size = info->long_size;
	const u32 page_size = info->page_size;
	int ret;

	ret = buf_add(out, MAGIC, MAGIC_SIZE);
	if (!ret)
		ret = buf_add(out, VERSION, sizeof(VERSION));
	if (!ret)
		ret = buf_add(out, &big_endian, 1);
	if (!ret)
		ret = buf_add(out, &long_size, 1);
	if (!ret)
		ret = buf_add(out, &page_size, 4);
	if (!ret)
		ret = buf_add(out, "header_page", sizeof("header_page"));
	if (!ret)
		ret = add_sized(out, info->header_page);
	if (!ret)
		ret = buf_add(out, "header_event", sizeof("header_event"));
	if (!ret)
		ret = add_sized(out, info->header_event);
	if (!ret)
		ret = buf_add(out, &none, 4);	/* formats of ftrace's own events */
	if (!ret)
		ret = add_formats(out, formats, nr);
	if (!ret)
		ret = buf_add(out, &none, 4);	/* kallsyms */
	if (!ret)
		ret = buf_add(out, &none, 4);	/* printk formats */
	if (!ret)
		ret = buf_add(out, &none_long, 8);	/* saved command lines */
	return ret;
}

struct reader {
	const u8 *at;
	size_t left;
};

static bool take(struct reader *r, void *to, size_t size)
{
	if (r->left < size)
		return false;
	if (to)
		memcpy(to, r->at, size);
	r->at += size;
	r->left -= size;
	return true;
}

static bool take_string(struct reader *r, const char **text)
{
	const u8 *end = memchr(r->at, 0, r->left);

	if (!end)
		return false;
	*text = (const char *)r->at;
	return take(r, NULL, end + 1 - r->at);
}

static bool take_sized(struct reader *r, const char **text, size_t *len)
{
	u64 size;

	if (!take(r, &size, 8) || size > r->left)
		return false;
	*text = (const char *)r->at;
	*len = size;
	return take(r, NULL, size);
}

static bool take_headers(struct reader *r, struct tracing_info *info)
{
	const char *text;
	u8 big_endian, long_size;
	u32 page_size;
	size_t len;

	if (r->left < MAGIC_SIZE || memcmp(r->at, MAGIC, MAGIC_SIZE))
		return false;
	if (!take(r, NULL, MAGIC_SIZE) || !take_string(r, &text) || !take(r, &big_endian, 1) ||
	    !take(r, &long_size, 1) || !take(r, &page_size, 4))
		return false;
	if (big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) ||
	    (long_size != 4 && long_size != 8) || page_size > INT_MAX)
		return false;
	*info = (struct tracing_info){ .long_size = long_size, .page_size = page_size };
	return take_string(r, &text) && !strcmp(text, "header_page") &&
	       take_sized(r, &text, &len) && take_string(r, &text) &&
	       !strcmp(text, "header_event") && take_sized(r, &text, &len);
}

/**
 * tracing_data_read - go through a section
 * @data: the section; need not be trusted
 * @size: its size
 * @fn: called for each tracepoint's format, whose name is not known yet; non-zero ends it
 * @context: handed to @fn
 *
 * Return: 0, what @fn returned, or -EINVAL where the section is none or ends too soon;
 * formats ahead of that were handed on.
 */
int tracing_data_read(const u8 *data, size_t size, tracing_format_fn fn, void *context)
{
	struct reader r = { .at = data, .left = size };
	struct tracing_format f = { 0 };
	struct tracing_info info;
	u32 nr, systems, count;
	int ret;

	if (!take_headers(&r, &info) || !take(&r, &nr, 4))
		return -EINVAL;
	while (nr--)
		if (!take_sized(&r, &f.text, &f.len))
			return -EINVAL;
	if (!take(&r, &systems, 4))
		return -EINVAL;
	while (systems--) {
		if (!take_string(&r, &f.system) || !take(&r, &count, 4))
			return -EINVAL;
		while (count--) {
			if (!take_sized(&r, &f.text, &f.len))
				return -EINVAL;
			ret = fn(context, &info, &f);
			if (ret)
				return ret;
		}
	}
	return 0;
}
