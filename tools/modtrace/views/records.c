// SPDX-License-Identifier: GPL-2.0-only
#include "views/records.h"

#include <inttypes.h>

#include "lib/csv.h"
#include "lib/escape.h"
#include "lib/format.h"
#include "lib/json.h"

/*
 * A record that waits to be sorted: where it stands as it will be written, in a file, as there may be
 * more than fits into memory; and what it is sorted by.
 */
struct kept_record {
	u64 at;
	u64 len;
	struct record_value *keys;
};

/**
 * record_set - a number of a record
 * @v: the value
 * @known: whether it is known
 * @number: the number
 */
void record_set(struct record_value *v, bool known, u64 number)
{
	*v = (struct record_value){ .has = true, .known = known, .number = number };
}

/**
 * record_set_text - a text of a record
 * @v: the value
 * @text: the text, which must live as long as the value; NULL if unknown
 */
void record_set_text(struct record_value *v, const char *text)
{
	*v = (struct record_value){ .has = true, .known = text,
				    .text = { text, text ? strlen(text) : 0 } };
}

static size_t field_find(const struct records *r, const char *name, size_t len)
{
	size_t i = 0;

	while (i < r->nr_fields &&
	       (strlen(r->fields[i].key) != len || memcmp(r->fields[i].key, name, len)))
		i++;
	return i;
}

/**
 * records_choose - read a list of fields
 * @r: has the fields there are
 * @c: filled
 * @list: names with commas between, each perhaps with - ahead, to reverse an order
 * @err: says what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int records_choose(const struct records *r, struct record_choice *c, const char *list,
		   struct err *err)
{
	*c = (struct record_choice){ 0 };
	for (;;) {
		const bool reverse = *list == '-';
		const size_t len = strcspn(list + reverse, ",");
		const size_t field = field_find(r, list + reverse, len);

		if (field == r->nr_fields)
			return err_set(err, -EINVAL,
				       "unknown field \"%.*s\" of --%s; see modtrace report --help",
				       (int)len, list + reverse, r->name);
		if (c->nr == RECORD_FIELDS_MAX)
			return err_set(err, -EINVAL, "more than %u fields", RECORD_FIELDS_MAX);
		c->reverse[c->nr] = reverse;
		c->field[c->nr++] = field;
		list += reverse + len;
		if (!*list++)
			return 0;
	}
}

static void choose_all(struct records *r)
{
	size_t i;

	for (i = 0; i < r->nr_fields; i++)
		if (!r->fields[i].of_file || r->format == RECORDS_LINES)
			r->chosen.field[r->chosen.nr++] = i;
}

/* For people, whose values have units of their own. */
static void heading(const struct record_field *f, char *head, size_t size)
{
	const char *unit = f->kind == RECORD_BYTES ? strstr(f->key, "_bytes") :
			   f->kind == RECORD_NS || f->kind == RECORD_TIME ? strstr(f->key, "_ns") :
			   NULL;
	size_t len = unit ? (size_t)(unit - f->key) : strlen(f->key), n;

	for (n = 0; n < len && n + 1 < size; n++)
		head[n] = f->key[n] >= 'a' && f->key[n] <= 'z' ? f->key[n] - 'a' + 'A' : f->key[n];
	head[n] = '\0';
}

static int column_width(const struct record_field *f)
{
	char head[64];

	heading(f, head, sizeof(head));
	return strlen(head) > f->width ? (int)strlen(head) : f->width;
}

static bool is_left(const struct record_field *f)
{
	return f->kind == RECORD_TEXT || f->kind == RECORD_DEVICE || f->kind == RECORD_BOOL;
}

static void pad_cell(const struct records *r, size_t n, const char *text, FILE *out)
{
	const struct record_field *f = &r->fields[r->chosen.field[n]];
	const int pad = column_width(f) - (int)display_width(text);
	const bool last = n + 1 == r->chosen.nr;

	if (!is_left(f))
		fprintf(out, "%*s", pad > 0 ? pad : 0, "");
	fputs(text, out);
	if (is_left(f) && !last)
		fprintf(out, "%*s", pad > 0 ? pad : 0, "");
	fputs(last ? "\n" : "  ", out);
}

static int open_spool(struct records *r, struct err *err)
{
	int fd = temporary_file(err);

	if (fd < 0)
		return fd;
	r->spool = fdopen(fd, "w+");
	if (r->spool)
		return 0;
	close(fd);
	return err_set(err, -ENOMEM, "out of memory");
}

/**
 * records_begin - write what precedes the records
 * @r: the stream, all of it but the private part set
 * @err: says what is wrong, unless that is the stream
 *
 * Return: 0, -EIO if the stream has an error, or another -errno if nothing can be kept to be sorted.
 */
