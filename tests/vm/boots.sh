# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For the tests of boot recording, on top of lib.sh: a Debian guest gets the packages as anybody
# would install them, and is started again with the words for its command line. Source it.

. "$(dirname -- "$0")/../vm/lib.sh"

needs jq
needs dpkg-buildpackage dh

disk=$tmp/disk
debs=$tmp/debs
mkdir "$debs"
"$top/lab/deb.sh" >/dev/null 2>"$tmp/log" || {
	diag "$(cat "$tmp/log")"
	echo 'Bail out! the packages do not build'
	exit 1
}
cp "$top"/build/deb/modtrace_*.deb "$top"/build/deb/modtrace-boot_*.deb "$debs/"

# install [NAME=value]...: the packages onto a new $disk; $words is what --boot-cmdline says, and
# words N what it says for so many CPUs.
install()
{
	rm -f "$disk"*
	guest ROOTFS=debian DISK="$disk" EXTRA="$debs" TIMEOUT=600 "$@" <<'EOF'
# One initramfs is enough.
conf=/etc/initramfs-tools/update-initramfs.conf
mv $conf /tmp/
echo update_initramfs=no >$conf
dpkg -i /extra/*.deb
result dpkg $?
result unit "$(systemctl is-enabled modtrace-boot.service)"
mv /tmp/${conf##*/} $conf
modtrace-boot enable
result enable "$?, $(systemctl is-enabled modtrace-boot.service)"
/usr/bin/modtrace record --boot-cmdline >/out/words 2>/out/why
result words $?
for cpus in 16 64 128; do
	/usr/bin/modtrace record --boot-cmdline --cpus=$cpus >/out/words-$cpus 2>/dev/null
done
EOF
	# shellcheck disable=SC2034
	words=$(cat "$out/words" 2>/dev/null)
	installed=$out
}

words()
{
	cat "$installed/words-$1"
}

# What RUN does in a guest that has booted: waits for the recording's end, and leaves it in /out,
# with the journal's lines and what the kernel counted.
# shellcheck disable=SC2016,SC2034 # it is the guest that expands this
settled='tries=0
while systemctl is-active -q modtrace-boot.service && [ $tries -lt 400 ]; do
	sleep 0.5
	tries=$((tries + 1))
done
result active "$(systemctl is-active modtrace-boot.service)"
cp /var/lib/modtrace/boot.data /out/
cat /sys/kernel/debug/modules/stats >/out/stats 2>/dev/null
result state "$(systemctl is-system-running --wait)"
result failed "$(systemctl list-units --failed --no-legend)"
# What was written to /dev/kmsg has become an identifier and a message.
{
	journalctl -b -o cat | grep "^modtrace: "
	journalctl -b -o cat -t modtrace _TRANSPORT=kernel | sed "s/^/modtrace: /"
} >/out/journal
'

# json EXPRESSION: of the report of the recording.
json()
{
	"$top/build/modtrace/modtrace" report -i "$out/boot.data" --format=json 2>"$tmp/err" |
		jq -c "$1" 2>&1
}

# counted NAME: a line of the kernel's own statistics.
counted()
{
	sed -n "s/^ *$1[[:space:]]*//p" "$out/stats"
}

# The attempts that the kernel counted.
# Who was merged by name has failed on becoming, too.
attempts()
{
	echo $(($(counted 'Mods ever loaded') + $(counted 'Mods failed on kread') +
		$(counted 'Mods failed on decompress') + $(counted 'Mods failed on becoming') +
		$(counted 'Mods failed on load') + $(counted 'Merged by file') +
		$(counted 'Merged by live')))
}

# boot_goes_on NAME: the guest is up, whatever became of the recording.
boot_goes_on()
{
	guest_ok "$1: the guest is up"
	is "$1: nothing has failed" "$(value state), $(value failed)" 'running, '
	is "$1: the recorder has ended" "$(value active)" inactive
}
