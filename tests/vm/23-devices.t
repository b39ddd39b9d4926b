#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The devices that udev's workers load modules for, as their opens tell, against what udev knows.
set -u
. "$(dirname -- "$0")/lib.sh"

needs jq

guest KERNEL=v6.1-stock ROOTFS=debian CPUS=8 TIMEOUT=300 <<'EOG'
udevadm settle
loaded() { lsmod | sed "s/ .*//" | grep -E "aesni|kvm|sha|crc|ghash|polyval|ccp|cryptd|crypto_simd|libaes"; }
# Users of a module go first.
loaded | xargs -n1 rmmod 2>/dev/null
loaded | xargs -n1 rmmod 2>/dev/null
modtrace record -o /out/devices.data -- sh -c "udevadm trigger --action=add --settle; udevadm settle"
result record $?
EOG
guest_ok 'a guest records udev'
is 'it is recorded' "$(value record)" 0
json()
{
	"$top/build/modtrace/modtrace" report -i "$out/devices.data" --format=json | jq -c "$1"
}
attempts=$("$top/build/modtrace/modtrace" report -i "$out/devices.data" --attempts --format=json)
# of MODULE: devices that its attempts were for, each once
of()
{
	echo "$attempts" | jq -r --arg name "$1" \
		'[.attempts[] | select(.module == $name) | .device] | unique | join(" ")'
}
is 'each attempt by a worker has a device' "$(echo "$attempts" |
	jq '[.attempts[] | select(.comm == "(udev-worker)" and .device == null)] | length')" 0
cpus=$(seq -f system/cpu/cpu%.0f -s ' ' 0 7)
is 'aesni_intel is for the CPUs' "$(of aesni_intel)" "$cpus"
is 'as the finding says' "$(json '.findings[] | select(.id == "per_cpu_modalias") |
	.devices[] | select(.subsystem == "cpu") | [.first, .last, .devices]')" '["cpu0","cpu7",8]'
done_testing
