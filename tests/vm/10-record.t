#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modtrace record on the patched kernel: what it writes is what happened, and whatever ends it,
# the file is readable and nothing stays enabled.
set -u
. "$(dirname -- "$0")/lib.sh"

modtrace=$top/build/modtrace/modtrace
[ -x "$modtrace" ] || skip_all 'modtrace is not built'
needs jq

guest KERNEL="${SERIES:-v6.1}" CPUS=8 TIMEOUT=300 <<'EOF'
xfs=$(modinfo -n xfs)
modprobe libcrc32c
modprobe test_kmod
# To be killed and limited without a process of the shell's between.
fast=/tmp/rec; mkdir -p $fast

# started FILE: wait until its recorder traces; it notes the time then
started() { until grep -q start_ns $1 2>/dev/null; do sleep 0.1; done; }

# said KEY: all that is on the error output so far, and how many lines
said() { result $1.said "$(tr '\n' '|' <$fast/err)"; }

# 1. A storm, recorded twice.
modtrace record -o $fast/a.data -- storm -k -n 64 $xfs >$fast/out 2>$fast/err
result a.status $?
said a
rmmod xfs
modtrace record -o $fast/a.data -- sh -c 'exit 7' 2>/dev/null
result again.status $?
result again.old "$(ls $fast | grep -c '^a.data.old$')"
modtrace record -o $fast/b.data -- sh -c 'kill -TERM $$' 2>/dev/null
result signal.status $?
modtrace record -o $fast/b.data -- /nosuch 2>/dev/null
result nosuch.status $?

# 2. Requests of the kernel.
modtrace record -o $fast/auto.data -- storm autoload -k -n 32 xfs >/dev/null 2>&1
result auto.status $?
rmmod xfs

# Who asks from a service: from one that is there, and from one made meanwhile.
# What systemd does: only then the kernel puts perf's controller into every group.
mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup
echo +pids >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/x.service /sys/fs/cgroup/x.service/workers
cat >$fast/from <<'END'
mkdir -p /sys/fs/cgroup/$1
echo $$ >/sys/fs/cgroup/$1/cgroup.procs
storm -k -n 4 $2
END
modtrace record -o $fast/services.data -- sh -c "sh $fast/from x.service/workers $xfs
	sh $fast/from late.service $xfs" >/dev/null 2>&1
rmmod xfs

# 3. Storms without end, and a recorder that is killed among them.
touch $fast/go
( while [ -e $fast/go ]; do
	storm -k -n 8 $xfs >/dev/null; rmmod xfs
	echo "$(cut -d ' ' -f 1 /proc/uptime)" >>$fast/done
done ) &
stormer=$!
modtrace record -o $fast/killed.data 2>$fast/err &
recorder=$!
started $fast/killed.data
: >$fast/done
sleep 8
killed_at=$(cut -d ' ' -f 1 /proc/uptime)
kill -KILL $recorder
wait $recorder
result killed.status $?
# The file is whole twice a second. On a machine that is slow in starting the recorder again, all
# rounds that ended two seconds before it was killed must be there.
result killed.rounds "$(awk -v t=$killed_at '$1 < t - 2' $fast/done | wc -l)"

# 4. Ctrl-C, and a signal from another process to a recorder that has a command.
modtrace record -o $fast/int.data 2>$fast/err &
recorder=$!
started $fast/int.data
sleep 2
kill -INT $recorder
wait $recorder
result int.status $?
said int
modtrace record -o $fast/term.data -- sleep 100 2>$fast/err &
recorder=$!
started $fast/term.data
sleep 1
kill -TERM $recorder
wait $recorder
result term.status $?
result term.sleeps "$(ps | grep -c '[s]leep 100')"

# 5. A disk that fills, and a file that may not grow; the command isn't hurt.
mkdir $fast/small
mount -t tmpfs -o size=48k none $fast/small
# More than fits, however slow the storms that go on are.
modtrace record -o $fast/small/full.data -- sh -c "for i in 1 2 3 4 5 6 7 8; do
	storm -k -n 64 $(modinfo -n libcrc32c); sleep 1; done >/dev/null 2>&1; touch /tmp/rec/survived" 2>$fast/err
