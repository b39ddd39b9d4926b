#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest-modules.sh BZIMAGE MODULES cpio|ext4: packs a kernel's modules and the lab's test modules,
# and prints the file: a part of an initramfs, or a disk labelled "modules" to be mounted at
# /lib/modules. MODULES is what INSTALL_MOD_PATH was at modules_install.
set -eu
. "$(dirname -- "$0")/packing.sh"

bzimage=$1 modules=$2 kind=$3
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

# A distribution's kernel has its configuration beside it.
config=$from/config
[ -e "$config" ] || config=$from/build/.config

key=$( (fingerprint "$from/kernel" "$from/modules.order"
	cat "$config" 2>/dev/null
	find "$work/extra" -type f -exec sha256sum {} + | cut -c1-64 | sort) |
	sha256sum | cut -c1-16)
part=$cache/modules-$release-$key.$kind
if [ -e "$part" ]; then
	touch "$part"
	echo "$part"
	exit 0
fi
to=$work/root/lib/modules/$release
mkdir -p "$to"
cp -a "$from/kernel" "$to/"
cp -a "$from"/modules.builtin* "$from/modules.order" "$to/"
[ ! -e "$config" ] || cp "$config" "$to/config"
cp -a "$work/extra" "$to/extra"
depmod -b "$work/root" "$release"
case $kind in
cpio)
	pack "$work/root" "$part" ;;
ext4)
	megabytes=$(du -sm "$work/root" | cut -f1)
	mke2fs -q -t ext4 -L modules -E root_owner=0:0 -O ^has_journal \
		-d "$work/root/lib/modules" "$work/ext4" $((megabytes * 5 / 4 + 16))M >/dev/null
	mv "$work/ext4" "$part" ;;
esac
prune modules "$kind"
echo "$part"
