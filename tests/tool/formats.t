#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each format of a report is what its readers take, whatever names are in the recording.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq python3
cd "$tmp" || exit 1

# generate NAME
generate()
{
	# shellcheck disable=SC2046,SC2094 # the options are words; nothing is written there
	"$genperf" $(sed -n '1s/^# genperf://p' "$top/tests/golden/$1.events") "$1.data" \
		<"$top/tests/golden/$1.events"
}

# total: the sum of seconds with nine digits, in ns
total()
{
	tr -d . | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# attempts FILE: how many attempts its JSON report counts
attempts()
{
	"$modtrace" report -i "$1" --format=json 2>/dev/null | jq .totals.attempts
}

# Rows of CSV, all of one length, and their first cells.
csv='
import csv, sys
rows = list(csv.reader(sys.stdin, strict=True))
assert all(len(row) == len(rows[0]) for row in rows), "rows differ in length"
print(len(rows) - 1)
'

# What the client library's parser takes, which is strict.
openmetrics='
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
families = list(parse(open(sys.argv[1], encoding="utf-8").read()))
assert families and all(f.type == "gauge" for f in families)
assert all(f.unit == (f.name.rsplit("_", 1)[1] if f.name.endswith(("seconds", "bytes")) else "") for f in families)
'

for input in "$top"/tests/golden/*.events; do
	name=$(basename "$input" .events)
	generate "$name"
	for format in csv jsonl prometheus openmetrics; do
		"$modtrace" report -i "$name.data" --format=$format >"$name.$format" 2>"$name.err"
		is "$name: status of $format" $? 0
	done
	"$modtrace" report -i "$name.data" --attempts >"$name.attempts" 2>"$name.err"
	is "$name: status of --attempts" $? 0
	"$modtrace" report -i "$name.data" --events >"$name.events" 2>"$name.err"
	is "$name: status of --events" $? 0
	"$modtrace" report -i "$name.data" --requests >"$name.requests" 2>"$name.err"
	is "$name: status of --requests" $? 0
	cat "$name.csv" "$name.jsonl" "$name.prometheus" "$name.openmetrics" \
		"$name.attempts" "$name.requests" "$name.events" >"$name.all"
	is "$name: no byte that a terminal obeys" \
		"$(LC_ALL=C tr -d '\r\n\040-\176\200-\377' <"$name.all" | wc -c)" 0
	ok "$name: valid UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null "$name.all"
	is "$name: CSV has a row a module" "$(python3 -c "$csv" <"$name.csv")" \
		"$("$modtrace" report -i "$name.data" --format=json 2>/dev/null | jq '.modules | length')"
	is "$name: each line of jsonl is an object, one an attempt" \
		"$(jq -c 'type' "$name.jsonl" | grep -c object)" "$(attempts "$name.data")"
	is "$name: a line an attempt" "$(wc -l <"$name.attempts")" "$(attempts "$name.data")"
	is "$name: a line a request" "$(wc -l <"$name.requests")" \
		"$("$modtrace" report -i "$name.data" --format=json 2>/dev/null | jq '.totals.requests // 0')"
	is "$name: metrics are sound" \
		"$(python3 "$top/tests/tool/metrics.py" <"$name.prometheus")" ""
	is "$name: those for fleets, too" \
		"$(python3 "$top/tests/tool/metrics.py" <"$name.openmetrics")" ""
	ok "$name: they are few" test "$(grep -vc '^#' "$name.openmetrics")" -le 31
	is "$name: and end" "$(tail -n 1 "$name.openmetrics")" '# EOF'
	if command -v promtool >/dev/null; then
		for format in prometheus openmetrics; do
			ok "$name: promtool accepts $format" \
				sh -c "promtool check metrics <'$name.$format'"
		done
	else
		skip 'promtool is not installed'
	fi
	if /usr/bin/python3 -c 'import prometheus_client' 2>/dev/null; then
		ok "$name: OpenMetrics" /usr/bin/python3 -c "$openmetrics" "$name.openmetrics"
	else
		skip 'python3-prometheus-client is not installed'
	fi
done

# The parser above isn't content with everything.
for bad in 'a 1' '# HELP a b
# TYPE a gauge
a{b="c"d"} 1' '# HELP a b
# TYPE a gauge
a 1
a 1' '# HELP a b
# TYPE a counter
a 1'; do
	ok 'unsound metrics are found' \
		sh -c "! printf '%s\n' '$bad' | python3 '$top/tests/tool/metrics.py' >/dev/null"
done

is 'exact numbers in CSV' "$("$modtrace" report -i storm.data --format=csv --fields=module,attempts,avoided |
	tr -d '\r' | tail -n 1)" '"xfs",5,22000000'
# No cell is a formula, and no two names are the same cell.
{
	printf '+1000 0 1 load_end ret=0 stage=7 name=%s\n' '=x' "'=x" '＝x' '+x' '-x' '@x' x
} | "$genperf" formulas.data
is 'CSV: formulas are text' "$("$modtrace" report -i formulas.data --format=csv --fields=module |
	tail -n +2 | tr -d '\r"' | LC_ALL=C sort | paste -sd' ')" \
	"''=x '+x '-x '=x '@x '＝x x"
is 'the same in jsonl: who was merged by what, for how long' \
	"$(jq -rs '[.[] | select(.outcome == "merged") | "\(.gate) \(.wait_ns) \(.leader)"] | join(",")' \
		storm.jsonl)" 'file 7000000 101,file 6999500 101,file 6999000 101,live 0 null'
is 'and when' "$(jq -s '[.[].end_ns] == ([.[].end_ns] | sort)' storm.jsonl)" true
# Of a boot with many modules, the others are one line, and nothing is left out.
for input in "$top"/tests/data/boot-*.data; do
	name=$(basename "$input" .data)
	"$modtrace" report -i "$input" --format=openmetrics >"$name.openmetrics"
	"$modtrace" report -i "$input" --format=json >"$name.json"
	ok "$name: 31 lines at most" test "$(grep -vc '^#' "$name.openmetrics")" -le 31
	is "$name: eleven of modules" "$(grep -c '^modtrace_boot_module_worker_seconds{' "$name.openmetrics")" 11
	is "$name: worker time is the same over modules and over results" \
		"$(sed -n 's/^modtrace_boot_module_worker_seconds.* //p' "$name.openmetrics" | total)" \
		"$(sed -n 's/^modtrace_boot_worker_seconds.* //p' "$name.openmetrics" | total)"
	is "$name: and as in JSON" \
		"$(sed -n 's/^modtrace_boot_worker_seconds.* //p' "$name.openmetrics" | total)" \
		"$(jq '.totals | .dup_time_ns + .fail_time_ns + .load_time_ns' "$name.json")"
	is "$name: phases cover the recording" \
		"$(sed -n 's/^modtrace_boot_phase_seconds.* //p' "$name.openmetrics" | total)" \
		"$(jq '.boot.phases | last.until_ns - first.from_ns' "$name.json")"
done
like 'metrics have the outcomes' "$(cat storm.prometheus)" \
	'^modtrace_attempts\{module="xfs",outcome="merged"\} 4$'
like 'an attempt for people' "$(cat storm.attempts)" \
	'^ +0\.001000 +7\.00 ms  xfs +merged +\(udev-worker\) 102 \(systemd-udevd\), gate file, of 101, waited 7\.00 ms, EEXIST$'

# Attempts and events: the same in each format, chosen and sorted.
csv_column='
import csv, sys
for row in list(csv.reader(open(sys.argv[1], newline=""), strict=True))[1:]:
    print(row[int(sys.argv[2])])
'
for name in storm stock outcomes hostile newer autoload storms; do
	for what in attempts requests events; do
		"$modtrace" report -i $name.data --$what -f json >json 2>/dev/null
		"$modtrace" report -i $name.data --$what -f jsonl >lines 2>/dev/null
		"$modtrace" report -i $name.data --$what -f csv >csv 2>/dev/null
		is "$name: $what: lines and JSON are the same" \
			"$(jq -c 'del(.schema, .row, .host, .machine_id, .boot_id, .kernel, .arch, .recorded, .recording)' lines)" "$(jq -c ".${what}[]" json)"
		is "$name: $what: as many in CSV" "$(python3 -c "$csv" <csv)" "$(jq ".$what | length" json)"
		is "$name: $what: one a line in text" \
			"$("$modtrace" report -i $name.data --$what 2>/dev/null | wc -l)" "$(jq ".$what | length" json)"
		key=$([ $what = attempts ] && echo begin_ns || echo time_ns)
		is "$name: $what: the same times in CSV" "$(python3 -c "$csv_column" csv 0)" \
			"$(jq ".${what}[].$key" json)"
		is "$name: $what: those that were chosen, in that order" \
			"$("$modtrace" report -i $name.data --$what -f jsonl -F tid,$key 2>/dev/null)" \
			"$(jq -r ".${what}[] | \"{\\\"tid\\\": \(.tid), \\\"$key\\\": \(.$key)}\"" json)"
		is "$name: $what: sorted, the largest first" \
			"$("$modtrace" report -i $name.data --$what -f jsonl -s tid 2>/dev/null | jq .tid)" \
			"$(jq ".${what}[].tid" json | sort -nr)"
		is "$name: $what: reversed, in a table" \
			"$("$modtrace" report -i $name.data --$what -F tid -s -tid 2>/dev/null | tr -d ' ')" \
			"$(echo TID; jq ".${what}[].tid" json | sort -n)"
	done
done
is 'ties stay in order of time' \
	"$("$modtrace" report -i storm.data --attempts -s outcome,-tid -f csv -F outcome,tid | tr -d '\r"' | tail -n +2 | tr '\n' ' ')" \
	"$(jq -r '[.outcome, .tid] | "\(.[0]),\(.[1])"' storm.jsonl | sort -t, -k1,1 -k2,2n | tr '\n' ' ')"
like 'a table: unknown is ?, what there is not is -' \
	"$("$modtrace" report -i stock.data --attempts -F outcome,gate,layout_bytes | grep failed | head -n 1)" '^failed +-  +'

# Events are what was recorded, and what is made of it is marked.
"$modtrace" report -i stock.data --events -f jsonl >lines
is 'stock mode: each call is there' "$(jq -r 'select(.event == "sys_enter_finit_module") | .derived' lines | sort | uniq -c | tr -s ' ')" \
	" $(grep -c '^[^#]*sys_enter_finit_module' "$top/tests/golden/stock.events") false"
is 'stock mode: what is made of it is derived' "$(jq -r 'select(.event == "module_load_begin" or .event == "module_load_end") | .derived' lines | sort -u)" true
is 'and what is not known of it is null' "$(jq -c 'select(.event == "module_load_begin") | .ino' lines | sort -u)" null
is 'a patched kernel: nothing is derived' "$(jq .derived storm.lines 2>/dev/null || "$modtrace" report -i storm.data --events -f jsonl | jq .derived | sort -u)" false
is 'each field once' "$("$modtrace" report -i "$top/tests/data/boot-stock.data" --events |
	awk '{ delete seen; for (i = 6; i <= NF; i++) if (split($i, f, "=") == 2 && f[1] ~ /^[a-z_]+$/ && seen[f[1]]++) print }' | head -n 1)" ''
is 'under its own name' "$("$modtrace" report -i "$top/tests/data/boot-stock.data" --events -f jsonl |
	jq -r 'select(.newcomm or .filename) | if .newcomm then "\(.event) newcomm" else "\(.event) filename" end' | sort | uniq -c | tr -s ' ' | tr '\n' ',')" \
	' 216 sched_process_exec filename, 843 task_rename newcomm,'
like 'an event for people' "$(cat storm.events)" \
	'^ +0\.001000 \[000\] \(udev-worker\) +101 module_load_begin ino=77 len=3000000 dev=254,0 '
done_testing
