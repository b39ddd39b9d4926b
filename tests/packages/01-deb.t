#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make deb: three packages that lintian has nothing to say about, with what make install installs.
set -u
. "$(dirname -- "$0")/../tap.sh"

needs dpkg-buildpackage dh lintian

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
# A root to which they are installed for good: this one, with what is changed elsewhere.
changed=$tmp/changed
mkdir "$changed" "$tmp/work" "$tmp/root" "$tmp/debs"
for name in modtrace modtrace-boot modtrace-udev; do
	cp "$(package $name)" "$tmp/debs/$name.deb"
done
# in_root COMMAND: in there, with its output in $tmp/log
in_root()
{
	# shellcheck disable=SC2016 # the inner shell's
	unshare -m sh -c 'mount -t overlay -o lowerdir=/,upperdir="$1",workdir="$2" overlay "$3" &&
		mount -t tmpfs tmpfs "$3/tmp" && mount -t tmpfs tmpfs "$3/run" && mount -t proc proc "$3/proc" &&
		mount --bind /dev "$3/dev" &&
		cp "$4"/*.deb "$3/tmp" && exec chroot "$3" sh -c "$5"' sh "$changed" "$tmp/work" "$tmp/root" "$tmp/debs" "$1" \
		>"$tmp/log" 2>&1
}
# What has changed there, but for what dpkg and its tools keep for themselves
left()
{
	(cd "$changed" && find . ! -type d ! -path './var/lib/dpkg/*' ! -path './var/log/*' ! -path './var/cache/*' \
		! -path './etc/ld.so.cache' | LC_ALL=C sort)
}
if [ "$(id -u)" -eq 0 ] && in_root :; then
	is 'they are installed' "$(in_root 'echo "#!/bin/sh" >/usr/sbin/update-grub; chmod 755 /usr/sbin/update-grub
		mkdir -p /etc/default/grub.d; dpkg --force-depends -i /tmp/*.deb' || cat "$tmp/log")" ''
	is 'that enables nothing' "$(left | grep -E '^\./(etc/systemd|etc/udev|etc/default/grub|lib/systemd/.*wants/|usr/lib/systemd/.*wants/)')" ''
	is 'modtrace-boot enable, modtrace-udev enable' "$(in_root 'modtrace-boot enable --svg && modtrace-udev enable' || cat "$tmp/log")" ''
	is 'that does' "$(left | grep ^./etc/)" './etc/default/grub.d/modtrace.cfg
./etc/systemd/system/modtrace-boot.service.d/picture.conf
./etc/systemd/system/sysinit.target.wants/modtrace-boot.service
./etc/udev/rules.d/80-cpu-modalias.rules'
	is 'they are removed' "$(in_root 'dpkg -r modtrace-udev modtrace-boot modtrace' || cat "$tmp/log")" ''
	is 'no link is left, and no file but what tells systemd' "$(left | grep -v ^./var/lib/systemd/deb-systemd-helper-)" \
		./usr/sbin/update-grub
	is 'they are purged' "$(in_root 'dpkg -P modtrace-udev modtrace-boot modtrace' || cat "$tmp/log")" ''
	is 'nothing is left' "$(left)" ./usr/sbin/update-grub
else
	skip "not root, or no overlay: installing for good: $(head -n 1 "$tmp/log")"
fi

for name in modtrace-boot modtrace-udev; do
	is "$name: a new initramfs is asked for" \
		"$(dpkg-deb --ctrl-tarfile "$(package $name)" | tar xO ./triggers | grep -v '^#')" \
		'activate-noawait update-initramfs'
done
done_testing
