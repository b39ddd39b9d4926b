#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# contrib/fleet: the rules pass their tests, and name only metrics that the tool writes.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/fleet/lib.sh"

build_tests
command -v jq >/dev/null || skip_all "jq is not installed"
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
done_testing
