/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the events say: attempts, and from them modules, requesters and requests.
 * Pure: no libtrace, no I/O. True after every event, so a live view needs nothing more.
 */
#ifndef MODTRACE_MODEL_H
#define MODTRACE_MODEL_H

#include "formats/event.h"
#include "lib/map.h"
#include "model/devices.h"
#include "model/filter.h"
#include "model/intervals.h"
#include "model/relations.h"
#include "model/tally.h"
#include "model/tasks.h"

/**
 * struct requester - who asked for a module
 * @who: the thread that made the attempts
 * @attempts: how many
 * @duplicates: merged, exists and busy ones among them
 * @wasted: what those allocated
 * @times: how long the calls took
 * @calls: the same, by kind
 * @devices: what devices udev asked for, of attempts that have ended; NULL if not known
 * @next: next requester of the same module
 * @chain: next of the same hash
 * @module: the module
 */
struct requester {
	struct identity who;
	u64 attempts;
	u64 duplicates;
	struct cost wasted;
	struct call_times times;
	struct hist calls[CALL_NR];
	struct device_list *devices;
	struct requester *next;
	struct requester *chain;
	struct module *module;
};

#define MODULE_WORKERS 16
#define KNOWN_FILES 64

/**
 * struct module - all attempts for one module
 * @name: the kernel's name of it
 * @tally: its counts
 * @requesters: list of who asked
 * @latest: who asked last
 * @workers: the last attempts that did the work, whom late waiters name as their leader
 * @next_worker: where the next one goes
 * @live_ns: when it was there, 0 if it isn't known to be
 * @last_end_ns: end of the last attempt that was not refused with ETXTBSY
 * @first_ns: begin of the first attempt that is counted, 0 before there is one
 * @done_ns: end of the last attempt that is counted
 */
struct module {
	const char *name;
	struct tally tally;
	struct requester *requesters;
	struct requester *latest;
	struct worker {
		s32 tid;
		u64 spent;
	} workers[MODULE_WORKERS];
	unsigned int next_worker;
	u64 live_ns;
	u64 last_end_ns;
	u64 first_ns;
	u64 done_ns;
	u64 nr_open; /* attempts that have not ended */
};

#define ASKERS_MAX 4

/**
 * struct asker - a task that called request_module()
 * @comm: its name
 * @parent: its parent's, NULL if not known
 * @tid: the last thread of that name
 * @requests: how many
 */
struct asker {
	const char *comm;
	const char *parent;
	s32 tid;
	u64 requests;
};

/**
 * struct request - request_module() calls for one name from one place
 * @name: what was asked for, often an alias
 * @ip: the call site's address, 0 if not known
 * @requests: module_request events
 * @first_ns: time of the first of them, 0 without any
 * @last_ns: time of the last
 * @dups: of them converged
 * @wait_ns: sum of their waits
 * @askers: the first tasks that asked, by name
 * @nr_askers: how many
 * @other_requests: those of further ones
 * @chain: next of the same hash
 */
struct request {
	const char *name;
	u64 ip;
	u64 requests;
	u64 first_ns;
	u64 last_ns;
	u64 dups;
	u64 wait_ns;
	struct asker askers[ASKERS_MAX];
	u8 nr_askers;
	u64 other_requests;
	struct request *chain;
};

#define OPEN_MAX 3

/* Attempts that have no end, the oldest first. */
struct open_list {
	struct open_attempt {
		const char *module;
		const char *comm;
		s32 tid;
		u64 begin_ns;
	} all[OPEN_MAX];
	size_t nr;
};

/* What has become of an attempt that a watcher is told of. */
enum attempt_change { ATTEMPT_BEGAN, ATTEMPT_CHANGED, ATTEMPT_ENDED, ATTEMPT_ABANDONED };

/**
 * struct attempt_facts - one attempt, as it is told to who watches a model
 * @serial: its number, in the order of begins
 * @module: name of its module so far, the model's
 * @who: the thread and whose child it is; the model's names
 * @device: the device that udev made it for; the model's names
 * @tid: the thread
 * @leader: the thread whose result it got, 0 if none is known
 * @begin_ns: when it began
 * @end_ns: when it ended, 0 while it is open
 * @has_wait: @wait_ns is known
 * @wait_ns: how long it waited for @leader
 * @outcome: what it is counted as now
 * @ret: what it returned
 * @stage: where it ended
 * @gate: what answered it, if it was merged
 * @syscall: how it came
 * @by_writer: it was refused because somebody had the file open for writing
 * @cost: bytes it allocated, once it has ended; those that aren't known are zero
 */
