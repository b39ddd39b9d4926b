#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The queries of contrib/fleet/duckdb, by DuckDB itself: over a hundred boots that genboots.py makes, what
# a computation without a data base says; over recordings, what the reports say.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/fleet/lib.sh"

build_tests
command -v jq >/dev/null || skip_all "jq is not installed"
need_duckdb
cd "$tmp" || exit 1
queries='checks.sql worst-modules.sql never-loads.sql outliers.sql update.sql'

mkdir generated parquet
ok 'boots are generated' "$python" "$top/tests/fleet/genboots.py" 100 generated
cat generated/boots-*.jsonl | grep -v 'generated-to$' >whole
ok 'as lines of the schema' "$python" "$top/tests/tool/schema.py" "$top/docs/schema/summary.json" whole
grep -h outcome generated/attempts-00000.jsonl | grep -v '"torn"' | sed -n '1,2000p' | grep '}$' >whole
ok 'those of attempts, too' "$python" "$top/tests/tool/schema.py" "$top/docs/schema/attempt.json" whole
is 'they say what they are' "$(grep -h generator generated/boots-*.jsonl |
	grep -vc '"generator": "genboots.py, a test.s"')" 0

# shellcheck disable=SC2086 # words
ask "$tmp/generated" load.sql $queries >answers 2>err
is 'every query runs' "$? $(cat err)" '0 '
"$python" "$top/tests/fleet/answers.py" generated <answers >compared
for query in $queries; do
	is "$query: as computed without a data base" "$(grep "^$query:" compared)" "$query: equal"
done
for what in 'torn lines of attempts' 'torn lines of boots' 'attempts sent again' 'boots sent again' \
		'boots that did not settle' 'boots with a clock before 2020 or after now' \
		'hosts of more than one machine id'; do
	ok "there are: $what" test "$(field checks.sql ".rows[] | select(.what == \"$what\") | .number | tonumber" \
		<answers)" -gt 0
done
is 'boots are counted once' "$(echo 'SELECT count(*) AS n FROM boots' >n.sql
	ask "$tmp/generated" load.sql "$tmp/n.sql" | field n.sql '.rows[0].n')" '"100"'

# The comparison finds what is wrong.
sed 's/"wasted_s":1/"wasted_s":2/' answers >wrong
ok 'a wrong answer is found' sh -c "! '$python' '$top/tests/fleet/answers.py' generated <wrong >/dev/null"
sed '/^{"file":"update.sql"/d' answers >wrong
ok 'a missing answer, too' sh -c "! '$python' '$top/tests/fleet/answers.py' generated <wrong >/dev/null"

# Parquet has the same.
(cd "$tmp" && node "$top/tests/fleet/duckdb.mjs" 'attempts=generated/attempts-*.jsonl' \
	'boots=generated/boots-*.jsonl' "$fleet/duckdb/load.sql" "$fleet/duckdb/parquet.sql") >out 2>err
is 'Parquet is written' "$? $(cat err)" '0 '
# shellcheck disable=SC2086 # words
(cd "$fleet/duckdb" && node "$top/tests/fleet/duckdb.mjs" \
	"run=CREATE TABLE attempts AS FROM '$tmp/parquet/attempts.parquet'" \
	"run=CREATE TABLE boots AS FROM '$tmp/parquet/boots.parquet'" before_kernel=6.1.0-40-amd64 \
	after_kernel=6.1.0-41-amd64 worst-modules.sql never-loads.sql outliers.sql update.sql) >parquet.answers
grep '"checks.sql"' answers >>parquet.answers
is 'and has the same answers' "$("$python" "$top/tests/fleet/answers.py" generated <parquet.answers |
	grep -vc ': equal$')" 0

# Recordings of real boots.
mkdir real
for name in boot-patched boot-stock; do
	input=$top/tests/data/$name.data
	"$modtrace" report -i "$input" --format=jsonl >"real/attempts-$name.jsonl"
	"$modtrace" report -i "$input" --format=jsonl --summary >"real/boots-$name.jsonl"
	"$modtrace" report -i "$input" --format=json >"$name.json"
done
ask "$tmp/real" load.sql worst-modules.sql never-loads.sql checks.sql >answers 2>err
is 'recordings: the queries run' "$? $(cat err)" '0 '
is 'recordings: modules as in the reports' \
	"$(field worst-modules.sql '[.rows[] | {name: .module, attempts: (.attempts | tonumber), loaded: (.loaded | tonumber),
		ns: (.wasted_s * 1e9 | round)}] | sort_by(.name)' <answers)" \
	"$(jq -s -c '[.[].modules[] | {name, attempts, loaded, ns: (.dup_time_ns + .fail_time_ns)}] |
		group_by(.name) | [.[] | {name: .[0].name, attempts: ([.[].attempts] | add),
			loaded: ([.[].loaded] | add), ns: ([.[].ns] | add)}]' boot-patched.json boot-stock.json |
		jq -c 'sort_by(-.ns)[:20] | sort_by(.name)')"
is 'recordings: what never loads' "$(field never-loads.sql '[.rows[].module] | sort' <answers)" \
	"$(cat real/boots-*.jsonl | jq -c .never_load[] | sort -u | jq -sc 'sort')"
done_testing
