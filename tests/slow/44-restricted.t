#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Where a kernel doesn't let everybody record, or nobody: one line that says so and what to do, a status,
# and nothing left behind. On Debian's kernel, which has lockdown and perf_event_paranoid=3.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

kernel=debian-6.12
"$top/lab/debian-kernel.sh" $kernel xfs >/dev/null 2>"$tmp/fetch.log" ||
	skip_all "$kernel can't be had: $(tail -n 1 "$tmp/fetch.log")"

# says NAME STATUS REGEX: the command's status, and its one line
says()
{
	is "$1: status" "$(value "$1")" "$2"
	is "$1: one line" "$(wc -l <"$out/$1.err")" 1
	like "$1: says why, and what to do" "$(cat "$out/$1.err")" "$3"
}

guest KERNEL=$kernel CPUS=1 TIMEOUT=300 APPEND=lockdown=confidentiality <<'EOG'
try()
{
	name=$1
	shift
	"$@" >/out/$name.out 2>/out/$name.err
	result $name $?
}
try record_unmounted modtrace record -o /tmp/x -- true
mount -t securityfs nodev /sys/kernel/security
result lockdown "$(cat /sys/kernel/security/lockdown)"
try record modtrace record -o /tmp/x -- true
try live modtrace live --batch 1
try boot modtrace record --boot -o /tmp/x --until 1
try doctor modtrace doctor
result files "$(ls /tmp | grep -c '^x')"
EOG
guest_ok 'locked down'
is 'locked down: it is' "$(value lockdown)" 'none integrity [confidentiality]'
says record_unmounted 1 'lockdown=confidentiality'
says record 1 'the kernel is locked down .*; boot with lockdown=integrity'
says live 1 'the kernel is locked down .*; boot with lockdown=integrity'
says boot 1 'lockdown=confidentiality .*boot with lockdown=integrity'
is 'locked down: doctor says so, too' "$(value doctor), $(grep -c 'boot with lockdown=integrity' "$out/doctor.out")" '1, 1'
is 'locked down: no file is left' "$(value files)" 0

guest KERNEL=$kernel ROOTFS=debian13 CPUS=1 TIMEOUT=300 <<'EOG'
try()
{
	name=$1
	shift
	"$@" >/out/$name.out 2>/out/$name.err
	result $name $?
}
mkdir -m 777 /tmp/user
echo 3 >/proc/sys/kernel/perf_event_paranoid
result paranoid "$(cat /proc/sys/kernel/perf_event_paranoid)"
try hidden setpriv --reuid=1000 --regid=1000 --clear-groups modtrace record -o /tmp/user/x -- true
find /sys/kernel/tracing -type d -exec chmod a+rx {} +
chmod -R a+r /sys/kernel/tracing/events 2>/dev/null
try user setpriv --reuid=1000 --regid=1000 --clear-groups modtrace record -o /tmp/user/x -- true
try user_live setpriv --reuid=1000 --regid=1000 --clear-groups modtrace live --batch 1
result files "$(ls /tmp/user | grep -c '^x')"
result probes "$(grep -c modtrace /sys/kernel/tracing/kprobe_events)"
# Root is not asked.
try root modtrace record -o /tmp/root.data -- modprobe xfs
EOG
guest_ok 'restricted'
is 'restricted: it is' "$(value paranoid)" 3
says hidden 1 'no permission to read /sys/kernel/tracing; run as root'
says user 1 'perf_event_paranoid is 3; run as root or with CAP_PERFMON'
says user_live 1 'perf_event_paranoid is 3; run as root or with CAP_PERFMON'
is 'restricted: no file and no probe is left' "$(value files) $(value probes)" '0 0'
is 'restricted: root records' "$(value root)" 0
done_testing
