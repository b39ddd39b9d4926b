#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian-kernel.sh PACKAGE [MODULE...]: fetches the kernel that Debian's meta package PACKAGE
# (linux-image-amd64, linux-image-6.12-amd64) stands for, without installing it, and prints the
# folder that has it: vmlinuz, and under modules/ those modules with what they depend on, and what
# a guest of the lab needs. For lab/vm.sh KERNEL=.../vmlinuz MODULES=.../modules.
set -eu
. "$(dirname -- "$0")/common.sh"

[ $# -ge 1 ] || die "which package?"
meta=$1
shift
name=$(apt-cache depends "$meta" 2>/dev/null | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' |
	head -n 1)
[ -n "$name" ] || die "no package $meta, or it depends on no kernel"

dir=$build/kernel-debian/$name
wanted="virtio_pci virtio_console 9pnet_virtio 9p $*"
mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9
if [ "$(cat "$dir/wanted" 2>/dev/null)" != "$wanted" ]; then
	work=$(mktemp -d "$dir/tmp.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	(cd "$work" && apt-get -qq download "$name" >&2) || die "$name can't be fetched"
	dpkg-deb -x "$work"/*.deb "$work/root"
	release=$(basename "$(echo "$work"/root/boot/vmlinuz-*)" | cut -d- -f2-)
	depmod -b "$work/root" "$release"
	to=$work/modules/lib/modules/$release
	mkdir -p "$to"
	# shellcheck disable=SC2086 # words
	for module in $wanted; do
		modprobe -d "$work/root" -S "$release" --show-depends "$module" 2>/dev/null
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u | while read -r file; do
		install -D -m 644 "$file" "$to/${file#"$work/root/lib/modules/$release/"}"
	done
	cp "$work/root/lib/modules/$release"/modules.builtin* \
		"$work/root/lib/modules/$release/modules.order" "$to/"
	rm -rf "$dir/modules"
	mv "$work/modules" "$dir/modules"
	mv "$work"/root/boot/vmlinuz-* "$dir/vmlinuz"
	echo "$wanted" >"$dir/wanted"
fi
echo "$dir"
