#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Nobody waits without bound for what others lead: requests whose leader hardly runs, queues for a
# slot, is killed there or has no time left, or whose helper is stopped; loads whose leader hardly
# runs, is stopped or traced; and requests in chains of async functions, work items and kernel
# threads, which no search for cycles can follow. Each as on the stock kernel, or 5 s later.
set -u
. "$(dirname -- "$0")/kernel.sh"
helper probe
helper lead

# under_ms DESCRIPTION GOT LIMIT
under_ms()
{
	ok "$1 (${2:-never} ms, below $3)" test "${2:-999999}" -lt "$3"
}

# ms NAME: how long a storm took.
ms()
{
	ns=$(key "$1" elapsed_ns)
	echo "${ns:+$((ns / 1000000))}"
}

# leaders KERNEL
leaders()
{
	guest KERNEL="$1" CPUS=4 MEM=3G EXTRA="$extra" TIMEOUT=420 <<'EOF2'
. /extra/lib.sh
modprobe test_kmod
# end_idle PID: with its hogs, for it has to run to be killed.
end_idle()
{
	_hogs=$(children "$1")
	kill -KILL $_hogs "$1"
	wait "$1"
	for _hog in $_hogs; do
		until_true 20 gone "$_hog"
	done
}

# An idle task of nobody's leads; root asks while the helper runs, and when it has ended. The
# helper takes 3 s.
echo 'install net-pf-9 sleep 3; exit 1' >/etc/modprobe.d/slow.conf
trace_start
start idle.leader /extra/lead idle 9 60 1
leader=$pid
until_true 60 grep calls=1 /out/idle.leader.out
for victim in first second; do
	timeout -s KILL 30 /extra/lead ask 9 >/out/idle.$victim.out 2>&1
done
grep -q result= /out/idle.leader.out || result idle.leads yes
end_idle $leader
trace_stop idle

# Its helper is stopped, and only that one.
echo 'install mt_stops mkdir /tmp/stopped 2>/dev/null && kill -STOP $PPID; exit 1' \
	>/etc/modprobe.d/stops.conf
trace_start
start stopped.leader storm autoload -k -n 1 mt_stops
until_true 20 test -d /tmp/stopped
until_true 10 stopped "$(pidof modprobe)"
helper=$(pidof modprobe)
timeout -s KILL 30 insmod "$hold2" request=mt_stops
stopped $helper && result stopped.still yes
result stopped.ret "$(cat $params2/request_ret)"
result stopped.ms "$(cat $params2/request_ms)"
kill -CONT $helper
wait
rmmod mt_hold2
trace_stop stopped

# All slots are taken, until it is said that they are not.
cat >/tmp/modprobe <<'EOF3'
#!/bin/sh
echo "$3" >>/tmp/asked
case $3 in
fs-slot*) read -r line </tmp/gate ;;
esac
exit 0
EOF3
chmod 755 /tmp/modprobe
modprobe_path=$(cat /proc/sys/kernel/modprobe)
ran()
{
	[ "$(grep -c "^$1" /tmp/asked)" -ge "$2" ]
}
take_slots()
{
	rm -f /tmp/gate
	mkfifo /tmp/gate
	: >/tmp/asked
	trace_start
	echo /tmp/modprobe >/proc/sys/kernel/modprobe
	start slots /extra/lead slots 50
	slots=$pid
	until_true 60 ran fs-slot 50
}
free_slots()
{
	: >/tmp/gate
	wait $slots
}
# The leader is killed in the queue; one that doesn't wait, or one that does, came behind it: so long behind
# that the slots come free in its time, as a kill doesn't end the leader's 5 s.
for nowait in 1 0; do
	take_slots
	start killed_$nowait.leader insmod "$hold" request=mt_queued
	leader=$pid
	until_true 20 blocked $leader
	sleep 2
	start killed_$nowait.second insmod "$hold2" request=mt_queued nowait=$nowait
	second=$pid
	until_true 20 blocked $second
	kill -KILL $leader
	until_true 5 gone $leader && result killed_$nowait.gone yes
	free_slots
	wait $second
	until_true 5 ran mt_queued 1
	sleep 0.2
	result killed_$nowait.ran "$(grep -c '^mt_queued$' /tmp/asked)"
	result killed_$nowait.ret "$(cat $params2/request_ret)"
	rmmod mt_hold
	rmmod mt_hold2
	trace_stop killed_$nowait
done
# The leader's time is up, and a slot comes free in that of the one behind it.
take_slots
start time.leader insmod "$hold" request=mt_queued
leader=$pid
until_true 20 blocked $leader
sleep 4
start time.second insmod "$hold2" request=mt_queued
second=$pid
until_true 20 blocked $second
until_true 10 answered mt_hold
sleep 1
free_slots
wait $leader $second
result time.leader "$(cat $params/request_ret)"
result time.second "$(cat $params2/request_ret)"
result time.ran "$(grep -c '^mt_queued$' /tmp/asked)"
rmmod mt_hold
rmmod mt_hold2
trace_stop time
echo "$modprobe_path" >/proc/sys/kernel/modprobe

