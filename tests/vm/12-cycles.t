#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Nothing waits for work that is done on its own behalf: an init that asks for itself, by one
# way or another, a modprobe of a foreign binary format, a request whose task was killed.
set -u
. "$(dirname -- "$0")/kernel.sh"
helper probe

guest KERNEL="$series" CPUS=4 EXTRA="$extra" TIMEOUT=120 <<'EOF2'
. /extra/lib.sh
modprobe test_kmod
options()
{
	printf 'options %s\n' "$@" >/etc/modprobe.d/options.conf
}
# alone NAME FILE PARAMS: one load, which must not take long.
alone()
{
	traced "$1" timeout -s KILL 20 storm -k -l -n 1 -p "$3" "$2"
}

# Itself, with the parameters that modprobe gives and without.
alone self "$hold" request=mt_hold
result self.ret "$(cat $params/request_ret)"
rmmod mt_hold
options 'mt_hold request=mt_hold'
traced self_modprobe timeout -s KILL 20 modprobe mt_hold
result self_modprobe.ret "$(cat $params/request_ret)"
rmmod mt_hold
traced self_storm timeout -s KILL 20 storm -k -l -n 8 -p request=mt_hold "$hold"
rmmod mt_hold
# The same without a file, and with each of the gates alone.
alone_init()
{
	traced "$1" timeout -s KILL 20 storm -k -l -n 1 -i -p request=mt_hold "$hold"
	rmmod mt_hold
}
alone_init self_init
policy merge_file off
alone_init self_name
alone self_name_finit "$hold" request=mt_hold; rmmod mt_hold
policy merge_file wait
policy merge_name 0
alone self_file "$hold" request=mt_hold; rmmod mt_hold
policy merge_name 1

# Two ask for each other; first one begins, then both at once.
options 'mt_hold2 request=mt_hold'
alone two "$hold" request=mt_hold2
result two.ret "$(cat $params/request_ret) $(cat $params2/request_ret)"
rmmod mt_hold mt_hold2
for round in 1 2 3 4 5; do
	trace_start
	timeout -s KILL 20 storm -k -l -n 4 -p request=mt_hold2 "$hold" \
		>/out/both_$round.out 2>&1 &
	timeout -s KILL 20 storm -k -l -n 4 -p request=mt_hold "$hold2" \
		>/out/both2_$round.out 2>&1
	wait
	cat /out/both2_$round.out >>/out/both_$round.out
	trace_stop both_$round
	result both_$round.live "$(cat /sys/module/mt_hold*/initstate | tr '\n' ' ')"
	rmmod mt_hold mt_hold2
done

# Through a dependency: modprobe of the dependent begins with who asks for it. And the dependent
# asks for what is live.
alone dependency "$dep_b" request=mt_dep_a
result dependency.ret "$(cat /sys/module/mt_dep_b/parameters/request_ret)"
alone dependent "$dep_a" request=mt_dep_b
result dependent.ret "$(cat /sys/module/mt_dep_a/parameters/request_ret)"
rmmod mt_dep_a mt_dep_b

# An async function's own modprobe waits for the load that waits for the function: until the
# module is live, no longer.
trace_start
timeout -s KILL 20 storm -k -l -n 1 -p 'hold=1 async=1 request=mt_hold' "$hold" \
	>/out/async.out 2>&1 &
until_true 10 in_init mt_hold
until_true 10 pidof modprobe
until_true 10 blocked "$(pidof modprobe)"
release mt_hold
until_true 10 grep -q live /sys/module/mt_hold/initstate
wait
trace_stop async
result async.ret "$(cat $params/request_ret)"
rmmod mt_hold

# A requester is killed; its helper goes on, and who asks meanwhile waits for that one.
options 'mt_hold2 hold=1'
trace_start
/extra/probe call -p request=mt_hold2 "$hold" >/out/orphan.first.out &
first=$!
until_true 10 in_init mt_hold2
result orphan.first $first
kill -KILL $first
until_true 10 gone $first && result orphan.gone yes
# Its init returned all the same: the module is live and its request was interrupted.
result orphan.ret "$(cat $params/request_ret)"
storm autoload -k -n 4 mt_hold2 >/out/orphan.out 2>&1 &
until_true 10 requested 5
sleep 0.5
result orphan.early "$(grep -c ': module_autoload_dup: ' $tracing/trace)"
release mt_hold2
wait
trace_stop orphan
# That request is over and answers nobody.
traced orphan_later storm autoload -k -n 1 mt_hold2
rmmod mt_hold mt_hold2

