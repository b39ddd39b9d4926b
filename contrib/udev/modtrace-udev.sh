#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modtrace-udev enable|disable|status: turns the udev rules that let one CPU ask for all on, or off.
set -eu

rules=80-cpu-modalias.rules
source=@rulesdir@/$rules
# What is changed here, or by what is run here
# shellcheck disable=SC2034 # undo.sh reads it
files="/etc/udev/rules.d/$rules /boot/initr* /boot/*/*/initrd* /efi/*/*/initrd* /var/lib/initramfs-tools"

usage()
{
	cat <<'EOT'
usage: modtrace-udev enable|disable [--no-initramfs] [--root=DIR]
       modtrace-udev status [--root=DIR]

enable links the udev rules that let one CPU ask for the modules of all CPUs into
/etc/udev/rules.d, and rebuilds the initramfs (with update-initramfs or dracut). They
take effect with the next boot, and for events from now on.
disable reverts this.
status prints enabled, disabled, or what else is in their place; exit status 0 if enabled.

  --no-initramfs  don't rebuild the initramfs
  --root=DIR      change the system below DIR, such as an image; implies --no-initramfs
EOT
}

say()
{
	printf 'modtrace-udev: %s\n' "$*"
}

die()
{
	say "$*" >&2
	exit 1
}

has()
{
	command -v "$1" >/dev/null
}

# include undo.sh

end()
{
	trap - EXIT
	trap '' HUP INT TERM
	if [ "$1" -ne 0 ]; then
		# shellcheck disable=SC2154 # kept, of undo.sh
		put_back || die "$doing; copies of what could not be put back are in $kept"
		say "$doing; the rules $otherwise" >&2
	fi
	rm -rf "$kept"
	[ "$1" -eq 0 ] || exit 1
}

# enabled, disabled, or other: a file of that name that isn't this link
state()
{
	if [ "$(readlink "$link")" = "$source" ]; then
		echo enabled
	elif [ -e "$link" ] || [ -L "$link" ]; then
		echo other
	else
		echo disabled
	fi
}

# The rename makes it all there or not there. udev reads no name that doesn't end in .rules.
make_link()
{
	mkdir -p "${link%/*}"
	ln -sf "$source" "$link.new" && mv -fT "$link.new" "$link"
}

remake_initramfs()
{
	[ "$initramfs" = yes ] || return 0
	doing='the initramfs could not be rebuilt'
	if has update-initramfs; then
		update-initramfs -u
	elif has dracut; then
		image=/boot/initrd.img-$(uname -r)
		[ -e "$image" ] || image=''
		# shellcheck disable=SC2086 # no word where the name is dracut's to choose
		dracut --force --quiet $image
	else
		say "neither update-initramfs nor dracut found: an initramfs, if there is one, stays as it is"
	fi
}

# udevd notices by itself, within seconds.
reload()
{
	[ -n "$root" ] || ! has udevadm || udevadm control --reload 2>/dev/null || :
}

command='' root='' initramfs=yes doing='the link could not be changed'
for arg; do
	case $arg in
	-h|--help|help)
		usage
		exit 0 ;;
	--no-initramfs) initramfs=no ;;
	--root=?*)
		root=${arg#--root=}
		initramfs=no
		[ -d "$root" ] || die "$root is not a directory" ;;
	-*) die "unknown option '$arg'; see modtrace-udev --help" ;;
	enable|disable|status)
		[ -z "$command" ] || die "one command only; see modtrace-udev --help"
		command=$arg ;;
	*) die "unknown command '$arg'; see modtrace-udev --help" ;;
	esac
done
[ -n "$command" ] || {
	usage >&2
	exit 1
}
link=$root/etc/udev/rules.d/$rules
[ "$command" = status ] || [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || die "must be run as root"

case $command:$(state) in
status:other)
	echo "$link is not the link that enable makes"
	exit 1 ;;
status:*)
	state
	[ "$(state)" = enabled ] ;;
enable:enabled|disable:disabled)
	say "already ${command}d" ;;
*:other)
	die "$link is not the link that enable makes: remove it first" ;;
enable:*)
	[ -e "$root$source" ] || die "$root$source is missing: install modtrace-udev"
	otherwise='are not enabled'
	[ "$initramfs" = no ] || all_or_nothing
	make_link
	remake_initramfs
	reload
	say "enabled: one CPU asks udev for the modules of all, from the next boot on" ;;
disable:*)
	otherwise='stay enabled'
	[ "$initramfs" = no ] || all_or_nothing
	rm -f "$link"
	remake_initramfs
	reload
	say "disabled: every CPU asks udev again, from the next boot on" ;;
esac
