#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# After each patch of a series the kernel builds, boots, and loads modules under a small storm:
# whoever bisects must not be stopped by the series.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

for series in "$top"/kernel-patches/*/series; do
	base=$(basename "$(dirname "$series")")
	count=0
	# shellcheck disable=SC2013 # words, not lines: guest reads its input itself
	for patch in $(sed '/^#/d; /^$/d' "$series"); do
		count=$((count + 1))
		diag "$base: $patch"
		guest KERNEL="$base-upto-$count" CPUS=4 <<'EOF'
modprobe libcrc32c
keyed storm storm -k -n 8 "$(modinfo -n xfs)"
keyed auto storm autoload -k -n 8 dummy
EOF
		guest_ok "$base: with $patch the kernel builds and boots"
		is "$base: and one of 8 loads" "$(value storm.ok) $(value storm.EEXIST)" '1 7'
		is "$base: and 8 requests succeed" "$(value auto.ret_0)" 8
	done
done

done_testing
