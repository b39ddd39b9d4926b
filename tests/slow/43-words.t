#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A boot's kernel command line that records less than it seems to: an instance that takes the system calls'
# events, and the parameters for an unpatched kernel on a patched one. Both are told, and nothing is made up.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

modtrace=$top/build/modtrace/modtrace
"$top/lab/tools.sh"
words=$("$modtrace" record --boot-cmdline --for=stock --cpus=4 2>/dev/null |
	sed 's/trace_buf_size=[0-9]*K/trace_buf_size=2048K/')

# json FILTER
json()
{
	"$modtrace" report -i "$out/boot.data" --format=json 2>"$tmp/err" | jq -c "$1"
}

run='modtrace record --boot -o /out/boot.data --until=8 2>/out/said &
sleep 4
storm -n 8 $(modinfo -n dummy)
wait'

guest KERNEL=v7.3-stock CPUS=4 APPEND="$words trace_instance=mine,syscalls:sys_enter_finit_module,syscalls:sys_exit_finit_module" <<EOG
$run
EOG
guest_ok 'a boot whose system calls an instance has taken'
if [ "$(json .totals.attempts)" = 0 ]; then
	is 'report: told' "$(json '[.findings[] | select(.id == "silenced") | .severity]')" '["error"]'
	like 'record: told' "$(cat "$out/said")" 'none of their system calls came into the buffer'
else
	# Then nothing was taken, as far as this kernel is concerned.
	is 'report: all attempts are there' "$(json '.totals.attempts')" 8
	is 'report: nothing told' "$(json '[.findings[] | select(.id == "silenced")]')" '[]'
fi

guest KERNEL=v6.1 CPUS=4 APPEND="$words" <<EOG
$run
mount -t debugfs none /sys/kernel/debug 2>/dev/null
sed -n 's/ *Duplicate mem wasted bytes[^0-9]*/wasted=/p' /sys/kernel/debug/modules/stats
EOG
guest_ok 'a boot of a patched kernel with the words for others'
is 'modules/stats: nothing was wasted' "$(value wasted)" 0
is 'report: it is unknown, not made up' "$(json '[.totals.attempts >= 8, .totals.wasted_bytes]')" '[true,null]'
is 'report: told' "$(json '[.findings[] | select(.id == "stock_words") | .severity]')" '["warn"]'
like 'record: told' "$(cat "$out/said")" 'has the parameters for an unpatched kernel'
done_testing
