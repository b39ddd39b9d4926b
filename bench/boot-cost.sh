#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What recording costs a boot, in instructions: a Debian guest of one CPU whose clock counts them is
# started with the packages at work and without, and its busy time compared when systemd and udev are
# done, and 30 s later, when the recording is saved. Prints a markdown table.
#
#	[KERNEL=debian-6.12 ROOTFS=debian13] bench/boot-cost.sh [BOOTS]	(default 3 of each; v6.1, debian12)
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

boots=${1:-3}
: "${KERNEL:=v6.1}" "${ROOTFS:=debian12}"
export KERNEL ROOTFS
out=$build/bench/boot-cost-$KERNEL
rm -rf "$out"
mkdir -p "$out/debs"

"$top/lab/deb.sh" >/dev/null
cp "$build"/deb/modtrace_*.deb "$build"/deb/modtrace-boot_*.deb "$out/debs/"
say "installing the packages"
"$top/lab/vm.sh" INITRD=initramfs-tools CPUS=2 DISK="$out/disk" EXTRA="$out/debs" \
	OUT="$out/install" TIMEOUT=900 RUN='dpkg -i /extra/*.deb && modtrace-boot enable &&
	/usr/bin/modtrace record --boot-cmdline --cpus=1 >/out/words' >/dev/null
words=$(cat "$out/install/words")

# The time that the CPU wasn't idle, in ns; one instruction takes one.
# shellcheck disable=SC2016 # it is the guest that expands this
run='busy()
{
	awk "/^now at/ { busy += \$3 } /idle_sleeptime|iowait_sleeptime/ { busy -= \$3 }
		END { printf \"%.0f\\n\", busy }" /proc/timer_list
}
udevadm settle
systemctl is-system-running --wait
busy >/out/settled
sleep 30
busy >/out/saved
systemctl is-active -q modtrace-boot.service && exit 1
ls -l /var/lib/modtrace >/out/recording'

# boot KIND NUMBER APPEND: appends the busy ns to $out/KIND.MOMENT.
boot()
{
	say "boot $2 of $boots, recording $1"
	rm -f "$out"/boot-disk*
	cp --sparse=always "$out/disk" "$out/boot-disk"
	[ "$1" = off ] || for initrd in "$out"/disk.*; do
		cp "$initrd" "$out/boot-disk${initrd#"$out/disk"}"
	done
	"$top/lab/vm.sh" INITRD=initramfs-tools CPUS=1 ICOUNT=1 DISK="$out/boot-disk" \
		OUT="$out/$1-$2" APPEND="$3" TIMEOUT=1800 RUN="$run" >/dev/null
	for moment in settled saved; do
		cat "$out/$1-$2/$moment" >>"$out/$1.$moment"
	done
}

for number in $(seq "$boots"); do
	boot off "$number" systemd.mask=modtrace-boot.service
	boot on "$number" "$words"
	grep -q ' boot.data$' "$out/on-$number/recording" || die "boot $number has no recording"
done
rm -f "$out"/boot-disk*

echo "| until | recording | instructions, mean (least–most) | ratio |"
echo "| --- | --- | --- | --- |"
for moment in settled saved; do
	for kind in off on; do
		awk -v kind=$kind -v moment=$moment -v file="$out/off.$moment" '
		BEGIN { while ((getline line <file) > 0) { base += line; bases++ } }
		{ sum += $1; if (NR == 1 || $1 < least) least = $1; if ($1 > most) most = $1 }
		END {
			printf "| %s | %s | %.3f·10⁹ (%.3f–%.3f) | %.4f |\n", moment, kind,
				sum / NR / 1e9, least / 1e9, most / 1e9, (sum / NR) / (base / bases)
		}' "$out/$kind.$moment"
	done
done
