#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Boots whose recorder in the initramfs crashes, hangs or finds /run full: the system comes up, the journal
# has a line, and the boot is recorded from systemd on. With initramfs-tools and with dracut; without a
# kernel it is tests/tool/boot-initramfs.t.
set -u
. "$(dirname -- "$0")/../vm/boots.sh"

# What stands for the recorder in the image does what the kernel command line says.
extra=$tmp/extra
cp -r "$debs" "$extra"
cat >"$extra/recorder" <<'EOF'
#!/bin/sh
read -r line </proc/cmdline
case " $line " in
*" recorder=crashes "*) kill -SEGV $$ ;;
*" recorder=ignores "*) trap '' TERM; while :; do sleep 1; done ;;
*" recorder=full "*)
	dd if=/dev/zero of=/run/fill bs=64k 2>/dev/null ;;
esac
exec /usr/bin/modtrace.real "$@"
EOF
# When the initramfs is left: systemd can do with less than we can.
cat >"$extra/unfill" <<'EOF'
#!/bin/sh
[ "${1-}" = prereqs ] || rm -f /run/fill
EOF
cat >"$extra/hook" <<'EOF'
#!/bin/sh
if [ "${1-}" = prereqs ]; then
	echo modtrace
	exit 0
fi
mv "$DESTDIR/usr/bin/modtrace" "$DESTDIR/usr/bin/modtrace.real"
cp /extra/recorder "$DESTDIR/usr/bin/modtrace"
EOF
cat >"$extra/module-setup.sh" <<'EOF'
#!/bin/bash
check() { return 0; }
depends() { echo modtrace; }
install()
{
	inst_multiple dd rm sleep
	inst_hook pre-pivot 99 "$moddir/unfill.sh"
	mv "$initdir/usr/bin/modtrace" "$initdir/usr/bin/modtrace.real"
	cp /extra/recorder "$initdir/usr/bin/modtrace"
}
EOF
chmod 755 "$extra/unfill" "$extra/recorder" "$extra/hook" "$extra/module-setup.sh"
debs=$extra

for kind in initramfs-tools dracut; do
	rm -f "$disk"*
	guest ROOTFS=debian CPUS=2 INITRD=$kind DISK="$disk" EXTRA="$extra" TIMEOUT=900 <<EOF
conf=/etc/initramfs-tools/update-initramfs.conf
mv \$conf /tmp/
echo update_initramfs=no >\$conf
dpkg -i /extra/*.deb
mv /tmp/\${conf##*/} \$conf
case $kind in
initramfs-tools)
	install -m 755 /extra/hook /etc/initramfs-tools/hooks/modtrace-recorder
	install -m 755 /extra/unfill /etc/initramfs-tools/scripts/init-bottom/ ;;
dracut)
	install -D -m 755 /extra/module-setup.sh /usr/lib/dracut/modules.d/92modtrace-recorder/module-setup.sh
	install -m 755 /extra/unfill /usr/lib/dracut/modules.d/92modtrace-recorder/unfill.sh
	mv /usr/sbin/update-initramfs /usr/sbin/update-initramfs.off ;;
esac
modtrace-boot enable
result enable \$?
modtrace record --boot-cmdline >/out/words 2>/dev/null
EOF
	guest_ok "$kind: set up"
	is "$kind: modtrace-boot enable" "$(value enable)" 0
	words=$(cat "$out/words")
	for recorder in crashes ignores full; do
		guest ROOTFS=debian CPUS=2 INITRD=$kind DISK="$disk" APPEND="$words recorder=$recorder" \
			TIMEOUT=600 <<EOF
$settled
rm -f /var/lib/modtrace/boot.data*
EOF
		boot_goes_on "$kind, $recorder"
		case $recorder in
		crashes) line='the recorder in the initramfs ended with status 139' ;;
		ignores) line='the recorder in the initramfs did not end in time; it was killed' ;;
		full) line='/run/modtrace/boot.data: No space left on device' ;;
		esac
		is "$kind, $recorder: one line says so" "$(grep -c "$line" "$out/journal")" 1
		ok "$kind, $recorder: the boot is recorded" test "$(json .totals.attempts)" -gt 0
	done
done
done_testing
