#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Debian's prometheus scrapes Debian's node exporters, on the loopback interface and with their data in
# this test's place; these read what metrics.sh wrote of recordings. Queries return what the reports say,
# and alerts fire and resolve. The rules' times are shortened: five minutes are none, a week is 20 s.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/fleet/lib.sh"

build_tests
for tool in jq curl prometheus prometheus-node-exporter; do
	command -v $tool >/dev/null || skip_all "$tool is not installed"
done
cd "$tmp" || exit 1
hosts='a b c d'
pids=
stop()
{
	# shellcheck disable=SC2086 # words
	[ -z "$pids" ] || kill $pids 2>/dev/null
	wait
	rm -rf "$tmp"
}
trap stop EXIT

# A port of the loopback interface that is free now
port()
{
	"$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

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
{
	echo 'rule_files: [rules.yml]'
	echo 'global: { scrape_interval: 1s, evaluation_interval: 1s }'
	echo 'scrape_configs:'
	echo '  - job_name: node'
	echo '    static_configs:'
	for host in $hosts; do
		port=$(port)
		mkdir -p "$host/textfiles"
		prometheus-node-exporter --web.listen-address="127.0.0.1:$port" --collector.disable-defaults \
			--collector.textfile --collector.textfile.directory="$tmp/$host/textfiles" \
			>"$host/log" 2>&1 3>&- &
		pids="$pids $!"
		printf "      - { targets: ['127.0.0.1:%s'], labels: { instance: %s } }\n" "$port" "$host"
	done
} >prometheus.yml
sed 's/for: [0-9]*m/for: 0s/; s/offset 7d/offset 20s/g' "$fleet/prometheus/modtrace.rules.yml" >rules.yml
for host in a b; do
	boot $host "$top/tests/data/boot-stock.data"
done
boot c "$top/tests/data/boot-patched.data"
boot d healthy.data
server=127.0.0.1:$(port)
prometheus --config.file=prometheus.yml --storage.tsdb.path="$tmp/tsdb" --web.listen-address="$server" \
	>prometheus.log 2>&1 3>&- &
pids="$pids $!"

# query EXPR: the result, of a vector each value as "LABELS VALUE"
query()
{
	curl -sG --data-urlencode "query=$1" "http://$server/api/v1/query" | jq -cr '.data.result[] |
		"\(.metric | del(.__name__, .job) | to_entries | map(.value) | join(" ")) \(.value[1])"' 2>/dev/null |
		sort
}
# alerts: those that fire, with what they are about
alerts()
{
	curl -s "http://$server/api/v1/alerts" | jq -r '.data.alerts[] | select(.state == "firing") |
		"\(.labels.alertname) \(.labels.instance // .labels.module // .labels.kernel)"' | sort
}
# until COMMAND...: waits for its success, 90 s at most
until_true()
{
	tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 180 ] || return 1
		sleep 0.5
	done
}
has_hosts()
{
	[ "$(query 'count(modtrace_boot_info)')" = " 4" ]
}
fires()
{
	alerts | grep -qx "$1"
}
fires_not()
{
	! alerts >now || ! grep -qx "$1" now
}

ok 'four hosts are scraped' until_true has_hosts || diag "$(tail -n 5 prometheus.log ./*/log)"
is 'node_exporter reads all of it' "$(query 'sum(node_textfile_scrape_error)')" ' 0'
for pair in a:boot-stock c:boot-patched; do
	host=${pair%:*}
	"$modtrace" report -i "$top/tests/data/${pair#*:}.data" --format=json >"$host.json"
	is "$host: attempts as in the report" "$(query "modtrace_boot_attempts{instance=\"$host\"}" | tr '\n' ' ')" \
		"$(jq -r --arg host "$host" '.totals | "\($host) duplicate \(.merged + .exists + .busy)",
			"\($host) failed \(.failed + .interrupted)", "\($host) loaded \(.loaded)",
			"\($host) open \(.in_flight + .unknown)"' "$host.json" | tr '\n' ' ')"
	is "$host: worker time as in the report" \
		"$(query "round(1e6 * sum(modtrace_boot_worker_seconds{instance=\"$host\"}))")" \
		" $(jq '.totals | (.dup_time_ns + .fail_time_ns + .load_time_ns) / 1000 | round' "$host.json")"
	is "$host: wasted bytes as in the report" \
		"$(query "modtrace_boot_wasted_bytes{instance=\"$host\",result=\"duplicate\"}")" \
		"$host duplicate $(jq .totals.wasted_bytes "$host.json")"
	is "$host: a module's time as in the report" \
		"$(query "round(1e6 * modtrace_boot_module_worker_seconds{instance=\"$host\",module=\"kvm\"})")" \
		"$host yes kvm $(jq '.modules[] | select(.name == "kvm") |
			(.dup_time_ns + .fail_time_ns + .load_time_ns) / 1000 | round' "$host.json")"
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