# A load's leader that hardly runs, with 32 MiB to read before anybody can see its module.
mkdir /tmp/large
cp "$hold" /tmp/large/
truncate -s 32M /tmp/large/mt_hold.ko
trace_start
start late.leader /extra/lead load /tmp/large/mt_hold.ko 60 1
leader=$pid
until_true 60 grep calls=1 /out/late.leader.out
timeout -s KILL 30 storm -k -l -n 1 /tmp/large/mt_hold.ko >/out/late.out 2>&1
grep -q result= /out/late.leader.out || result late.leads yes
result late.live "$(cat /sys/module/mt_hold/initstate)"
end_idle $leader
trace_stop late
rmmod mt_hold
rm -r /tmp/large

# A load's leader that is stopped, or traced, while it waits for another load.
mkdir /tmp/own
cp "$hold" /tmp/own/
for how in stop trace; do
	trace_start
	start $how.first /extra/probe call -i -p hold=1 "$hold"
	until_true 10 in_init mt_hold
	start $how.leader /extra/probe call /tmp/own/mt_hold.ko
	leader=$pid
	until_true 10 blocked $leader
	start $how.waiter /extra/probe call /tmp/own/mt_hold.ko
	waiter=$pid
	until_true 10 blocked $waiter
	if [ $how = stop ]; then
		kill -STOP $leader
	else
		start $how.tracer /extra/lead trace $leader 60
		tracer=$pid
	fi
	until_true 10 stopped $leader && result $how.stops yes
	sleep 0.5
	blocked $waiter && result $how.waits yes
	release mt_hold
	until_true 10 gone $waiter && stopped $leader && result $how.early yes
	if [ $how = stop ]; then
		kill -CONT $leader
	else
		kill -KILL $tracer
	fi
	wait
	trace_stop $how
	rmmod mt_hold
done
result left "$(grep -c '^mt_' /proc/modules)"
[ ! -e /sys/kernel/debug/modules/inflight ] || result in_flight "$(in_flight)"
EOF2
}

# chains KERNEL: a module's async function waits for others, the last of whom asks for what is
# live by then; and the load waits for the async function.
chains()
{
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" TIMEOUT=300 <<'EOF2'
. /extra/lib.sh
modprobe test_kmod
# chain NAME: a request for mt_hold, by a kernel thread.
chain()
{
	traced chain_$1 timeout -s KILL 30 storm autoload -k -n 1 mt_hold
	until_true 20 answered mt_hold
	result chain_$1.ret "$(cat $params/request_ret)"
	result chain_$1.state "$(cat /sys/module/mt_hold/initstate)"
}
for via in aw ak awk akw; do
	echo "options mt_hold via=$via via_ms=500 request=mt_hold" >/etc/modprobe.d/options.conf
	chain $via
	rmmod mt_hold || break
done
result left "$(grep -c '^mt_' /proc/modules)"
EOF2
}

late_and_stopped()
{
	is "$kernel: late: the leader still reads" "$(value late.leads)" yes
	is "$kernel: late: another loads the module" "$(outcome late) $(value late.live)" 'ok=1 live'
	under_ms "$kernel: late: in time" "$(ms late)" $((3000 + more))
	for how in stop trace; do
		is "$kernel: $how: the leader stops, its waiter waits" \
			"$(value $how.stops) $(value $how.waits)" 'yes yes'
		is "$kernel: $how: the waiter is answered meanwhile" "$(value $how.early)" yes
		for who in first:ok leader:EEXIST waiter:EEXIST; do
			is "$kernel: $how: the ${who%:*}'s result" "$(key $how.${who%:*} result)" \
				"${who#*:}"
		done
	done
}

