#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The gates and their policies: who gets which errno, what the events say about it, to the
# number and to the byte. Every storm's winner is held in its module's init until all others
# are blocked or answered, so that nothing depends on time.
set -u
. "$(dirname -- "$0")/kernel.sh"

guest KERNEL="$series" CPUS=8 EXTRA="$extra" TIMEOUT=300 <<'EOF2'
. /extra/lib.sh
result size "$(stat -c %s "$hold")"
result size2 "$(stat -c %s "$hold2")"

# The defaults.
result default "$(all_policies)"
held finit -n 64 -p hold=1; rmmod mt_hold
held finit_fails -n 8 -p 'hold=1 fail=19'
held init -n 32 -i -p hold=1; rmmod mt_hold
held copies -n 32 -c -p hold=1; rmmod mt_hold
result pads "$(cat $tracing/events/module/*/format | grep -c 'pad')"
# What is in flight while they wait: a load, and how many wait for it.
for call in finit init; do
	option=
	[ $call = finit ] || option=-i
	start inflight_$call storm -k -l -b -n 4 $option -p hold=1 "$hold"
	until_true 10 in_init mt_hold
	until_true 10 blocked_below $pid 4
	sleep 0.2
	result inflight_$call.holder "$(cat $params/holder)"
	grep -v '^#' /sys/kernel/debug/modules/inflight >/out/inflight_$call
	release mt_hold
	wait
	rmmod mt_hold
done

# Other flags than the load in flight has: waiters without hold= follow a held one.
# after NAME PARAMS-OF-THE-FIRST STORM-OPTION...
after()
{
	_after=$1 _params=$2
	shift 2
	trace_start
	storm -k -l -n 1 -p "$_params" "$hold" >"/out/$_after.first.out" &
	until_true 10 in_init mt_hold
	storm -k -l -r $params/release "$@" "$hold" >"/out/$_after.out" 2>&1
	wait
	trace_stop "$_after"
	cat "/out/$_after.first.out" "/out/$_after.out" >"/out/$_after.both.out"
	ln -s "$_after.trace" "/out/$_after.both.trace"
	rmmod mt_hold
}
after flags hold=1 -n 4 -f 1
traced flags_both storm -k -l -n 2 -f 3 "$hold"
after flags_fails 'hold=1 fail=19' -n 4 -f 1
# The same name from two files: a whole other module would do as well.
after file_of_its_own hold=1 -n 1 -c

# The module is live, and nothing in flight: the file that made it, as it was, is not read.
insmod "$hold"
traced live storm -k -l -n 4 "$hold"
traced live_init storm -k -l -n 4 -i "$hold"
traced live_copies storm -k -l -n 4 -c "$hold"
policy merge_live 0
traced live_off storm -k -l -n 4 "$hold"
policy merge_live 1
# It was written to: what was known of it no longer holds.
mkdir /tmp/written /tmp/new
cp "$hold" /tmp/written/mt_hold.ko
rmmod mt_hold
sleep 0.1
insmod /tmp/written/mt_hold.ko
traced live_file storm -k -l -n 4 /tmp/written/mt_hold.ko
printf x | dd of=/tmp/written/mt_hold.ko bs=1 seek=16 conv=notrunc 2>/dev/null
traced live_written storm -k -l -n 1 /tmp/written/mt_hold.ko
rmmod mt_hold
# Its record went with the module.
traced live_again storm -k -l -n 4 "$hold"
rmmod mt_hold
# A file of just now may change without its times telling. The clock is set back, so that it stays one
# however slow this guest is.
cp "$hold" /tmp/new/mt_hold.ko
date -s "@$(($(date +%s) - 60))" >/dev/null
insmod /tmp/new/mt_hold.ko
traced live_new storm -k -l -n 1 /tmp/new/mt_hold.ko
rmmod mt_hold
date -s "@$(($(date +%s) + 60))" >/dev/null

