/* SPDX-License-Identifier: GPL-2.0-only */
/* THE table of events: record takes its list from it, report its decoders. */
#ifndef MODTRACE_EVENTS_H
#define MODTRACE_EVENTS_H

#include "formats/event.h"

struct tep_handle;

enum event_need {
	NEED_REQUIRED, /* without it there is no recording of attempts */
	NEED_OPTIONAL, /* recorded where the kernel has it, in either mode */
	NEED_STOCK, /* in stock mode, as NEED_REQUIRED in the other */
	NEED_OPENS, /* in stock mode, if files are named by the opens of them */
	NEED_PROBE, /* in stock mode, if the probe could be made */
	NEED_NAMES, /* to tell tasks' names where not all of them are wanted */
	NEED_NONE, /* understood in others' recordings, never recorded */
};

/**
 * struct event_field - where a field of the kernel's goes
 * @name: the kernel's name of it
 * @offset: in struct event
 * @size: in struct event; 0 for a string, which is a struct str there
 * @required: a record without it can't be used
 * @element: of a system call's arguments, which, from 1
 * @is_path: a string of which only the last component is wanted, as far as it fits a comm
 */
struct event_field {
	const char *name;
	u16 offset;
	u8 size;
	bool required;
	u8 element;
	bool is_path;
};

/**
 * struct event_desc - one tracepoint
 * @system: trace system; with * at its end any that begins so
 * @name: its name
 * @type: what the model gets
 * @need: whether record wants it
 * @remedy: what a kernel without it lacks
 * @fields: what is read of it, ended by one without a name
 */
struct event_desc {
	const char *system;
	const char *name;
	enum event_type type;
	enum event_need need;
	const char *remedy;
	const struct event_field *fields;
};

#define EVENTS_MAX_FIELDS 12

/**
 * struct event_reader - a tracepoint's layout in one recording, resolved once
 * @desc: the table's entry, NULL for an event we have none for
 * @broken: name of a required field the layout lacks, else NULL
 */
struct event_reader {
	const struct event_desc *desc;
	const char *broken;
	u8 nr;
	struct event_reader_field {
		u32 from;	/* offset in the raw record */
		u16 size;
		bool is_signed;
		bool is_string;
		bool is_array;	/* a string in place */
		bool is_relative;
		bool is_path;
		bool is_required;
		u8 to_size;
		u16 to;
	} fields[EVENTS_MAX_FIELDS];
	u32 pid_from;
	u8 pid_size;
	u32 wait_end;		/* a record that reaches until here has wait_ns; 0: none does */
	size_t whole;		/* a record of this size or more has them all */
	u8 nr_8;		/* the first fields: numbers of 8 bytes here and there */
	u8 nr_4;		/* and behind them those of 4 bytes */
};

extern const struct event_desc event_table[];
extern const size_t event_table_nr;

const struct event_desc *event_desc_find(const char *system, const char *name);
int event_reader_init(struct event_reader *r, struct tep_handle *tep, const char *format,
		      size_t len, const char *system, int *id, struct buf *name);
int event_read(const struct event_reader *r, const void *raw, size_t size, struct event *ev);
bool str_is_fault(const struct str *text);
bool event_field_is_known(const struct event *ev, const struct event_field *field);

void module_name_of_file(const char *file, size_t len, char *name, size_t size);

#endif
