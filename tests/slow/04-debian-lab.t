#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Debian's own kernels under Debian's user space: each pair that the lab offers comes up, with an
# initramfs of its own and without, and nothing is left of them on this machine.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

before=$(apt-config dump; apt-get indextargets; dpkg-query -W | sha256sum)

# up KERNEL ROOTFS NAME [SETTING]...: it comes up as that release, with that kernel.
up()
{
	kernel=$1 rootfs=$2 name=$3
	shift 3
	what="$kernel, $rootfs${*:+, $*}"
	"$top/lab/debian-kernel.sh" "$kernel" all >/dev/null 2>"$tmp/fetch.log" || {
		skip "$kernel can't be had: $(tail -n 1 "$tmp/fetch.log")"
		return 0
	}
	guest KERNEL="$kernel" ROOTFS="$rootfs" CPUS=4 TIMEOUT=600 "$@" <<'EOG'
. /etc/os-release
result name "$VERSION_CODENAME"
result release "$(uname -r)"
result state "$(systemctl is-system-running --wait)"
result failed "$(systemctl list-units --failed --no-legend)"
result version "$(modtrace --version)"
result storm "$(storm -h 2>&1 | wc -l)"
result perf "$(perf --version | cut -d' ' -f1)"
result btf "$(ls /sys/kernel/btf/vmlinux)"
result virtio "$(lsmod | grep -c ^virtio_blk)"
EOG
	guest_ok "$what: RUN"
	is "$what: the release" "$(value name)" "$name"
	like "$what: the kernel" "$(value release)" "^${kernel#debian-}[.0-9]*"
	is "$what: all is up, nothing has failed" "$(value state), $(value failed)" 'running, '
	like "$what: modtrace runs there" "$(value version)" '^modtrace [0-9]'
	is "$what: so does perf" "$(value perf)" perf
	is "$what: the kernel has its type information" "$(value btf)" /sys/kernel/btf/vmlinux
	is "$what: its disk is driven by a module" "$(value virtio)" 1
}

up debian-6.1 debian12 bookworm
up debian-6.12 debian12 bookworm
up debian-6.12 debian13 trixie
up debian-6.12 debian13 trixie INITRD=initramfs-tools
up debian-7.3 debian13 trixie
up debian-7.3 debian14 forky
up debian-7.3 debian14 forky INITRD=dracut

is "this machine's apt and packages are as they were" \
	"$(apt-config dump; apt-get indextargets; dpkg-query -W | sha256sum)" "$before"
hosts=$(sed -n 's,^deb [^ ]* [a-z]*://\([^/]*\).*,\1,p' "$top"/build/apt/*/sources.list | sort -u)
is 'no mirror is named in what is committed' \
	"$(cd "$top" && for host in $hosts; do git grep -lF "$host" -- lab tests bench; done)" ''
done_testing
