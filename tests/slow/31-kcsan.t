#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Random storms on a kernel that looks for data races (KCSAN): none in the module loader. It samples:
# one access in about SKIP is held for up to DELAY us, and another CPU that comes by is the finding.
# STORMS=, ROUNDS=, DELAY= and SKIP= are for longer hunts, and SEED= for the same again. With DELAY=1000 a
# leader of SCHED_IDLE beside hogs may take half a minute to read a file, and who waits is late.
set -u
. "$(dirname -- "$0")/../vm/debug.sh"

compressed "$series-kcsan" || exit 1
# Many at once, too, of all that the loader keeps, while somebody looks at it and turns its gates.
cat >>"$extra/lib.sh" <<EOF
crowd()
{
	while :; do
		cat /sys/kernel/debug/modules/*
		policy merge_file off
		policy merge_file wait
	done >/dev/null &
	looker=\$!
	for round in \$(seq ${ROUNDS:-100}); do
		storm -k -n 32 "\$hold"
		rmmod mt_hold
		storm autoload -k -n 32 mt_hold
		rmmod mt_hold
	done >/out/crowd
	kill \$looker
	policy merge_file wait
	cat /sys/kernel/debug/kcsan
}
trap crowd EXIT
cd /sys/module/kcsan/parameters && echo ${SKIP:-300} >skip_watch && echo ${DELAY:-300} >udelay_task
cd /
EOF
mayhem "$series-kcsan" "${STORMS:-100}" "${SEED:-$$}" EXPECT='KCSAN|Call Trace:'
mayhem_ok
rounds=${ROUNDS:-100}
is 'the crowds were merged' "$(grep -c '^EEXIST=31$' "$out/crowd")" "$rounds"
like 'accesses were watched' "$(sed -n 's/^setup_watchpoints: //p' "$out/output.log")" '^[0-9]{4,}$'

# Reports are between lines of "=", with the functions of both sides. What a lock does inside, for whomever,
# is the lock's.
functions()
{
	nm "$built"/tree/kernel/"$1"/*.o | awk '$2 == "t" || $2 == "T" { print $3 }' | sort -u
}
functions module >"$tmp/loader"
functions locking >"$tmp/locks"
sed 's/^\[[^]]*\] //' "$out/console.log" | awk -v loader="$tmp/loader" -v locking="$tmp/locks" '
	BEGIN {
		while ((getline name <loader) > 0) ours[name] = 1
		while ((getline name <locking) > 0) locks[name] = 1
	}
	/^BUG: KCSAN:/ { title = $0; mine = 0; of_lock = $5 in locks && $NF in locks }
	/^==*$/ && title != "" { print (of_lock ? "locks" : mine ? "ours" : "others"), title; title = "" }
	title != "" { for (i = 1; i <= NF; i++) { sub(/\+0x.*/, "", $i); if ($i in ours) mine = 1 } }
	END { if (title != "") print (of_lock ? "locks" : mine ? "ours" : "others"), title }' >"$tmp/races"
diag "$(sort "$tmp/races" | uniq -c)"
is 'no data race has the module loader in it' "$(grep '^ours' "$tmp/races")" ''
done_testing
