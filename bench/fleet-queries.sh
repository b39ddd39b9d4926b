#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How long DuckDB takes for the queries of contrib/fleet over many boots, and its memory, which is
# limited to MEMORY; and whether its answers are those of a computation without it
# (tests/fleet/answers.py). The boots are made by tests/fleet/genboots.py: none ever happened, each is
# another, with some 600 attempts.
#
#	bench/fleet-queries.sh [BOOTS [MEMORY]]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

boots=${1:-10000}
memory=${2:-4GB}
out=$build/bench/fleet
tests=$top/tests/fleet
export ENGINE_MODULES
ENGINE_MODULES=$("$top/lab/npm.sh" duckdb)

# What is made is large, and gone afterwards.
rm -rf "$out"
mkdir -p "$out/lines" "$out/parquet"
trap 'rm -rf "$out/lines" "$out/parquet" "$out/spill"' EXIT
/usr/bin/python3 "$tests/genboots.py" "$boots" "$out/lines"
bytes()
{
	du -cb "$@" | awk 'END { print $1 }'
}

cd "$out"
queries='checks.sql worst-modules.sql never-loads.sql outliers.sql update.sql'
# shellcheck disable=SC2046 # words
node "$tests/ask.mjs" duckdb "run=SET memory_limit = '$memory'" "run=SET temp_directory = '$out/spill'" \
	"attempts=$out/lines/attempts-*.jsonl" "boots=$out/lines/boots-*.jsonl" \
	before_kernel=6.1.0-40-amd64 after_kernel=6.1.0-41-amd64 \
	$(for query in load.sql $queries parquet.sql; do echo "$top/contrib/fleet/duckdb/$query"; done) >answers
# shellcheck disable=SC2046
node "$tests/ask.mjs" duckdb "run=SET memory_limit = '$memory'" \
	"run=CREATE VIEW attempts AS FROM '$out/parquet/attempts.parquet'" \
	"run=CREATE VIEW boots AS FROM '$out/parquet/boots.parquet'" \
	before_kernel=6.1.0-40-amd64 after_kernel=6.1.0-41-amd64 \
	$(for query in $queries; do
		[ "$query" = checks.sql ] || echo "$top/contrib/fleet/duckdb/$query"
	done) >parquet.answers

attempts=$(cat lines/attempts-*.jsonl | wc -l)
echo "$boots boots, $attempts lines of attempts: $(bytes lines/attempts-*) bytes, of boots $(bytes lines/boots-*)," \
	"Parquet $(bytes parquet/attempts.parquet) and $(bytes parquet/boots.parquet)"
echo
echo '| query | seconds | over Parquet | memory so far, MiB |'
echo '| --- | --- | --- | --- |'
jq -r --slurpfile parquet parquet.answers '. as $a | [$parquet[] | select(.file == $a.file)][0] as $p |
	"| `\(.file)` | \(.seconds * 100 | round / 100) | \(if $p then $p.seconds * 100 | round / 100 else "" end) | \(.peak_bytes / 1048576 | round) |"' \
	answers
echo
begin=$(date +%s)
status=0
/usr/bin/python3 "$tests/answers.py" lines <answers || status=1
echo "computed without a data base in $(($(date +%s) - begin)) s"
exit $status
