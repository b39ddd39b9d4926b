#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make deb: three packages that lintian has nothing to say about, with what make install installs.
set -u
. "$(dirname -- "$0")/../tap.sh"

for tool in dpkg-buildpackage dh lintian; do
	command -v $tool >/dev/null || skip_all "$tool is not installed"
done

debs=$(make -s -C "$top" deb 2>"$tmp/log") || {
	diag "$(cat "$tmp/log")"
	ok 'make deb' false
	done_testing
	exit 1
}
package()
{
	printf '%s\n' "$debs" | grep "/$1_[^/]*\.deb\$"
}
field()
{
	dpkg-deb -f "$(package "$1")" "$2"
}

is 'packages' "$(printf '%s\n' "$debs" | sed 's,.*/,,; s,_.*,,' | grep -v dbgsym | LC_ALL=C sort | tr '\n' ' ')" \
	'modtrace modtrace-boot modtrace-udev '
is 'lintian: no errors, no warnings' "$(lintian --allow-root --fail-on error,warning \
	"$top"/build/deb/*.changes 2>&1; echo $?)" 0
is 'the version is the tool'"'"'s' "$(field modtrace Version)" \
	"$(sed -n 's/^VERSION := //p' "$top/tools/modtrace/Makefile")"
like 'modtrace needs its libraries' "$(field modtrace Depends)" 'libtraceevent1.*'
like 'modtrace-boot needs modtrace' "$(field modtrace-boot Depends)" '^modtrace \(>='

dest=$tmp/dest
make -s -C "$top" install install-boot install-udev prefix=/usr unitdir=/lib/systemd/system DESTDIR="$dest" \
	>"$tmp/log" 2>&1 || diag "$(cat "$tmp/log")"
is 'what is installed is what make install installs' \
	"$(for name in modtrace modtrace-boot modtrace-udev; do
		dpkg-deb -c "$(package $name)"
	done | sed -n 's,^-.* \./,,p' | grep -v ^usr/share/doc/ | sed 's/\(man[1578].*\)\.gz$/\1/' | sort)" \
	"$(cd "$dest" && find . -type f -printf '%P\n' | sort)"
like 'modtrace-udev needs udev' "$(field modtrace-udev Depends)" '^udev'
ok 'modtrace-udev enables nothing' sh -c "! dpkg-deb -c '$(package modtrace-udev)' | grep -E '\./(etc|.*rules\.d)/'"
is 'modtrace-udev does nothing when it is installed' \
	"$(dpkg-deb --ctrl-tarfile "$(package modtrace-udev)" | tar t | grep -xE './(preinst|postinst)')" ''
like 'there is a place for recordings' "$(dpkg-deb -c "$(package modtrace-boot)")" \
	'^drwxr-xr-x .* \./var/lib/modtrace/$'
for name in modtrace-boot modtrace-udev; do
	is "$name: a new initramfs is asked for" \
		"$(dpkg-deb --ctrl-tarfile "$(package $name)" | tar xO ./triggers | grep -v '^#')" \
		'activate-noawait update-initramfs'
done
done_testing
