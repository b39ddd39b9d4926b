#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The README's way to a measured before and after on a Debian 13 machine, its commands as they are written
# there: two restarts, and a diff that says what the udev rules were good for.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

needs jq
needs dpkg-buildpackage dh
"$top/lab/deb.sh" >/dev/null 2>"$tmp/log" || {
	diag "$(cat "$tmp/log")"
	echo 'Bail out! the packages do not build'
	exit 1
}

# steps HEADING: the commands below it, up to the next heading.
steps()
{
	sed -n "/^### $1\$/,/^##/s/^    //p" "$top/README.md" | sed 's/  *# .*//'
}

# The packages are built already.
steps 'Record a boot' | sed 's/^make deb && //; /modtrace-boot enable/q' >"$tmp/install"
steps 'Before and after' >"$tmp/all"
sed '/modtrace-udev enable/q' "$tmp/all" >"$tmp/before"
sed '1,/modtrace-udev enable/d' "$tmp/all" >"$tmp/after"
is 'README: what is done ahead of the first restart' "$(grep -c 'modtrace-boot enable' "$tmp/install")" 1
is 'README: ahead of the second' "$(grep -c . "$tmp/before")" 4
is 'README: and at the end' "$(grep -oE 'modtrace diff|modtrace-udev disable' "$tmp/after" | paste -sd,)" \
	'modtrace diff,modtrace-udev disable'

disk=$tmp/disk
begin=$(date +%s)
# machine FILE [NAME=value]...: does what FILE has, as its administrator.
machine()
{
	commands=$(cat "$1")
	shift
	guest KERNEL=debian-6.12 ROOTFS=debian13 INITRD=initramfs-tools DISK="$disk" CPUS=16 MEM=4G \
		EXTRA="$top/build/deb" TIMEOUT=900 "$@" <<EOG
sudo() { "\$@"; }
cd /root
mkdir -p build
ln -sfn /extra build/deb
tries=0
while systemctl is-active -q modtrace-boot.service && [ \$tries -lt 400 ]; do
	sleep 0.5
	tries=\$((tries + 1))
done
( set -e
$commands
) >/out/said 2>&1
result status \$?
cp before.data /var/lib/modtrace/boot.data /out/ 2>/dev/null || :
EOG
}

machine "$tmp/install"
guest_ok 'first: the packages are installed, boots are recorded'
is 'first: every command went through' "$(value status)" 0
# There is no boot loader in the guest, and so it is told what to add.
words=$(grep '^kprobe_event=' "$out/said")
like 'first: the parameters' "$words" 'trace_buf_size='

machine "$tmp/before" APPEND="$words"
guest_ok 'second: the boot is recorded, the rules are enabled'
is 'second: every command went through' "$(value status)" 0
like 'second: doctor says what the rules would do' "$(cat "$out/said")" 'udev'

machine "$tmp/after" APPEND="$words"
guest_ok 'third: the difference'
is 'third: every command went through' "$(value status)" 0
diag "$(cat "$out/said")"
ok 'third: it took ten minutes at most' test "$(($(date +%s) - begin))" -le 600
attempts()
{
	"$top/build/modtrace/modtrace" report -i "$out/$1.data" --format=json 2>/dev/null | jq .totals.attempts
}
before=$(attempts before) after=$(attempts boot)
ok 'third: fewer than half of the attempts are left' test "$((${after:-0} * 2))" -lt "${before:-0}"
like 'third: diff says how many there were, and are' "$(cat "$out/said")" "attempts.*[^0-9]${before}[^0-9].*[^0-9]${after}([^0-9]|\$)"
done_testing
