#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What report and its exports and picture (--format=perfetto, chrome, svg) take for 10 million events, side by
# side with perf script on the same file, in turns: CPU time, and the most memory of any run (ru_maxrss, with the
# pages of mapped files). The events are those of bench/events.sh. Output goes to /dev/null.
#
#	bench/export-speed.sh [MILLIONS [RUNS]]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

. "$(dirname -- "$0")/events.sh"

formats='text perfetto chrome svg'
for what in perf $formats; do
	rm -f "$out/$what"
done
run=0
while [ "$run" -lt "$runs" ]; do
	for format in $formats; do
		measure "$out/$format" /dev/null "$modtrace" report -i "$out/events.data" --format=$format
	done
	measure "$out/perf" /dev/null perf script -i "$out/events.data"
	run=$((run + 1))
done

# seconds FIGURES: of CPU, the median
seconds()
{
	awk '{ print $1 + $2 }' "$1" | sort -n |
		awk '{ cpu[NR] = $1 } END { printf "%.2f\n", cpu[int((NR + 1) / 2)] }'
}

# megabytes FIGURES: the most
megabytes()
{
	awk '$4 > most { most = $4 } END { printf "%.1f\n", most / 1000 }' "$1"
}

echo "$millions million events, $(du -m "$out/events.data" | cut -f1) MB, seconds of CPU (median of $runs), MB of memory"
echo "perf script $(seconds "$out/perf") s, $(megabytes "$out/perf") MB"
for format in $formats; do
	bytes=$("$modtrace" report -i "$out/events.data" --format=$format 2>/dev/null | wc -c)
	echo "$format $(seconds "$out/$format") $(seconds "$out/perf") $(megabytes "$out/$format") $bytes" |
		awk '{ printf "%s %.2f s, ratio %.1f, %.1f MB; writes %.1f MB\n", $1, $2, $3 / $2, $4, $5 / 1e6 }'
done
rm -f "$out/events.data"
