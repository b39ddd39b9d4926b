#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Storms whose leaders are kept from going on (guest/ordeal.c): every call returns, every killed task
# is gone, and what is live in the end is what was asked for. First on the stock kernel, by which the
# expectations are measured. SEED= repeats them, STORMS= takes another number; 30-debug-storms.t has them on
# the debug kernel, with cgroups.
set -u
. "$(dirname -- "$0")/../vm/kernel.sh"
helper ordeal

seed=${SEED:-$$}
storms=${STORMS:-24}
diag "SEED=$seed"
for kernel in "$series-stock" "$series"; do
	guest KERNEL=$kernel CPUS=4 EXTRA="$extra" TIMEOUT=$((120 + 20 * storms)) <<EOF2
. /extra/lib.sh
echo 0 >\$tracing/events/enable
printf 'alias net-pf-%s\n' '4 mt_hold' '5 mt_hold2' >/etc/modprobe.d/families.conf
/extra/ordeal $storms $seed "\$hold" "\$hold2" >/out/ordeal.out 2>&1
result ordeal \$?
EOF2
	scenarios_ok "$kernel: $storms storms went through"
	diag "$(cat "$out/ordeal.out")"
	# Where stock itself lets others wait, for a leader that hardly runs and by the inode alone.
	case $kernel in
	v6.1*|*[0-9])
		is "$kernel: all calls and modules are as they should be" \
			"$(value ordeal) $(grep -E '^(storm|failed)=' "$out/ordeal.out")" '0 ' ;;
	esac
	is "$kernel: all storms came to their end" "$(key ordeal storms)" "$storms"
	for kind in idle queued late stopped chain background files killed; do
		like "$kernel: there was $kind" "$(key ordeal $kind)" '^[1-9]'
	done
done
done_testing
