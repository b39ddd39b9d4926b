#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Whatever kills the one who writes a recording, between whichever two writes: what was written in
# full rounds before is reported.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
cd "$tmp" || exit 1

# Three rounds, each of one load and a note.
for round in 1 2 3; do
	printf '%d00 0 10 load_begin ino=1 dev=1 file=a.ko\n' $round
	printf '%d50 0 10 load_end ret=0 stage=7 name=a\n' $round
	echo "note symbol ffff00000000000$round place_$round"
	echo round
done >events

at=0 last=0 unread=0 bad=
while :; do
	rm -f killed.data
	"$genperf" --kill-at=$at killed.data <events 2>log
	status=$?
	[ $status -eq 137 ] || break
	"$modtrace" report -i killed.data --format=json >json 2>err
	case $? in
	0)
		attempts=$(sed -n 's/^    "attempts": \([0-9]*\),$/\1/p' json)
		# Never fewer than a write before, and said to be cut as long as it is not closed.
		[ "$attempts" -ge "$last" ] || bad="$bad $at:$attempts<$last"
		grep -q '"truncated": true' json || [ "$attempts" -eq 3 ] || bad="$bad $at:whole"
		last=$attempts ;;
	1)
		# Only ahead of the data, in one line.
		[ "$last" -eq 0 ] && [ "$(wc -l <err)" -eq 1 ] || bad="$bad $at:refused"
		unread=$((unread + 1)) ;;
	*)
		bad="$bad $at:$(head -n 20 err)" ;;
	esac
	at=$((at + 1))
done
is 'it came to its end at last' "$status" 0
is 'every file is reported up to its last round, or has no data yet' "$bad" ''
is 'the last one lacks no attempt' "$last" 3
ok 'there were writes to be killed at' test "$at" -gt 15
ok 'and something was to be read after many of them' test $((at - unread)) -gt 15
diag "killed at $at places, $unread files without data"
"$modtrace" report -i killed.data --format=json >json 2>err
like 'not killed: whole' "$(cat json)" '"truncated": false'
done_testing
