// SPDX-License-Identifier: GPL-2.0-only
#include "model/requests.h"

#include "formats/events.h"
#include "model/askers.h"

/**
 * request_passes - whether a request is to be counted
 * @m: the model
 * @r: its row; in names that users give as those of modules, - and _ are equal
 * @ev: the request, or its end
 * @after_ns: when that was, after the recording's begin
 *
 * Return: true if so.
 */
bool request_passes(const struct model *m, const struct request *r, const struct event *ev,
		    u64 after_ns)
{
	const char *comm = tasks_comm(&m->tasks, ev->task);
	char name[256], *at;

	if (!m->filter)
		return true;
	snprintf(name, sizeof(name), "%s", r->name);
	for (at = name; *at; at++)
		if (*at == '-')
			*at = '_';
	return filter_passes(m->filter, name, comm ? comm : COMM_UNKNOWN, after_ns);
}

static bool wait_is_known(const struct event *ev)
{
	const struct event_field *f = ev->reader ? ev->reader->desc->fields : NULL;

	for (; f && f->name; f++)
		if (f->offset == offsetof(struct event, wait))
			return event_field_is_known(ev, f);
	return false;
}

/**
 * request_count - count a request, and tell who watches
 * @m: the model
 * @r: its row
 * @ev: the request
 *
 * Return: 0, -ENOMEM, or what the watcher returned.
 */
int request_count(struct model *m, struct request *r, const struct event *ev)
{
	struct request_facts facts = { .row = r,
				       .tid = ev->tid,
				       .task = ev->task,
				       .time_ns = ev->time_ns,
				       .wait = ev->wait,
				       .wait_known = wait_is_known(ev) };
	int ret = asker_identify(&facts.who, &m->tasks, &m->strings, ev);

	if (ret)
		return ret;
	if (!r->requests++)
		r->first_ns = ev->time_ns;
	r->last_ns = ev->time_ns;
	m->asked++;
	asker_note(r, &facts.who, ev->tid);
	return m->watch_request ? m->watch_request(m->request_context, &facts) : 0;
}

/**
 * model_watch_requests - be told of each request of the kernel's that is counted
 * @m: the model
 * @watch: called during model_event(); NULL for nobody
 * @context: handed to it
 */
void model_watch_requests(struct model *m, request_watch_fn watch, void *context)
{
	m->watch_request = watch;
	m->request_context = context;
}
