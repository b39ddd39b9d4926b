#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Recordings of a kernel without the series, ours and others', against what storm was told; and
# one storm on a kernel with it, recorded at once by modtrace, perf and trace-cmd.
set -u
. "$(dirname -- "$0")/lib.sh"

needs perf trace-cmd jq

# What perf and trace-cmd need beside a busybox.
extra=$tmp/extra
mkdir -p "$extra/bin" "$extra/lib"
for tool in perf trace-cmd; do
	binary=$(readlink -f "$(command -v $tool)")
	cp "$binary" "$extra/bin/$tool"
	ldd "$binary" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | xargs -I{} cp -n {} "$extra/lib/"
done

# key FILE KEY: what storm counted.
key()
{
	number=$(sed -n "s/^$2=//p" "$out/$1.keys")
	echo "${number:-0}"
}

# json FILE EXPRESSION
json()
{
	"$top/build/modtrace/modtrace" report -i "$out/$1" --format=json 2>"$tmp/err" |
		jq -c "$2" 2>&1
}

guest KERNEL=v6.1-stock CPUS=4 EXTRA="$extra" <<'EOG'
export PATH=/extra/bin:$PATH
with() { LD_LIBRARY_PATH=/extra/lib "$@"; }
xfs=$(modinfo -n xfs)
modprobe xfs
rmmod xfs
cat >/tmp/storms <<'EOS'
storm -k -n 16 $1 >/out/$2.keys
storm -k -n 4 -i $1 >/out/$2-init.keys
storm -k -n 2 -f 64 $1 >/out/$2-flags.keys
rmmod xfs
EOS
calls="-e module:* -e syscalls:sys_enter_finit_module -e syscalls:sys_exit_finit_module
	-e syscalls:sys_enter_init_module -e syscalls:sys_exit_init_module"
probes() { cat /sys/kernel/tracing/kprobe_events; }
modtrace record -o /out/ours.data -- sh /tmp/storms "$xfs" ours
result record $?
result probes_after "$(probes | wc -l)"
modtrace record -o /tmp/killed.data & pid=$!
until probes | grep -q "modtrace_$pid/open"; do sleep 0.1; done
sleep 1
kill -9 $pid
wait $pid 2>/dev/null
result probes_of_killed "$(probes | grep -c "modtrace_$pid/")"
modtrace record -o /tmp/next.data -- sh -c "cat /sys/kernel/tracing/kprobe_events >/tmp/probes"
result stale_seen_by_next "$(grep -c "modtrace_$pid/" /tmp/probes)"
result probes_at_end "$(probes | wc -l)"
with perf record -q -a $calls -o /out/perf.data -- sh /tmp/storms "$xfs" perf
with trace-cmd record -q $(echo "$calls" | sed 's/module:\*/module/') \
	-e sched:sched_process_fork -e sched:sched_process_exec \
	-o /out/trace.dat sh /tmp/storms "$xfs" trace >/dev/null
# Watched and recorded at once; and a line an attempt.
modtrace record -o /out/live.data -- modtrace live --batch 1000 -d 20 -- \
	sh -c "storm -n 16 $xfs; rmmod xfs; exit 3" >/out/frames 2>/out/frames.err
result frames.status $?
modtrace live --attempts -- storm -k -n 8 $xfs >/out/attempts 2>&1
result attempts.status $?
rmmod xfs
result probes_after_live "$(probes | wc -l)"
echo 'p:modtrace_mine/open do_sys_openat2 path=+0($arg2):ustring' \
	>/sys/kernel/tracing/kprobe_events
with perf record -q -a $calls -e syscalls:sys_exit_openat -e modtrace_mine:open \
	-o /out/opens.data -- sh /tmp/storms "$xfs" opens
EOG
guest_ok 'storms on the stock kernel, recorded'
is 'record ends with the command' "$(value record)" 0
is 'no probe is left' "$(value probes_after)" 0
is 'kill -9 leaves its three' "$(value probes_of_killed)" 3
is 'the next recorder removes them' "$(value stale_seen_by_next)" 0
is 'and its own' "$(value probes_at_end)" 0

is 'live: the status is the command'"'"'s' "$(value frames.status)" 3
json live.data '.modules[] | select(.name == "xfs") | "\(.attempts) \(.exists) \(.busy)"' >"$tmp/row"
is 'live: the last frame has the rows of the recording' \
	"$(awk -f "$top/tests/lib/frame.awk" "$out/frames" | awk '$1 == "xfs" { row = $2 " " $4 " " $5 }
		END { print "\"" row "\"" }')" "$(cat "$tmp/row")"
