#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The devices that udev's workers load modules for, as the files that they open, replace or remove tell, against what
# udev knows.
set -u
. "$(dirname -- "$0")/lib.sh"

needs jq

# json EXPRESSION: of the report of the last guest's recording; of MODULE: devices that its attempts
# were for, each once.
json()
{
	"$top/build/modtrace/modtrace" report -i "$out/devices.data" --format=json | jq -c "$1"
}
of()
{
	echo "$attempts" | jq -r --arg name "$1" \
		'[.attempts[] | select(.module == $name) | .device] | unique | join(" ")'
}
for kernel in v6.1-stock v6.1; do
	# By the file that was opened first, or the one that was replaced.
	case $kernel in
	*-stock) cpus=$(seq -f system/cpu/cpu%.0f -s ' ' 0 7) ;;
	*) cpus=$(seq -f +cpu:cpu%.0f -s ' ' 0 7) ;;
	esac
	guest KERNEL=$kernel ROOTFS=debian CPUS=8 TIMEOUT=300 <<'EOG'
udevadm settle
loaded() { lsmod | sed "s/ .*//" | grep -E "aesni|kvm|sha|crc|ghash|polyval|ccp|cryptd|crypto_simd|libaes"; }
probes=/sys/kernel/tracing/kprobe_events
unload()
{
	# Users of a module go first.
	loaded | xargs -n1 rmmod 2>/dev/null
	loaded | xargs -n1 rmmod 2>/dev/null
}
unload
modtrace record -o /out/devices.data -- sh -c "cat $probes >/out/probes
	udevadm trigger --action=add --settle; udevadm settle"
result record $?
result probes_after "$(grep -c . $probes)"
unload
modtrace live --attempts -- sh -c "udevadm trigger --action=add --settle; udevadm settle" \
	>/out/live.txt 2>/dev/null
result live $?
result probes_after_live "$(grep -c . $probes)"
modtrace record -o /tmp/killed.data & pid=$!
until grep -q "modtrace_$pid/" $probes; do sleep 0.1; done
sleep 1
kill -9 $pid
wait $pid 2>/dev/null
modtrace record -o /tmp/next.data -- true
result probes_after_killed "$(grep -c . $probes)"
EOG
	guest_ok "$kernel: a guest records udev"
	is "$kernel: it is recorded" "$(value record)" 0
	attempts=$("$top/build/modtrace/modtrace" report -i "$out/devices.data" --attempts --format=json)
	is "$kernel: each attempt by a worker has a device" "$(echo "$attempts" |
		jq '[.attempts[] | select(.comm == "(udev-worker)" and .device == null)] | length')" 0
	is "$kernel: aesni_intel is for the CPUs" "$(of aesni_intel)" "$cpus"
	is "$kernel: they are one group" "$(json '.modules[] | select(.name == "aesni_intel") |
		.requesters[].devices | map(select(.subsystem == "cpu") | [.first, .last, .devices])')" \
		'[["cpu0","cpu7",8]]'
	is "$kernel: live" "$(value live)" 0
	is "$kernel: live has them, too" "$(grep ' aesni_intel ' "$out/live.txt" |
		grep -oE '(system/cpu/|[+]cpu:)cpu[0-7]' | sort -u | paste -sd ' ')" "$cpus"
	for after in after after_live after_killed; do
		is "$kernel: no probe is left, $after" "$(value probes_$after)" 0
	done
	case $kernel in
	*-stock)
		is "$kernel: mode" "$(json .recording.mode)" '"stock"'
		is "$kernel: the finding says so" \
			"$(json '.findings[] | select(.id == "per_cpu_modalias") | .devices[] |
				select(.subsystem == "cpu") | [.first, .last, .devices]')" '["cpu0","cpu7",8]' ;;
	*)
		is "$kernel: mode" "$(json .recording.mode)" '"patched"'
		is "$kernel: there are two probes, of what is rare" \
			"$(cut -d ' ' -f 2 "$out/probes" | sort | paste -sd ' ')" '__x64_sys_rename __x64_sys_unlink'
		"$top/build/modtrace/modtrace" report -i "$out/devices.data" --events --format=json |
			jq -r '.events[] | select(.event | test("(renamed|unlinked)$")) | .path' >"$tmp/files"
		ok "$kernel: what is replaced is among the events" test -s "$tmp/files"
		is "$kernel: that of devices only" "$(grep -Evc '^/run/udev/data/' "$tmp/files")" 0 ;;
	esac
done
done_testing
