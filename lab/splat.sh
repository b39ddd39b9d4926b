#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# splat.sh CONSOLE [EXPECT]: fails, naming the line, where the kernel complained on its console
# and the extended regular expression EXPECT doesn't match that line.
set -eu
. "$(dirname -- "$0")/common.sh"

console=$1 expect=${2-}
# grep's regular expressions, for awk's differ from one awk to the next.
expected=
[ -z "$expect" ] ||
	expected=$(LC_ALL=C grep -anE -- "$expect" "$console" | cut -d: -f1 | tr '\n' ' ')
found=$(LC_ALL=C awk -v expected="$expected" '
BEGIN {
	split(expected, list, " ")
	for (i in list)
		fine[list[i]] = 1
	head = "BUG:|WARNING:|KASAN:|UBSAN:|KCSAN:|kernel BUG at|Kernel panic" \
		"|possible (recursive|circular)|possible irq lock inversion" \
		"|inconsistent lock state|held lock freed|suspicious RCU usage" \
		"|blocked for more than|rcu.*(detected stalls|self-detected stall)|soft lockup" \
		"|general protection fault|unable to handle|invalid opcode:|double fault:" \
		"|sleeping function called|scheduling while atomic|refcount_t:" \
		"|unreferenced object|suspected memory leaks|ODEBUG:|INFO: trying to register" \
		"|turning off the locking correctness validator|(list_add|list_del) corruption" \
		"|enqueued on deprecated workqueue"
	# These follow a head; without one they are complaints of their own.
	tail = "Oops|Call Trace:"
	cause = -1000
}
{ sub(/\r$/, "") }
$0 ~ head {
	cause = NR
	if (!(NR in fine))
		print
	next
}
$0 ~ tail && NR - cause > 80 {
	cause = NR
	if (!(NR in fine))
		print
}' "$console")

[ -n "$found" ] || exit 0
printf '%s\n' "$found" | head -n 10 | while read -r line; do
	say "the kernel complained: $line"
done
exit 1
