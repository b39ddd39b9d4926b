#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian.sh debian12|debian13|debian14: makes a Debian guest's disk, unless it is made, and prints its
# file: that release's minbase with systemd, udev, kmod, perf and trace-cmd. The kernel's modules are
# no part of it (guest-modules.sh).
set -eu
. "$(dirname -- "$0")/common.sh"

root=$1
case $root in
debian12) suite=bookworm ;;
debian13) suite=trixie ;;
debian14) suite=forky ;;
*) die "$root: debian12, debian13 or debian14" ;;
esac
packages=systemd-sysv,udev,kmod,dbus,linux-perf,trace-cmd,libtraceevent1,libtracefs1,libtracecmd1
packages=$packages,libncursesw6,libzstd1,libprotobuf-c1,procps,less,initramfs-tools,dracut-core,zstd,cpio,busybox,jq
guest=$top/lab/debian
cache=$build/debian
mkdir -p "$cache"

key=$( (echo "$suite $packages"; find "$guest" -type f | LC_ALL=C sort |
	xargs cat "$top/lab/debian.sh") | sha256sum | cut -c1-16)
image=$cache/$root-$key.ext4
exec 9>"$cache/$root.lock"
flock 9
if [ -e "$image" ]; then
	touch "$image"
	echo "$image"
	exit 0
fi

work=$(mktemp -d "$cache/tmp.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

apt=$("$top/lab/debian-apt.sh" "$suite")
grep '^Acquire::' "$apt/apt.conf" >"$work/apt.conf"

# What the guest has beyond its packages; "$1" is its root.
cat >"$work/customize" <<EOF
#!/bin/sh
set -eu
mkdir -p "\$1/usr/lib/modules"
install -D -m 755 -t "\$1/usr/lib/modtrace-lab" "$guest/init" "$guest/modules" "$guest/run"
install -m 644 "$guest/modtrace-lab.service" "\$1/etc/systemd/system/"
install -D -m 755 "$guest/initramfs-bottom" "\$1/etc/initramfs-tools/scripts/init-bottom/modtrace-lab"
install -D -m 755 -t "\$1/usr/lib/dracut/modules.d/99modtrace-lab" "$guest"/dracut/*.sh
chroot "\$1" systemctl -q enable modtrace-lab.service
# Nobody logs in, nothing is downloaded, and no clock starts anything while RUN runs.
chroot "\$1" systemctl -q mask getty@.service serial-getty@.service console-getty.service \
	apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
	e2scrub_reap.service fstrim.timer systemd-tmpfiles-clean.timer systemd-timesyncd.service
echo modtrace-guest >"\$1/etc/hostname"
echo 'LABEL=root / ext4 defaults 0 1' >"\$1/etc/fstab"
# What this guest needs to find its root, in a form that the lab's kernels can unpack.
printf 'MODULES=dep\nCOMPRESS=gzip\n' >"\$1/etc/initramfs-tools/conf.d/lab"
printf 'hostonly=yes\nhostonly_cmdline=no\ncompress=gzip\n' >"\$1/etc/dracut.conf.d/lab.conf"
chroot "\$1" passwd -q -d root
rm -rf "\$1/var/cache/apt/"* "\$1/var/lib/apt/lists/"* "\$1/usr/share/doc/"*
# Without what is mounted below it.
mkdir "$work/plain"
mount --bind "\$1" "$work/plain"
mke2fs -q -t ext4 -L root -O ^has_journal -d "$work/plain" "$work/root.ext4" 3G
umount "$work/plain"
EOF
chmod 755 "$work/customize"

say "making the disk of a $root guest, log in $cache/$root.log"
begin=$(cut -d. -f1 /proc/uptime)
mmdebstrap --variant=minbase --include="$packages" --format=null --aptopt="$work/apt.conf" \
	--customize-hook="$work/customize \"\$1\"" \
	"$suite" - "$apt/sources.list" >"$cache/$root.log" 2>&1 9>&- || {
	tail -n 20 "$cache/$root.log" >&2
	die "the disk of $root couldn't be made"
}
# Those used last are kept: another worktree may have its own.
find "$cache" -maxdepth 1 -name "$root-*.ext4" -printf '%T@ %p\n' | sort -rn |
	sed '1,2d; s/^[^ ]* //' | xargs -r rm -f
mv "$work/root.ext4" "$image"
say "made in $(($(cut -d. -f1 /proc/uptime) - begin)) s, $(du -m "$image" | cut -f1) MiB"
echo "$image"
