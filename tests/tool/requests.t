#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's requests for modules: listed alone, counted, and what is said of those that no load follows.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq python3
cd "$tmp" || exit 1

# report FILE OPTION...
report_on()
{
	file=$1
	shift
	"$modtrace" report -i "$file" "$@" 2>err
}

# 40 requests of one name in 4 s, 12 of another, 3 of a third, and no load.
awk 'BEGIN {
	print "0 0 1 comm systemd"
	print "0 0 700 comm sshd"
	print "0 0 900 comm dockerd"
	print "0 0 950 fork 1"
	print "0 0 950 comm cron"
	for (i = 0; i < 40; i++) {
		t = 1000000000 + i * 100000000
		printf "%.0f 0 %d fork 700\n", t - 20000, 2000 + i
		printf "%.0f 0 %d comm sshd\n", t - 10000, 2000 + i
		printf "%.0f 0 %d request ip=0xffffffff81777777 wait=1 name=net-pf-16-proto-9\n", t, 2000 + i
		printf "%.0f 0 %d exit\n", t + 10000, 2000 + i
		if (i < 12)
			printf "%.0f 1 900 request ip=0xffffffff81234567 wait=0 name=iptable_raw\n", t + 20000
		if (i < 3)
			printf "%.0f 1 950 request ip=0 wait=1 name=char-major-10-130\n", t + 30000
	}
	print "note symbol ffffffff81234567 xt_find_table_lock+0x5c"
}' >storm.events
"$genperf" storm.data <storm.events
"$genperf" autoload.data <"$top/tests/golden/autoload.events"
"$genperf" hostile.data <"$top/tests/golden/hostile.events"
echo '1000 0 1 load_begin' | "$genperf" none.data

# The list.
report_on storm.data --requests >out
is 'a line a request' "$? $(wc -l <out) $(cat err)" '0 55 '
is 'of text: time, name, site, who, what the alias stands for' "$(sed -n 1p out)" \
	'    0.000020  net-pf-16-proto-9     ?                 sshd 2000 (sshd), NETLINK_AUDIT'
is 'of one that does not wait' "$(sed -n 2p out)" \
	'    0.000040  iptable_raw           xt_find_table_lock+0x5c  dockerd 900, no wait'
like 'a device' "$(sed -n 3p out)" 'cron 950 \(systemd\), /dev/watchdog$'
is 'the same zero as attempts and events' \
	"$(report_on autoload.data --requests -F time_ns | sed -n 2p | tr -d ' ')" \
	"$(report_on autoload.data --events -F time_ns,event | sed -n 's/ *\([0-9.]*\) *module_request.*/\1/p' | head -n 1)"
is 'what is merged, into whose, and how long it waited' \
	"$(report_on autoload.data --requests -f jsonl | jq -c '[.tid, .merged, .leader, .wait_ns, .wait]' | tr '\n' ' ')" \
	'[5,false,null,null,true] [6,true,5,7999,true] [7,true,5,7998,true] [8,true,null,0,false] '
like 'and in text' "$(report_on autoload.data --requests)" \
	'\(unknown\) 6, merged into that of 5, waited 8\.00 us'
is 'it has returned, as its thread has ended' \
	"$(report_on storm.data --requests -f jsonl | jq -c '[.tid, .merged]' | sed -n 1p)" '[2000,false]'
is 'the last one of a thread may go on' \
	"$(report_on storm.data --requests -f jsonl -m iptable_raw | jq -c .merged | uniq -c | tr -s ' ' | tr '\n' ',')" \
	' 11 false, 1 null,'
{
	sed 2q "$top/tests/golden/autoload.events"
	echo '1000 0 5 request ip=0 wait=1 name=fs-xfs'
	echo '1500 0 5 lost lost=3'
	echo '2000 0 5 request ip=0 wait=1 name=fs-xfs'
	echo '3000 0 5 exit'
} | "$genperf" lost.data
is 'what was lost may have told' "$(report_on lost.data --requests -f jsonl | jq -c .merged | tr '\n' ' ')" 'null false '
"$genperf" --stock stock.data <<-'END'
	1000 0 5 request ip=0 wait=1 name=fs-xfs
	2000 0 5 exit
END
is 'no event of merges: not known' "$(report_on stock.data --requests -f csv -F name,merged | tr -d '\r' | tail -n 1)" '"fs-xfs",'
is 'in order of time' "$(report_on storm.data --requests -f jsonl | jq .time_ns)" \
	"$(report_on storm.data --requests -f jsonl | jq .time_ns | sort -n)"

