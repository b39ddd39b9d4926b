#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the lab says to wrong arguments, and how it reads a console; no guest is started.
set -u
. "$(dirname -- "$0")/../tap.sh"

# refused DESCRIPTION REGEX COMMAND...: one line that matches, and status 1.
refused()
{
	description=$1 regex=$2
	shift 2
	status=0
	said=$("$@" 2>&1 >/dev/null) || status=$?
	is "$description: status" "$status" 1
	is "$description: one line" "$(printf '%s\n' "$said" | wc -l)" 1
	like "$description: the line" "$said" "$regex"
}

vm=$top/lab/vm.sh
refused 'no number of CPUs' 'CPUS=many' "$vm" RUN=true CPUS=many
refused 'too many CPUs' 'at most 255' "$vm" RUN=true CPUS=256
refused 'no size' 'MEM=lots' "$vm" RUN=true MEM=lots
refused 'no root at all' 'ROOTFS=floppy' "$vm" RUN=true ROOTFS=floppy
refused 'no initrd at all' 'INITRD=grub' "$vm" RUN=true ROOTFS=debian INITRD=grub
refused "an initrd that busybox doesn't have" 'ROOTFS=debian' "$vm" RUN=true INITRD=dracut
refused "a disk that busybox doesn't have" 'ROOTFS=debian' "$vm" RUN=true DISK=/nowhere
refused 'a disk nowhere' '/nowhere' "$vm" RUN=true ROOTFS=debian DISK=/nowhere/disk
refused 'a later kernel' 'KERNEL=v9.9 is no kernel of the lab' "$vm" RUN=true KERNEL=v9.9
refused 'no kernel' 'KERNEL=linux' "$vm" RUN=true KERNEL=linux
refused "a kernel that Debian doesn't have" 'debian-6.1, debian-6.12 or debian-7.3' \
	"$vm" RUN=true KERNEL=debian-5.10
refused "a release that isn't made" 'debian14' "$vm" RUN=true ROOTFS=debian11
refused 'no image' 'no such file' "$vm" RUN=true KERNEL=/nowhere/bzImage
refused 'no setting' 'COLOUR=red' "$vm" RUN=true COLOUR=red
refused 'no EXTRA' '/nowhere' "$vm" RUN=true EXTRA=/nowhere

storm=$top/build/lab/storm
refused 'storm: nothing to load' 'FILE' "$storm"
refused 'storm: no such file' '/nowhere' "$storm" /nowhere
refused 'storm: no number' 'bad value: x' "$storm" -n x /dev/null
refused 'storm: no signal' 'bad value' "$storm" -K BANG:waiter /dev/null
refused 'storm: a winner nobody knows' 'release' "$storm" -K KILL:winner /dev/null

# splat WANTED DESCRIPTION CONSOLE [EXPECT]: whether this console fails the run.
splat()
{
	printf '%s\n' "$3" >"$tmp/console"
	status=0
	"$top/lab/splat.sh" "$tmp/console" "${4-}" 2>"$tmp/said" || status=$?
	is "$2" "$status" "$1"
}

splat 0 'an ordinary console' '[    0.608483] mtrr: your CPUs had inconsistent fixed MTRR settings
[    1.591747] modtrace-lab: run, 8 CPUs, 6.1.192
[    2.054747] xfs: Unknown symbol crc32c (err -2)
[    9.767527] modtrace-lab: exit 0'

warning='[    4.000000] ------------[ cut here ]------------
[    4.000001] WARNING: CPU: 3 PID: 71 at kernel/module/main.c:100 load_module+0x1/0x2
[    4.000002] Call Trace:
[    4.000003]  <TASK>
[    4.000004]  </TASK>
[    4.000005] ---[ end trace 0000000000000000 ]---'
splat 1 'a WARNING' "$warning"
like 'it is named' "$(cat "$tmp/said")" 'main.c:100'
splat 0 'an expected WARNING with its trace' "$warning" 'WARNING.*load_module'
splat 1 'a second one is not expected' "$warning
BUG: another" 'load_module'

while read -r line; do
	splat 1 "$line" "[    5.000000] $line"
done <<'EOF'
BUG: kernel NULL pointer dereference, address: 0000000000000000
BUG: KASAN: use-after-free in merge_wait+0x1/0x2
WARNING: possible circular locking dependency detected
INFO: task modprobe:71 blocked for more than 120 seconds.
rcu: INFO: rcu_sched detected stalls on CPUs/tasks:
refcount_t: underflow; use-after-free.
unreferenced object 0xffff888001234567 (size 64):
Oops: 0000 [#1] SMP
Call Trace:
general protection fault, probably for non-canonical address
Kernel panic - not syncing: Attempted to kill init!
[ BUG: Invalid wait context ]
WARNING: bad unlock balance detected!
INFO: trying to register non-static key.
turning off the locking correctness validator.
kmemleak: 2 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
ODEBUG: free active (active state 0) object type: work_struct hint: f+0x0/0x1
UBSAN: shift-out-of-bounds in kernel/module/main.c:1:2
BUG: KCSAN: data-race in flight_settle / flight_wait
BUG: sleeping function called from invalid context at kernel/module/main.c:1
list_del corruption. prev->next should be ffff888001234567
EOF

done_testing
