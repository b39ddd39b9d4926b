#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The lab does what it says, on the stock kernel: guests, statuses, limits, and the storms
# that everything else is measured with.
set -u
. "$(dirname -- "$0")/lib.sh"

mkdir "$tmp/extra"
echo brought >"$tmp/extra/file"

guest KERNEL=v6.1-stock CPUS=8 EXTRA="$tmp/extra" <<'EOF'
result cpus "$(nproc)"
result release "$(uname -r)"
result extra "$(cat /extra/file)"
echo left >/out/file
modprobe libcrc32c
xfs=$(modinfo -n xfs)
hold=$(modinfo -n mt_hold)
release=/sys/module/mt_hold/parameters/release
keyed finit storm -k -n 8 "$xfs"
keyed live storm -k -n 8 "$xfs"
rmmod xfs
keyed init storm -k -n 8 -i "$xfs"
rmmod xfs
keyed copies storm -k -n 8 -c "$xfs"
rmmod xfs
keyed held storm -k -n 8 -p hold=1 -r $release "$hold"
rmmod mt_hold
keyed failed storm -k -n 8 -p 'hold=1 fail=19' -r $release "$hold"
keyed waiter storm -k -n 8 -p hold=1 -r $release -K KILL:waiter "$hold"
rmmod mt_hold
keyed auto storm autoload -k -n 8 dummy
result dummy "$(ls -d /sys/module/dummy)"
keyed nosuch storm autoload -k -n 8 nosuch
keyed bad storm -n 0 /dev/null
exit 7
EOF

is 'the status is what RUN returned' "$status" 7
[ "$status" -eq 7 ] || guest_diag
is 'all CPUs are up' "$(value cpus)" 8
like 'the release names the kernel' "$(value release)" '^6\.1\..*-stock$'
is 'EXTRA appears at /extra' "$(value extra)" brought
is 'what RUN leaves in /out is in OUT' "$(cat "$out/file")" left

# duplicates KEY: how many were told that the module exists or is busy.
duplicates()
{
	exist=$(value "$1.EEXIST") busy=$(value "$1.EBUSY")
	echo $((${exist:-0} + ${busy:-0}))
}

for storm in finit init copies held; do
	is "$storm: one of 8 loads" "$(value $storm.ok)" 1
	is "$storm: 7 are duplicates" "$(duplicates $storm)" 7
	ok "$storm: it took some time" test "$(value $storm.elapsed_ns)" -gt 0
done
is 'live: none of 8 loads' "$(value live.ok)" 0
is 'live: 8 are duplicates' "$(duplicates live)" 8
is 'held: all were blocked, winner included' "$(value held.blocked)" 8
is 'held: none was late' "$(value held.late)" 0
is "failed: the winner has init's errno" "$(value failed.ENODEV)" 1
is 'waiter: one was killed' "$(value waiter.killed)" 1
is 'waiter: one loads' "$(value waiter.ok)" 1
is 'waiter: 6 are duplicates' "$(duplicates waiter)" 6
is 'autoload: 8 requests return 0' "$(value auto.ret_0)" 8
is 'autoload: the module is there' "$(value dummy)" /sys/module/dummy
is 'autoload: 8 requests of nothing return 256' "$(value nosuch.ret_256)" 8
like 'storm: a bad number is one line' "$(grep '^bad\.' "$out/output.log")" \
	'^bad\.storm: bad value: 0$'

# A complaint of the kernel fails the run, whatever RUN said, unless it is expected.
complain='echo "BUG: made for a test" >/dev/kmsg'
guest KERNEL=v6.1-stock CPUS=2 <<EOF
$complain
EOF
is 'a complaint on the console fails the run' "$status" 125
like 'and is named' "$complaints" 'BUG: made for a test'

guest KERNEL=v6.1-stock CPUS=2 EXPECT='made for a test' <<EOF
$complain
EOF
is 'EXPECT accepts it' "$status" 0

guest KERNEL=v6.1-stock CPUS=2 TIMEOUT=3 <<'EOF'
sleep 60
EOF
is 'a RUN that takes too long is ended' "$status" 124
like 'and that is said' "$complaints" 'time limit'

guest KERNEL=v6.1-stock CPUS=2 <<'EOF'
echo c >/proc/sysrq-trigger; sleep 5; reboot -f
EOF
is 'a guest that dies is no success' "$status" 125

done_testing