# busy: at once, while the winner is still held; afterwards the file is as any other.
policy merge_file busy
trace_start
storm -k -l -n 1 -p hold=1 "$hold" >/out/busy.first.out &
until_true 10 in_init mt_hold
storm -k -l -n 63 "$hold" >/out/busy.out 2>&1
in_init mt_hold && result busy.held yes
{ true >>"$hold"; } 2>/dev/null && result busy.written yes
release mt_hold
wait
storm -k -l -n 1 "$hold" >/out/busy.live.out 2>&1
rmmod mt_hold
true >>"$hold" && result busy.writable yes
storm -k -l -n 1 "$hold" >/out/busy.after.out 2>&1
rmmod mt_hold
trace_stop busy
held busy_all -n 64 -p hold=1; rmmod mt_hold
held busy_fails -n 8 -p 'hold=1 fail=19'
true >>"$hold" && result busy_fails.writable yes
held busy_copies -n 8 -c -p hold=1; rmmod mt_hold
held busy_init -n 8 -i -p hold=1; rmmod mt_hold
# A writer, not a load, has the file.
trace_start
sh -c 'exec 7>>"$1"; exec storm -k -l -n 4 "$1"' - "$hold" >/out/busy_writer.out 2>&1
trace_stop busy_writer

# Flips: who comes later has the policy of then, who came first is found all the same.
# mixed NAME FIRST THEN
mixed()
{
	policy merge_file "$2"
	trace_start
	storm -k -l -n 1 -p hold=1 "$hold" >"/out/$1.first.out" &
	until_true 10 in_init mt_hold
	policy merge_file "$3"
	storm -k -l -n 4 -r $params/release "$hold" >"/out/$1.out" 2>&1
	# Where none is blocked the storm releases none.
	! in_init mt_hold || release mt_hold
	wait
	trace_stop "$1"
	rmmod mt_hold
}
mixed wait_busy wait busy
mixed busy_wait busy wait
mixed off_wait off wait
mixed off_busy off busy
mixed wait_off wait off
true >>"$hold" && result mixed.writable yes

# off
policy merge_file off
held off_name -n 8 -p hold=1; rmmod mt_hold
policy merge_name 0
policy merge_live 0
held off -n 8 -p hold=1; rmmod mt_hold
held off_fails -n 8 -p 'hold=1 fail=19'
held off_init -n 8 -i -p hold=1; rmmod mt_hold
insmod "$hold"
traced off_live storm -k -l -n 4 "$hold"
rmmod mt_hold
policy merge_file wait
held no_name -n 8 -p hold=1; rmmod mt_hold
held no_name_init -n 8 -i -p hold=1; rmmod mt_hold
stock_policies
held as_stock -n 8 -p hold=1; rmmod mt_hold
held as_stock_fails -n 8 -p 'hold=1 fail=19'
held as_stock_init -n 8 -i -p hold=1; rmmod mt_hold
insmod "$hold"
traced as_stock_live storm -k -l -n 4 "$hold"
rmmod mt_hold
default_policies

# Values that are none.
for value in '' waits on 1 'wait busy' WAIT; do
	keyed bogus sh -c 'echo "$1" >"$2"' - "$value" $policies/merge_file
done
for value in 2 wait ''; do
	for policy in merge_live merge_name merge_autoload; do
		keyed bogus sh -c 'echo "$1" >"$2"' - "$value" $policies/$policy
	done
done
result still "$(all_policies)"
for value in off busy wait; do
	policy merge_file $value
	result "reads_$value" "$(cat $policies/merge_file)"
done

# Requests. A helper of a held one runs until its module's init is released.
echo 'options mt_hold hold=1' >/etc/modprobe.d/hold.conf
modprobe test_kmod

# requests NAME COUNT WHAT RELEASE...: held until all have been made.
requests()
{
	_requests=$1 _count=$2 _what=$3
	shift 3
	trace_start
	storm autoload -k -n "$_count" "$_what" >"/out/$_requests.out" 2>&1 &
	until_true 20 requested "$_count"
	sleep 0.5
	"$@"
	wait
	trace_stop "$_requests"
}
requests autoload 32 mt_hold release mt_hold
rmmod mt_hold
# More than run at once (50): who waits doesn't count.
requests many 64 mt_hold release mt_hold
rmmod mt_hold
result throttled "$(dmesg | grep -c kmod_concurrent_max)"