# Formats and selections.
for input in storm autoload hostile stock none; do
	report_on $input.data --requests -f json >json
	ok "$input: JSON is of its schema" python3 "$top/tests/tool/schema.py" "$top/docs/schema/requests.json" json
	report_on $input.data --requests -f jsonl >lines
	ok "$input: and its lines" python3 "$top/tests/tool/schema.py" "$top/docs/schema/request.json" lines
	is "$input: the sum in a report" "$(report_on $input.data -f json | jq '.totals.requests // 0')" "$(wc -l <lines)"
done
is 'names: - and _ are equal' "$(report_on storm.data --requests -m 'net_pf*,iptable-raw' | wc -l)" 52
is '-c' "$(report_on storm.data --requests -c cron | wc -l)" 3
is '--time' "$(report_on storm.data --requests --time=1,2 -m 'net-pf-*' | wc -l)" 10
is 'the report counts the same ones' "$(report_on storm.data --time=1,2 -m 'net-pf-*' -f json | jq -c '[.totals.requests, (.autoloads | length)]')" '[10,1]'
is 'sorted, of chosen fields' "$(report_on storm.data --requests -F name,tid -s name,tid | sed -n 2p | tr -s ' ')" 'char-major-10-130 950'

is 'columns of events stay in line under their heads' "$(report_on storm.data --events -F name,ip,wait,tid |
	grep -E '^NAME|^(net|char|ipt)' | awk '{ print length }' | uniq | wc -l)" 1

# Nothing to list is said, and where there is something.
report_on storm.data --attempts >out
is '--attempts of requests alone' "$? $(cat out err)" \
	"0 modtrace: report: no attempt to load a module in storm.data; see --requests for the kernel's 55 requests"
report_on storm.data --attempts -m iptable_raw >out
is '--attempts, selected' "$? $(cat out err)" \
	"0 modtrace: report: no matching attempt to load a module in storm.data; see --requests for the kernel's 12 requests"
report_on none.data --requests >out
is '--requests of none' "$? $(cat out err)" \
	"0 modtrace: report: no request of the kernel's for a module in none.data"
report_on storm.data --requests -m xfs >out
is 'nothing is selected' "$? $(cat out err)" \
	'0 modtrace: report: nothing in storm.data matches the selection (-m, -c, --time)'
report_on storm.data --requests -m xfs --fail-on 'requests>1' >out
is 'which is an error with --fail-on' "$? $(wc -l <err)" '1 1'
report_on none.data --requests -m xfs --fail-on 'requests>1' >out
is 'requests alone are selected' "$?" 1

# Totals.
report_on storm.data --fail-on 'requests>10' >out
is '--fail-on requests' "$? $(cat err)" '2 modtrace: report: --fail-on requests>10: requests is 55'
report_on storm.data --fail-on 'requests>55' >out
is '--fail-on requests: not' $? 0
report_on "$top/tests/data/perf-7.2-trace.data" --fail-on 'requests>55' >out
is '--fail-on requests: not recorded' "$? $(cat err)" \
	'1 modtrace: report: --fail-on requests>55: requests is unknown in this recording'
report_on "$top/tests/data/perf-7.2-trace.data" --requests >out
like '--requests: not recorded' "$? $(cat err)" '^0 modtrace: report: requests .* were not recorded in .*module:module_request'
is 'metrics' "$(report_on storm.data -f prometheus | grep '^modtrace_requests')" 'modtrace_requests 55'
is 'metrics of fleets' "$(report_on storm.data -f openmetrics | grep '^modtrace_boot_requests')" 'modtrace_boot_requests 55'
is 'metrics: not recorded is no line' \
	"$(report_on "$top/tests/data/perf-7.2-trace.data" -f prometheus | grep -c 'modtrace_requests\|modtrace_autoload')" 0
is 'first and last of a name' "$(report_on storm.data -f json | jq -c '[.autoloads[] | [.name, .first_ns, .last_ns]][0]')" \
	'["net-pf-16-proto-9",1000000000,4900000000]'

