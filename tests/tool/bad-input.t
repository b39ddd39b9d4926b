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
refused 'empty' 'empty: empty, not a recording' -i empty
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
refused 'empty stdin' 'standard input: empty, not a recording' -i -
refused 'escapes in a name' 'a.x1b.2J: No such' -i "$(printf 'a\033[2J')"
refused 'an argument too many' "unexpected argument 'stray'" empty stray
refused 'a second recording' "unexpected argument 'stray'" -i empty stray
refused 'a format there is not' "unknown format 'xml'" --format=xml

# Lists that lead back to themselves, or to the same one many times, take no time.
perl -e 'my $options = pack("vV", 100, 0) x 1000000 . pack("vVQ", 0, 8, 32);
	my $head = "\027\010\104tracing7\0\0\010" . pack("V", 4096) . "none\0\0";
	print $head, pack("Q", length($head) + 8), pack("vvVQ", 0, 0, 0, length $options), $options;' >circle.dat
refused 'trace.dat, options in a circle' 'damaged chain of options' -i circle.dat
perl -e 'my $head = "\027\010\104tracing6\0\0\010" . pack("V", 4096) . "header_page\0" . pack("Q", 0) .
	"header_event\0" . pack("QVVVVQ", 0, 0, 0, 0, 0, 0) . pack("V", 8000) . "options  \0";
	my $size = length($head) + 14 * 1000000 + 2;
	print $head, pack("vVQ", 3, 8, $size) x 1000000, pack("v", 0), "flyrecord\0", "\0" x 128000;' >buffers.dat
refused 'trace.dat, a million buffers' 'damaged number of buffers' -i buffers.dat
perl -e 'print "\027\010\104tracing6\0\0\010" . pack("V", 4096) . "header_page\0" . pack("Q", 0) .
	"header_event\0" . pack("QVVVVQ", 0, 0, 0, 0, 0, 0) . pack("V", 70000), "flyrecord\0"' >cpus.dat
refused 'trace.dat, too many CPUs' 'damaged number of CPUs' -i cpus.dat

events=$top/tests/golden/storm.events
"$genperf" storm.data <"$events"
"$genperf" --like-perf like-perf.data <"$events"
grep -vE 'load_(begin|merged|end)' "$events" | "$genperf" --stock --no-calls stock.data
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

# In one process each: every cut, or every STEPth; see there what is asked of them.
cp "$top/tests/data/perf-6.1-callgraph.data" perf.data
for cut in 'storm.data 1' 'like-perf.data 3' 'perf.data 61' "$top/tests/data/perf-6.1-pipe.data 61" \
		"$top/tests/data/perf-6.1-zstd.data 61" "$top/tests/data/trace-cmd-3.1-v6-buffers.dat 7" \
		"$top/tests/data/trace-cmd-3.1-v7.dat 1"; do
	# shellcheck disable=SC2086 # a file and a step
	timeout 120 "$tests_build/cuts" $cut >out 2>log
	is "$(basename "${cut% *}"): cut at every byte, or every ${cut#* }th" $? 0
	[ ! -s log ] || diag "$(head -n 30 log)"
	diag "$(basename "${cut% *}"): $(tail -n 3 out)"
done

# As users see it: reported with a word on the cut, or refused in one line.
reported=0 refused=0
for at in 100 5000 75000 76000 $(($(stat -c %s storm.data) - 1)); do
	head -c "$at" storm.data >cut.data
	timeout 20 "$modtrace" report -i cut.data --format=json >stdout 2>stderr
	status=$?
	is "storm.data cut at $at: one line" "$(wc -l <stderr)" 1
	if [ $status -eq 0 ]; then
		like "storm.data cut at $at: said in the report" "$(cat stdout)" '"truncated": true'
		reported=$((reported + 1))
	else
		is "storm.data cut at $at: status" $status 1
		is "storm.data cut at $at: no half report" "$(cat stdout)" ''
		refused=$((refused + 1))
	fi
done
is 'ours is reported from where its data begins' "$refused $reported" '2 3'

# What precedes the cut is all there: half of the records, then all of them.
"$modtrace" report -i storm.data --format=json >whole.json
"$genperf" --leave-open open.data <"$events"
"$modtrace" report -i open.data --format=json 2>/dev/null >open.json
is 'not closed: all the same' "$(grep -c '"attempts": 5' open.json)" \
	"$(grep -c '"attempts": 5' whole.json)"

cp "$top/tests/data/perf-6.1-zstd.data" zstd.data
cp "$top/tests/data/perf-6.1-pipe-zstd.data" pipe-zstd.data
cp "$top/tests/data/trace-cmd-3.1-v6-buffers.dat" v6-buffers.data
cp "$top/tests/data/trace-cmd-3.1-v7.dat" v7.data
for file in storm like-perf perf zstd pipe-zstd v6-buffers v7; do
	times=700
	# Each of these takes a process.
	case $file in v*) times=60 ;; esac
	timeout 120 "$tests_build/mutate" $file.data $times >out 2>log
	is "$file: damaged in $times ways, none harms" $? 0
	[ ! -s log ] || diag "$(head -n 30 log)"
	diag "$file: $(cat out)"
done
done_testing
