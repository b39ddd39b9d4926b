// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/rings.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include "recorder/renames.h"

#define CPUS_MAX 65536
#define DEFAULT_RING_BYTES (512 * 1024)
#define RING_BYTES_MAX (1UL << 30)

static int read_cpus(const char *which, bool *set, int nr)
{
	_cleanup_buf_ struct buf list = { 0 };
	char path[64];
	int ret;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/%s", which);
	ret = read_small_file(path, &list);
	return ret ? ret : parse_cpu_list(list.data, set, nr);
}

/**
 * possible_cpus - how many CPUs the kernel could ever have
 *
 * Return: one more than the highest number.
 */
int possible_cpus(void)
{
	_cleanup_free_ bool *set = calloc(CPUS_MAX, sizeof(*set));
	int n = CPUS_MAX;

	if (!set || read_cpus("possible", set, CPUS_MAX))
		return sysconf(_SC_NPROCESSORS_CONF);
	while (n > 1 && !set[n - 1])
		n--;
	return n;
}

static int perf_event_open(const struct perf_event_attr *attr, int cpu)
{
	int fd = syscall(SYS_perf_event_open, attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static void raise_open_files(size_t need)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= need)
		return;
	/* Beyond the hard limit only with CAP_SYS_RESOURCE; else take what may be had. */
	if (limit.rlim_max < need) {
		struct rlimit more = { .rlim_cur = need, .rlim_max = need };

		if (!setrlimit(RLIMIT_NOFILE, &more))
			return;
	}
	limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void ring_free(struct ring *ring, const struct rings *r)
{
	unsigned int i;

	if (!ring)
		return;
	if (ring->page)
		munmap(ring->page, (r->pages + 1) * sysconf(_SC_PAGESIZE));
	for (i = 0; i < r->nr_attrs; i++)
		if (ring->fds[i] >= 0)
			close(ring->fds[i]);
	free(ring->fds);
	free(ring);
}

/**
 * rings_free - close all rings; nothing is traced any more
 * @r: the rings; empty afterwards
 */
void rings_free(struct rings *r)
{
	int cpu;

	for (cpu = 0; r->by_cpu && cpu < r->nr_cpus; cpu++)
		ring_free(r->by_cpu[cpu], r);
	free(r->by_cpu);
	free(r->no_ring_ns);
	free(r->wanted);
	free(r->attrs);
	free(r->filters);
	buf_free(&r->bounce);
	buf_free(&r->squeezed);
	buf_free(&r->name_filter);
	buf_free(&r->name_records);
	*r = (struct rings){ 0 };
}

static int paranoid_level(void)
{
	_cleanup_buf_ struct buf b = { 0 };

	if (read_small_file("/proc/sys/kernel/perf_event_paranoid", &b))
		return -1;
	return atoi(b.data);
}

static int explain_open(int ret, const struct rings *r, int cpu, struct err *err)
{
	switch (ret) {
	case -EACCES:
	case -EPERM:
		return err_set(err, ret,
			       "no permission to trace: kernel.perf_event_paranoid is %d; run as root or with CAP_PERFMON, or set it to -1",
			       paranoid_level());
	case -ENOSYS:
		return err_set(err, ret,
			       "the kernel has no perf events: it needs CONFIG_PERF_EVENTS");
	case -EMFILE:
		return err_set(err, ret,
			       "too few file descriptors for %u events on %d CPUs; raise the limit (ulimit -n), or select CPUs with -C",
			       r->nr_attrs, r->nr_cpus);
	default:
		return err_set(err, ret, "tracing on CPU %d: %s", cpu, strerror(-ret));
	}
}

static int map_ring(const struct rings *r, struct ring *ring)
{
	const size_t size = (r->pages + 1) * sysconf(_SC_PAGESIZE);
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fds[0], 0);

	if (p == MAP_FAILED)
		return -errno;
	ring->page = p;
	return 0;
}

