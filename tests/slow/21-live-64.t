#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modtrace live for ten minutes on 64 CPUs, under storms that go on: nothing is lost, or it is said;
# its memory is bounded; and when the storms end it takes next to nothing of a CPU.
# SECONDS_LONG=60 makes it shorter.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

long=${SECONDS_LONG:-600}
mkdir -p "$tmp/extra"
cp "$top/lab/storms.sh" "$tmp/extra/"

guest KERNEL=v6.1 CPUS=64 MEM=4G TIMEOUT=$((long * 2 + 600)) EXTRA="$tmp/extra" <<EOG
long=$long
. /extra/storms.sh
storms_prepare
now() { cut -d . -f 1 /proc/uptime; }
modtrace live --batch 1000000 -d 5 >/out/frames 2>/out/live.err &
live=\$!
sleep 5
# memory: seconds, kB; cpu: of a CPU's ticks since its start
look() { echo "\$1 \$(now) \$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/\$live/status) \$(cut -d ' ' -f 14,15 /proc/\$live/stat)"; }
end=\$((\$(now) + long))
rounds=0
while [ \$(now) -lt \$end ]; do
	storms_once >/dev/null 2>&1
	rounds=\$((rounds + 1))
	look storms >>/out/looks
done
result rounds \$rounds
look idle >>/out/looks
sleep 30
look idle >>/out/looks
kill -INT \$live
wait \$live
result status \$?
EOG
guest_ok 'the guest'
is 'live ends with Ctrl-C' "$(value status)" 0
ok 'storms went on' test "$(value rounds)" -gt 2
attempts=$(sed -n 's/^ attempts \([0-9]*\):.*/\1/p' "$out/frames" | tail -n 1)
ok "attempts were seen, $attempts" test "${attempts:-0}" -gt 100
lost=$(sed -n 's/.* lost \([0-9]*\)$/\1/p' "$out/frames" | tail -n 1)
is 'nothing was lost' "$lost" 0
# Attempts are kept until there are a quarter of a million: it grows by no more than they take.
half=$(grep -c storms "$out/looks")
before=$(grep storms "$out/looks" | sed -n "$((half / 2 + 1))p" | cut -d ' ' -f 3)
after=$(grep storms "$out/looks" | tail -n 1 | cut -d ' ' -f 3)
ok "memory grows by half a kB an attempt at most in the second half, $before to $after kB" \
	test $((after - before)) -le $((attempts / 2 / 2 + 1024))
ok "and is less than 100 MB" test "$after" -lt 100000
idle=$(grep idle "$out/looks" | awk 'NR == 1 { t = $2; n = $4 + $5 }
	NR == 2 { printf "%.1f", ($4 + $5 - n) / ($2 - t) }')
diag "$(value rounds) rounds, $attempts attempts, $lost lost, idle: $idle% of an emulated CPU for 64 rings"
done_testing
