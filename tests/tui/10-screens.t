#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each screen, of recordings, is what it was; --bless after a change that is meant. The screens
# are driven by keys in a terminal, and what it then shows is compared.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/tui/lib.sh"

build_tests
bless=${1-}

# compare NAME: the screen in the file "screen" with the golden one.
compare()
{
	golden=$top/tests/tui/$1.screen
	[ "$bless" != --bless ] || cp "$tmp/screen" "$golden"
	if diff -u "$golden" "$tmp/screen" >"$tmp/diff" 2>&1; then
		report 0 "$1"
	else
		report 1 "$1"
		diag "$(cat "$tmp/diff")"
	fi
}

cd "$tmp" || exit 1
awk -f "$top/tests/tui/storm.awk" -v modules=30 -v each=16 >storm.events
"$genperf" storm.data <storm.events
"$genperf" hostile.data <"$top/tests/golden/hostile.events"

for size in 80x24 200x50 60x15; do
	"$modtrace" report --tui -i storm.data --batch 1 --size $size >screen 2>&1
	compare "modules-$size"
done
"$modtrace" report --tui -i storm.data --batch 1 --ascii >screen 2>&1
compare modules-ascii
is "ASCII is ASCII" "$("$modtrace" report --tui -i hostile.data --batch 3 --ascii |
	LC_ALL=C tr -d '\n\040-\176' | wc -c)" 0
"$modtrace" report --tui -i hostile.data --batch 1 >screen 2>&1
compare hostile
like "too small a screen says so" \
	"$("$modtrace" report --tui -i storm.data --batch 1 --size 50x10)" '50x10 is too small; the minimum is 60x15'
is "as many frames as asked for" \
	"$("$modtrace" report --tui -i storm.data --batch 5 | grep -c 'modtrace report')" 5

# drive SIZE NAME WAIT KEYS...: what is shown after the keys, when it has WAIT.
drive()
{
	name=$2-$1 regex=$3
	term_start "${1%x*}" "${1#*x}" "$modtrace report --tui -i storm.data"
	shift 3
	term_wait F10Quit
	for key; do
		term_keys "$key"
	done
	term_wait "$regex"
	sleep 0.2
	# How a finding is worded is not the screen's business.
	term_screen | sed "$edit" >screen
	compare "$name"
	term_keys q
	wait_for status
}

edit=
for size in 80x24 200x50; do
	drive $size keys-modules 'FAIL' Down Down
	edit='6s/.*/(finding)/'
	drive $size module 'thread 1001' Down Enter Down
	edit=
	drive $size requesters 'REQUESTER' F7
	drive $size help 'this help' F1
done
drive 80x24 filter 'mod_2[0-9]' F4 m o d _ 2 Enter
drive 80x24 sorted '30 of 30' '>' '>' I
edit='6s/.*/(finding)/'
drive 80x24 zoomed 'zoomed: Left' Down Enter + + + Left
done_testing
