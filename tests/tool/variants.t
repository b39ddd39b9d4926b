#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Recordings of unpatched kernels, mixed by chance (tests/tool/variants.py): each value of a report is what was
# generated, for each kernel, architecture and order. SEEDS='1 2 3' takes others.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq python3
cd "$tmp" || exit 1

counts='"attempts", "loaded", "merged", "exists", "busy", "interrupted", "failed", "in_flight"'
sums='"wasted_bytes", "failed_bytes", "dup_time_ns", "fail_time_ns", "rejected"'
# What is 0 in a module's row isn't in what is wanted.
got="[$counts] as \$counts | [$sums] as \$sums | .modules as \$modules | .totals | . as \$all |
	([\$counts[], \$sums[]] | map({ key: ., value: \$all[.] }) | from_entries) +
	{ errno, wait_ns: (.wait_ns.sum // 0), modules: (\$modules | map(. as \$row | { key: .name,
	value: (\$counts | map(select(\$row[.] > 0) | { key: ., value: \$row[.] }) | from_entries) }) | from_entries) }"

for seed in ${SEEDS:-$(seq 24)}; do
	python3 "$top/tests/tool/variants.py" "$seed" boot
	# shellcheck disable=SC2046,SC2094 # the options are words; nothing is written there
	"$genperf" $(sed -n '1s/^# genperf://p' boot.events) boot.data <boot.events
	"$modtrace" report -i boot.data --format=json >boot.json 2>err
	is "$seed: $(sed -n '1s/^# genperf: --stock//p' boot.events): status" "$? $(cat err)" '0 '
	is "$seed: as generated" "$(jq -S -c "$got" boot.json)" "$(jq -S -c . boot.want)"
done
done_testing