/* Names are told by one of two events. */
static bool is_open(const struct rings *r, unsigned int i)
{
	return !i || i != r->names.some || r->name_filter.len;
}

static bool is_enabled(const struct rings *r, unsigned int i)
{
	return !i || i != r->names.all || !r->name_filter.len;
}

static const char *filter_of(const struct rings *r, unsigned int i)
{
	return i && i == r->names.some ? r->name_filter.data : r->filters[i];
}

static int open_event(const struct rings *r, struct ring *ring, unsigned int i, struct err *err)
{
	const char *filter = filter_of(r, i);
	int fd = perf_event_open(&r->attrs[i], ring->cpu);

	if (fd < 0)
		return explain_open(fd, r, ring->cpu, err);
	ring->fds[i] = fd;
	if (i && ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring->fds[0]))
		return err_set(err, -errno, "redirecting events of CPU %d to one ring: %s",
			       ring->cpu, strerror(errno));
	if (filter && ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter))
		return err_set(err, -errno, "filter \"%s\": %s", filter, strerror(errno));
	return 0;
}

/* Return: 0 or -errno; *@too_large tells that the kernel refused the ring's size. */
static int ring_open(const struct rings *r, int cpu, struct ring **out, bool *too_large,
		     struct err *err)
{
	struct ring *ring = calloc(1, sizeof(*ring));
	unsigned int i;
	int ret = 0;

	*too_large = false;
	if (ring)
		ring->fds = malloc(r->nr_attrs * sizeof(*ring->fds));
	if (!ring || !ring->fds) {
		free(ring);
		return err_set(err, -ENOMEM, "out of memory");
	}
	ring->cpu = cpu;
	for (i = 0; i < r->nr_attrs; i++)
		ring->fds[i] = -1;
	for (i = 0; i < r->nr_attrs && !ret; i++) {
		ret = is_open(r, i) ? open_event(r, ring, i, err) : 0;
		if (ret || i)
			continue;
		ret = map_ring(r, ring);
		if (ret) {
			*too_large = ret == -EPERM || ret == -ENOMEM;
			err_set(err, ret, "ring of %zu pages for CPU %d: %s", r->pages, cpu,
				strerror(-ret));
		}
	}
	if (ret) {
		ring_free(ring, r);
		return ret;
	}
	*out = ring;
	return 0;
}

static int announce_event(int fd, unsigned int i, const struct rings_ops *ops, void *context,
			  struct err *err)
{
	u64 id;
	int ret;

	if (ioctl(fd, PERF_EVENT_IOC_ID, &id))
		return err_set(err, -errno, "id of an event: %s", strerror(errno));
	ret = ops->id(context, i, id);
	return ret ? err_set(err, ret, "storing an event's id: %s", strerror(-ret)) : 0;
}

static int ring_announce(struct rings *r, struct ring *ring, const struct rings_ops *ops,
			 void *context, struct err *err)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < r->nr_attrs && !ret; i++)
		if (is_open(r, i))
			ret = announce_event(ring->fds[i], i, ops, context, err);
	return ret;
}

static int ring_enable(const struct rings *r, const struct ring *ring, struct err *err)
{
	unsigned int i;

	for (i = 0; i < r->nr_attrs; i++)
		if (is_open(r, i) && is_enabled(r, i) &&
		    ioctl(ring->fds[i], PERF_EVENT_IOC_ENABLE, 0))
			return err_set(err, -errno, "enabling an event on CPU %d: %s", ring->cpu,
				       strerror(errno));
	return 0;
}

/* Losses can be asked for since 6.0; before, only records in the ring tell of them. */
static void probe_lost_format(struct rings *r, int cpu)
{
	unsigned int i;
	int fd;

	for (i = 0; i < r->nr_attrs; i++)
		r->attrs[i].read_format |= PERF_FORMAT_LOST;
	fd = perf_event_open(&r->attrs[0], cpu);
	if (fd >= 0)
		close(fd);
	if (fd != -EINVAL)
		return;
	for (i = 0; i < r->nr_attrs; i++)
		r->attrs[i].read_format &= ~(u64)PERF_FORMAT_LOST;
}

