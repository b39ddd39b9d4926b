#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 1,000 storms on the debug kernel, in steps of 50. What is done is kept below build/slow/, so a run
# that is stopped goes on where it was; another kernel, other storms or another SEED= begin anew.
# STORMS= takes fewer.
set -u
. "$(dirname -- "$0")/../vm/debug.sh"

step=50
storms_wanted=${STORMS:-1000}
state=$top/build/slow/debug-storms
mkdir -p "$state"
exec 9>"$state/lock"
flock -n 9 || skip_all 'another run of these storms is under way'

compressed "$series-debug" || exit 1
seed=${SEED:-$(cat "$state/seed" 2>/dev/null || echo $$)}
# What the steps that are done are steps of.
of=$(cat "$built/inputs" "$here/guest/mayhem.c" "$here/guest/ordeal.c" "$here/debug.sh" \
	"$top"/lab/modules/* | sha256sum)
if [ "$(cat "$state/of" "$state/seed" 2>/dev/null)" != "$(printf '%s\n' "$of" "$seed")" ]; then
	rm -f "$state"/step-*
	echo "$of" >"$state/of"
	echo "$seed" >"$state/seed"
fi

number=0
while [ $((number * step)) -lt "$storms_wanted" ]; do
	number=$((number + 1))
	done=$state/step-$number
	if [ -e "$done" ]; then
		diag "step $number was done before: $(cat "$done")"
		report 0 "step $number: its $step storms went as they should"
		continue
	fi
	failed=$tests_failed
	mayhem "$series-debug" $step $((seed * 1000 + number)) 9>&-
	mayhem_ok
	leaks_ok
	# A step that failed is run again the next time.
	[ "$tests_failed" != "$failed" ] || { tr '\n' ' ' <"$out/mayhem.out"; echo; } >"$done"
	rm -rf "$out"
done
diag "all steps: $(cat "$state"/step-* | tr ' ' '\n' | awk -F= '
	NF == 2 { sum[$1] += $2 } END { for (k in sum) printf "%s=%d ", k, sum[k] }')"
done_testing
