#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The drop-ins of contrib/fleet/systemd, in Debian 12's systemd and in forky's: the line about a boot in the
# journal, from where vector.yaml and fluent-bit.conf take it; and as a metric of systemd-report. The unit
# is that of modtrace-boot, which modtrace-boot enable --metrics has started after a boot.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

cd "$tmp" || exit 1
mkdir extra
sed 's,@bindir@,/usr/bin,g' "$top/contrib/boot/metrics.sh" >extra/metrics.sh
sed 's,@libexecdir@,/usr/lib/modtrace,g; s,^ExecStart=,&/bin/sh ,' "$top/contrib/boot/modtrace-boot-metrics.service" \
	>extra/modtrace-boot-metrics.service
cp "$top/contrib/fleet/systemd"/* "$top/tests/data/boot-stock.data" extra/

# What the guests have in common: the unit, and "$@" of the drop-ins
unit='mkdir -p /usr/lib/modtrace /var/lib/modtrace /var/lib/prometheus/node-exporter
cp /extra/metrics.sh /usr/lib/modtrace/
cp /extra/modtrace-boot-metrics.service /etc/systemd/system/
cp /extra/boot-stock.data /var/lib/modtrace/boot.data
[ -e /usr/bin/modtrace ] || ln -s "$(command -v modtrace)" /usr/bin/modtrace
dropped()
{
	for conf; do
		install -D -m 644 -t /etc/systemd/system/modtrace-boot-metrics.service.d /extra/$conf
	done
	systemctl daemon-reload
	systemctl start modtrace-boot-metrics.service
	result started $?
	result warnings "$(systemd-analyze verify --man=no modtrace-boot-metrics.service 2>&1 | grep modtrace | tr "\n" " ")"
	modtrace report -i /var/lib/modtrace/boot.data --format=jsonl --summary >/out/line
	journalctl --sync
	journalctl -b -t modtrace-boot -o cat >/out/journal
	result metrics "$(grep -c ^modtrace_boot_info /var/lib/prometheus/node-exporter/modtrace_boot.prom)"
}'

# as_it_should NAME
as_it_should()
{
	guest_ok "$1: RUN"
	is "$1: the unit runs, and systemd has nothing to say" "$(value started), $(value warnings)" '0, '
	is "$1: metrics are written as without the drop-ins" "$(value metrics)" 1
	is "$1: the journal has one line of JSON" "$(grep -c '^{"schema"' "$out/journal")" 1
	is "$1: which is the report's" "$(grep '^{"schema"' "$out/journal")" "$(cat "$out/line" || echo none)"
	ok "$1: of some length" test "$(wc -c <"$out/line")" -gt 5000
}

guest KERNEL=v6.1-stock ROOTFS=debian12 CPUS=2 TIMEOUT=600 EXTRA="$tmp/extra" <<EOG
$unit
dropped lines.conf
EOG
as_it_should debian12

# A package of its own there, of which only what takes reports needs more packages.
forky=$("$top/lab/debian-apt.sh" forky) &&
	(cd extra && APT_CONFIG=$forky/apt.conf apt-get -qq download systemd-report) >apt.log 2>&1
ok "systemd-report is there: $(tail -n 1 apt.log)" test -e extra/systemd-report_*.deb

guest KERNEL=debian-7.3 ROOTFS=debian14 CPUS=2 TIMEOUT=600 EXTRA="$tmp/extra" <<EOG
$unit
dpkg --force-depends -i /extra/systemd-report_*.deb
result package \$?
dropped lines.conf report.conf
result version "\$(systemctl --version | sed -n '1s/systemd \\([0-9]*\\).*/\\1/p')"
systemctl start systemd-report-files.socket
result socket \$?
report=\$(command -v systemd-report || echo /usr/lib/systemd/systemd-report)
runuser -u nobody -- \$report metrics -j io.systemd.Files.modtraceBoot >/out/report
result report \$?
keyed list \$report list-sources
# The next boot's replaces it.
systemctl restart modtrace-boot-metrics.service
result again \$?
result left "\$(ls /run/modtrace-report)"
EOG
as_it_should debian14
is 'systemd-report is installed' "$(value package)" 0
ok 'systemd is 262 or later' test "$(value version)" -ge 262
is 'systemd-report answers whoever asks' "$(value socket), $(value report)" '0, 0'
is 'with the line, as a metric of one name' \
	"$(jq -rs 'flatten | map(select(.name == "io.systemd.Files.modtraceBoot")) | map(.value)[]' "$out/report")" \
	"$(cat "$out/line" || echo none)"
is 'a second time, and nothing else is left' "$(value again), $(value left)" '0, boot.json'
done_testing
