#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# root-initrd.sh BZIMAGE MODULES OUTPUT: what a kernel that has its disk as a module needs to start a
# Debian guest that has no initramfs: loads the disk's driver and ext4, and goes over to the disk.
set -eu
. "$(dirname -- "$0")/packing.sh"

bzimage=$1 modules=$2 output=$3
release=$(image_release "$bzimage")
mkdir -p "$work/root/bin" "$work/root/m" "$work/root/dev" "$work/root/proc" "$work/root/root"
install -m 755 /bin/busybox "$work/root/bin/busybox"
for applet in sh mount insmod sleep switch_root; do
	ln -s busybox "$work/root/bin/$applet"
done
# In the order in which they are loaded.
modprobe -d "$modules" -S "$release" -a --show-depends virtio_pci virtio_blk ext4 |
	sed -n 's,^insmod \([^ ]*\).*,\1,p' | awk '!seen[$0]++' >"$work/list"
at=10
while read -r file; do
	name=$at-$(basename "$file")
	case $name in
	*.xz) xz -dc "$file" >"$work/root/m/${name%.xz}" ;;
	*) cp "$file" "$work/root/m/$name" ;;
	esac
	at=$((at + 1))
done <"$work/list"

cat >"$work/root/init" <<'EOT'
#!/bin/sh
mount -t devtmpfs devtmpfs /dev
mount -t proc proc /proc
for file in /m/*; do
	insmod "$file"
done
until [ -b /dev/vda ]; do
	sleep 0.1
done
mount -t ext4 -o rw /dev/vda /root
exec switch_root /root /usr/lib/modtrace-lab/init "$@"
EOT
chmod 755 "$work/root/init"
pack "$work/root" "$output"
