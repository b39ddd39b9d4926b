#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest.sh BZIMAGE INITRD OUT: one run of one guest, with a time limit, and once more where
# its CPUs didn't come up. Exit: RUN's status; 124 when the time was up; 125 when the guest
# died, never started RUN, or its kernel complained.
# Environment: CPUS MEM APPEND EXPECT TIMEOUT ICOUNT, and BOOT_LIMIT where a boot takes longer.
set -eu
. "$(dirname -- "$0")/common.sh"

bzimage=$1 initrd=$2 out=$3
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
icount=''
if [ -n "${ICOUNT:-}" ]; then
	[ "$CPUS" -eq 1 ] || die "ICOUNT takes CPUS=1"
	accel=tcg,tb-size=512
	icount='-icount shift=0,sleep=off'
fi
# Above this, bring-up starves on the ticks of the CPUs that are up: init brings up the rest.
[ "$CPUS" -le 128 ] || append="$append maxcpus=32"
append="$append ${APPEND?}"

# Commas separate qemu's own options.
comma()
{
	printf '%s' "$1" | sed 's/,/,,/g'
}

start()
{
	: >"$console"
	rm -f "$tmp/output"
	mkfifo "$tmp/output"
	tee "$out/output.log" <"$tmp/output" &
	tee=$!
	# $icount is none or two words. The share alone is what the guest can reach of this machine.
	qemu-system-x86_64 -nodefaults -display none -no-reboot \
		$icount -machine q35 -accel "$accel" -cpu max -smp "$CPUS" -m "$MEM" \
		-kernel "$bzimage" -initrd "$initrd" -append "$append" \
		-serial "file:$(comma "$console")" \
		-virtfs "local,path=$(comma "$out"),mount_tag=out,security_model=none,multidevs=remap" \
		-device virtio-serial-pci -chardev "file,id=run,path=$tmp/output" \
		-device virtserialport,chardev=run,name=modtrace.run \
		</dev/null >"$tmp/qemu.log" 2>&1 &
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
