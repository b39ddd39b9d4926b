#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# For dracut: the guest's disk of modules is mounted by the initramfs.

check()
{
	return 0
}

install()
{
	inst_multiple blkid mount
	# shellcheck disable=SC2154 # dracut's own
	inst_hook pre-pivot 90 "$moddir/pre-pivot.sh"
}
