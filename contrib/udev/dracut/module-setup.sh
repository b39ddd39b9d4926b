#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# For dracut: brings the rules of modtrace-udev into the initramfs, if they are enabled.

check()
{
	# shellcheck disable=SC2154 # dracut's own
	[ -e "${dracutsysrootdir-}/etc/udev/rules.d/80-cpu-modalias.rules" ]
}

depends()
{
	echo udev-rules
}

install()
{
	inst_simple /etc/udev/rules.d/80-cpu-modalias.rules
}
