# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What a Debian guest that has come up says of itself, on top of lib.sh. Source it.

. "$(dirname -- "$0")/../vm/lib.sh"

# up: what a guest that is up says of itself, once udev has nothing left to do.
# shellcheck disable=SC2016,SC2034 # it is the guest's shell that expands this
up='udevadm settle
result state "$(systemctl is-system-running --wait)"
result failed "$(systemctl list-units --failed --no-legend)"
result jobs "$(systemctl list-jobs --no-legend | grep -v "^No jobs")"
result root "$(findmnt -no SOURCE,FSTYPE,OPTIONS /)"
result cpus "$(nproc)"
result release "$(uname -r)"
lsmod | sed "s/ .*//; s/^/module=/"
'

# comes_up DESCRIPTION: no unit has failed, and udev has loaded what the CPU asks for.
comes_up()
{
	guest_ok "$1: RUN"
	is "$1: systemd is done, nothing has failed" "$(value state), $(value failed)" 'running, '
	is "$1: no job is left while RUN runs" "$(value jobs)" ''
	like "$1: the root is the disk, to be written to" "$(value root)" '^/dev/vda ext4 +rw'
	for module in aesni_intel sha1_ssse3 sha256_ssse3 sha512_ssse3; do
		like "$1: udev has loaded $module" "$(cat "$out/output.log")" "^module=$module\$"
	done
}
