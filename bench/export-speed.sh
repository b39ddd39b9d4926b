#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How long report --format=perfetto and --format=chrome take for 10 million events, side by side with
# perf script on the same file, in turns; and their anonymous memory (RssAnon, sampled while they run).
# The events come from tests/tool/genperf, which says so in the file's header, and are those of
# bench/report-speed.sh: storms of 62 tasks for one module each. Output goes to /dev/null.
#
#	bench/export-speed.sh [MILLIONS [RUNS]]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

millions=${1:-10}
runs=${2:-3}
out=$build/bench/export-speed
mkdir -p "$out"

"$top/lab/setup.sh"
# Built as for use: no sanitizers.
make -s -C "$top/tools/modtrace" O="$out/modtrace" all "$out/modtrace/libmodtrace.a"
modtrace=$out/modtrace/modtrace
# shellcheck disable=SC2046 # flags are words
cc -O2 -std=gnu11 -D_GNU_SOURCE -Wl,--wrap=pwrite,--wrap=ftruncate -I"$top/tools/modtrace" -o "$out/genperf" \
	"$top/tests/tool/genperf.c" "$out/modtrace/libmodtrace.a" \
	$(pkg-config --libs libtraceevent libtracefs libtracecmd libzstd) -lm

say "generating $millions million events"
"$top/bench/storms.sh" >"$out/storms"
each=$(grep -vc round "$out/storms")
"$out/genperf" --repeat=$((millions * 1000000 / each + 1)) "$out/events.data" <"$out/storms"

# measure FILE COMMAND...: seconds of the user's and the system's CPU time, and of the clock
measure()
{
	figures=$1
	shift
	# shellcheck disable=SC2016 # bash expands them
	bash -c 'TIMEFORMAT="%U %S %R"; time "$@" >/dev/null 2>&1' - "$@" 2>>"$figures"
}

rm -f "$out/perfetto" "$out/chrome" "$out/perf"
run=0
while [ "$run" -lt "$runs" ]; do
	for format in perfetto chrome; do
		measure "$out/$format" "$modtrace" report -i "$out/events.data" --format=$format
	done
	measure "$out/perf" perf script -i "$out/events.data"
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
