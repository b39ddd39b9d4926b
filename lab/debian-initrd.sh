#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian-initrd.sh initramfs-tools|dracut ROOTFS BZIMAGE MODULES: makes the initramfs with which that
# Debian guest starts this kernel, unless it is made, and prints the file. A guest makes it: no root is
# needed here, and the generators find the hardware that they are to find.
set -eu
. "$(dirname -- "$0")/packing.sh"

kind=$1 rootfs=$2 bzimage=$3 modules=$4
release=$(image_release "$bzimage")
ROOT_DISK=$("$top/lab/debian.sh" "$rootfs")
MODULES_DISK=$("$top/lab/guest-modules.sh" "$bzimage" "$modules" ext4)

key=$( (basename "$ROOT_DISK" "$MODULES_DISK"; cat "$top/lab/debian-initrd.sh") |
	sha256sum | cut -c1-16)
initrd=$cache/initrd-$kind-$release-$key.img
exec 8>"$cache/initrd.lock"
flock 8
if [ -e "$initrd" ]; then
	touch "$initrd"
	echo "$initrd"
	exit 0
fi

# The maker starts without the initramfs that it makes.
INITRD_FILE='' ROOT_DIRECT=''
if ! grep -q '/virtio_blk\.ko$' "$modules/lib/modules/$release/modules.builtin"; then
	INITRD_FILE=$work/initrd ROOT_DIRECT=yes
	"$top/lab/root-initrd.sh" "$bzimage" "$modules" "$INITRD_FILE"
fi
case $kind in
initramfs-tools) make="mkinitramfs -o /var/tmp/initrd $release" ;;
dracut) make="dracut --force /var/tmp/initrd $release" ;;
esac

say "making an initramfs for $release with $kind of $rootfs"
SHARE=$work/share
mkdir -p "$SHARE/bin" "$SHARE/extra" "$work/out"
echo "cp /lib/modules/$release/config /boot/config-$release
$make && cp /var/tmp/initrd /out/" >"$SHARE/run"
export ROOT_DISK MODULES_DISK SHARE ROOT_SNAPSHOT=on INITRD_FILE ROOT_DIRECT CPUS=2 MEM=2G APPEND='' \
	EXPECT='' TIMEOUT=900 ICOUNT=''
"$top/lab/guest.sh" "$bzimage" "$work/out" 8>&- >"$work/log" || {
	tail -n 20 "$work/log" >&2
	die "$kind made no initramfs for $release"
}
mv "$work/out/initrd" "$initrd"
prune initrd img
echo "$initrd"