# A helper that fails when it is told to.
echo 'install mt_fails until [ -e /tmp/go ]; do sleep 0.1; done; exit 1' \
	>/etc/modprobe.d/fails.conf
requests autoload_fails 8 mt_fails touch /tmp/go
rm /tmp/go

# Without waiting: beside one that waits, and the other way round.
trace_start
storm autoload -k -n 1 mt_fails >/out/nowait.out 2>&1 &
until_true 10 requested 1
sleep 0.3
insmod "$hold2" request=mt_fails nowait=1
result nowait.ret "$(cat $params2/request_ret)"
rmmod mt_hold2
touch /tmp/go
wait
rm /tmp/go
trace_stop nowait
trace_start
insmod "$hold2" request=mt_fails nowait=1
rmmod mt_hold2
storm autoload -k -n 1 mt_fails >/out/nowait_first.out 2>&1 &
until_true 10 requested 2
sleep 0.3
touch /tmp/go
wait
trace_stop nowait_first

# Each for itself.
rm /tmp/go
policy merge_autoload 0
requests autoload_off 4 mt_fails touch /tmp/go
policy merge_autoload 1
# A request after one that failed is a new one.
trace_start
storm autoload -k -n 1 mt_fails >/out/later.out 2>&1
trace_stop later
result left "$(grep -c '^mt_' /proc/modules)"
EOF2
scenarios_ok "the scenarios on $series went through"
size=$(value size)

# all_by NAME: every merged attempt names the winner.
led_by_winner()
{
	is "$1: the winner is everyone's leader" "$(field "$1" module_load_merged: leader)" \
		"$(pid_of "$1" "${2:-ok}")"
}

is 'the defaults' "$(value default)" 'wait Y Y Y '

storm_is finit 'EEXIST=63 ok=1'
is 'finit: all others were blocked, none came late' "$(key finit blocked) $(key finit late)" '64 0'
is 'finit: 63 merged before a byte was read' \
	"$(count finit 'module_load_merged: mt_hold gate=file ret=-17 .* bytes=0$')" 63
is 'finit: and none otherwise' "$(count finit module_load_merged:)" 63
is 'finit: they end there' \
	"$(count finit 'module_load_end: mt_hold file=mt_hold.ko ret=-17 stage=file read=0 image=0 layout=0 ')" 63
is 'finit: one reads the file' \
	"$(count finit "module_load_end: mt_hold file=mt_hold.ko ret=0 stage=done read=$size image=0 layout=[1-9]")" 1
is 'finit: 64 begins' "$(count finit "module_load_begin: syscall=finit file=mt_hold.ko dev=[0-9,]* ino=[0-9]* len=$size flags=\$")" 64
led_by_winner finit

storm_is finit_fails 'EBUSY=7 ENODEV=1'
is 'finit_fails: 7 merged by file' \
	"$(count finit_fails 'module_load_merged: mt_hold gate=file ret=-16 .* bytes=0$')" 7
is 'finit_fails: init is where it ended' \
	"$(count finit_fails 'module_load_end: mt_hold .* ret=-19 stage=init ')" 1
led_by_winner finit_fails ENODEV

storm_is init 'EEXIST=31 ok=1'
is 'init: 31 merged by name, each with its copy' \
	"$(count init "module_load_merged: mt_hold gate=name ret=-17 .* bytes=$size\$")" 31
is 'init: and none otherwise' "$(count init module_load_merged:)" 31
is 'init: 32 begins without a file' \
	"$(count init "module_load_begin: syscall=init file= dev=0,0 ino=0 len=$size ")" 32
led_by_winner init

for call in finit init; do
	is "inflight_$call: one load, for which three wait" \
		"$(sed 's/ [0-9]* \([0-9]*\)$/ \1/' "$out/inflight_$call")" \
		"load mt_hold $(value inflight_$call.holder) storm init 3"
