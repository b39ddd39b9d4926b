#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How long a frame of the screens takes with 5,000 modules and a million attempts, what a key
# waits for at 50,000 events a second, and what idle screens take of a CPU.
#
#	bench/tui-frame.sh [MODULES [ATTEMPTS]]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

out=$build/bench/tui-frame
mkdir -p "$out"
make -s -C "$top/tools/modtrace" O="$build/modtrace" "$build/modtrace/libmodtrace.a" \
	"$build/modtrace/modtrace"
libs=$(pkg-config --libs libtraceevent libtracefs libtracecmd libzstd ncursesw libprotobuf-c)
# shellcheck disable=SC2086 # a word each
cc -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -I"$top/tools/modtrace" -o "$out/tui_frame" \
	"$top/bench/tui_frame.c" "$build/modtrace/libmodtrace.a" $libs -lm
"$out/tui_frame" "$@"

# The screens of a recording, left alone: what they take of a CPU. live does the same, and reads
# its rings ten times a second.
make -s -C "$top/tests/tool" "$build/tests/genperf"
awk -f "$top/tests/tui/storm.awk" -v modules=500 -v each=24 -v rounds=10 |
	"$build/tests/genperf" "$out/idle.data"
# shellcheck disable=SC2016 # the inner shell's
sleep 15 | TERM=xterm-256color script -qec "stty rows 50 cols 200; echo \$\$ >$out/pid
	exec $build/modtrace/modtrace report --tui -i $out/idle.data" /dev/null >"$out/screen" &
sleep 4
pid=$(cat "$out/pid")
ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
from=$(ticks)
sleep 10
to=$(ticks)
echo "idle: $(((to - from) * 1000 / $(getconf CLK_TCK) / 10)) per mille of a CPU in 10 s"
kill "$pid"
wait
