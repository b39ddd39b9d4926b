#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# After each patch of a series the kernel builds, boots, and loads modules under a small storm:
# whoever bisects must not be stopped by the series. What went well is kept below build/slow/, so a
# run that is stopped goes on where it was.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

state=$top/build/slow/each
mkdir -p "$state"

for series in "$top"/kernel-patches/*/series; do
	base=$(basename "$(dirname "$series")")
	[ "${SERIES:-$base}" = "$base" ] || continue
	count=0
	of=$(sha256sum <"$top/kernel-patches/configs/$base.config")
	# shellcheck disable=SC2013 # words, not lines: guest reads its input itself
	for patch in $(sed '/^#/d; /^$/d' "$series"); do
		count=$((count + 1))
		of=$( (echo "$of"; cat "$top/kernel-patches/$base/$patch") | sha256sum | cut -c1-32)
		if [ -e "$state/$of" ]; then
			report 0 "$base: with $patch it was done before"
			continue
		fi
		failed=$tests_failed
		diag "$base: $patch"
		guest KERNEL="$base-upto-$count" CPUS=4 <<'EOF'
modprobe libcrc32c
keyed storm storm -k -n 8 "$(modinfo -n xfs)"
keyed auto storm autoload -k -n 8 dummy
EOF
		guest_ok "$base: with $patch the kernel builds and boots"
		is "$base: and one of 8 loads" "$(value storm.ok) $(value storm.EEXIST)" '1 7'
		is "$base: and 8 requests succeed" "$(value auto.ret_0)" 8
		[ "$tests_failed" != "$failed" ] || echo "$patch" >"$state/$of"
	done
done

done_testing
