#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# diff of boots: what makes them differ by themselves, what is missing, what is worse, and --fail-on.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq
cd "$tmp" || exit 1
data=$top/tests/data
cp "$data/boot-stock.data" monday.data
cp "$data/boot-rules.data" tuesday.data
COLUMNS=80
export COLUMNS

# part FROM < TEXT: the paragraph that begins so
part()
{
	sed -n "/^$1/,/^\$/p"
}

"$modtrace" diff monday.data tuesday.data >text 2>err
is 'two boots: nothing on stderr' "$(cat err)" ''
is 'two boots: nothing is wider than the terminal' "$(awk 'length > 80' text)" ''
is 'heads have kernel, CPUs and date' "$(head -n 2 text)" \
	'A: monday.data (6.1.192-stock, 64 CPUs, 2026-11-21 16:57 UTC)
B: tuesday.data (6.1.192-stock, 64 CPUs, 2026-11-27 17:28 UTC)'
is 'what makes them differ' "$(part 'Not alike' <text)" 'Not alike
  only A has an initramfs (switch_root)
  only A has udev_settled; B ended when the boot had settled, after 37.4 s'
like 'sums over workers are in worker-seconds' "$(tr '\n' ' ' <text)" \
	'calls of duplicates took 0 instead of 2849 worker-seconds; failed calls took 3\.20 instead of 34\.1 worker-seconds'
like 'the last call' "$(part 'The boot' <text)" '^last module call +141 s +34\.9 s +-107 s$'
is 'the length of the recordings is last' "$(part WHAT <text | sed '/^$/d' | tail -n 1 | cut -d' ' -f1)" duration_ns
like 'a load that got shorter' "$(part Loads <text)" '^aesni_intel +31\.2 s +4\.03 s +-27\.2 s$'
like 'and one that got longer' "$(cat text)" '^Worse in B: binfmt_misc \+27\.0 ms$'
like 'both loaded the same' "$(cat text)" '^The same 19 modules loaded in A and B$'
like 'findings: gone' "$(part Findings <text)" '^gone   slow_load: aesni_intel and 1 more$'
like 'findings: what still fails' "$(part Findings <text | tr '\n' ' ')" \
	'still  never_loads: acpi_cpufreq 2 \(ENODEV\), powernow_k8 1 \(ENODEV\), pcc_cpufreq +1 \(ENODEV\) +remedy: blacklist'
is 'a legend of what is shown only' "$(part Modules <text | head -n 1 | grep -c LIVE)" 0
like 'of LIVE where it is shown' "$(COLUMNS=120 "$modtrace" diff monday.data tuesday.data)" \
	'^Modules that changed most.*; LIVE: when the module was there'
is '~ is explained once' "$(grep -c '^~ an estimate' text)" 1

# The other way round.
"$modtrace" diff tuesday.data monday.data >text 2>&1
is 'swapped: marks are in order of time' "$(part REACHED <text | awk 'NR > 1 && NF { print $1 }' | tr '\n' ' ')" \
	'switch_root local-fs.target sysinit.target basic.target multi-user.target graphical.target last udev_settled '
like 'swapped: new findings have a remedy' "$(part Findings <text | tr '\n' ' ')" \
	'new    identical_devices: kvm and 14 more +remedy: '
like 'swapped: the worst first' "$(cat text)" '^Worse in B: aesni_intel \+1001 s \+29 attempts, .* and 1[0-9] more|^Worse in B: aesni_intel \+1001 s'
like 'swapped: the other set is named' "$(part 'Not alike' <text)" 'only B has an initramfs'

# JSON and picture have them, too.
"$modtrace" diff -f json monday.data tuesday.data >json
is 'JSON: differences' "$(jq -c '[.differences[] | [.set, .id]]' json)" '[[1,"markers"],[1,"markers"]]'
is 'JSON: findings' "$(jq -c '.findings[] | select(.id == "slow_load") | .sets' json)" \
	'[{"n":1,"module":"aesni_intel"},{"n":0,"module":null}]'
is 'JSON: the last call' "$(jq '[.totals.measures[] | select(.key == "last_at_ns") | .sets[].mean / 1e9 | floor] | tostring' json)" \
	'"[141,34]"'
ok 'JSON: of its schema' python3 "$top/tests/tool/schema.py" "$top/docs/schema/diff.json" json
"$modtrace" diff -f svg monday.data tuesday.data >svg
like 'picture: the verdict' "$(cat svg)" '>in B, graphical\.target after 28\.7 s instead of 48\.7 s'
like 'picture: the differences' "$(cat svg)" '>only A has an initramfs \(switch_root\)<'

# Cut, and with losses.
head -c 300000 monday.data >cut.data
"$modtrace" diff monday.data cut.data >text 2>err
like 'cut: in the verdict' "$(cat text)" '^Verdict: in B \(incomplete\), graphical\.target'
like 'cut: said below' "$(part 'Not alike' <text | tr '\n' ' ')" \
	'B is incomplete: cut.data: not closed by its recorder \(300000 bytes\): +only its +first 56\.3 s'
