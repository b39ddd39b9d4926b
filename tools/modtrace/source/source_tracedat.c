// SPDX-License-Identifier: GPL-2.0-only
#include "source/source.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <traceevent/event-parse.h>

#include "formats/events.h"
#include "lib/map.h"
#include "lib/mapping.h"
#include "source/tracedat.h"
#include "source/twins.h"

/* Of the reading process, beyond what the file's size justifies. */
#define MEMORY_BASE (64ULL << 20)
#define MEMORY_PER_BYTE 16
#define CPU_SECONDS_BASE 10
#define BYTES_PER_CPU_SECOND (1U << 18)

/* The child could not give up its privileges, and has read nothing. */
#define STATUS_UNCONFINED 77

#define READ_SIZE (256 * 1024)

struct known_format {
	struct event_reader reader;
	size_t count;			/* index in info.counts */
};

struct source_tracedat {
	struct source src;
	char *name;
	pid_t pid;
	int in;
	u8 *buffer;			/* what was read of the messages */
	size_t from, len, cap;
	struct tep_handle *tep;
	struct map formats;		/* struct known_format by number */
	struct map forked;		/* threads whose names come with their events */
	size_t cap_symbols;
	struct twins twins;
	u64 lost_by_stats;
	bool scaled;
	bool ended;
};

static struct source_tracedat *to_tracedat(struct source *src)
{
	return (struct source_tracedat *)((char *)src - offsetof(struct source_tracedat, src));
}

static int wait_for(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static void stop_child(struct source_tracedat *s)
{
	int status;

	if (!s->pid)
		return;
	kill(s->pid, SIGKILL);
	wait_for(s->pid, &status);
	s->pid = 0;
}

static void tracedat_source_close(struct source *src)
{
	struct source_tracedat *s = to_tracedat(src);
	size_t i;

	stop_child(s);
	if (s->in >= 0)
		close(s->in);
	for (i = 0; i < s->formats.nr_slots; i++)
		free(s->formats.slots[i].value);
	map_free(&s->formats);
	map_free(&s->forked);
	twins_free(&s->twins);
	if (s->tep)
		tep_free(s->tep);
	free(s->buffer);
	free(s->name);
	source_info_free(&s->src.info);
	free(s);
}

/* The pipe ended without a word: how did the process that wrote it? */
static int explain_end(struct source_tracedat *s, struct err *err)
{
	int status = 0;

	if (!s->pid || wait_for(s->pid, &status))
		return err_set(err, -EIO, "%s: the reader process exited", s->name);
	s->pid = 0;
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGPROF))
		return err_set(err, -EIO,
			       "%s: damaged: reading takes longer than its size justifies",
			       s->name);
	if (WIFSIGNALED(status))
		return err_set(err, -EIO, "%s: damaged: libtracecmd crashed on it (%s)", s->name,
			       strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) == STATUS_UNCONFINED)
		return err_set(err, -EPERM, "%s: the reader process can't give up its privileges",
			       s->name);
	return err_set(err, -EIO, "%s: damaged: libtracecmd gave up on it (status %d)", s->name,
		       WEXITSTATUS(status));
}

/* Have @size bytes in the buffer. Return: 1, 0 at the pipe's end, or -errno. */
static int fill(struct source_tracedat *s, size_t size)
{
	while (s->len - s->from < size) {
		ssize_t n;

		if (s->from) {
			memmove(s->buffer, s->buffer + s->from, s->len - s->from);
			s->len -= s->from;
			s->from = 0;
		}
		if (grow(&s->buffer, &s->cap, size > READ_SIZE ? size : READ_SIZE, 1))
			return -ENOMEM;
		n = read_some(s->in, s->buffer + s->len, s->cap - s->len);
		if (n <= 0)
			return n;
		s->len += n;
	}
	return 1;
}

/* Return: 0 with a message, whose body is valid until the next; or -errno. */
static int next_message(struct source_tracedat *s, struct tracedat_message *m, const u8 **body,
			struct err *err)
{
	int ret = fill(s, sizeof(*m));

