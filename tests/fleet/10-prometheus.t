#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Debian's prometheus scrapes Debian's node exporters, on the loopback interface and with their data in
# this test's place; these read what metrics.sh wrote of recordings. Queries return what the reports say,
# and alerts fire and resolve. The rules' times are shortened: five minutes are none, a week is 20 s.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/fleet/lib.sh"
. "$top/tests/fleet/prometheus.sh"

build_tests
need_prometheus
cd "$tmp" || exit 1
mkdir bin
ln -s "$modtrace" bin/modtrace
sed "s,@bindir@,$tmp/bin,g" "$fleet/../boot/metrics.sh" >metrics.sh
# boot HOST RECORDING [KERNEL]: that host has booted, and its metrics are written. With KERNEL, the line
# of the release is another's.
boot()
{
	mkdir -p "$1/state" "$1/textfiles"
	cp "$2" "$1/state/boot.data"
	MODTRACE_RUN=$tmp/none MODTRACE_STATE=$tmp/$1/state sh metrics.sh "$1/textfiles"
	[ -z "${3-}" ] || sed -i "s/kernel=\"[^\"]*\"/kernel=\"$3\"/" "$1/textfiles/modtrace_boot.prom"
}

# shellcheck disable=SC2046,SC2094 # the options are words; nothing is written there
"$genperf" $(sed -n '1s/^# genperf://p' "$top/tests/golden/healthy.events") healthy.data \
	<"$top/tests/golden/healthy.events"
for host in a b; do
	boot $host "$top/tests/data/boot-stock.data"
done
boot c "$top/tests/data/boot-patched.data"
boot d healthy.data
start_prometheus a b c d

ok 'four hosts are scraped' until_true has_hosts 4 || diag "$(tail -n 5 prometheus.log ./*/log)"
is 'node_exporter reads all of it' "$(query 'sum(node_textfile_scrape_error)')" ' 0'
for pair in a:boot-stock c:boot-patched; do
	host=${pair%:*}
	"$modtrace" report -i "$top/tests/data/${pair#*:}.data" --format=json >"$host.json"
	as_reported "$host" "$host.json"
done
is 'at most 30 series a host' "$(query 'max(count by (instance) ({__name__=~"modtrace_boot.*"})) <= bool 30')" ' 1'
jq -r '.panels[].targets[].expr' "$fleet/grafana/modtrace.json" | sed "s/\\\$kernel/.*/g" >panels
while read -r expr; do
	is "dashboard: $expr" "$(curl -sG --data-urlencode "query=$expr" "http://$server/api/v1/query" |
		jq -r .status)" success
done <panels

ok 'ModtraceBootWorkerSeconds fires' until_true fires 'ModtraceBootWorkerSeconds a'
ok 'ModtraceBootWaste fires' until_true fires 'ModtraceBootWaste b'
ok 'ModtraceModuleNeverLoads fires' until_true fires 'ModtraceModuleNeverLoads acpi_cpufreq'
ok 'a healthy host has no alert' sh -c '! grep -q "d\$"' <<EOT
$(alerts | grep -v Never)
EOT
is 'merged duplicates waste no memory' "$(alerts | grep 'ModtraceBootWaste c')" ''

# Hosts are updated, and boot: one is well then, which makes a module fail on fewer hosts than three.
boot a healthy.data
ok 'ModtraceBootWorkerSeconds resolves' until_true fires_not 'ModtraceBootWorkerSeconds a'
ok 'ModtraceBootWaste resolves' until_true fires_not 'ModtraceBootWaste a'
ok 'ModtraceModuleNeverLoads resolves' until_true fires_not 'ModtraceModuleNeverLoads acpi_cpufreq'
ok 'the other host still has its alert' fires 'ModtraceBootWaste b'

# Three hosts change to a release on which boots are worse: with the stock kernel duplicates aren't merged.
for host in a b c; do
	boot $host "$top/tests/data/boot-patched.data" older
done
sleep 25
ok 'no release is worse yet' fires_not 'ModtraceKernelGotWorse older'
for host in a b c; do
	boot $host "$top/tests/data/boot-stock.data" newer
done
ok 'ModtraceKernelGotWorse fires' until_true fires 'ModtraceKernelGotWorse newer'
ok 'and resolves when all are compared with themselves' until_true fires_not 'ModtraceKernelGotWorse newer'
done_testing