# The same where the helper fails.
echo 'install mt_fails until [ -e /tmp/go ]; do sleep 0.1; done; exit 1' \
	>/etc/modprobe.d/fails.conf
trace_start
/extra/probe call -p request=mt_fails "$hold" >/out/orphan_fails.first.out &
first=$!
until_true 10 requested 1
until_true 10 pidof modprobe
sleep 0.2
kill -KILL $first
until_true 10 gone $first
storm autoload -k -n 4 mt_fails >/out/orphan_fails.out 2>&1 &
until_true 10 requested 5
sleep 0.5
touch /tmp/go
wait
trace_stop orphan_fails
rm /tmp/go
rmmod mt_hold

# A waiter of a request is killed: the others go on.
trace_start
storm autoload -k -n 2 mt_fails >/out/dup_killed.out 2>&1 &
until_true 10 requested 2
/extra/probe call -p request=mt_fails "$hold" >/out/dup_killed.first.out &
first=$!
until_true 10 requested 3
sleep 0.3
kill -KILL $first
until_true 10 gone $first && result dup_killed.gone yes
result dup_killed.ret "$(cat $params/request_ret)"
touch /tmp/go
wait
trace_stop dup_killed
rmmod mt_hold

result left "$(grep -c '^mt_' /proc/modules)"
dmesg | grep 'has waited for more' >/out/long-waits
exit 0
EOF2
scenarios_ok "the scenarios on $series went through"

for storm in self self_init self_name self_name_finit self_file; do
	is "$storm: it loads" "$(outcome $storm)" ok=1
	ok "$storm: without a second's wait" test "$(key $storm elapsed_ns)" -lt 5000000000
	sound $storm
	deadlocks=1
	# Without its gate, stock's own wait for the module of that name ends with a signal only;
	# with a gate on either side, that is never reached.
	is "$storm: the load for its own sake gets EDEADLK" \
		"$(count $storm 'module_load_end: .* ret=-35 ')" $deadlocks
	is "$storm: no event calls that merged" "$(count $storm 'module_load_merged:')" 0
	is "$storm: one request, one modprobe" \
		"$(count $storm module_request:) $(count $storm sched_process_exec:)" '1 1'
done
is 'self: the request failed' "$(value self.ret)" 256
is 'self_modprobe: the request failed' "$(value self_modprobe.ret)" 256
is 'self_modprobe: EDEADLK once' "$(count self_modprobe 'module_load_end: .* ret=-35 ')" 1
is 'self_modprobe: loaded once' "$(count self_modprobe 'module_load_end: .* ret=0 stage=done')" 1
storm_is self_storm 'EEXIST=7 ok=1'
is 'self_storm: EDEADLK for the helper alone' \
	"$(count self_storm 'module_load_end: .* ret=-35 ')" 1

is 'two: both load' "$(outcome two) $(count two 'ret=0 stage=done')" 'ok=1 2'
is 'two: the inner request failed, the outer did not' "$(value two.ret)" '0 256'
is 'two: EDEADLK once' "$(count two 'module_load_end: .* ret=-35 ')" 1
sound two
for round in 1 2 3 4 5; do
	is "both_$round: both are live" "$(value both_$round.live)" 'live live '
	is "both_$round: each once" "$(count both_$round 'ret=0 stage=done')" 2
	sound both_$round
	is "both_$round: none of the storms was in a cycle" \
		"$(grep -E '^E' "$out/both_$round.out" | grep -Evc '^EEXIST=')" 0
done

is 'dependency: it loads' "$(outcome dependency)" ok=1
is 'dependency: modprobe failed over it' "$(value dependency.ret)" 256
is 'dependency: EDEADLK once' \
	"$(count dependency 'module_load_end: .* file=mt_dep_b.ko ret=-35 ')" 1
is 'dependency: its dependent was not tried' "$(count dependency 'file=mt_dep_a.ko')" 0
is 'dependent: it loads' "$(outcome dependent)" ok=1
is 'dependent: what it asks for is there' "$(value dependent.ret)" 0
sound dependency
sound dependent

is 'async: it loads' "$(outcome async)" ok=1
is 'async: its modprobe was content' "$(value async.ret)" 0
is 'async: being told that the module exists' \
	"$(count async 'module_load_merged: mt_hold gate=file ret=-17 ')" 1
