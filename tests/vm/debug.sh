# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For the tests of storms on the debug kernel, on top of kernel.sh. Source it.

. "$(dirname -- "$0")/../vm/kernel.sh"
helper mayhem
helper ordeal
# A kernel that looks at everything boots in half a minute, on a machine that is not busy.
export BOOT_LIMIT=300

# compressed KERNEL: the lab's modules for it as /extra/NAME.ko.xz.
compressed()
{
	built=$("$top/lab/kernel.sh" "$1" 2>/dev/null) &&
		"$top/lab/modules.sh" "$built/tree" "$tmp/modules" &&
		for module in mt_hold mt_hold2; do
			xz --check=crc32 --lzma2=dict=1MiB -c "$tmp/modules/$module.ko" \
				>"$extra/$module.ko.xz" || return
		done
}

# mayhem KERNEL STORMS SEED [NAME=value]...: so many storms in a guest, three of ten with leaders that
# are kept from going on.
mayhem()
{
	kernel=$1 storms=$2 seed=$3
	shift 3
	ordeals=$((storms * 3 / 10))
	diag "$storms storms, SEED=$seed"
	# warn_alloc() has a stack trace for each allocation that is made to fail.
	guest KERNEL="$kernel" CPUS=4 EXTRA="$extra" TIMEOUT=$((300 + 15 * storms)) \
		EXPECT='Call Trace:' "$@" <<EOF2
. /extra/lib.sh
echo 0 >\$tracing/events/enable
cat >/etc/modprobe.d/families.conf <<'EOF3'
alias net-pf-4 mt_hold
alias net-pf-5 mt_hold2
alias net-pf-6 mt_dep_a
EOF3
mkdir /tmp/copy
cp "\$hold" /tmp/copy/

# scan NAME: what leaked; an object must be 5 s old to be looked at.
leaks=/sys/kernel/debug/kmemleak
scan()
{
	[ -e \$leaks ] || return
	sleep 6
	echo scan >\$leaks
	cat \$leaks >/out/leaks.\$1
	result leaks.\$1 \$(grep -c '^unreferenced' /out/leaks.\$1)
}
scan boot
[ ! -e \$leaks ] || echo clear >\$leaks
before=\$(date +%s)
/extra/mayhem $((storms - ordeals)) $seed "\$hold" /extra/mt_hold.ko.xz "\$hold2" /extra/mt_hold2.ko.xz \
	/tmp/copy/mt_hold.ko "\$dep_a" "\$dep_b" >/out/mayhem.out 2>&1
result mayhem \$?
/extra/ordeal $ordeals $seed "\$hold" "\$hold2" >/out/ordeal.out 2>&1
result ordeal \$?
result seconds \$((\$(date +%s) - before))
for syscall in \$(grep -lE '^(313|175) ' /proc/[0-9]*/syscall 2>/dev/null); do
	task=\${syscall%/syscall}
	echo "left: \$(cat \$task/stat) in \$(cat \$task/wchan)"
	cat \$task/stack
done
result in_flight "\$(in_flight)"
cat /sys/kernel/debug/modules/inflight
scan first
scan second
held after -n 4 -p hold=1
rmmod mt_hold
exit 0
EOF2
}

# mayhem_ok: the storms of the last guest went as they should.
mayhem_ok()
{
	scenarios_ok "$storms storms on $kernel went through, and it complained of nothing"
	diag "$(value seconds) s: $(tr '\n' ' ' <"$out/mayhem.out")"
	diag "$(tr '\n' ' ' <"$out/ordeal.out")"
	is 'all storms came to their end' "$(value mayhem) $(key mayhem storms)" \
		"0 $((storms - ordeals))"
	is 'and those whose leaders are kept from going on' \
		"$(value ordeal) $(key ordeal storms)" "0 $ordeals"
	is 'every call returned, every killed task was gone, what was asked for is live' \
		"$(grep -hE '^(storm|failed)=' "$out/mayhem.out" "$out/ordeal.out")" ''
	is 'nothing is in flight' "$(value in_flight)" 0
	is 'a storm afterwards is as ever' "$(outcome after)" 'EEXIST=3 ok=1'
	for kind in ok EEXIST EBUSY killed removed requests checked; do
		like "there was $kind" "$(key mayhem $kind)" '^[1-9]'
	done
}

# leaks_ok: so did kmemleak, and allocations did fail.
leaks_ok()
{
	for kind in injected ENOMEM; do
		like "there was $kind" "$(key mayhem $kind)" '^[1-9]'
	done
	for scan in first second; do
		is "kmemleak's $scan scan finds nothing" "$(value leaks.$scan)" 0
		[ "$(value leaks.$scan)" = 0 ] || diag "$(head -n 60 "$out/leaks.$scan")"
	done
}
