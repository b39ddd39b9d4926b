#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The screens in a terminal: keys and mouse, what they save, sizes and kinds of terminals, and
# that the terminal is afterwards as it was, however they ended.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/tui/lib.sh"

build_tests
cd "$tmp" || exit 1
awk -f "$top/tests/tui/storm.awk" -v modules=30 -v each=16 >storm.events
"$genperf" storm.data <storm.events
"$modtrace" report -i storm.data --format=json >wanted.json
run="$modtrace report --tui -i storm.data"

# as_it_was DESCRIPTION STATUS: the terminal, after the screens have ended.
as_it_was()
{
	wait_for status
	is "$1: status" "$(cat status 2>/dev/null)" "$2"
	is "$1: the terminal's settings are as they were" "$(cat after)" "$(cat before)"
	term_wait status=
	is "$1: main screen, with a cursor, without a mouse" "$(term_modes)" "0 1 0"
}

pid_of_tui()
{
	# The guard is a child of it and has the same name: the older one is meant, and none of another test.
	for pid in $(pgrep -f -- "^$modtrace report --tui -i storm.data"); do
		[ "$(readlink "/proc/$pid/cwd")" != "$tmp" ] || break
	done
	echo "$pid"
}

start()
{
	term_start 80 24 "$run"
	term_wait F10Quit
}

start
term_keys q
as_it_was q 0

start
term_keys F10
as_it_was F10 0

start
term_keys C-c
as_it_was Ctrl-C 0

start
kill -TERM "$(pid_of_tui)"
as_it_was SIGTERM 0

start
kill -HUP "$(pid_of_tui)"
as_it_was SIGHUP 0

start
kill -KILL "$(pid_of_tui)"
as_it_was SIGKILL 137

start
kill -ABRT "$(pid_of_tui)"
as_it_was 'an assertion' 134

# Ctrl-Z and fg need a shell with jobs.
cat >jobs.sh <<EOF
set -m
$run
echo suspended
stty -a >suspended
read -r go
fg >/dev/null
echo back
EOF
term_start 80 24 "bash jobs.sh"
term_wait F10Quit
term_keys C-z
shows 'Ctrl-Z stops it' '^suspended'
wait_for suspended
is 'Ctrl-Z: settings as they were' "$(cat suspended)" "$(cat before)"
term_keys Enter
shows 'fg brings it back' F10Quit
term_keys q
as_it_was 'after fg' 0

# Saved from inside is what report writes.
start
term_keys s
shows 's asks for a name' 'Save as'
term_keys C-u
term_keys mine.json
term_keys Enter
shows 'JSON is saved, and where is said' "Saved everything .filters not applied. to $tmp/mine.json"
ok 'and is what report writes' cmp mine.json wanted.json
term_keys s Enter
term_wait 'Saved .*/modtrace.json'
term_keys s
shows 'the next has another name' 'Save as.*modtrace-2.json'
term_keys C-u
term_keys modtrace.json
term_keys Enter
shows 'nothing is written over' 'Not saved: File exists: modtrace.json'
term_keys C-w
term_keys mine.csv
term_keys Enter
shows 'and can be named anew, for a format that there is' 'Not saved: end it in .json .txt .svg'
term_keys Escape
term_keys s C-u
term_keys mine.txt
term_keys Enter
term_wait 'Saved .*/mine.txt'
"$modtrace" report -i storm.data >wanted.txt
ok 'text is saved' cmp mine.txt wanted.txt
for format in svg:svg perfetto:pftrace chrome:trace.json; do
	term_keys s C-u
	term_keys "mine.${format#*:}"
	term_keys Enter
	term_wait "Saved .*/mine.${format#*:}"
	"$modtrace" report -i storm.data "--format=${format%:*}" >wanted
	ok "${format%:*} is saved" cmp "mine.${format#*:}" wanted
done

# The rows are those of the JSON: name, attempts, merged, exists, busy.
term_keys q
wait_for status
"$modtrace" report --tui -i storm.data --batch 1 --size 100x50 |
	awk -f "$top/tests/lib/frame.awk" | grep '^mod_' >rows
if command -v jq >/dev/null; then
	jq -r '.modules[] | "\(.name) \(.attempts) \(.merged) \(.exists) \(.busy)"' wanted.json \
		>wanted.rows
	ok 'the rows are those of the JSON' cmp rows wanted.rows
else
	skip 'jq is not installed'
fi

