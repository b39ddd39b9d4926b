// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/btf.h"

#include <linux/btf.h>

/* Unnamed members within unnamed members; the kernel's own have two or three. */
#define DEPTH_MAX 8

static const struct btf_type *type_at(const struct btf *b, u32 id)
{
	return id && id < b->nr_types ? (const void *)(b->data.data + b->types[id]) : NULL;
}

static const char *name_at(const struct btf *b, u32 offset)
{
	return offset < b->strings_size ? b->data.data + b->strings + offset : "";
}

/* What follows a type, by its kind. Return: bytes, or -1 for a kind that isn't known. */
static s64 extra_size(const struct btf_type *t)
{
	const u64 nr = BTF_INFO_VLEN(t->info);

	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return nr * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return nr * 8;
	case BTF_KIND_DATASEC:
	case BTF_KIND_ENUM64:
		return nr * 12;
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	default:
		return -1;
	}
}

static int index_types(struct btf *b, u64 at, u64 end)
{
	int ret = grow(&b->types, &b->cap_types, 1, sizeof(*b->types));

	b->nr_types = 1;	/* number 0 is void */
	while (!ret && end - at >= sizeof(struct btf_type)) {
		s64 extra = extra_size((const void *)(b->data.data + at));
		u64 left = end - at - sizeof(struct btf_type);

		if (extra < 0 || (u64)extra > left)
			return -EINVAL;
		ret = grow(&b->types, &b->cap_types, b->nr_types + 1, sizeof(*b->types));
		if (!ret)
			b->types[b->nr_types++] = at;
		at += sizeof(struct btf_type) + extra;
	}
	return ret;
}

/**
 * btf_read - read type information
 * @b: filled; btf_free() frees it, after an error too
 * @path: the file, as /sys/kernel/btf/vmlinux
 *
 * Return: 0 or -errno.
 */
int btf_read(struct btf *b, const char *path)
{
	struct btf_header h;
	u64 types, strings;
	int ret;

	*b = (struct btf){ 0 };
	ret = read_small_file(path, &b->data);
	if (ret)
		return ret;
	if (b->data.len < sizeof(h))
		return -EINVAL;
	memcpy(&h, b->data.data, sizeof(h));
	types = (u64)h.hdr_len + h.type_off;
	strings = (u64)h.hdr_len + h.str_off;
	if (h.magic != BTF_MAGIC || types % 4 || types + h.type_len > b->data.len ||
	    strings + h.str_len > b->data.len || b->data.len > UINT32_MAX)
		return -EINVAL;
	b->strings = strings;
	b->strings_size = h.str_len;
	return index_types(b, types, types + h.type_len);
}

/* Past names and qualifiers of a type to what it is. */
static const struct btf_type *plain_type(const struct btf *b, u32 id)
{
	unsigned int depth;

	for (depth = 0; depth < DEPTH_MAX; depth++) {
		const struct btf_type *t = type_at(b, id);

		if (!t)
			return NULL;
		switch (BTF_INFO_KIND(t->info)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_CONST:
		case BTF_KIND_TYPE_TAG:
			id = t->type;
			break;
		default:
			return t;
		}
	}
	return NULL;
}

static bool is_compound(const struct btf_type *t)
{
	return t && (BTF_INFO_KIND(t->info) == BTF_KIND_STRUCT ||
		     BTF_INFO_KIND(t->info) == BTF_KIND_UNION);
}

/* Find a member, also in those without a name. Return: its type's number, 0 if there is none. */
static u32 find_member(const struct btf *b, const struct btf_type *t, const char *name, size_t len,
		       u32 *offset, unsigned int depth)
{
	const struct btf_member *m = (const void *)(t + 1);
	unsigned int i, nr = BTF_INFO_VLEN(t->info);

	for (i = 0; i < nr; i++) {
		u32 bits = BTF_INFO_KFLAG(t->info) ? BTF_MEMBER_BIT_OFFSET(m[i].offset) :
						     m[i].offset;
		const char *its = name_at(b, m[i].name_off);
		const struct btf_type *inner;
		u32 inside = 0, found;

		if (strlen(its) == len && !memcmp(its, name, len)) {
			*offset = bits / 8;
			return m[i].type;
		}
		inner = *its || depth >= DEPTH_MAX ? NULL : plain_type(b, m[i].type);
		if (!is_compound(inner))
			continue;
		found = find_member(b, inner, name, len, &inside, depth + 1);
		if (found) {
			*offset = bits / 8 + inside;
			return found;
		}
	}
	return 0;
}

/**
 * btf_offset - where a member of a structure is
 * @b: the type information
 * @structure: name of the structure
 * @members: the member, and those in it, as "f_path.dentry"
 * @offset: filled
 *
 * Return: 0 or -ENOENT.
 */
int btf_offset(const struct btf *b, const char *structure, const char *members, u32 *offset)
{
	const struct btf_type *t = NULL;
	size_t i;

	for (i = 1; i < b->nr_types && !t; i++) {
		t = type_at(b, i);
		if (BTF_INFO_KIND(t->info) != BTF_KIND_STRUCT || !BTF_INFO_VLEN(t->info) ||
		    strcmp(name_at(b, t->name_off), structure))
			t = NULL;
	}
	for (*offset = 0; is_compound(t); ) {
		size_t len = strcspn(members, ".");
		u32 at, type = find_member(b, t, members, len, &at, 0);

		if (!type)
			return -ENOENT;
		*offset += at;
		if (!members[len])
			return 0;
		members += len + 1;
		t = plain_type(b, type);
	}
	return -ENOENT;
}

/**
 * btf_free - free type information
 * @b: empty and usable afterwards
 */
void btf_free(struct btf *b)
{
	buf_free(&b->data);
	free(b->types);
	*b = (struct btf){ 0 };
}
