#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# For dracut: the recorder runs from before udev until the root is switched. The hooks are the same
# with systemd in the initramfs and without: its services leave what they started alone.

check()
{
	[ -x @bindir@/modtrace ] || return 1
	# Where boots are recorded.
	[ -e /etc/systemd/system/sysinit.target.wants/modtrace-boot.service ]
}

depends()
{
	echo base
}

install()
{
	inst @bindir@/modtrace /usr/bin/modtrace
	inst_simple @libexecdir@/initramfs.sh /usr/bin/modtrace-initramfs
	inst_multiple mount mkdir rm sleep
	# shellcheck disable=SC2154 # dracut's own
	inst_hook pre-udev 01 "$moddir/start.sh"
	inst_hook pre-pivot 99 "$moddir/stop.sh"
}
