#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian-kernel.sh debian-6.1|debian-6.12|debian-7.3 [MODULE...]: fetches Debian's newest kernel of
# that series, without installing it, and prints a folder that has it: vmlinuz, and under modules/
# those modules with what they depend on and what a guest of the lab needs, or all, for the module
# "all". For lab/vm.sh KERNEL=.../vmlinuz MODULES=.../modules.
set -eu
. "$(dirname -- "$0")/common.sh"

[ $# -ge 1 ] || die "which kernel?"
series=${1#debian-}
case $1 in
debian-6.1) suite=bookworm ;;
debian-6.12) suite=trixie ;;
debian-7.3) suite=trixie-backports ;;
*) die "KERNEL=$1: debian-6.1, debian-6.12 or debian-7.3" ;;
esac
shift

apt=$("$top/lab/debian-apt.sh" "$suite")
export APT_CONFIG="$apt/apt.conf"
arch=$(dpkg --print-architecture)
# The suite's lists name superseded ones, too, which a pool need not have any more.
name=$(apt-cache pkgnames linux-image | sort -rV | grep -E \
	"^linux-image-$(echo "$series" | sed 's/\./\\./')(\.[.0-9]+)?(-[0-9]+|\+deb[0-9]+)-$arch\$" |
	head -n 1)
[ -n "$name" ] || die "$suite has no kernel $series"

package=$build/kernel-debian/$name
root=$package/root
mkdir -p "$package"
exec 9>"$package/lock"
flock 9
if [ ! -d "$root" ]; then
	work=$(mktemp -d "$package/tmp.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	# From 7.0 on the image and the modules are packages of their own.
	names=$name
	for part in binary modules base; do
		part=linux-$part-${name#linux-image-}
		[ -z "$(apt-cache pkgnames "$part")" ] || names="$names $part"
	done
	# shellcheck disable=SC2086 # words
	(cd "$work" && apt-get -qq download $names >&2 9>&-) || die "$name can't be fetched"
	for deb in "$work"/*.deb; do
		dpkg-deb -x "$deb" "$work/root"
	done
	# To /usr/lib, where they differ.
	if [ ! -d "$work/root/lib/modules" ]; then
		ln -s usr/lib "$work/root/lib"
	fi
	depmod -b "$work/root" "${name#linux-image-}"
	mv "$work/root" "$root"
fi

release=${name#linux-image-}
vmlinuz=$root/boot/vmlinuz-$release config=$root/boot/config-$release
[ -e "$vmlinuz" ] || vmlinuz=$root/lib/modules/$release/vmlinuz
[ -e "$config" ] || config=$root/lib/modules/$release/config
wanted="virtio_pci virtio_console virtio_blk ext4 9pnet_virtio 9p $*"
dir=$package/$( (echo "$wanted"; cat "$top/lab/debian-kernel.sh") | sha256sum | cut -c1-16)
if [ ! -d "$dir" ]; then
	to=$dir.tmp/modules/lib/modules/$release
	rm -rf "$dir.tmp"
	mkdir -p "$to"
	ln "$vmlinuz" "$dir.tmp/vmlinuz"
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
	cp "$config" "$to/config"
	depmod -b "$dir.tmp/modules" "$release"
	mv "$dir.tmp" "$dir"
fi
echo "$dir"
