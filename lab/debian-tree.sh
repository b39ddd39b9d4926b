#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian-tree.sh SUITE PACKAGE...: a Debian release (trixie, forky) with these packages as a folder to chroot
# into, unless it is made, and prints it. It has no mounts: who uses it binds what is needed. For root.
set -eu
. "$(dirname -- "$0")/common.sh"

suite=$1
shift
packages=$(printf '%s\n' "$@" | paste -sd,)
trees=$build/trees
mkdir -p "$trees"
key=$(echo "$suite $packages" | sha256sum | cut -c1-16)
tree=$trees/$suite-$key
exec 9>"$trees/$suite.lock"
flock 9
if [ -e "$tree/.made" ]; then
	touch "$tree/.made"
	echo "$tree"
	exit 0
fi

# Those used last are kept.
find "$trees" -maxdepth 2 -path "*/$suite-*/.made" -printf '%T@ %h\n' | sort -rn |
	sed '1,2d; s/^[^ ]* //' | xargs -r rm -rf
rm -rf "$tree"
apt=$("$top/lab/debian-apt.sh" "$suite")
grep '^Acquire::' "$apt/apt.conf" >"$trees/$suite.conf"
say "making a tree of $suite, log in $trees/$suite.log"
begin=$(cut -d. -f1 /proc/uptime)
mmdebstrap --variant=minbase --include="$packages" --format=directory \
	--aptopt="$trees/$suite.conf" "$suite" "$tree" "$apt/sources.list" \
	>"$trees/$suite.log" 2>&1 9>&- || {
	tail -n 20 "$trees/$suite.log" >&2
	rm -rf "$tree"
	die "no tree of $suite"
}
rm -rf "$tree/var/cache/apt/archives"/*.deb
touch "$tree/.made"
say "made in $(($(cut -d. -f1 /proc/uptime) - begin)) s, $(du -sm "$tree" | cut -f1) MiB"
echo "$tree"