	if (ret > 0) {
		memcpy(m, s->buffer + s->from, sizeof(*m));
		ret = m->size <= TRACEDAT_MESSAGE_MAX ? fill(s, sizeof(*m) + m->size) : 0;
	}
	if (ret < 0)
		return err_set(err, ret, "%s: %s", s->name, strerror(-ret));
	if (!ret)
		return explain_end(s, err);
	*body = s->buffer + s->from + sizeof(*m);
	s->from += sizeof(*m) + m->size;
	return 0;
}

static int add_format(struct source_tracedat *s, const struct tracedat_message *m, const u8 *body)
{
	const char *system = (const char *)body, *format;
	_cleanup_free_ struct known_format *known = NULL;
	_cleanup_free_ char *full_name = NULL;
	_cleanup_buf_ struct buf name = { 0 };
	int id, ret;

	format = memchr(body, 0, m->size);
	if (!format++ || map_get(&s->formats, m->event))
		return 0;
	known = calloc(1, sizeof(*known));
	if (!known)
		return -ENOMEM;
	ret = event_reader_init(&known->reader, s->tep, format,
				m->size - (format - system), system, &id, &name);
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	if (asprintf(&full_name, "%s:%s", system, name.data) < 0) {
		full_name = NULL;
		return -ENOMEM;
	}
	ret = source_count(&s->src.info, full_name, known->reader.desc != NULL, &known->count);
	if (!ret)
		ret = map_set(&s->formats, m->event, known);
	if (!ret)
		TAKE_PTR(known);
	return ret;
}

/* Return: 1 if it is an event for the model, 0, or -ENOMEM. */
static int decode(struct source_tracedat *s, const struct tracedat_message *m, const u8 *body,
		  struct event *ev)
{
	struct known_format *known = map_get(&s->formats, m->event);
	struct source_info *info = &s->src.info;
	int ret;

	if (!known) {
		info->unknown_events++;
		return 0;
	}
	*ev = (struct event){ .time_ns = m->time, .cpu = m->cpu };
	if (!known->reader.desc || event_read(&known->reader, body, m->size, ev)) {
		info->counts[known->count].count++;
		info->unknown_events++;
		return 0;
	}
	ret = twins_is_new(&s->twins, m->buffer, ev);
	if (ret <= 0)
		return ret;
	info->counts[known->count].count++;
	if (!ev->task)
		ev->task = ev->tid;
	info->events++;
	if (ev->type == EVENT_FORK && map_set(&s->forked, (u32)ev->task, s))
		return -ENOMEM;
	return ev->type != EVENT_NONE;
}

/* Return: 1 if it is an event for the model, 0, or -errno. */
static int take_message(struct source_tracedat *s, const struct tracedat_message *m,
			const u8 *body, struct event *ev, struct err *err)
{
	struct source_info *info = &s->src.info;

	switch (m->type) {
	case MESSAGE_FORMAT:
		return add_format(s, m, body);
	case MESSAGE_RECORD:
		return decode(s, m, body, ev);
	case MESSAGE_COMM:
		/* It may have had another when it was forked; its own events tell, if recorded. */
		if (info->recorded & 1U << EVENT_COMM && map_get(&s->forked, m->event))
			return 0;
		*ev = (struct event){ .type = EVENT_COMM, .task = m->event,
				      .comm = { (const char *)body, m->size } };
		return 1;
	case MESSAGE_SYMBOL:
		return source_add_symbol(info, m->time, (const char *)body, m->size);
	case MESSAGE_LOST:
		*ev = (struct event){ .type = EVENT_LOST, .cpu = m->cpu, .lost = m->time };
		if (m->size >= 8)
			memcpy(&ev->time_ns, body, 8);
		info->lost = sat_add(info->lost, m->time);
		info->lost_at_least |= !m->time;
		return 1;
	case MESSAGE_OTHER_CLOCK:
		info->other_clock = m->time;
		return 0;
	case MESSAGE_ERROR:
		return err_set(err, -EINVAL, "%s: damaged: %.*s", s->name, (int)m->size,
			       (const char *)body);
	default:
		return err_set(err, -EIO, "%s: the reader process failed", s->name);
	}
}

