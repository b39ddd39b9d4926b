#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The audit record of an attempt names the module that its image names, and nothing where nobody has
# read one: a file's name is a guess. 40-lsm.t compares the records of all else with stock's.
set -u
. "$(dirname -- "$0")/../vm/kernel.sh"
helper audit

guest KERNEL="$series-lsm" CPUS=4 EXTRA="$extra" TIMEOUT=120 <<'EOF2'
. /extra/lib.sh
# Every record is to be seen.
echo 0 >/proc/sys/kernel/printk_ratelimit
/extra/audit || result audit failed
# Large, so that others come while the first reads it; and it is none.
dd if=/dev/zero of=/tmp/mt_guess.ko bs=1M count=24 2>/dev/null
cp "$hold" /tmp/mt_hold.ko
sleep 0.5
calls_are_told()
{
	[ "$(dmesg | grep -c 'type=1300 .*syscall=313 ')" = 4 ]
}
records()
{
	# kauditd writes when it comes to it, a call's records one after the other.
	until_true 10 calls_are_told
	sleep 0.5
	dmesg -c | grep -o 'type=1330 .*name=.*' >"/out/$1.records"
}
dmesg -c >/dev/null
for case in guess hold; do
	traced $case storm -k -l -n 4 -p sleep_ms=500 /tmp/mt_$case.ko
	records $case
done
rmmod mt_hold
EOF2
scenarios_ok 'attempts under audit'
is 'audit is on' "$(value audit)" ''
is 'a file that is no module: none loads' "$(key guess ok)" 0
like 'a file that is no module: some were merged' \
	"$(count guess 'module_load_merged: mt_guess gate=file ret=-16 ')" '^[1-3]$'
# Mainline's own, of who has read it: it doesn't know the name, either.
is 'a file that is no module: no record names one' "$(grep -v 'name="?"' "$out/guess.records")" ''
is 'a module: every record names it' \
	"$(sed 's/.*name=//; s/[[:space:]].*//' "$out/hold.records" | sort | uniq -c | tr -s ' ')" \
	' 4 "mt_hold"'
done_testing
