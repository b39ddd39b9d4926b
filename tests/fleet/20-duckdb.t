#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The queries of contrib/fleet/duckdb, by DuckDB itself: over a hundred boots that genboots.py makes, what
# a computation without a data base says; over recordings, what the reports say.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/fleet/lib.sh"

build_tests
need_engine duckdb
cd "$tmp" || exit 1

as_computed
cat generated/boots-*.jsonl | grep -v 'generated-to$' >whole
ok 'the lines are of the schema' "$python" "$top/tests/tool/schema.py" "$top/docs/schema/summary.json" whole
grep -h outcome generated/attempts-00000.jsonl | grep -v '"torn"' | sed -n '1,2000p' | grep '}$' >whole
ok 'those of attempts, too' "$python" "$top/tests/tool/schema.py" "$top/docs/schema/attempt.json" whole
is 'they say what they are' "$(grep -h generator generated/boots-*.jsonl |
	grep -vc '"generator": "genboots.py, a test.s"')" 0
is 'boots are counted once' "$(echo 'SELECT count(*) AS n FROM boots' >n.sql
	ask "$tmp/generated" "$tmp/n.sql" | field n.sql '.rows[0].n')" '"100"'

# Parquet has the same.
mkdir parquet
node "$top/tests/fleet/ask.mjs" duckdb 'attempts=generated/attempts-*.jsonl' \
	'boots=generated/boots-*.jsonl' "$fleet/duckdb/load.sql" "$fleet/duckdb/parquet.sql" >out 2>err
is 'Parquet is written' "$? $(cat err)" '0 '
# shellcheck disable=SC2086 # words
(cd "$fleet/duckdb" && node "$top/tests/fleet/ask.mjs" duckdb \
	"run=CREATE TABLE attempts AS FROM '$tmp/parquet/attempts.parquet'" \
	"run=CREATE TABLE boots AS FROM '$tmp/parquet/boots.parquet'" $kernels \
	worst-modules.sql never-loads.sql outliers.sql update.sql) >parquet.answers
grep '"checks.sql"' answers >>parquet.answers
is 'and has the same answers' "$("$python" "$top/tests/fleet/answers.py" generated <parquet.answers |
	grep -vc ': equal$')" 0

as_reported_boots
done_testing
