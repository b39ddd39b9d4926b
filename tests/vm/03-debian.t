#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A Debian guest comes up as Debian does, with an initramfs and without, and keeps its disk. With dracut:
# tests/slow/04-debian-lab.t.
set -u
. "$(dirname -- "$0")/lib.sh"

# up: what a guest that is up says of itself, once udev has nothing left to do.
# shellcheck disable=SC2016 # it is the guest's shell that expands this
up='udevadm settle
result state "$(systemctl is-system-running --wait)"
result failed "$(systemctl list-units --failed --no-legend)"
result jobs "$(systemctl list-jobs --no-legend | grep -v "^No jobs")"
result root "$(findmnt -no SOURCE,FSTYPE,OPTIONS /)"
result cpus "$(nproc)"
result release "$(uname -r)"
lsmod | sed "s/ .*//; s/^/module=/"
'

# comes_up DESCRIPTION: no unit has failed, and udev has loaded what the CPU asks for.
comes_up()
{
	guest_ok "$1: RUN"
	is "$1: systemd is done, nothing has failed" "$(value state), $(value failed)" 'running, '
	is "$1: no job is left while RUN runs" "$(value jobs)" ''
	like "$1: the root is the disk, to be written to" "$(value root)" '^/dev/vda ext4 +rw'
	for module in aesni_intel sha1_ssse3 sha256_ssse3 sha512_ssse3; do
		like "$1: udev has loaded $module" "$(cat "$out/output.log")" "^module=$module\$"
	done
}

guest ROOTFS=debian CPUS=4 <<EOF
$up
result initramfs "\$(ls -d /run/initramfs 2>/dev/null)"
EOF
comes_up 'no initramfs'
is 'no initramfs: there was none' "$(value initramfs)" ''
is 'no initramfs: all CPUs are up' "$(value cpus)" 4

# With initramfs-tools, and a disk that is kept over two starts.
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