/**
 * kernel_tells_cgroups - whether samples can carry their control group
 *
 * Return: true since 5.7, on a kernel with CONFIG_CGROUP_PERF.
 */
bool kernel_tells_cgroups(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_DUMMY,
		.sample_type = PERF_SAMPLE_CGROUP, .cgroup = 1, .disabled = 1,
		.exclude_kernel = 1,
	};
	/* Of our own: that takes no rights. */
	int fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/**
 * rings_init - choose events and CPUs; nothing is traced yet
 * @r: filled; rings_free() frees it, after an error too
 * @attrs: the events, the first one the carrier of task records; copied
 * @filters: for each event which of its records are wanted, NULL for all; NULL for all of
 *	every event. The texts must outlive @r.
 * @nr_attrs: how many
 * @pages: data pages a ring, a power of two
 * @cpu_list: CPUs to record, as "0-3,8", or NULL for all
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int rings_init(struct rings *r, const struct perf_event_attr *attrs, const char *const *filters,
	       unsigned int nr_attrs, size_t pages, const char *cpu_list, struct err *err)
{
	int cpu, ret;

	*r = (struct rings){ .nr_attrs = nr_attrs, .pages = pages, .nr_cpus = possible_cpus() };
	r->attrs = calloc(nr_attrs, sizeof(*r->attrs));
	r->filters = calloc(nr_attrs, sizeof(*r->filters));
	r->wanted = calloc(r->nr_cpus, sizeof(*r->wanted));
	r->by_cpu = calloc(r->nr_cpus, sizeof(*r->by_cpu));
	r->no_ring_ns = calloc(r->nr_cpus, sizeof(*r->no_ring_ns));
	if (!r->attrs || !r->filters || !r->wanted || !r->by_cpu || !r->no_ring_ns)
		return err_set(err, -ENOMEM, "out of memory");
	memcpy(r->attrs, attrs, nr_attrs * sizeof(*attrs));
	if (filters)
		memcpy(r->filters, filters, nr_attrs * sizeof(*filters));
	if (cpu_list) {
		ret = parse_cpu_list(cpu_list, r->wanted, r->nr_cpus);
		if (ret)
			return err_set(err, ret, ret == -ERANGE ?
				       "-C %s: the highest CPU of this machine is %d" :
				       "-C %s: not a list of CPUs such as 0-%d", cpu_list,
				       r->nr_cpus - 1);
		return 0;
	}
	for (cpu = 0; cpu < r->nr_cpus; cpu++)
		r->wanted[cpu] = true;
	return 0;
}

static void close_all(struct rings *r)
{
	int cpu;

	for (cpu = 0; cpu < r->nr_cpus; cpu++) {
		ring_free(r->by_cpu[cpu], r);
		r->by_cpu[cpu] = NULL;
	}
}

static int open_all(struct rings *r, const bool *online, bool *too_large, struct err *err)
{
	int cpu, ret;

	for (cpu = 0; cpu < r->nr_cpus; cpu++) {
		if (!online[cpu] || !r->wanted[cpu])
			continue;
		if (!rings_count(r))
			probe_lost_format(r, cpu);
		ret = ring_open(r, cpu, &r->by_cpu[cpu], too_large, err);
		if (ret && ret != -ENODEV)	/* it may have gone offline this moment */
			return ret;
	}
	return 0;
}

/* All rings have one size: the largest, halved from the one asked for, that is granted to all. */
static void halve(struct rings *r)
{
	const size_t bytes = r->pages / 2 * sysconf(_SC_PAGESIZE);
	unsigned int i;

	close_all(r);
	r->pages /= 2;
	r->smaller = true;
	for (i = 0; i < r->nr_attrs; i++)
		if (r->attrs[i].wakeup_watermark > bytes / 2)
			r->attrs[i].wakeup_watermark = bytes / 2;
}

