#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The queries of contrib/fleet/clickhouse, by ClickHouse's own engine: over a hundred boots that genboots.py
# makes, what a computation without a data base says; over recordings, what the reports say. Slow, as the
# engine is 550 MB to fetch.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/fleet/lib.sh"

build_tests
need_engine clickhouse
cd "$tmp" || exit 1

as_computed
# What was sent twice is one once ClickHouse has merged it, too, and its number is still known.
cat >n.sql <<'EOT'
SYSTEM START MERGES;
OPTIMIZE TABLE attempts FINAL;
OPTIMIZE TABLE boots FINAL;
OPTIMIZE TABLE line_counts FINAL;
EOT
# shellcheck disable=SC2086 # words
ask "$tmp/generated" "$tmp/n.sql" $queries >merged 2>err
is 'merged tables: every query runs' "$? $(cat err)" '0 '
is 'and answers the same' "$("$python" "$top/tests/fleet/answers.py" generated <merged | grep -vc ': equal$')" 0

# A line as vector.yaml's sink sends it, and what that sink must not send twice.
"$modtrace" report -i "$top/tests/data/boot-stock.data" --format=jsonl --summary >line
jq -Rc '{line: .}' line >sent
echo 'SELECT host, boot_id, settled, wasted_s FROM boots FINAL' >boots.sql
(cd "$fleet/clickhouse" && node "$top/tests/fleet/ask.mjs" clickhouse load.sql "insert=JSONEachRow:$tmp/sent" \
	"insert=JSONEachRow:$tmp/sent" "$tmp/boots.sql") >answers 2>err
is 'a line that vector sent, twice' "$(field boots.sql .rows <answers)$(cat err)" \
	"$(jq -c '[{host, boot_id, settled, wasted_s: ((.totals.dup_time_ns + .totals.fail_time_ns) / 1e9)}]' line)"

# Less is not an answer.
echo '{"schema":1,"row":"boot","boot":true,"filtered":false,"boot_id":"no id"}' >sent
(cd "$fleet/clickhouse" && node "$top/tests/fleet/ask.mjs" clickhouse load.sql "insert=LineAsString:$tmp/sent" \
	"$tmp/boots.sql" checks.sql) >answers 2>err
is 'a line without an id stops nothing, and is no boot' "$(field boots.sql .rows <answers)$(cat err)" '[]'
is 'it is said' "$(field checks.sql '[.rows[] | select(.what == "lines without a boot id").number]' <answers)" '[1]'

as_reported_boots
done_testing
