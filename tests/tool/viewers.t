#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# report --format=chrome as viewers read it that people have: the Firefox Profiler by its command, and
# speedscope, whose command only opens a browser, by the importer that it ships. Each has the slices of the
# JSON, with the same names and times.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
modules=$("$top/lab/npm.sh" viewers 2>"$tmp/npm.log") || skip_all "$(tail -n 1 "$tmp/npm.log")"
cd "$tmp" || exit 1
export PROFILER_CLI_SESSION_DIR="$tmp/sessions"
daemon=
trap '[ -z "$daemon" ] || kill "$daemon"; rm -rf "$tmp"' EXIT

profiler_cli=$modules/@firefox-devtools/profiler-cli/dist/profiler-cli.js

# firefox_of NAME: its command waits for a daemon for half a second only, which is short on a busy host
firefox_of()
{
	node "$profiler_cli" --daemon "$1.trace.json" --session "$1" >"$1.daemon" 2>&1 3>&- &
	daemon=$!
	for _ in $(seq 300); do
		[ ! -S "sessions/$1.sock" ] || break
		sleep 0.1
	done
	node "$profiler_cli" profile markers --session "$1" --limit 100000 --json >"$1.firefox" 2>"$1.err" 3>&-
	is "$1: the Firefox Profiler opens it" "$? $(cat "$1.err" "$1.daemon")" '0 '
	kill "$daemon"
	wait "$daemon"
	daemon=
}

names='boot-stock unclosed hostile slow-load'
cp "$top/tests/data/boot-stock.data" .
for name in unclosed hostile slow-load; do
	# shellcheck disable=SC2046 # options are words
	"$genperf" $(sed -n '1s/^# genperf://p' "$top/tests/golden/$name.events") "$name.data" \
		<"$top/tests/golden/$name.events"
done
for name in $names; do
	"$modtrace" report -i "$name.data" --format=chrome >"$name.trace.json" 2>/dev/null
	"$modtrace" report -i "$name.data" --format=json >"$name.json" 2>/dev/null
	"$modtrace" report -i "$name.data" --format=jsonl >"$name.jsonl" 2>/dev/null
	firefox_of "$name"
done
# shellcheck disable=SC2046,SC2086 # words
node "$top/tests/tool/speedscope.mjs" "$modules" $(printf '%s.trace.json ' $names) 2>err
is 'speedscope imports all' "$? $(cat err)" '0 '
# shellcheck disable=SC2086 # words
is 'all have the slices of their JSON' "$(python3 "$top/tests/tool/viewers.py" $names 2>&1)" \
	"$(printf '%s:\n' $names)"

# The comparison finds what is wrong.
for format in trace.json json jsonl firefox trace.json.speedscope; do
	cp "boot-stock.$format" "broken.$format"
done
sed -i '0,/"outcome": "exists"/s//"outcome": "busy"/' broken.jsonl
python3 "$top/tests/tool/viewers.py" broken >found
for viewer in 'Firefox Profiler' speedscope; do
	like "$viewer: an attempt with another outcome is found" "$(cat found)" \
		"^$viewer: 1255 slices, of 1255: missing \[\(\('modules'.*busy"
done
done_testing