result full.status $?
result full.survived "$(ls $fast | grep -c survived)"
said full
# In blocks of 512 bytes; how long formats and lists are is the kernel's.
modtrace record -o $fast/size.data -- true 2>/dev/null
blocks=$(($(wc -c <$fast/size.data) / 512))
( ulimit -f $((blocks + 8)); modtrace record -o $fast/limit.data -- sleep 6 2>$fast/err )
result limit.status $?
said limit
# One that hasn't even room for the list of tasks: it ends with a command that hasn't begun.
( ulimit -f $((blocks - 12)); modtrace record -o $fast/nothing.data -- touch /tmp/rec/begun 2>$fast/err )
result limit_at_start.status $?
said limit_at_start
result limit_at_start.begun "$(ls $fast | grep -c begun)"
result limit_at_start.probes "$(grep -c . /sys/kernel/tracing/kprobe_events)"

# 6. A recorder that can't keep up.
modtrace record -m 1 -o $fast/lost.data 2>$fast/err &
recorder=$!
started $fast/lost.data
kill -STOP $recorder
storm -k -n 200 $xfs >/dev/null
kill -CONT $recorder
sleep 1
kill -INT $recorder
wait $recorder
result lost.status $?
said lost
rm $fast/go
wait $stormer

# 7. CPUs that go and come while it records, and others that aren't wanted.
echo 0 >/sys/devices/system/cpu/cpu3/online
modtrace record -o $fast/cpus.data 2>$fast/err &
recorder=$!
started $fast/cpus.data
sleep 1
echo 1 >/sys/devices/system/cpu/cpu3/online
sleep 1
taskset 8 storm -k -n 4 $xfs >/dev/null; rmmod xfs
echo 0 >/sys/devices/system/cpu/cpu3/online
sleep 1
echo 1 >/sys/devices/system/cpu/cpu3/online
sleep 1
taskset 8 storm -k -n 4 $xfs >/dev/null; rmmod xfs
kill -INT $recorder
wait $recorder
result cpus.status $?
modtrace record -C 0-1 -o $fast/some.data -- sh -c "taskset 4 storm -n 4 $xfs; rmmod xfs; taskset 2 storm -n 3 $xfs" >/dev/null 2>&1
rmmod xfs
modtrace record -C 99 -o $fast/none.data -- true 2>$fast/err
result nocpu.status $?
said nocpu

modtrace record -m 1G -o $fast/large.data -- storm -n 4 $xfs >/dev/null 2>$fast/err
result large.status $?
said large
rmmod xfs

# 8. No right to trace.
chmod 777 $fast
echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
su -s /bin/sh nobody -c "modtrace record -o $fast/nobody.data -- true" 2>$fast/err
result nobody.status $?
said nobody
result nobody.file "$(ls $fast | grep -c nobody)"
mkdir $fast/dir
modtrace record -o $fast/dir -- true 2>$fast/err
result dir.status $?
said dir
result enabled "$(cat /sys/kernel/tracing/events/module/enable)"
result probes "$(grep -c . /sys/kernel/tracing/kprobe_events)"
result left "$(ps | grep -c '[m]odtrace record')"

