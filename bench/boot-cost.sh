#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What recording costs a boot, in instructions: a Debian guest of one CPU whose clock counts them is
# started with the packages at work and without, and its busy time compared when it has settled, and
# the recording is saved. Prints a markdown table.
#
#	bench/boot-cost.sh [BOOTS]	(default 3 of each)
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

boots=${1:-3}
: "${KERNEL:=v6.1}"
export KERNEL
out=$build/bench/boot-cost
rm -rf "$out"
mkdir -p "$out/debs"

"$top/lab/deb.sh" >/dev/null
cp "$build"/deb/modtrace_*.deb "$build"/deb/modtrace-boot_*.deb "$out/debs/"
say "installing the packages"
"$top/lab/vm.sh" ROOTFS=debian INITRD=initramfs-tools CPUS=2 DISK="$out/disk" EXTRA="$out/debs" \
	OUT="$out/install" TIMEOUT=900 RUN='dpkg -i /extra/*.deb &&
	/usr/bin/modtrace record --boot-cmdline --cpus=1 >/out/words' >/dev/null
words=$(cat "$out/install/words")

# Settled, and long enough after that for the recording to be saved.
run="udevadm settle
systemctl is-system-running --wait
sleep 30
systemctl is-active -q modtrace-boot.service && exit 1
ls -l /var/lib/modtrace >/out/recording
{ cat /proc/uptime; head -n 1 /proc/stat; } >/out/times"

# boot KIND NUMBER APPEND: appends the busy seconds to $out/KIND.
boot()
{
	say "boot $2 of $boots, recording $1"
	rm -f "$out"/boot-disk*
	cp --sparse=always "$out/disk" "$out/boot-disk"
	[ "$1" = off ] || for initrd in "$out"/disk.*; do
		cp "$initrd" "$out/boot-disk${initrd#"$out/disk"}"
	done
	"$top/lab/vm.sh" ROOTFS=debian INITRD=initramfs-tools CPUS=1 ICOUNT=1 DISK="$out/boot-disk" \
		OUT="$out/$1-$2" APPEND="$3" TIMEOUT=1800 RUN="$run" >/dev/null
	# The times idle and waiting for the disk are measured, not sampled by ticks; in 10 ms.
	awk 'NR == 1 { up = $1 } NR == 2 { print up - ($5 + $6) / 100 }' "$out/$1-$2/times" \
		>>"$out/$1"
}

for number in $(seq "$boots"); do
	boot off "$number" systemd.mask=modtrace-boot.service
	boot on "$number" "$words"
	grep -q ' boot.data$' "$out/on-$number/recording" || die "boot $number has no recording"
done
rm -f "$out"/boot-disk*

echo "| recording | instructions, mean (least–most) | ratio |"
echo "| --- | --- | --- |"
for kind in off on; do
	awk -v kind=$kind -v file="$out/off" '
	BEGIN { while ((getline line <file) > 0) { base += line; bases++ } }
	{ sum += $1; if (NR == 1 || $1 < least) least = $1; if ($1 > most) most = $1 }
	END {
		printf "| %s | %.2f·10⁹ (%.2f–%.2f) | %.4f |\n", kind, sum / NR, least, most,
			(sum / NR) / (base / bases)
	}' "$out/$kind"
done
