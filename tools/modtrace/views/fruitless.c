// SPDX-License-Identifier: GPL-2.0-only
/* Names that the kernel requests again and again, and that no load follows. */
#include "views/finder.h"

#include <inttypes.h>

#include "lib/format.h"
#include "views/aliases.h"
#include "views/names.h"
#include "views/request_names.h"

#define NAMED 3

/* Events without which a load leaves no trace. */
#define LOADS                                                                        \
	(1U << EVENT_LOAD_BEGIN | 1U << EVENT_LOAD_END | 1U << EVENT_LOAD |          \
	 1U << EVENT_FINIT_ENTER | 1U << EVENT_FINIT_EXIT | 1U << EVENT_INIT_ENTER | \
	 1U << EVENT_INIT_EXIT | 1U << EVENT_RAW_ENTER | 1U << EVENT_RAW_EXIT)

/**
 * struct fruit - what helpers that served requests asked for
 * @names: of modules that there were attempts for, and of requests that led to some; in order
 * @nr: how many
 * @by_kworkers: the most attempts for a module by a child of the kernel's workers, of which it isn't
 *		 known what request it served
 */
struct fruit {
	const char **names;
	size_t nr;
	size_t cap;
	u64 by_kworkers;
};

static char as_module(char c)
{
	return c == '-' ? '_' : c;
}

/* As modules are called, where - and _ are equal. */
static int by_name(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	while (*x && as_module(*x) == as_module(*y))
		x++, y++;
	return (unsigned char)as_module(*x) - (unsigned char)as_module(*y);
}

static int fruit_add(struct fruit *fruit, const char *name)
{
	if (grow(&fruit->names, &fruit->cap, fruit->nr + 1, sizeof(*fruit->names)))
		return -ENOMEM;
	fruit->names[fruit->nr++] = name;
	return 0;
}

static int fruit_add_module(struct fruit *fruit, const struct module *m)
{
	const struct requester *r;
	int ret = m->tally.attempts ? fruit_add(fruit, m->name) : 0;

	for (r = m->requesters; r && !ret; r = r->next) {
		if (!r->attempts)
			continue;
		if (r->who.request)
			ret = fruit_add(fruit, r->who.request->name);
		else if (r->who.parent && !strncmp(r->who.parent, "kworker/", 8) &&
			 r->attempts > fruit->by_kworkers)
			fruit->by_kworkers = r->attempts;
	}
	return ret;
}

static bool bore_fruit(const struct fruit *fruit, const struct request_name *n)
{
	return fruit->by_kworkers >= n->requests - n->requests / 2 ||
	       (fruit->nr &&
		bsearch(&n->name, fruit->names, fruit->nr, sizeof(*fruit->names), by_name));
}

/* Those that were requested often and bore no fruit stay. Return: 0 or -ENOMEM. */
static int keep_fruitless(const struct finder *f, struct request_names *n)
{
	struct fruit fruit = { 0 };
	size_t i, left = 0;
	int ret = 0;

	n->requests = 0;
	for (i = 0; i < f->m->nr_modules && n->nr && !ret; i++)
		ret = fruit_add_module(&fruit, f->m->modules[i]);
	if (fruit.nr)
		qsort(fruit.names, fruit.nr, sizeof(*fruit.names), by_name);
	/* They come in the order of their numbers. */
	for (i = 0; i < n->nr && n->all[i].requests >= STORM_DUPLICATES; i++) {
		if (bore_fruit(&fruit, &n->all[i]))
			continue;
		n->requests += n->all[i].requests;
		n->all[left++] = n->all[i];
	}
	n->nr = left;
	free(fruit.names);
	return ret;
}

/* "net-pf-16-proto-9 400, iptable_raw 12 and 2 more" */
static int say_names(const struct request_names *n, struct buf *text)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < n->nr && i < NAMED && !ret; i++)
		ret = buf_addf(text, "%s%s %" PRIu64, i ? ", " : "", n->all[i].name,
			       n->all[i].requests);
	if (!ret && n->nr > NAMED)
		ret = buf_addf(text, " and %zu more", n->nr - NAMED);
	return ret;
}

