#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Four guests with four kernels boot, record it, and write their textfiles; Debian's prometheus scrapes
# them, and queries return what the reports of the recordings say, each of its own kernel.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/fleet/lib.sh"
. "$top/tests/fleet/prometheus.sh"

need_prometheus
modtrace=$top/build/modtrace/modtrace
cd "$tmp" || exit 1
mkdir extra
sed 's,@bindir@/,,g' "$top/contrib/boot/metrics.sh" >extra/metrics.sh

# boots HOST KERNEL ROOTFS OPTION...: a guest that is called HOST
boots()
{
	host=$1 kernel=$2 rootfs=$3
	shift 3
	words=$("$modtrace" record --boot-cmdline --cpus=4 "$@" 2>/dev/null)
	guest KERNEL="$kernel" ROOTFS="$rootfs" CPUS=4 MEM=2G TIMEOUT=600 EXTRA="$tmp/extra" APPEND="$words" <<EOG
hostname $host
udevadm settle
mkdir -p /tmp/run /out/textfiles
modtrace record --boot -o /tmp/run/boot.data --until=3
result record \$?
MODTRACE_RUN=/tmp/run sh /extra/metrics.sh /out/textfiles
result metrics \$?
modtrace report -i /tmp/run/boot.data --format=jsonl --summary >/out/boot.jsonl
modtrace report -i /tmp/run/boot.data --format=json >/out/boot.json
systemd-id128 machine-id --app-specific=6e3b51d09a2c4f87b1e47025c85d931f >/out/machine-id
uname -r >/out/release
cat /proc/sys/kernel/random/boot_id >/out/boot-id
EOG
	guest_ok "$host: RUN"
	is "$host: recorded, and metrics written" "$(value record), $(value metrics)" '0, 0'
	mkdir -p "$host"
	cp -r "$out/textfiles" "$out/boot.json" "$out/boot.jsonl" "$host" || return
	is "$host: its line says whose it is" \
		"$(jq -c '[.host, .machine_id, .boot_id, .kernel, .arch, .boot]' "$host/boot.jsonl")" \
		"[\"$host\",$(jq -R . "$out/machine-id"),$(jq -R . "$out/boot-id"),$(jq -R . "$out/release"),\"x86_64\",true]"
	ok "$host: the line is of the schema" "$python" "$top/tests/tool/schema.py" \
		"$top/docs/schema/summary.json" "$host/boot.jsonl"
	ok "$host: attempts were recorded" test "$(jq .totals.attempts "$host/boot.json")" -gt 10
	now=$(date +%s)
	ok "$host: recorded in the last ten minutes" test "$(jq '.recorded | sub("[.][0-9]+Z"; "Z") |
		fromdateiso8601' "$host/boot.jsonl")" -gt $((now - 600))
}
boots patched v6.1 debian12 --for=patched
boots stock v6.1-stock debian12 --for=stock --release=6.1.0
boots debian13 debian-6.12 debian13 --for=stock --release=6.12.0
boots debian14 debian-7.3 debian14 --for=stock --release=7.3.0

start_prometheus patched stock debian13 debian14
ok 'four hosts are scraped' until_true has_hosts 4 || diag "$(tail -n 5 prometheus.log)"
is 'of four kernels' "$(query 'count(count by (kernel) (modtrace_boot_info))')" ' 4'
is 'node_exporter reads all of it' "$(query 'sum(node_textfile_scrape_error)')" ' 0'
is 'at most 30 series a host' \
	"$(query 'max(count by (instance) ({__name__=~"modtrace_boot.*"})) <= bool 30')" ' 1'
for host in patched stock debian13 debian14; do
	is "$host: its kernel" "$(query "modtrace_boot_info{instance=\"$host\"}" | tr ' ' '\n' |
		grep -cxF "$(jq -r .kernel "$host/boot.jsonl")")" 1
	as_reported $host "$host/boot.json"
done
done_testing
