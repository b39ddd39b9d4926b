#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# deb.sh: builds the Debian packages modtrace, modtrace-boot and modtrace-udev into build/deb/, unless
# what they are made of is what they were made of, and prints their files.
set -eu
. "$(dirname -- "$0")/common.sh"

deb=$build/deb
parts="tools/modtrace contrib docs/man Makefile COPYING"
mkdir -p "$deb"
exec 9>"$deb/lock"
flock 9
# shellcheck disable=SC2086 # words
key=$(cd "$top" && find $parts lab/deb.sh -type f -exec sha256sum {} + |
	LC_ALL=C sort -k 2 | sha256sum)
if [ "$(cat "$deb/inputs" 2>/dev/null)" != "$key" ]; then
	rm -rf "$deb"/modtrace* "$deb/inputs" "$deb/source"
	source=$deb/source/modtrace
	mkdir -p "$source"
	# shellcheck disable=SC2086
	(cd "$top" && tar cf - $parts) | tar xf - -C "$source"
	mv "$source/contrib/debian" "$source/debian"
	(cd "$source" && env -u MAKEFLAGS -u MAKELEVEL nice dpkg-buildpackage -b -us -uc) \
			>"$deb/build.log" 2>&1 9>&- || {
		tail -n 20 "$deb/build.log" >&2
		die "the packages don't build, see $deb/build.log"
	}
	mv "$deb/source"/modtrace?* "$deb/"
	rm -rf "$deb/source"
	echo "$key" >"$deb/inputs"
fi
printf '%s\n' "$deb"/*.deb