for kernel in "$series-stock" "$series"; do
	leaders $kernel
	scenarios_ok "$kernel: leaders that don't go on"
	more=0
	[ "$kernel" = "$series-stock" ] || more=5000

	is "$kernel: idle: the leader still leads" "$(value idle.leads)" yes
	for victim in first second; do
		is "$kernel: idle: the $victim is told that there is none" \
			"$(key idle.$victim result)" EAFNOSUPPORT
		# Whoever leads: the helper's 3 s, and starting it under emulation.
		under_ms "$kernel: idle: the $victim, as soon as a helper ended" \
			"$(key idle.$victim ms)" 5500
	done
	is "$kernel: stopped: the helper still is" "$(value stopped.still)" yes
	is "$kernel: stopped: another runs to its end" "$(value stopped.ret)" 256
	under_ms "$kernel: stopped: in time" "$(value stopped.ms)" $((2000 + more))
	for nowait in 1 0; do
		is "$kernel: killed in the queue: gone" "$(value killed_$nowait.gone)" yes
		is "$kernel: killed in the queue: who came behind (nowait=$nowait) has a helper" \
			"$(value killed_$nowait.ran) $(value killed_$nowait.ret)" '1 0'
	done
	is "$kernel: out of time: the leader" "$(value time.leader)" -62
	is "$kernel: out of time: not the one behind it" \
		"$(value time.second) $(value time.ran)" '0 1'
	# Since 6.5 stock waits for the first without bound, and fails who is stopped.
	case $kernel in
	v6.1-stock|"$series") late_and_stopped ;;
	esac
	is "$kernel: nothing is left" "$(value left) $(value in_flight)" \
		"0 $([ "$kernel" = "$series-stock" ] || echo 0)"

	chains $kernel
	scenarios_ok "$kernel: chains"
	for via in aw ak awk akw; do
		is "$kernel: chain $via: the request returns 0" "$(outcome chain_$via)" ret_0=1
		under_ms "$kernel: chain $via: in time" "$(ms chain_$via)" $((5000 + more))
		is "$kernel: chain $via: so does the one at its end" \
			"$(value chain_$via.ret) $(value chain_$via.state)" '0 live'
	done
	is "$kernel: chains: nothing is left" "$(value left)" 0
done

# An async function that asks by itself, which the kernel warns of, waits for nobody.
guest KERNEL="$series" CPUS=4 EXTRA="$extra" EXPECT='WARNING:|Call Trace' <<'EOF2'
. /extra/lib.sh
modprobe test_kmod
echo 'options mt_hold via=a via_ms=500 request=mt_hold' >/etc/modprobe.d/options.conf
traced chain_a timeout -s KILL 30 storm autoload -k -n 1 mt_hold
until_true 20 answered mt_hold
result chain_a.ret "$(cat $params/request_ret)"
rmmod mt_hold
EOF2
scenarios_ok 'an async function asks'
is 'chain a: both return 0' "$(outcome chain_a) $(value chain_a.ret)" 'ret_0=1 0'
under_ms 'chain a: nobody waits' "$(ms chain_a)" 4000
is 'chain a: each has a modprobe' \
	"$(count chain_a sched_process_exec:) $(count chain_a module_autoload_dup:)" '2 0'

# What is known of whose work is done: no more than what it is.
guest KERNEL="$series" CPUS=4 EXTRA="$extra" TIMEOUT=200 <<'EOF2'
. /extra/lib.sh
# What a helper leaves in the background loads the module whose init waits for the helper, and
# the helper goes on by itself.
cat >/etc/modprobe.d/back.conf <<EOF3
install mt_back storm -k -l -n 1 $hold >/out/back.child.out 2>&1 & sleep 3
install mt_down storm -k -l -n 1 $hold >/out/down.child.out 2>&1; exit 1
EOF3
traced back timeout -s KILL 60 storm -k -l -n 1 -p request=mt_back "$hold"
result back.ret "$(cat $params/request_ret)"
rmmod mt_hold
# A child that it does wait for: nobody can tell, so it is told after 30 s.
traced down timeout -s KILL 60 storm -k -l -n 1 -p request=mt_down "$hold"
result down.ret "$(cat $params/request_ret)"
rmmod mt_hold
dmesg -c >/dev/null

# A long wait is worth a line in the log, once, whoever waits.
trace_start
start long storm -k -l -n 4 -b -p hold=1 "$hold"
until_true 10 in_init mt_hold
result long.holder "$(cat $params/holder)"
until_true 40 sh -c 'dmesg | grep "a load has waited"'
sleep 2
release mt_hold
wait
trace_stop long
rmmod mt_hold
dmesg | grep 'a load has waited' >/out/long-waits
exit 0
EOF2
scenarios_ok "a helper's children"
is 'background: it loads' "$(outcome back)" ok=1
is 'background: the helper ends as it would' "$(value back.ret)" 0
is 'background: its child is told that the module exists' "$(outcome back.child)" EEXIST=1
sound back
is 'down: it loads' "$(outcome down)" ok=1
is 'down: the helper fails' "$(value down.ret)" 256
is 'down: EDEADLK for its child' "$(outcome down.child)" EDEADLK=1
sound down
ok 'down: after 30 s' test "$(ms down | grep . || echo 0)" -ge 30000
under_ms 'down: and not long after' "$(ms down)" 36000
is 'long: it loads' "$(outcome long)" 'EEXIST=3 ok=1'
is 'long: one line, and who it is' "$(sed 's/^\[[^]]*\] //' "$out/long-waits")" \
	"module: a load has waited for more than 30 seconds for storm[$(value long.holder)], which loads mt_hold"

done_testing
