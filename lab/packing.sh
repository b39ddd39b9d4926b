# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What packs a guest's files starts with this in place of common.sh; $work goes when it ends.
. "$(dirname -- "$0")/common.sh"

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

# prune PREFIX SUFFIX: keeps the newest few.
prune()
{
	find "$cache" -maxdepth 1 -name "$1-*.$2" -printf '%T@ %p\n' | sort -rn |
		sed '1,8d; s/^[^ ]* //' | xargs -r rm -f
}