like 'cut: marks beyond it are not reached' "$(part 'The boot' <text)" '^udev_settled +142 s +- +-$'
like 'cut: nor is the last call known' "$(part 'The boot' <text)" '^last module call +141 s +- +-$'
head -c 300000 tuesday.data >between.data
like 'cut between calls: the last one is not known, either' \
	"$("$modtrace" diff tuesday.data between.data 2>/dev/null | part 'The boot')" '^last module call +34\.9 s +- +-$'
like 'cut: on stderr, too' "$(cat err)" 'cut.data: not closed'
"$modtrace" diff -f json monday.data cut.data 2>/dev/null >json
is 'cut: in JSON' "$(jq -c '[.differences[] | [.set, .id]]' json)" '[[1,"truncated"],[1,"markers"]]'
is 'cut: of A' "$("$modtrace" diff -f json cut.data monday.data 2>/dev/null | jq -c '.differences[0] | [.set, .id]')" \
	'[0,"truncated"]'
like 'cut: in the picture' "$("$modtrace" diff -f svg monday.data cut.data 2>/dev/null)" '>B is incomplete: cut.data: '

# recording NAME NOTE [OPTION...]: two loads, one for nothing, with what is noted
recording()
{
	name=$1 note=$2
	shift 2
	{
		printf '%s' "$note"
		echo '1000 0 1 load_begin ino=1 dev=1 file=x.ko'
		echo '2000 0 1 load_end ret=0 stage=7 read_bytes=10 layout_bytes=20 name=x file=x.ko'
		echo '+10 0 1 load_begin ino=1 dev=1 file=x.ko'
		echo '+10 0 1 load_end ret=-17 stage=4 read_bytes=10 name=x file=x.ko'
	} | "$genperf" "$@" "$name"
}
boot='note boot_id 1-2-3
note marker 1500 sysinit.target
'
recording plain.data "${boot}note machine_id 1
note ended_by settle
"
recording other.data "${boot}note machine_id 2
note ended_by limit
" --release=9.9.9-other
recording same.data "${boot}note machine_id 1
note ended_by settle
"
recording none.data ''
{
	printf '%s' "$boot"
	echo '1000 0 1 load_begin ino=1 dev=1 file=x.ko'
	echo '+10 0 0 lost 7'
	echo '2000 0 1 load_end ret=0 stage=7 read_bytes=10 layout_bytes=20 name=x file=x.ko'
} >lossy.events
"$genperf" lossy.data <lossy.events
sed 's/lost 7/lost 1/' lossy.events | "$genperf" one-lost.data

is 'alike: nothing is said' "$("$modtrace" diff plain.data same.data | grep -c 'Not alike')" 0
is 'alike: nor in JSON' "$("$modtrace" diff -f json plain.data same.data | jq -c .differences)" '[]'
"$modtrace" diff plain.data other.data >text
like 'kernels' "$(cat text)" '^  kernel: [^ ]+ in A, 9\.9\.9-other in B$'
like 'machines' "$(cat text)" '^  machine: B was recorded on another one than A'
like 'ends' "$(cat text)" '^  recording ended by: settle in A, limit in B$'
like 'no boot' "$("$modtrace" diff plain.data none.data)" '^  only A is recorded from the boot on$'
"$modtrace" diff plain.data tuesday.data >text
like 'CPUs' "$(cat text)" '^  CPUs: 8 in A, 64 in B$'
like 'modes' "$(cat text)" '^  mode: patched in A, stock in B$'
like 'losses' "$("$modtrace" diff plain.data lossy.data 2>/dev/null)" '^  B is incomplete: lossy.data lost 7 events: '
recording hostile.data "${boot}note ended_by e%1b[31mvil
"
is 'what notes say is escaped' "$("$modtrace" diff plain.data hostile.data | LC_ALL=C tr -d '\n\040-\176' | wc -c)" 0

like 'one event' "$("$modtrace" report one-lost.data)" '^error +1 event was lost: '
like 'one event, of two files' "$("$modtrace" diff plain.data one-lost.data 2>&1 >out)" 'one-lost.data: 1 event was lost: '
like 'what a cut one may have loaded later' "$("$modtrace" diff monday.data cut.data 2>/dev/null)" \
	'^Loaded only in A as far as is known: kvm, '
recording markers.data "$(seq 1 30 | sed 's/.*/note marker &000 m&/')
"
like 'more markers than anybody reads' "$("$modtrace" diff plain.data markers.data | tr -s '\n ' ' ')" \
	'only B has m1, m2, [m0-9, ]* m12 and 18 more'