int records_begin(struct records *r, struct err *err)
{
	int ret = r->order.nr ? open_spool(r, err) : 0;
	size_t i;

	if (ret)
		return ret;
	r->is_whole = !r->chosen.nr;
	if (r->is_whole && r->format != RECORDS_TEXT)
		choose_all(r);
	if (r->format == RECORDS_JSON)
		fprintf(r->out, "{\n  \"schema\": 1,\n  \"%s\": [", r->name);
	for (i = 0; i < r->chosen.nr; i++) {
		const struct record_field *f = &r->fields[r->chosen.field[i]];
		char head[64];

		heading(f, head, sizeof(head));
		if (r->format == RECORDS_CSV)
			fprintf(r->out, "%s%s", i ? "," : "", f->key);
		else if (r->format == RECORDS_TEXT)
			pad_cell(r, i, head, r->out);
	}
	if (r->format == RECORDS_CSV)
		fputs("\r\n", r->out);
	return ferror(r->out) ? -EIO : 0;
}

static int write_cell_text(const struct records *r, size_t n, const struct record_value *v,
			   FILE *out)
{
	const struct record_field *f = &r->fields[r->chosen.field[n]];
	_cleanup_free_ char *clean = NULL;
	char text[48];
	u64 t;

	if (!v->known || !v->has) {
		pad_cell(r, n, v->has ? "?" : "-", out);
		return 0;
	}
	switch (f->kind) {
	case RECORD_TEXT:
		clean = escape_dup(v->text.text, v->text.len);
		if (!clean)
			return -ENOMEM;
		pad_cell(r, n, *clean ? clean : "\"\"", out);
		return 0;
	case RECORD_BYTES:
		format_bytes(text, sizeof(text), v->number);
		break;
	case RECORD_NS:
		format_ns(text, sizeof(text), v->number);
		break;
	case RECORD_TIME:
		t = sat_sub(v->number, r->start_ns);
		snprintf(text, sizeof(text), "%" PRIu64 ".%06" PRIu64, t / NSEC_PER_SEC,
			 t % NSEC_PER_SEC / 1000);
		break;
	case RECORD_DEVICE:
		snprintf(text, sizeof(text), "%" PRIu64 ",%" PRIu64, v->number >> 20,
			 v->number & 0xfffff);
		break;
	case RECORD_BOOL:
		snprintf(text, sizeof(text), "%s", v->number ? "yes" : "no");
		break;
	case RECORD_SIGNED:
		snprintf(text, sizeof(text), "%" PRId64, (s64)v->number);
		break;
	case RECORD_NUMBER:
		snprintf(text, sizeof(text), "%" PRIu64, v->number);
		break;
	}
	pad_cell(r, n, text, out);
	return 0;
}

static void write_cell_json(struct json *j, const struct record_field *f,
			    const struct record_value *v)
{
	if (!v->known) {
		json_null(j, f->key);
		return;
	}
	switch (f->kind) {
	case RECORD_TEXT:
		json_bytes(j, f->key, v->text.text, v->text.len);
		break;
	case RECORD_SIGNED:
		json_signed(j, f->key, (s64)v->number);
		break;
	case RECORD_BOOL:
		json_bool(j, f->key, v->number);
		break;
	default:
		json_number(j, f->key, v->number);
	}
}

static int write_cell_csv(const struct record_field *f, const struct record_value *v, FILE *out)
{
	if (!v->known)
		return 0;
	switch (f->kind) {
	case RECORD_TEXT:
		return csv_text(out, v->text.text, v->text.len);
	case RECORD_SIGNED:
		fprintf(out, "%" PRId64, (s64)v->number);
		return 0;
	case RECORD_BOOL:
		fputs(v->number ? "true" : "false", out);
		return 0;
	default:
		fprintf(out, "%" PRIu64, v->number);
		return 0;
	}
}

static int write_record(const struct records *r, const struct record_value *values,
			record_print_fn print, const void *context, FILE *out)
{
	struct json j = { .out = out, .compact = true };
	const bool is_json = r->format == RECORDS_JSON || r->format == RECORDS_LINES;
	int ret = 0;
	size_t i;

	if (!r->chosen.nr)
		return print(context, out);
	if (is_json)
		json_open(&j, NULL, '{');
	for (i = 0; i < r->chosen.nr && !ret; i++) {
		const struct record_field *f = &r->fields[r->chosen.field[i]];
		const struct record_value *v = &values[r->chosen.field[i]];

		if (is_json && r->sparse && r->is_whole && !v->has)
			continue;
		if (is_json)
			write_cell_json(&j, f, v);
		else if (r->format == RECORDS_TEXT)
			ret = write_cell_text(r, i, v, out);
		else if (fputs(i ? "," : "", out) >= 0)
			ret = write_cell_csv(f, v, out);
	}
	if (is_json)
		json_close(&j, '}');
	if (r->format == RECORDS_LINES)
		fputc('\n', out);
	else if (r->format == RECORDS_CSV)
		fputs("\r\n", out);
	return j.failed ? -ENOMEM : ret;
}

static void between(struct records *r)
{
	if (r->format == RECORDS_JSON)
		fputs(r->nr ? ",\n    " : "\n    ", r->out);
	r->nr++;
}

