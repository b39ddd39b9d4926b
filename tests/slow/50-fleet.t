#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The queries of contrib/fleet/duckdb over 10,000 generated boots, 6 million attempts: what a computation
# without a data base says, in at most 4 GB for the data base. bench/fleet-queries.sh measures it.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/fleet/lib.sh"

need_engine duckdb
"$top/bench/fleet-queries.sh" "${BOOTS:-10000}" 4GB >"$tmp/log" 2>&1
is 'the queries run, and answer right' $? 0
diag "$(cat "$tmp/log")"
for query in checks worst-modules never-loads outliers update; do
	is "$query: equal" "$(grep "^$query.sql:" "$tmp/log")" "$query.sql: equal"
done
done_testing
