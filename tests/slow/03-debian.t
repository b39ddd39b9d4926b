#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A Debian guest with the initramfs of initramfs-tools comes up as Debian does, makes another, and keeps
# its disk.
set -u
. "$(dirname -- "$0")/../vm/comes-up.sh"

disk=$tmp/disk
guest ROOTFS=debian INITRD=initramfs-tools CPUS=2 DISK="$disk" <<EOF
$up
result initramfs "\$(ls -d /run/initramfs)"
echo kept >/var/lib/file
cat >/etc/initramfs-tools/scripts/init-top/seen <<'EOS'
#!/bin/sh
[ "\$1" = prereqs ] || : >/run/initramfs/seen
EOS
chmod 755 /etc/initramfs-tools/scripts/init-top/seen
update-initramfs -u
result update \$?
EOF
comes_up initramfs-tools
is 'initramfs-tools: it ran' "$(value initramfs)" /run/initramfs
is 'initramfs-tools: makes another' "$(value update)" 0

guest ROOTFS=debian INITRD=initramfs-tools CPUS=2 DISK="$disk" <<'EOF'
result file "$(cat /var/lib/file)"
result seen "$(ls /run/initramfs/seen)"
EOF
guest_ok 'the second start from a disk'
is 'it has what the first left' "$(value file)" kept
is 'it starts with the initramfs that the first made' "$(value seen)" /run/initramfs/seen

done_testing
