#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Builds what a guest gets beside its kernel: the storm generator and modtrace.
set -eu
. "$(dirname -- "$0")/common.sh"

mkdir -p "$build/lab"
exec 9>"$build/lab/lock"
flock 9

# To some shells nothing is newer than a file that isn't there.
if [ ! -e "$build/lab/storm" ] || [ "$top/lab/storm.c" -nt "$build/lab/storm" ]; then
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -static -pthread \
		-o "$build/lab/storm" "$top/lab/storm.c" 9>&-
fi

[ -e "$top/tools/modtrace/Makefile" ] || exit 0
if ! env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s -C "$top/tools/modtrace" \
		9>&- >&2; then
	# Not with a binary of other sources.
	rm -f "$build/modtrace/modtrace"
	say "modtrace doesn't build: guests go without it"
fi
