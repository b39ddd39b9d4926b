#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What fuzzing found worth keeping, and the recordings of tests/data, once more.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
if ! (
	flock 9
	unset MAKEFLAGS MAKELEVEL
	make -s -C "$top/tests/fuzz" replay 9>&-
) 9>"$top/build/tests.lock" >"$tmp/build.log" 2>&1; then
	diag "$(cat "$tmp/build.log")"
	echo 'Bail out! the targets do not build'
	exit 1
fi
for target in perfdata tracedat events stock parsers outputs device packed notes directory; do
	set -- "$top/tests/fuzz/corpus/$target"/*
	case $target in
	perfdata|tracedat)
		for file in "$top/tests/data"/*.da*; do
			[ ! -f "$file" ] || set -- "$@" "$file"
		done ;;
	esac
	timeout 120 "$top/build/fuzz/replay-$target" "$@" >"$tmp/out" 2>"$tmp/log"
	is "$target: status" $? 0
	is "$target: all $# inputs were given" "$(cat "$tmp/out")" $#
	[ ! -s "$tmp/log" ] || diag "$(head -n 30 "$tmp/log")"
done
done_testing
