// SPDX-License-Identifier: GPL-2.0-only
#include "source/stock.h"

#include <inttypes.h>

#include "formats/device.h"
#include "formats/events.h"
#include "lib/map.h"
#include "lib/release.h"
#include "source/flights.h"
#include "source/open_files.h"

/* Threads that are remembered. */
#define THREADS_MAX 16384

/* In the place of one that isn't recorded */
#define NO_DESCRIPTOR (-1)

/* finit_module()'s flags: those that exist, and that for a compressed file. */
#define FLAGS_KNOWN 7
#define FLAG_COMPRESSED 4

/* Of a thread: the file it is about to open, and the call it is in. Zero is one not seen to begin. */
struct thread {
	const char *opening;		/* path, until the call returns its descriptor */
	const char *last_path;
	bool in_call;
	u8 syscall;
	u32 flags;
	u64 len;
	u64 begin_ns;
	const char *path;		/* of the module's file, as it was opened */
	const char *file;		/* last component */
	const char *module;		/* the kernel's name, once the module was there */
	const char *sought; /* or as it was looked for */
	bool reached; /* it got as far as its file */
	bool was_read;
	bool has_read_bytes;
	bool read_failed;
	bool has_image;
	u64 read_bytes;
	u64 image_bytes;
	u64 layout_bytes;
	u64 losses_before;
	u64 losses_seen; /* what is known of files is of no later */
	struct seat seat;
};

struct sizes {
	u64 file_bytes;
	u64 layout_bytes;
	bool has_layout;
};

struct stock {
	u32 recorded;
	unsigned int release; /* see release_number() */
	bool has_gates;
	struct map threads;
	struct open_files files;
	struct map loaders;		/* thread that last had a module of that name, by name */
	struct map sizes;		/* by name */
	struct flights flights; /* by path, or by device and inode where those are recorded */
	struct strings strings;
	stock_file_fn file_size;
	void *file_context;
	u64 losses;
	u64 evicted; /* threads that were forgotten to have room for others */
	size_t hand;
	bool shows_records;
	struct event queue[4];
	unsigned int nr;
	unsigned int at;
};

static bool has(const struct stock *s, enum event_type type)
{
	return s->recorded & 1U << type;
}

/**
 * stock_new - begin with nothing known
 * @recorded: bits by enum event_type that the recording could have
 * @kernel: release, or NULL
 *
 * Return: the state, for stock_free(), or NULL without memory.
 */
struct stock *stock_new(u32 recorded, const char *kernel)
{
	struct stock *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->recorded = recorded;
	s->release = release_number(kernel);
	return s;
}

static void free_values(struct map *m)
{
	size_t i;

	for (i = 0; i < m->nr_slots; i++)
		free(m->slots[i].value);
	map_free(m);
}

/**
 * stock_free - free the state
 * @s: the state, or NULL
 */
void stock_free(struct stock *s)
{
	if (!s)
		return;
	free_values(&s->threads);
	open_files_free(&s->files);
	free_values(&s->sizes);
	map_free(&s->loaders);
	flights_free(&s->flights);
	strings_free(&s->strings);
	free(s);
}

/**
 * stock_has_gates - the kernel has the series: a duplicate may have read nothing
 * @s: the state
 */
void stock_has_gates(struct stock *s)
{
	s->has_gates = true;
}

/**
 * stock_use_files - estimate what was read by the sizes of files now
 * @s: the state
 * @file_size: tells them
 * @context: handed to it
 */