/**
 * rings_open - open a ring on every wanted CPU that is online; nothing is traced yet
 * @r: the rings
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int rings_open(struct rings *r, struct err *err)
{
	_cleanup_free_ bool *online = calloc(r->nr_cpus, sizeof(*online));
	bool too_large;
	size_t nr = 0;
	int cpu, ret;

	if (!online)
		return err_set(err, -ENOMEM, "out of memory");
	/* A few more are wanted for the file and the loop. */
	raise_open_files((size_t)r->nr_attrs * r->nr_cpus + 64);
	r->checked_ns = now_ns(CLOCK_MONOTONIC);
	ret = read_cpus("online", online, r->nr_cpus);
	if (ret)
		return err_set(err, ret, "list of online CPUs: %s", strerror(-ret));
	/* Asked for more than there is, the kernel doesn't refuse: it starts killing. */
	for (cpu = 0; cpu < r->nr_cpus; cpu++)
		nr += online[cpu] && r->wanted[cpu];
	while (r->pages > 1 && r->pages * nr > (size_t)sysconf(_SC_PHYS_PAGES) / 4)
		halve(r);
	/* It does limit locked memory per user and CPU. */
	while ((ret = open_all(r, online, &too_large, err)) != 0 && too_large && r->pages > 1)
		halve(r);
	if (!ret && !rings_count(r))
		ret = err_set(err, -ENODEV, "none of the selected CPUs is online");
	return ret;
}

/**
 * rings_start - start tracing
 * @r: the rings, open
 * @ops: its id() is called for every event
 * @context: handed to it
 * @err: says what is wrong
 *
 * Return: 0 or -errno.
 */
int rings_start(struct rings *r, const struct rings_ops *ops, void *context, struct err *err)
{
	int cpu, ret = 0;

	for (cpu = 0; cpu < r->nr_cpus && !ret; cpu++)
		if (r->by_cpu[cpu])
			ret = ring_announce(r, r->by_cpu[cpu], ops, context, err);
	for (cpu = 0; cpu < r->nr_cpus && !ret; cpu++)
		if (r->by_cpu[cpu])
			ret = ring_enable(r, r->by_cpu[cpu], err);
	return ret;
}

static int drain_ring(struct rings *r, struct ring *ring, const struct rings_ops *ops,
		      void *context)
{
	const size_t size = r->pages * sysconf(_SC_PAGESIZE);
	const u8 *data = (const u8 *)ring->page + ring->page->data_offset;
	u64 head = __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
	size_t at = ring->tail & (size - 1), len = head - ring->tail;
	bool many;
	int ret;

	if (!len)
		return 0;
	if (at + len > size) {
		r->bounce.len = 0;
		ret = buf_add(&r->bounce, data + at, size - at);
		if (!ret)
			ret = buf_add(&r->bounce, data, at + len - size);
		if (ret)
			return ret;
		data = (const u8 *)r->bounce.data;
	} else {
		data += at;
	}
	many = renames_are_many(data, len);
	if (r->names.some && (many || r->renamers.nr)) {
		ret = renamers_look(&r->renamers, &r->names.event, data, len,
				    now_ns(CLOCK_MONOTONIC), &r->name_records);
		if (ret)
			return ret;
	}
	if (many) {
		r->squeezed.len = 0;
		ret = renames_squeeze(&r->squeezed, data, len);
		if (!ret)
			ret = ops->data(context, ring->cpu, (const u8 *)r->squeezed.data,
					r->squeezed.len);
	} else {
		ret = ops->data(context, ring->cpu, data, len);
	}
	if (ret)
		return ret;
	ring->tail = head;
	__atomic_store_n(&ring->page->data_tail, head, __ATOMIC_RELEASE);
	return 0;
}

