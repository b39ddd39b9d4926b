#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modtrace-boot enable|disable: sets up boot recording on this system, or reverts that.
set -eu

unit=modtrace-boot.service
drop_ins=/etc/systemd/system/$unit.d
grub=/etc/default/grub.d
grub_file=$grub/modtrace.cfg
grub_mark='# By modtrace-boot enable, with the next line. modtrace-boot disable removes both.'
# What grubby changes, and what there was before it added $remembered/words
entries='/boot/loader/entries /boot/grub*/grubenv /etc/default/grub /etc/kernel/cmdline'
remembered=/var/lib/modtrace/grubby
# What is changed here, or by what is run here
# shellcheck disable=SC2034 # undo.sh reads it
files="/etc/systemd/system/sysinit.target.wants/$unit $drop_ins $grub_file /boot/grub*/grub.cfg* $entries
	$remembered /boot/initr* /boot/*/*/initrd* /efi/*/*/initrd* /var/lib/initramfs-tools"

usage()
{
	cat <<'EOT'
usage: modtrace-boot enable [--cpus=N] [--for=KIND] [--metrics] [--svg]
       modtrace-boot disable

enable records the module loads of every boot, starting with the next one: it adds kernel
command-line parameters (with GRUB's /etc/default/grub.d or with grubby; for other boot loaders it
prints them), adds the recorder to the initramfs (with update-initramfs or dracut), and enables
modtrace-boot.service, which ends the recording when the boot has settled.
disable reverts all of this.

  --cpus=N   size the kernel's buffers for N CPUs (default: those of this machine)
  --for=KIND parameters for a kernel that is patched or stock, not for the one that runs
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

# include undo.sh

end()
{
	trap - EXIT
	trap '' HUP INT TERM
	if [ "$1" -ne 0 ]; then
		# shellcheck disable=SC2154 # kept, of undo.sh
		put_back || die "$doing failed; copies of what could not be put back are in $kept"
		rmdir --ignore-fail-on-non-empty $drop_ins $remembered 2>/dev/null || :
		systemctl daemon-reload 2>/dev/null || :
		say "$doing failed: everything is as it was before" >&2
	fi
	rm -rf "$kept"
	[ "$1" -eq 0 ] || exit 1
}

run()
{
	doing=$1
	"$@"
}

# Who has a file of that name keeps it: the parameters are two lines at its end.
set_grub()
{
	doing=$grub_file
	if [ -e $grub_file ]; then
		first=$(head -n 1 $grub_file)
		sed -zi "s/\(^\|\n\)$grub_mark\n[^\n]*\n//" $grub_file
		[ "$first" != "$grub_mark" ] || [ -s $grub_file ] || rm $grub_file
	fi
	if [ -n "$1" ]; then
		[ ! -e $grub_file ] || echo >>$grub_file
		# Its quotes are for GRUB, not for the shell.
		words=$(printf '%s\n' "$1" | sed 's/"/\\"/g')
		# shellcheck disable=SC2016 # it is grub-mkconfig that expands this
		printf '%s\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX %s"\n' "$grub_mark" "$words" >>$grub_file
	fi
	run update-grub
}

# grubby replaces parameters of the same name. So an entry that is as it was left becomes what it was
# before; of others, those made since among them, the parameters are removed. By their names, as grubby
# takes the rest for a pattern.
set_grubby()
{
	doing=$remembered
	if [ -e $remembered/words ]; then
		words=$(cat $remembered/words)
		left=$(existing "$entries" | while read -r file; do
			! cmp -s $remembered/after"$file" "$file" || echo "$file"
		done)
		run grubby --update-kernel=ALL \
			--remove-args="$(echo "$words" | sed 's/=[^ ]*//g')"
		for file in $left; do
			if [ -e $remembered/before"$file" ]; then
				cp -a $remembered/before"$file" "$file"
			else
				rm "$file"
			fi
		done
	fi
	rm -rf $remembered
	[ -n "$1" ] || return 0
	save "$entries" $remembered/before
	run grubby --update-kernel=ALL --args="$1"
	save "$entries" $remembered/after
	echo "$1" >$remembered/words
}

# Sets the kernel command-line parameters to $1; removes them if it is empty.
set_parameters()
{
	if [ -d $grub ] && has update-grub; then
		set_grub "$1"
		say "updated GRUB's menu with $grub_file"
	elif has grubby; then
		set_grubby "$1"
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
		run update-initramfs -u
	elif has dracut; then
		image=/boot/initrd.img-$(uname -r)
		[ -e "$image" ] || image=''
		# shellcheck disable=SC2086 # no word where the name is dracut's to choose
		run dracut --force --quiet $image
	else
		say "neither update-initramfs nor dracut found: recording starts with systemd"
	fi
}

# What modtrace-boot-$1.service does is done when the recorder has ended, if $2 is yes.
set_follower()
{
	doing=$drop_ins
	if [ "$2" = yes ]; then
		mkdir -p "$drop_ins"
		printf '[Unit]\nOnSuccess=modtrace-boot-%s.service\n' "$1" >"$drop_ins/$1.conf"
	elif [ -e "$drop_ins/$1.conf" ]; then
		rm -f "$drop_ins/$1.conf"
		rmdir --ignore-fail-on-non-empty "$drop_ins"
	fi
}

# An image that is being made has no systemd that runs.
reload()
{
	doing=systemctl
	systemctl daemon-reload || [ ! -d /run/systemd/system ]
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
	all_or_nothing
	run systemctl -q enable $unit
	set_follower metrics $metrics
	set_follower picture $picture
	reload
	remake_initramfs
	set_parameters "$line"
	[ $metrics = no ] || say "metrics of each boot: by modtrace-boot-metrics.service"
	[ $picture = no ] || say "a picture of each boot: by modtrace-boot-picture.service"
	say "the next boot will be recorded to /var/lib/modtrace/boot.data"
else
	[ $# -eq 0 ] || die "disable takes no options"
	all_or_nothing
	run systemctl -q disable $unit
	set_follower metrics no
	set_follower picture no
	reload
	remake_initramfs
	set_parameters ''
fi
