#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How long report takes for 10 million events, side by side with perf script on the same file and
# with trace-cmd report on the same events, converted by bench/perf_to_trace.c; and its anonymous
# memory (RssAnon, sampled while it runs). The events are those of bench/events.sh.
#
#	bench/report-speed.sh [MILLIONS [RUNS]]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

. "$(dirname -- "$0")/events.sh"

# shellcheck disable=SC2046 # flags are words
cc -O2 -std=gnu11 -D_GNU_SOURCE -I"$top/tools/modtrace" -o "$out/perf_to_trace" \
	"$top/bench/perf_to_trace.c" "$out/modtrace/libmodtrace.a" \
	$(pkg-config --libs libtraceevent libtracefs libtracecmd libzstd) -lm

"$out/perf_to_trace" "$out/events.data" "$out/events.dat"

rm -f "$out/ours" "$out/perfs" "$out/tracecmds"
run=0
while [ "$run" -lt "$runs" ]; do
	measure "$out/ours" "$out/output" "$modtrace" report -i "$out/events.data"
	[ "$run" -gt 0 ] || cp "$out/output" "$out/report"
	measure "$out/perfs" "$out/output" perf script -i "$out/events.data"
	measure "$out/tracecmds" "$out/output" trace-cmd report -i "$out/events.dat"
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
