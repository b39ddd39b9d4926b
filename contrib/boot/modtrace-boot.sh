#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modtrace-boot enable|disable: sets boot recording up on this system, or takes it back.
set -eu

unit=modtrace-boot.service
grub=/etc/default/grub.d
grub_file=$grub/modtrace.cfg

usage()
{
	cat <<'EOT'
usage: modtrace-boot enable [OPTION...]   record the module loads of every boot from now on
       modtrace-boot disable              as it was before
OPTION is one of "modtrace record --boot-cmdline": --cpus=N, --stock.

enable puts words on the kernel's command line (with GRUB's /etc/default/grub.d, or grubby; with
another boot loader it says which words to put there), brings the recorder into the initramfs
(with update-initramfs or dracut), and enables modtrace-boot.service, which ends the recording when
the boot has settled. Then: modtrace report -i /var/lib/modtrace/boot.data
EOT
}

say()
{
	printf 'modtrace-boot: %s\n' "$*"
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

# The boot loader's words; $1 is empty to take them away.
set_words()
{
	if [ -d $grub ] && has update-grub; then
		if [ -n "$1" ]; then
			# shellcheck disable=SC2016 # it is grub-mkconfig that expands this
			printf 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX %s"\n' "$1" >$grub_file
		else
			rm -f $grub_file
		fi
		update-grub
		say "GRUB's menu is made anew, with $grub_file"
	elif has grubby; then
		if [ -n "$1" ]; then
			grubby --update-kernel=ALL --args="$1"
			mkdir -p /var/lib/modtrace
			echo "$1" >/var/lib/modtrace/words
		elif [ -e /var/lib/modtrace/words ]; then
			grubby --update-kernel=ALL \
				--remove-args="$(cat /var/lib/modtrace/words)"
			rm -f /var/lib/modtrace/words
		fi
		say "the boot loader's entries are changed"
	elif [ -n "$1" ]; then
		say "put these words on the kernel's command line, the boot loader isn't known here:"
		printf '%s\n' "$1"
	else
		say "take the words that begin with trace_ and kprobe_event off the kernel's" \
			"command line, the boot loader isn't known here"
	fi
}

# The recorder is in an initramfs that is made while the unit is enabled.
remake_initramfs()
{
	if has update-initramfs; then
		update-initramfs -u
	elif has dracut; then
		image=/boot/initrd.img-$(uname -r)
		[ -e "$image" ] || image=''
		# shellcheck disable=SC2086 # no word where the name is dracut's to choose
		dracut --force --quiet $image
	else
		say "neither update-initramfs nor dracut: recorded from when systemd starts"
	fi
}

[ $# -gt 0 ] || {
	usage >&2
	exit 1
}
command=$1
shift
case $command in
-h|--help|help)
	usage
	exit 0 ;;
enable|disable)
	[ "$(id -u)" -eq 0 ] || die "only root can do this" ;;
*)
	die "'$command' is neither enable nor disable; see modtrace-boot --help" ;;
esac

if [ "$command" = enable ]; then
	line=$(@bindir@/modtrace record --boot-cmdline "$@")
	systemctl -q enable $unit
	remake_initramfs
	set_words "$line"
	say "the next boot is recorded to /var/lib/modtrace/boot.data"
else
	[ $# -eq 0 ] || die "disable has no options"
	systemctl -q disable $unit
	remake_initramfs
	set_words ''
fi
