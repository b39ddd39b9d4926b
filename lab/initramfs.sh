#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# initramfs.sh BZIMAGE MODULES OUTPUT: the busybox root for one kernel, in two cached parts
# (modules; tools), which the kernel unpacks one after the other. MODULES is what
# INSTALL_MOD_PATH was at modules_install, or empty.
set -eu
. "$(dirname -- "$0")/common.sh"

bzimage=$1 modules=$2 output=$3
cache=$build/initramfs
mkdir -p "$cache"

work=$(mktemp -d "$cache/tmp.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# pack DIR FILE: DIR as a cpio archive that belongs to root, whoever packs it.
pack()
{
	(cd "$1" && find . -print0 | LC_ALL=C sort -z |
		cpio -0 -o -H newc -R 0:0 --quiet) >"$work/cpio"
	mv "$work/cpio" "$2"
}

# Keeps the newest few archives with the given prefix.
prune()
{
	find "$cache" -maxdepth 1 -name "$1-*.cpio" -printf '%T@ %p\n' | sort -rn |
		sed '1,8d; s/^[^ ]* //' | xargs -r rm -f
}

# The release a kernel image names in its header.
image_release()
{
	offset=$(od -An -tu2 -j 526 -N 2 "$1" | tr -d ' ')
	dd if="$1" bs=1 skip=$((offset + 512)) count=64 2>/dev/null | tr '\0' ' ' | cut -d' ' -f1
}

modules_part()
{
	release=$(image_release "$bzimage")
	from=$modules/lib/modules/$release
	[ -d "$from" ] || die "no lib/modules/$release below MODULES=$modules: the image is $release"

	# The test modules are built against the tree that the modules came from.
	if [ -d "$from/build/scripts" ]; then
		"$top/lab/modules.sh" "$(readlink -f "$from/build")" "$work/extra"
	else
		say "no build tree at $from/build: the guest goes without the test modules"
		mkdir "$work/extra"
	fi

	key=$( (fingerprint "$from/kernel" "$from/modules.order"
		find "$work/extra" -type f -exec sha256sum {} + | cut -c1-64 | sort) |
		sha256sum | cut -c1-16)
	part=$cache/modules-$release-$key.cpio
	if [ -e "$part" ]; then
		touch "$part"
		return
	fi
	to=$work/root/lib/modules/$release
	mkdir -p "$to"
	cp -a "$from/kernel" "$to/"
	cp -a "$from"/modules.builtin* "$from/modules.order" "$to/"
	cp -a "$work/extra" "$to/extra"
	depmod -b "$work/root" "$release"
	pack "$work/root" "$part"
	rm -rf "$work/root"
	prune modules
}

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
	prune tools
}

tools_part
cp "$part" "$output"
if [ -n "$modules" ]; then
	modules_part
	cat "$part" >>"$output"
fi
