#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Leaders that a control group keeps from running: throttled by cpu.max, or frozen by the freezer of
# cgroup v1. Who waits for them is answered all the same. On the debug kernel, which alone has these
# controllers; so what one request and one load take there, undisturbed, is the measure of the rest.
set -u
. "$(dirname -- "$0")/../vm/debug.sh"
helper probe
helper lead

guest KERNEL="$series-debug" CPUS=4 MEM=3G EXTRA="$extra" TIMEOUT=1200 <<'EOF2'
. /extra/lib.sh
cgroup=/sys/fs/cgroup
echo +cpu >$cgroup/cgroup.subtree_control
mkdir $cgroup/slow
slow=$cgroup/slow
mkdir /tmp/large /tmp/own
cp "$hold" /tmp/own/
cp "$hold" /tmp/large/
truncate -s 32M /tmp/large/mt_hold.ko
echo 'install net-pf-9 sleep 3; exit 1' >/etc/modprobe.d/slow.conf

# Alone.
trace_start
/extra/lead ask 9 >/out/alone.ask.out
storm -k -n 1 /tmp/large/mt_hold.ko >/out/alone.load.out
rmmod mt_hold
trace_stop alone

# Of each second a ms, which those who spin on every CPU have used up for long, tick by tick; CPU 3,
# with the leader, is the last to get another.
throttle()
{
	echo '1000 1000000' >$slow/cpu.max
	[ $# -eq 0 ] || echo "$1" >$slow/cgroup.procs
	for _cpus in '0 1 2' 3; do
		sh -c "echo \$\$ >$slow/cgroup.procs; exec /extra/lead spin $_cpus" &
		spinners="$spinners $!"
		sleep 0.3
	done
	until_true 20 throttled
}
throttled()
{
	[ "$(sed -n 's/^nr_throttled //p' $slow/cpu.stat)" -ge 4 ]
}
let_go()
{
	echo max >$slow/cpu.max
	kill -KILL $spinners
	spinners=
	wait
}
trace_start
start request.leader taskset 8 /extra/lead ask 9
leader=$pid
until_true 20 asked_for net-pf-9 1
throttle $leader
for victim in first second; do
	timeout -s KILL 60 /extra/lead ask 9 >/out/request.$victim.out 2>&1
done
[ -s /out/request.leader.out ] || result request.leads yes
let_go
trace_stop request

trace_start
start load.leader /extra/lead load /tmp/large/mt_hold.ko 1 3
until_true 60 grep '^load' /sys/kernel/debug/modules/inflight
# With its hog, which is throttled as well.
tasks=$(children $pid)
for task in $tasks; do
	echo "$task" >$slow/cgroup.procs
done
throttle
timeout -s KILL 60 storm -k -l -n 2 /tmp/large/mt_hold.ko >/out/load.out 2>&1
grep -q result= /out/load.leader.out || result load.leads yes
result load.live "$(cat /sys/module/mt_hold/initstate)"
kill -KILL $tasks
let_go
for task in $tasks; do
	until_true 20 gone "$task"
done
trace_stop load
rmmod mt_hold

mkdir /freezer
mount -t cgroup -o freezer freezer /freezer && mkdir /freezer/cold
start frozen.first /extra/probe call -i -p hold=1 "$hold"
until_true 20 in_init mt_hold
start frozen.leader /extra/probe call /tmp/own/mt_hold.ko
leader=$pid
until_true 20 blocked $leader
start frozen.waiter /extra/probe call /tmp/own/mt_hold.ko
waiter=$pid
until_true 20 blocked $waiter
echo $leader >/freezer/cold/cgroup.procs
echo FROZEN >/freezer/cold/freezer.state
until_true 20 grep -q FROZEN /freezer/cold/freezer.state
release mt_hold
until_true 20 gone $waiter && result frozen.early yes
gone $leader || result frozen.still "$(cat /freezer/cold/freezer.state)"
echo THAWED >/freezer/cold/freezer.state
wait
rmmod mt_hold
result left "$(grep -c '^mt_' /proc/modules) $(in_flight)"
EOF2
scenarios_ok 'the scenarios went through'

ask=$(key alone.ask ms)
: "${ask:=0}"
load=$(key alone.load elapsed_ns)
load=$((${load:-0} / 1000000))
diag "alone, a request took $ask ms, of which its helper slept 3000, and a load $load ms"
is 'throttled: the leader of a request still leads' "$(value request.leads)" yes
for victim in first second; do
	is "throttled: the $victim is told that there is none" \
		"$(key request.$victim result)" EAFNOSUPPORT
	# As soon as a helper has ended; starting one may take twice what it takes undisturbed.
	ms=$(key request.$victim ms)
	ok "throttled: the $victim, in time (${ms:-never} ms)" \
		test "${ms:-999999}" -lt $((3000 + 2 * (ask - 3000) + 1000))
done
is 'throttled: the leader of a load still leads' "$(value load.leads)" yes
is 'throttled: another loads the module' "$(outcome load) $(value load.live)" \
	'EEXIST=1 ok=1 live'
ms=$(key load elapsed_ns)
ms=${ms:+$((ms / 1000000))}
ok "throttled: in time (${ms:-never} ms)" test "${ms:-999999}" -lt $((5000 + 2 * load + 2000))
is 'frozen: the leader stays so' "$(value frozen.still)" FROZEN
is 'frozen: who waits for it is answered meanwhile' "$(value frozen.early)" yes
is 'frozen: as ever' "$(key frozen.first result) $(key frozen.leader result) \
$(key frozen.waiter result)" 'ok EEXIST EEXIST'
is 'nothing is left' "$(value left)" '0 0'
done_testing
