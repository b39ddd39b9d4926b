#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What recording costs: the CPU time of modtrace record, of perf record with and without looking
# for build ids (-B), and of trace-cmd record, each for the same 102,000 events in a guest, in turns.
# The load's own time is in none of them. perf's cache of build ids is off (-N): it makes links to
# modules' files, which changes them, and the gate of live modules answers for unchanged ones only.
#
#	bench/record-cost.sh [ROUNDS]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

rounds=${1:-10}
out=$build/bench/record-cost
extra=$out/extra
rm -rf "$out"
mkdir -p "$extra/bin" "$extra/lib"
cc -O2 -Wall -Wextra -static -o "$extra/bin/call_finit" "$top/bench/call_finit.c"
cc -O2 -Wall -Wextra -static -o "$extra/bin/cpu_of" "$top/bench/cpu_of.c"
for tool in perf trace-cmd; do
	binary=$(readlink -f "$(command -v $tool)")
	cp "$binary" "$extra/bin/$tool"
	ldd "$binary" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | xargs -I{} cp -n {} "$extra/lib/"
done

run='export PATH=/extra/bin:$PATH
xfs=$(modinfo -n xfs)
modprobe xfs
calls=34000
events=load_begin,load_merged,load_exclusive_busy,load_end,autoload_dup,request,load,free
perf_events=$(echo module:module_$events | sed "s/,/,module:module_/g")
trace_events=$(echo $perf_events | sed "s/,/ -e /g")
# one NAME COMMAND...: a recorder, given its time to begin and to end
one()
{
	name=$1
	shift
	setsid cpu_of /out/$name.cpu env LD_LIBRARY_PATH=/extra/lib "$@" >/out/$name.log 2>&1 &
	recorder=$!
	sleep 8
	call_finit $xfs $calls
	sleep 1
	kill -INT -$recorder
	wait $recorder
}
for round in $(seq '"$rounds"'); do
	rm -f /tmp/*.data* /tmp/*.dat*
	one modtrace modtrace record -o /tmp/modtrace.data
	one perf perf record -q -N -a -k CLOCK_MONOTONIC -m 512K -e $perf_events -o /tmp/perf.data
	one perf-no-ids perf record -q -B -N -a -k CLOCK_MONOTONIC -m 512K -e $perf_events \
		-o /tmp/perf-no-ids.data
	one trace-cmd trace-cmd record -q -e $trace_events -o /tmp/trace-cmd.dat
done
cp /tmp/*.data /tmp/*.dat /out/'

say "$rounds rounds in a guest"
"$top/lab/vm.sh" KERNEL=v6.1 CPUS=2 MEM=2G OUT="$out/guest" EXTRA="$extra" \
	TIMEOUT=$((120 + rounds * 90)) RUN="$run" >/dev/null

make -s -C "$top/tools/modtrace" O="$build/modtrace" all
printf '%-28s %10s %22s %10s %8s\n' 'CPU of the recorder' median 'least-most' events lost
for recorder in modtrace perf perf-no-ids trace-cmd; do
	file=$out/guest/$recorder.dat
	[ -e "$file" ] || file=$file"a"
	counts=$("$build/modtrace/modtrace" report -i "$file" --format=json |
		jq -r '.recording | "\(.events) \(.lost)"')
	sort -n "$out/guest/$recorder.cpu" | awk -v name="$recorder" -v counts="$counts" '
		{ v[NR] = $1 }
		END { split(counts, c, " ")
			printf "%-28s %7.1f ms %12.1f-%.1f ms %10d %8s\n", name, v[int((NR + 1) / 2)],
				v[1], v[NR], c[1], c[2] }'
done
