#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The module loads of a boot, recorded from the kernel's first on by what the packages install; and
# what there is when something is in the way of that.
set -u
. "$(dirname -- "$0")/boots.sh"

boot()
{
	guest ROOTFS=debian CPUS=2 INITRD=initramfs-tools DISK="$disk" "$@"
}

install CPUS=2 INITRD=initramfs-tools
guest_ok 'a guest gets the packages'
is 'dpkg installs them' "$(value dpkg)" 0
is 'which turns nothing on' "$(value unit)" disabled
is 'modtrace-boot enable does' "$(value enable)" '0, enabled'
is 'the words are known' "$(value words)" 0
is 'they are one line' "$(wc -l <"$out/words")" 1
is 'that no boot loader expands' "$(grep -c '[$\\]' "$out/words")" 0

boot APPEND="$words" <<EOF
/usr/bin/modtrace record --boot -o /out/second.data >/out/second 2>&1
result second \$?
$settled
lsinitramfs "/boot/initrd.img-\$(uname -r)" | grep modtrace >/out/initramfs
# Where the recording can't be kept it stays in /run.
again() {
	systemctl start modtrace-boot.service
	tries=0
	while systemctl is-active -q modtrace-boot.service && [ \$tries -lt 100 ]; do
		sleep 0.5
		tries=\$((tries + 1))
	done
	result "\$1.result" "\$(systemctl show -P Result modtrace-boot.service)"
	result "\$1.kept" "\$(ls /run/modtrace/boot.data 2>&1)"
	journalctl -b -o cat --since=@"\$(cat /tmp/since)" | grep "^modtrace: " >"/out/\$1.journal"
	rm -f /run/modtrace/boot.data
}
mount -t tmpfs -o ro tmpfs /var/lib/modtrace
sleep 1
date +%s >/tmp/since
again read-only
umount /var/lib/modtrace
mount -t tmpfs -o size=4k tmpfs /var/lib/modtrace
sleep 1
date +%s >/tmp/since
again full
umount /var/lib/modtrace
mkdir -p /run/systemd/system/modtrace-boot.service.d
printf '[Service]\nInaccessiblePaths=/sys/kernel/tracing /sys/kernel/debug\n' \
	>/run/systemd/system/modtrace-boot.service.d/hidden.conf
systemctl daemon-reload
sleep 1
date +%s >/tmp/since
again no-tracefs
EOF
boot_goes_on 'a boot'
like 'the recorder is in the initramfs' "$(cat "$out/initramfs")" '^usr/bin/modtrace$'
is 'it is closed' "$(json .recording.truncated)" false
is 'it is of the patched kernel' "$(json .recording.mode)" '"patched"'
is 'no event is lost' "$(json .recording.lost)" 0
is 'nothing began before it or is left open' "$(json '.recording.orphans')" '{"no_begin":0,"no_end":0}'
is 'each attempt that the kernel counted is in it' "$(json .totals.attempts)" "$(attempts)"
ok 'there are some' test "$(json .totals.attempts)" -gt 10
# Those of the initramfs, too, whose recorder leaves that to the next one.
like 'the kernel asked' "$(json '[.autoloads[].call_site]')" 'crypto_alg_mod_lookup'
is 'call sites have names' \
	"$(json '[.autoloads[] | select(.call_site | test("[+]0x") | not)] | length')" 0
is 'wasted bytes are those that the kernel counted' "$(json .totals.wasted_bytes)" \
	"$(counted 'Duplicate mem wasted bytes')"
like 'udev asked for aesni_intel' \
	"$(json '.modules[] | select(.name == "aesni_intel") | .requesters[].comm')" udev
is 'a second recorder: refused' "$(value second)" 1
is 'a second recorder: one line' "$(wc -l <"$out/second")" 1
like 'a second recorder: that says so' "$(cat "$out/second")" 'another modtrace record --boot'
for way in read-only full; do
	is "$way: the unit has not failed" "$(value $way.result)" success
	is "$way: the recording stays" "$(value $way.kept)" /run/modtrace/boot.data
	like "$way: a line says where" "$(cat "$out/$way.journal")" '/run/modtrace/boot.data'
done
is 'no tracefs: the unit has not failed' "$(value no-tracefs.result)" success
is 'no tracefs: one line' "$(wc -l <"$out/no-tracefs.journal")" 1
like 'no tracefs: that says so' "$(cat "$out/no-tracefs.journal")" 'trac'

# Buffers that can't hold what comes before anybody reads them: nobody does in an initramfs, and
# an event that is nothing to modtrace takes its share.
small=$(echo "$words" | sed 's/trace_buf_size=[^ ]*/trace_buf_size=4K/
	s/task:task_rename/&,sched:sched_switch/')
guest ROOTFS=debian CPUS=2 DISK="$disk" APPEND="$small" <<EOF
$settled
EOF
boot_goes_on 'small buffers'
ok 'small buffers: events are lost, and counted' test "$(json .recording.lost)" -gt 0
like 'small buffers: that is said' "$(json '.findings[].id')" lost
ok 'small buffers: no more attempts than there were' test "$(json .totals.attempts)" -le "$(attempts)"

# Without the words, where perf is for CAP_SYS_ADMIN alone, as on Debian's kernels.
boot APPEND=sysctl.kernel.perf_event_paranoid=3 <<EOF
result paranoid "\$(cat /proc/sys/kernel/perf_event_paranoid)"
$settled
EOF
boot_goes_on 'no words'
is 'no words: perf is restricted' "$(value paranoid)" 3
like 'no words: a line says what to do' "$(cat "$out/journal")" 'record --boot-cmdline'
like 'no words: what comes then is recorded' "$(cat "$out/journal")" '/boot.data: [0-9]+ events, none lost'

done_testing
