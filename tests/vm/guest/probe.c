// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe - single calls that a shell can't make, for the scenarios in a guest
 *
 *	probe refusals FILE		what finit_module() and init_module() refuse, a line each
 *	probe unprivileged FILE		the same as nobody, and as root without CAP_SYS_MODULE
 *	probe call [OPTION]... FILE	one call of finit_module(); prints its errno's name
 *	   -i				init_module() instead
 *	   -p PARAMS			the module's parameters
 *	   -b				a bad pointer for them
 *	   -s				SIGUSR1 has a handler
 *	   -r				the same, with SA_RESTART
 *	probe delete NAME [TRIES]	delete_module() until it succeeds; prints the last errno
 *
 * FILE is a module that loads under its own name and whose exit can be called.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BAD_POINTER	((const char *)-4096L)
#define COPY		"/tmp/probe-copy.ko"
#define IGNORE_MODVERSIONS	1
#define IGNORE_VERMAGIC		2
#define COMPRESSED_FILE		4

static volatile sig_atomic_t handled;

static void handle(int sig)
{
	(void)sig;
	handled++;
}

static const char *err_name(int err)
{
	const char *name = err ? strerrorname_np(err) : "ok";

	return name ? name : "unknown";
}

static int die(const char *what)
{
	perror(what);
	exit(1);
}

static int finit(int fd, const char *params, int flags)
{
	return syscall(SYS_finit_module, fd, params, flags) ? errno : 0;
}

static int init(const void *image, unsigned long size, const char *params)
{
	return syscall(SYS_init_module, image, size, params) ? errno : 0;
}

/* What a case loads it also removes: each stands alone. */
static void show(const char *what, int err)
{
	printf("%s %s\n", what, err_name(err));
	if (!err)
		syscall(SYS_delete_module, "mt_hold", O_NONBLOCK);
	fflush(stdout);
}

static void show_fd(const char *what, int fd)
{
	if (fd < 0)
		die(what);
	show(what, finit(fd, "", 0));
	close(fd);
}

static void *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *image;

	if (fd < 0 || fstat(fd, &st))
		die(path);
	image = malloc(st.st_size + 1);
	if (!image || read(fd, image, st.st_size) != st.st_size)
		die(path);
	close(fd);
	*size = st.st_size;
	return image;
}

static void write_file(const char *path, const void *image, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (fd < 0 || write(fd, image, size) != (ssize_t)size || close(fd))
		die(path);
}

/* Bad descriptors: none of them is an attempt. */
static void refuse_descriptors(const char *file)
{
	int fd, pair[2];

	show("fd_-1", finit(-1, "", 0));
	show("fd_closed", finit(99, "", 0));
	show_fd("write_only", open(COPY, O_WRONLY));
	show_fd("o_path", open(file, O_PATH));
	show_fd("directory", open("/tmp", O_RDONLY));
	show_fd("char_device", open("/dev/null", O_RDONLY));
	if (pipe(pair))
		die("pipe");
	show_fd("pipe_read_end", pair[0]);
	show_fd("pipe_write_end", pair[1]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		die("socketpair");
	show_fd("socket", pair[0]);
	close(pair[1]);
	show_fd("eventfd", eventfd(0, 0));
	fd = open(file, O_RDONLY);
	show("flags_8", finit(fd, "", 8));
	show("flags_all", finit(fd, "", -1));
	close(fd);
	show("flags_8_fd_-1", finit(-1, "", 8));
}

static void show_running(const char *what)
{
	int fd, ready[2];
	char *argv[] = { "/tmp/probe-running", "sleep", NULL };
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		die("pipe");
	pid = fork();
	if (!pid) {
		execv(argv[0], argv);
		_exit(1);
	}
	close(ready[1]);
	/* The other end closes with the exec. */
	if (read(ready[0], &fd, 1))
		die("read");
	close(ready[0]);
	show_fd(what, open(argv[0], O_RDONLY));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Files that make no module, and a few that do. */
static void refuse_files(const char *file)
{
	size_t size, exe_size;
	void *image = read_file(file, &size);
	void *exe = read_file("/proc/self/exe", &exe_size);
	int fd, writer;
	char path[64];

	fd = memfd_create("probe", 0);
	if (fd < 0 || write(fd, image, size) != (ssize_t)size)
		die("memfd");
	/* Its own descriptor may write, but it is one that doesn't count. */
	show("memfd_writable", finit(fd, "", 0));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	writer = open(path, O_RDONLY);
	close(fd);
	show_fd("memfd", writer);

	fd = open(COPY, O_RDONLY);
	unlink(COPY);
	show_fd("deleted", fd);
	write_file(COPY, image, size);

	writer = open(COPY, O_WRONLY);
	show_fd("open_for_writing", open(COPY, O_RDONLY));
	close(writer);
	show_fd("read_write_itself", open(COPY, O_RDWR));
	show_fd("written_before", open(COPY, O_RDONLY));

	write_file("/tmp/probe-running", exe, exe_size);
	show_running("running_executable");
	show_fd("executable", open("/tmp/probe-running", O_RDONLY));
	write_file("/tmp/probe-empty", "", 0);
	show_fd("empty", open("/tmp/probe-empty", O_RDONLY));
	write_file("/tmp/probe-text", "no module\n", 10);
	show_fd("text", open("/tmp/probe-text", O_RDONLY));
	write_file("/tmp/probe-cut", image, size / 2);
	show_fd("half_a_module", open("/tmp/probe-cut", O_RDONLY));
	write_file("/tmp/probe-cut", image, 64);
	show_fd("elf_header_alone", open("/tmp/probe-cut", O_RDONLY));
	fd = open("/tmp/probe-huge", O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, 3L << 30))
		die("ftruncate");
	close(fd);
	show_fd("three_gib", open("/tmp/probe-huge", O_RDONLY));
	unlink("/tmp/probe-huge");
	show_fd("proc_file", open("/proc/self/status", O_RDONLY));
	show_fd("sysfs_file", open("/sys/kernel/uevent_seqnum", O_RDONLY));

	fd = open(file, O_RDONLY);
	show("ignore_modversions", finit(fd, "", IGNORE_MODVERSIONS));
	show("ignore_vermagic", finit(fd, "", IGNORE_VERMAGIC));
	show("not_compressed", finit(fd, "", COMPRESSED_FILE));
	show("bad_params_pointer", finit(fd, BAD_POINTER, 0));
	show("null_params", finit(fd, NULL, 0));
	show("bad_param_value", finit(fd, "fail=x", 0));
	show("unknown_param", finit(fd, "nothing=1", 0));
	show("init_fails", finit(fd, "fail=6", 0));
	/* A read moves no offset, and needs none. */
	lseek(fd, 100, SEEK_SET);
	show("offset", finit(fd, "", 0));
	if (finit(fd, "", 0))
		die(file);
	show("live", finit(fd, "", 0));
	show("live_other_flags", finit(fd, "", IGNORE_MODVERSIONS));
	show("live_init_module", init(image, size, ""));
	close(fd);
	syscall(SYS_delete_module, "mt_hold", O_NONBLOCK);

	show("init_module", init(image, size, ""));
	show("init_module_null", init(NULL, size, ""));
	show("init_module_empty", init(image, 0, ""));
	show("init_module_cut", init(image, size / 2, ""));
	show("init_module_bad_pointer", init(BAD_POINTER, size, ""));
	show("init_module_bad_params", init(image, size, BAD_POINTER));
	show("init_module_huge", init(image, ULONG_MAX / 2, ""));
	free(image);
	free(exe);
}

static int refusals(const char *file)
{
	size_t size;
	void *image = read_file(file, &size);

	write_file(COPY, image, size);
	free(image);
	refuse_descriptors(file);
	puts("--");
	refuse_files(file);
	return 0;
}

static void drop_cap_sys_module(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2];

	if (syscall(SYS_capget, &head, caps))
		die("capget");
	caps[0].effective &= ~(1U << CAP_SYS_MODULE);
	caps[0].permitted &= ~(1U << CAP_SYS_MODULE);
	if (syscall(SYS_capset, &head, caps))
		die("capset");
}

