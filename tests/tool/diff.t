#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# diff: sets of recordings, their means and spreads, and what is outside the noise.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq
cd "$tmp" || exit 1

# recording NAME LOADS READ: so many attempts for x, of which all but one read so much for nothing
recording()
{
	n=$2
	{
		echo '1000 0 1 load_begin ino=1 dev=1 file=x.ko'
		echo '2000 0 1 load_end ret=0 stage=7 read_bytes=10 layout_bytes=20 name=x file=x.ko'
		while [ "$n" -gt 1 ]; do
			echo "+10 0 1 load_begin ino=1 dev=1 file=x.ko"
			echo "+10 0 1 load_end ret=-17 stage=4 read_bytes=$3 name=x file=x.ko"
			n=$((n - 1))
		done
		[ -z "${4-}" ] || echo "$4"
	} | "$genperf" "$1"
}

recording a1.data 10 100
recording a2.data 11 100
recording a3.data 12 100
recording b1.data 3 10
recording b2.data 4 10
recording b3.data 2 10 '+10 0 1 load_end ret=0 stage=7 read_bytes=1 name=only_b file=only_b.ko'
cp b3.data 'hostile
[31m".data'

# value SETS MODULE KEY EXPRESSION: of JSON, with s the sets of the measure
value()
{
	# shellcheck disable=SC2086 # words
	"$modtrace" diff --format=json $1 | jq -c --arg m "$2" --arg k "$3" \
		'(if $m == "" then .totals else .modules[] | select(.name == $m) end) |
		.measures[] | select(.key == $k) | .sets | '"$4"
}

sets='a1.data,a2.data,a3.data b1.data,b2.data,b3.data'
is 'means' "$(value "$sets" '' attempts '[.[].mean]')" '[11,3.333333]'
is 'spreads' "$(value "$sets" '' attempts '[.[].deviation]')" '[1,0.57735]'
is 'least and most' "$(value "$sets" '' attempts '[.[] | .min, .max]')" '[10,12,3,4]'
is 'less, outside the noise' "$(value "$sets" '' wasted_bytes '.[1].verdict')" '"less"'
is 'more, the other way round' \
	"$(value 'b1.data,b2.data,b3.data a1.data,a2.data,a3.data' '' wasted_bytes '.[1].verdict')" '"more"'
is 'per module' "$(value "$sets" x attempts '[.[].mean]')" '[11,3]'
is 'a module that some lack counts as 0 there' "$(value "$sets" only_b attempts '[.[] | .n, .mean]')" \
	'[3,0,3,0.333333]'
is 'noise' "$(value 'a1.data,a3.data a2.data,a3.data' '' attempts '.[1].verdict')" '"noise"'
is 'one each: no deviation is known' "$(value 'a1.data b1.data' '' attempts '[.[].deviation]')" '[null,null]'
is 'a share has the same digits everywhere' \
	"$(value 'a1.data b1.data' '' duplicates_percent '[.[] | .min == .mean and .max == .mean]')" '[true,true]'
is 'one each: unsure' "$(value 'a1.data b1.data' '' attempts '.[1].verdict')" '"unsure"'
is 'the same' "$(value 'a1.data a1.data' '' attempts '.[1].verdict')" '"same"'
cp a1.data a1-equal.data
cp b1.data b1-equal.data
is 'constant, and different: no noise to be within' \
	"$(value 'a1.data,a1-equal.data b1.data,b1-equal.data' '' attempts '.[1].verdict')" '"less"'
"$modtrace" diff a1.data,./a1.data b1.data >out 2>err
is 'a recording that is twice in a set' "$? $(cat out err)" \
	'1 modtrace: diff: ./a1.data: twice in a set; name it once'
is 'three sets' "$(value "$sets a3.data,a2.data,a1.data" '' attempts '[.[1:][].verdict]')" \
	'["less","noise"]'
is 'sets with -- between' "$(value 'a1.data a2.data a3.data -- b1.data b2.data b3.data' '' attempts \
	'[.[].n]')" '[3,3]'
is 'a filter' "$(value "--module=only* $sets" '' attempts '[.[].mean]')" '[0,0.333333]'

# shellcheck disable=SC2086 # words
"$modtrace" diff $sets >text 2>&1
like 'text: a row' "$(cat text)" '^\(all\) +attempts +11 +1 +3\.3 +0\.6 +-69\.7% +less$'
like 'text: what it comes to' "$(cat text)" \
	'^Verdict: in B, calls of duplicates took .* \(less, outside the noise\); duplicates wasted .* instead of '
is 'text: no parts of measures' "$(grep -c '[a-z]\.[a-z]' text)" 0
like 'text: a verdict' "$(cat text)" '^less, outside the noise: .*attempts.*wasted_bytes'
is 'text: no difference' "$("$modtrace" diff a1.data a1.data | tail -n 1)" 'no difference'
"$modtrace" diff a1.data -- 'hostile
[31m".data' a1.data >out 2>&1
"$modtrace" diff --format=json a1.data 'hostile
[31m".data' >json
ok "a file's name harms nothing" jq -e '.sets[1][0]' json
is 'nor text' "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <out | wc -c)" 0


# One against one: what changed, and no verdict on what can't be known.
cp "$top/tests/data/boot-stock.data" "$top/tests/data/boot-patched.data" .
COLUMNS=80 "$modtrace" diff boot-stock.data boot-patched.data >text
is 'one each: no verdicts' "$(grep -c unsure text)" 0
like 'one each: that is said' "$(cat text)" '^One recording each'
is 'one each: what it comes to' "$(sed -n '/^Verdict/,/^$/p' text | tr '\n' ' ')" \
	"Verdict: in B, udev settled after 71.5 s instead of 142 s; calls of duplicates took 543 instead of 2849 \
worker-seconds; failed calls took 9.03 instead of 34.1 worker-seconds; duplicates wasted 0 B instead of ~82.1 MiB  "
like 'one each: totals' "$(cat text)" '^dup_time_ns +2849 s +543 s +-81\.0%$'
like 'one each: the share of time' "$(cat text)" '^duplicates_percent +69\.6 +30\.7 '
like 'one each: phases' "$(cat text)" '^udev_settled +142 s +71\.5 s +-70\.0 s$'
is 'one each: the top movers' "$(sed -n '/^MODULE/,$p' text | sed -n '2,3s/ .*//p' | tr '\n' ' ')" \
	'aesni_intel acpi_cpufreq '
is 'one each: nothing is wider than the terminal' "$(awk 'length > 80' text)" ''
like 'one each: when a module was there' \
	"$(COLUMNS=120 "$modtrace" diff boot-stock.data boot-patched.data)" '^libaes .* 53\.6 s > 51\.9 s$'
like 'what only one loaded' "$("$modtrace" diff a1.data b3.data)" '^Loaded only in B: only_b$'
"$modtrace" diff boot-stock.data boot-patched.data --all >all
like 'with --all: parts of measures' "$(cat all)" '^fail_call_ns\.p99 +5\.38 s +2\.18 s '
is 'an option behind the files' "$(grep -c 'more modules changed' text) $(grep -c 'more modules changed' all)" '1 0'
is 'with an argument, and -- among the files' \
	"$("$modtrace" diff a1.data -- b1.data -f json | jq -c .sets)" '[["a1.data"],["b1.data"]]'
is 'one that is cut short' \
	"$("$modtrace" diff a1.data b1.data --form json | jq -c .sets)" '[["a1.data"],["b1.data"]]'
is "phases in JSON" "$(value 'boot-stock.data boot-patched.data' kvm live_at_ns '[.[] | .n]')" '[1,1]'
is 'markers' "$("$modtrace" diff -f json boot-stock.data boot-patched.data |
	jq '.markers | map(.name) | index("udev_settled") > 0')" true
cp boot-stock.data stock-equal.data
cp boot-patched.data patched-equal.data
"$modtrace" diff boot-stock.data,stock-equal.data boot-patched.data,patched-equal.data >text
like 'phases of sets' "$(cat text)" '^udev_settled +reached_ns +142 s .* less$'

# Requests that no load followed: their remedy has the name in it, and outlives the recording.
{
	echo '0 0 50 comm sshd'
	for _ in 1 2 3 4 5 6 7 8 9; do
		echo '+1000000 0 50 request name=net-pf-16-proto-9 ip=0 wait=1'
	done
} | "$genperf" storm.data
{
	echo '0 0 50 comm sshd'
	echo '1000000 0 50 request name=net-pf-16-proto-9 ip=0 wait=1'
	echo '9000000 0 50 request name=net-pf-16-proto-9 ip=0 wait=1'
} | "$genperf" once.data
"$modtrace" diff once.data storm.data >text 2>&1
is 'a finding is a difference, where measures have none' "$? $(grep -c 'no difference$' text)" '0 0'
like 'a new one' "$(cat text)" '^new +fruitless_requests$'
like 'its remedy' "$(cat text)" '^ +remedy: "alias net-pf-16-proto-9 off" in '
is 'one that is gone, too' "$("$modtrace" diff storm.data once.data | tail -n 1)" 'gone   fruitless_requests'
is 'one that is still there is no difference' "$("$modtrace" diff storm.data storm.data | tail -n 1)" \
	'no difference'
is 'its remedy in JSON' "$("$modtrace" diff -f json storm.data once.data |
	jq -r '.findings[0].remedy[:29]')" '"alias net-pf-16-proto-9 off"'

# Six hours, and as many bytes as there can be: of sums of all CPUs' neither is far away.
{
	echo '1000 0 1 load_begin ino=1 dev=1 file=x.ko'
	echo '20000000001000 0 1 load_end ret=-17 stage=4 read_bytes=18446744073709551615 name=x file=x.ko'
} | "$genperf" most.data
is 'six hours' "$(value 'a1.data most.data' '' duration_ns '[.[1] | .mean, .max]')" '[20000000000000,20000000000000]'
is 'as many bytes' "$(value 'a1.data most.data' '' wasted_bytes '[.[1] | .mean, .max] | map(. > 18e18)')" '[true,true]'
like 'in text' "$("$modtrace" diff a1.data most.data)" '^wasted_bytes +900 B +16\.0 EiB '

# Its JSON is what docs/schema/ says.
# shellcheck disable=SC2086 # words
for words in "$sets" 'a1.data b1.data' 'boot-stock.data boot-patched.data' "$sets a1.data"; do
	"$modtrace" diff -f json $words >json
	ok "JSON of $words is of its schema" python3 "$top/tests/tool/schema.py" "$top/docs/schema/diff.json" json
done
is 'the schema is not content with everything' "$(sed 's/"key"/"kee"/' json >bad
	python3 "$top/tests/tool/schema.py" "$top/docs/schema/diff.json" bad >/dev/null; echo $?)" 1

# fails DESCRIPTION MESSAGE ARGUMENT...
fails()
{
	what=$1 message=$2
	shift 2
	"$modtrace" diff "$@" >out 2>err
	is "$what: status" $? 1
	like "$what: said" "$(cat err)" "$message"
	is "$what: in one line" "$(grep -c . err)" 1
}
fails 'no set' 'two sets'
fails 'one set' 'two sets' a1.data
fails 'one set of two' 'two sets' a1.data,a2.data
fails 'an empty one' 'two sets' a1.data -- --
fails 'an empty name' 'two sets' a1.data, a2.data
fails 'no such file' 'nothere.data: No such file' a1.data nothere.data
fails 'too many' 'more than 8 sets' a1.data a1.data a1.data a1.data a1.data a1.data a1.data a1.data a1.data
fails 'no such format' "unknown format 'csv'" --format=csv a1.data a2.data
fails 'a selection that matches nothing' 'nothing in these recordings matches' -m nothing a1.data b1.data
done_testing
