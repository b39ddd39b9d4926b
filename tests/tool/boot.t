#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record --boot's options, and the words for the kernel command line.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
cd "$tmp" || exit 1

# refused WANTED OPTION...: one line that has WANTED, and exit 1
refused()
{
	wanted=$1
	shift
	"$modtrace" record "$@" >out 2>err </dev/null
	is "record $*: exit" $? 1
	is "record $*: nothing on stdout" "$(cat out)" ''
	is "record $*: one line" "$(wc -l <err)" 1
	like "record $*: which says what" "$(cat err)" "$wanted"
}
refused 'neither settle nor handover, nor seconds' --boot -o x.data --until=soon
refused 'nor a unit' --boot -o x.data --until=-x.target
refused 'COMMAND has no effect with --boot' --boot -- true
refused '--cpu has no effect with --boot' --boot -C 0
refused '--until has no effect without --boot' --until=5
refused '--save-to has no effect without --boot' --save-to=x.data
refused '--boot-cmdline has no effect with --boot' --boot --boot-cmdline
refused 'not a number of CPUs' --boot-cmdline --cpus=0
refused '--cpus has no effect without --boot-cmdline' --cpus=4
refused '--for has no effect without --boot-cmdline' --for=stock
refused '--release has no effect without --boot-cmdline' --release=6.12.0
refused 'use patched or stock' --boot-cmdline --for=mainline
refused '--stock and --for exclude each other' --boot-cmdline --stock --for=stock
refused "not a kernel's release" --boot-cmdline --for=stock --release=trixie
refused 'whether that kernel is patched' --boot-cmdline --release=6.12.0-other
refused 'from 5.15 on' --boot-cmdline --for=stock --release=5.10.0-9-amd64
ok 'nothing was written' test ! -e x.data

# Where others may write, too: what is there is gone on with only if it is our own.
echo private >private
ln -s private link.data
mkfifo fifo.data
mkdir folder.data
: >open.data && chmod 666 open.data
: >twin.data && ln twin.data twin
refused 'link.data: a symbolic link; not recording' --boot -o link.data
refused 'fifo.data: not a regular file' --boot -o fifo.data
refused 'folder.data: not a regular file' --boot -o folder.data
refused 'open.data: others may write to it' --boot -o open.data
refused 'twin.data: has another name' --boot -o twin.data
if [ "$(id -u)" -eq 0 ]; then
	: >foreign.data && chown 1000 foreign.data
	refused 'foreign.data: belongs to another user' --boot -o foreign.data
fi
is 'what they are is as it was' "$(cat private) $(readlink link.data) $(stat -c %a open.data)" 'private private 666'
is 'nothing was renamed' "$(ls -- *.old *.next 2>/dev/null)" ''

# words RELEASE CPUS PROBES EVENT...: those for a kernel without the series, which any kernel can be
words()
{
	name="$1, $2 CPUs"
	"$modtrace" record --boot-cmdline --for=stock --release="$1" --cpus="$2" >out 2>err
	is "$name: exit" $? 0
	is "$name: one line on stdout" "$(wc -l <out)" 1
	is "$name: nothing that a boot loader expands" "$(tr -cd "\$'\\\\" <out)" ''
	is "$name: what ends a command in GRUB is in quotes" "$(sed 's/"[^" ]*"//g' out | tr -cd ';"')" ''
	like "$name: the clock" "$(cat out)" '(^| )trace_clock=mono( |$)'
	is "$name: one list of events" "$(grep -o 'trace_event=' out | wc -l)" 1
	is "$name: one list of probes" "$(grep -o 'kprobe_event=' out | wc -l)" 1
	shift 2
	for probe in $1; do
		like "$name: $probe" "$(cat out)" "[\";]*p*r*[0-9]*:modtrace/$probe,[^ ;]*[ ;\"]"
	done
	shift
	for event in module:module_load sched:sched_process_fork "$@"; do
		like "$name: $event" "$(cat out)" "[=,]$event([, ]|\$)"
	done
	is "$name: probes are enabled by the kernel itself" "$(grep -c modtrace: out)" 0
	for word in kprobe_event trace_event trace_clock trace_options trace_buf_size; do
		like "$name: why $word" "$(cat err)" "^$word "
	done
}
words 6.9.12 2 open syscalls:sys_exit_finit_module syscalls:sys_exit_openat
is 'ahead of 6.10: no other probe' "$(grep -o modtrace/ out | wc -l)" 1
words 6.12.118 2 'renamed unlinked finit_enter finit_exit init_enter init_exit call sought read_done'
is 'from 6.10 on: no probe of each open' "$(grep -c modtrace/open out)" 0
is 'from 6.10 on: no call takes the slow path' "$(grep -c syscalls out)" 0
few=$(sed 's/.*trace_buf_size=\([0-9]*\)K.*/\1/' out)
words 6.12.118 255 renamed
many=$(sed 's/.*trace_buf_size=\([0-9]*\)K.*/\1/' out)
ok 'few CPUs have larger buffers than many' test "$few" -gt "$many"
is 'to clear more than four times what a boot fills would cost it more than to record' "$few" 4096
is 'on 64, a boot whose opens are recorded fills more than the MiB of a CPU where workers run' \
	"$("$modtrace" record --boot-cmdline --for=stock --release=6.1.0 --cpus=64 2>/dev/null |
		sed 's/.*trace_buf_size=//')" 4096K
is '--stock is --for=stock' "$("$modtrace" record --boot-cmdline --stock --release=6.12.118 \
	--cpus=255 2>/dev/null)" "$(cat out)"
is 'for a patched kernel: attempts, devices, no calls' "$("$modtrace" record --boot-cmdline --for=patched \
	--release=7.3.4 --cpus=64 2>/dev/null | grep -oE 'renamed|unlinked|load_begin|load_end|:sys_|size=.*' |
	tr '\n' ' ')" 'renamed unlinked load_begin load_end size=256K '
ok 'the kernel takes a line of 2047 bytes' test "$(wc -c <out)" -lt 1500
done_testing
