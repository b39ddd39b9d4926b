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
	"$("$modtrace" report --tui -i storm.data --batch 1 --size 39x9)" '39x9 is too small; the minimum is 40x10'
"$modtrace" report --tui -i storm.data --batch 1 --size 40x10 >screen 2>&1
compare modules-40x10
is 'a small one is a list all the same' "$(grep -c '^mod_.* 16 ' screen)" 5
is 'no line is wider than it' "$(perl -CSD -ne 'chomp; print "$_\n" if length > 40' screen)" ''

# What is left out from the start, and by what is saved.
"$modtrace" report --tui -i storm.data --batch 1 -m 'mod_2*' -c modprobe --time=,150ms >screen 2>&1
like 'only some: said' "$(cat screen)" '^ only -m mod_2\* -c modprobe 0 to 150 ms'
is 'only some: the report has as many' "$(sed -n 's/^ attempts \([0-9]*\):.*/\1/p' screen)" \
	"$("$modtrace" report -i storm.data -m 'mod_2*' -c modprobe --time=,150ms --format=json | jq .totals.attempts)"
is 'only some: no other modules' "$(grep '^mod_' screen | grep -vc '^mod_2')" 0

# A recording that plays: what is drawn stays where it is, and the rest follows.
"$modtrace" report --tui -i storm.data --batch 5 --size 100x24 >frames 2>&1
# Where a module's bar begins: older buckets may be folded into wider ones, a cell at most.
is 'bars do not slide while it plays' "$(perl -CSD -Mutf8 -ne '
	next unless /^(mod_\w+) .*? ([^ 0-9]*[█▒▓▀×][^0-9]*)$/;
	my ($name, $lane) = ($1, $2);
	$lane =~ /^·*/;
	my $at = $+[0];
	$seen++ if exists $first{$name};
	print "$name $first{$name} $at\n" if abs(($first{$name} // $at) - $at) > 1;
	$first{$name} //= $at;
	END { print "seen $seen\n" unless $seen > 5 }' frames)" ''

# The phases of a boot are marks on the lanes.
"$modtrace" report --tui -i "$top/tests/data/boot-stock.data" --batch 1 --size 140x30 >screen 2>&1
like 'marks: with names' "$(cat screen)" '^MODULE .*│swit[a-z_]*│ *│graphical '
is 'marks: at the same place in all lanes' "$(LC_ALL=C.UTF-8 awk '/^libsha256|^binfmt_misc/ { sub(/│.*/, ""); sub(/.* /, ""); print }' screen | sort -u | wc -l)" 1
is 'no column without data' "$(grep -oE ' (NOW|MERGED|AVOIDED|WAIT p99) ' screen)" ''

is 'stock: what it cannot tell is not counted' "$(grep -c autoload screen)" 0
"$modtrace" report --tui -i "$top/tests/data/boot-stock.data" --batch 4 >frames 2>&1
is 'a cursor that nobody moved is on the first row, whatever that becomes' \
	"$(grep -A1 "^MODULE" frames | tail -n 1 | cut -d' ' -f1)" kvm
like 'narrow: time is there' "$(grep "^MODULE" frames | tail -n 1)" '^MODULE .*DUP TIME'

# Colours on the terminal's own background can be read on white and on black.
is 'colours: a contrast of 3 or more' "$(sed -n '/style_looks\[\] = /,/^};/p' "$top/tools/modtrace/tui.c" | python3 -c '
import re, sys
def channel(c):
    c /= 255
    return c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
def light(n):
    if n >= 232:
        rgb = [8 + (n - 232) * 10] * 3
    else:
        n -= 16
        rgb = [0 if v == 0 else 55 + v * 40 for v in (n // 36, n // 6 % 6, n % 6)]
    r, g, b = map(channel, rgb)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
seen = 0
for name, fg, bg, fg8, bg8 in re.findall(r"\[(\w+)\] = \{ (-?\d+), (-?\d+), (\S+), (\S+),", sys.stdin.read()):
    if bg8 == "-1" and fg8 in ("COLOR_YELLOW", "COLOR_WHITE", "COLOR_CYAN"):
        print(name, fg8)
    if bg != "-1" or fg == "-1":
        continue
    seen += 1
    on_white, on_black = 1.05 / (light(int(fg)) + 0.05), (light(int(fg)) + 0.05) / 0.05
    if min(on_white, on_black) < 3:
        print(name, fg, round(on_white, 1), round(on_black, 1))
if seen < 8:
    print("only", seen)
')" ''
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

# Findings: cause and remedy are there in full, whatever the width.
"$modtrace" report -i "$top/tests/data/boot-stock.data" --format=json >boot.json
for size in 80x24 120x40; do
	term_start "${size%x*}" "${size#*x}" "$modtrace report --tui -i $top/tests/data/boot-stock.data"
	term_wait F10Quit
	term_keys F5
	term_wait LEVEL
	for n in 0 1 2; do
		wanted=$(jq -r ".findings[$n] | .text + \" Remedy: \" + .remedy" boot.json)
		wanted=$wanted perl -e 'exit !(index(join(" ", map { s/^\s+|\s+$//gr } <STDIN>), $ENV{wanted}) >= 0)' \
			<<-END
				$(tries=0
				while ! term_screen | tr -s ' \n' ' ' | grep -qF "$(jq -r ".findings[$n].text" boot.json | cut -c1-40)" &&
					[ $tries -lt 60 ]; do
					sleep 0.1
					tries=$((tries + 1))
				done
				term_screen)
			END
		is "finding $n at $size: nothing is cut" $? 0
		term_keys Down
		sleep 0.3
	done
	term_keys q
	wait_for status
done

# The module view: on its own time, with durations, in any order.
term_start 110 30 "$modtrace report --tui -i $top/tests/data/boot-stock.data"
term_wait F10Quit
term_keys Enter
term_wait 'TID COMM'
like 'a module has its own time' "$(term_screen | grep 'TID COMM')" 'TOOK.*\|[1-9][0-9.]+ s .*[0-9] s\|'
term_keys '>' '>' '>' '>'
shows 'sorted by duration' 'TOOK▼'
is 'the longest comes first' "$(term_screen | sed -n '/TID COMM/{n;p;n;p;n;p;}' |
	sed -E 's/.*(EEXIST|loaded) +([0-9.]+) s.*/\2/' | sort -nrc 2>&1)" ''
term_keys Escape
term_wait 'by WASTED'
like 'behind it all of the time is back' "$(term_screen | grep '^MODULE')" '\|0 '
# The row that is chosen has one colour, and one behind it.
term_keys Down
sleep 0.5
is 'the chosen row is of one colour' \
	"$(term capture-pane -e -p | grep 'aesni_intel' | grep -oE "$(printf '\033')\\[[0-9;]+m" | sort -u | grep -vc '\[0*m\|\[39m\|\[49m\|\[39;49m')" 2
term_keys q
wait_for status

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

# However wide the screen is, no word of the help is lost.
words()
{
	sed -n '/An attempt/,/are thin/p' "$@" | tr -s ' \n' ' '
}
term_start 320 50 "$modtrace report --tui -i storm.data"
term_wait F10Quit
term_keys F1
term_wait 'this help'
sleep 0.2
term_screen >screen
is 'a wide screen has all of the help' "$(words screen)" "$(words "$top/tests/tui/help-200x50.screen")"
term_keys q
wait_for status
done_testing
