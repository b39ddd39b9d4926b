#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Winners that fail, are killed or die, waiters that are interrupted, modules that go away
# meanwhile: the right errno for everyone, and after each a second storm that is as the first.
set -u
. "$(dirname -- "$0")/kernel.sh"
helper probe

guest KERNEL="$series" CPUS=4 EXTRA="$extra" TIMEOUT=240 <<'EOF2'
. /extra/lib.sh
probe=/extra/probe

# Waiters.
held waiter_killed -n 8 -p hold=1 -K KILL:waiter; again waiter_killed
held waiter_killed_init -n 8 -i -p hold=1 -K KILL:waiter; again waiter_killed_init
held waiter_int -n 8 -p hold=1 -K INT:waiter; again waiter_int
held waiter_stopped -n 8 -p hold=1 -K STOP:waiter; again waiter_stopped

# A handler runs: the call fails with EINTR or is made again, as sigaction() says. And one in
# a frozen cgroup, and one that a tracer stops: neither makes the call fail.
mkdir /sys/fs/cgroup/frozen
for call in finit init; do
	option=
	[ $call = finit ] || option=-i
	trace_start
	start handler_$call.winner $probe call -p hold=1 "$hold"
	until_true 10 in_init mt_hold
	start handler_$call.eintr $probe call -s $option "$hold"
	eintr=$pid
	start handler_$call.restart $probe call -r $option "$hold"
	restart=$pid
	start handler_$call.frozen $probe call $option "$hold"
	frozen=$pid
	until_true 10 blocked $eintr
	until_true 10 blocked $restart
	until_true 10 blocked $frozen
	kill -USR1 $eintr $restart
	echo $frozen >/sys/fs/cgroup/frozen/cgroup.procs
	echo 1 >/sys/fs/cgroup/frozen/cgroup.freeze
	until_true 10 grep -q 'frozen 1' /sys/fs/cgroup/frozen/cgroup.events &&
		result handler_$call.freezes yes
	wait $eintr
	in_init mt_hold && result handler_$call.early yes
	echo 0 >/sys/fs/cgroup/frozen/cgroup.freeze
	until_true 10 blocked $restart && until_true 10 blocked $frozen &&
		result handler_$call.again yes
	release mt_hold
	wait
	trace_stop handler_$call
	again handler_$call
done

# Winners whose init fails. Not every errno is one that a waiter should see.
for err in 19 17 16 12 4 1; do
	held fail_$err -n 8 -p "hold=1 fail=$err"; again fail_$err
	held fail_init_$err -n 4 -i -p "hold=1 fail=$err"
done

# Winners that are killed in init.
held killed -n 8 -p hold=1 -K KILL:winner; again killed
held killed_init -n 8 -i -p hold=1 -K KILL:winner; again killed_init
held killed_copies -n 8 -c -p hold=1 -K KILL:winner; again killed_copies
# An init that a signal ends, but not a deadly one: its verdict, for all.
start init_eintr.first $probe call -s -p hold=2 "$hold"
first=$pid
until_true 10 in_init mt_hold
start init_eintr storm -k -l -n 4 -b "$hold"
until_true 10 blocked_below $pid 4
sleep 0.2
kill -USR1 $first
wait
again init_eintr

# Winners with a failure of their own before init: they wait for the symbol of a module that is
# still in init, then get at parameters that aren't theirs, or a signal. Another must try, and
# is held until the rest wait for it: who wakes late would be answered by the live module.
# private NAME KILL PROBE-OPTION...
private()
{
	_private=$1 _kill=$2
	shift 2
	trace_start
	start "$_private.dep" storm -k -n 1 -p hold=1 "$dep_b"
	until_true 10 in_init mt_dep_b
	start "$_private.first" $probe call "$@" "$dep_a"
	first=$pid
	until_true 10 blocked $first
	start "$_private" storm -k -l -r /sys/module/mt_dep_a/parameters/release -n 4 \
		-p hold=1 "$dep_a"
	until_true 10 blocked_below $pid 4
	result "$_private.before" "$(grep -c ': module_load_end: ' $tracing/trace)"
	[ "$_kill" = no ] || kill -"$_kill" $first
	[ "$_kill" = no ] || until_true 10 gone $first
	release mt_dep_b
	wait
	trace_stop "$_private"
	result "$_private.loaded" "$(cat /sys/module/mt_dep_a/parameters/answer)"
	rmmod mt_dep_a
	rmmod mt_dep_b
}
private efault no -b
private killed_early KILL
private interrupted_early USR1 -s
# Parameters that don't parse are no private failure: as in stock, the others are told busy,
# whatever theirs are.
private bad_value no -p hold=x
again private