like 'live: all 16 attempts were seen' "$(cat "$tmp/row")" '^"16 '
like 'live: the mode' "$(cat "$out/frames")" ' stock '
like 'live: nothing was lost' "$(tail -n 25 "$out/frames")" ' lost 0$'
is 'live: a line an attempt' "$(grep -c ' xfs .*storm .*allocated [0-9]' "$out/attempts")" 8
is 'live: no probe is left' "$(value probes_after_live)" 0

for name in ours.data:ours perf.data:perf trace.dat:trace opens.data:opens; do
	file=${name%:*} keys=${name#*:}
	dups=$(($(key "$keys" EEXIST) + $(key "$keys" EBUSY) + $(key "$keys"-init EEXIST)))
	is "$file: mode" "$(json "$file" .recording.mode)" '"stock"'
	is "$file: attempts" "$(json "$file" .totals.attempts)" 20
	is "$file: one loaded, the rest in vain, as storm was told" \
		"$(json "$file" '[.totals.loaded, .totals.exists + .totals.busy]')" "[1,$dups]"
	is "$file: the calls with a flag that doesn't exist are no attempts" \
		"$(json "$file" .totals.rejected)" 2
	is "$file: no waits are made up" "$(json "$file" '.totals.wait_ns')" null
	is "$file: each duplicate's call was timed" \
		"$(json "$file" '[.modules[].call_ns | select(. != null) | .max > 0] | all')" true
	is "$file: storm did it" "$(json "$file" '[.modules[].requesters[].comm] | unique')" '["storm"]'
done
size=$(key ours file_bytes)
is 'ours: all by name' "$(json ours.data '[.modules[].name]')" '["xfs"]'
is 'ours: what duplicates read, to the byte' "$(json ours.data .totals.wasted.read)" \
	$((19 * size))
is 'ours: exact' "$(json ours.data .totals.bytes_exact)" true
is 'ours: and what they laid out' "$(json ours.data '.totals.wasted.layout > 0')" true
is 'ours: nothing more to record' "$(json ours.data '[.findings[].id] | index("would_tell_more")')" \
	null
is 'perf: what was read through finit_module is not known' \
	"$(json perf.data '.modules[] | select(.name == "(unnamed)") | .wasted.layout')" null
is 'perf: it says so' "$(json perf.data .totals.bytes_exact)" false
like 'perf: and what would have told more' \
	"$(json perf.data '.findings[] | select(.id == "would_tell_more") | .text')" probes
is "opens: names by anybody's probe" "$(json opens.data '[.modules[].name]')" '["xfs"]'
printf 'xfs.ko %s 1000\n' "$size" >"$tmp/sizes"
is 'sizes from a list are estimates' "$("$top/build/modtrace/modtrace" report --format=json \
	-i "$out/opens.data" --module-sizes "$tmp/sizes" |
	jq -c '[.totals.bytes_exact, .totals.wasted.read, .totals.wasted.layout]')" \
	"[false,$((19 * size)),19000]"

guest KERNEL=v6.1 CPUS=4 EXTRA="$extra" <<'EOG'
export PATH=/extra/bin:$PATH
with() { LD_LIBRARY_PATH=/extra/lib "$@"; }
xfs=$(modinfo -n xfs)
modprobe xfs
rmmod xfs
storm="storm -k -n 24 $xfs"
with perf record -q -a -m 256 -e 'module:*' -o /out/perf.data -- \
	trace-cmd record -q -e module -o /out/trace.dat \
	modtrace record -o /out/ours.data -- $storm >/out/at-once.keys
rmmod xfs
echo off >/sys/module/module/parameters/merge_file
echo 0 >/sys/module/module/parameters/merge_name
echo 0 >/sys/module/module/parameters/merge_live
modtrace record -o /out/events.data -- modtrace record --stock -o /out/calls.data -- $storm \
	>/out/off.keys
EOG
guest_ok 'a storm on the patched kernel, recorded at once by three'
numbers='[.totals | .attempts, .loaded, .merged, .exists, .busy, .merged_by_gate, .errno,
	.wait_ns, .wasted, .avoided_bytes, .autoload_dups]'
want=$(json ours.data "$numbers")
like 'there is something to compare' "$want" '^\[24,1,'
is 'perf: the same numbers' "$(json perf.data "$numbers")" "$want"
is 'trace-cmd: the same numbers' "$(json trace.dat "$numbers")" "$want"

# Without gates the kernel with the series does what the stock one does, and tells it.
bytes='[.totals | .attempts, .loaded, .exists, .busy, .wasted, .bytes_exact]'
want=$(json events.data "$bytes")
like 'the gates are off' "$want" '^\[24,1,'
is 'stock mode: the same numbers and bytes as from the events' "$(json calls.data "$bytes")" "$want"
done_testing
