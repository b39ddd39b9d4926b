#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The metrics of a boot, where node_exporter looks for them, and its picture: made by the units that the
# packages install, after modtrace-boot enable --metrics --svg, and not without.
set -u
. "$(dirname -- "$0")/boots.sh"

guest ROOTFS=debian DISK="$disk" EXTRA="$debs" TIMEOUT=600 CPUS=2 <<'EOF'
dpkg -i /extra/*.deb
result dpkg $?
mkdir -p /var/lib/prometheus/node-exporter
modtrace-boot enable --metrics --svg
result enable $?
result unit "$(systemctl show -P OnSuccess modtrace-boot.service | xargs -n 1 | sort | xargs)"
modtrace record --boot-cmdline >/out/words 2>/dev/null
EOF
guest_ok 'a guest gets the packages'
is 'they are installed, and metrics asked for' "$(value dpkg), $(value enable)" '0, 0'
is 'systemd knows what follows the recorder' "$(value unit)" \
	'modtrace-boot-metrics.service modtrace-boot-picture.service'
words=$(cat "$out/words")

guest ROOTFS=debian DISK="$disk" CPUS=2 APPEND="$words" <<EOF
$settled
tries=0
until [ -e /var/lib/prometheus/node-exporter/modtrace_boot.prom -a -e /var/lib/modtrace/boot.svg ] ||
		[ \$tries -gt 100 ]; do
	sleep 0.5
	tries=\$((tries + 1))
done
systemctl is-active -q modtrace-boot-metrics.service modtrace-boot-picture.service && sleep 5
result metrics "\$(systemctl show -P Result modtrace-boot-metrics.service)"
result picture "\$(systemctl show -P Result modtrace-boot-picture.service)"
result picture-mode "\$(stat -c %a /var/lib/modtrace/boot.svg)"
modtrace report -i /var/lib/modtrace/boot.data --format=svg | cmp - /var/lib/modtrace/boot.svg
result picture-same \$?
result files "\$(ls -A /var/lib/prometheus/node-exporter)"
result mode "\$(stat -c %a /var/lib/prometheus/node-exporter/modtrace_boot.prom)"
cp /var/lib/prometheus/node-exporter/modtrace_boot.prom /out/
modtrace report -i /var/lib/modtrace/boot.data --format=openmetrics >/out/wanted
modtrace report -i /var/lib/modtrace/boot.data --format=jsonl --summary >/out/boot.jsonl
journalctl -b -o cat -u modtrace-boot-metrics.service >/out/metrics.journal
modtrace-boot disable
result disable \$?
result after "\$(systemctl show -P OnSuccess modtrace-boot.service)"
EOF
boot_goes_on 'a boot'
is 'the unit has not failed' "$(value metrics)" success
is 'nor has that of the picture' "$(value picture)" success
is 'which is drawn, for its owner' "$(value picture-same), $(value picture-mode)" '0, 600'
is 'it wrote one file' "$(value files)" modtrace_boot.prom
is 'that all may read' "$(value mode)" 644
is 'it is the report of the recording' "$(cat "$out/modtrace_boot.prom")" "$(cat "$out/wanted")"
is 'the boot had settled' "$(sed -n 's/^modtrace_boot_settled //p' "$out/modtrace_boot.prom")" 1
is 'and the line says so' "$(jq -c '[.settled, .ended_by, .truncated]' "$out/boot.jsonl")" \
	'[true,"settle",false]'
ok '31 lines at most' test "$(grep -vc '^#' "$out/modtrace_boot.prom")" -le 31
is 'disable' "$(value disable)" 0
is 'nothing follows the recorder then' "$(value after)" ''
[ "$(value metrics)" = success ] || diag "$(cat "$out/metrics.journal")"
done_testing