# Finding, filtering, jumping.
start
term_keys /
term_keys mod_c
term_keys Enter Enter
shows 'search and Enter lead to a module' '^ mod_c 16:'
term_keys Escape
shows 'Esc goes back' 'MODULE +ATTEMPTS'
term_keys F5
term_wait 'LEVEL'
term_keys End Enter
shows 'the last, who is to blame, leads to the requesters' 'REQUESTER +PARENT'
term_keys Escape Home Enter
shows 'a finding leads to its worst module' 'COMM +OUTCOME'
term_keys Escape Escape
term_keys F4
term_keys 'mod_?'
shows 'a filter is a pattern, and works as it is typed' ' 26 rows'
term_keys Enter Enter
shows 'and not on what comes behind' ' 16 attempts kept'
term_keys F4
term_keys modprobe
term_keys Enter
shows 'which has its own, and says it' ' 2 attempts  filter: modprobe'
term_keys F4 C-u EEXIST Enter
shows 'of an errno, too' ' 15 attempts  filter: EEXIST'
term_keys Escape
shows 'Esc drops it' ' 16 attempts kept'
term_keys Escape
shows 'behind it is the first' '26 of 30 modules  filter: mod_'
term_keys F4 C-u
term_keys nothing
shows 'a filter that nothing has says so' 'F4 changes it'
term_keys Escape
shows 'Esc while it is typed: as it was' ' 26 of 30 modules'
term_keys Escape
shows 'Esc drops the filter' '30 of 30'
term_keys / mod_y
shows 'a search goes along' 'Search: mod_y'
term_keys Enter Enter
shows 'and is where it said' '^ mod_y 16:'
term_keys Escape F7
term_wait 'REQUESTER'
term_keys Enter
shows 'a requester leads to its worst module' 'COMM +OUTCOME'
term_keys Escape Escape F1 /
shows 'a text has nothing to search' 'This screen is not a list'
term_keys F1
shows 'F1 closes help, too' 'MODULE +ATTEMPTS'

# Sequences that no key here makes, as a terminal sends when it gets the focus, are no keys.
term_keys I
term_wait 'inverted'
term send-keys -l "$(printf '\033[I\033[200~')"
term_keys Down
shows 'an unknown sequence is no key' 'by WASTED, inverted'
term_keys I

# Playing.
term_keys 0
shows '0 leads to the start' ' 0 of 0 modules'
term_keys '}' '}' s
term_keys C-u
term_keys part.txt
term_keys Enter
shows 'a part that was saved is said to be one' 'Saved everything up to [1-9]'
is 'and has no finding that all of it has' "$(grep -c 'had not ended' part.txt)" 0
like 'and says it in the file' "$(sed -n 1,4p part.txt)" ', going on'
term_keys End Enter '$'
shows 'a module is looked at' 'COMM +OUTCOME'
term_keys 0
shows 'and stays looked at where it has no attempt' 'No attempt to load mod_'
term_keys Escape '$' Home 0
shows '0 leads there again' ' 0 of 0 modules'
term_keys '}'
shows '} leads on' ' [1-9] of [1-9] modules'
term_keys .
shows '. steps' 'stopped'
term_keys '[' '[' '[' '[' '['
shows '[ is slower' '1/32'
term_keys Space
shows 'Space plays' 'playing'
term_keys '$'
shows '$ leads to the end' '30 of 30'

# A mouse, as xterm tells it: press at column, line from 1.
term_keys F7
term_wait REQUESTER
term_keys Escape
term_wait ATTEMP
printf '\033[M !+' >click
term set-buffer "$(cat click)"
term paste-buffer -r
term_keys Enter
shows 'a click chooses a row' '^ mod_(p|l|t|h) 16:'
term_keys Escape
term_wait ATTEMP

# Sizes.
term resize-window -x 120 -y 40
shows 'a larger window has more columns' 'DUP TIME'
term resize-window -x 50 -y 12
shows 'a small one has a list' '^ ?MODULE +ATTEMPTS'
term resize-window -x 60 -y 8
shows 'a smaller one says so' '60x8 is too small; the minimum is 40x10'
term resize-window -x 80 -y 24
shows 'and it comes back' F10Quit
term_keys q
as_it_was 'after all that' 0

# Kinds of terminals.
for kind in xterm xterm-256color screen tmux-256color linux vt100; do
	# The library for the console's mouse has a leak of its own.
	term_start 80 24 "ASAN_OPTIONS=exitcode=99:detect_leaks=0 TERM=$kind $run"
	shows "TERM=$kind draws" F10Quit
	term_keys q
	wait_for status
	is "TERM=$kind: status" "$(cat status)" 0
done
term_start 80 24 "NO_COLOR=1 $run"
term_wait F10Quit
is 'NO_COLOR: no colour' "$(term capture-pane -p -e | grep -c "$(printf '\033')\[[0-9;]*[34][0-8]")" 0
term_keys q
wait_for status
term_start 80 24 "LC_ALL=C $run"
term_wait F10Quit
is 'no UTF-8: ASCII' "$(term_screen | LC_ALL=C tr -d '\n\040-\176' | wc -c)" 0
term_keys q
wait_for status
term_start 80 24 "TERM=nonsense $run"
shows 'an unknown terminal is one line' 'TERM=nonsense: unknown terminal'
wait_for status
term_start 80 24 "TERM=dumb $run"
shows 'one that can do nothing is' "TERM=dumb: this terminal can't move its cursor"
as_it_was 'after a terminal that can do nothing' 1
like 'no terminal is one line' "$($run </dev/null 2>&1)" '^modtrace: the screens need a terminal'
like 'standard input is for keys' "$("$modtrace" report --tui -i - 2>&1 <storm.data)" \
	'; the recording must be a file'
done_testing