/* "net-pf-16-proto-9 (NETLINK_AUDIT)" */
static int say_name(const struct request_name *n, struct buf *text)
{
	char meaning[48];

	if (alias_meaning(n->name, meaning, sizeof(meaning)))
		return buf_addf(text, "%s (%s)", n->name, meaning);
	return buf_addf(text, "%s", *n->name ? n->name : "-");
}

/* "6.7/s from 0.00 to 59.9 s"; of what is over at once a rate tells nothing. */
static int say_span(const struct finder *f, const struct request_name *n, struct buf *text)
{
	const u64 start_ns = f->info->start_ns ? f->info->start_ns : f->m->first_ns;
	const u64 span_ns = sat_sub(n->last_ns, n->first_ns);
	const double from = (double)sat_sub(n->first_ns, start_ns) / NSEC_PER_SEC;
	const double to = (double)sat_sub(n->last_ns, start_ns) / NSEC_PER_SEC;
	const double rate = (double)(n->requests - 1) * NSEC_PER_SEC / (span_ns ? span_ns : 1);
	char span[32];

	if (f->info->untimed)
		return 0;
	if (span_ns >= NSEC_PER_SEC)
		return buf_addf(text, "%.*f/s from %.*f to %.*f s",
				rate < 1  ? 3 :
				rate < 10 ? 1 :
					    0,
				rate, from < 10 ? 2 : 1, from, to < 10 ? 2 : 1, to);
	format_ns(span, sizeof(span), span_ns);
	return buf_addf(text, "within %s", span);
}

/* "6.7/s from 0.00 to 59.9 s, at get_fs_type+0x66, asked for by sshd (child of sshd)" */
static int say_details(const struct finder *f, const struct request_name *n, struct buf *text)
{
	const char *site = source_symbol(f->info, n->most->ip);
	const struct asker *asker;
	bool alone;
	int ret;

	ret = say_span(f, n, text);
	if (!ret && site)
		ret = buf_addf(text, "%sat %s%s", text->len ? ", " : "", site,
			       n->sites > 1 ? " and elsewhere" : "");
	asker = request_name_asker(n, &alone);
	if (ret || !asker || !strcmp(asker->comm, COMM_UNKNOWN))
		return ret;
	return buf_addf(text, "%sasked for by %s%s%s%s%s", text->len ? ", " : "", asker->comm,
			asker->parent ? " (child of " : "", asker->parent ? asker->parent : "",
			asker->parent ? ")" : "", alone ? "" : " and others");
}

/* "net-pf-16-proto-9: CONFIG_AUDIT, which is no module" */
static int add_built_in(const struct request_names *n, struct buf *text)
{
	size_t i;

	for (i = 0; i < n->nr && i < NAMED; i++) {
		const char *option = alias_built_in(n->all[i].name);

		if (option)
			return buf_addf(text, " (%s: %s, which can't be a module)", n->all[i].name,
					option);
	}
	return 0;
}

static int add_aliases(const struct request_names *n, struct buf *text)
{
	int ret = 0;
	size_t i, nr = 0;

	for (i = 0; i < n->nr && i < NAMED && !ret; i++) {
		const char *name = n->all[i].name;

		if (alias_is_plain(name) && alias_is_one(name))
			ret = buf_addf(text, "%s\"alias %s off\" in /etc/modprobe.d/%s.conf",
				       nr++ ? ", " : "", name, name);
	}
	if (ret || !nr)
		return ret;
	ret = buf_addf(text,
		       ": the kernel still requests %s and starts modprobe each time, which "
		       "then ends at once; to end the requests themselves, stop the "
		       "requester or build what is asked for into the kernel",
		       nr == 1 ? "it" : "them");
	return ret ? ret : add_built_in(n, text);
}

static int add_modules(const struct request_names *n, struct buf *text)
{
	int ret = 0;
	size_t i, nr = 0;

	for (i = 0; i < n->nr && i < NAMED && !ret; i++)
		if (alias_is_plain(n->all[i].name) && !alias_is_one(n->all[i].name))
			ret = buf_addf(text, "%s%s",
				       nr++	 ? ", " :
				       text->len ? "; " :
						   "",
				       n->all[i].name);
	if (ret || !nr)
		return ret;
	return buf_addf(text, ": install %s or stop the requester",
			nr == 1 ? "it (its package)" : "them (their packages)");
}

