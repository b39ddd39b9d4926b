#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Winners that run out of memory before their module's init, and files that the kernel itself
# decompresses, on the debug kernel: who waits is promoted in the one case, and every gate does in
# the other what it does for a plain file.
set -u
. "$(dirname -- "$0")/../vm/debug.sh"

compressed "$series-debug" || exit 1
head -c 3000 "$extra/mt_hold.ko.xz" >"$extra/cut.ko.xz"
printf 'options snd-nothing\n' | xz --check=crc32 -c >"$extra/text.ko.xz"
helper probe
guest KERNEL="$series-debug" CPUS=4 EXTRA="$extra" TIMEOUT=300 <<'EOF2'
. /extra/lib.sh
for attr in failslab fail_page_alloc; do
	echo 0 >/sys/kernel/debug/$attr/verbose
	echo N >/sys/kernel/debug/$attr/ignore-gfp-wait
done

# The winner waits for a symbol of a module that is held in init; others wait for the winner. Its
# next allocation is the one that fails: starved NAME PROBE-OPTION... -- STORM-OPTION...
starved()
{
	_starved=$1 _options=
	shift
	while [ "$1" != -- ]; do
		_options="$_options $1"
		shift
	done
	shift
	trace_start
	start "$_starved.dep" storm -k -n 1 -p hold=1 "$dep_b"
	until_true 20 in_init mt_dep_b
	start "$_starved.first" /extra/probe call $_options "$dep_a"
	first=$pid
	until_true 20 blocked $first
	start "$_starved" storm -k -l -n 4 "$@" "$dep_a"
	until_true 20 blocked_below $pid 4
	result "$_starved.before" "$(grep -c ': module_load_end: ' $tracing/trace)"
	echo 1 >/proc/$first/fail-nth
	release mt_dep_b
	wait
	trace_stop "$_starved"
	result "$_starved.loaded" "$(cat /sys/module/mt_dep_a/parameters/answer)"
	rmmod mt_dep_a
	rmmod mt_dep_b
}
starved starved --
starved starved_init -i -- -i
result left "$(grep -c '^mt_' /proc/modules) $(in_flight)"

xz=/extra/mt_hold.ko.xz
stats=/sys/kernel/debug/modules/stats
result size "$(stat -c %s "$hold")"
result packed "$(stat -c %s $xz)"
packed()
{
	_packed=$1
	shift
	traced "$_packed" storm -k -l -f 4 "$@" $xz
}
packed xz -n 8 -r $params/release -p hold=1
packed xz_live -n 4
packed xz_live_copies -n 2 -c
rmmod mt_hold
packed xz_copies -n 4 -c -r $params/release -p hold=1; rmmod mt_hold
packed xz_fails -n 4 -r $params/release -p 'hold=1 fail=19'
policy merge_file busy
packed xz_busy -n 4 -r $params/release -p hold=1; rmmod mt_hold
stock_policies
policy merge_file off
packed xz_off -n 4 -r $params/release -p hold=1; rmmod mt_hold
default_policies
# The plain file of what was loaded compressed is another.
insmod $xz 2>/dev/null || storm -n 1 -f 4 $xz >/dev/null
traced xz_plain storm -k -l -n 1 "$hold"
rmmod mt_hold
# What can't be decompressed, and what is no module when it is.
traced xz_cut storm -k -l -n 1 -f 4 /extra/cut.ko.xz
traced xz_text storm -k -l -n 1 -f 4 /extra/text.ko.xz
traced xz_plain_flag storm -k -l -n 1 -f 4 "$hold"
traced xz_no_flag storm -k -l -n 1 $xz
cp $stats /out/stats
result xz_left "$(grep -c '^mt_' /proc/modules) $(in_flight)"
exit 0
EOF2
scenarios_ok "the scenarios on $series-debug went through"

for storm in starved starved_init; do
	is "$storm: all waited" "$(value $storm.before)" 0
	is "$storm: the first has no memory" "$(key $storm.first result)" ENOMEM
	is "$storm: one is promoted and loads" "$(outcome $storm)" 'EEXIST=3 ok=1'
	is "$storm: the module works" "$(value $storm.loaded)" 42
	is "$storm: the others waited for the second" \
		"$(field $storm 'module_load_merged: mt_dep_a ' leader)" "$(pid_of $storm ok)"
	sound $storm
done
is 'nothing is left of them' "$(value left)" '0 0'

size=$(value size) packed=$(value packed)
both=$((size + packed))
storm_is xz 'EEXIST=7 ok=1'
is 'xz: one reads and decompresses' \
	"$(count xz "module_load_end: mt_hold file=mt_hold.ko.xz ret=0 stage=done read=$packed image=$size layout=[1-9]")" 1
is 'xz: the others wait at the file gate' \
	"$(count xz 'module_load_merged: mt_hold gate=file ret=-17 .* bytes=0$')" 7
storm_is xz_live EEXIST=4
is 'xz_live: told by the live gate' \
	"$(count xz_live 'module_load_merged: mt_hold gate=live ret=-17 leader=0 wait_ns=0 bytes=0$')" 4
storm_is xz_live_copies EEXIST=2
like 'xz_live_copies: told by the name gate, each with its file and image' \
	"$(count xz_live_copies "gate=name ret=-17 .* bytes=$both\$")" '^2$'
storm_is xz_copies 'EEXIST=3 ok=1'
is 'xz_copies: told by the name gate, each with its file and image' \
	"$(count xz_copies "module_load_merged: mt_hold gate=name ret=-17 .* bytes=$both\$")" 3
storm_is xz_fails 'EBUSY=3 ENODEV=1'
is 'xz_fails: told by the file gate' \
	"$(count xz_fails 'module_load_merged: mt_hold gate=file ret=-16 .* bytes=0$')" 3
storm_is xz_busy 'ETXTBSY=3 ok=1'
is 'xz_busy: refused' "$(count xz_busy 'module_load_exclusive_busy: ')" 3
storm_is xz_off 'EEXIST=3 ok=1'
is 'xz_off: everything three times more' \
	"$(count xz_off "ret=-17 stage=layout read=$packed image=$size layout=[1-9]")" 3
storm_is xz_plain EEXIST=1
is 'xz_plain: told by the name gate' "$(count xz_plain "gate=name ret=-17 .* bytes=$size\$")" 1
like 'xz_cut: fails' "$(outcome xz_cut)" '^E[A-Z]*=1$'
is 'xz_cut: while it is decompressed' "$(count xz_cut 'stage=decompress read=3000 image=0 layout=0 ')" 1
is 'xz_text: is no module' "$(outcome xz_text)" ENOEXEC=1
is 'xz_text: which is seen afterwards' "$(count xz_text 'stage=verify read=[1-9][0-9]* image=20 layout=0 ')" 1
is 'xz_plain_flag: is not compressed' "$(outcome xz_plain_flag)" EINVAL=1
is 'xz_plain_flag: which is seen there' \
	"$(count xz_plain_flag "stage=decompress read=$size image=0 layout=0 ")" 1
is 'xz_no_flag: is no module' "$(outcome xz_no_flag)" ENOEXEC=1
is 'stats: both failed to decompress' \
	"$(sed -n 's/^ *Mods failed on decompress	//p' "$out/stats")" 2
is 'stats: with these bytes' \
	"$(sed -n 's/^ *Failed decompress bytes	//p' "$out/stats")" $((size + 3000))
is 'nothing is left of these' "$(value xz_left)" '0 0'
done_testing
