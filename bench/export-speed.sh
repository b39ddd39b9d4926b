#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How long report --format=perfetto and --format=chrome take for 10 million events, side by side with
# perf script on the same file, in turns; and their anonymous memory (RssAnon, sampled while they run).
# The events are those of bench/events.sh. Output goes to /dev/null.
#
#	bench/export-speed.sh [MILLIONS [RUNS]]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

. "$(dirname -- "$0")/events.sh"

rm -f "$out/perfetto" "$out/chrome" "$out/perf"
run=0
while [ "$run" -lt "$runs" ]; do
	for format in perfetto chrome; do
		measure "$out/$format" /dev/null "$modtrace" report -i "$out/events.data" --format=$format
	done
	measure "$out/perf" /dev/null perf script -i "$out/events.data"
	run=$((run + 1))
done

median()
{
	sort -n "$1" | awk '{ cpu[NR] = $1 + $2 } END { printf "%.2f\n", cpu[int((NR + 1) / 2)] }'
}

perf=$(median "$out/perf")
echo "$millions million events, median of $runs, seconds of CPU"
echo "perf script $perf"
for format in perfetto chrome; do
	# Once more for the memory and the size.
	"$modtrace" report -i "$out/events.data" --format=$format 2>/dev/null | wc -c >"$out/bytes" &
	anon=0
	sleep 0.1
	pid=$(pgrep -n -f "^$modtrace report -i $out/events.data --format=$format" || :)
	while now=$(awk '/^RssAnon/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		[ "$now" -le "$anon" ] || anon=$now
	done
	wait
	echo "$format $(median "$out/$format") $perf $(cat "$out/bytes") $anon" |
		awk '{ printf "%s %.2f, ratio %.1f; %d MB; RssAnon at most %d kB\n", $1, $2, $3 / $2, $4 / 1e6, $5 }'
done
rm -f "$out/events.data"
rm -f "$out/events.data"
