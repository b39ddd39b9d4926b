#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A boot's kernel command line that records less than it seems to: an instance that takes the system calls'
# events, and the parameters for an unpatched kernel on a patched one. Both are told, and nothing is made up.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

modtrace=$top/build/modtrace/modtrace
"$top/lab/tools.sh"
# words RELEASE
words()
{
	"$modtrace" record --boot-cmdline --for=stock --release="$1" --cpus=4 2>/dev/null |
		sed 's/trace_buf_size=[0-9]*K/trace_buf_size=2048K/'
}

# json FILTER
json()
{
	"$modtrace" report -i "$out/boot.data" --format=json 2>"$tmp/err" | jq -c "$1"
}

run='modtrace record --boot -o /out/boot.data --until=8 2>/out/said &
sleep 4
storm -n 8 $(modinfo -n dummy)
wait'

guest KERNEL=v7.3-stock CPUS=4 APPEND="$(words 6.9.12) trace_instance=mine,syscalls:sys_enter_finit_module,syscalls:sys_exit_finit_module" <<EOG
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

# Probes in place of the calls' own events tell what was read, of a kernel with the series, too; its function
# that has the file is another, and so only who loads has a name.
while read -r kernel release wasted named told; do
	guest KERNEL="$kernel" CPUS=4 APPEND="$(words "$release")" <<EOG
$run
mount -t debugfs none /sys/kernel/debug 2>/dev/null
sed -n 's/ *Duplicate mem wasted bytes[^0-9]*/wasted=/p' /sys/kernel/debug/modules/stats
EOG
	guest_ok "$kernel: a boot of a patched kernel with the words for others"
	is "$kernel: modules/stats: nothing was wasted" "$(value wasted)" 0
	is "$kernel: report: nothing is made up" "$(json '[.totals.attempts >= 8, .totals.wasted_bytes]')" \
		"[true,$wasted]"
	is "$kernel: report: told" "$(json '[.findings[] | select(.id == "stock_words") | .severity]')" "$told"
	is "$kernel: report: attempts with their module's name" \
		"$(json '[.modules[] | select(.name == "dummy") | .attempts]')" "[$named]"
	like "$kernel: record: told" "$(cat "$out/said")" 'has the parameters for an unpatched kernel'
done <<'EOF'
v6.1 6.1.0 null 8 ["warn"]
v7.3 7.3.4 0 1 []
EOF
done_testing