done
storm_is copies 'EEXIST=31 ok=1'
is 'copies: 31 merged by name, each with its file' \
	"$(count copies "module_load_merged: mt_hold gate=name ret=-17 .* bytes=$size\$")" 31
is 'copies: and none otherwise' "$(count copies module_load_merged:)" 31
led_by_winner copies

sound flags.both
is 'other flags: all exist' "$(outcome flags)" EEXIST=4
is 'other flags: one reads and waits at the name gate' \
	"$(count flags "module_load_merged: mt_hold gate=name ret=-17 .* bytes=$size\$")" 1
is 'other flags: for the load with the first flags' \
	"$(field flags 'module_load_merged: .* gate=name' leader)" "$(pid_of flags.first ok)"
is 'other flags: three wait for that one' \
	"$(count flags 'module_load_merged: mt_hold gate=file ret=-17 .* bytes=0$')" 3
is 'other flags: by their names' \
	"$(count flags 'module_load_begin: .* flags=IGNORE_MODVERSIONS$') $(count flags_both \
		'module_load_begin: .* flags=IGNORE_MODVERSIONS.IGNORE_VERMAGIC$')" '4 2'
is 'the events pad nothing' "$(value pads)" 0
sound flags_fails.both
is 'other flags: the first fails' "$(outcome flags_fails.first)" ENODEV=1
is 'other flags: one tries itself' "$(outcome flags_fails)" 'EEXIST=3 ok=1'
is 'other flags: none waits for the load with the first flags' \
	"$(field flags_fails module_load_merged: leader)" "$(pid_of flags_fails ok)"
sound file_of_its_own.both
is 'another file of the name: it exists' "$(outcome file_of_its_own)" EEXIST=1
is 'another file of the name: told by the name gate' \
	"$(count file_of_its_own "module_load_merged: mt_hold gate=name ret=-17 .* bytes=$size\$")" 1

for storm in live live_file; do
	storm_is $storm EEXIST=4
	is "$storm: told by the live gate, before a byte is read" \
		"$(count $storm 'module_load_merged: mt_hold gate=live ret=-17 leader=0 wait_ns=0 bytes=0$')" 4
done
for storm in live_init live_copies live_off live_written live_new; do
	case $storm in
	live_written)
		# An image with a broken header, so it says what the file says now.
		storm_is $storm ENOEXEC=1
		is "$storm: having been read" "$(count $storm 'stage=verify read=[1-9]')" 1 ;;
	*)
		storm_is $storm "EEXIST=$(key $storm calls)"
		is "$storm: the live gate says nothing" "$(count $storm gate=live)" 0
		like "$storm: the name gate does" \
			"$(count $storm "gate=name ret=-17 leader=0 wait_ns=0 bytes=$size\$")" '^[1-9]' ;;
	esac
	is "$storm: nothing is laid out" "$(count $storm 'layout=[1-9]')" 0
done
is 'live_again: the first load after a removal loads' \
	"$(count live_again 'module_load_end: mt_hold .* ret=0 stage=done')" 1

is 'busy: 63 are refused' "$(outcome busy)" ETXTBSY=63
is 'busy: at once, with the winner still in init' "$(value busy.held)" yes
is 'busy: 63 events, each names the winner' \
	"$(count busy "module_load_exclusive_busy: file=mt_hold.ko .* ret=-26 leader=$(pid_of busy.first ok)\$")" 63
is 'busy: and none otherwise' "$(count busy module_load_exclusive_busy:)" 63
is 'busy: they read nothing' \
	"$(count busy 'module_load_end: .* ret=-26 stage=file read=0 image=0 layout=0 ')" 63