# Removal, while duplicates wait: no.
trace_start
start coming storm -k -l -n 4 -p hold=1 "$hold"
until_true 10 in_init mt_hold
until_true 10 blocked_below $pid 4
$probe delete mt_hold >/out/coming.rmmod.out
rmmod mt_hold 2>/out/coming.kmod && result coming.removed yes
release mt_hold
wait
trace_stop coming
again coming

# Removal in the moment it is live: the waiters are told what was true.
trace_start
start live_remove storm -k -l -r $params/release -n 8 -p hold=1 "$hold"
until_true 10 in_init mt_hold
$probe delete mt_hold 100000000 >/out/live_remove.rmmod.out
wait
trace_stop live_remove
again live_remove

# While its exit is held it is going: busy, at once.
insmod "$hold" hold_exit=1
rmmod mt_hold &
until_true 10 in_init mt_hold
traced going storm -k -l -n 8 "$hold"
traced going_init storm -k -l -n 4 -i "$hold"
in_init mt_hold && result going.early yes
release mt_hold
wait
again going

# Nothing of all this is in any list.
result left "$(grep -c '^mt_' /proc/modules)"
EOF2
scenarios_ok "the scenarios on $series went through"

for storm in waiter_killed waiter_killed_init waiter_int; do
	storm_is $storm 'EEXIST=6 killed=1 ok=1'
	# Of a file that it has not read it has no module's name.
	who=' file=mt_hold.ko'
	[ $storm != waiter_killed_init ] || who='mt_hold file='
	is "$storm: who is killed is no result of a gate" \
		"$(count $storm "module_load_end: $who ret=-512 ") $(count $storm ' ret=-512 ')" '1 1'
	again_is $storm
done
storm_is waiter_stopped 'EEXIST=7 ok=1'
again_is waiter_stopped

for call in finit init; do
	h=handler_$call
	is "$h: the winner loads" "$(key $h.winner result)" ok
	is "$h: EINTR after the handler" "$(key $h.eintr result) $(key $h.eintr handled)" 'EINTR 1'
	is "$h: at once" "$(value $h.early)" yes
	is "$h: with SA_RESTART it waits again" "$(value $h.again)" yes
	is "$h: and is told that it exists" \
		"$(key $h.restart result) $(key $h.restart handled)" 'EEXIST 1'
	is "$h: a waiter freezes" "$(value $h.freezes)" yes
	is "$h: and goes on when thawed" "$(key $h.frozen result)" EEXIST
	sound $h
	again_is $h
done

