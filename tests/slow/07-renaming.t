#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Any user may take another name as often as he likes. Root's live and record go on meanwhile, in
# bounded memory and with the CPU that they take without it, whether names collide or not; they see the
# loads, and who made them. So does record --boot, whose filter is gone at its end.
# SECONDS_LONG=10 makes it shorter.
set -u
. "$(dirname -- "$0")/../vm/kernel.sh"

modtrace=$top/build/modtrace/modtrace
[ -x "$modtrace" ] || skip_all 'modtrace is not built'
needs jq
long=${SECONDS_LONG:-60}
kernel=${KERNEL:-v6.1-stock}
helper rename

# What both guests do. used PID: nanoseconds of a CPU
# shellcheck disable=SC2016 # it is the guest that expands this
common='
xfs=$(modinfo -n xfs)
modprobe libcrc32c
mount -t tmpfs -o size=3G tmpfs /tmp
used() { cut -d" " -f1 /proc/$1/schedstat; }
peak() { sed -n "s/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p" /proc/$1/status; }
# flood SECONDS COMMAND...: in its midst somebody loads a module under the name of a worker of udev
flood()
{
	_long=$1
	shift
	"$@" >/tmp/renames &
	_flood=$!
	sleep $((_long / 2))
	/extra/rename load $xfs
	rmmod xfs
	wait $_flood
}
none() { sleep $1; echo 0; }
report()
{
	modtrace report -i /tmp/$1.data --format=json >/out/$1.json 2>/out/$1.report.err
	result $1.report.status $?
	result $1.bytes $(stat -c %s /tmp/$1.data)
	rm -f /tmp/$1.data
}
'

# One CPU whose time is a count of instructions: what other work the host has isn't counted.
guest KERNEL="$kernel" CPUS=1 ICOUNT=1 MEM=4G TIMEOUT=$((long * 60 + 900)) EXTRA="$extra" <<EOG
$common
# phase NAME COMMAND...: the loads of each are the same
phase()
{
	name=\$1
	shift
	modtrace live --batch 100000 -d 5 >/tmp/frames 2>/out/\$name.live.err &
	live=\$!
	modtrace record -o /tmp/\$name.data 2>/out/\$name.record.err &
	record=\$!
	sleep 3
	result \$name.live.before \$(used \$live)
	result \$name.record.before \$(used \$record)
	flood $long "\$@"
	result \$name.live.after \$(used \$live)
	result \$name.record.after \$(used \$record)
	result \$name.renames \$(cat /tmp/renames)
	storm -n 8 \$xfs >/dev/null 2>&1
	rmmod xfs
	sleep 1
	result \$name.live.peak \$(peak \$live)
	result \$name.record.peak \$(peak \$record)
	kill -INT \$live \$record
	wait \$live
	result \$name.live.status \$?
	wait \$record
	result \$name.record.status \$?
	tail -n 60 /tmp/frames >/out/\$name.frame
	report \$name
}
phase without none $long
phase plain /extra/rename $long
phase colliding /extra/rename $long colliding
EOG
guest_ok 'the guest'
if [ "$status" -ne 0 ]; then
	done_testing
	exit
fi

# who NAME: who loaded xfs, and how often
who()
{
	jq -c '[.modules[] | select(.name == "xfs") | .requesters[] | [.comm, .attempts]] | sort' "$out/$1.json"
}

# found NAME: what the report says of those who rename themselves
found()
{
	jq -c '[.findings[] | select(.id == "renaming") | .evidence.tasks]' "$out/$1.json"
}

for phase in without plain colliding; do
	is "$phase: live ends with Ctrl-C" "$(value $phase.live.status)" 0
	is "$phase: record, too" "$(value $phase.record.status)" 0
	is "$phase: its recording is reported" "$(value $phase.report.status)" 0
	for what in live record; do
		kb=$(value $phase.$what.peak)
		ok "$phase: $what took ${kb:-no} kB, less than 100 MB" test "${kb:-999999}" -lt 100000
	done
	is "$phase: who loaded is known" "$(who $phase)" '[["(udev-worker)",1],["storm",8]]'
	is "$phase: nothing is lost" "$(jq .recording.lost "$out/$phase.json")" 0
	case $phase in
	without) is "$phase: nobody renames himself" "$(found $phase)" '[]' ;;
	*) is "$phase: who renames himself is told of" "$(found $phase)" '[1]' ;;
	esac
	renames=$(value $phase.renames)
	ok "$phase: $renames renames take $(value $phase.bytes) bytes, not even one each" \
		test "$(value $phase.bytes)" -lt $((renames + 1000000))
done
for what in live record; do
	for phase in without plain colliding; do
		used=$(($(value $phase.$what.after) - $(value $phase.$what.before)))
		eval "used_$phase=$((used / 1000))"
		diag "$what, $phase: $((used / 1000)) us of a CPU in $long s, $(value $phase.renames) renames, $(value $phase.bytes) bytes recorded"
	done
	# A tenth more than without, and what it takes to notice.
	# shellcheck disable=SC2154 # of eval
	most=$((used_without * 11 / 10 + 20000))
	for phase in plain colliding; do
		eval "used=\$used_$phase"
		ok "$what, $phase: $used us, at most $most" test "$used" -le "$most"
	done
done

# The words are those that modtrace says.
case $kernel in
*-stock) words=$("$modtrace" record --boot-cmdline --for=stock --release=6.1.0 --cpus=1 2>/dev/null) ;;
*) words=$("$modtrace" record --boot-cmdline --for=patched --cpus=1 2>/dev/null) ;;
esac
guest KERNEL="$kernel" CPUS=1 ICOUNT=1 MEM=4G TIMEOUT=900 APPEND="$words" EXTRA="$extra" <<EOG
$common
filter=/sys/kernel/tracing/events/task/task_rename/filter
modtrace record --boot -o /tmp/boot.data --until 30 2>/out/boot.err &
record=\$!
sleep 3
flood 10 /extra/rename 10
result boot.filter "\$(cat \$filter)"
wait \$record
result boot.status \$?
result boot.filter_after "\$(cat \$filter)"
result boot.renames \$(cat /tmp/renames)
report boot
EOG
guest_ok 'a boot'
if [ "$status" -ne 0 ]; then
	done_testing
	exit
fi
is 'a boot is recorded' "$(value boot.status), $(value boot.report.status)" '0, 0'
is 'the kernel is told of all but who renames himself' "$(value boot.filter | sed 's/[0-9]*$/N/')" 'pid!=N'
is 'and of all again in the end' "$(value boot.filter_after)" none
is 'who loaded is known' "$(who boot)" '[["(udev-worker)",1]]'
is 'who renames himself is told of' "$(found boot)" '[1]'
diag "boot: $(value boot.renames) renames, $(value boot.bytes) bytes"
done_testing
