#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Options of report: what is shown, in which order, of which attempts, and where.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
command -v jq >/dev/null || skip_all "jq is not installed"
cd "$tmp" || exit 1
unset COLUMNS NO_COLOR PAGER
for name in storm outcomes dependency per-cpu healthy unclosed autoload; do
	# shellcheck disable=SC2046,SC2094 # the options are words; nothing is written there
	"$genperf" $(sed -n '1s/^# genperf://p' "$top/tests/golden/$name.events") "$name.data" \
		<"$top/tests/golden/$name.events"
done

# fails STATUS DESCRIPTION MESSAGE ARGUMENT...: with this status and one line that matches
fails()
{
	status=$1 what=$2 message=$3
	shift 3
	"$modtrace" report "$@" >out 2>err
	is "$what: status" $? "$status"
	like "$what: said" "$(cat err)" "$message"
	is "$what: in one line" "$(grep -c . err)" 1
}

# names ARGUMENT...: the modules in order
names()
{
	"$modtrace" report -i outcomes.data --format=csv --fields=module "$@" |
		tail -n +2 | tr -d '\r"' | tr '\n' ' '
}

# columns and orders
is 'fields, in the order given' \
	"$("$modtrace" report -i storm.data --fields=busy,module,p99 | sed -n '/^Modules/{n;p;}')" \
	'BUSY  MODULE      p99'
all=$(names --sort=module)
# shellcheck disable=SC2086
is 'an order by name' "$all" "$(printf '%s\n' $all | LC_ALL=C sort | tr '\n' ' ')"
# shellcheck disable=SC2086
is 'turned round' "$(names --sort=-module)" "$(printf '%s\n' $all | LC_ALL=C sort -r | tr '\n' ' ')"
is 'ties go on to the next key' "$(names --sort=merged_by_gate.unknown,-module)" \
	"$(names --sort=-module)"
is 'ties without one go by name' "$(names --sort=gate_unknown)" "$all"
is 'numbers from the largest' "$("$modtrace" report -i outcomes.data --format=csv \
	--fields=attempts --sort=attempts | tail -n +2 | sort -nrc 2>&1)" ''
fails 1 'an unknown column' 'unknown column "colour"' -i storm.data --fields=module,colour
fails 1 'an unknown order' 'unknown column ""' -i storm.data --sort=

# filters
count()
{
	"$modtrace" report --format=json "$@" | jq -c '[.totals.attempts, .totals.loaded, .totals.merged]'
}
is 'all of them' "$(count -i storm.data)" '[5,1,4]'
is 'by name of the thread' "$(count -i storm.data --comm=modprobe)" '[1,0,1]'
is 'by pattern' "$(count -i storm.data --comm='(udev*')" '[4,1,3]'
is 'one of several' "$(count -i storm.data --comm=modprobe,nobody)" '[1,0,1]'
is 'by module' "$(count -i dependency.data --module='mdt_*')" '[3,1,0]'
is 'what a merged one avoided is known though its winner is hidden' \
	"$("$modtrace" report -i storm.data --comm=modprobe --format=json | jq .totals.avoided_bytes)" 5500000
is 'none' "$(count -i storm.data --module=nothing)" '[0,0,0]'
is 'from a time on' "$(count -i storm.data --time=2ms,)" '[1,0,1]'
is 'until a time' "$(count -i storm.data --time=,1.0002ms)" '[2,1,1]'
is 'in seconds' "$(count -i storm.data --time=0.001,0.002)" '[4,1,3]'
fails 1 'a time without a comma' 'not FROM,UNTIL' -i storm.data --time=1
fails 1 'a range of nothing' 'not FROM,UNTIL' -i storm.data --time=2,1
fails 1 'a time of no unit' 'not FROM,UNTIL' -i storm.data --time=1d,
fails 1 'an empty pattern' 'empty name' -i storm.data --module=xfs,
like 'a filter is said' "$("$modtrace" report -i storm.data -m xfs --time=1ms,)" \
	'^only attempts for xfs from 1.00 ms to the end$'

# width and colour
for width in 60 80 100; do
	is "at most $width columns of a table" "$(COLUMNS=$width "$modtrace" report -i outcomes.data |
		sed -n '/^MODULE/,/^Findings/p' | sed '/^$/,$d' | awk -v w="$width" 'length > w')" ''
