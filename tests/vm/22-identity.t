#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# No gate answers for a module of another name: files that became another module's without any sign
# of it (through shared mappings, with times of two seconds or settable ones, on images that are
# swapped under one device), and while their first content is being loaded. Each loads what it loads
# on the stock kernel, with the same answers for the callers.
set -u
. "$(dirname -- "$0")/kernel.sh"
helper lead
command -v mkfs.cramfs >/dev/null || skip_all 'mkfs.cramfs is not installed'

# The lab's modules for a kernel, of one size, and two images that differ in what is in their file.
# images KERNEL
images()
{
	case ${PATCHED:+other}$1 in
	other"$series")	tree=$(readlink -f "$PATCHED"/modules/lib/modules/*/build) ;;
	*)		tree=$("$top/lab/kernel.sh" "$1" 2>/dev/null)/tree ;;
	esac
	"$top/lab/modules.sh" "$tree" "$tmp/modules" || exit 1
	for name in mt_hold mt_hold2; do
		cp "$tmp/modules/$name.ko" "$extra/$name.ko"
		truncate -s 64K "$extra/$name.ko"
		rm -rf "$tmp/image"
		mkdir "$tmp/image"
		cp "$extra/$name.ko" "$tmp/image/m.ko"
		mkfs.cramfs "$tmp/image" "$extra/$name.cramfs" >/dev/null 2>&1 || exit 1
	done
}

# identity KERNEL
identity()
{
	images "$1"
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" TIMEOUT=240 <<'EOF2'
. /extra/lib.sh
one=/extra/mt_hold.ko two=/extra/mt_hold2.ko
modprobe loop
mkdir /tmpfs /cramfs /msdos /ext4
mount -t tmpfs none /tmpfs

live()
{
	ls -d /sys/module/mt_hold /sys/module/mt_hold2 2>/dev/null | sed 's,.*/,,' | tr '\n' ' '
}
# tried NAME FILE: one load of it, and what is live then.
tried()
{
	traced "$1" storm -k -l -n 1 "$2"
	result "$1.live" "$(live)"
}
# same NAME FILE MODULE: it holds what MODULE holds.
same()
{
	cmp -s "$2" "$3" && result "$1.same" yes
}
id()
{
	stat -c '%d %i %s %Y' "$1"
}
# Where it need not wait for the first it is told at once.
told_or_blocked()
{
	gone "$1" || blocked_below "$1" 1
}
clean()
{
	rmmod mt_hold 2>/dev/null
	rmmod mt_hold2 2>/dev/null
}

# Through a mapping; and beneath another name of the file.
for name in m.ko mt_hold2.ko; do
	cp $one /tmpfs/$name
	sleep 1
	tried map_$name.first /tmpfs/$name
	keyed map_$name /extra/lead map /tmpfs/$name $two
	same map_$name /tmpfs/$name $two
	tried map_$name.then /tmpfs/$name
	clean
done

# Two images in turn, under one device: the same numbers, sizes and times.
# swapped NAME TYPE FILE IMAGE-OF-ONE IMAGE-OF-TWO
swapped()
{
	losetup /dev/loop0 "$4"
	mount -t $2 -o ro /dev/loop0 /$2 || result $1.unmounted yes
	_before=$(id /$2/$3)
	tried $1.first /$2/$3
	umount /$2
	losetup -d /dev/loop0
	losetup /dev/loop0 "$5"
	mount -t $2 -o ro /dev/loop0 /$2
	[ "$(id /$2/$3)" = "$_before" ] && result $1.unchanged yes
	same $1 /$2/$3 $two
	tried $1.then /$2/$3
	umount /$2
	losetup -d /dev/loop0
	clean
}
modprobe cramfs
swapped cramfs cramfs m.ko /extra/mt_hold.cramfs /extra/mt_hold2.cramfs
# With a version and a generation, too: a copy of the image, of which the file's blocks change.
dd if=/dev/zero of=/tmp/one bs=1M count=16 2>/dev/null
mke2fs -F -I 256 /tmp/one >/dev/null
losetup /dev/loop0 /tmp/one
mount -t ext4 /dev/loop0 /ext4
cp $one /ext4/m.ko
umount /ext4
losetup -d /dev/loop0
cp /tmp/one /tmp/two
/extra/lead patch /tmp/two $one $two && result ext4.patched yes
sleep 1
swapped ext4 ext4 m.ko /tmp/one /tmp/two

