#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest.sh BZIMAGE OUT: one run of one guest, with a time limit, and once more where
# its CPUs didn't come up. Exit: RUN's status; 124 when the time was up; 125 when the guest
# died, never started RUN, or its kernel complained.
# Environment: CPUS MEM APPEND EXPECT TIMEOUT ICOUNT, BOOT_LIMIT where a boot takes longer; INITRD_FILE;
# and for a root on a disk ROOT_DISK, ROOT_SNAPSHOT (on: leaves it as it is), MODULES_DISK, and
# SHARE, the folder that has RUN; ROOT_DIRECT where INITRD_FILE but mounts the root.
set -eu
. "$(dirname -- "$0")/common.sh"

bzimage=$1 out=$2
console=$out/console.log
boot_limit=${BOOT_LIMIT:-$((60 + CPUS))}
run_limit=$TIMEOUT

qemu='' tee=''
tmp=$(mktemp -d "${TMPDIR:-/tmp}/modtrace-guest.XXXXXX")
cleanup()
{
	[ -z "$qemu" ] || kill -9 "$qemu" 2>/dev/null || :
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

append="console=ttyS0 panic=-1 quiet loglevel=5 printk.devkmsg=on tsc=reliable nowatchdog"
if grep -Eqw 'vmx|svm' /proc/cpuinfo && [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
	accel=kvm
else
	# With more vCPUs than cores, spinning ones must yield: one host thread for all.
	thread=multi
	[ "$CPUS" -le 8 ] || thread=single
	accel=tcg,thread=$thread,tb-size=512
	append="$append lpj=5000000 rcupdate.rcu_cpu_stall_suppress=1"
fi
# One CPU whose clock counts its instructions, for costs that don't depend on this machine.
if [ -n "${ICOUNT:-}" ]; then
	[ "$CPUS" -eq 1 ] || die "ICOUNT takes CPUS=1"
	accel=tcg,tb-size=512
	boot_limit=$((boot_limit * 4))
fi
# Above this, bring-up starves on the ticks of the CPUs that are up: init brings up the rest.
[ "$CPUS" -le 128 ] || append="$append maxcpus=32"
if [ -n "$ROOT_DISK" ]; then
	# What an initramfs does and the kernel by itself doesn't: labels, and the disk of modules.
	if [ -n "${ROOT_DIRECT:-}" ]; then
		:
	elif [ -n "$INITRD_FILE" ]; then
		append="$append root=LABEL=root"
	else
		append="$append root=/dev/vda init=/usr/lib/modtrace-lab/init"
	fi
	append="$append rw systemd.show_status=0 random.trust_cpu=on"
	boot_limit=$((boot_limit * 3))
	# Units wait long for their turn, where many CPUs share few.
	[ "$CPUS" -le 8 ] || append="$append systemd.default_timeout_start_sec=900"
fi
append="$append ${APPEND?}"

# Commas separate qemu's own options.
comma()
{
	printf '%s' "$1" | sed 's/,/,,/g'
}

# share TAG DIR [OPTIONS]: the option that shares DIR.
share()
{
	printf 'local,path=%s,mount_tag=%s,security_model=none,multidevs=remap%s' \
		"$(comma "$2")" "$1" "${3-}"
}

start()
{
	: >"$console"
	rm -f "$tmp/output"
	mkfifo "$tmp/output"
	tee "$out/output.log" <"$tmp/output" &
	tee=$!
	set -- -nodefaults -display none -no-reboot -machine q35 -accel "$accel" -cpu max \
		-smp "$CPUS" -m "$MEM" -kernel "$bzimage" -append "$append" \
		-serial "file:$(comma "$console")" -virtfs "$(share out "$out")" \
		-device virtio-serial-pci -chardev "file,id=run,path=$tmp/output" \
		-device virtserialport,chardev=run,name=modtrace.run
	# While a guest waits for a disk, that clock would race ahead to its next timer.
	sleep=off
	[ -z "$ROOT_DISK" ] || sleep=on
	[ -z "${ICOUNT:-}" ] || set -- "$@" -icount shift=0,sleep=$sleep
	[ -z "$INITRD_FILE" ] || set -- "$@" -initrd "$INITRD_FILE"
	# The shares and disks alone are what the guest can reach of this machine.
	[ -z "$ROOT_DISK" ] || set -- "$@" -virtfs "$(share lab "$SHARE" ,readonly=on)" \
		-drive "file=$(comma "$ROOT_DISK"),if=virtio,format=raw,snapshot=$ROOT_SNAPSHOT" \
		-drive "file=$(comma "$MODULES_DISK"),if=virtio,format=raw,readonly=on"
	qemu-system-x86_64 "$@" </dev/null >"$tmp/qemu.log" 2>&1 &
	qemu=$!
}

# Ends qemu where it still runs, and waits until RUN's output is out.
finish()
{
	kill -9 "$qemu" 2>/dev/null || :
	wait "$qemu" 2>/dev/null || :
	qemu=''
	# Where qemu never opened the pipe, tee still waits for a writer.
	: <>"$tmp/output"
	wait "$tee" 2>/dev/null || :
	sed 's/^/qemu: /' "$tmp/qemu.log" >&2
}

# Seconds since the machine's start, unmoved by a clock that is set.
now()
{
	cut -d. -f1 /proc/uptime
}

# Waits for the end of the guest. Returns 0, or 1 when the time limit of its phase was reached.
watch()
{
	limit=$(($(now) + boot_limit))
	while kill -0 "$qemu" 2>/dev/null; do
		if [ "$started" = no ] && grep -aq 'modtrace-lab: run' "$console"; then
			started=yes
			limit=$(($(now) + run_limit))
		fi
		[ "$(now)" -lt "$limit" ] || return 1
		sleep 0.2
	done
	if grep -aq 'modtrace-lab: run' "$console"; then
		started=yes
	fi
}

for try in 1 2; do
	started=no in_time=yes
	start
	watch || in_time=no
	finish
	[ "$started" = no ] || break
	tail -n 3 "$console" >&2
	if [ "$try" = 1 ]; then
		say "the guest didn't start RUN within ${boot_limit} s or died before; another try"
		mv "$console" "$out/console.1.log"
	else
		die_status=125
		say "the guest didn't start RUN in two tries, see $console"
		exit $die_status
	fi
done

splat=no
"$top/lab/splat.sh" "$console" "$EXPECT" || splat=yes

if [ "$in_time" = no ]; then
	say "time limit: RUN was killed after $run_limit s (TIMEOUT=)"
	exit 124
fi
[ "$splat" = no ] || exit 125

status=$(sed -n 's/.*modtrace-lab: exit \([0-9]*\).*/\1/p' "$console" | tail -n 1)
if [ -z "$status" ]; then
	tail -n 5 "$console" >&2
	say "the guest died before RUN's end, see $console"
	exit 125
fi
exit "$status"
