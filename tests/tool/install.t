#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make install and install-boot put everything where it belongs, and uninstall takes it all away.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs rst2man

dest=$tmp/dest
# run TARGET...: the top Makefile's, into $dest. The parent's make has no say.
run()
{
	(cd "$top" && env -u MAKEFLAGS -u MAKELEVEL make -s "$@" DESTDIR="$dest") >"$tmp/log" 2>&1 || {
		diag "$(cat "$tmp/log")"
		return 1
	}
}

files()
{
	(cd "$dest" && find . -type f -printf '%m %P\n' | sort -k 2)
}

ok 'install' run install prefix=/usr
is 'install: binary, pages, completion' "$(files)" "755 usr/bin/modtrace
644 usr/share/bash-completion/completions/modtrace
$(find "$top/docs/man" -name '*.1.rst' -printf '644 usr/share/man/man1/%f\n' | sed 's/\.rst$//' | sort)
644 usr/share/man/man5/modtrace-formats.5
644 usr/share/man/man7/modtrace-events.7
644 usr/share/man/man8/modtrace-boot.8
644 usr/share/man/man8/modtrace-udev.8"

ok 'install-boot' run install-boot prefix=/usr
is 'install-boot: the rest' "$(files | grep -v -Ee '/(man[1578]|completions)/|bin/modtrace$')" \
	'755 usr/lib/dracut/modules.d/91modtrace/module-setup.sh
755 usr/lib/dracut/modules.d/91modtrace/start.sh
755 usr/lib/dracut/modules.d/91modtrace/stop.sh
755 usr/lib/modtrace/initramfs.sh
755 usr/lib/modtrace/metrics.sh
755 usr/lib/modtrace/picture.sh
644 usr/lib/systemd/system/modtrace-boot-metrics.service
644 usr/lib/systemd/system/modtrace-boot-picture.service
644 usr/lib/systemd/system/modtrace-boot.service
755 usr/sbin/modtrace-boot
755 usr/share/initramfs-tools/hooks/modtrace
755 usr/share/initramfs-tools/scripts/init-bottom/modtrace
755 usr/share/initramfs-tools/scripts/init-top/modtrace'
ok 'install-boot: a place for recordings' test -d "$dest/var/lib/modtrace"
is 'no name of a folder is left to be filled in' "$(grep -rl '@[a-z]*dir@' "$dest")" ''
like 'the unit runs what was installed' "$(cat "$dest/usr/lib/systemd/system/modtrace-boot.service")" \
	'^ExecStart=-/usr/bin/modtrace record --boot '
if command -v systemd-analyze >/dev/null; then
	for unit in modtrace-boot.service modtrace-boot-metrics.service modtrace-boot-picture.service; do
		sed "s,/usr/[a-z/]*modtrace[a-z/.]*,/bin/true," \
			"$dest/usr/lib/systemd/system/$unit" >"$tmp/$unit"
		is "systemd understands $unit" "$(systemd-analyze verify --man=no \
			--recursive-errors=no "$tmp/$unit" 2>&1)" ''
		ok "$unit: systemd-analyze security says 4.0 at most" systemd-analyze security --no-pager \
			--offline=true --threshold=40 "$tmp/$unit" >"$tmp/log"
	done
else
	skip 'systemd-analyze is not installed'
fi
for script in $(cd "$dest" && find usr -type f \( -path '*initramfs*' \
		-o -path usr/sbin/modtrace-boot -o -path '*/dracut/*' \)); do
	ok "$script: its shell can read it" "$(sed -n '1s/^#!//p' "$dest/$script")" -n "$dest/$script"
done
is 'modtrace-boot: nothing to do is an error' \
	"$("$dest/usr/sbin/modtrace-boot" 2>&1 >/dev/null; echo $?)" \
	"$("$dest/usr/sbin/modtrace-boot" --help; echo 1)"
is 'modtrace-boot: an unknown command' "$("$dest/usr/sbin/modtrace-boot" enabel 2>&1; echo $?)" \
	"modtrace-boot: unknown command 'enabel'; see modtrace-boot --help
1"

ok 'uninstall-boot' run uninstall-boot prefix=/usr
is 'uninstall-boot: leaves what install put there' "$(files | wc -l)" \
	$((2 + $(find "$top/docs/man" -name '*.rst' | wc -l)))
ok 'uninstall' run uninstall prefix=/usr
is 'uninstall: nothing is left' "$(files)" ''

# A recording is the user's.
run install-boot
: >"$dest/var/lib/modtrace/boot.data"
ok 'uninstall-boot, with a recording' run uninstall-boot
is 'it stays, and nothing else' "$(files | sed 's/^[0-7]* //')" var/lib/modtrace/boot.data
done_testing