is 'busy: the winner loads' "$(outcome busy.first)" ok=1
is "busy: the file can't be written to meanwhile" "$(value busy.written)" ''
is 'busy: a load afterwards is told that it exists' "$(outcome busy.live)" EEXIST=1
is 'busy: the file can be written to afterwards' "$(value busy.writable)" yes
is 'busy: and be loaded again' "$(outcome busy.after)" ok=1
is 'busy: begins and ends' "$(count busy module_load_begin:) $(count busy module_load_end:)" '66 66'
storm_is busy_all 'ETXTBSY=63 ok=1'
is 'busy_all: only the winner was blocked' "$(key busy_all blocked)" 1
is 'busy_all: it is who has the file' \
	"$(field busy_all module_load_exclusive_busy: leader)" "$(pid_of busy_all ok)"
storm_is busy_fails 'ENODEV=1 ETXTBSY=7'
is 'busy_fails: the file can be written to afterwards' "$(value busy_fails.writable)" yes
storm_is busy_copies 'EEXIST=7 ok=1'
is 'busy_copies: files of their own are merged by name' \
	"$(count busy_copies 'module_load_merged: mt_hold gate=name')" 7
storm_is busy_init 'EEXIST=7 ok=1'
storm_is busy_writer ETXTBSY=4
is 'busy_writer: nobody has it to himself' "$(field busy_writer exclusive_busy: leader)" 0

is 'busy after wait: refused' "$(outcome wait_busy)" ETXTBSY=4
is 'busy after wait: by the load in flight' \
	"$(field wait_busy exclusive_busy: leader)" "$(pid_of wait_busy.first ok)"
is 'busy after off: refused' "$(outcome off_busy)" ETXTBSY=4
is 'busy after off: by the load in flight' \
	"$(field off_busy exclusive_busy: leader)" "$(pid_of off_busy.first ok)"
for storm in busy_wait off_wait; do
	is "wait after ${storm%_wait}: they wait" "$(outcome $storm)" EEXIST=4
	is "wait after ${storm%_wait}: for the load in flight" \
		"$(count $storm "gate=file ret=-17 leader=$(pid_of $storm.first ok) .* bytes=0\$")" 4
done
is 'off after wait: they exist' "$(outcome wait_off)" EEXIST=4
is 'off after wait: told by name' \
	"$(count wait_off "gate=name ret=-17 leader=$(pid_of wait_off.first ok) .* bytes=$size\$")" 4
for storm in wait_busy off_busy busy_wait off_wait wait_off; do
	is "$storm: the first loads" "$(outcome $storm.first)" ok=1
	is "$storm: begins and ends" \
		"$(count $storm module_load_begin:) $(count $storm module_load_end:)" '5 5'
done
is 'after all that the file can be written to' "$(value mixed.writable)" yes

storm_is off_name 'EEXIST=7 ok=1'
is 'file gate off: 7 merged by name, each with its file' \
	"$(count off_name "module_load_merged: mt_hold gate=name ret=-17 .* bytes=$size\$")" 7
storm_is no_name 'EEXIST=7 ok=1'
is 'name gate off: 7 merged by file' \
	"$(count no_name 'module_load_merged: mt_hold gate=file ret=-17 .* bytes=0$')" 7
layout=$(field off 'ret=0 stage=done' layout)
refused_late="stage=layout read=$size image=0 layout=$layout "
refused_live=$refused_late
# From 6.4 on the list of modules is looked at before the layout, too: who comes late has none.
if [ "$series" != v6.1 ]; then
	refused_live="stage=name read=$size image=0 layout=0 "
	refused_late="($refused_live|$refused_late)"
fi
for storm in off off_init off_fails off_live no_name_init; do
	refused=$refused_late
	case $storm in
	off_fails)	storm_is $storm 'EBUSY=7 ENODEV=1'; ret=16 ;;
	off_live)	storm_is $storm EEXIST=4; ret=17 refused=$refused_live ;;
	*)		storm_is $storm 'EEXIST=7 ok=1'; ret=17 ;;
	esac
	is "$storm: nothing is merged" "$(count $storm 'module_load_merged:|exclusive_busy:')" 0
	is "$storm: each comes as far as it does in stock, and pays for it" \
		"$(count $storm "module_load_end: mt_hold .* ret=-$ret $refused")" \
		"$(sed -n 's/^E\(EXIST\|BUSY\)=//p' "$out/$storm.out")"
