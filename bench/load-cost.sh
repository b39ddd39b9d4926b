#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the series costs a single load that nobody duplicates: the loader's own CPU time for one
# finit_module() of xfs, counted in instructions (-icount, one CPU), as a ratio to the stock
# kernel's: tracing off, then with all five events recorded.
#
#	[SERIES=v7.3] bench/load-cost.sh [OFFSETS]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

series=${SERIES:-v6.1}
offsets=${1:-20}
out=$build/bench/load-cost
mkdir -p "$out/extra"
cc -O2 -Wall -static -o "$out/extra/load_cost" "$top/bench/load_cost.c"

# The first loads warm the page cache and the slabs, and are not counted.
run='modprobe xfs
rmmod xfs
xfs=$(modinfo -n xfs)
storm -n 1 $xfs >/dev/null && rmmod xfs
/extra/load_cost $xfs xfs 3 100 >/dev/null
/extra/load_cost $xfs xfs '$offsets' 100 >/out/off
[ -e /sys/kernel/tracing/events/module/module_load_begin ] || exit 0
for event in load_begin load_merged load_exclusive_busy load_end autoload_dup; do
	echo 1 >/sys/kernel/tracing/events/module/module_$event/enable
done
/extra/load_cost $xfs xfs 3 100 >/dev/null
/extra/load_cost $xfs xfs '$offsets' 100 >/out/on'

for kernel in "$series-stock" "$series"; do
	say "counting on $kernel"
	ICOUNT=1 "$top/lab/vm.sh" KERNEL="$kernel" CPUS=1 OUT="$out/$kernel" EXTRA="$out/extra" \
		TIMEOUT=900 RUN="$run" >/dev/null
done

mean()
{
	awk '{ sum += $2; if (!n || $2 < min) min = $2; if ($2 > max) max = $2; n++ }
	END { printf "%.0f %.0f %.0f\n", sum / n, min, max }' "$1"
}

row()
{
	mean "$2" | awk -v what="$1" -v stock="$stock" '{
		printf "%-34s %12d %12d %12d %8.4f\n", what, $1, $2, $3, $1 / stock }'
}

stock=$(mean "$out/$series-stock/off" | cut -d' ' -f1)
printf '%-34s %12s %12s %12s %8s\n' "one load of xfs, instructions" mean least most ratio
row "stock" "$out/$series-stock/off"
row "patched, tracing off" "$out/$series/off"
row "patched, five events recorded" "$out/$series/on"
