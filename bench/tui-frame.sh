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
libs=$(pkg-config --libs libtraceevent libtracefs libtracecmd libzstd ncursesw)
# shellcheck disable=SC2086 # a word each
cc -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -I"$top/tools/modtrace" -o "$out/tui_frame" \
	"$top/bench/tui_frame.c" "$build/modtrace/libmodtrace.a" $libs -lm
"$out/tui_frame" "$@"