done
is 'no colours where there is no terminal' "$("$modtrace" report -i per-cpu.data | grep -c "$(printf '\033')")" 0
ok 'colours if asked for' sh -c "'$modtrace' report -i per-cpu.data --color=always | grep -q '$(printf '\033\[33mwarn')'"
fails 1 'no such colours' 'auto, always or never' -i storm.data --color=blue
if command -v script >/dev/null; then
	# on_terminal COMMAND: its output on a terminal of its own
	on_terminal()
	{
		TERM=xterm script -qec "stty cols 100; $1" /dev/null </dev/null 2>&1
	}
	like 'colours on a terminal' "$(on_terminal "'$modtrace' report -i per-cpu.data --no-pager")" \
		"$(printf '\033\\[33mwarn')"
	is 'none with NO_COLOR' "$(NO_COLOR=1 on_terminal "'$modtrace' report -i per-cpu.data --no-pager" |
		grep -c "$(printf '\033')")" 0
	like 'PAGER on a terminal' "$(PAGER='sed s/^/PAGED:/' on_terminal "'$modtrace' report -i storm.data")" \
		'^PAGED:kernel'
	like 'a pager that leaves early is no error' \
		"$(PAGER='head -n 1' on_terminal "'$modtrace' report -i storm.data; echo status \$?")" 'status 0'
	is 'none with --no-pager' "$(PAGER='sed s/^/PAGED:/' on_terminal \
		"'$modtrace' report -i storm.data --no-pager" | grep -c PAGED)" 0
	is 'none for JSON' "$(PAGER='sed s/^/PAGED:/' on_terminal \
		"'$modtrace' report -i storm.data --format=json" | grep -c PAGED)" 0
	yes '+1 0 5 load name=x' | head -n 1000 | "$genperf" --repeat=100 long.data
	like 'progress on a terminal when reading takes long' \
		"$(on_terminal "'$modtrace' report -i long.data --events | (sleep 4; cat >/dev/null)")" \
		'events read, '
else
	skip 'script is not installed'
fi
PAGER='sed s/^/PAGED:/' "$modtrace" report -i storm.data >out
is 'no pager without a terminal' "$(grep -c PAGED out)" 0

# thresholds
holds()
{
	"$modtrace" report -i "$1" --fail-on "$2" >out 2>err
	is "--fail-on $2 of $1" $? "$3"
}
holds per-cpu.data 'wasted_bytes>0' 2
like 'it is said' "$(cat err)" 'wasted_bytes is 22500'
is 'and the report is there' "$(head -c 6 out)" kernel
holds healthy.data 'wasted_bytes>0' 0
is 'nothing to say' "$(cat err)" ''
holds per-cpu.data 'wasted_bytes > 21K && exists>=5' 2
holds per-cpu.data 'wasted_bytes > 22K' 0
holds per-cpu.data 'loaded!=1 || errno.EBUSY==4' 2
holds per-cpu.data 'loaded!=1 || errno.EBUSY==3' 0
holds per-cpu.data 'wasted.image == 13500' 2
holds per-cpu.data 'findings.storm>0' 2
holds healthy.data 'findings>0' 0
holds dependency.data 'findings.error>=2' 2
holds storm.data 'wait_ns.max > 6ms' 2
holds storm.data 'duplicates_share>90%' 0
holds storm.data 'duplicates_share>0.8' 2
holds healthy.data 'wait_ns.p99>1s' 1
like 'what is not known neither holds nor fails to' "$(cat err)" "wait_ns.p99 is unknown"
holds per-cpu.data 'rejected>0 || busy>0' 2
fails 1 'a condition on nothing' 'no key "nothing"' -i storm.data --fail-on 'nothing>0'
fails 1 'a name is no total' 'no key "module"' -i storm.data --fail-on 'module>0'
fails 1 'no comparison' 'busy must be followed by' -i storm.data --fail-on busy
fails 1 'no number' 'no number' -i storm.data --fail-on 'busy>x'
fails 1 'something behind it' 'neither && nor' -i storm.data --fail-on 'busy>0 busy'
"$modtrace" report -i per-cpu.data --format=jsonl --fail-on 'busy>0' >out 2>err
is 'with jsonl, too' $? 2

# findings: each is made in a golden recording; a healthy one has none
is 'a healthy recording has no findings' \
	"$("$modtrace" report -i healthy.data --format=json | jq -c .findings)" '[]'
for finding in per-cpu:storm per-cpu:blame dependency:dependency_damage dependency:missing_symbols \
	self-wait:self_wait disagree:stats_disagree disagree:init_module lost:lost_events \
	helpers:blame; do
	golden=$top/tests/golden/${finding%:*}.json
	is "$finding: found, with evidence" "$(jq --arg id "${finding#*:}" \
		'[.findings[] | select(.id == $id and (.evidence | length) > 0)] | length > 0' "$golden")" true
done
is 'a per-CPU modalias' "$(jq '.findings[] | select(.id == "storm") | .evidence.per_cpu' \
	"$top/tests/golden/per-cpu.json")" 1
is 'helpers of requests are no such' "$(jq '.findings[] | select(.id == "storm") | .evidence.per_cpu' \
	"$top/tests/golden/helpers.json")" 0
is 'who asked for what' "$(jq -c '.findings[] | select(.id == "blame") | .evidence.who' \
	"$top/tests/golden/helpers.json")" '"kernel"'
is 'a helper has its request and the call site' \
	"$(jq -c '.modules[] | select(.name == "xfs") | .requesters[0].request' \
		"$top/tests/golden/helpers.json")" '{"name":"fs-xfs","call_site":"get_fs_type+0x5c"}'
is 'not where it could be one of two' \
	"$(jq -c '.modules[] | select(.name == "ext4") | .requesters[0].request' \
		"$top/tests/golden/helpers.json")" null
done_testing
