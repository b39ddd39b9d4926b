#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# initramfs.sh BZIMAGE MODULES OUTPUT: the busybox root for one kernel, in two cached parts
# (modules; tools), which the kernel unpacks one after the other. MODULES is what
# INSTALL_MOD_PATH was at modules_install, or empty.
set -eu
. "$(dirname -- "$0")/packing.sh"

bzimage=$1 modules=$2 output=$3

# with_libraries BINARY PATH: BINARY as PATH in the root, and the libraries it is linked with.
with_libraries()
{
	install -D -m 755 "$1" "$work/root$2"
	ldd "$1" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p; s/^[[:space:]]*\(\/[^ ]*\).*/\1/p' |
	while read -r library; do
		[ -e "$work/root$library" ] || install -D -m 755 "$library" "$work/root$library"
	done
}

tools_part()
{
	set -- /bin/busybox "$(command -v kmod)" "$top/lab/guest" "$build/lab/storm"
	[ ! -x "$build/modtrace/modtrace" ] || set -- "$@" "$build/modtrace/modtrace"
	key=$( (fingerprint "$@"; sha256sum "$top/lab/initramfs.sh") | sha256sum | cut -c1-16)
	part=$cache/tools-$key.cpio
	if [ -e "$part" ]; then
		touch "$part"
		return
	fi
	mkdir -p "$work/root/bin" "$work/root/sbin" "$work/root/usr/bin" "$work/root/etc"
	install -m 755 /bin/busybox "$work/root/bin/busybox"
	for applet in $(busybox --list); do
		case $applet in
		busybox|depmod|insmod|lsmod|modinfo|modprobe|rmmod) ;;
		*) ln -s /bin/busybox "$work/root/bin/$applet" ;;
		esac
	done
	with_libraries "$(command -v kmod)" /bin/kmod
	for applet in depmod insmod lsmod modinfo modprobe rmmod; do
		ln -s /bin/kmod "$work/root/sbin/$applet"
	done
	with_libraries "$build/lab/storm" /usr/bin/storm
	[ ! -x "$build/modtrace/modtrace" ] ||
		with_libraries "$build/modtrace/modtrace" /usr/bin/modtrace
	# For modtrace live on a console.
	for terminal in l/linux v/vt100 v/vt220 x/xterm x/xterm-256color s/screen t/tmux \
		t/tmux-256color; do
		[ ! -e "/lib/terminfo/$terminal" ] ||
			install -D -m 644 "/lib/terminfo/$terminal" "$work/root/lib/terminfo/$terminal"
	done
	# So that LC_ALL=C.UTF-8 is one.
	[ ! -e /usr/lib/locale/C.utf8/LC_CTYPE ] ||
		install -D -m 644 /usr/lib/locale/C.utf8/LC_CTYPE \
			"$work/root/usr/lib/locale/C.utf8/LC_CTYPE"
	echo 'root::0:0:root:/root:/bin/sh' >"$work/root/etc/passwd"
	echo 'root:x:0:' >"$work/root/etc/group"
	install -m 755 "$top/lab/guest/init" "$work/root/init"
	pack "$work/root" "$part"
	rm -rf "$work/root"
	prune tools cpio
}

tools_part
cp "$part" "$output"
if [ -n "$modules" ]; then
	cat "$("$top/lab/guest-modules.sh" "$bzimage" "$modules" cpio)" >>"$output"
fi
