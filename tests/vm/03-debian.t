#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A Debian guest comes up as Debian does. With an initramfs: tests/slow/03-debian.t; of dracut's:
# tests/slow/04-debian-lab.t.
set -u
. "$(dirname -- "$0")/comes-up.sh"

guest ROOTFS=debian CPUS=4 <<EOF
$up
result initramfs "\$(ls -d /run/initramfs 2>/dev/null)"
EOF
comes_up 'no initramfs'
is 'no initramfs: there was none' "$(value initramfs)" ''
is 'no initramfs: all CPUs are up' "$(value cpus)" 4

done_testing