static void finish(struct source_tracedat *s)
{
	struct source_info *info = &s->src.info;

	s->ended = true;
	/* What was overwritten before the first record left no gap between records. */
	if (s->lost_by_stats > info->lost) {
		info->lost = s->lost_by_stats;
		info->lost_at_least = false;
	}
	source_sort_symbols(info);
}

static int tracedat_source_next(struct source *src, struct event *ev, struct err *err)
{
	struct source_tracedat *s = to_tracedat(src);
	struct tracedat_message m;
	const u8 *body = NULL;
	int ret = 0;

	while (!ret && !s->ended) {
		err->text[0] = '\0';
		ret = next_message(s, &m, &body, err);
		if (ret)
			return ret;
		if (m.type == MESSAGE_END)
			finish(s);
		else
			ret = take_message(s, &m, body, ev, err);
		if (ret == -ENOMEM)
			err_set(err, ret, "%s: out of memory", s->name);
	}
	return ret;
}

static const struct source_ops tracedat_ops = {
	.next = tracedat_source_next,
	.close = tracedat_source_close,
};

static void limit(int what, u64 value)
{
	/* A second later, CPU time is ended by SIGKILL, which doesn't say why. */
	setrlimit(what,
		  &(struct rlimit){ .rlim_cur = value, .rlim_max = value + (what == RLIMIT_CPU) });
}

/* In the child: it keeps the file and the pipe, and little else. */
static void confine(u64 file_size)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXCPU, SIG_DFL);
	signal(SIGPROF, SIG_DFL);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, CPU_SECONDS_BASE + file_size / BYTES_PER_CPU_SECOND);
#ifndef __SANITIZE_ADDRESS__
	/* What it writes to; mapping the file costs nothing. */
	limit(RLIMIT_DATA, MEMORY_BASE + file_size * MEMORY_PER_BYTE);
#endif
}

static int start_child(struct source_tracedat *s, int fd, const struct tracedat *t, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return err_set(err, -errno, "%s: %s", s->name, strerror(errno));
	fflush(NULL);
	s->pid = fork();
	if (s->pid < 0) {
		s->pid = 0;
		close(ends[0]);
		close(ends[1]);
		return err_set(err, -errno, "%s: %s", s->name, strerror(errno));
	}
	if (!s->pid) {
		close(ends[0]);
		confine(t->size);
		if (tracedat_confine())
			_exit(STATUS_UNCONFINED);
		tracedat_send(fd, ends[1], t);
	}
	close(ends[1]);
	s->in = ends[0];
	return 0;
}

/* "Linux HOST RELEASE MACHINE" */
static int fill_uname(struct source_info *info, char *uname)
{
	char **const to[] = { NULL, &info->host, &info->kernel, &info->arch };
	char *save, *word = uname ? strtok_r(uname, " ", &save) : NULL;
	size_t i;

	for (i = 0; word && i < ARRAY_SIZE(to); i++, word = strtok_r(NULL, " ", &save)) {
		if (!to[i])
			continue;
		*to[i] = strdup(word);
		if (!*to[i])
			return -ENOMEM;
	}
	return 0;
}

static const struct clock {
	const char *name; /* ftrace's */
	const char *ours;
	bool untimed;
	bool cycles;
} clocks[] = {
	{ "local", "local", false, false },
	{ "global", "global", false, false },
	{ "perf", "perf", false, false },
	{ "mono", "monotonic", false, false },
	{ "mono_raw", "monotonic_raw", false, false },
	{ "boot", "boottime", false, false },
	{ "tai", "tai", false, false },
	{ "counter", "counter", true, false },
	{ "uptime", "uptime", true, false }, /* in hundredths of a second */
	{ "x86-tsc", "x86-tsc", true, true },
	{ "tsc2nsec", "tsc2nsec", true, true },
	{ "ppc-tb", "ppc-tb", true, false },
	{ "s390-tod", "s390-tod", true, false },
};

