// SPDX-License-Identifier: GPL-2.0-only
#include "screens/session.h"

#include <fcntl.h>

#include "model/freeze.h"
#include "views/output.h"
#include "views/traced.h"

static int on_attempt(void *context, enum attempt_change change, const struct attempt_facts *a)
{
	struct session *s = context;
	int ret = timeline_attempt(s->timeline, change, a);

	if (!ret && s->also)
		ret = s->also(s->also_context, change, a);
	return ret;
}

/**
 * session_init - begin with nothing
 * @s: filled; session_free() frees it, after an error too
 * @info: the source's, which must outlive @s
 * @start_ns: where time begins; 0 for the first event's
 * @filter: what is counted, and so shown and saved; must outlive @s
 *
 * Return: 0 or -ENOMEM.
 */
int session_init(struct session *s, const struct source_info *info, u64 start_ns,
		 const struct filter *filter)
{
	*s = (struct session){ .info = info, .start_ns = start_ns, .view_stale = true };
	s->model = model_new();
	s->timeline = timeline_new(TIMELINE_KEEP_ALL, TIMELINE_KEEP_LANE);
	if (!s->model || !s->timeline)
		return -ENOMEM;
	s->model->filter = filter;
	s->model->start_ns = start_ns;
	s->timeline->start_ns = start_ns;
	model_watch(s->model, on_attempt, s);
	return 0;
}

/**
 * session_free - free what a session owns
 * @s: the session
 */
void session_free(struct session *s)
{
	screen_rows_free(&s->rows);
	view_free(&s->view);
	session_thaw(s);
	timeline_free(s->timeline);
	model_free(s->model);
	*s = (struct session){ 0 };
}

/**
 * session_also_tell - let somebody else know of each attempt
 * @s: the session
 * @watch: called after the timeline has been told
 * @context: handed to it
 */
void session_also_tell(struct session *s, model_watch_fn watch, void *context)
{
	s->also = watch;
	s->also_context = context;
}

/**
 * session_event - take one more event in
 * @s: the session
 * @ev: the event, in the order of time
 *
 * Return: 0 or -ENOMEM.
 */
int session_event(struct session *s, const struct event *ev)
{
	int ret = model_event(s->model, ev);

	if (!s->frozen)
		s->view_stale = true;
	return ret ? ret : timeline_event(s->timeline, ev);
}

/**
 * session_freeze - let what is shown stand still, while events are still taken in
 * @s: the session
 * @now_ns: the time now
 *
 * Return: 0 or -ENOMEM, and then it goes on moving.
 */
int session_freeze(struct session *s, u64 now_ns)
{
	session_thaw(s);
	s->frozen = model_freeze(s->model);
	s->frozen_timeline = timeline_clone(s->timeline);
	if (!s->frozen || !s->frozen_timeline) {
		session_thaw(s);
		return -ENOMEM;
	}
	s->frozen_ns = now_ns;
	s->view_stale = true;
	return 0;
}

/**
 * session_thaw - show what is now
 * @s: the session
 */
void session_thaw(struct session *s)
{
	if (s->frozen || s->frozen_timeline) {
		view_free(&s->view);
		s->view_stale = true;
	}
	timeline_free(s->frozen_timeline);
	model_free(s->frozen);
	s->frozen = NULL;
	s->frozen_timeline = NULL;
}

static int refresh(struct session *s)
{
	int ret;

	if (!s->view_stale)
		return 0;
	view_free(&s->view);
	ret = view_make(&s->view, s->frozen ? s->frozen : s->model, s->info);
	s->view_stale = ret != 0;
	return ret;
}

/**
 * session_settle - find rows, cursor and what is chosen, for keys and for drawing
 * @s: the session
 * @state: what the user has chosen; what depends on rows is brought up to date in it
 * @d: what only the caller knows is filled in; the rest is filled here
 *
 * Return: 0 or -ENOMEM.
 */
int session_settle(struct session *s, struct tui_state *state, struct screen_data *d)
{
	int ret = refresh(s);

	if (ret)
		return ret;
	d->view = &s->view;
	d->timeline = s->frozen_timeline ? s->frozen_timeline : s->timeline;
	d->filter = s->model->filter;
	d->start_ns = s->start_ns ? s->start_ns : d->timeline->start_ns;
	if (s->frozen)
		d->now_ns = s->frozen_ns;
	screen_rows_free(&s->rows);
	return screen_settle(&s->rows, state, d);
}

/**
 * session_draw - settle, then draw
 * @s: the session
 * @f: the frame
 * @state: what the user has chosen
 * @d: what only the caller knows is filled in; the rest is filled here
 *
 * Return: 0 or -ENOMEM.
 */
int session_draw(struct session *s, struct frame *f, struct tui_state *state,
		 struct screen_data *d)
{
	int ret = session_settle(s, state, d);

	return ret ? ret : screen_draw(f, state, d, &s->rows);
}

/* What is saved, by the end of the file's name: the first that fits. */
static const struct saved_as {
	const char *suffix;
	output_fn output; /* NULL: a trace */
	const struct traced_ops *traced;
} saved_as[] = {
	{ ".trace.json", NULL, &traced_chrome }, { ".json", output_json, NULL },
	{ ".txt", output_text, NULL },		 { ".svg", output_svg, NULL },
	{ ".pftrace", NULL, &traced_perfetto },	 { ".perfetto", NULL, &traced_perfetto },
};

static const struct saved_as *find_saved_as(const char *path)
{
	const size_t len = strlen(path);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(saved_as); i++) {
		const size_t suffix = strlen(saved_as[i].suffix);

		if (len > suffix && !strcmp(path + len - suffix, saved_as[i].suffix))
			return &saved_as[i];
	}
	return NULL;
}

static int write_trace(const struct view *v, const struct traced_ops *ops, FILE *out)
{
	const u64 start_ns = view_start_ns(v);
	_cleanup_(traced_free) struct traced t = { 0 };
	int ret = traced_start(&t, ops, out);

	if (!ret)
		ret = traced_timeline(&t, v->timeline);
	return ret ? ret : traced_end(&t, v->info, start_ns, start_ns + view_duration_ns(v));
}

/**
 * session_save - write a report of what is shown, a picture or a trace of it
 * @s: the session
 * @path: the file, which must not exist yet; the end of its name chooses what is written
 * @left_out: set to how many attempts were too many to be kept, and so aren't in a picture or trace
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int session_save(struct session *s, const char *path, u64 *left_out, struct err *err)
{
	const struct timeline *timeline = s->frozen_timeline ? s->frozen_timeline : s->timeline;
	const struct saved_as *as = find_saved_as(path);
	const struct output_style plain = { 0 };
	_cleanup_fclose_ FILE *out = NULL;
	int fd, ret;

	if (!as)
		return err_set(err, -EINVAL, "end it in .json .txt .svg .pftrace .trace.json");
	ret = refresh(s);
	if (ret)
		return err_set(err, ret, "%s", strerror(-ret));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, -errno, "%s: %s", strerror(errno), path);
	out = fdopen(fd, "w");
	if (!out) {
		close(fd);
		return err_set(err, -ENOMEM, "%s: out of memory", path);
	}
	s->view.timeline = timeline;
	ret = as->traced ? write_trace(&s->view, as->traced, out) :
			   as->output(&s->view, &plain, out);
	s->view.timeline = NULL;
	*left_out = as->traced || as->output == output_svg ?
			    sat_add(timeline->folded, timeline->no_lane) :
			    0;
	if (!ret && fclose(TAKE_PTR(out)))
		ret = -errno;
	return ret ? err_set(err, ret, "%s: %s", strerror(-ret), path) : 0;
}
