#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Lines of JSON say whose they are, and what a recording doesn't have is null, not this machine's.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq
cd "$tmp" || exit 1

# line FILE OPTION...: its summary
line()
{
	file=$1
	shift
	"$modtrace" report -i "$file" --format=jsonl --summary "$@" 2>>err
}

# field FILTER FILE OPTION...
field()
{
	filter=$1
	shift
	line "$@" | jq -cr "$filter"
}

# boot NAME NOTE...: a boot, generated: two loads of xfs, the second a duplicate; kvm never loads
boot()
{
	name=$1
	shift
	{
		echo '+1000 0 1 load_begin'
		echo '+1000 0 2 load_begin'
		echo '+5000 0 1 load_end ret=0 stage=7 name=xfs layout_bytes=100'
		echo '+1000 0 2 load_end ret=-17 stage=4 name=xfs layout_bytes=10'
		echo '+1000 0 3 load_begin'
		echo '+2000 0 3 load_end ret=-19 stage=6 name=kvm layout_bytes=50'
		for note in "start_ns 1" "end_ns 20000" "$@"; do
			echo "note $note"
		done
	} | "$genperf" "$name.data"
}

id=0123456789abcdef0123456789abcdef
boot whole "boot_id 11111111-2222-3333-4444-555555555555" "machine_id $id" \
	'machine_model Lab%20Machine' 'wall 1000 1700000000000000000' \
	'wall 5000 1700000000000104000' 'ended_by settle' 'marker 9000 sysinit.target'
is 'summary: one line' "$(line whole.data | wc -l)" 1
is 'summary: identity' \
	"$(field '[.schema, .row, .host, .machine_id, .boot_id, .kernel, .arch, .recorded, .recording]' whole.data)" \
	"[1,\"boot\",\"generated\",\"$id\",\"11111111-2222-3333-4444-555555555555\",\"6.1.0-generated\",\"x86_64\",\"2023-11-14T22:13:20.000099Z\",\"whole.data\"]"
is 'summary: the machine, and the step of its clock' \
	"$(field '[.machine_model, .clock_step_ns, .settled, .ended_by, .boot]' whole.data)" \
	'["Lab Machine",100000,true,"settle",true]'
is 'summary: totals' "$(field '.totals | [.attempts, .loaded, .exists, .failed, .dup_time_ns]' whole.data)" \
	'[3,1,1,1,6000]'
is 'summary: modules, the worst first' \
	"$(field '[.modules[] | [.name, .worker_ns, .never_loads, .duplicates, .wasted_bytes]]' whole.data)" \
	'[["xfs",12000,false,1,10],["kvm",2000,true,0,0]]'
is 'summary: what never loads' "$(field '.never_load' whole.data)" '["kvm"]'
is 'summary: phases' "$(field '[.phases[].until]' whole.data)" '["sysinit.target",null]'
is 'summary: all was counted' "$(field .filtered whole.data)" false
is 'summary: or not' "$(field '[.filtered, .totals.attempts]' whole.data -m xfs)" '[true,2]'
is 'summary: the totals are those of the report' "$(field .totals whole.data)" \
	"$("$modtrace" report -i whole.data --format=json | jq -c .totals)"

is '--host=name' "$(field .host whole.data --host=name)" generated
is '--host=hash' "$(field .host whole.data --host=hash)" "$id"
is '--host=TEXT' "$(field .host whole.data --host='rack 7')" 'rack 7'
is '--host, of attempts' \
	"$("$modtrace" report -i whole.data --format=jsonl --host=hash | jq -r .host | sort -u)" "$id"
is 'attempts have what the summary has' \
	"$("$modtrace" report -i whole.data --format=jsonl | jq -c "[.host, .machine_id, .boot_id, .kernel, .arch, .recorded, .recording]" | sort -u)" \
	"$(field '[.host, .machine_id, .boot_id, .kernel, .arch, .recorded, .recording]' whole.data)"
is 'an attempt is told by its boot, thread and time' \
	"$("$modtrace" report -i whole.data --format=jsonl | jq -c '[.boot_id, .tid, .begin_ns]' | sort -u | wc -l)" 3

# settled WANTED NOTE...
settled()
{
	wanted=$1
	shift
	boot end "boot_id 1" "$@"
	is "settled: ${*:-nothing said}" "$(field .settled end.data)" "$wanted"
}
settled null
settled true 'ended_by settle'
settled false 'ended_by limit'
settled false 'ended_by signal'
settled false 'ended_by handover'
settled null 'ended_by seconds'
settled null 'ended_by unit'
size=$(wc -c <end.data)
boot end 'boot_id 1' 'ended_by settle'
head -c $((size - 500)) end.data >cut.data
is 'settled: not what is cut off' "$(field '[.truncated, .settled]' cut.data)" '[true,false]'

# What there isn't.
echo '+1000 0 1 load_end ret=0 stage=7 name=xfs' | "$genperf" bare.data
is 'unknown is null' \
	"$(field '[.machine_id, .boot_id, .recorded, .machine_model, .clock_step_ns, .settled, .ended_by]' bare.data)" \
	'[null,null,null,null,null,null,null]'
is 'unknown is null: the hash of a machine that is not recorded' \
	"$(field .host bare.data --host=hash)" null
is 'a trace.dat has no clock of the day' "$(field '[.host, .recorded, .machine_id]' \
	"$top/tests/data/trace-cmd-3.1-v7.dat")" '["lab",null,null]'
is 'perf without a clock has none, either' "$(field .recorded "$top/tests/data/perf-6.1-pipe.data")" null
is "perf's clock" "$(field .recorded "$top/tests/data/perf-6.1-zstd.data")" \
	2026-11-21T13:22:17.543246Z
is 'a host name that is text of a terminal is escaped' \
	"$(line whole.data --host="$(printf 'a\033[2J"b')" | LC_ALL=C tr -d '\n\040-\176' | wc -c)" 0
is 'the last time that a clock can show' "$(
	boot late 'boot_id 1' 'wall 1 9223372036854775807'
	field .recorded late.data)" 2262-04-11T23:47:16.854775Z
boot odd 'boot_id 1' 'wall 1 99999999999999999999' 'wall x y'
is 'what is no number is no time' "$(field .recorded odd.data)" null

# refused WANTED OPTION...
refused()
{
	wanted=$1
	shift
	"$modtrace" report -i whole.data "$@" >out 2>err
	is "$*: exit" "$? $(cat out)" '1 '
	like "$*: why" "$(cat err)" "$wanted"
}
refused '--summary has no effect without --format=jsonl' --summary
refused '--summary has no effect without --format=jsonl' --summary --format=json
refused '--host has no effect without' --host=hash --format=csv
refused '--host: empty' --host= --format=jsonl
refused '--sort has no effect with' --format=jsonl --summary --sort=name
is '--host, in metrics' "$("$modtrace" report -i whole.data --format=openmetrics --host=hash |
	sed -n 's/^modtrace_boot_info.*host="\([^"]*\)".*/\1/p')" "$id"
done_testing
