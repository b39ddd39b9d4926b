#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the benches measure by still builds: nobody runs them with each change.
set -u
. "$(dirname -- "$0")/../tap.sh"

flags=$(pkg-config --cflags libtraceevent libtracefs libtracecmd ncursesw)
for source in "$top"/bench/*.c; do
	# shellcheck disable=SC2086 # words
	gcc -std=gnu11 -D_GNU_SOURCE -Wall -fsyntax-only -I "$top/tools/modtrace" $flags "$source" >"$tmp/log" 2>&1
	is "${source##*/}: builds without a warning" "$? $(cat "$tmp/log")" '0 '
done
done_testing