static u64 lost_of(const struct rings *r, int fd)
{
	u64 values[2];

	if (fd < 0 || !(r->attrs[0].read_format & PERF_FORMAT_LOST) ||
	    read(fd, values, sizeof(values)) != sizeof(values))
		return 0;
	return values[1];
}

static struct ring *any_ring(const struct rings *r)
{
	int cpu;

	for (cpu = 0; cpu < r->nr_cpus; cpu++)
		if (r->by_cpu[cpu])
			return r->by_cpu[cpu];
	return NULL;
}

static void close_events(struct rings *r, int *fds)
{
	int cpu;

	for (cpu = 0; cpu < r->nr_cpus; cpu++) {
		if (fds[cpu] >= 0 && r->by_cpu[cpu])
			r->by_cpu[cpu]->lost_closed += lost_of(r, fds[cpu]);
		if (fds[cpu] >= 0)
			close(fds[cpu]);
		fds[cpu] = -1;
	}
}

/* Opens the event for names with the filter in place, on all rings; @fds are one for each CPU. */
static int open_names(struct rings *r, int *fds, const struct rings_ops *ops, void *context)
{
	const unsigned int some = r->names.some;
	struct err ignored;
	int cpu, ret = 0;

	for (cpu = 0; cpu < r->nr_cpus && !ret && r->name_filter.len; cpu++) {
		struct ring *ring = r->by_cpu[cpu];
		int before;

		if (!ring)
			continue;
		before = ring->fds[some];
		ring->fds[some] = -1;
		ret = open_event(r, ring, some, &ignored);
		fds[cpu] = ring->fds[some];
		ring->fds[some] = before;
		if (!ret)
			ret = announce_event(fds[cpu], some, ops, context, &ignored);
		if (!ret && ioctl(fds[cpu], PERF_EVENT_IOC_ENABLE, 0))
			ret = -errno;
	}
	return ret;
}

/*
 * The new event is there before the one of before goes, so that no name is missed, and some come twice.
 * Return: 0 or -errno; then all is as it was.
 */
static int change_names(struct rings *r, const struct rings_ops *ops, void *context)
{
	_cleanup_free_ int *fds = malloc(r->nr_cpus * sizeof(*fds));
	_cleanup_buf_ struct buf filter = { 0 };
	struct buf before = r->name_filter;
	int cpu, ret;

	if (!fds)
		return -ENOMEM;
	for (cpu = 0; cpu < r->nr_cpus; cpu++)
		fds[cpu] = -1;
	ret = renamers_filter(&r->renamers, &filter);
	if (ret)
		return ret;
	r->name_filter = filter;
	filter = before;
	ret = open_names(r, fds, ops, context);
	if (ret) {
		close_events(r, fds);
		filter = r->name_filter;
		r->name_filter = before;
		return ret;
	}
	for (cpu = 0; cpu < r->nr_cpus; cpu++) {
		struct ring *ring = r->by_cpu[cpu];

		if (!ring)
			continue;
		ioctl(ring->fds[r->names.all],
		      r->name_filter.len ? PERF_EVENT_IOC_DISABLE : PERF_EVENT_IOC_ENABLE, 0);
		ret = ring->fds[r->names.some];
		ring->fds[r->names.some] = fds[cpu];
		fds[cpu] = ret;
	}
	close_events(r, fds);
	return 0;
}

/* Those who rename themselves all the time are left out from now on, and nobody else. */
static int follow_names(struct rings *r, const struct rings_ops *ops, void *context)
{
	int ret;

	if (r->name_changes == RING_NAMES_CHANGES ||
	    !renamers_due(&r->renamers, now_ns(CLOCK_MONOTONIC)))
		return 0;
	r->name_changes++;
	ret = change_names(r, ops, context);
	if (ret == -ENOMEM)
		return ret;
	return renamers_told(&r->renamers, now_ns(CLOCK_MONOTONIC), !ret, &r->name_records);
}

