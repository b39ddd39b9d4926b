// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the process that runs libtracecmd may still do: read the file it has open, allocate, write
 * to its pipe, and exit. Whoever takes it over by a hostile file gains no more than that.
 */
#include "source/tracedat.h"

#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define NOBODY 65534

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef ARCH
#define ALLOW(nr) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static const struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	ALLOW(__NR_read),
	ALLOW(__NR_pread64),
	ALLOW(__NR_lseek),
	ALLOW(__NR_write),
	ALLOW(__NR_close),
	ALLOW(__NR_dup),
	ALLOW(__NR_fstat),
	ALLOW(__NR_newfstatat),
	ALLOW(__NR_munmap),
	ALLOW(__NR_mremap),
	ALLOW(__NR_brk),
	ALLOW(__NR_madvise),
	ALLOW(__NR_futex),
	ALLOW(__NR_sched_yield),
	ALLOW(__NR_clock_gettime),
	ALLOW(__NR_setitimer),
	ALLOW(__NR_getrandom),
	ALLOW(__NR_getpid),
	ALLOW(__NR_gettid),
	/* abort(), and what a sanitizer does before it reports */
	ALLOW(__NR_tgkill),
	ALLOW(__NR_rt_sigaction),
	ALLOW(__NR_rt_sigprocmask),
	ALLOW(__NR_rt_sigreturn),
	ALLOW(__NR_sigaltstack),
	ALLOW(__NR_exit),
	ALLOW(__NR_exit_group),
	/* memory, but none to run */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
#endif

static bool is_refused(int error)
{
	return error == EINVAL || error == EPERM;
}

/**
 * tracedat_confine - give up all that isn't needed, for good
 *
 * Return: 0, or -errno if something could not be given up.
 */
int tracedat_confine(void)
{
#ifdef ARCH
	const struct sock_fprog program = { .len = ARRAY_SIZE(filter),
					    .filter = (struct sock_filter *)filter };
#endif

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	/*
	 * With the ids go the capabilities. A user namespace may lack the ids, or refuse one of the
	 * calls, which is no reason not to make the others.
	 */
	if (!geteuid()) {
		if (setgroups(0, NULL) && !is_refused(errno))
			return -errno;
		if (setresgid(NOBODY, NOBODY, NOBODY) && !is_refused(errno))
			return -errno;
		if (setresuid(NOBODY, NOBODY, NOBODY) && !is_refused(errno))
			return -errno;
	}
#ifdef ARCH
	/* A kernel without seccomp: what was given up so far has to do. */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) && errno != EINVAL)
		return -errno;
#endif
	return 0;
}