for err in 19:ENODEV 17:EEXIST 16:EBUSY 12:ENOMEM 4:EINTR 1:EPERM; do
	name=${err#*:} err=${err%:*}
	# 7.3 keeps EEXIST for what is live.
	[ "$series$name" != v7.3EEXIST ] || name=EBUSY
	for storm in fail_$err:7 fail_init_$err:3; do
		losers=${storm#*:} storm=${storm%:*}
		if [ "$name" = EBUSY ]; then
			storm_is "$storm" "EBUSY=$((losers + 1))"
		else
			storm_is "$storm" "$(printf '%s\n' "EBUSY=$losers" "$name=1" |
				LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
		fi
		is "$storm: the waiters had the winner's failure" \
			"$(count "$storm" 'module_load_merged: mt_hold .* ret=-16 ')" "$losers"
	done
	again_is "fail_$err"
done

for storm in killed killed_init killed_copies; do
	storm_is $storm 'EEXIST=6 killed=1 ok=1'
	is "$storm: two were in init" "$(count $storm 'module_load_end: .* stage=(init|done) ')" 2
	is "$storm: the others are told by who was promoted" \
		"$(field $storm 'module_load_merged: .* ret=-17 ' leader)" "$(pid_of $storm ok)"
	is "$storm: and all of them are" "$(count $storm 'module_load_merged: .* ret=-17 ')" 6
	again_is $storm
done
is "init_eintr: the winner's call fails" "$(key init_eintr.first result)" EINTR
# 6.1 takes that for the init's failure, as its stock does.
others=EBUSY=4
[ "$series" = v6.1 ] || others='EEXIST=3 ok=1'
is 'init_eintr: the others' "$(outcome init_eintr)" "$others"
again_is init_eintr

for storm in efault killed_early interrupted_early; do
	is "$storm: all waited" "$(value $storm.before)" 0
	is "$storm: one is promoted and loads" "$(outcome $storm)" 'EEXIST=3 ok=1'
	is "$storm: the module works" "$(value $storm.loaded)" 42
	is "$storm: its dependency loads" "$(outcome $storm.dep)" ok=1
	is "$storm: the others waited for the second" \
		"$(field $storm 'module_load_merged: mt_dep_a ' leader)" "$(pid_of $storm ok)"
	sound $storm
done
is 'efault: the first has its own errno' "$(key efault.first result)" EFAULT
is 'killed_early: the first says nothing' "$(key killed_early.first result)" ''
like 'interrupted_early: the first has its own errno' \
	"$(key interrupted_early.first result)" '^(EBUSY|EINTR|ENOENT)$'
is 'bad_value: the first has its own errno' "$(key bad_value.first result)" EINVAL
is 'bad_value: all waited' "$(value bad_value.before)" 0
is 'bad_value: the others are told busy' "$(outcome bad_value)" EBUSY=4
is 'bad_value: none loads it' "$(value bad_value.loaded)" ''
sound bad_value
again_is private

storm_is coming 'EEXIST=3 ok=1'
is 'coming: delete_module is busy' "$(key coming.rmmod result)" EBUSY
is 'coming: rmmod fails' "$(value coming.removed)" ''
again_is coming
storm_is live_remove 'EEXIST=7 ok=1'
is 'live_remove: removed' "$(key live_remove.rmmod result)" ok
again_is live_remove

for storm in going going_init; do
	storm_is $storm "$([ $storm = going ] && echo EBUSY=8 || echo EBUSY=4)"
	is "$storm: by a gate" "$(count $storm 'module_load_merged: mt_hold .* ret=-16 ')" \
		"$(count $storm module_load_begin:)"
	ok "$storm: at once" test "$(key $storm elapsed_ns)" -lt 3000000000
done
is 'going: it was still going' "$(value going.early)" yes
again_is going
is 'nothing is left' "$(value left)" 0

# A winner that dies in its init leaves a module that is never done. Nobody waits for it for
# long, everything else is as before.
guest KERNEL="$series" CPUS=4 EXTRA="$extra" EXPECT='kernel BUG at|invalid opcode' <<'EOF2'
. /extra/lib.sh
probe=/extra/probe
# An oops turns tracing off.
keep_tracing()
{
	while sleep 0.05; do
		grep -q 1 $tracing/tracing_on || echo 1 >$tracing/tracing_on
	done
}
for how in wait busy; do
	module=$hold
	[ $how = wait ] || module=$hold2
	policy merge_file $how
	name=mt_hold${module#"${hold%.ko}"}
	name=${name%.ko}
	keep_tracing &
	traced died_$how storm -k -l -n 8 -p 'hold=1 oops=1' \
		-r "/sys/module/$name/parameters/release" "$module"
	kill $!
	traced died_$how.next storm -k -l -n 1 "$module"
	policy merge_file wait
	traced died_$how.later storm -k -l -n 4 "$module"
	traced died_$how.later_init storm -k -l -n 4 -i "$module"
	$probe delete "$name" >"/out/died_$how.rmmod.out"
	{ true >>"$module"; } 2>/dev/null && result died_$how.writable yes
done
# Another module is none the worse.
traced other storm -k -l -n 4 -p hold=1 -r /sys/module/mt_dep_b/parameters/release "$dep_b"
EOF2
scenarios_ok 'the scenarios with a death in init went through'
storm_is died_wait 'EBUSY=7 killed=1' --died
is 'died_wait: its waiters are told' \
	"$(count died_wait 'module_load_merged: mt_hold gate=file ret=-16 .* bytes=0$')" 7
# They look each second.
wait_ns=$(field died_wait module_load_merged: wait_ns | tr ' ' '\n' | sort -n | tail -n 1)
elapsed=$(($(key died_wait last_return_ns) - $(key died_wait first_entry_ns)))
ok 'died_wait: soon' test "${wait_ns:-9000000000}" -lt 8000000000
diag "waiters of a winner that died waited for up to ${wait_ns:-?} ns of $elapsed"
storm_is died_busy 'ETXTBSY=7 killed=1' --died
for how in wait busy; do
	storm_is died_$how.next EBUSY=1
	storm_is died_$how.later EBUSY=4
	storm_is died_$how.later_init EBUSY=4
	is "died_$how: it can't be removed" "$(key died_$how.rmmod result)" EBUSY
	is "died_$how: the file can be written to" "$(value died_$how.writable)" yes
done
storm_is other 'EEXIST=3 ok=1'

done_testing