# Times of two seconds, which anybody can set.
modprobe msdos
modprobe nls_cp437
truncate -s 64M /tmp/fat
mkdosfs /tmp/fat >/dev/null
losetup /dev/loop1 /tmp/fat
mount -t msdos /dev/loop1 /msdos || result fat.unmounted yes
cp $one /msdos/m.ko
touch -d '2020-01-01 00:00:00' /msdos/m.ko
_before=$(id /msdos/m.ko)
tried set.first /msdos/m.ko
dd if=$two of=/msdos/m.ko conv=notrunc bs=64k 2>/dev/null
touch -d '2020-01-01 00:00:00' /msdos/m.ko
[ "$(id /msdos/m.ko)" = "$_before" ] && result set.unchanged yes
same set /msdos/m.ko $two
tried set.then /msdos/m.ko
clean
# Written twice in two seconds. A busy machine may take longer: once more, then.
for try in 1 2 3 4 5; do
	rm /msdos/m.ko
	while [ $(($(date +%s) % 2)) = 0 ]; do :; done
	while [ $(($(date +%s) % 2)) = 1 ]; do :; done
	cp $one /msdos/m.ko
	_before=$(id /msdos/m.ko)
	tried coarse.first /msdos/m.ko
	dd if=$two of=/msdos/m.ko conv=notrunc bs=64k 2>/dev/null
	same coarse /msdos/m.ko $two
	tried coarse.then /msdos/m.ko
	clean
	[ "$(id /msdos/m.ko)" != "$_before" ] || break
done
[ "$(id /msdos/m.ko)" = "$_before" ] && result coarse.unchanged yes
umount /msdos
losetup -d /dev/loop1

# While the first content is in init. It succeeds, or it fails.
for fail in 0 19; do
	cp $one /tmpfs/m.ko
	sleep 0.5
	trace_start
	start busy_$fail.first storm -k -l -n 1 -p "hold=1 fail=$fail" /tmpfs/m.ko
	until_true 10 in_init mt_hold
	dd if=$two of=/tmpfs/m.ko conv=notrunc bs=64k 2>/dev/null
	same busy_$fail /tmpfs/m.ko $two
	start busy_$fail.then storm -k -l -n 1 /tmpfs/m.ko
	then=$pid
	until_true 10 told_or_blocked $then
	release mt_hold
	wait
	trace_stop busy_$fail
	result busy_$fail.then.live "$(live)"
	clean
done

# A file can be written to, and renamed, while somebody waits for a load of it.
for how in write rename; do
	cp $one /tmpfs/m.ko
	sleep 0.5
	start $how.first storm -k -l -n 1 -p hold=1 /tmpfs/m.ko
	until_true 10 in_init mt_hold
	start $how.then storm -k -l -n 1 /tmpfs/m.ko
	then=$pid
	until_true 10 blocked_below $then 1 && result $how.waits yes
	if [ $how = write ]; then
		dd if=$one of=/tmpfs/m.ko conv=notrunc bs=64k 2>/out/$how.error && result $how.done yes
	else
		mv /tmpfs/m.ko /tmpfs/mt_hold2.ko && result $how.done yes
	fi
	blocked_below $then 1 && result $how.still yes
	release mt_hold
	wait
	result $how.then.live "$(live)"
	clean
done
result left "$(grep -c '^mt_' /proc/modules)"
[ ! -e /sys/kernel/debug/modules/inflight ] || result in_flight "$(in_flight)"
EOF2
}

