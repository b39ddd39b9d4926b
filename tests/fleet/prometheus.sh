# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Debian's prometheus and node exporters on the loopback interface, with their data in the test's place.
# Source it after tap.sh and lib.sh.

need_prometheus()
{
	needs jq curl prometheus prometheus-node-exporter
}

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

# start_prometheus HOST...: a node exporter for each, which reads HOST/textfiles, and a prometheus that
# scrapes them each second. The rules' times are shortened: five minutes are none, a week is 20 s.
start_prometheus()
{
	sed 's/for: [0-9]*m/for: 0s/; s/offset 7d/offset 20s/g' "$fleet/prometheus/modtrace.rules.yml" \
		>rules.yml
	{
		echo 'rule_files: [rules.yml]'
		echo 'global: { scrape_interval: 1s, evaluation_interval: 1s }'
		echo 'scrape_configs:'
		echo '  - job_name: node'
		echo '    static_configs:'
		for host; do
			port=$(port)
			mkdir -p "$host/textfiles"
			prometheus-node-exporter --web.listen-address="127.0.0.1:$port" \
				--collector.disable-defaults --collector.textfile \
				--collector.textfile.directory="$tmp/$host/textfiles" >"$host/log" 2>&1 3>&- &
			pids="$pids $!"
			printf "      - { targets: ['127.0.0.1:%s'], labels: { instance: %s } }\n" "$port" "$host"
		done
	} >prometheus.yml
	server=127.0.0.1:$(port)
	prometheus --config.file=prometheus.yml --storage.tsdb.path="$tmp/tsdb" \
		--web.listen-address="$server" >prometheus.log 2>&1 3>&- &
	pids="$pids $!"
}

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
# has_hosts NUMBER: so many are scraped
has_hosts()
{
	[ "$(query 'count(modtrace_boot_info)')" = " $1" ]
}

# fires ALERT: "NAME WHAT" does
fires()
{
	alerts | grep -qx "$1"
}
fires_not()
{
	! alerts >now || ! grep -qx "$1" now
}

# as_reported HOST REPORT: what prometheus has of a host is what the JSON of its report says
as_reported()
{
	is "$1: attempts as in the report" "$(query "modtrace_boot_attempts{instance=\"$1\"}" | tr '\n' ' ')" \
		"$(jq -r --arg host "$1" '.totals | "\($host) duplicate \(.merged + .exists + .busy)",
			"\($host) failed \(.failed + .interrupted)", "\($host) loaded \(.loaded)",
			"\($host) open \(.in_flight + .unknown)"' "$2" | tr '\n' ' ')"
	is "$1: worker time as in the report" \
		"$(query "round(1e6 * sum(modtrace_boot_worker_seconds{instance=\"$1\"}))")" \
		" $(jq '.totals | (.dup_time_ns + .fail_time_ns + .load_time_ns) / 1000 | round' "$2")"
	is "$1: wasted bytes as in the report" \
		"$(query "modtrace_boot_wasted_bytes{instance=\"$1\",result=\"duplicate\"}")" \
		"$(jq -r --arg host "$1" '.totals.wasted_bytes // empty | "\($host) duplicate \(.)"' "$2")"
	worst=$(jq -r '.modules | max_by(.dup_time_ns + .fail_time_ns + .load_time_ns).name' "$2")
	is "$1: its worst module's time as in the report" \
		"$(query "round(1e6 * modtrace_boot_module_worker_seconds{instance=\"$1\",module=\"$worst\"})" |
			sed 's/.* //')" \
		"$(jq --arg name "$worst" '.modules[] | select(.name == $name) |
			(.dup_time_ns + .fail_time_ns + .load_time_ns) / 1000 | round' "$2")"
}
