#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# initramfs.sh start|stop: the recorder in an initramfs, before udev starts and before the root is
# switched. Whatever goes wrong, the boot goes on; the recorder has a line in the kernel's log.
file=/run/modtrace/boot.data
pidfile=/run/modtrace/initramfs.pid

# Not a zombie: those have no file they run.
runs()
{
	[ -e "/proc/$pid/exe" ]
}

case $1 in
start)
	[ -d /sys/kernel/tracing/events ] ||
		mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
	mkdir -p /run/modtrace
	modtrace record --boot --until=handover --output=$file </dev/null >/dev/kmsg 2>&1 &
	echo $! >$pidfile ;;
stop)
	[ -e $pidfile ] || exit 0
	read -r pid <$pidfile
	rm -f $pidfile
	! runs || kill "$pid"
	tries=0
	while runs && [ $tries -lt 200 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	# What it wrote can be read up to its last second, and the kernel's buffer has the rest.
	! runs || {
		kill -9 "$pid"
		echo "modtrace: the recorder in the initramfs did not end in time; it was killed" >/dev/kmsg
	} ;;
esac
exit 0
