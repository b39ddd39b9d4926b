/* SPDX-License-Identifier: GPL-2.0-only */
/* Attempts or events one by one: fields of which some are chosen, in any format and order. */
#ifndef MODTRACE_RECORDS_H
#define MODTRACE_RECORDS_H

#include "formats/event.h"
#include "source/source_info.h"

enum record_kind {
	RECORD_TEXT,
	RECORD_NUMBER,
	RECORD_SIGNED,
	RECORD_BYTES,
	RECORD_NS,
	RECORD_TIME, /* ns on the recording's clock */
	RECORD_DEVICE, /* the kernel's dev_t */
	RECORD_BOOL,
};

/**
 * struct record_field - one of them
 * @key: its name, in all formats
 * @kind: how it is shown
 * @width: of its column in text, at least
 * @of_file: the same in all records of a file: only lines of JSON have it unless it is chosen
 */
struct record_field {
	const char *key;
	enum record_kind kind;
	u8 width;
	bool of_file;
};

/**
 * struct record_value - what a record has in a field
 * @has: its kind of record has the field
 * @known: the value is known
 * @number: the value, a signed one as its two's complement
 * @text: likewise, of RECORD_TEXT
 */
struct record_value {
	bool has;
	bool known;
	u64 number;
	struct str text;
};

#define RECORD_FIELDS_MAX 64

enum record_format { RECORDS_TEXT, RECORDS_JSON, RECORDS_LINES, RECORDS_CSV, RECORDS_NONE };

struct record_choice {
	u8 field[RECORD_FIELDS_MAX];
	bool reverse[RECORD_FIELDS_MAX];
	size_t nr;
};

/* Write a record for people; return 0 or -errno. */
typedef int (*record_print_fn)(const void *context, FILE *out);

/**
 * struct records - a stream of records
 * @name: of the array of JSON
 * @fields: all there are
 * @nr_fields: how many
 * @sparse: in JSON a record has only the fields that its kind has, unless fields are chosen
 * @format: what is written
 * @chosen: the fields, in order; all by default, and in text what the caller prints
 * @order: what to sort by; unsorted without any
 * @start_ns: what times in text count from
 * @out: where to
 */
struct records {
	const char *name;
	const struct record_field *fields;
	size_t nr_fields;
	bool sparse;
	enum record_format format;
	struct record_choice chosen;
	struct record_choice order;
	u64 start_ns;
	FILE *out;

	/* private */
	bool is_whole;
	u64 nr;
	FILE *spool;
	struct kept_record *kept;
	size_t nr_kept;
	size_t cap_kept;
};

int records_choose(const struct records *r, struct record_choice *c, const char *list,
		   struct err *err);
int records_begin(struct records *r, struct err *err);
int records_add(struct records *r, const struct record_value *values, record_print_fn print,
		const void *context);
int records_end(struct records *r);
void records_free(struct records *r);

void record_set(struct record_value *v, bool known, u64 number);
void record_set_text(struct record_value *v, const char *text);

#endif
