#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Reports of recordings, generated ones and others', are what they were. After a change that is meant:
# tests/golden/report.t --bless
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
bless=${1-}

# compare NAME SUFFIX
compare()
{
	golden=$top/tests/golden/$1.$2
	if [ "$bless" = --bless ]; then
		cp "$tmp/$1.$2" "$golden"
	fi
	if diff -u "$golden" "$tmp/$1.$2" >"$tmp/diff" 2>&1; then
		report 0 "$1: $2"
	else
		report 1 "$1: $2"
		diag "$(cat "$tmp/diff")"
	fi
}

cd "$tmp" || exit 1
for input in "$top"/tests/golden/*.events "$top"/tests/data/*.da*; do
	case $input in
	*.events)
		name=$(basename "$input" .events)
		# shellcheck disable=SC2046,SC2094 # the options are words; nothing is written there
		ok "$name: generated" "$genperf" $(sed -n '1s/^# genperf://p' "$input") \
			"$name.data" <"$input" ;;
	*)
		name=$(basename "${input%.*}")
		cp -r "$input" "$name.data" ;;
	esac
	"$modtrace" report -i "$name.data" >"$name.txt" 2>&1
	is "$name: text's status" $? 0
	"$modtrace" report -i "$name.data" --format=json >"$name.json" 2>"$name.err"
	is "$name: JSON's status" $? 0
	compare "$name" txt
	compare "$name" json
	if command -v jq >/dev/null; then
		ok "$name: JSON parses" jq -e . "$name.json" >/dev/null
	else
		skip 'jq is not installed'
	fi
	ok "$name: JSON is of its schema" python3 "$top/tests/tool/schema.py" \
		"$top/docs/schema/report.json" "$name.json"
	"$modtrace" report -i "$name.data" --format=jsonl >"$name.jsonl" 2>>"$name.err"
	ok "$name: its lines, too" python3 "$top/tests/tool/schema.py" \
		"$top/docs/schema/attempt.json" "$name.jsonl"
	"$modtrace" report -i "$name.data" --format=jsonl --summary >"$name.line" 2>>"$name.err"
	is "$name: its summary is one line" "$(wc -l <"$name.line")" 1
	ok "$name: of its schema" python3 "$top/tests/tool/schema.py" \
		"$top/docs/schema/summary.json" "$name.line"
	for what in attempt request event; do
		"$modtrace" report -i "$name.data" --${what}s --format=json >"$name.${what}s" 2>>"$name.err"
		ok "$name: JSON of ${what}s" python3 "$top/tests/tool/schema.py" \
			"$top/docs/schema/${what}s.json" "$name.${what}s"
	done
	"$modtrace" report -i "$name.data" --events --format=jsonl >"$name.lines" 2>>"$name.err"
	ok "$name: lines of events" python3 "$top/tests/tool/schema.py" \
		"$top/docs/schema/event.json" "$name.lines"
	"$modtrace" report -i "$name.data" --requests --format=jsonl >"$name.asked" 2>>"$name.err"
	ok "$name: lines of requests" python3 "$top/tests/tool/schema.py" \
		"$top/docs/schema/request.json" "$name.asked"
	is "$name: no byte that a terminal obeys" \
		"$(cat "$name.txt" "$name.json" "$name.line" | LC_ALL=C tr -d '\n\040-\176\200-\377' | wc -c)" 0
	ok "$name: valid UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null "$name.txt" "$name.json"
done

# Order and layout are the recorder's business: nothing of it may show.
for same in unclosed:truncated newer:avoided_bytes; do
	name=${same%%:*}
	ok "$name: but for ${same#*:} the report is storm's" test "$(grep -c . storm.json)" -gt 9
	is "$name: attempts as in storm" \
		"$(grep -m 8 -E '"(attempts|loaded|merged|exists|busy)"' "$name.json")" \
		"$(grep -m 8 -E '"(attempts|loaded|merged|exists|busy)"' storm.json)"
done
done_testing