static int hand_names_on(struct rings *r, const struct rings_ops *ops, void *context)
{
	struct ring *ring = any_ring(r);
	int ret;

	if (!ring || !r->name_records.len)
		return 0;
	ret = ops->data(context, ring->cpu, (const u8 *)r->name_records.data, r->name_records.len);
	r->name_records.len = 0;
	return ret;
}

static int drain_all(struct rings *r, const struct rings_ops *ops, void *context)
{
	int cpu, ret = 0;

	for (cpu = 0; cpu < r->nr_cpus && !ret; cpu++)
		if (r->by_cpu[cpu])
			ret = drain_ring(r, r->by_cpu[cpu], ops, context);
	return ret;
}

/**
 * rings_drain - hand on what is in the rings and make room in them
 * @r: the rings
 * @ops: its data() gets the records, CPU by CPU
 * @context: handed to it
 *
 * Return: 0 or what data() returned; the ring it failed for keeps its records.
 */
int rings_drain(struct rings *r, const struct rings_ops *ops, void *context)
{
	int ret = drain_all(r, ops, context);

	if (!ret)
		ret = follow_names(r, ops, context);
	return ret ? ret : hand_names_on(r, ops, context);
}

/* The kernel tells of a loss when it next finds room; what was lost last is only here. */
static int tell_lost(const struct rings *r, const struct ring *ring, const struct rings_ops *ops,
		     void *context)
{
	u64 lost = ring->lost_closed;
	unsigned int i;

	for (i = 0; i < r->nr_attrs; i++)
		lost += lost_of(r, ring->fds[i]);
	return lost > ring->lost_seen ? ops->lost(context, ring->cpu, lost - ring->lost_seen) : 0;
}

static int cpu_left(struct rings *r, int cpu, const struct rings_ops *ops, void *context)
{
	int ret = drain_ring(r, r->by_cpu[cpu], ops, context);

	if (!ret)
		ret = tell_lost(r, r->by_cpu[cpu], ops, context);
	if (ret)
		return ret;
	ring_free(r->by_cpu[cpu], r);
	r->by_cpu[cpu] = NULL;
	return 0;
}

/* A CPU for which no ring can be had is left out, and the time counted. */
static int cpu_came(struct rings *r, int cpu, const struct rings_ops *ops, void *context,
		    u64 before_ns)
{
	struct ring *ring = NULL;
	struct err ignored;
	bool too_large;
	u64 ns;

	if (!ring_open(r, cpu, &ring, &too_large, &ignored) &&
	    (ring_announce(r, ring, ops, context, &ignored) || ring_enable(r, ring, &ignored))) {
		ring_free(ring, r);
		ring = NULL;
	}
	r->no_ring_ns[cpu] += now_ns(CLOCK_MONOTONIC) - before_ns;
	if (!ring)
		return 0;
	r->by_cpu[cpu] = ring;
	ns = r->no_ring_ns[cpu];
	r->no_ring_ns[cpu] = 0;
	return ops->no_ring(context, cpu, ns);
}

/**
 * rings_follow_cpus - give rings to CPUs that came online, close those that went
 * @r: the rings
 * @ops: all its functions may be called
 * @context: handed to them
 *
 * A CPU that comes back has lost its events, and gets a new ring.
 *
 * Return: 0 or -errno.
 */
int rings_follow_cpus(struct rings *r, const struct rings_ops *ops, void *context)
{
	_cleanup_free_ bool *online = calloc(r->nr_cpus, sizeof(*online));
	u64 before_ns = r->checked_ns;
	int cpu, ret;

	if (!online)
		return -ENOMEM;
	r->checked_ns = now_ns(CLOCK_MONOTONIC);
	ret = read_cpus("online", online, r->nr_cpus);
	for (cpu = 0; cpu < r->nr_cpus && !ret; cpu++) {
		if (r->by_cpu[cpu] && !online[cpu])
			ret = cpu_left(r, cpu, ops, context);
		else if (!r->by_cpu[cpu] && online[cpu] && r->wanted[cpu])
			ret = cpu_came(r, cpu, ops, context, before_ns);
	}
	return ret;
}

