#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Whatever report is given: a report of what is sound, or one line that says what is wrong.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
cd "$tmp" || exit 1

# refused DESCRIPTION REGEX ARGUMENT...: report ends with 1 and one line that matches.
refused()
{
	what=$1 regex=$2
	shift 2
	timeout 20 "$modtrace" report "$@" >stdout 2>stderr </dev/null
	is "$what: status" $? 1
	is "$what: nothing on stdout" "$(cat stdout)" ''
	is "$what: one line" "$(wc -l <stderr)" 1
	like "$what: says it" "$(cat stderr)" "^modtrace: .*$regex"
}

: >empty
echo 'not a recording at all' >text
head -c 100000 /dev/urandom >random
mkdir directory
printf 'PERFILE2' >magic
printf 'PERFFILE........' >first
printf '2ELIFREP........' >swapped
printf 'PERFILE2\020\0\0\0\0\0\0\0' >pipe
printf '\027\010\104tracing0.6' >trace.dat
refused 'empty' 'empty: empty' -i empty
refused 'text' 'not a recording' -i text
refused 'random' 'not a recording' -i random
refused 'endless' 'not a recording' -i /dev/zero
refused 'nothing' 'empty' -i /dev/null
refused 'directory' 'a directory' -i directory
refused 'missing' 'No such file' -i missing
refused 'magic alone' 'cut inside its header' -i magic
refused 'first format' 'first format' -i first
refused 'other byte order' 'byte order' -i swapped
refused 'pipe mode, its header alone' 'description of its events' -i pipe
refused 'trace.dat, its header alone' 'cut at 13 bytes, inside its header' -i trace.dat
refused 'empty stdin' 'standard input: empty' -i -
refused 'escapes in a name' 'a.x1b.2J: No such' -i "$(printf 'a\033[2J')"
refused 'an argument too many' 'what is stray for' stray
refused 'a format there is not' 'no format xml' --format=xml

events=$top/tests/golden/storm.events
"$genperf" storm.data <"$events"
"$genperf" --like-perf like-perf.data <"$events"
grep -vE 'load_(begin|merged|end)' "$events" | "$genperf" --stock stock.data
refused 'a stock kernel' 'module_load_begin' -i stock.data

"$modtrace" report -i storm.data >want
"$modtrace" report -i - <storm.data >got
is 'from a file on stdin' "$(cat got)" "$(cat want)"
# shellcheck disable=SC2002 # a pipe is what is tested
cat storm.data | "$modtrace" report -i - >got
is 'from a pipe' "$(cat got)" "$(cat want)"
for file in "$top"/tests/data/perf-6.1-pipe.data "$top"/tests/data/trace-cmd-3.1-v7.dat; do
	"$modtrace" report -i "$file" >want
	"$modtrace" report -i - <"$file" >got
	is "$(basename "$file"): from a file on stdin" "$(cat got)" "$(cat want)"
	# shellcheck disable=SC2002
	cat "$file" | "$modtrace" report -i - >got
	is "$(basename "$file"): from a pipe" "$(cat got)" "$(cat want)"
done
"$modtrace" report -i storm.data >/dev/full 2>stderr
is 'a full disk: status' $? 1
like 'a full disk: says it' "$(cat stderr)" 'No space left'

# cuts FILE STEP FROM: cut at every STEP bytes. Sound up to there, or refused in one line.
cuts()
{
	size=$(stat -c %s "$1") at=$3 readable=0 refused=0 bad=
	while [ "$at" -lt "$size" ]; do
		head -c "$at" "$1" >cut
		timeout 20 "$modtrace" report -i cut --format=json >stdout 2>stderr
		status=$?
		if [ $status -eq 0 ] && grep -q '"truncated": true' stdout &&
				[ "$(wc -l <stderr)" -eq 1 ]; then
			readable=$((readable + 1))
		elif [ $status -eq 1 ] && [ ! -s stdout ] && [ "$(wc -l <stderr)" -eq 1 ]; then
			refused=$((refused + 1))
		else
			bad="$bad $at"
			diag "$(head -n 20 stderr)"
		fi
		at=$((at + $2))
	done
	is "$1: every cut from $3 in steps of $2 is reported or refused" "$bad" ''
	diag "$1: $readable cuts readable, $refused refused"
}

cuts storm.data 1024 0
is 'our own is readable from where the data is' "$([ "$readable" -gt 0 ] && echo yes)" yes
cuts storm.data 61 $((size - 3500))
cuts like-perf.data 1024 0
cp "$top/tests/data/perf-6.1-callgraph.data" perf.data
cuts perf.data 1024 0

for version in v6-buffers v7; do
	cp "$top/tests/data/trace-cmd-3.1-$version.dat" .
	cuts "trace-cmd-3.1-$version.dat" 509 0
	cuts "trace-cmd-3.1-$version.dat" 7 $((size - 300))
done

# What precedes the cut is all there: half of the records, then all of them.
"$modtrace" report -i storm.data --format=json >whole.json
"$genperf" --leave-open open.data <"$events"
"$modtrace" report -i open.data --format=json 2>/dev/null >open.json
is 'not closed: all the same' "$(grep -c '"attempts": 5' open.json)" \
	"$(grep -c '"attempts": 5' whole.json)"

cp "$top/tests/data/perf-6.1-zstd.data" zstd.data
cp "$top/tests/data/perf-6.1-pipe-zstd.data" pipe-zstd.data
cp trace-cmd-3.1-v6-buffers.dat v6-buffers.data
cp trace-cmd-3.1-v7.dat v7.data
for file in storm like-perf perf zstd pipe-zstd v6-buffers v7; do
	times=1500
	# Each of these takes a process.
	case $file in v*) times=150 ;; esac
	timeout 120 "$tests_build/mutate" $file.data $times >out 2>log
	is "$file: damaged in $times ways, none harms" $? 0
	[ ! -s log ] || diag "$(head -n 30 log)"
	diag "$file: $(cat out)"
done
done_testing
