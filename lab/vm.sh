#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The one entry for everything that needs a kernel: runs RUN in a guest and returns its status.
# Takes its settings as NAME=VALUE arguments or from the environment.
set -eu
. "$(dirname -- "$0")/common.sh"

usage()
{
	cat <<'EOF'
usage: make vm RUN='shell command' [NAME=value]...
       lab/vm.sh RUN='shell command' [NAME=value]...   (the same, but exits with RUN's status;
                                                        make turns every failure into 2)
  KERNEL=v6.1      v6.1, v6.1-stock, v6.1-base (events and statistics only), v6.1-upto-N (the
                   first N patches), v6.1-debug (KASAN, lockdep, kmemleak, fault injection),
                   v6.1-lsm (audit, SELinux, IMA, LoadPin), v6.1-kcsan, each with -stock for
                   the same without the series; likewise v6.12 and v7.3; debian-6.1, debian-6.12,
                   debian-7.3 (Debian's own images of Debian 12, 13 and 13's backports); or a path to
                   a bzImage
  MODULES=dir      for a bzImage: the INSTALL_MOD_PATH of its modules_install
  MODULES='names'  for debian-... with ROOTFS=busybox: modules that it has (default: xfs)
  CPUS=8           vCPUs, at most 255
  MEM=2G           the guest's memory
  ROOTFS=busybox   the guest's root: busybox with modtrace, storm and kmod on PATH, or debian12,
                   debian13, debian14 (forky): Debian with systemd and udev, perf and trace-cmd as
                   well; RUN runs when multi-user.target is reached. debian is debian12
  INITRD=none      for debian: boot with the initramfs of initramfs-tools or dracut
  DISK=file        for debian: keep its disk in FILE, which is created if missing. With INITRD=, an
                   initramfs that RUN made (/boot/initrd.img-RELEASE) is kept next to it and used
                   for the next boot, as a boot loader would
  OUT=dir          directory mounted at /out; console.log and output.log are written there, too
  EXTRA=dir        directory whose content is copied to /extra
  APPEND='params'  additional kernel command-line parameters
  EXPECT='regex'   kernel complaints that are not a failure (grep -E)
  ICOUNT=1         one CPU whose nanoseconds are instructions (qemu's -icount)
  TIMEOUT=s        time limit for RUN, from its start (default: 120 plus 5 per CPU)
RUN is used as written; don't double $. Exit status: that of RUN; 124 if the time limit was reached;
125 if the guest died or its kernel complained.
EOF
}

for arg; do
	case $arg in
	-h|--help|help)
		usage
		exit 0 ;;
	KERNEL=*|MODULES=*|CPUS=*|MEM=*|ROOTFS=*|OUT=*|EXTRA=*|APPEND=*|EXPECT=*|TIMEOUT=*|\
	RUN=*|INITRD=*|DISK=*|ICOUNT=*)
		export "${arg?}" ;;
	*)
		die "'$arg' is no setting; see lab/vm.sh --help" ;;
	esac
done

: "${KERNEL:=v6.1}" "${CPUS:=8}" "${MEM:=2G}" "${ROOTFS:=busybox}" "${MODULES:=}" "${OUT:=}"
: "${EXTRA:=}" "${APPEND:=}" "${EXPECT:=}" "${INITRD:=none}" "${DISK:=}" "${RUN:=}"

[ -n "$RUN" ] || { usage >&2; exit 1; }
case $CPUS in
''|*[!0-9]*|0*) die "CPUS=$CPUS is no number of CPUs" ;;
esac
[ "$CPUS" -le 255 ] || die "CPUS=$CPUS: at most 255"
: "${TIMEOUT:=$((120 + 5 * CPUS))}"
case $TIMEOUT in
''|*[!0-9]*|0*) die "TIMEOUT=$TIMEOUT is no number of seconds" ;;
esac
printf '%s\n' "$MEM" | grep -Eqx '[1-9][0-9]*[KMG]?' || die "MEM=$MEM is no size, as in 2G"
case $ROOTFS in
busybox) root=busybox ;;
debian) ROOTFS=debian12 root=debian ;;
debian12|debian13|debian14) root=debian ;;
*) die "ROOTFS=$ROOTFS: busybox, debian12, debian13 or debian14" ;;
esac
case $INITRD in
none) ;;
initramfs-tools|dracut) [ $root = debian ] || die "INITRD=$INITRD goes with ROOTFS=debian" ;;
*) die "INITRD=$INITRD: none, initramfs-tools or dracut" ;;
esac
[ -z "$DISK" ] || [ $root = debian ] || die "DISK= goes with ROOTFS=debian"
[ -d "$(dirname -- "${DISK:-.}")" ] || die "DISK=$DISK: no such folder"
[ -z "$EXTRA" ] || [ -d "$EXTRA" ] || die "EXTRA=$EXTRA is no directory"
# grep says what is wrong with it, and 2.
echo | grep -Eq -- "$EXPECT" || [ $? = 1 ] || die "EXPECT is no regular expression"