# What is said of them.
{
	printf '%s\n' '0 0 1 comm systemd' '0 0 5 fork 1' '0 0 5 comm mount' '0 0 6 fork 1' '0 0 6 comm mount'
	echo '1000 0 5 request ip=0 wait=1 name=fs-xfs'
	echo '1001 0 6 request ip=0 wait=1 name=fs-xfs'
	echo '2000 0 6 autoload_dup ip=0 wait_ns=900 ret=0 leader=5 wait=1 name=fs-xfs'
} | "$genperf" merged.data
like 'the table has the parent of who asked' "$(report_on merged.data --sections=requests)" 'mount 6 \(systemd\)$'
report_on storm.data >out
like 'verdict' "$(tr -s ' \n' ' ' <out)" 'Verdict: no attempt to load a module was recorded; the kernel requested 3 names 55 times, net-pf-16-proto-9 most \(40\)\.'
like 'the section' "$(tr -s ' \n' ' ' <out)" '3 names requested 55 times, none in duplicate: net-pf-16-proto-9 40 times by sshd \(child of sshd\), iptable_raw 12 times by dockerd, char-major-10-130 3 times by cron \(child of systemd\) '
report_on storm.data --time=1.25,9 >out
is 'names without requests in the selected time are not counted' "$(tr -s ' \n' ' ' <out | grep -o '[0-9a-z]* names* requested[^:]*:\|and [0-9]* more')" '1 name requested, not in duplicate:'

# finding FILTER OPTION...
finding()
{
	filter=$1
	shift
	report_on storm.data -f json "$@" | jq -r "[.findings[] | select(.id == \"fruitless_requests\")][0] | $filter"
}
is 'finding: names and counts, rate and span of the worst' "$(finding .text)" \
	'the kernel requested 2 names 52 times, and no load followed in the recording: net-pf-16-proto-9 40, iptable_raw 12; net-pf-16-proto-9 (NETLINK_AUDIT) 10/s from 0.00 to 3.90 s, asked for by sshd (child of sshd)'
is 'finding: its evidence' "$(finding '.evidence | [.requests, .names, .request, .request_requests, .request_2, .request_2_requests, .first_ns, .last_ns, .asker, .asker_parent, .asker_requests] | tojson')" \
	'[52,2,"net-pf-16-proto-9",40,"iptable_raw",12,1000000000,4900000000,"sshd","sshd",40]'
like 'remedy: a line for an alias, and what it does' "$(finding .remedy)" \
	'^"alias net-pf-16-proto-9 off" in /etc/modprobe\.d/net-pf-16-proto-9\.conf: the kernel still requests it and starts modprobe each time, which then ends at once; to end the requests themselves, stop the requester or build what is asked for into the kernel \(net-pf-16-proto-9: CONFIG_AUDIT, '
like "remedy: a module's own name is installed" "$(finding .remedy)" '; iptable_raw: install it \(its package\) or stop the requester$'
is "remedy: not turned off" "$(finding .remedy | grep -c 'alias iptable_raw')" 0
is 'finding: of the selected time' "$(finding '.text | contains("no load followed in the selected time")' --time=1,9)" true
is 'finding: none where loads may be left out' "$(finding .id -m 'net*') $(finding .id -c sshd)" 'null null'

# storm NAME COUNT: so many requests, then a load if a third argument names one
storm()
{
	awk -v name="$1" -v count="$2" -v load="${3-}" 'BEGIN {
		for (i = 0; i < count; i++)
			printf "%d 0 5 request ip=0x%x wait=1 name=%s\n", 1000 + i * 1000, i % 2, name
		if (load) {
			print "900000 0 9 load_begin"
			printf "901000 0 9 load_end ret=0 stage=7 name=%s\n", load
		}
	}' | "$genperf" one.data
	report_on one.data -f json | jq -r '[.findings[] | select(.id == "fruitless_requests")][0] | .text, .remedy'
}
is 'seven are no storm' "$(storm fs-a 7 | head -n 1)" null
like 'eight are, from whatever sites' "$(storm fs-a 8)" '^the kernel requested fs-a 8 times, and no load followed in the recording; within '
is 'a load that follows: - and _ are equal' "$(storm dm-mod 9 dm_mod | head -n 1)" null
like 'a name that is no alias: nothing to copy' "$(storm 'fs-a;reboot' 9)" '^install or build what answers the name'
like 'a path is none' "$(storm 'fs-../../x' 9)" '^install or build what answers the name'
like 'a modalias is an alias' "$(storm 'pci:v00008086d00001234' 9)" '^"alias pci:v00008086d00001234 off" in '
while read -r name meaning; do
	like "$name stands for $meaning" "$(storm "$name" 9)" "requested $name \\($meaning\\) 9 times"
done <<-'END'
	net-pf-16-proto-16-family-nl80211 NETLINK_GENERIC
	net-pf-10 AF_INET6
	net-pf-2-proto-132 AF_INET
	char-major-10-232 /dev/kvm
	char-major-10-237 /dev/loop-control
END
for name in net-pf-99 net-pf-1x char-major-10-1; do
	is "$name: not known, not guessed" "$(storm $name 9 | grep -c "requested $name 9 times")" 1
done
done_testing
