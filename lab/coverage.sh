#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# coverage.sh [TEST...]: which lines of the tool the fast tests reach. Runs them in a copy of what is in
# git, under build/coverage/, and prints a line per wing and one for all.
set -eu
. "$(dirname -- "$0")/common.sh"

tree=$build/coverage/tree
rm -rf "$build/coverage"
mkdir -p "$tree"
(cd "$top" && git ls-files -z | tar -c --null -T - --ignore-failed-read) | tar -x -C "$tree"
cd "$tree"
[ $# -gt 0 ] || set -- tests/unit/*.t tests/golden/*.t tests/tool/*.t tests/tui/*.t
COVERAGE=1 PERL5LIB=$tree/tests/lib prove --harness Summary "$@" >"$build/coverage/tests.log" 2>&1 ||
	say "some tests failed: see $build/coverage/tests.log"
cd tools/modtrace
find . -name '*.c' | sed 's/^\.\///' | sort | while read -r source; do
	gcov -n -o "$tree/build/modtrace-san/${source%.c}.gcda" "$source" 2>/dev/null |
		awk -v want="$source" '
			/^File / { split($0, part, "\047"); is = part[2] == want }
			is && /^Lines executed:/ { split($0, n, /[:% ]+/); print want, n[3], n[5] }'
done | awk '
	{
		wing = $1 ~ "/" ? substr($1, 1, index($1, "/") - 1) "/" : "commands"
		lines[wing] += $3; hit[wing] += $2 * $3 / 100; all += $3; all_hit += $2 * $3 / 100
	}
	END {
		for (wing in lines)
			printf "%-10s %5.1f%% of %5d lines\n", wing, 100 * hit[wing] / lines[wing], lines[wing] | "sort"
		close("sort")
		if (all) printf "%-10s %5.1f%% of %5d lines\n", "all", 100 * all_hit / all, all
	}'
