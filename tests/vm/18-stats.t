#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modules/stats counts what the events tell, to the byte, over storms of every outcome: merged by
# each gate, refused, failed in each place, killed, promoted, with duplicate requests.
set -u
. "$(dirname -- "$0")/kernel.sh"
helper mayhem

seed=${SEED:-$$}
diag "SEED=$seed"
guest KERNEL="$series" CPUS=4 EXTRA="$extra" TIMEOUT=240 <<EOF2
. /extra/lib.sh
stats=/sys/kernel/debug/modules/stats
cat >/etc/modprobe.d/families.conf <<'EOF3'
alias net-pf-4 mt_hold
alias net-pf-5 mt_hold2
alias net-pf-6 mt_dep_a
EOF3
# This kernel can't decompress: an end of its own.
gzip -c "\$hold" >/tmp/mt_hold.ko.gz
cp \$stats /out/before
trace_start
/extra/mayhem 40 $seed "\$hold" /tmp/mt_hold.ko.gz "\$hold2" "\$dep_a" "\$dep_b" >/out/mayhem.out 2>&1
result mayhem \$?
# What random storms may miss: an answer of the live gate, and no gate at all.
insmod "\$hold"
storm -n 8 "\$hold"
rmmod mt_hold
policy merge_file busy
storm -n 8 -p sleep_ms=300 "\$hold"
rmmod mt_hold
# Refused, but by no other load: a writer has the file. And what an init says is no duplicate.
for policy in busy wait; do
	policy merge_file \$policy
	sh -c 'exec 7>>"\$1"; exec storm -n 4 "\$1"' - "\$hold"
done
for errno in 16 17 26; do
	storm -n 2 -p "sleep_ms=100 fail=\$errno" "\$hold"
	storm -n 1 -p "fail=\$errno" "\$hold"
done
stock_policies
storm -n 8 -p 'sleep_ms=300 fail=19' "\$hold"
storm -n 8 -p sleep_ms=300 "\$hold"
default_policies
until_true 20 sh -c "! grep -v '^#' /sys/kernel/debug/modules/inflight"
trace_stop storms
cp \$stats /out/after
cp \$stats /out/again
EOF2
scenarios_ok "the storms on $series went through"
diag "$(tr '\n' ' ' <"$out/mayhem.out")"
is 'all storms came to their end' "$(value mayhem)" 0
is 'every call returned, every killed task was gone, what was asked for was live' \
	"$(grep '^storm=' "$out/mayhem.out")" ''
like 'of some that was known' "$(key mayhem checked)" '^[1-9]'
is 'every counter is what the events add up to' \
	"$(perl "$here/sums.pl" "$out/storms.trace" "$out/before" "$out/after" 2>&1 |
		grep -v ' counters moved$')" ''
# All but "Failed kread bytes", which only a file that changes its size while it is read has,
# and what is in flight in the end.
is 'and all moved that can' \
	"$(perl "$here/sums.pl" "$out/storms.trace" "$out/before" "$out/after" | tail -n 1)" \
	'17 counters moved'
is 'reading them changes none' "$(diff "$out/after" "$out/again")" ''
average()
{
	awk -v sum="$2" -v count="$3" -F '\t' '
		{ label = $1; sub(/^ +/, "", label); v[label] = $2 }
		END { print int((v[sum] + v[count] - 1) / v[count]) }' "$out/after" |
		grep -qx "$(sed -n "s/^ *$1	//p" "$out/after")"
}
for line in 'Average mod size:Total module size:Mods ever loaded' \
	'Average mod text size:Total mod text size:Mods ever loaded' \
	'Avg fail becoming bytes:Failed becoming bytes:Mods failed on becoming' \
	'Avg fail decomp bytes:Failed decompress bytes:Mods failed on decompress' \
	'Average fail load bytes:Failed kmod bytes:Mods failed on load'; do
	label=${line%%:*} rest=${line#*:}
	ok "$label is the average, rounded up" average "$label" "${rest%%:*}" "${rest#*:}"
done
# One row a module, however many there are.
is 'a row for each module whose duplicates cost something' \
	"$(sed '1,/Module-name/d' "$out/after" | awk '{ print $1 }' | sort | uniq -d)" ''
like 'mt_hold has one' "$(sed '1,/Module-name/d' "$out/after")" '^ *mt_hold	 *[1-9]'
done_testing
