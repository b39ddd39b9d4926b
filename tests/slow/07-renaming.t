#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Any user may take another name as often as he likes. Root's live and record go on meanwhile, in
# bounded memory, whether names collide or not, and still see the loads. What they take of a CPU is
# printed beside what they take without it; a busy host has its share in that.
# SECONDS_LONG=10 makes it shorter.
set -u
. "$(dirname -- "$0")/../vm/kernel.sh"

modtrace=$top/build/modtrace/modtrace
[ -x "$modtrace" ] || skip_all 'modtrace is not built'
long=${SECONDS_LONG:-60}
helper rename

guest KERNEL=v6.1 CPUS=2 MEM=4G TIMEOUT=$((long * 6 + 600)) EXTRA="$extra" <<EOG
long=$long
xfs=\$(modinfo -n xfs)
modprobe libcrc32c
mount -t tmpfs -o size=3G tmpfs /tmp
# ticks PID: of a CPU, in user space and in the kernel
ticks() { sed 's/.*) //' /proc/\$1/stat | awk '{ print \$12 + \$13 }'; }
peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/\$1/status; }
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
	result \$name.live.before \$(ticks \$live)
	result \$name.record.before \$(ticks \$record)
	result \$name.renames \$("\$@")
	storm -n 8 \$xfs >/dev/null 2>&1
	rmmod xfs
	sleep 1
	result \$name.live.after \$(ticks \$live)
	result \$name.record.after \$(ticks \$record)
	result \$name.live.peak \$(peak \$live)
	result \$name.record.peak \$(peak \$record)
	kill -INT \$live \$record
	wait \$live
	result \$name.live.status \$?
	wait \$record
	result \$name.record.status \$?
	tail -n 30 /tmp/frames >/out/\$name.frame
	modtrace report -i /tmp/\$name.data --format=json --module=xfs >/out/\$name.json 2>/out/\$name.report.err
	result \$name.report.status \$?
	result \$name.bytes \$(stat -c %s /tmp/\$name.data)
	rm -f /tmp/\$name.data
}
none() { sleep \$long; echo 0; }
phase without none
phase plain /extra/rename \$long
phase colliding /extra/rename \$long colliding
EOG
guest_ok 'the guest'
if [ "$status" -ne 0 ]; then
	done_testing
	exit
fi
for phase in without plain colliding; do
	is "$phase: live ends with Ctrl-C" "$(value $phase.live.status)" 0
	is "$phase: record, too" "$(value $phase.record.status)" 0
	is "$phase: its recording is reported" "$(value $phase.report.status)" 0
	for what in live record; do
		kb=$(value $phase.$what.peak)
		ok "$phase: $what took ${kb:-no} kB, less than 100 MB" test "${kb:-999999}" -lt 100000
	done
	seen=$(sed -n 's/^ *"attempts": \([0-9]*\).*/\1/p' "$out/$phase.json" | head -n 1)
	ok "$phase: of 8 loads ${seen:-none} were recorded, or losses are said" \
		sh -c "[ '${seen:-0}' -eq 8 ] || grep -q '\"lost\": [1-9]' '$out/$phase.json'"
done
# Names that nothing else came between are one: else each rename is a record of 64 bytes.
for phase in plain colliding; do
	ok "$phase: $(value $phase.renames) renames take $(value $phase.bytes) bytes, less than 8 each" \
		test "$(value $phase.bytes)" -lt $(($(value $phase.renames) * 8 + 1000000))
done
for what in live record; do
	for phase in without plain colliding; do
		used=$(($(value $phase.$what.after) - $(value $phase.$what.before)))
		eval "used_$phase=$used"
		diag "$what, $phase: $used ticks of 10 ms in $long s, $(value $phase.renames) renames, $(value $phase.bytes) bytes recorded"
	done
	# shellcheck disable=SC2154 # of eval
	diag "$what: $(awk "BEGIN { printf \"plain %.1f, colliding %.1f times what it takes without\", \
		$used_plain / ($used_without + .01), $used_colliding / ($used_without + .01) }")"
done
done_testing
