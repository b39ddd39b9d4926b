#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# contrib/fleet: the rules pass their tests, and name only metrics that the tool writes.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/fleet/lib.sh"

build_tests
needs jq
cd "$fleet" || exit 1
rules=prometheus/modtrace.rules.yml

if command -v promtool >/dev/null; then
	ok 'the rules are sound' promtool check rules $rules >/dev/null 2>&1
	(cd prometheus && promtool test rules modtrace.test.yml) >"$tmp/log" 2>&1
	is 'the rules pass their tests' "$(grep -v '^$' "$tmp/log")" 'Unit Testing:  modtrace.test.yml
  SUCCESS'
	# A rule that is broken is seen.
	mkdir "$tmp/broken"
	cp prometheus/* "$tmp/broken"
	sed -i 's/duplicate|failed/duplicate/' "$tmp/broken/modtrace.rules.yml"
	ok 'a rule that is broken fails them' sh -c \
		"cd '$tmp/broken' && ! promtool test rules modtrace.test.yml >/dev/null 2>&1"
else
	skip 'promtool is not installed'
fi
alerts=$(sed -n 's/.* alert: //p' $rules)
for alert in $alerts; do
	ok "$alert: has a test" grep -q "alertname: $alert\$" prometheus/modtrace.test.yml
done

# What the metrics are, and what the rules record.
{
	"$modtrace" report -i "$top/tests/data/boot-stock.data" --format=openmetrics
	echo '# TYPE modtrace_boot_settled gauge'
} | sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' >"$tmp/known"
sed -n 's/.*- record: //p' $rules >>"$tmp/known"
# named FILE: metrics of the tool or of the rules that it names
named()
{
	grep -oE '[a-z_]*:?modtrace_boot[a-z_]*(:[a-z0-9]+)?' "$1" | sort -u
}
for file in $rules grafana/modtrace.json; do
	is "$file: names only what there is" "$(named "$file" | grep -vxFf "$tmp/known")" ''
	ok "$file: names some" test "$(named "$file" | wc -l)" -gt 5
done
ok 'the dashboard is JSON' jq -e '.panels | length > 5' grafana/modtrace.json >/dev/null
is 'every panel has its place' "$(jq '[.panels[].id] | unique | length' grafana/modtrace.json)" \
	"$(jq '.panels | length' grafana/modtrace.json)"
is 'DuckDB and ClickHouse have the same questions' \
	"$(cd clickhouse && ls)" "$(cd duckdb && ls -I parquet.sql)"
for file in duckdb/*.sql systemd/* prometheus/* vector.yaml fluent-bit.conf; do
	ok "$file: is named in the README" sh -c \
		"grep -qF -e '$file' -e '$(basename "$file")' -e '$(dirname "$file")/*.sql' README.md"
done

# No test runs vector or fluent-bit: what they are told is what there is.
"$modtrace" report -i "$top/tests/data/boot-stock.data" --format=jsonl --summary >"$tmp/line"
identifier=$(sed -n 's/^SyslogIdentifier=//p' systemd/lines.conf)
ok 'vector.yaml takes what lines.conf writes' grep -qF "SYSLOG_IDENTIFIER: [$identifier]" vector.yaml
ok 'fluent-bit.conf, too' grep -q "^ *Systemd_Filter  *SYSLOG_IDENTIFIER=$identifier\$" fluent-bit.conf
start=$(sed -n 's/.*starts_with(string!(.message), "\(.*\)").*/\1/p' vector.yaml | tr -d '\\')
is 'vector.yaml lets a line of a boot pass' "$start" "$(head -c "${#start}" "$tmp/line")"
regex=$(sed -n 's/^ *Regex  *MESSAGE  *//p' fluent-bit.conf)
ok 'fluent-bit.conf, too' grep -qE -e "$regex" "$tmp/line"
ok 'but no message' sh -c "! echo 'modtrace-boot-metrics: no {\"schema\"' | grep -qE -e '$regex'"
ok 'vector.yaml writes to a table that there is' grep -qF \
	"CREATE TABLE IF NOT EXISTS $(sed -n 's/^ *table: //p' vector.yaml) (line String)" clickhouse/load.sql
if "$python" -c 'import yaml' 2>/dev/null; then
	ok 'vector.yaml is YAML, whose parts are joined' "$python" -c '
import sys, yaml
c = yaml.safe_load(sys.stdin)
known = [*c["sources"], *c["transforms"]]
sys.exit(not all(i in known for k in ("transforms", "sinks") for p in c[k].values() for i in p["inputs"]))' <vector.yaml
else
	skip 'python3-yaml is not installed'
fi

# bytes COMMAND: what docs/fleet.md says it gives, of the merged and of the stock boot, is right to a twentieth.
bytes()
{
	said=$(grep -F "boot.data $1 \\|" "$top/docs/fleet.md" | cut -d'|' -f5,6 | tr -d ', ' | tr '|' ' ')
	for name in boot-patched boot-stock; do
		# shellcheck disable=SC2086 # words
		is=$(cd "$tmp" && ln -sf "$top/tests/data/$name.data" boot.data && "$modtrace" report -i boot.data $1 | wc -c)
		ok "docs/fleet.md: bytes of $name by $1: $is, said ${said%% *}" \
			awk "BEGIN { exit !(${said%% *} > 0.95 * $is && ${said%% *} < 1.05 * $is) }"
		said=${said#* }
	done
}
bytes '--format=jsonl'
bytes '--format=jsonl --summary'
done_testing