# Sets.
cp monday.data monday2.data
cp "$data/boot-patched.data" patched.data
"$modtrace" diff monday.data,patched.data tuesday.data,monday2.data tuesday.data >text 2>err
is 'three sets: nothing is wider than the terminal' "$(awk 'length > 80' text)" ''
like 'three sets: deviations give way to the verdict' "$(cat text)" '^MODULE +WHAT +A +B +CHANGE +VERDICT$'
like 'three sets: names are cut for nothing else' "$(cat text)" '^multi-user\.target +reached_ns '
like 'three sets: the legend has no deviations, either' "$(cat text)" '^Means$'
like 'three sets: what only some have says so' "$(cat text)" '^udev_settled +reached_ns +107 s +142 s \(1 of 2\) '
like 'three sets: in the verdict, too' "$(tr '\n' ' ' <text)" 'udev settled after 142 s instead of 107 s \(B: in 1 of 2 +recordings\)|\(B: in 1 of 2'
like 'three sets: a file of two is named' "$(cat err)" 'tuesday.data: in set B, too'
"$modtrace" diff monday.data,patched.data tuesday.data >text
is 'too few recordings: said once' "$(tr '\n' ' ' <text | grep -o 'too few *recordings' | wc -l)" 1
is 'wide enough: one table' "$(COLUMNS=300 "$modtrace" diff monday.data,patched.data tuesday.data patched.data 2>/dev/null |
	grep -c ^MODULE)" 1
like 'a selection: the boot is the whole one' "$("$modtrace" diff -m kvm monday.data tuesday.data | tr '\n' ' ')" \
	'graphical\.target \(of the whole boot\) after'

# fails STATUS EXPR MESSAGE FILE...
fails()
{
	wanted=$1 expr=$2 message=$3
	shift 3
	"$modtrace" diff --fail-on "$expr" "$@" >out 2>err
	is "--fail-on $expr of $*: status" $? "$wanted"
	if [ -n "$message" ]; then
		like "--fail-on $expr of $*: said" "$(cat err)" "$message"
		is "--fail-on $expr of $*: in one line" "$(grep -c -- --fail-on err)" 1
	else
		is "--fail-on $expr of $*: nothing is said" "$(cat err)" ''
	fi
}
fails 0 'graphical.target>+10% || wasted_bytes>+0 || dup_time_ns>+5%' '' monday.data tuesday.data
fails 2 'graphical.target>+10%' 'graphical.target>\+10%: 28\.7 s in A, 48\.7 s in B \(\+69\.9%\)$' tuesday.data monday.data
fails 0 'graphical.target>+70%' '' tuesday.data monday.data
fails 2 "graphical.target>+20s" "graphical.target" tuesday.data monday.data
fails 0 'graphical.target>+21s' '' tuesday.data monday.data
fails 2 'wasted_bytes>+0' 'wasted_bytes>\+0: 0 B in A, 82\.1 MiB in B$' tuesday.data monday.data
fails 2 'dup_time_ns>+5%' '0 in A, 2849 s in B$' tuesday.data monday.data
fails 2 'busy>+1000 || wasted_bytes>+1M && graphical.target>+10s' 'on wasted_bytes>\+1M: ' tuesday.data monday.data
fails 2 'attempts<-50%' 'attempts<-50%: 624 in A, 23 in B \(-96\.3%\)$' monday.data tuesday.data
fails 2 'marker.graphical.target<-1s' '48\.7 s in A' monday.data tuesday.data
fails 2 'last_at_ns>+1s' '34\.9 s in A, 141 s in C' tuesday.data plain.data monday.data
fails 1 'udev_settled>+10%' 'udev_settled is unknown in B$' monday.data tuesday.data
fails 1 'switch_root>+10%' 'switch_root is unknown in A$' tuesday.data monday.data
fails 1 'grafical.target>+10%' 'no key "grafical\.target"' monday.data tuesday.data
fails 1 'wasted_bytes>0' 'no change to compare wasted_bytes with' monday.data tuesday.data
fails 1 'wasted_bytes>+5s' "wasted_bytes isn't measured in that unit" monday.data tuesday.data
fails 1 'graphical.target>+5M' "graphical.target isn't measured in that unit" monday.data tuesday.data
fails 1 'wasted_bytes' 'must be followed by' monday.data tuesday.data
fails 1 'wasted_bytes>+0 or busy>+0' 'neither && nor' monday.data tuesday.data
fails 1 '>+0' 'no key at' monday.data tuesday.data
fails 1 'wasted_bytes>+0' 'a recording is incomplete' monday.data cut.data
fails 2 'in_flight>+0' 'in_flight>\+0: 0 in A, 30 in B$' monday.data cut.data
"$modtrace" diff -f json --fail-on 'busy<-1' monday.data tuesday.data 2>/dev/null >json
is 'with JSON, too' "$? $(jq -c .sets json)" '2 [["monday.data"],["tuesday.data"]]'
done_testing
