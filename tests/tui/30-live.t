#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What live makes of the rings' records is what report makes of the recording; and what live says
# where it can't be.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
export LC_ALL=C.UTF-8
cd "$tmp" || exit 1
for name in storm outcomes hostile autoload lost init services; do
	events=$top/tests/golden/$name.events
	options=$(sed -n '1s/^# genperf://p' "$events")
	# shellcheck disable=SC2086 # words
	"$genperf" $options $name.data <"$events"
	ok "$name: live and read alike" "$tests_build/live_same" $name.data
done
"$genperf" --stock stock.data <"$top/tests/golden/stock.events"
ok 'stock: live and read alike' "$tests_build/live_same" stock.data
awk -f "$top/tests/tui/storm.awk" -v modules=40 -v each=24 -v rounds=3 >big.events
"$genperf" big.data <big.events
ok 'a larger storm: live and read alike' "$tests_build/live_same" big.data

ok 'live --help' "$modtrace" live --help >help
for word in --batch --attempts --delay --size --ascii 'F1 or h' 'F10 or q'; do
	like "--help tells of $word" "$(cat help)" "$(printf '%s' "$word" | sed 's/^--/--/')"
done
for bad in '--batch 0' '--batch x' '-d 0' '-d nan' '--size 80' '--size 0x0' '-m 3K' '-m 0K'; do
	# shellcheck disable=SC2086
	"$modtrace" live $bad >out 2>&1
	is "live $bad: status" $? 1
	is "live $bad: one line" "$(wc -l <out)" 1
done
"$modtrace" report --tui -i nothing.data >out 2>&1
is 'no such recording: status' $? 1
like 'no such recording: one line' "$(cat out)" '^modtrace: nothing.data: No such file'
# Cut anywhere: a screen of what precedes it, or one line; never a crash.
size=$(wc -c <storm.data)
bad=0
for part in 1 2 3 4 5 6 7 8 9; do
	head -c $((size * part / 10)) storm.data >cut.data
	"$modtrace" report --tui -i cut.data --batch 2 >out 2>&1
	case $? in
	0) ;;
	1) [ "$(wc -l <out)" -eq 1 ] || bad=$((bad + 1)) ;;
	*) bad=$((bad + 1)) ;;
	esac
done
is 'cut recordings' $bad 0
done_testing