/* What trace-cmd says, unless the kernel's statistics say otherwise. */
static void set_clock(struct source_tracedat *s, const char *name, size_t len, enum clock_unit unit)
{
	struct source_info *info = &s->src.info;
	const struct clock *c = NULL;
	bool counts_ns;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(clocks); i++)
		if (strlen(clocks[i].name) == len && !memcmp(clocks[i].name, name, len))
			c = &clocks[i];
	/* One that came after us, or that trace-cmd took another buffer's for. */
	if (c && (unit == UNIT_UNKNOWN || (unit == UNIT_OTHER) == c->untimed))
		info->clock = c->ours;
	else
		info->clock = unit == UNIT_NS || !len ? NULL : "unknown";
	counts_ns = unit == UNIT_NS || (unit == UNIT_UNKNOWN && (c ? !c->untimed : !len));
	info->untimed = !counts_ns && !(c && c->cycles && s->scaled);
}

static int fill_info(struct source_tracedat *s, struct tracedat *t)
{
	struct source_info *info = &s->src.info;

	info->kind = "trace.dat";
	info->cpus = t->cpus;
	s->scaled = t->scaled;
	s->lost_by_stats = t->lost;
	if (t->version && asprintf(&info->generator, "trace-cmd %.*s",
				   (int)strcspn(t->version, " "), t->version) < 0) {
		info->generator = NULL;
		return -ENOMEM;
	}
	return fill_uname(info, t->uname);
}

/* What the file has, not what it could: holes are for nothing, but some file systems compress. */
static u64 justified_size(const struct stat *st)
{
	const u64 stored = (u64)st->st_blocks * 512 * 16 + (1U << 20);

	return stored < (u64)st->st_size ? stored : (u64)st->st_size;
}

static int read_head(struct source_tracedat *s, int fd, struct err *err)
{
	struct tracedat t = { 0 };
	struct stat st;
	const void *base;
	int ret;

	if (fstat(fd, &st))
		return err_set(err, -errno, "%s: %s", s->name, strerror(errno));
	base = mapping_open(fd, st.st_size);
	if (!base)
		return err_set(err, -errno, "%s: can't be mapped: %s", s->name, strerror(errno));
	ret = tracedat_check(&t, base, st.st_size, s->name, err);
	mapping_close(base, st.st_size);
	t.size = justified_size(&st);
	if (!ret) {
		ret = fill_info(s, &t);
		tep_set_long_size(s->tep, t.long_size);
		if (ret)
			err_set(err, ret, "%s: out of memory", s->name);
	}
	if (!ret)
		ret = start_child(s, fd, &t, err);
	tracedat_free(&t);
	return ret;
}

static void take_recorded(struct source_tracedat *s, const u8 *body, size_t size)
{
	struct source_info *info = &s->src.info;
	struct tracedat_recorded recorded;
	const size_t ahead = sizeof(recorded);

	memcpy(&recorded, body, ahead);
	info->recorded = recorded.events;
	s->twins.nr_buffers = recorded.buffers;
	set_clock(s, (const char *)body + ahead, size - ahead, recorded.unit);
}

/**
 * source_tracedat_open - open a trace.dat
 * @src: the source, for source_close()
 * @fd: a regular file; stays the caller's and may be closed
 * @name: its name, for messages
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int source_tracedat_open(struct source **src, int fd, const char *name, struct err *err)
{
	struct source_tracedat *s = calloc(1, sizeof(*s));
	struct tracedat_message m = { 0 };
	const u8 *body = NULL;
	int ret;

	if (!s)
		return err_set(err, -ENOMEM, "%s: out of memory", name);
	s->src.ops = &tracedat_ops;
	s->in = -1;
	s->name = strdup(name);
	s->tep = tep_alloc();
	if (s->name && s->tep) {
		tep_set_loglevel(TEP_LOG_NONE);
		ret = read_head(s, fd, err);
	} else {
		ret = err_set(err, -ENOMEM, "%s: out of memory", name);
	}
	if (!ret)
		ret = next_message(s, &m, &body, err);
	if (!ret && m.type == MESSAGE_RECORDED && m.size >= sizeof(struct tracedat_recorded))
		take_recorded(s, body, m.size);
	else if (!ret)
		ret = take_message(s, &m, body, &(struct event){ 0 }, err) < 0 ? -EINVAL :
		      err_set(err, -EINVAL, "%s: the reader process failed", name);
	if (ret) {
		tracedat_source_close(&s->src);
		return ret;
	}
	*src = &s->src;
	return 0;
}