struct attempt_facts {
	u64 serial;
	const char *module;
	struct identity who;
	struct device device;
	s32 tid;
	s32 leader;
	u64 begin_ns;
	u64 end_ns;
	bool has_wait;
	u64 wait_ns;
	enum outcome outcome;
	s32 ret;
	u8 stage;
	u8 gate;
	u8 syscall;
	bool by_writer;
	struct cost cost;
};

/* Return: 0 or -errno, which model_event() returns then. */
typedef int (*model_watch_fn)(void *context, enum attempt_change change,
			      const struct attempt_facts *a);

/**
 * struct request_facts - one request of the kernel's, as it is told to who watches
 * @row: its name and call site; the model's
 * @who: the task that the kernel asked on behalf of; the model's names
 * @tid: the thread
 * @task: the same as task records count it
 * @time_ns: when
 * @wait: it waits for modprobe to end
 * @wait_known: @wait was recorded
 */
struct request_facts {
	const struct request *row;
	struct identity who;
	s32 tid;
	s32 task;
	u64 time_ns;
	bool wait;
	bool wait_known;
};

/* Return: 0 or -errno, which model_event() returns then. */
typedef int (*request_watch_fn)(void *context, const struct request_facts *r);

/**
 * struct model - everything known so far
 * @totals: counts over all attempts; its waits include those of converged requests
 * @modules: one per module name; without attempts only if they turned out another's
 * @requests: one per name and call site
 * @asked: requests of the kernel's
 * @autoload_dups: converged requests
 * @rejected: calls that were refused before they were attempts
 * @unsure: attempts that ended, but may have been merged as well as loaded; unknown ones
 * @no_begin: attempts whose end or merge came without a begin
 * @lost: events the recording says are missing
 * @evicted: things counted under another's name because there were too many; see model_evicted()
 * @relations: harm that attempts did to each other
 * @filter: what is counted, NULL for everything; not the model's, set ahead of events
 * @start_ns: when the recording began, for @filter; 0 for at its first event
 * @untimed: times only tell the order; likewise not the model's
 * @duplicates: the times in which a duplicate was under way
 * @events: tracepoint events by type
 * @first_ns: time of the first event
 * @last_ns: time of the last one
 * @open: of a frozen model, see model_oldest_open()
 */
struct model {
	struct tally totals;
	struct module **modules;
	size_t nr_modules;
	struct request **requests;
	size_t nr_requests;
	u64 asked;
	u64 autoload_dups;
	u64 rejected;
	u64 unsure;
	u64 no_begin;
	u64 lost;
	u64 evicted;
	struct relations relations;
	const struct filter *filter;
	u64 start_ns;
	bool untimed;
	struct intervals duplicates;
	u64 events[EVENT_TYPE_NR];
	u64 first_ns;
	u64 last_ns;
	struct open_list open;

	/* private */
	size_t cap_modules;
	size_t cap_requests;
	u64 nr_requesters;
	struct strings strings;
	struct tasks tasks;
	struct devices devices;
	struct map module_by_name;
	struct map requester_by_key;
	struct map request_by_key;
	struct map attempt_by_tid;
	struct map load_by_inode;
	struct map unit_by_cgroup;	/* interned names */
	struct attempt *clean;
	struct attempt *spare;		/* ended ones, for the next, and how many */
	unsigned int nr_spare;
	struct known_file {
		const char *module;
		size_t len;
		char text[48];
	} known_files[KNOWN_FILES];
	u64 nr_begun;
	model_watch_fn watch;
	void *watch_context;
	request_watch_fn watch_request;
	void *request_context;
};

struct model *model_new(void);
void model_free(struct model *m);
int model_event(struct model *m, const struct event *ev);
void model_watch(struct model *m, model_watch_fn watch, void *context);
void model_watch_requests(struct model *m, request_watch_fn watch, void *context);
int model_tell_open(struct model *m);
const char *model_comm(const struct model *m, s32 task);
u64 model_evicted(const struct model *m);

#endif
