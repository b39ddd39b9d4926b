#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# sample-boots.sh [CPUS]: records the two boots of tests/data/ anew, in Debian guests with the packages
# and initramfs-tools: boot-stock.data on the kernel without the series, boot-patched.data with it.
set -eu
. "$(dirname -- "$0")/common.sh"

data=$top/tests/data
cpus=${1:-64}

out=$build/boots
rm -rf "$out"
mkdir -p "$out/debs"
"$top/lab/deb.sh" >/dev/null
cp "$build"/deb/modtrace_*.deb "$build"/deb/modtrace-boot_*.deb "$out/debs/"

# record NAME KERNEL
record()
{
	say "$1: installing the packages on $2"
	"$top/lab/vm.sh" KERNEL="$2" ROOTFS=debian INITRD=initramfs-tools CPUS=2 DISK="$out/disk" \
		EXTRA="$out/debs" OUT="$out/install" TIMEOUT=900 RUN="dpkg -i /extra/*.deb && modtrace-boot enable &&
		/usr/bin/modtrace record --boot-cmdline --cpus=$cpus >/out/words" >/dev/null
	say "$1: a boot on $cpus CPUs"
	"$top/lab/vm.sh" KERNEL="$2" ROOTFS=debian INITRD=initramfs-tools CPUS="$cpus" MEM=4G \
		DISK="$out/disk" OUT="$out/$1" TIMEOUT=900 APPEND="$(cat "$out/install/words")" RUN='
		while systemctl is-active -q modtrace-boot.service; do
			sleep 1
		done
		cp /var/lib/modtrace/boot.data /out/' >/dev/null
	mv "$out/$1/boot.data" "$data/boot-$1.data"
	rm -f "$out"/disk*
	size=$(stat -c %s "$data/boot-$1.data")
	[ "$size" -lt 1000000 ] || die "boot-$1.data has $size bytes: that is too much for this folder"
}

record stock v6.1-stock
record patched v6.1
