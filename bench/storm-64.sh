#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What duplicates cost on 64 CPUs, patched against stock: 64 concurrent finit_module() of one
# xfs.ko, and 64 more once it is live. From the first call's entry to the last call's return. All
# CPUs of the guest share one core of the host, so the time is the total of all their work. What
# one load alone costs is beside it: no merging can make 64 cheaper than that.
#
# Below that are the storms that the kernels since 6.5 still do all the work for: init_module(), a
# copy of the file each, and 32 requests for one name.
#
#	[SERIES=v7.3] bench/storm-64.sh [ROUNDS]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

series=${SERIES:-v6.1}
rounds=${1:-3}
out=$build/bench/storm-64
run='modprobe xfs
rmmod xfs
xfs=$(modinfo -n xfs)
for round in $(seq '$rounds'); do
	storm -k -n 1 $xfs | sed -n "s/^elapsed_ns=/alone /p" >>/out/times
	rmmod xfs
	storm -k -n 64 $xfs | sed -n "s/^elapsed_ns=/first /p" >>/out/times
	storm -k -n 64 $xfs | sed -n "s/^elapsed_ns=/live /p" >>/out/times
	rmmod xfs
	storm -k -n 64 -i $xfs | sed -n "s/^elapsed_ns=/init /p" >>/out/times
	rmmod xfs
	storm -k -n 64 -c $xfs | sed -n "s/^elapsed_ns=/copies /p" >>/out/times
	rmmod xfs
	storm autoload -k -n 32 xfs | sed -n "s/^elapsed_ns=/requests /p" >>/out/times
	rmmod xfs
done'

for kernel in "$series-stock" "$series"; do
	say "storms on $kernel"
	rm -f "$out/$kernel/times"
	"$top/lab/vm.sh" KERNEL="$kernel" CPUS=64 MEM=4G OUT="$out/$kernel" TIMEOUT=900 RUN="$run" \
		>/dev/null
done

# The median, the least and the most of the rounds, in ms.
spread()
{
	sed -n "s/^$2 //p" "$out/$1/times" | sort -n | awk '
	{ v[NR] = $1 / 1e6 }
	END { printf "%.1f %.1f %.1f\n", v[int((NR + 1) / 2)], v[1], v[NR] }'
}

printf '%-28s %-24s %-24s %s\n' "finit_module of xfs, ms" "stock (least-most)" \
	"patched (least-most)" "stock/patched"
for what in alone first live init copies requests; do
	printf '%s %s %s\n' "$what" "$(spread "$series-stock" $what)" "$(spread "$series" $what)" | awk '{
		name["alone"] = "one alone"
		name["first"] = "64 at once"
		name["live"] = "64 more, once it is live"
		name["init"] = "64 init_module() at once"
		name["copies"] = "64 copies of the file"
		name["requests"] = "32 requests at once"
		printf "%-28s %9.1f (%.1f-%.1f)   %9.1f (%.1f-%.1f)   %.1f\n",
			name[$1], $2, $3, $4, $5, $6, $7, $2 / $5 }'
done
