#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The rules of modtrace-udev on an unpatched kernel: a boot before, one with them, and one after the
# package was purged; and what else the rules may touch (contrib/udev/README.md).
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

needs jq
needs dpkg-buildpackage dh

extra=$tmp/extra
mkdir "$extra"
"$top/lab/deb.sh" >/dev/null 2>"$tmp/log" || {
	diag "$(cat "$tmp/log")"
	echo 'Bail out! the packages do not build'
	exit 1
}
cp "$top"/build/deb/modtrace-udev_*.deb "$top/contrib/udev/systemd-rules.patch" "$extra/"
"$top/lab/tools.sh"
words=$("$top/build/modtrace/modtrace" record --boot-cmdline --for=stock --release=6.1.0 \
	--cpus=16 2>/dev/null)

# What each boot begins with. again is how many attempts a second coldplug of all CPUs and
# processors makes, with their modules unloaded: with one worker there are no races, and the number is
# the same each time.
# shellcheck disable=SC2016 # it is the guest that expands this
begin='settle() { udevadm settle --timeout=300; }
settle
modtrace record --boot --until=settle -o /tmp/boot.data && cp /tmp/boot.data /out/
lsmod | sed "1d; s/ .*//" | sort >/out/modules
files() {
	find /etc /usr /boot -xdev -path /usr/lib/modules -prune -o \
		! -name ld.so.cache ! -type d -printf "%y %m %s %l %p\n" | sort >/out/files
}
unload() {
	for pass in 1 2 3; do
		for module in $(lsmod | sed "1d; s/ .*//"); do
			rmmod $module 2>/dev/null
		done
	done
}
attempts() {
	modtrace record -o /tmp/again.data -- "$@" >/dev/null 2>&1
	modtrace report -i /tmp/again.data --format=json | jq .totals.attempts
}
coldplug="udevadm trigger --action=add --subsystem-match=cpu --subsystem-match=acpi --settle"
again() {
	unload
	# Those that wait for work are not ended by a lower maximum.
	systemctl restart systemd-udevd
	udevadm control --children-max=1
	attempts $coldplug
}
'

# boot [NAME=value]...
boot()
{
	guest KERNEL=v6.1-stock ROOTFS=debian CPUS=16 DISK="$tmp/disk" EXTRA="$extra" TIMEOUT=900 "$@"
}

# json EXPRESSION: of the last boot's report
json()
{
	"$top/build/modtrace/modtrace" report -i "$out/boot.data" --format=json 2>"$tmp/err" |
		jq -c "$1" 2>&1
}

boot APPEND="$words" <<EOF
$begin
result again \$(again)
files
dpkg -i /extra/modtrace-udev_*.deb
result dpkg \$?
result installed "\$(modtrace-udev status)"
result unchanged \$(again)
modtrace-udev enable
result enable \$?
result enabled "\$(modtrace-udev status)"
EOF
guest_ok 'a boot without the rules'
before=$out again=$(value again)
ok 'it has a storm' test "$(json .totals.attempts)" -gt 100
ok 'that wastes memory' test "$(json .totals.wasted_bytes)" -gt 1000000
is 'no event is lost' "$(json .recording.lost)" 0
is 'the package is installed' "$(value dpkg), $(value installed)" '0, disabled'
is 'and changes nothing' "$(value unchanged)" "$again"
is 'enable' "$(value enable), $(value enabled)" '0, enabled'

boot APPEND="$words" <<EOF
$begin
result again \$(again)
cpus=/sys/devices/system/cpu
result same "\$(cat \$cpus/cpu*/uevent | grep ^MODALIAS= | sort -u | wc -l)"
result change "\$(attempts udevadm trigger --subsystem-match=cpu --subsystem-match=acpi --settle)"
result online "\$(attempts sh -c "echo 0 >\$cpus/cpu3/online; echo 1 >\$cpus/cpu3/online; udevadm settle")"

add() { echo add >\$cpus/\$1/uevent; settle; }
rmmod kvm_amd
add cpu3
result unloaded-3 "\$(grep -c ^kvm_amd /proc/modules)"
add cpu0
result unloaded-0 "\$(grep -c ^kvm_amd /proc/modules)"

mkdir -p /run/udev/rules.d
for at in 70-early 90-late; do
	echo "SUBSYSTEM==\"cpu\", KERNEL==\"cpu3\", ENV{MODALIAS}==\"cpu:*\", RUN+=\"/bin/touch /run/\$at\"" \
		>/run/udev/rules.d/\$at.rules
done
udevadm control --reload
add cpu3
result read "\$(cd /run && echo 70-early* 90-late*)"
rm -f /run/70-early /run/90-late

DESTDIR=/tmp/initramfs /usr/share/initramfs-tools/hooks/modtrace-udev
cmp /tmp/initramfs/etc/udev/rules.d/80-cpu-modalias.rules /usr/share/modtrace/80-cpu-modalias.rules
result hook \$?

modtrace-udev disable --no-initramfs
mkdir -p /tmp/systemd/rules.d
cp /usr/lib/udev/rules.d/80-drivers.rules /tmp/systemd/rules.d/
(cd /tmp/systemd && busybox patch -p1 </extra/systemd-rules.patch)
result patch \$?
cp /tmp/systemd/rules.d/80-drivers.rules /run/udev/rules.d/
udevadm control --reload
result patched-again \$(again)
result patched-read "\$(cd /run && echo 70-early* 90-late*)"
rm /run/udev/rules.d/*
modtrace-udev enable --no-initramfs
dpkg -P modtrace-udev
result purge \$?
files
EOF
guest_ok 'a boot with the rules'
ok 'at most 30 attempts' test "$(json .totals.attempts)" -le 30
is 'no byte wasted' "$(json .totals.wasted_bytes)" 0
is 'no event is lost' "$(json .recording.lost)" 0
is 'the same modules' "$(cat "$out/modules")" "$(cat "$before/modules")"
is 'all CPUs have one modalias' "$(value same)" 1
ok 'udevadm trigger --action=add: at most 30 attempts' test "$(value again)" -le 30
with=$(value again)
is 'udevadm trigger: asks for nothing' "$(value change)" 0
is 'a CPU that goes and comes: asks for nothing' "$(value online)" 0
is 'limit: a module that was unloaded, and another CPU' "$(value unloaded-3)" 0
is 'and the first' "$(value unloaded-0)" 1
is 'limit: a rule that reads MODALIAS later' "$(value read)" '70-early 90-late*'
is 'the hook brings the rules into an initramfs' "$(value hook)" 0
is 'the patch for systemd applies' "$(value patch)" 0
is 'and does the same' "$(value patched-again)" "$with"
is 'and a later rule reads MODALIAS' "$(value patched-read)" '70-early 90-late'
is 'purge' "$(value purge)" 0
is 'no file is left or changed' "$(diff "$before/files" "$out/files")" ''

boot APPEND="$words" <<EOF
$begin
result again \$(again)
EOF
guest_ok 'a boot after that'
ok 'it has a storm' test "$(json .totals.attempts)" -gt 100
is 'to the attempt, with one worker' "$(value again)" "$again"
is 'the same modules as before' "$(cat "$out/modules")" "$(cat "$before/modules")"
done_testing