static int keep(struct records *r, const struct record_value *values, record_print_fn print,
		const void *context)
{
	struct kept_record k = { 0 };
	size_t i;
	int ret;

	if (grow(&r->kept, &r->cap_kept, r->nr_kept + 1, sizeof(*r->kept)))
		return -ENOMEM;
	k.at = ftello(r->spool);
	ret = write_record(r, values, print, context, r->spool);
	k.len = ftello(r->spool) - k.at;
	if (!ret && ferror(r->spool))
		ret = -ENOSPC;
	k.keys = calloc(r->order.nr, sizeof(*k.keys));
	for (i = 0; k.keys && i < r->order.nr && !ret; i++) {
		const struct record_value *v = &values[r->order.field[i]];

		k.keys[i] = *v;
		if (!v->text.text)
			continue;
		k.keys[i].text.text = strndup(v->text.text, v->text.len);
		if (!k.keys[i].text.text)
			ret = -ENOMEM;
	}
	r->kept[r->nr_kept++] = k;
	return k.keys ? ret : -ENOMEM;
}

/**
 * records_add - write a record, or keep it until it can be sorted
 * @r: the stream
 * @values: of all fields
 * @print: writes it for people, in text without chosen fields
 * @context: handed to it
 *
 * Return: 0, -ENOMEM, -EIO if the stream has an error, or another -errno if it can't be kept.
 */
int records_add(struct records *r, const struct record_value *values, record_print_fn print,
		const void *context)
{
	int ret;

	if (r->order.nr)
		return keep(r, values, print, context);
	between(r);
	ret = write_record(r, values, print, context, r->out);
	return ret ? ret : ferror(r->out) ? -EIO : 0;
}

static int compare_values(enum record_kind kind, const struct record_value *a,
			  const struct record_value *b)
{
	size_t len = a->text.len < b->text.len ? a->text.len : b->text.len;
	int c;

	switch (kind) {
	case RECORD_TEXT:
		c = len ? memcmp(a->text.text, b->text.text, len) : 0;
		return c ? c : (a->text.len > b->text.len) - (a->text.len < b->text.len);
	case RECORD_SIGNED:
		return ((s64)a->number < (s64)b->number) - ((s64)a->number > (s64)b->number);
	default:
		return (a->number < b->number) - (a->number > b->number);
	}
}

/* As columns_compare() has it: numbers from the largest, names from A, what isn't known last. */
static int by_order(const void *x, const void *y, void *context)
{
	const struct kept_record *a = x, *b = y;
	const struct records *r = context;
	size_t i;

	for (i = 0; i < r->order.nr; i++) {
		int c;

		if (a->keys[i].known != b->keys[i].known)
			return a->keys[i].known ? -1 : 1;
		c = a->keys[i].known ? compare_values(r->fields[r->order.field[i]].kind,
						      &a->keys[i], &b->keys[i]) : 0;
		if (c)
			return r->order.reverse[i] ? -c : c;
	}
	return (a->at > b->at) - (a->at < b->at);
}

static int write_kept(struct records *r, const struct kept_record *k, struct buf *text)
{
	ssize_t n;

	if (grow(&text->data, &text->cap, k->len, 1))
		return -ENOMEM;
	n = pread(fileno(r->spool), text->data, k->len, k->at);
	if (n != (ssize_t)k->len)
		return n < 0 ? -errno : -ENOSPC;
	between(r);
	fwrite(text->data, 1, k->len, r->out);
	return 0;
}

/**
 * records_end - write those that were kept
 * @r: the stream; of JSON what follows the records is the caller's to write
 *
 * Return: 0, -EIO if the stream has an error, or another -errno if they can't be read again.
 */
int records_end(struct records *r)
{
	_cleanup_buf_ struct buf text = { 0 };
	int ret = 0;
	size_t i;

	if (r->nr_kept)
		qsort_r(r->kept, r->nr_kept, sizeof(*r->kept), by_order, r);
	if (r->nr_kept && fflush(r->spool))
		return -ENOSPC;
	for (i = 0; i < r->nr_kept && !ret; i++)
		ret = write_kept(r, &r->kept[i], &text);
	if (ret)
		return ret;
	if (r->format == RECORDS_JSON)
		fputs(r->nr ? "\n  ]" : "]", r->out);
	return ferror(r->out) ? -EIO : 0;
}

/**
 * records_free - free what was kept
 * @r: the stream
 */
void records_free(struct records *r)
{
	size_t i, n;

	for (i = 0; i < r->nr_kept; i++) {
		for (n = 0; r->kept[i].keys && n < r->order.nr; n++)
			free((char *)r->kept[i].keys[n].text.text);
		free(r->kept[i].keys);
	}
	if (r->spool)
		fclose(r->spool);
	r->spool = NULL;
	free(r->kept);
	r->kept = NULL;
	r->nr_kept = 0;
}
