// SPDX-License-Identifier: GPL-2.0-only
#include "model/rows.h"

#include "formats/events.h"

/* More than any machine has; together with what the names take, below what a report may take. */
#define MODULES_MAX 16384
#define REQUESTERS_MAX 32768
#define REQUESTS_MAX 32768

#define NAME_UNKNOWN "(unnamed)"
#define OTHERS "(others)"

/**
 * module_get - the row of a module, made if there is none yet
 * @m: the model
 * @name: its name, interned
 *
 * Return: the row, that of the others if there are too many, or NULL without memory.
 */
struct module *module_get(struct model *m, const char *name)
{
	struct module *module = map_get(&m->module_by_name, (uintptr_t)name);

	if (module)
		return module;
	if (m->nr_modules >= MODULES_MAX) {
		m->evicted++;
		name = strings_intern(&m->strings, OTHERS, strlen(OTHERS));
		if (!name)
			return NULL;
		module = map_get(&m->module_by_name, (uintptr_t)name);
		if (module)
			return module;
	}
	if (grow(&m->modules, &m->cap_modules, m->nr_modules + 1, sizeof(*m->modules)))
		return NULL;
	module = calloc(1, sizeof(*module));
	if (!module)
		return NULL;
	module->name = name;
	if (map_set(&m->module_by_name, (uintptr_t)name, module)) {
		free(module);
		return NULL;
	}
	m->modules[m->nr_modules++] = module;
	return module;
}

static bool is_worse(const struct requester *r, const struct requester *than)
{
	const u64 wasted = cost_total(&r->wasted), less = cost_total(&than->wasted);

	const u64 spent = sat_add(r->times.ns[CALL_DUP], r->times.ns[CALL_FAIL]);
	const u64 spent_less = sat_add(than->times.ns[CALL_DUP], than->times.ns[CALL_FAIL]);

	if (wasted != less)
		return wasted > less;
	if (spent != spent_less)
		return spent > spent_less;
	if (r->attempts != than->attempts)
		return r->attempts > than->attempts;
	return strcmp(r->who.comm, than->who.comm) < 0;
}

/**
 * module_top_requester - who wasted most with a module
 * @module: the module
 *
 * Return: the requester with most wasted bytes, then most attempts; NULL if there is none.
 */
const struct requester *module_top_requester(const struct module *module)
{
	const struct requester *top = NULL, *r;

	for (r = module->requesters; r; r = r->next)
		if (r->attempts && (!top || is_worse(r, top)))
			top = r;
	return top;
}

static bool is_requester(const struct requester *r, const struct module *module,
			 const struct identity *who)
{
	return r->module == module && identity_equal(&r->who, who);
}

/**
 * requester_get - the row of who asked for a module, made if there is none yet
 * @m: the model
 * @module: the module
 * @who: who
 *
 * Return: the row, that of the others if there are too many, or NULL without memory.
 */
struct requester *requester_get(struct model *m, struct module *module,
				       const struct identity *who)
{
	struct requester *first, *r = module->latest;
	u64 key;

	if (r && is_requester(r, module, who))
		return r;
	key = hash_two((uintptr_t)module, identity_hash(who));
	first = map_get(&m->requester_by_key, key);
	for (r = first; r; r = r->chain) {
		if (is_requester(r, module, who)) {
			module->latest = r;
			return r;
		}
	}
	if (m->nr_requesters >= REQUESTERS_MAX) {
		const struct identity others = {
			.comm = strings_intern(&m->strings, OTHERS, strlen(OTHERS)),
		};

		m->evicted++;
		if (!others.comm)
			return NULL;
		/* One such row per module: bounded by the modules. */
		if (!identity_equal(who, &others))
			return requester_get(m, module, &others);
	}
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	*r = (struct requester){ .who = *who, .module = module, .chain = first,
				 .next = module->requesters };
	if (map_set(&m->requester_by_key, key, r)) {
		free(r);
		return NULL;
	}
	module->requesters = r;
	module->latest = r;
	m->nr_requesters++;
	return r;
}

static struct request *request_find(const struct model *m, const char *name, u64 ip)
{
	struct request *r = map_get(&m->request_by_key, hash_two((uintptr_t)name, ip));

	while (r && (r->name != name || r->ip != ip))
		r = r->chain;
	return r;
}

/**
 * request_get - the row of a request of the kernel's, made if there is none yet
 * @m: the model
 * @ev: has the name and the call site
 *
 * Return: the row, that of the others if there are too many, or NULL without memory.
 */
struct request *request_get(struct model *m, const struct event *ev)
{
	const char *name =
		strings_intern(&m->strings, ev->name.text ? ev->name.text : "", ev->name.len);
	u64 ip = ev->ip, key;
	struct request *r;

	if (!name)
		return NULL;
	r = request_find(m, name, ip);
	if (!r && m->nr_requests >= REQUESTS_MAX) {
		name = strings_intern(&m->strings, OTHERS, strlen(OTHERS));
		ip = 0;
		if (!name)
			return NULL;
		m->evicted++;
		r = request_find(m, name, ip);
	}
	if (r)
		return r;
	if (grow(&m->requests, &m->cap_requests, m->nr_requests + 1, sizeof(*m->requests)))
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	key = hash_two((uintptr_t)name, ip);
	*r = (struct request){ .name = name, .ip = ip, .chain = map_get(&m->request_by_key, key) };
	if (map_set(&m->request_by_key, key, r)) {
		free(r);
		return NULL;
	}
	m->requests[m->nr_requests++] = r;
	return r;
}

/**
 * file_module - the name of the module in a file
 * @m: the model
 * @file: the file's name without folders
 *
 * Return: an interned name, or NULL without memory.
 */
const char *file_module(struct model *m, const struct str *file)
{
	struct known_file *known;
	char name[256];

	if (!file->len)
		return strings_intern(&m->strings, NAME_UNKNOWN, strlen(NAME_UNKNOWN));
	known = &m->known_files[hash_bytes(file->text, file->len) % KNOWN_FILES];
	if (known->len == file->len && !memcmp(known->text, file->text, file->len))
		return known->module;
	module_name_of_file(file->text, file->len, name, sizeof(name));
	if (file->len > sizeof(known->text))
		return strings_intern(&m->strings, name, strlen(name));
	known->module = strings_intern(&m->strings, name, strlen(name));
	known->len = known->module ? file->len : 0;
	memcpy(known->text, file->text, known->len);
	return known->module;
}
