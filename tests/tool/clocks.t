#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Recordings whose clock doesn't count time: what is counted is right, and no time is made up of them.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq python3
cd "$tmp" || exit 1
data=$top/tests/data

# In version 6 a list has all clocks, the one in use in brackets. The kernel's statistics have times with a
# point where a clock counts nanoseconds.
clock_of_6()
{
	sed "s/\[local\] global counter uptime perf mono mono_raw boot tai x86-tsc/$1/
		${3-s/\(now ts: *[0-9]*\)\./\10/}" "$data/trace-cmd-3.1-v6.dat" >"$2"
}
clock_of_6 'local global [counter] uptime perf mono mono_raw boot tai x86-tsc' counter.dat
clock_of_6 'local global counter [uptime] perf mono mono_raw boot tai x86-tsc' uptime.dat
clock_of_6 'local global counter uptime perf mono mono_raw boot tai [x86-tsc]' tsc.dat
clock_of_6 'local global counter uptime perf mono mono_raw boot tai [newer-1]' newer.dat
clock_of_6 'local global counter uptime perf mono mono_raw [boot] tai x86-tsc' boot.dat ''
# trace-cmd 3.3 names the first buffer's clock for all: then the statistics know better.
clock_of_6 'local global [counter] uptime perf mono mono_raw boot tai x86-tsc' wrong.dat ''
# The place of trace-cmd's version becomes trace-cmd -C tsc2nsec's option: times three by two.
python3 - tsc.dat scaled.dat <<'EOT'
import struct, sys
data = open(sys.argv[1], "rb").read()
at = data.index(b"3.1.6 not-a-git-repo")
assert data[at - 6:at - 4] == b"\x09\0"
option = struct.pack("<HI", 14, struct.unpack("<I", data[at - 4:at])[0])
data = data[:at - 6] + option + struct.pack("<IIQ", 3, 1, 0) + data[at + 16:]
open(sys.argv[2], "wb").write(data)
EOT
"$genperf" --no-times --stock none.data <"$top/tests/golden/stock.events"
"$genperf" --stock some.data <"$top/tests/golden/stock.events"

# get FILE EXPRESSION
get()
{
	"$modtrace" report -i "$1" --format=json 2>err | jq -c "$2"
}

counts='.totals | [.attempts, .loaded, .merged, .exists, .busy, .failed, .errno]'
times='[.recording.start_ns, .recording.duration_ns, .totals.duplicates_share]'
for file in counter.dat uptime.dat tsc.dat newer.dat none.data; do
	same=$data/trace-cmd-3.1-v6.dat
	[ $file != none.data ] || same=some.data
	is "$file: what is counted" "$(get $file "$counts")" "$(get "$same" "$counts")"
	is "$file: no length, no share" "$(get $file "$times")" '[null,null,null]'
	is "$file: it says so" "$(get $file '[.findings[].id] | index("untimed") != null')" true
	is "$file: no attempt has times" "$("$modtrace" report -i $file --format=jsonl |
		jq -c '[.begin_ns, .end_ns, .duration_ns]' | sort -u)" '[null,null,null]'
	like "$file: nor in text" "$("$modtrace" report -i $file --attempts)" '^ +\?  +\?  xfs|^ +\?  +\?  [a-z]'
	is "$file: no event has one" "$("$modtrace" report -i $file --events --format=jsonl |
		jq -c .time_ns | sort -u)" null
	like "$file: no seconds at the top" "$("$modtrace" report -i $file)" '^length unknown, '
	is "$file: no metric of its length" \
		"$("$modtrace" report -i $file --format=prometheus | grep -c duration_seconds)" 0
	"$modtrace" report -i $file --format=json >json
	ok "$file: its JSON is of the schema" python3 "$top/tests/tool/schema.py" \
		"$top/docs/schema/report.json" json
	for row in attempt event summary; do
		case $row in
		summary) "$modtrace" report -i $file --format=jsonl --summary >lines ;;
		*) "$modtrace" report -i $file --${row}s --format=jsonl >lines ;;
		esac
		ok "$file: its lines are of the schema: $row" python3 "$top/tests/tool/schema.py" \
			"$top/docs/schema/$row.json" lines
	done
	for option in --time=0,1 --clock=absolute --format=svg --format=perfetto --format=chrome \
			'--tui --batch 1'; do
		# shellcheck disable=SC2086 # words
		"$modtrace" report -i $file $option >out 2>err
		is "$file: $option is refused" "$? $(grep -c . err) $(wc -c <out)" '1 1 0'
	done
	"$modtrace" report -i $file --fail-on 'duplicates_share>0' >out 2>err
	is "$file: a share that isn't known is no share" $? 1
done
# What the kernel measured itself is time on any clock; what is between two calls is not.
is 'counter: calls of the series are timed by the kernel' \
	"$(get counter.dat '.totals | [.dup_time_ns > 0, .longest_ns > 0, .wait_ns.max > 0]')" \
	'[true,true,true]'
is 'none: calls of a stock kernel are not' \
	"$(get none.data '.totals | [.dup_time_ns, .longest_ns, .call_ns, .wait_ns]')" \
	'[null,null,null,null]'
is 'clocks by name' "$(for file in counter.dat uptime.dat tsc.dat newer.dat none.data boot.dat; do
	get $file .recording.clock; done | tr '\n' ' ')" \
	'"counter" "uptime" "x86-tsc" "unknown" null "boottime" '
is 'boot counts nanoseconds' "$(get boot.dat .recording.duration_ns)" \
	"$(get "$data/trace-cmd-3.1-v6.dat" .recording.duration_ns)"
# Rounded at its begin and at its end.
is 'so does one that is called a counter, by the statistics' "$(get wrong.dat '[.recording.clock, .recording.duration_ns]')" \
	"[null,$(get "$data/trace-cmd-3.1-v6.dat" .recording.duration_ns)]"
is 'a tsc with its factor does, too' "$(get scaled.dat "[.recording.clock == \"x86-tsc\", (.recording.duration_ns * 2 / 3 -
	$(get "$data/trace-cmd-3.1-v6.dat" .recording.duration_ns) | fabs < 1)]")" '[true,true]'

# Of the length nothing is compared.
"$modtrace" diff counter.dat -- boot.dat --format=json >out 2>err
is 'diff: no length of the one' "$? $(jq -c '.. | objects | select(.key? == "duration_ns") | [.sets[].n]' out)" '0 [0,1]'
"$modtrace" diff counter.dat -- boot.dat --format=svg >out 2>err
is 'diff: no picture of it' "$? $(grep -c . err)" '1 1'
done_testing