# From 6.5 to 7.3 stock answers for a file that holds another module by now with that of before.
stock=$series-stock
[ "$series" = v6.1 ] || stock=
for kernel in $stock "$series"; do
	identity $kernel
	scenarios_ok "$kernel: the scenarios went through"
	is "$kernel: there were all filesystems" \
		"$(value cramfs.unmounted)$(value ext4.unmounted)$(value fat.unmounted)" ''
	for name in m.ko mt_hold2.ko; do
		is "$kernel: map_$name: no time changes" "$(value map_$name.times_changed)" 0
	done
	for case in cramfs ext4 set coarse; do
		is "$kernel: $case: no sign of a change" "$(value $case.unchanged)" yes
	done
	for case in map_m.ko map_mt_hold2.ko cramfs ext4 set coarse; do
		is "$kernel: $case: the file is another module" "$(value $case.same)" yes
		is "$kernel: $case: the first loads" "$(outcome $case.first) $(value $case.first.live)" \
			'ok=1 mt_hold '
		is "$kernel: $case: so does the other" "$(outcome $case.then) $(value $case.then.live)" \
			'ok=1 mt_hold mt_hold2 '
	done
	for fail in 0 19; do
		is "$kernel: busy_$fail: the file is another module" "$(value busy_$fail.same)" yes
	done
	is "$kernel: in init: the first loads" "$(outcome busy_0.first)" ok=1
	is "$kernel: in init: so does the other" "$(outcome busy_0.then) $(value busy_0.then.live)" \
		'ok=1 mt_hold mt_hold2 '
	is "$kernel: in init, which fails" "$(outcome busy_19.first)" ENODEV=1
	is "$kernel: in init, which fails: the other loads" \
		"$(outcome busy_19.then) $(value busy_19.then.live)" 'ok=1 mt_hold2 '
	for how in write rename; do
		is "$kernel: $how: it can be done while somebody waits" \
			"$(value $how.waits) $(value $how.done) $(value $how.still)" 'yes yes yes'
		is "$kernel: $how: as ever" \
			"$(outcome $how.first) $(outcome $how.then) $(value $how.then.live)" \
			'ok=1 EEXIST=1 mt_hold '
	done
	is "$kernel: nothing is left" "$(value left) $(value in_flight)" \
		"0 $([ "$kernel" = "$series-stock" ] || echo 0)"
done

# The gates are worth having where the name is right, however it is spelled.
guest KERNEL="$series" CPUS=4 EXTRA="$extra" <<'EOF2'
. /extra/lib.sh
mkdir /tmpfs
mount -t tmpfs none /tmpfs
for name in mt_hold.ko mt-hold.ko mt_hold m.ko mt_hold2.ko mt_hol.ko mt_hold.k; do
	cp "$hold" /tmpfs/$name
	sleep 0.2
	traced file_$name storm -k -l -n 4 -p hold=1 -r $params/release /tmpfs/$name
	traced live_$name storm -k -l -n 1 /tmpfs/$name
	rmmod mt_hold
done
EOF2
scenarios_ok "names on $series"
for name in mt_hold.ko mt-hold.ko mt_hold; do
	storm_is file_$name 'EEXIST=3 ok=1'
	is "$name: three are told by the file gate" \
		"$(count file_$name 'module_load_merged: mt_hold gate=file ret=-17 .* bytes=0$')" 3
	is "$name: and then by the live gate" \
		"$(count live_$name 'module_load_merged: mt_hold gate=live ret=-17 .* bytes=0$')" 1
done
for name in m.ko mt_hold2.ko mt_hol.ko mt_hold.k; do
	storm_is file_$name 'EEXIST=3 ok=1'
	storm_is live_$name EEXIST=1
	is "$name: no gate tells before it is read" \
		"$(count file_$name 'gate=(file|live)') $(count live_$name 'gate=(file|live)')" '0 0'
done
done_testing
