#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Requests of the kernel's on the screens: where no module was loaded they are still found, with who asked.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/tui/lib.sh"

build_tests
cd "$tmp" || exit 1

# 40 requests by sshd, 12 by dockerd, and as many of two names by cron.
awk 'BEGIN {
	print "0 0 1 comm systemd"
	print "0 0 700 fork 1"
	print "0 0 700 comm sshd"
	print "0 0 900 comm dockerd"
	print "0 0 950 comm cron%1B[2J"
	for (i = 0; i < 40; i++) {
		printf "%.0f 0 700 request ip=0 wait=1 name=net-pf-16-proto-9\n", 1000000000 + i * 100000000
		if (i < 12)
			printf "%.0f 0 900 request ip=0xffffffff81234567 wait=1 name=iptable_raw\n", 1000020000 + i * 100000000
		if (i < 3) {
			printf "%.0f 0 950 request ip=0 wait=1 name=zz_b\n", 1000030000 + i * 100000000
			printf "%.0f 0 950 request ip=1 wait=1 name=zz_a\n", 1000040000 + i * 100000000
		}
	}
	print "note symbol ffffffff81234567 find_table+0x5c"
}' | "$genperf" requests.data
echo '1000 0 1 comm x' | "$genperf" none.data

term_start 80 24 "$modtrace report --tui -i requests.data"
term_wait F10Quit
shows 'no module: a hint to the requests, and the key' 'The kernel made 58 requests: F7 lists them, F5 the findings\.'
like 'none without requests' "$("$modtrace" report --tui --batch 1 -i none.data | grep -c 'The kernel made')" '^0$'
term_keys F7
shows 'a request has its asker' '^request net-pf-.* by sshd +- +40 '
shows 'and its place' '^request iptable.* find_table\+0x5c '
is 'rows that are equal: by count, then by name' \
	"$(term_screen | sed -n 's/^request \([a-z_]*\).*/\1/p' | tr '\n' ' ')" \
	'net iptable zz_a zz_b '
shows 'all of it below' 'request for net-pf-16-proto-9 \(NETLINK_AUDIT\), at \?, by sshd'
term_keys Enter
shows 'Enter: when and who, where no load is known' '^ No load known; requested 40 times, 0 to 3\.90 s: sshd \(systemd\) 40'
term_keys F4
term_keys 'dock'
shows 'the filter looks at askers' ' 1 row '
is 'and keeps its rows' "$(term_screen | grep -c '^request ')" 1
term_keys Enter Enter
shows 'of that one, too' 'requested 12 times, .*: dockerd 12'
term_keys F4 C-u
term_keys 'zz_a'
term_keys Enter Enter
shows 'names are escaped' 'requested 3 times, .*: cron\\x1b\[2J 3'
term_keys Escape F5
term_wait LEVEL
term_keys Enter
shows 'the finding leads to the requesters' 'REQUESTER +PARENT'
term_keys q
wait_for status
done_testing