/**
 * rings_stop - stop tracing and hand on the rest
 * @r: the rings; only rings_free() is left for them
 * @ops: its data(), lost() and no_ring() are called
 * @context: handed to them
 *
 * Return: 0 or what they returned; tracing is off in any case.
 */
int rings_stop(struct rings *r, const struct rings_ops *ops, void *context)
{
	unsigned int i;
	int cpu, ret;

	for (cpu = 0; cpu < r->nr_cpus; cpu++)
		for (i = 0; r->by_cpu[cpu] && i < r->nr_attrs; i++)
			ioctl(r->by_cpu[cpu]->fds[i], PERF_EVENT_IOC_DISABLE, 0);
	ret = drain_all(r, ops, context);
	if (!ret)
		ret = hand_names_on(r, ops, context);
	for (cpu = 0; cpu < r->nr_cpus && !ret; cpu++) {
		if (r->by_cpu[cpu])
			ret = tell_lost(r, r->by_cpu[cpu], ops, context);
		else if (r->no_ring_ns[cpu])
			ret = ops->no_ring(context, cpu, r->no_ring_ns[cpu]);
	}
	return ret;
}

/**
 * rings_poll_fds - descriptors that become readable when a ring fills
 * @r: the rings
 * @fds: filled; room for rings_count() entries
 *
 * Return: how many.
 */
size_t rings_poll_fds(const struct rings *r, struct pollfd *fds)
{
	size_t n = 0;
	int cpu;

	for (cpu = 0; cpu < r->nr_cpus; cpu++)
		if (r->by_cpu[cpu])
			fds[n++] = (struct pollfd){ .fd = r->by_cpu[cpu]->fds[0],
						    .events = POLLIN };
	return n;
}

/**
 * rings_count - how many rings are open
 * @r: the rings
 *
 * Return: the number.
 */
int rings_count(const struct rings *r)
{
	int cpu, n = 0;

	for (cpu = 0; cpu < r->nr_cpus; cpu++)
		n += r->by_cpu[cpu] != NULL;
	return n;
}

/**
 * ring_size_parse - how large a ring is to be
 * @text: pages, or bytes with K, M or G behind; a power of two
 * @pages: data pages of a ring; one at least
 * @err: says what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int ring_size_parse(const char *text, size_t *pages, struct err *err)
{
	const size_t page_size = sysconf(_SC_PAGESIZE);
	char digits[32];
	size_t len = strlen(text);
	u64 n, unit = page_size;

	if (len >= sizeof(digits) || !len)
		goto bad;
	memcpy(digits, text, len + 1);
	switch (digits[len - 1]) {
	case 'K':
		unit = 1UL << 10;
		break;
	case 'M':
		unit = 1UL << 20;
		break;
	case 'G':
		unit = 1UL << 30;
		break;
	default:
		len++;
	}
	digits[len - 1] = '\0';
	if (parse_u64(digits, RING_BYTES_MAX / unit, &n) || !n || (n & (n - 1)))
		goto bad;
	n = n * unit / page_size;
	*pages = n ? n : 1;
	return 0;
bad:
	return err_set(err, -EINVAL,
		       "-m %s: invalid size; use a power of two in pages, or with suffix K, M or G, up to 1G", text);
}

/**
 * ring_size_default - how large a ring is if nobody says
 *
 * Return: its data pages.
 */
size_t ring_size_default(void)
{
	return DEFAULT_RING_BYTES / sysconf(_SC_PAGESIZE);
}
