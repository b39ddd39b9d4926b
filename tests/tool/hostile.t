#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What was made to keep a reader busy, or has no end: a bound that counts bytes, and one line.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
cd "$tmp" || exit 1
"$genperf" storm.data <"$top/tests/golden/storm.events"
"$genperf" --stock stock.data <"$top/tests/golden/stock.events"

# refused DESCRIPTION REGEX ARGUMENT...: of standard input
refused()
{
	what=$1 regex=$2
	shift 2
	timeout 120 "$modtrace" report "$@" >stdout 2>stderr
	is "$what: status" $? 1
	is "$what: one line" "$(wc -l <stderr)" 1
	like "$what: says it" "$(cat stderr)" "^modtrace: .*$regex"
}

refused 'sizes without end' '/dev/zero: more than 4 MiB' -i stock.data --module-sizes=/dev/zero </dev/null
mkfifo endless
cat storm.data /dev/zero >endless 2>/dev/null &
refused 'a pipe without end' 'more than 256 MiB; save it' -i - <endless

# Two CPUs whose records are the same: a short file would be read as often as it has CPUs.
perl -e 'my $head = "\027\010\104tracing6\0\0\010" . pack("V", 4096) . "header_page\0" . pack("Q", 0) .
	"header_event\0" . pack("QVVVVQ", 0, 0, 0, 0, 0, 0) . pack("V", 8);
	print $head, "flyrecord\0", pack("QQ", 0, 150) x 8, "\0" x 64' >same.dat
refused 'CPUs with the same records' 'damaged list of CPUs' -i same.dat </dev/null


# 2 GiB of nothing behind a recording: as many empty sections.
cp "$top/tests/data/trace-cmd-3.1-v7.dat" sparse.dat
truncate -s 2G sparse.dat
refused 'a sparse file' 'damaged number of sections' -i sparse.dat </dev/null

# Names that were chosen: the report is the same each time, however they are hashed.
for run in 1 2 3; do
	"$modtrace" report -i storm.data --format=json >run.$run 2>&1
done
is 'the same in each process' "$(cat run.1 run.1)" "$(cat run.2 run.3)"

# A file that gets shorter while it is read: the pipe is full then, and most of it still to come.
"$genperf" --repeat=3000 long.data <"$top/tests/golden/storm.events"
{
	"$modtrace" report -i long.data --events 2>stderr
	echo $? >status
} | {
	read -r _
	truncate -s 1M long.data
	wc -l >lines
}
is 'one that shrinks: no signal' "$([ "$(cat status)" -le 1 ] && echo yes)" yes
ok 'one that shrinks: what is left of it is reported' test "$(cat lines)" -gt 1000
is 'one that shrinks: one line' "$(wc -l <stderr)" 1
like 'one that shrinks: says it' "$(cat stderr)" '^modtrace: .*long\.data'
done_testing
