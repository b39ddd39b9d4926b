#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each format of a report is what its readers take, whatever names are in the recording.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
command -v jq >/dev/null || skip_all "jq is not installed"
command -v python3 >/dev/null || skip_all "python3 is not installed"
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
	cat "$name.csv" "$name.jsonl" "$name.prometheus" "$name.openmetrics" \
		"$name.attempts" "$name.events" >"$name.all"
	is "$name: no byte that a terminal obeys" \
		"$(LC_ALL=C tr -d '\r\n\040-\176\200-\377' <"$name.all" | wc -c)" 0
	ok "$name: valid UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null "$name.all"
	is "$name: CSV has a row a module" "$(python3 -c "$csv" <"$name.csv")" \
		"$("$modtrace" report -i "$name.data" --format=json 2>/dev/null | jq '.modules | length')"
	is "$name: each line of jsonl is an object, one an attempt" \
		"$(jq -c 'type' "$name.jsonl" | grep -c object)" "$(attempts "$name.data")"
	is "$name: a line an attempt" "$(wc -l <"$name.attempts")" "$(attempts "$name.data")"
	is "$name: metrics are sound" \
		"$(python3 "$top/tests/tool/metrics.py" <"$name.prometheus")" ""
	is "$name: those for fleets, too" \
		"$(python3 "$top/tests/tool/metrics.py" <"$name.openmetrics")" ""
	ok "$name: they are few" test "$(grep -vc '^#' "$name.openmetrics")" -le 30
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
	ok "$name: 30 lines at most" test "$(grep -vc '^#' "$name.openmetrics")" -le 30
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
like 'an event for people' "$(cat storm.events)" \
	'^ +0\.001000 \[000\] \(udev-worker\) +101 module_load_begin ino=77 len=3000000 dev=254,0 '
done_testing