/* What a line of modprobe.d changes, and what it doesn't. */
static void add_remedy(struct finder *f, const struct request_names *n)
{
	_cleanup_buf_ struct buf text = { 0 };

	f->ret = add_aliases(n, &text);
	if (!f->ret)
		f->ret = add_modules(n, &text);
	if (!f->ret && text.len)
		finding_remedy(f, TAKE_PTR(text.data));
}

static void add_evidence_of(struct finder *f, const struct request_names *n)
{
	static const char *const keys[NAMED][2] = { { "request", "request_requests" },
						    { "request_2", "request_2_requests" },
						    { "request_3", "request_3_requests" } };
	const struct request_name *worst = &n->all[0];
	const struct asker *asker;
	bool alone;
	size_t i;

	evidence(f, "requests", n->requests);
	evidence(f, "names", n->nr);
	for (i = 0; i < n->nr && i < NAMED; i++) {
		evidence_text(f, keys[i][0], n->all[i].name);
		evidence(f, keys[i][1], n->all[i].requests);
	}
	evidence_if(f, "first_ns", worst->first_ns, !f->info->untimed);
	evidence_if(f, "last_ns", worst->last_ns, !f->info->untimed);
	asker = request_name_asker(worst, &alone);
	if (!asker)
		return;
	evidence_text(f, "asker", asker->comm);
	evidence_text(f, "asker_parent", asker->parent);
	evidence(f, "asker_tid", (u32)asker->tid);
	evidence(f, "asker_requests", asker->requests);
}

/* In stock mode, loads may be recorded without the calls that would tell of what. */
static bool loads_known(const struct finder *f)
{
	return f->info->recorded & LOADS && (f->m->totals.attempts || !f->m->events[EVENT_LOAD]);
}

static void say_fruitless(struct finder *f, const struct request_names *n)
{
	_cleanup_buf_ struct buf names = { 0 }, worst = { 0 }, details = { 0 };
	const struct filter *filter = f->m->filter;
	const bool some = filter && (filter->from_ns || filter->until_ns);
	const char *followed = !loads_known(f) ? "loads were not recorded" :
			       some	       ? "no load followed in the selected time" :
						 "no load followed in the recording";

	f->ret = say_name(&n->all[0], &worst);
	if (!f->ret && n->nr > 1)
		f->ret = say_names(n, &names);
	if (!f->ret)
		f->ret = say_details(f, &n->all[0], &details);
	if (f->ret)
		return;
	if (n->nr > 1)
		finding_add(f, "fruitless_requests", SEVERITY_WARN, NULL,
			    "the kernel requested %zu names %" PRIu64 " times, and %s: %s; %s%s%s",
			    n->nr, n->requests, followed, names.data, worst.data,
			    details.len ? " " : "", details.len ? details.data : "");
	else
		finding_add(f, "fruitless_requests", SEVERITY_WARN, NULL,
			    "the kernel requested %s %" PRIu64 " times, and %s%s%s", worst.data,
			    n->requests, followed, details.len ? "; " : "",
			    details.len ? details.data : "");
	add_evidence_of(f, n);
	if (!f->ret)
		add_remedy(f, n);
}

/**
 * find_fruitless - look for requests of the kernel's that no load followed
 * @f: the finder
 *
 * Where only some modules or threads are counted, the loads that followed may not be among them.
 */
void find_fruitless(struct finder *f)
{
	const struct filter *filter = f->m->filter;
	struct request_names n;

	if (filter && (filter->modules.nr || filter->comms.nr))
		return;
	f->ret = request_names_make(&n, (const struct request *const *)f->m->requests,
				    f->m->nr_requests);
	if (!f->ret)
		f->ret = keep_fruitless(f, &n);
	if (!f->ret && n.nr)
		say_fruitless(f, &n);
	request_names_free(&n);
}
