#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What knowing the devices behind attempts costs on a patched kernel, in instructions: udev's events of
# all devices in a Debian guest of one CPU whose clock counts them, recorded with the probes and, where none can
# be made, without them, in turns, and not at all. Prints a markdown table.
#
#	bench/devices-cost.sh [ROUNDS]	(default 5)
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

rounds=${1:-5}
out=$build/bench/devices-cost
rm -rf "$out"

# busy: the time that the CPU wasn't idle, in ns; one instruction takes one.
# shellcheck disable=SC2016 # it is the guest that expands this
run='cat >/tmp/busy <<"END"
awk "/^now at/ { busy += \$3 } /idle_sleeptime|iowait_sleeptime/ { busy -= \$3 }
	END { printf \"%.0f\\n\", busy }" /proc/timer_list
END
cat >/tmp/events <<"END"
begin=$(sh /tmp/busy)
udevadm trigger --action=add --settle
end=$(sh /tmp/busy)
! grep -q . /sys/kernel/tracing/kprobe_events || echo probed >>/out/$1.probes
echo $((end - begin)) >>/out/$1
END
systemctl is-system-running --wait
udevadm settle
sh /tmp/events warm
for round in $(seq '"$rounds"'); do
	sh /tmp/events off
	mount --bind /dev/null /sys/kernel/tracing/kprobe_events
	modtrace record -o /tmp/without.data -- sh /tmp/events without 2>/dev/null || exit
	umount /sys/kernel/tracing/kprobe_events
	modtrace record -o /tmp/with.data -- sh /tmp/events with || exit
done
cp /tmp/*.data /out/'

say "$rounds rounds in a guest"
"$top/lab/vm.sh" KERNEL="${KERNEL:-v6.1}" ROOTFS=debian CPUS=1 ICOUNT=1 OUT="$out" \
	TIMEOUT=$((600 + 180 * rounds)) RUN="$run" >/dev/null
[ ! -e "$out/without.probes" ] || die "there was a probe where none should be"
[ "$(wc -l <"$out/with.probes")" -eq "$rounds" ] || die "there was no probe where one should be"

echo "| recorded | of devices | instructions, mean (least–most) | ratio |"
echo "| --- | --- | --- | --- |"
for kind in off without with; do
	events=0
	[ ! -e "$out/$kind.data" ] || events=$("$build/modtrace/modtrace" report -i "$out/$kind.data" \
		--events --format=json | jq '[.events[] | select(.event | test("(renamed|unlinked)$"))] | length')
	awk -v kind=$kind -v events="$events" -v file="$out/without" '
	BEGIN { while ((getline line <file) > 0) { base += line; bases++ } }
	{ sum += $1; if (NR == 1 || $1 < least) least = $1; if ($1 > most) most = $1 }
	END {
		printf "| %s | %d | %.4f·10⁹ (%.4f–%.4f) | %.4f |\n", kind, events, sum / NR / 1e9,
			least / 1e9, most / 1e9, (sum / NR) / (base / bases)
	}' "$out/$kind"
done
