#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The patched kernel in a guest, under storms of many kinds that go on, with modtrace live on the
# guest's console, which is this terminal. q ends it.
#
#	lab/demo-live.sh [CPUS]		(default 8)
set -eu
. "$(dirname -- "$0")/common.sh"

case ${1-} in
-h|--help)
	sed -n '3,6s/^# \{0,1\}//p' "$0"
	exit 0 ;;
esac
cpus=${1:-8}
[ -t 0 ] && [ -t 1 ] || die "this is to be looked at: it needs a terminal"

# The guest knows few kinds of terminals.
case ${TERM-} in
xterm|xterm-256color|linux|screen|tmux|tmux-256color|vt100|vt220) ;;
xterm*|*-256color) TERM=xterm-256color ;;
*) TERM=vt100 ;;
esac

run_script()
{
	echo "rows=${2% *} columns=${2#* } TERM=$TERM"
	cat "$top/lab/storms.sh"
	cat <<'EOF'
export TERM LC_ALL=C.UTF-8
storms_prepare
while storms_once; do :; done >/dev/null 2>&1 &
dmesg -n 1
console=/dev/ttyS0
stty -F $console sane rows $rows cols $columns
setsid -c modtrace live <$console >$console 2>&1
EOF
}

built=$("$top/lab/kernel.sh" v6.1)
"$top/lab/tools.sh"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/modtrace-live.XXXXXX")
saved=$(stty -g)
size=$(stty size)
trap 'stty "$saved"; rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

"$top/lab/initramfs.sh" "$built/bzImage" "$built/modules" "$tmp/initrd"
mkdir -p "$tmp/run/lab" "$tmp/out"
run_script "$cpus" "$size" >"$tmp/run/lab/run"
(cd "$tmp/run" && find . -print0 | cpio -0 -o -H newc -R 0:0 --quiet) >>"$tmp/initrd"

accel=tcg,thread=multi,tb-size=512
append="console=ttyS0 panic=-1 quiet loglevel=1 tsc=reliable nowatchdog"
if grep -Eqw 'vmx|svm' /proc/cpuinfo && [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
	accel=kvm
else
	append="$append lpj=5000000 rcupdate.rcu_cpu_stall_suppress=1"
fi
say "the guest boots; its screen comes in half a minute or so, and q ends it"
qemu-system-x86_64 -nodefaults -display none -no-reboot \
	-machine q35 -accel "$accel" -cpu max -smp "$cpus" -m 2G \
	-kernel "$built/bzImage" -initrd "$tmp/initrd" -append "$append" \
	-virtfs "local,path=$tmp/out,mount_tag=out,security_model=none,multidevs=remap" \
	-chardev stdio,id=console,signal=off -serial chardev:console
