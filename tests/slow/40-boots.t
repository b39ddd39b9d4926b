#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Boots recorded with dracut, on many CPUs, and on the kernel that Debian ships, against the
# kernel's statistics or a probe of the system call.
set -u
. "$(dirname -- "$0")/../vm/boots.sh"

# whole NAME ATTEMPTS: the recording has at least 99 % of them, lost nothing, and knows whose.
whole()
{
	boot_goes_on "$1"
	is "$1: closed" "$(json .recording.truncated)" false
	is "$1: no event is lost" "$(json .recording.lost)" 0
	recorded=$(json '.totals.attempts + .totals.rejected')
	ok "$1: $recorded of $2 attempts are in it" \
		test "$((${recorded:-0} * 100))" -ge "$(($2 * 99))" -a "$2" -gt 0
	is "$1: all have a name" "$(json '[.modules[] | select(.name == "(unnamed)")] | length')" 0
}

# What is exact with the series.
exact()
{
	whole "$1" "$(attempts)"
	is "$1: attempts, to the last" "$(json .totals.attempts)" "$(attempts)"
	is "$1: wasted bytes are those that the kernel counted" "$(json .totals.wasted_bytes)" \
		"$(counted 'Duplicate mem wasted bytes')"
}

# Dracut, set up with one command where GRUB is the boot loader.
dracut()
{
	rm -f "$disk"*
	guest ROOTFS=debian CPUS=2 INITRD=dracut DISK="$disk" EXTRA="$debs" TIMEOUT=900 "$@" <<'EOF'
echo update_initramfs=no >/etc/initramfs-tools/update-initramfs.conf
mkdir -p /etc/default/grub.d
cat >/usr/sbin/update-grub <<'EOF2'
#!/bin/sh
[ ! -e /etc/default/grub.d/modtrace.cfg ] || . /etc/default/grub.d/modtrace.cfg
echo "$GRUB_CMDLINE_LINUX" >/out/words
EOF2
chmod 755 /usr/sbin/update-grub
dpkg -i /extra/*.deb
mv /usr/sbin/update-initramfs /usr/sbin/update-initramfs.off
modtrace-boot enable
result enable $?
EOF
}
dracut
guest_ok 'dracut: set up'
is 'dracut: modtrace-boot enable' "$(value enable)" 0
words=$(cat "$out/words")
like 'dracut: GRUB has the words' "$words" '^ trace_event=module:'
guest ROOTFS=debian CPUS=2 INITRD=dracut DISK="$disk" APPEND="$words" TIMEOUT=900 <<EOF
$settled
result markers "\$(modtrace report -i /var/lib/modtrace/boot.data | grep -c switch_root)"
modtrace-boot disable
result disable \$?
result words "\$(ls /etc/default/grub.d)"
result unit "\$(systemctl is-enabled modtrace-boot.service)"
result initramfs "\$(lsinitramfs /boot/initrd.img-\$(uname -r) | grep -c bin/modtrace\$)"
EOF
exact dracut
ok 'dracut: it has seen the switch of roots' test "$(value markers)" -ge 1
is 'modtrace-boot disable' "$(value disable)" 0
is 'modtrace-boot disable: takes it all back' "$(value words), $(value unit), $(value initramfs)" \
	', disabled, 0'

# Many CPUs, each of which udev asks for.
install CPUS=2 INITRD=initramfs-tools
for cpus in 64 128; do
	guest ROOTFS=debian CPUS=$cpus MEM=4G INITRD=initramfs-tools DISK="$disk" TIMEOUT=900 \
		APPEND="$(words $cpus)" <<EOF
$settled
EOF
	exact "$cpus CPUs"
done

# A /var that can't be written to, from the first moment on.
guest ROOTFS=debian CPUS=2 INITRD=initramfs-tools DISK="$disk" <<'EOF'
mkdir -p /var/lib/modtrace
echo 'tmpfs /var/lib/modtrace tmpfs ro 0 0' >>/etc/fstab
EOF
guest ROOTFS=debian CPUS=2 INITRD=initramfs-tools DISK="$disk" APPEND="$words" <<EOF
$settled
cp /run/modtrace/boot.data /out/
EOF
exact 'read-only /var'
like 'read-only /var: a line says where it is' "$(cat "$out/journal")" '/run/modtrace/boot.data'

# The kernel that Debian ships. A probe of the call, counted by the kernel, is what there is to
# compare with.
"$top/lab/debian-kernel.sh" debian-6.1 all >/dev/null 2>"$tmp/fetch.log" || {
	skip "debian-6.1 can't be had: $(tail -n 1 "$tmp/fetch.log")"
	done_testing
	exit
}
debian()
{
	guest ROOTFS=debian KERNEL=debian-6.1 MEM=4G \
		INITRD=initramfs-tools DISK="$disk" TIMEOUT=1200 "$@"
}
install KERNEL=debian-6.1 CPUS=2 INITRD=initramfs-tools
guest_ok "Debian's kernel: set up"
count='s/kprobe_event=[^ ]*/&;p:count\/finit,__x64_sys_finit_module/
s/trace_event=/trace_event=count:finit,/'
for cpus in 2 16; do
	[ $cpus = 2 ] || words=$(words $cpus)
	debian CPUS=$cpus APPEND="$(echo "$words" | sed "$count")" <<EOF
$settled
awk '\$1 == "finit" { print \$2 }' /sys/kernel/tracing/kprobe_profile >/out/calls
EOF
	whole "Debian's kernel, $cpus CPUs" "$(cat "$out/calls")"
	is "Debian's kernel, $cpus CPUs: stock mode" "$(json .recording.mode)" '"stock"'
	is "Debian's kernel, $cpus CPUs: bytes are estimates" "$(json .totals.bytes_exact)" false
done

debian CPUS=2 APPEND="$words lockdown=confidentiality" <<EOF
$settled
EOF
boot_goes_on 'lockdown'
is 'lockdown: one line in the initramfs and one after it, at most' \
	"$(sort -u "$out/journal" | wc -l)" 1
like 'lockdown: that says so' "$(cat "$out/journal")" 'lockdown'

dracut KERNEL=debian-6.1 MEM=4G
guest_ok "Debian's kernel, dracut: set up"
debian CPUS=2 INITRD=dracut APPEND="$(sed "$count" "$out/words")" <<EOF
$settled
awk '\$1 == "finit" { print \$2 }' /sys/kernel/tracing/kprobe_profile >/out/calls
EOF
whole "Debian's kernel, dracut" "$(cat "$out/calls")"
done_testing
