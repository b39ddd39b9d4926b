#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How long report takes for 10 million events, side by side with perf script on the same file and
# with trace-cmd report on the same events, converted by bench/perf_to_trace.c; and its anonymous
# memory (RssAnon, sampled while it runs). The events come from tests/tool/genperf, which says so in
# the file's header: storms of 62 tasks on 8 CPUs for one module each.
#
#	bench/report-speed.sh [MILLIONS [RUNS]]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

millions=${1:-10}
runs=${2:-3}
out=$build/bench/report-speed
mkdir -p "$out"

"$top/lab/setup.sh"
# Built as for use: no sanitizers.
make -s -C "$top/tools/modtrace" O="$out/modtrace" all "$out/modtrace/libmodtrace.a"
modtrace=$out/modtrace/modtrace
# shellcheck disable=SC2046 # flags are words
cc -O2 -std=gnu11 -D_GNU_SOURCE -Wl,--wrap=pwrite,--wrap=ftruncate -I"$top/tools/modtrace" -o "$out/genperf" \
	"$top/tests/tool/genperf.c" "$out/modtrace/libmodtrace.a" \
	$(pkg-config --libs libtraceevent libtracefs 2>/dev/null) \
	$(pkg-config --silence-errors --libs libtracecmd libzstd) -lm

# shellcheck disable=SC2046
cc -O2 -std=gnu11 -D_GNU_SOURCE -I"$top/tools/modtrace" -o "$out/perf_to_trace" \
	"$top/bench/perf_to_trace.c" "$out/modtrace/libmodtrace.a" \
	$(pkg-config --libs libtraceevent libtracefs libtracecmd libzstd) -lm

say "generating $millions million events"
"$top/bench/storms.sh" >"$out/storms"
each=$(grep -vc round "$out/storms")
"$out/genperf" --repeat=$((millions * 1000000 / each + 1)) "$out/events.data" <"$out/storms"

"$out/perf_to_trace" "$out/events.data" "$out/events.dat"

# measure FILE COMMAND...: seconds of the user's and the system's CPU time, and of the clock
measure()
{
	figures=$1
	shift
	# shellcheck disable=SC2016 # bash expands them
	bash -c 'TIMEFORMAT="%U %S %R"; out=$1; shift; time "$@" >"$out" 2>/dev/null' \
		- "$out/output" "$@" 2>>"$figures"
}

rm -f "$out/ours" "$out/perfs" "$out/tracecmds"
run=0
while [ "$run" -lt "$runs" ]; do
	measure "$out/ours" "$modtrace" report -i "$out/events.data"
	[ "$run" -gt 0 ] || cp "$out/output" "$out/report"
	measure "$out/perfs" perf script -i "$out/events.data"
	measure "$out/tracecmds" trace-cmd report -i "$out/events.dat"
	run=$((run + 1))
done

# Once more for the memory, which is looked at while it runs.
"$modtrace" report -i "$out/events.data" >/dev/null &
pid=$!
anon=0
while now=$(awk '/^RssAnon/ { print $2 }' /proc/$pid/status 2>/dev/null) && [ -n "$now" ]; do
	[ "$now" -le "$anon" ] || anon=$now
done
wait $pid

median()
{
	sort -n "$1" | awk '{ cpu[NR] = $1 + $2; clock[NR] = $3 }
		END { printf "%.2f %.2f\n", cpu[int((NR + 1) / 2)], clock[int((NR + 1) / 2)] }'
}

events=$("$modtrace" report -i "$out/events.data" --format=json | jq .recording.events)
ours=$(median "$out/ours")
perfs=$(median "$out/perfs")
tracecmds=$(median "$out/tracecmds")
echo "$events events, $(du -m "$out/events.data" | cut -f1) MB, median of $runs: seconds of CPU, of the clock"
echo "modtrace report  $ours"
echo "perf script      $perfs"
echo "trace-cmd report $tracecmds"
echo "$ours $perfs $tracecmds" | awk '{
	printf "ratios           perf script %.1f %.1f, trace-cmd report %.1f %.1f\n",
		$3 / $1, $4 / $2, $5 / $1, $6 / $2 }'
echo "RssAnon of modtrace report at most $anon kB"
rm -f "$out/events.data" "$out/events.dat" "$out/output"
