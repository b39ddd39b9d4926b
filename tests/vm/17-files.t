#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The live gate knows a file only as long as it is the one that made the live module: on ext4,
# tmpfs and overlayfs, changed in every way, replaced, and under other names. It knows none on 9p,
# where another machine may change it, and it holds none.
set -u
. "$(dirname -- "$0")/kernel.sh"

guest KERNEL="$series" CPUS=2 EXTRA="$extra" TIMEOUT=150 <<'EOF2'
. /extra/lib.sh
modprobe loop
modprobe overlay
dd if=/dev/zero of=/tmp/disk bs=1M count=16 2>/dev/null
mkdir /disk /memory /over /tmp/up /tmp/work
mke2fs -F -I 256 /tmp/disk >/dev/null
losetup /dev/loop0 /tmp/disk
mount -t ext4 /dev/loop0 /disk || result no_ext4 1
mount -t tmpfs memory /memory

# A second load of FILE: again NAME FILE
again()
{
	traced "$1" storm -k -l -n 1 "$2"
}
fresh()
{
	rmmod mt_hold 2>/dev/null
	cp "$hold" "$1"
	# Its times are of the last tick, in which another change would not show.
	sleep 0.1
	insmod "$1"
}
# All that can happen to a file, on the filesystem of a folder: files NAME FOLDER
files()
{
	file=$2/mt_hold.ko
	fresh $file
	again $1.same $file
	ln $file $2/link.ko
	sleep 0.1
	again $1.linked $file
	rm $2/link.ko
	fresh $file
	mv $file $2/moved.ko
	mv $2/moved.ko $file
	again $1.renamed $file
	fresh $file
	chmod 600 $file
	sleep 0.1
	again $1.chmod $file
	fresh $file
	# The same bytes at the same size and time of modification.
	touch -r $file /tmp/times
	dd if="$hold" of=$file bs=1 count=16 conv=notrunc 2>/dev/null
	touch -r /tmp/times $file
	sleep 0.1
	again $1.rewritten $file
	fresh $file
	truncate -s 4096 $file
	sleep 0.1
	again $1.truncated $file
	fresh $file
	cp -p $file $2/new.ko
	mv $2/new.ko $file
	sleep 0.1
	again $1.replaced $file
	fresh $file
	cp $file $2/other.ko
	sleep 0.1
	again $1.other_file $2/other.ko
	rm $2/other.ko
	fresh $file
	mkdir $2/folder
	cp "$hold2" $2/folder/mt_hold.ko
	sleep 0.1
	traced $1.other_module storm -k -l -n 1 $2/folder/mt_hold.ko
	rmmod mt_hold2
	rm -r $2/folder
	rmmod mt_hold
	traced $1.unloaded storm -k -l -n 1 $file
	rmmod mt_hold
	# A load that failed leaves nothing to be known by.
	sleep 0.1
	storm -n 1 -p fail=19 $file >/dev/null
	traced $1.failed storm -k -l -n 1 $file
	rmmod mt_hold
}
files ext4 /disk
files tmpfs /memory

# No inode is held: what a module came from can be unmounted, and is known when it is back.
fresh /disk/mt_hold.ko
umount /disk && result unmounts yes
mount -t ext4 /dev/loop0 /disk
again back /disk/mt_hold.ko
rmmod mt_hold
insmod /disk/mt_hold.ko
rm /disk/mt_hold.ko
sync
umount /disk && result unmounts_deleted yes
rmmod mt_hold
mount -t ext4 /dev/loop0 /disk

# overlayfs: the file below is the one that counts, until it is copied up.
cp "$hold" /disk/mt_hold.ko
sleep 0.1
mount -t overlay -o lowerdir=/disk,upperdir=/tmp/up,workdir=/tmp/work over /over ||
	result no_overlay 1
insmod /over/mt_hold.ko
again over.same /over/mt_hold.ko
again over.below /disk/mt_hold.ko
rmmod mt_hold
insmod /disk/mt_hold.ko
again over.above /over/mt_hold.ko
chmod 600 /over/mt_hold.ko
sleep 0.1
again over.copied_up /over/mt_hold.ko
again over.left_below /disk/mt_hold.ko
rmmod mt_hold
insmod /over/mt_hold.ko
again over.upper /over/mt_hold.ko
again over.upper_itself /tmp/up/mt_hold.ko
printf x >>/tmp/up/mt_hold.ko
sleep 0.1
again over.upper_changed /over/mt_hold.ko
rmmod mt_hold

# The host's share.
cp "$hold" /out/mt_hold.ko
sleep 0.5
insmod /out/mt_hold.ko
again ninep /out/mt_hold.ko
rm /out/mt_hold.ko
rmmod mt_hold
result left "$(grep -c '^mt_' /proc/modules) $(in_flight)"
EOF2
scenarios_ok "the scenarios on $series went through"
is 'there were all filesystems' "$(value no_ext4)$(value no_overlay)" ''

# by NAME GATE: the load exists, and this gate told it.
by()
{
	storm_is "$1" EEXIST=1
	is "$1: told by the $2 gate" "$(field "$1" module_load_merged: gate)" "$2"
}
for fs in ext4 tmpfs; do
	by $fs.same live
	# A rename and a link change the time of the inode, and that is all there is to go by.
	for change in linked renamed chmod rewritten replaced other_file; do
		by $fs.$change name
	done
	storm_is $fs.truncated ENOEXEC=1
	is "$fs.truncated: was read" "$(count $fs.truncated 'stage=verify read=4096 ')" 1
	for load in other_module unloaded failed; do
		storm_is $fs.$load ok=1
	done
done
is 'a filesystem can be unmounted beneath a live module' \
	"$(value unmounts) $(value unmounts_deleted)" 'yes yes'
by back live
for way in same below above upper upper_itself; do
	by over.$way live
done
for way in copied_up upper_changed; do
	by over.$way name
done
# Unless it changed: the copy above did not touch it.
by over.left_below live
by ninep name
is 'nothing is left' "$(value left)" '0 0'
done_testing
