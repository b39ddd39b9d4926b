/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON, written as it comes: commas and indentation follow from the depth. */
#ifndef MODTRACE_JSON_H
#define MODTRACE_JSON_H

#include "lib/util.h"

/**
 * struct json - a document being written
 * @out: where to
 * @compact: all of it in one line
 * @failed: memory ran out, so something is missing
 */
struct json {
	FILE *out;
	bool compact;
	bool failed;

	/* private */
	int depth;
	bool inside;		/* the group has a value already */
};

void json_open(struct json *j, const char *key, char bracket);
void json_resume(struct json *j, int depth);
void json_close(struct json *j, char bracket);
void json_string(struct json *j, const char *key, const char *text);
void json_bytes(struct json *j, const char *key, const char *text, size_t len);
void json_number(struct json *j, const char *key, u64 value);
void json_signed(struct json *j, const char *key, s64 value);
void json_number_if(struct json *j, const char *key, bool known, u64 value);
void json_null(struct json *j, const char *key);
void json_bool(struct json *j, const char *key, bool value);
void json_fraction(struct json *j, const char *key, double value);
int json_end(struct json *j);

#endif