done

is 'a value that is none is -EINVAL' "$(grep -c '^bogus\..*Invalid argument' "$out/output.log")" 15
is 'and changes nothing' "$(value still)" 'wait Y Y Y '
for policy in off busy wait; do
	is "merge_file=$policy reads $policy" "$(value reads_$policy)" $policy
done

is 'autoload: 32 requests return 0' "$(outcome autoload)" ret_0=32
is 'autoload: module_request fires for each' "$(count autoload 'module_request: mt_hold wait=1')" 32
is 'autoload: one modprobe' "$(count autoload sched_process_exec:)" 1
is 'autoload: 31 duplicates' "$(count autoload 'module_autoload_dup: mt_hold wait=1 .* ret=0 ')" 31
is 'autoload: one call site, and the same as of the requests' \
	"$(field autoload module_autoload_dup: call_site)" \
	"$(field autoload module_request: call_site)"
like 'autoload: in test_kmod' "$(grep module_autoload_dup: "$out/autoload.trace")" \
	'call_site=[a-z_]+ \[test_kmod\] '
is 'autoload: one load' "$(count autoload module_load_begin:)" 1
like 'autoload: one leader' "$(field autoload module_autoload_dup: leader)" '^[1-9][0-9]*$'
is 'many: 64 requests return 0' "$(outcome many)" ret_0=64
is 'many: 63 duplicates of one modprobe' \
	"$(count many module_autoload_dup:) $(count many sched_process_exec:)" '63 1'
is 'many: none was throttled' "$(value throttled)" 0

is 'autoload_fails: all get the status' "$(outcome autoload_fails)" ret_256=8
is 'autoload_fails: 7 duplicates with it' \
	"$(count autoload_fails 'module_autoload_dup: mt_fails wait=1 .* ret=256 ')" 7
is 'autoload_fails: one modprobe' "$(count autoload_fails sched_process_exec:)" 1

is 'nowait: 0' "$(value nowait.ret)" 0
is 'nowait: a duplicate, at once' \
	"$(count nowait 'module_autoload_dup: mt_fails wait=0 .* ret=0 leader=[1-9][0-9]* wait_ns=0$')" 1
is 'nowait: no modprobe of its own' "$(count nowait sched_process_exec:)" 1
is 'nowait: who waits has the status' "$(outcome nowait)" ret_256=1
is 'nowait is not waited for' \
	"$(count nowait_first module_autoload_dup:) $(count nowait_first sched_process_exec:)" '0 2'
is 'nowait is not waited for: the status' "$(outcome nowait_first)" ret_256=1

is 'autoload off: all get the status' "$(outcome autoload_off)" ret_256=4
is 'autoload off: a modprobe each, no duplicates' \
	"$(count autoload_off module_autoload_dup:) $(count autoload_off sched_process_exec:)" '0 4'
is 'a finished request answers nobody' \
	"$(outcome later) $(count later module_autoload_dup:) $(count later sched_process_exec:)" \
	'ret_256=1 0 1'
is 'nothing is left' "$(value left)" 0

# The same storms on the stock kernel.
as_stock='as_stock as_stock_fails as_stock_init as_stock_live'
as_stock_want=$(for storm in $as_stock; do outcome $storm; done)
guest KERNEL="$series-stock" CPUS=8 EXTRA="$extra" <<'EOF2'
. /extra/lib.sh
held as_stock -n 8 -p hold=1; rmmod mt_hold
held as_stock_fails -n 8 -p 'hold=1 fail=19'
held as_stock_init -n 8 -i -p hold=1; rmmod mt_hold
insmod "$hold"
traced as_stock_live storm -k -l -n 4 "$hold"
rmmod mt_hold
EOF2
scenarios_ok "the scenarios on $series-stock went through"
is 'without what is new, it is stock' "$(for storm in $as_stock; do outcome $storm; done)" \
	"$as_stock_want"

done_testing
