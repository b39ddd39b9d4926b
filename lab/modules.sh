#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modules.sh TREE DIR: builds lab/modules/ against a configured and built kernel tree and
# leaves the .ko files in DIR. Only what changed is built again.
set -eu
. "$(dirname -- "$0")/common.sh"

tree=$1 dir=$2
work=$build/lab/modules/$(printf '%s' "$tree" | sha256sum | cut -c1-16)
mkdir -p "$work" "$dir"
exec 9>"$work/lock"
flock 9

# A kernel built anew may want other symbols: then everything is built again.
key=$(cat "$top"/lab/modules/* "$tree/Module.symvers" "$tree/include/config/kernel.release" |
	sha256sum)
if [ "$(cat "$work/key" 2>/dev/null)" != "$key" ]; then
	rm -rf "$work/src"
	cp -r "$top/lab/modules" "$work/src"
	if ! env -u MAKEFLAGS -u MAKELEVEL make -C "$tree" M="$work/src" modules \
			>"$work/log" 2>&1 9>&-; then
		tail -n 20 "$work/log" >&2
		die "the test modules don't build against $tree, see $work/log"
	fi
	printf '%s\n' "$key" >"$work/key"
fi
cp "$work"/src/*.ko "$dir/"