static void become_nobody(void)
{
	if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
		die("setuid");
}

/* The permission comes first, whatever else is wrong. */
static int unprivileged(const char *file)
{
	static const struct {
		const char *who;
		void (*become)(void);
	} whom[] = {
		{ "nobody", become_nobody },
		{ "root_without_cap", drop_cap_sys_module },
	};
	size_t size;
	void *image = read_file(file, &size);

	for (size_t i = 0; i < sizeof(whom) / sizeof(whom[0]); i++) {
		pid_t pid;

		fflush(stdout);
		pid = fork();
		if (!pid) {
			int fd = open(file, O_RDONLY);

			whom[i].become();
			printf("%s ", whom[i].who);
			show("finit", finit(fd, "", 0));
			printf("%s ", whom[i].who);
			show("bad_fd", finit(-1, "", 0));
			printf("%s ", whom[i].who);
			show("bad_flags", finit(fd, "", -1));
			printf("%s ", whom[i].who);
			show("init", init(image, size, ""));
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	free(image);
	return 0;
}

static int call(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = handle };
	bool use_init = false, signals = false;
	const char *params = "";
	void *image;
	size_t size;
	int c, err;

	while ((c = getopt(argc, argv, "ip:bsr")) != -1) {
		switch (c) {
		case 'i':
			use_init = true;
			break;
		case 'p':
			params = optarg;
			break;
		case 'b':
			params = BAD_POINTER;
			break;
		case 'r':
			action.sa_flags = SA_RESTART;
			/* fall through */
		case 's':
			signals = true;
			break;
		default:
			return 1;
		}
	}
	if (optind != argc - 1)
		return 1;
	if (signals)
		sigaction(SIGUSR1, &action, NULL);

	image = read_file(argv[optind], &size);
	if (use_init)
		err = init(image, size, params);
	else
		err = finit(open(argv[optind], O_RDONLY), params, 0);
	printf("result=%s\nhandled=%d\n", err_name(err), (int)handled);
	return 0;
}

static int delete(const char *name, int tries)
{
	int err;

	do {
		err = syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
	} while (err && --tries > 0);
	printf("result=%s\n", err_name(err));
	return 0;
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (!strcmp(command, "refusals") && argc == 3)
		return refusals(argv[2]);
	if (!strcmp(command, "unprivileged") && argc == 3)
		return unprivileged(argv[2]);
	if (!strcmp(command, "call"))
		return call(argc - 1, argv + 1);
	if (!strcmp(command, "delete") && argc > 2)
		return delete(argv[2], argc > 3 ? atoi(argv[3]) : 1);
	if (!strcmp(command, "sleep"))
		return sleep(60);
	fputs("probe: see the comment in its source\n", stderr);
	return 1;
}
