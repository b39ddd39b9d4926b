#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modtrace-boot enable|disable: sets up boot recording on this system, or reverts that.
set -eu

unit=modtrace-boot.service
grub=/etc/default/grub.d
grub_file=$grub/modtrace.cfg
drop_ins=/etc/systemd/system/$unit.d

usage()
{
	cat <<'EOT'
usage: modtrace-boot enable [--cpus=N] [--stock] [--metrics] [--svg]
       modtrace-boot disable

enable records the module loads of every boot, starting with the next one: it adds kernel
command-line parameters (with GRUB's /etc/default/grub.d or with grubby; for other boot loaders it
prints them), adds the recorder to the initramfs (with update-initramfs or dracut), and enables
modtrace-boot.service, which ends the recording when the boot has settled.
disable reverts all of this.

  --cpus=N   size the kernel's buffers for N CPUs (default: those of this machine)
  --stock    parameters for an unpatched kernel
  --metrics  have metrics of each boot written for node_exporter
  --svg      have each boot drawn as /var/lib/modtrace/boot.svg

After the next boot: modtrace report -i /var/lib/modtrace/boot.data
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

# Sets the kernel command-line parameters to $1; removes them if it is empty.
set_parameters()
{
	if [ -d $grub ] && has update-grub; then
		if [ -n "$1" ]; then
			# shellcheck disable=SC2016 # it is grub-mkconfig that expands this
			printf 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX %s"\n' "$1" >$grub_file
		else
			rm -f $grub_file
		fi
		update-grub
		say "updated GRUB's menu with $grub_file"
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
		say "updated the boot loader's entries"
	elif [ -n "$1" ]; then
		say "unknown boot loader; add these parameters to the kernel command line:"
		printf '%s\n' "$1"
	else
		say "unknown boot loader; remove the parameters that begin with trace_ and" \
			"kprobe_event from the kernel command line"
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
		say "neither update-initramfs nor dracut found: recording starts with systemd"
	fi
}

# What modtrace-boot-$1.service does is done when the recorder has ended, if $2 is yes.
set_follower()
{
	drop_in=$drop_ins/$1.conf
	if [ "$2" = yes ]; then
		mkdir -p "$drop_ins"
		printf '[Unit]\nOnSuccess=modtrace-boot-%s.service\n' "$1" >"$drop_in"
		say "$1 of each boot: by modtrace-boot-$1.service"
	elif [ -e "$drop_in" ]; then
		rm -f "$drop_in"
		rmdir --ignore-fail-on-non-empty "$drop_ins"
	else
		return 0
	fi
	systemctl daemon-reload
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
	[ "$(id -u)" -eq 0 ] || die "must be run as root" ;;
*)
	die "unknown command '$command'; see modtrace-boot --help" ;;
esac

if [ "$command" = enable ]; then
	metrics=no picture=no
	for option; do
		shift
		case $option in
		--metrics) metrics=yes ;;
		--svg) picture=yes ;;
		*) set -- "$@" "$option" ;;
		esac
	done
	line=$(@bindir@/modtrace record --boot-cmdline "$@")
	systemctl -q enable $unit
	set_follower metrics $metrics
	set_follower picture $picture
	remake_initramfs
	set_parameters "$line"
	say "the next boot will be recorded to /var/lib/modtrace/boot.data"
else
	[ $# -eq 0 ] || die "disable takes no options"
	systemctl -q disable $unit
	set_follower metrics no
	set_follower picture no
	remake_initramfs
	set_parameters ''
fi
