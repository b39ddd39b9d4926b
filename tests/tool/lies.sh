# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Recordings of every kind that is read, each with one number changed in many ways. Source it after
# lib.sh.

# lies ROUNDS ROUNDS_DAT GLOB: so many of each of 9 perf.data, and of those trace.dat of tests/data, each
# output of which takes a process more; and what became of them
lies()
{
	"$genperf" storm.data <"$top/tests/golden/storm.events"
	"$genperf" --like-perf like-perf.data <"$top/tests/golden/storm.events"
	"$genperf" --stock stock.data <"$top/tests/golden/stock.events"
	"$genperf" --pack packed.data <"$top/tests/golden/autoload.events"
	told=0
	# shellcheck disable=SC2086 # a glob
	for file in storm.data like-perf.data stock.data packed.data "$top"/tests/data/perf-6.1-*.data \
			"$top"/tests/data/perf-7.2-*.data "$top"/tests/data/$3; do
		case $file in
		*.dat) nr=$2 ;;
		*) nr=$1 ;;
		esac
		timeout 7200 nice "$tests_build/liar" "$file" "$nr" "${SEED:-1}" >out 2>&1
		is "$(basename "$file"): no output of $nr lies breaks a rule" $? 0
		diag "$(basename "$file"): $(tail -n 30 out)"
		told=$((told + nr))
	done
}
