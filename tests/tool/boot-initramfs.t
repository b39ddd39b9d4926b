#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What starts and ends the recorder in an initramfs, with recorders that crash, hang, or find /run full:
# the boot waits for none of them for more than two seconds, and the kernel's log has a line. The clock
# and sleep are the test's. With an initramfs it is tests/slow/43-boot-failures.t.
set -u
. "$(dirname -- "$0")/../tap.sh"

[ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null || skip_all 'not root, or no namespaces'

mkdir "$tmp/bin"
cat >"$tmp/bin/modtrace" <<'EOF2'
#!/bin/sh
echo "$*" >>"$tmp/called"
echo $$ >"$tmp/recorder"
case $recorder in
ends)	trap 'echo closed >>"$tmp/called"; exit 0' TERM ;;
says)	echo 'modtrace: no events' >&2; exit 1 ;;
crashes) kill -SEGV $$ ;;
ignores) trap '' TERM ;;
hangs)	kill -STOP $$ ;;
esac
while :; do
	/bin/sleep 0.02
done
EOF2
# The clock goes by what is slept, and by a hundredth each time.
cat >"$tmp/bin/sleep" <<'EOF2'
#!/bin/sh
echo "$1" >>"$tmp/slept"
awk -v s="$1" '{ printf "%.2f 0.00\n", $1 + s + 0.01 }' "$tmp/uptime" >"$tmp/uptime.new"
cat "$tmp/uptime.new" >"$tmp/uptime"
exec /bin/sleep 0.02
EOF2
printf '#!/bin/sh\n' >"$tmp/bin/mount"
chmod 755 "$tmp"/bin/*
export tmp
# busybox's shell has commands of its own.
sed "s,mount -t,$tmp/bin/mount -t,; s,sleep 0,$tmp/bin/sleep 0," "$top/contrib/boot/initramfs.sh" >"$tmp/script"

# initramfs RECORDER [COMMAND]: an initramfs's time from start to stop, with COMMAND ahead of it
initramfs()
{
	recorder=$1
	export recorder
	rm -f "$tmp/called" "$tmp/slept" "$tmp/recorder"
	: >"$tmp/kmsg"
	echo '8.09 0.00' >"$tmp/uptime"
	# shellcheck disable=SC2016 # the inner shell's
	before=$2 timeout 60 unshare -m "$shell" -c '
		/bin/mount -t tmpfs tmpfs /run && /bin/mount --bind "$tmp/kmsg" /dev/kmsg &&
			/bin/mount --bind "$tmp/uptime" /proc/uptime || exit 9
		PATH=$tmp/bin:$PATH
		eval "$before"
		"$1" "$2" start || exit 8
		for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			case $recorder in
			says|crashes) [ -s /dev/kmsg ] || /bin/sleep 0.1 ;;
			*) [ -s "$tmp/called" ] || /bin/sleep 0.1 ;;
			esac
		done
		"$1" "$2" stop || exit 7
		find /run -name "initramfs.*"' sh "$shell" "$tmp/script" >"$tmp/out" 2>&1
	is "$name: $1: start and stop are content, and leave no file" "$? $(cat "$tmp/out")" '0 '
	read -r now _ <"$tmp/uptime"
	waited=$(awk -v now="$now" 'BEGIN { print (now - 8.09) * 100 }')
	ok "$name: $1: it is waited for 2 s at most: $waited hundredths" test "$waited" -le 200
	process=/proc/$(cat "$tmp/recorder" 2>/dev/null || echo none)/exe
	# What was killed is gone soon.
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ ! -e "$process" ] || /bin/sleep 0.1
	done
	ok "$name: $1: no recorder is left" test ! -e "$process"
	[ ! -e "$process" ] || kill -9 "$(cat "$tmp/recorder")"
}

# dracut's shell is bash, or what it was told; that of initramfs-tools is busybox's or dash.
ln -s "$(command -v busybox)" "$tmp/ash"
for shell in dash bash "$tmp/ash"; do
	command -v "$shell" >/dev/null || {
		skip "$shell is not installed"
		continue
	}
	name=${shell##*/}
	initramfs ends ''
	is "$name: it is the recorder of an initramfs, and closes its file" "$(cat "$tmp/called")" \
		'record --boot --until=handover --output=/run/modtrace/boot.data
closed'
	is "$name: and nothing is to be said" "$(cat "$tmp/kmsg")" ''

	initramfs says ''
	is "$name: what it says is all that is said" "$(cat "$tmp/kmsg")" 'modtrace: no events'

	initramfs crashes ''
	is "$name: a crash is said" "$(cat "$tmp/kmsg")" \
		'modtrace: the recorder in the initramfs ended with status 139'
	ok "$name: and not waited for" test ! -e "$tmp/slept"

	for recorder in ignores hangs; do
		initramfs $recorder ''
		is "$name: $recorder: said, once" "$(cat "$tmp/kmsg")" \
			'modtrace: the recorder in the initramfs did not end in time; it was killed'
	done

	# shellcheck disable=SC2016 # the inner shell's
	full='/bin/mount -o remount,size=8k /run; dd if=/dev/zero of=/run/fill 2>/dev/null'
	initramfs ends "$full"
	is "$name: a full /run: the recorder is ended all the same" "$(tail -n 1 "$tmp/called")" closed
	initramfs ignores "$full"
	like "$name: a full /run: or killed" "$(cat "$tmp/kmsg")" 'was killed$'
	initramfs ends '/bin/mount -o remount,nr_inodes=2 /run'
	is "$name: a /run that takes no file: no recorder, and a line" "$(cat "$tmp/kmsg")" \
		"modtrace: the recorder in the initramfs was not started: /run/modtrace can't be written to"
done

# Both kinds of initramfs call the same program.
for script in initramfs-tools/init-top:start initramfs-tools/init-bottom:stop dracut/start.sh:start dracut/stop.sh:stop; do
	like "${script%:*}: says ${script#*:}" "$(cat "$top/contrib/boot/${script%:*}")" \
		"/usr/bin/modtrace-initramfs ${script#*:}\$"
done
done_testing
