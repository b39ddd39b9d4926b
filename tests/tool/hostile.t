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


# Damaged pages that lead libtracecmd round in circles, and packed ones that become a million events.
cp "$top/tests/data/trace-cmd-3.1-v7.dat" round.dat
printf '\273\061\0\0' | dd of=round.dat bs=1 seek=8260 conv=notrunc 2>dd.err
refused 'events without end' 'more events than its size justifies' -i round.dat </dev/null
python3 "$top/tests/tool/hostile.py" dat-packed bomb.dat 20000
refused 'packed pages' 'more events than its size justifies' -i bomb.dat </dev/null

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

# Where the kernel is: whoever may read a report need not know, in whatever form it comes.
cat >sites.events <<'END'
note symbol ffffffff81000020 named_site+0x20/0x40
0 0 50 comm sshd
1000 0 50 request name=net-pf-1 ip=0xffffffff81000020 wait=1
+1000 0 50 request name=net-pf-2 ip=0xffffffff8111abcd wait=1
+1000 0 50 autoload_dup name=net-pf-2 ip=0xffffffff8111abcd wait_ns=5 leader=51
END
"$genperf" sites.data <sites.events
all=0
: >outputs
for how in '' --format=json --format=jsonl '--format=jsonl --summary' --format=csv --format=prometheus \
		--format=openmetrics --format=svg --format=perfetto --format=chrome --attempts \
		'--attempts --format=json' '--attempts --format=csv' --requests \
		'--requests --format=jsonl' '--requests --format=csv' --events '--events --format=json' \
		'--events --format=jsonl' '--events --format=csv' '--tui --batch=2' \
		'--sections=requests,requesters,events,findings'; do
	# shellcheck disable=SC2086 # words
	"$modtrace" report $how -i sites.data >>outputs 2>&1 && all=$((all + 1))
done
"$modtrace" diff sites.data sites.data >>outputs 2>&1 && all=$((all + 1))
is 'all outputs' $all 23
is 'none has an address of the kernel' "$(LC_ALL=C grep -aciE '8111abcd|ffffffff81|2166467533' outputs)" 0
ok 'but the symbols that the recording has' test "$(grep -c 'named_site+0x20' outputs)" -gt 4

# Packed records of 8 bytes and more: how much a file may unpack to. It counts what is reported.
awk 'BEGIN { for (i = 0; i < 40000; i++) print "1000 0 50 request name=net-pf-1 ip=1 wait=1" }' |
	"$genperf" --pack packed.data
ok 'packed: small' test "$(stat -c %s packed.data)" -lt 100000
"$modtrace" report -i packed.data --events >out 2>err
is 'packed: said' "$(grep -c 'unpacks to more than 12 times' err)" 1
ok 'packed: and cut off' test "$(wc -l <out)" -lt 30000 -a "$(wc -l <out)" -gt 10000

# The shortest records that there are: each counts as much as an event that a kernel writes.
python3 "$top/tests/tool/hostile.py" tiny-begin-packed short.data 100000
"$modtrace" report -i short.data --format=json >out 2>err
is 'short records: said' "$(grep -c 'unpacks to more than 12 times' err)" 1
ok 'short records: no more than as many events of 64 bytes' test "$(jq .recording.events out)" -le \
	$(((12 * $(stat -c %s short.data) + (2 << 20)) / 64 + 2000))

# What is sorted waits in a file.
TMPDIR=$tmp/missing "$modtrace" report -i storm.data --attempts --sort=module >out 2>err
is 'to be sorted, without room for files: status' $? 1
like 'to be sorted, without room for files: says it' "$(cat err)" '^modtrace: .*missing: no temporary file'
is 'to be sorted: all of it' "$("$modtrace" report -i storm.data --attempts --format=jsonl --sort=-begin_ns | jq -c .begin_ns)" \
	"$("$modtrace" report -i storm.data --attempts --format=jsonl | jq -c .begin_ns | sort -n)"

# Modules that never end, and more than any machine has: rows and lanes are bounded, and said.
awk 'BEGIN { for (i = 0; i < 5000; i++) print "+1000 0 " 100 + i " load_begin ino=" i " file=m" i ".ko" }' |
	"$genperf" many.data
"$modtrace" diff many.data many.data >out 2>err
is 'more modules than are compared: status' $? 0
like 'more modules than are compared: said' "$(cat err)" 'more than 1024 modules.* 7952 are not compared'
done_testing
