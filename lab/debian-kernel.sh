#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian-kernel.sh PACKAGE [MODULE...]: fetches the kernel that Debian's meta package PACKAGE
# (linux-image-amd64, linux-image-6.12-amd64) stands for, without installing it, and prints a
# folder that has it: vmlinuz, and under modules/ those modules with what they depend on, and what
# a guest of the lab needs; or all, for the module "all". For lab/vm.sh KERNEL=.../vmlinuz
# MODULES=.../modules.
set -eu
. "$(dirname -- "$0")/common.sh"

[ $# -ge 1 ] || die "which package?"
meta=$1
shift
name=$(apt-cache depends "$meta" 2>/dev/null | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' |
	head -n 1)
[ -n "$name" ] || die "no package $meta, or it depends on no kernel"

package=$build/kernel-debian/$name
root=$package/root
mkdir -p "$package"
exec 9>"$package/lock"
flock 9
if [ ! -d "$root" ]; then
	work=$(mktemp -d "$package/tmp.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	(cd "$work" && apt-get -qq download "$name" >&2) || die "$name can't be fetched"
	dpkg-deb -x "$work"/*.deb "$work/root"
	depmod -b "$work/root" "$(basename "$work"/root/lib/modules/*)"
	mv "$work/root" "$root"
fi

release=$(basename "$root"/lib/modules/*)
wanted="virtio_pci virtio_console 9pnet_virtio 9p $*"
dir=$package/$(echo "$wanted" | sha256sum | cut -c1-16)
if [ ! -d "$dir" ]; then
	to=$dir.tmp/modules/lib/modules/$release
	rm -rf "$dir.tmp"
	mkdir -p "$to"
	ln "$root/boot/vmlinuz-$release" "$dir.tmp/vmlinuz"
	cd "$root/lib/modules/$release"
	# shellcheck disable=SC2086 # words
	case " $wanted " in
	*" all "*) find kernel -name '*.ko*' ;;
	*) modprobe -d "$root" -S "$release" -a --show-depends $wanted |
		sed -n 's,^insmod .*/\(kernel/[^ ]*\).*,\1,p' ;;
	esac | sort -u | while read -r file; do
		mkdir -p "$to/${file%/*}"
		ln "$file" "$to/$file"
	done
	cp modules.builtin* modules.order "$to/"
	cp "$root/boot/config-$release" "$to/config"
	mv "$dir.tmp" "$dir"
fi
echo "$dir"