sound async

is 'orphan: the requester is gone before its helper' "$(value orphan.gone)" yes
is 'orphan: with an interrupted request' "$(value orphan.ret)" -512
is 'orphan: four wait' "$(value orphan.early)" 0
is 'orphan: and have the status of its helper' "$(outcome orphan)" ret_0=4
is 'orphan: there was no other' "$(count orphan sched_process_exec:)" 1
is 'orphan: it was who they waited for' \
	"$(count orphan "module_autoload_dup: mt_hold2 wait=1 .* ret=0 leader=$(value orphan.first) ")" 4
is 'orphan_later: a request of its own' \
	"$(outcome orphan_later) $(count orphan_later module_autoload_dup:) $(count orphan_later sched_process_exec:)" \
	'ret_0=1 0 1'
is 'orphan_fails: the status of a helper that fails' "$(outcome orphan_fails)" ret_256=4
is 'orphan_fails: four duplicates of one modprobe' \
	"$(count orphan_fails 'module_autoload_dup: .* ret=256 ') $(count orphan_fails sched_process_exec:)" \
	'4 1'
is 'dup_killed: gone at once' "$(value dup_killed.gone)" yes
is 'dup_killed: with an interrupted request' "$(value dup_killed.ret)" -512
is 'dup_killed: the others have the status' "$(outcome dup_killed)" ret_256=2
is 'dup_killed: no event for the killed' \
	"$(count dup_killed module_autoload_dup:) $(count dup_killed sched_process_exec:)" '1 1'
is 'nothing is left' "$(value left)" 0
is 'nobody had waited long' "$(cat "$out/long-waits")" ''

# A modprobe that can't be executed asks for a binary format, which runs modprobe. The limit on
# concurrent requests ends that, and then each of them in turn, as on the stock kernel.
foreign()
{
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" TIMEOUT=120 <<'EOF2'
. /extra/lib.sh
modprobe test_kmod
printf '\001\002\003\004 of no format' >/tmp/foreign
chmod 755 /tmp/foreign
modprobe_path=$(cat /proc/sys/kernel/modprobe)
echo /tmp/foreign >/proc/sys/kernel/modprobe
traced one storm autoload -k -n 1 mt_hold
# Each takes 5 s, and stock's four 10: its own are told here once.
if [ -d $policies ] && [ -e $policies/merge_autoload ]; then
	begin=$(date +%s)
	traced exec /tmp/foreign
	result exec.seconds $(($(date +%s) - begin))
	traced four storm autoload -k -n 4 mt_hold
fi
echo "$modprobe_path" >/proc/sys/kernel/modprobe
traced after storm autoload -k -n 4 mt_hold
result loaded "$(ls -d /sys/module/mt_hold)"
result limit "$(dmesg | grep -c 'cannot be processed, kmod busy')"
EOF2
}
foreign "$series-stock"
scenarios_ok "a foreign modprobe on $series-stock"
stock_one=$(outcome one)
# Later kernels ask for no format.
asks=$([ "$(key one elapsed_ns)" -gt 4000000000 ] && echo yes)
diag "stock: $stock_one in $(key one elapsed_ns) ns"
foreign "$series"
scenarios_ok "a foreign modprobe on $series"
diag "$series: $(outcome one) in $(key one elapsed_ns) ns, four in $(key four elapsed_ns) ns," \
	"exec $(value exec.seconds) s"
is 'foreign: the request fails as in stock' "$(outcome one)" "$stock_one"
is 'foreign: so do four at once' "$(outcome four)" "${stock_one%1}4"
if [ "$asks" ]; then
	# Which takes two steps of 5 s, and nobody waits for another's request longer than one.
	is 'foreign: none of which has the result of another' \
		"$(count four 'module_autoload_dup: mt_hold ')" 0
	like 'foreign: the limit ended it' "$(value limit)" '^[1-9]'
fi
for storm in one four; do
	# Two steps of 5 s, and what a busy host adds to starting 50 helpers.
	ok "foreign: $storm ends with the limit's steps of 5 s" \
		test "$(key $storm elapsed_ns)" -lt 30000000000
done
ok 'foreign: so does an exec' test "$(value exec.seconds)" -lt 30
is 'foreign: afterwards a request works' "$(outcome after) $(value loaded)" \
	'ret_0=4 /sys/module/mt_hold'

done_testing