cp $fast/*.data $fast/small/full.data /out/
EOF
guest_ok 'the guest ran'

# load NAME: report a recording; field NAME EXPRESSION: a value of the report
load()
{
	"$modtrace" report --format=json -i "$out/$1.data" 2>"$tmp/$1.err" >"$tmp/$1.json"
}
field()
{
	jq -r "$2" "$tmp/$1.json"
}
# same_as_perf NAME: perf script counts what report counts.
same_as_perf()
{
	if ! command -v perf >/dev/null; then
		skip 'perf is not installed'
		return
	fi
	perf script -i "$out/$1.data" 2>/dev/null |
		awk '{ for (i = 3; i < 9; i++) if ($i ~ /^module:.*:$/) n[substr($i, 1, length($i) - 1)]++ }
		END { for (e in n) print e, n[e] }' | sort >"$tmp/$1.perf"
	"$modtrace" report -i "$out/$1.data" 2>/dev/null |
		awk '/^EVENT /{ on = 1; next } on && NF == 2 { print $1, $2 }' | sort >"$tmp/$1.ours"
	is "$1: perf script counts the same" "$(cat "$tmp/$1.perf")" "$(cat "$tmp/$1.ours")"
	ok "$1: and counts something" test -s "$tmp/$1.ours"
}

is 'storm: its status' "$(value a.status)" 0
like 'storm: one line, none lost' "$(value a.said)" '^modtrace: [^|]*none lost[^|]*\|$'
is 'the command'"'"'s status is ours' "$(value again.status)" 7
is 'an existing file is kept as .old' "$(value again.old)" 1
is 'a command that a signal ends' "$(value signal.status)" 143
is 'a command that there is not' "$(value nosuch.status)" 127
same_as_perf auto
load auto
is 'autoload: 32 requests' "$(field auto '[.autoloads[].requests] | add')" 32
is 'autoload: all but one converged' "$(field auto .totals.autoload_dups)" 31
like 'autoload: the call site has a name' "$(field auto '.autoloads[0].call_site')" \
	'^[a-z_]+\+0x[0-9a-f]+ \[test_kmod\]$'

load services
is 'services: each by its name' \
	"$(field services '[.modules[] | select(.name == "xfs") | .requesters[] | "\(.unit) \(.attempts)"] | sort | join(",")')" \
	'late.service 4,x.service 4'
is 'services: who has none' "$(field auto '[.modules[].requesters[].unit] | unique | map(tostring) | join(",")')" null

load killed
is 'kill -9: killed' "$(value killed.status)" 137
is 'kill -9: the file is readable, and said to be truncated' \
	"$(field killed .recording.truncated)" true
is 'kill -9: one warning' "$(wc -l <"$tmp/killed.err")" 1
rounds=$(value killed.rounds)
ok 'kill -9: storms went on' test "$rounds" -gt 0
ok "kill -9: nothing older than two seconds is missing ($rounds rounds)" \
	test "$(field killed '.totals.attempts - .totals.in_flight')" -ge $((rounds * 8))
is 'kill -9: attempts have outcomes' "$(field killed '.totals | .loaded + .merged + .in_flight == .attempts')" true

load int
is 'Ctrl-C: good' "$(value int.status)" 0
like 'Ctrl-C: one line' "$(value int.said)" '^modtrace: [^|]*\|$'
is 'Ctrl-C: the file is whole' "$(field int .recording.truncated)" false
same_as_perf int
is 'SIGTERM: passed on to the command' "$(value term.status)" 143
is 'SIGTERM: which is gone' "$(value term.sleeps)" 0
load term
is 'SIGTERM: the file is whole' "$(field term .recording.truncated)" false

is 'full disk: an error' "$(value full.status)" 1
like 'full disk: says so' "$(value full.said)" 'No space left on device: the recording stopped'
is 'full disk: the command went on' "$(value full.survived)" 1
load full
ok 'full disk: what was written is readable' test "$(field full .totals.attempts)" -gt 0
is 'limited file: an error' "$(value limit.status)" 1
like 'limited file: says so' "$(value limit.said)" 'File too large: the recording stopped'
load limit
ok 'limited file: what was written is readable' test "$(field limit .totals.attempts)" -gt 0
is 'limited at the start: an error' "$(value limit_at_start.status)" 1
like 'limited at the start: says so' "$(value limit_at_start.said)" 'File too large'
is 'limited at the start: the command is not run' "$(value limit_at_start.begun)" 0
is 'limited at the start: no probe is left' "$(value limit_at_start.probes)" 0

is 'lost: good all the same' "$(value lost.status)" 0
like 'lost: said' "$(value lost.said)" '[1-9][0-9]* LOST'
load lost
ok 'lost: counted in the report' test "$(field lost .recording.lost)" -gt 0
is 'lost: as many as the recorder said' "$(field lost .recording.lost)" \
	"$(value lost.said | sed 's/.* \([0-9]*\) LOST.*/\1/')"
is 'lost: a finding' "$(field lost '[.findings[].id] | index("lost_events") != null')" true

load cpus
is 'CPUs: good' "$(value cpus.status)" 0
is 'CPUs: one that came twice is recorded both times' "$(field cpus .totals.attempts)" 8
is 'CPUs: the time without a ring is said' \
	"$(field cpus '[.findings[].id] | index("no_ring") != null')" true
same_as_perf cpus
load some
is '-C: other CPUs are left out' "$(field some .totals.attempts)" 3
is '-C: one that there is not' "$(value nocpu.status)" 1
like '-C: says what there is' "$(value nocpu.said)" 'highest CPU of this machine is 7'

is '-m: a ring larger than memory is made smaller' "$(value large.status)" 0
like '-m: and that is said' "$(value large.said)" 'rings of [0-9]+ pages instead of 262144'
load large
is '-m: and events are in it' "$(field large .totals.attempts)" 4

is 'nobody: refused' "$(value nobody.status)" 1
like 'nobody: one line with the remedy' "$(value nobody.said)" '^modtrace: [^|]*run as root[^|]*\|$'
is 'nobody: no file' "$(value nobody.file)" 0
is 'a directory as output' "$(value dir.status)" 1
like 'a directory as output: says so' "$(value dir.said)" 'not a regular file'
is 'no event stays enabled' "$(value enabled)" 0
is 'no probe is left' "$(value probes)" 0
is 'no recorder is left' "$(value left)" 0

done_testing
