#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What waiting costs: 1,000, 4,000 and 8,192 tasks that wait for one load, whose module's init is
# held, by finit_module and by init_module, patched beside stock. The system time of the whole guest
# over 15 s in which all of them are blocked and nobody does anything else (/proc/stat), as a share
# of one CPU of its two, and the context switches.
#
#	bench/waiters.sh [SECONDS [TASKS...]]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

seconds=${1:-15}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 1000 4000 8192
out=$build/bench/waiters
# Each has a stack of the kernel's, and by init_module a copy of the image; stock's a layout, too.
run="hold=\$(modinfo -n mt_hold)
ulimit -u unlimited
echo 100000 >/proc/sys/kernel/threads-max
for tasks in $*; do
	for call in finit init; do
		option=
		[ \$call = finit ] || option=-i
		storm -k -t 600 -n \$tasks \$option -p hold=1 --hold $seconds \\
			-r /sys/module/mt_hold/parameters/release \"\$hold\" >/out/\$call-\$tasks ||
			exit
		rmmod mt_hold
	done
done"

for kernel in v6.1-stock v6.1; do
	say "waiters on $kernel"
	rm -f "$out/$kernel"/*init-*
	"$top/lab/vm.sh" KERNEL=$kernel CPUS=2 MEM=6G OUT="$out/$kernel" TIMEOUT=1800 RUN="$run" \
		>/dev/null
done

# cost KERNEL CALL TASKS: the share of one CPU in percent, and the switches a second.
cost()
{
	awk -F= '{ v[$1] = $2 }
	END { printf "%.2f %.0f", 100 * v["hold_system_ms"] / v["hold_ms"],
		1000 * v["hold_switches"] / v["hold_ms"] }' "$out/$1/$2-$3"
}

printf '%-28s %18s %18s\n' "$seconds s, 2 CPUs" stock patched
printf '%-14s %12s  %9s %8s  %9s %8s\n' call waiting system switches/s system switches/s
for call in finit init; do
	for tasks; do
		for kernel in v6.1-stock v6.1; do
			# One of them is in init, or has been told.
			[ "$(sed -n 's/^blocked=//p' "$out/$kernel/$call-$tasks")" = "$tasks" ] ||
				die "$kernel: not all of $tasks were blocked in ${call}_module"
		done
		# shellcheck disable=SC2046 # four words
		printf '%-14s %12d  %8s%% %8s  %8s%% %8s\n' ${call}_module $((tasks - 1)) \
			$(cost v6.1-stock $call "$tasks") $(cost v6.1 $call "$tasks")
	done
done