void stock_use_files(struct stock *s, stock_file_fn file_size, void *context)
{
	s->file_size = file_size;
	s->file_context = context;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *module_of(struct stock *s, const char *file)
{
	char name[256];

	module_name_of_file(file, strlen(file), name, sizeof(name));
	return strings_intern(&s->strings, name, strlen(name));
}

/* "NAME FILE_BYTES [LAYOUT_BYTES]", where NAME may be a path. Return: 0, -EINVAL or -ENOMEM. */
static int add_sizes(struct stock *s, char *line)
{
	char *save, *words[4] = { 0 };
	struct sizes sizes = { 0 }, *copy;
	const char *module;
	size_t n = 0;

	for (words[0] = strtok_r(line, " \t\r", &save); n < 3 && words[n];)
		words[++n] = strtok_r(NULL, " \t\r", &save);
	if (!n)
		return 0;
	if (n < 2 || words[3] || parse_u64(words[1], UINT64_MAX, &sizes.file_bytes))
		return -EINVAL;
	sizes.has_layout = n == 3;
	if (n == 3 && parse_u64(words[2], UINT64_MAX, &sizes.layout_bytes))
		return -EINVAL;
	module = module_of(s, base_name(words[0]));
	copy = malloc(sizeof(*copy));
	if (!module || !copy) {
		free(copy);
		return -ENOMEM;
	}
	*copy = sizes;
	free(map_del(&s->sizes, (uintptr_t)module));
	if (map_set(&s->sizes, (uintptr_t)module, copy)) {
		free(copy);
		return -ENOMEM;
	}
	return 0;
}

/**
 * stock_use_sizes - estimate what was read and laid out by a list of modules' sizes
 * @s: the state
 * @text: the list, "NAME FILE_BYTES [LAYOUT_BYTES]" a line, # begins a comment; cut up
 * @name: its name, for messages
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int stock_use_sizes(struct stock *s, char *text, const char *name, struct err *err)
{
	unsigned int line = 0;
	char *next;
	int ret;

	for (; text; text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		line++;
		text[strcspn(text, "#")] = '\0';
		ret = add_sizes(s, text);
		if (ret == -EINVAL)
			return err_set(err, ret,
				       "%s: line %u is not NAME FILE_BYTES [LAYOUT_BYTES]", name,
				       line);
		if (ret)
			return err_set(err, ret, "out of memory");
	}
	return 0;
}

/* After a loss what is known of files may be out of date: better no name than a wrong one. */
static void forget_files(struct stock *s, struct thread *t)
{
	t->opening = NULL;
	t->last_path = NULL;
	t->seat = (struct seat){ 0 };
	t->losses_seen = s->losses;
}

static struct thread *thread_find(struct stock *s, s32 tid)
{
	struct thread *t = map_get(&s->threads, (u32)tid);

	if (t && t->losses_seen != s->losses)
		forget_files(s, t);
	return t;
}

static void thread_drop(struct thread *t)
{
	if (!t)
		return;
	flights_leave(&t->seat, 0);
	free(t);
}

static struct thread *thread_get(struct stock *s, s32 tid)
{
	struct thread *t = thread_find(s, tid);

	if (t)
		return t;
	if (s->threads.nr >= THREADS_MAX) {
		thread_drop(map_evict(&s->threads, &s->hand));
		s->evicted++;
	}
	t = calloc(1, sizeof(*t));
	if (t && map_set(&s->threads, (u32)tid, t)) {
		free(t);
		return NULL;
	}
	if (t)
		t->losses_seen = s->losses;
	return t;
}

static void thread_free(struct stock *s, u32 tid)
{
	thread_find(s, (s32)tid);
	thread_drop(map_del(&s->threads, tid));
}

/* Where the recording has no processes, each thread is one. */
static u32 process_of(const struct event *ev)
{
	return ev->pid ? ev->pid : ev->tid;
}

static struct event *emit(struct stock *s, enum event_type type, const struct event *from)
{
	struct event *ev = &s->queue[s->nr++];

	*ev = (struct event){ .type = type, .time_ns = from->time_ns, .cpu = from->cpu,
			      .tid = from->tid, .task = from->task, .pid = from->pid,
			      .cgroup = from->cgroup, .from_calls = true };
	return ev;
}

static struct str str_of(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}

static int handle_open(struct stock *s, const struct event *ev)
{
	struct thread *t = thread_get(s, ev->tid);

	if (!t)
		return 0;
	if (str_is_fault(&ev->file) || is_device_path(ev->file.text, ev->file.len)) {
		t->opening = NULL;
		return 0;
	}
	t->opening = strings_intern(&s->strings, ev->file.text, ev->file.len);
	if (!t->opening)
		return -ENOMEM;
	if (has(s, EVENT_OPEN_EXIT))
		return 0;
	/* Whether it succeeds is not recorded, nor as which descriptor. */
	t->last_path = t->opening;
	return open_files_set(&s->files, process_of(ev), NO_DESCRIPTOR, t->opening);
}

static int handle_open_exit(struct stock *s, const struct event *ev)
{
	struct thread *t = thread_find(s, ev->tid);

	if (ev->ret < 0) {
		if (t)
			t->opening = NULL;
		return 0;
	}
	if (t && t->opening) {
		t->last_path = t->opening;
		t->opening = NULL;
		return open_files_set(&s->files, process_of(ev), ev->ret, t->last_path);
	}
	/* Something else has got that descriptor. */
	open_files_other(&s->files, process_of(ev), ev->ret);
	return 0;
}

/*
 * Who decompressed a file by itself has opened it just before, or its parent has; so has who loads a file,
 * where descriptors aren't recorded.
 */
static const char *last_opened(const struct stock *s, const struct thread *t,
			       const struct event *ev)
{
	return t->last_path ? t->last_path : open_files_last(&s->files, process_of(ev));
}

static int handle_enter(struct stock *s, const struct event *ev, u8 syscall)
{
	struct thread *t = thread_get(s, ev->tid);
	const char *path;
	struct event *begin;
	int ret = 0;

	if (!t)
		return 0;
	/* Its last call's end is missing. */
	flights_leave(&t->seat, 0);
	path = syscall == SYSCALL_FINIT && has(s, EVENT_OPEN_EXIT) ?
		       open_files_path(&s->files, process_of(ev), ev->fd) :
		       last_opened(s, t, ev);
	*t = (struct thread){
		.last_path = t->last_path,
		.in_call = true,
		.syscall = syscall,
		.flags = ev->flags,
		.len = ev->len,
		.begin_ns = ev->time_ns,
		.losses_before = s->losses,
		.losses_seen = s->losses,
		.path = path,
	};
	if (t->path)
		t->file = base_name(t->path);
	begin = emit(s, EVENT_LOAD_BEGIN, ev);
	begin->syscall = syscall;
	begin->flags = ev->flags;
	begin->len = ev->len;
	begin->file = str_of(t->file);
	if (syscall == SYSCALL_FINIT && t->path)
		ret = flights_join(&s->flights, t->path, ev->tid, &t->seat);
	return ret;
}

/* What the kernel takes for the same file, or, where only its name is recorded, one that has it. */
static int join_by_file(struct stock *s, struct thread *t, const struct event *ev)
{
	char text[40];
	const char *key;
	int len = snprintf(text, sizeof(text), "%u:%" PRIu64, ev->dev, ev->ino);

	key = ev->ino ? strings_intern(&s->strings, text, len) :
			strings_intern(&s->strings, ev->file.text, ev->file.len);
	if (!key)
		return -ENOMEM;
	if (!ev->ino && t->path && !strcmp(t->file, key))
		return 0;
	flights_leave(&t->seat, 0);
	return flights_join(&s->flights, key, ev->tid, &t->seat);
}

static int name_by_file(struct stock *s, struct thread *t, const struct event *ev)
{
	struct event *named;

	if (ev->file.len && !str_is_fault(&ev->file)) {
		t->file = strings_intern(&s->strings, ev->file.text, ev->file.len);
		if (!t->file)
			return -ENOMEM;
		/* What was opened last is another file. */
		if (t->path && strcmp(base_name(t->path), t->file))
			t->path = NULL;
	}
	named = emit(s, EVENT_LOAD_NAMED, ev);
	named->file = str_of(t->file);
	named->ino = ev->ino;
	named->dev = ev->dev;
	return 0;
}

/* It has got as far as its file, and now either does the work or waits for who does. */
static int handle_call(struct stock *s, const struct event *ev)
{
	struct thread *t = thread_find(s, ev->tid);
	int ret;

	if (!t || !t->in_call || t->syscall != SYSCALL_FINIT || t->reached || t->module)
		return 0;
	t->reached = true;
	if (str_is_fault(&ev->file))
		return 0;
	ret = join_by_file(s, t, ev);
	return ret ? ret : name_by_file(s, t, ev);
}

static int handle_read(struct stock *s, const struct event *ev)
{
	struct thread *t = thread_find(s, ev->tid);

	/* An init may read more modules, or what the filter lets through: that is not this one's. */
	if (!t || !t->in_call || t->syscall != SYSCALL_FINIT || t->was_read || t->module)
		return 0;
	t->was_read = true;
	flights_lead(&s->flights, ev->tid, &t->seat);
	return name_by_file(s, t, ev);
}

static void handle_read_exit(struct stock *s, const struct event *ev)
{
	struct thread *t = thread_find(s, ev->tid);

	if (!t || !t->in_call || t->syscall != SYSCALL_FINIT || t->has_read_bytes || t->module)
		return;
	t->has_read_bytes = true;
	/* An errno: nothing was kept of what was read. */
	t->read_failed = (s64)ev->bytes < 0;
	t->read_bytes = t->read_failed ? 0 : ev->bytes;
	flights_lead(&s->flights, ev->tid, &t->seat);
}

/* What is laid out next: the file, or what was decompressed of it. */
static void handle_image(struct stock *s, const struct event *ev)
{
	struct thread *t = thread_find(s, ev->tid);

	if (!t || !t->in_call || t->has_image || t->module)
		return;
	t->has_image = true;
	t->image_bytes = ev->bytes;
}

/* Who hands over an image names no file; the kernel looks for the name that it has. */
static int handle_sought(struct stock *s, const struct event *ev)
{
	struct thread *t = thread_find(s, ev->tid);

	if (!t || !t->in_call || t->syscall != SYSCALL_INIT || t->sought || !ev->name.len ||
	    str_is_fault(&ev->name))
		return 0;
	t->sought = strings_intern(&s->strings, ev->name.text, ev->name.len);
	return t->sought ? 0 : -ENOMEM;
}

/* The module is there, and its init is next. */
static int handle_load(struct stock *s, const struct event *ev)
{
	struct thread *t = thread_find(s, ev->tid);

	if (!t || !t->in_call || t->module)
		return 0;
	t->module = strings_intern(&s->strings, ev->name.text ? ev->name.text : "", ev->name.len);
	if (!t->module)
		return -ENOMEM;
	flights_lead(&s->flights, ev->tid, &t->seat);
	/* Thread 0 loads nothing, and is nothing that a map can hold. */
	return ev->tid ? map_set(&s->loaders, (uintptr_t)t->module,
				 (void *)(uintptr_t)(u32)ev->tid) : 0;
}

/* It did the work of a load, as far as it got. */
static bool has_worked(const struct thread *t)
{
	return t->module || t->was_read || t->has_read_bytes;
}

/* Whether this kernel may have given it the result of another. */
static bool shares(const struct stock *s, const struct thread *t)
{
	return t->syscall == SYSCALL_FINIT && (!s->release || s->release >= RELEASE_SHARES);
}

/* Refused ahead of what is an attempt where the kernel tells. */
static bool is_rejected(const struct stock *s, const struct thread *t, s32 ret)
{
	if (has_worked(t) || (shares(s, t) && flights_shared(&t->seat, ret)))
		return false;
	if (ret == -EBADF)
		return true;
	if (t->reached)
		return false;
	return ret == -EPERM ||
	       (ret == -EINVAL && t->syscall == SYSCALL_FINIT && (t->flags & ~FLAGS_KNOWN));
}

/* It was given another's result, or, where that isn't said, no module came of its success. */
static bool is_merged(const struct stock *s, const struct thread *t, s32 ret)
{
	bool tells_reads = has(s, EVENT_READ) || has(s, EVENT_READ_EXIT);

	if (has_worked(t) || t->losses_before != s->losses)
		return false;
	/* A signal ended its wait, unless it ended the work. */
	if (ret == -EINTR &&
	    !(flights_follows(&t->seat) && t->seat.flight->done && flights_shared(&t->seat, ret)))
		return false;
	if (!ret && has(s, EVENT_LOAD))
		return true;
	if (!t->in_call || !shares(s, t))
		return false;
	/* Who works reads its file first. */
	if (tells_reads && (s->release || !ret))
		return true;
	return has(s, EVENT_LOAD) && flights_shared(&t->seat, ret);
}

static bool is_unsure(const struct stock *s, const struct thread *t, s32 ret)
{
	return !ret && !has_worked(t) && shares(s, t) && !is_merged(s, t, ret);
}

/* A process has the file open for writing: no other load of it explains that. */
static bool is_writers(const struct stock *s, const struct thread *t, s32 ret)
{
	return ret == -ETXTBSY && !t->module && t->in_call && t->losses_before == s->losses &&
	       t->syscall == SYSCALL_FINIT && !flights_follows(&t->seat);
}

/* What is known of where it ended. A refusal stands ahead of an init, if nothing tells. */
static u8 stage_of(const struct stock *s, const struct thread *t, s32 ret)
{
	if (!ret)
		return STAGE_DONE;
	if (t->module)
		return STAGE_INIT;
	if (t->read_failed)
		return STAGE_READ;
	if ((ret == -EEXIST || ret == -EBUSY) && s->release >= RELEASE_EARLY_NAME &&
	    !t->layout_bytes)
		return STAGE_NAME;
	if (has(s, EVENT_LOAD) && t->losses_before == s->losses)
		return STAGE_LAYOUT;
	return ret == -EEXIST || ret == -EBUSY || ret == -ETXTBSY ? STAGE_NAME : STAGE_INIT;
}

/* Of one that was given no other's result: whether nothing else could explain what it returned. */
static bool is_worker(const struct stock *s, const struct thread *t)
{
	if (s->has_gates && !has_worked(t))
		return false;
	return !shares(s, t) || has_worked(t) || (t->seat.flight && has(s, EVENT_LOAD));
}

/* The file's size, if that tells what was read: on newer kernels a waiter reads nothing. */
static bool estimate_read(struct stock *s, const struct thread *t, const struct sizes *sizes,
			  u64 *bytes)
{
	if (!is_worker(s, t))
		return false;
	if (sizes) {
		*bytes = sizes->file_bytes;
		return true;
	}
	return t->path && s->file_size && s->file_size(s->file_context, t->path, bytes);
}

static void fill_bytes(struct stock *s, const struct thread *t, const char *module,
		       struct event *end)
{
	const struct sizes *sizes = module ? map_get(&s->sizes, (uintptr_t)module) : NULL;
	bool lost = t->losses_before != s->losses, none = false;

	if (!t->in_call) {
		/* What it was called with isn't known, nor what it did. */
		end->unknown_bytes = UNKNOWN_READ | UNKNOWN_IMAGE | UNKNOWN_LAYOUT;
		return;
	}
	if (t->syscall == SYSCALL_INIT) {
		end->read_bytes = t->len;
	} else if (t->has_read_bytes) {
		end->read_bytes = t->read_bytes;
	} else if (has(s, EVENT_READ_EXIT) && !t->was_read && !lost) {
		none = true;
	} else if (estimate_read(s, t, sizes, &end->read_bytes)) {
		end->estimated = true;
	} else {
		end->unknown_bytes |= UNKNOWN_READ;
	}
	if (t->flags & FLAG_COMPRESSED && t->syscall == SYSCALL_FINIT && !none) {
		if (t->has_image)
			end->image_bytes = t->image_bytes;
		else if (!has(s, EVENT_IMAGE) || lost)
			end->unknown_bytes |= UNKNOWN_IMAGE;
	}
	if (has(s, EVENT_ALLOC) && !lost) {
		end->layout_bytes = t->layout_bytes;
	} else if (sizes && sizes->has_layout && !none && !(s->has_gates && !has_worked(t))) {
		end->layout_bytes = sizes->layout_bytes;
		end->estimated = true;
	} else if (end->stage == STAGE_NAME && s->release >= RELEASE_EARLY_NAME &&
		   is_worker(s, t)) {
		/* Nothing was laid out, but for a rare race. */
		end->estimated = true;
	} else if (!none) {
		end->unknown_bytes |= UNKNOWN_LAYOUT;
	}
}

static int handle_exit(struct stock *s, const struct event *ev, u8 syscall)
{
	struct thread nothing = { .syscall = syscall, .losses_before = s->losses - 1 };
	struct thread *t = thread_find(s, ev->tid);
	const char *module;
	struct event *end;
	bool merged;

	/* Its begin was before the recording's, or is lost. */
	if (!t || !t->in_call)
		t = &nothing;
	if (is_rejected(s, t, ev->ret)) {
		end = emit(s, EVENT_LOAD_REJECTED, ev);
		end->ret = ev->ret;
		flights_leave(&t->seat, ev->ret);
		t->in_call = false;
		return 0;
	}
	module = t->module ? t->module : t->file ? module_of(s, t->file) : t->sought;
	if (t->file && !module)
		return -ENOMEM;
	merged = is_merged(s, t, ev->ret);
	if (merged) {
		struct event *by = emit(s, EVENT_LOAD_MERGED, ev);

		by->gate = GATE_UNKNOWN;
		by->ret = ev->ret;
		by->leader = flights_leader(&t->seat);
		if (!by->leader && module)
			by->leader = (s32)(uintptr_t)map_get(&s->loaders, (uintptr_t)module);
		/* All that such a call does is to wait. */
		by->has_wait = t->in_call && s->release >= RELEASE_SHARES && shares(s, t);
		if (by->has_wait)
			by->wait_ns = sat_sub(ev->time_ns, t->begin_ns);
	}
	end = emit(s, EVENT_LOAD_END, ev);
	end->ret = ev->ret;
	end->stage = stage_of(s, t, ev->ret);
	end->unsure = is_unsure(s, t, ev->ret);
	end->duration_ns = t->in_call ? sat_sub(ev->time_ns, t->begin_ns) : 0;
	end->name = str_of(t->module || t->file ? t->module : t->sought);
	end->file = str_of(t->file);
	end->by_writer = is_writers(s, t, ev->ret);
	/* Who only waited has read nothing, and laid nothing out. */
	if (!(merged && shares(s, t) && s->release))
		fill_bytes(s, t, module, end);
	flights_leave(&t->seat, ev->ret);
	t->in_call = false;
	return 0;
}

/* A child has its parent's descriptors; a thread shares them. */
static int handle_fork(struct stock *s, const struct event *ev)
{
	/* Who is listed as running, not made now, may well be in a call. */
	if (!ev->time_ns)
		return 0;
	/* Whoever had that number before, if its end is missing. */
	thread_free(s, (u32)ev->task);
	return ev->pid == ev->parent_pid ?
		       0 :
		       open_files_fork(&s->files, (u32)ev->pid, (u32)ev->parent_pid);
}

/* Threads forget what they know of files when they are next looked at: there may be many losses. */
static void handle_lost(struct stock *s)
{
	s->losses++;
	flights_forget(&s->flights);
	open_files_free(&s->files);
}

static int handle_other(struct stock *s, const struct event *ev)
{
	int ret = 0;

	if (ev->type == EVENT_LOAD) {
		ret = handle_load(s, ev);
	} else if (ev->type == EVENT_FORK) {
		ret = handle_fork(s, ev);
	} else if (ev->type == EVENT_LOST) {
		handle_lost(s);
	} else if (ev->type == EVENT_EXIT) {
		thread_free(s, (u32)ev->task);
		if (ev->task == ev->pid)
			open_files_exit(&s->files, (u32)ev->pid);
	}
	s->queue[s->nr++] = *ev;
	return ret;
}

/**
 * stock_evicted - how much was forgotten for others, or has another's name
 * @s: the state
 *
 * Return: the number of threads, processes and names.
 */
u64 stock_evicted(const struct stock *s)
{
	return sat_add(s->evicted, sat_add(s->files.evicted, s->strings.evicted));
}

/**
 * stock_show_records - hand on what attempts are made of, too, ahead of what is made of it
 * @s: the state
 */
void stock_show_records(struct stock *s)
{
	s->shows_records = true;
}

/* What becomes something else, or nothing, is only to be shown. */
static void show(struct stock *s, const struct event *ev)
{
	struct event *shown = &s->queue[s->nr++];

	*shown = *ev;
	shown->shown_only = true;
}

/* What attempts are made of, or would be by the kernel itself. */
static bool is_made_use_of(enum event_type type)
{
	return (type >= EVENT_FINIT_ENTER && type <= EVENT_DEVICE) || type == EVENT_LOAD_BEGIN ||
	       type == EVENT_LOAD_MERGED || type == EVENT_LOAD_EXCLUSIVE_BUSY ||
	       type == EVENT_LOAD_END;
}

/**
 * stock_give - take one more recorded event in
 * @s: the state; all that came of the one before has been taken
 * @ev: the event; events must come in the order of time
 *
 * Return: 0 or -ENOMEM.
 */
int stock_give(struct stock *s, const struct event *ev)
{
	struct thread *t;

	s->nr = 0;
	s->at = 0;
	if (s->shows_records && is_made_use_of(ev->type))
		show(s, ev);
	switch (ev->type) {
	case EVENT_OPEN:
		return handle_open(s, ev);
	case EVENT_OPEN_EXIT:
		return handle_open_exit(s, ev);
	case EVENT_FINIT_ENTER:
		return handle_enter(s, ev, SYSCALL_FINIT);
	case EVENT_INIT_ENTER:
		return handle_enter(s, ev, SYSCALL_INIT);
	case EVENT_CALL:
		return handle_call(s, ev);
	case EVENT_READ:
		return handle_read(s, ev);
	case EVENT_IMAGE:
		handle_image(s, ev);
		return 0;
	case EVENT_SOUGHT:
		return handle_sought(s, ev);
	case EVENT_DEVICE:
		return 0;
	case EVENT_READ_EXIT:
		handle_read_exit(s, ev);
		return 0;
	case EVENT_ALLOC:
		t = thread_find(s, ev->tid);
		/* An init may allocate the like, which is no part of the module. */
		if (t && t->in_call && !t->module)
			t->layout_bytes = sat_add(t->layout_bytes, ev->bytes);
		return 0;
	case EVENT_FINIT_EXIT:
		return handle_exit(s, ev, SYSCALL_FINIT);
	case EVENT_INIT_EXIT:
		return handle_exit(s, ev, SYSCALL_INIT);
	/* Of a kernel with the series: attempts are counted by their calls here. */
	case EVENT_LOAD_BEGIN:
	case EVENT_LOAD_MERGED:
	case EVENT_LOAD_EXCLUSIVE_BUSY:
	case EVENT_LOAD_END:
		return 0;
	default:
		return handle_other(s, ev);
	}
}

/**
 * stock_take - what came of the event given last
 * @s: the state
 * @ev: the next event for the model; its strings are valid until stock_give()
 *
 * Return: whether there was one.
 */
bool stock_take(struct stock *s, struct event *ev)
{
	if (s->at >= s->nr)
		return false;
	*ev = s->queue[s->at++];
	return true;
}