"$top/lab/setup.sh"

case $KERNEL in
*/*|bzImage*)
	[ -f "$KERNEL" ] || die "KERNEL=$KERNEL: no such file"
	bzimage=$KERNEL modules=$MODULES
	[ -n "$MODULES" ] || say "no MODULES=: the guest has none" ;;
debian-*)
	# A Debian guest has all of them.
	[ $root = busybox ] || MODULES=all
	# shellcheck disable=SC2086 # words
	built=$("$top/lab/debian-kernel.sh" "$KERNEL" ${MODULES:-xfs})
	bzimage=$built/vmlinuz modules=$built/modules ;;
*)
	[ -z "$MODULES" ] || die "MODULES= goes with KERNEL=path-to-bzImage"
	built=$("$top/lab/kernel.sh" "$KERNEL")
	bzimage=$built/bzImage modules=$built/modules ;;
esac

"$top/lab/tools.sh"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/modtrace-vm.XXXXXX")
keep_out=yes guest=''
cleanup()
{
	if [ -n "$guest" ]; then
		kill "$guest" 2>/dev/null || :
		wait "$guest" 2>/dev/null || :
	fi
	rm -rf "$tmp"
	[ "$keep_out" = yes ] || rm -rf "$OUT"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

if [ -z "$OUT" ]; then
	mkdir -p "$build/out"
	OUT=$(mktemp -d "$build/out/XXXXXX")
	keep_out=no
fi
mkdir -p "$OUT"
OUT=$(CDPATH='' cd -- "$OUT" && pwd)

mkdir -p "$tmp/run/lab" "$tmp/run/extra"
printf '%s\n' "$RUN" >"$tmp/run/lab/run"
[ -z "$EXTRA" ] || cp -a "$EXTRA/." "$tmp/run/extra/"
export INITRD_FILE='' ROOT_DISK='' ROOT_SNAPSHOT=on MODULES_DISK='' SHARE='' ROOT_DIRECT=''

use_busybox()
{
	INITRD_FILE=$tmp/initrd
	"$top/lab/initramfs.sh" "$bzimage" "$modules" "$INITRD_FILE"
	(cd "$tmp/run" && find . -print0 | cpio -0 -o -H newc -R 0:0 --quiet) >>"$INITRD_FILE"
}

use_debian()
{
	ROOT_DISK=$("$top/lab/debian.sh" "$ROOTFS")
	MODULES_DISK=$("$top/lab/guest-modules.sh" "$bzimage" "$modules" ext4)
	if [ -n "$DISK" ]; then
		[ -e "$DISK" ] || cp --sparse=always "$ROOT_DISK" "$DISK"
		ROOT_DISK=$DISK ROOT_SNAPSHOT=off
	fi
	SHARE=$tmp/run/lab
	mv "$tmp/run/extra" "$SHARE/extra"
	mkdir "$SHARE/bin"
	for tool in "$build/lab/storm" "$build/modtrace/modtrace"; do
		[ ! -x "$tool" ] || cp "$tool" "$SHARE/bin/"
	done
	if [ "$INITRD" = none ]; then
		[ -n "$modules" ] || return 0
		builtin=$modules/lib/modules/$(image_release "$bzimage")/modules.builtin
		! grep -q '/virtio_blk\.ko$' "$builtin" || return 0
		# Not what a distribution starts with, but what this disk needs.
		INITRD_FILE=$tmp/initrd ROOT_DIRECT=yes
		"$top/lab/root-initrd.sh" "$bzimage" "$modules" "$INITRD_FILE"
		return 0
	fi
	INITRD_FILE=$SHARE/initrd
	kept_initrd=''
	[ -z "$DISK" ] || kept_initrd=$DISK.$INITRD-$(image_release "$bzimage")
	initrd=$kept_initrd
	[ -e "$initrd" ] || initrd=$("$top/lab/debian-initrd.sh" "$INITRD" "$ROOTFS" "$bzimage" \
		"$modules")
	cp "$initrd" "$INITRD_FILE"
}

"use_$root"

export CPUS MEM APPEND EXPECT TIMEOUT
status=0
# In the background, or a signal to this shell alone would only be seen at the guest's end.
"$top/lab/guest.sh" "$bzimage" "$OUT" &
guest=$!
wait "$guest" || status=$?
guest=''
if [ -e "$OUT/.initrd" ]; then
	[ -z "${kept_initrd-}" ] || mv "$OUT/.initrd" "$kept_initrd"
	rm -f "$OUT/.initrd"
fi
if [ $keep_out = no ] && [ $status -ne 0 ]; then
	keep_out=yes
	say "status $status; the console is in $OUT/console.log"
fi
exit $status
