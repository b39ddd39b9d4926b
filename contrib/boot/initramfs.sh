#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# initramfs.sh start|stop: the recorder in an initramfs, before udev starts and before the root is
# switched. Whatever goes wrong, the boot goes on, within two seconds, and the kernel's log has a line.
folder=/run/modtrace

say()
{
	echo "modtrace: the recorder in the initramfs $*" >>/dev/kmsg
}

# Not a zombie: those have no file they run.
runs()
{
	[ -e "/proc/$pid/exe" ]
}

# In hundredths of a second
uptime()
{
	read -r now _ </proc/uptime
	now=$((${now%.*} * 100 + 1${now#*.} - 100))
}

case $1 in
start)
	[ -d /sys/kernel/tracing/events ] ||
		mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
	mkdir -p $folder 2>/dev/null
	# Which process it is, a name tells: an empty file has room in a full /run, too. Somebody waits for
	# it, and says if it ends by anything but an error, which it says itself; start doesn't.
	: "$({
		modtrace record --boot --until=handover --output=$folder/boot.data </dev/null >>/dev/kmsg 2>&1 &
		true >$folder/initramfs.$! || {
			kill -9 $!
			say "was not started: $folder can't be written to"
			exit
		}
		exec >/dev/null
		wait $!
		status=$?
		[ $status -le 1 ] || [ ! -e $folder/initramfs.$! ] || say "ended with status $status"
	} 2>/dev/null &)" ;;
stop)
	for file in "$folder"/initramfs.*; do
		[ -e "$file" ] || break
		rm "$file"
		pid=${file##*.}
		! runs || kill "$pid" 2>/dev/null
		uptime
		end=$((now + 150))
		while runs && [ $now -lt $end ]; do
			sleep 0.05
			uptime
		done
		# What it wrote can be read up to its last second, and the kernel's buffer has the rest.
		! runs || {
			kill -9 "$pid"
			say "did not end in time; it was killed"
		}
	done ;;
esac
exit 0
