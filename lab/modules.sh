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
# shellcheck disable=SC2046 # one word or none
key=$(cat "$top"/lab/modules/* "$top/lab/modules.sh" "$tree/Module.symvers" \
	"$tree/include/config/kernel.release" $(find "$tree/certs" -name signing_key.x509) |
	sha256sum)
if [ "$(cat "$work/key" 2>/dev/null)" != "$key" ]; then
	rm -rf "$work/src"
	cp -r "$top/lab/modules" "$work/src"
	if ! env -u MAKEFLAGS -u MAKELEVEL make -C "$tree" M="$work/src" modules \
			>"$work/log" 2>&1 9>&-; then
		tail -n 20 "$work/log" >&2
		die "the test modules don't build against $tree, see $work/log"
	fi
	# modules_install would sign them, where the kernel's are.
	if [ -e "$tree/certs/signing_key.pem" ]; then
		for module in "$work"/src/*.ko; do
			"$tree/scripts/sign-file" sha256 "$tree/certs/signing_key.pem" \
				"$tree/certs/signing_key.x509" "$module" ||
				die "$module can't be signed"
		done
	fi
	printf '%s\n' "$key" >"$work/key"
fi
cp "$work"/src/*.ko "$dir/"
