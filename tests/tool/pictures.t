#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Pictures are valid, show what the JSON of the same recording says, and do nothing whatever names
# are in it. tests/slow/42-pictures.t looks at them with a browser.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs xmllint python3 jq
cd "$tmp" || exit 1

# svg_of NAME: of NAME.data, and its JSON
svg_of()
{
	"$modtrace" report -i "$1.data" --format=svg >"$1.svg" 2>"$1.err"
	is "$1: svg: status" $? 0
	ok "$1: svg: at most 1 MB" test "$(wc -c <"$1.svg")" -le 1000000
	"$modtrace" report -i "$1.data" --format=json >"$1.json" 2>>"$1.err"
	"$modtrace" report -i "$1.data" --format=jsonl >"$1.jsonl" 2>>"$1.err"
	names="$names $1"
}
names=

# check_all: what svg_of made, at once
check_all()
{
	# shellcheck disable=SC2046,SC2086 # words
	xmllint --noout $(printf '%s.svg ' $names) >lint 2>&1
	is 'all are valid XML' "$(cat lint)" ''
	# shellcheck disable=SC2086
	python3 "$top/tests/tool/pictures.py" $names >compared 2>&1
	is 'all are compared' "$(grep -c ':$' compared)" "$(echo $names | wc -w)"
	is 'all are as their JSON has it' "$(grep -v ':$' compared)" ''
	[ "$(grep -vc ':$' compared)" = 0 ] || diag "$(head -n 40 compared)"
}

for input in "$top"/tests/golden/*.events; do
	name=$(basename "$input" .events)
	# shellcheck disable=SC2046,SC2094 # the options are words; nothing is written there
	"$genperf" $(sed -n '1s/^# genperf://p' "$input") "$name.data" <"$input"
	svg_of "$name"
done
for name in boot-stock boot-patched perf-6.1-pipe trace-cmd-3.1-v7; do
	cp "$top/tests/data/$name".dat* "$name.data"
	svg_of "$name"
done
like 'a boot has its phases' "$(cat boot-stock.svg)" '>initramfs<'
like 'and the times of its markers' "$(cat boot-stock.svg)" '>udev_settled 141\.6 s<'
"$modtrace" report -i boot-stock.data --format=svg --sort=module -m 'sha*' >sorted.svg
is 'lanes are sorted as the report' "$(grep -o 'data-module="[^"]*"' sorted.svg)" \
	"$(for m in sha1_generic sha1_ssse3 sha256_generic sha256_ssse3 sha512_generic sha512_ssse3; do
		echo "data-module=\"$m\""; done)"

# The test above isn't content with everything.
sed 's/<rect class="wasted" x="8/<rect class="wasted" x="9/' boot-stock.svg >moved.svg
like 'a bar elsewhere is found' "$(python3 "$top/tests/tool/pictures.py" moved.svg boot-stock.json boot-stock.jsonl)" \
	'where no attempt begins'
sed '/class="failed" x="4[0-9.]*" y="[0-9.]*" width="[0-9.]*" height="[0-9.]*">/,/<.rect>/d' boot-stock.svg >less.svg
like 'a bar that is missing is found' \
	"$(python3 "$top/tests/tool/pictures.py" less.svg boot-stock.json boot-stock.jsonl)" 'attempts that are failed'

# Names that want to be more than text.
long=$(head -c 65000 /dev/zero | tr '\0' 'y')
time=1000
for comm in '</text><script>' '%FF%C3%28%ED%A0' '%E2%80%AE%E2%81%A7x' ']]>%26lt;%00%1B' '%EF%BF%BE%EF%BF%BF'; do
	time=$((time + 1000))
	echo "0 0 $time comm $comm"
	echo "$time 0 $time load_begin ino=1 dev=1 file=%3C/title%3E%3Cscript%3Ealert(1)%3C/script%3E.ko"
	echo "$((time + 500)) 0 $time load_end ret=-17 stage=5 name=$comm file=x.ko"
done >hostile-names.events
{
	sort -s -n -k1,1 hostile-names.events
	echo '9000 0 7000 load_begin ino=1 dev=1 file="onload=alert(1).ko'
	echo '9500 0 7000 load_end ret=0 stage=7 name="onload=alert(1) file=x.ko'
} | "$genperf" names.data
svg_of names
ok 'names: none begins an element' sh -c '! grep -qE "<(script|/text><s)|<[^>]*\"onload" names.svg'
like 'names: they are shown as text' "$(cat names.svg)" '&lt;/text&gt;&lt;script&gt;'
printf '1000 0 5 load_begin ino=1 dev=1 file=%s.ko\n2000 0 5 load_end ret=0 stage=7 name=%s file=x.ko\n' \
	"$long" name | "$genperf" long.data
"$modtrace" report -i long.data --format=svg >long.svg 2>long.err
is 'a name of 64 kB: status' $? 0
is 'a name of 64 kB: valid XML' "$(xmllint --noout long.svg 2>&1)" ''
ok 'a name of 64 kB: cut' test "$(wc -c <long.svg)" -lt 40000

# As many attempts as 255 CPUs make, for more modules than have lanes.
awk 'BEGIN {
	for (m = 1; m <= 60; m++) {
		t = m * 1000000
		for (c = 0; c < 255; c++)
			printf "%d %d %d load_begin ino=%d dev=1 file=mod%d.ko\n", t + c * 1009, c % 8, 1000 + c, m, m
		for (c = 1; c < 255; c++) {
			printf "%d %d %d load_merged wait_ns=%d ret=-17 leader=1000 name=mod%d\n",
				t + 500000 + c * 997, c % 8, 1000 + c, 400000, m
			printf "%d %d %d load_end ret=-17 file=mod%d.ko\n", t + 500000 + c * 997 + 100,
				c % 8, 1000 + c, m
		}
		printf "%d 0 1000 load_end ret=0 stage=7 read_bytes=5000 layout_bytes=6000 name=mod%d file=mod%d.ko\n",
			t + 800000, m, m
		print "round"
	}
}' | "$genperf" cpus.data
svg_of cpus
check_all
like '60 modules: the fold is said' "$(cat cpus.svg)" '>21 more modules<'

# More attempts than are kept: what is not drawn is said.
sed -n '/ load_/p;/^round/p' "$top/tests/golden/storm.events" |
	sed 's/^[0-9]*/+10000/;s/^+10000round/round/' >long-storm.events
"$genperf" --repeat=1000 many.data <long-storm.events
"$modtrace" report -i many.data --format=svg >many.svg
is 'many: status' $? 0
like 'many: what is missing is said' "$(cat many.svg)" 'of [0-9]+ attempts are not drawn'
ok 'many: at most 1 MB' test "$(wc -c <many.svg)" -le 1000000

# compare NAME SET SET: draws two sets, and looks at that
compare()
{
	"$modtrace" diff --format=svg "$2" "$3" >"$1.svg" 2>"$1.err"
	is "$1: status" $? 0
	is "$1: valid XML" "$(xmllint --noout "$1.svg" 2>&1)" ''
	"$modtrace" diff --format=json "$2" "$3" >"$1.json" 2>/dev/null
	is "$1: as the JSON has it" "$(python3 "$top/tests/tool/pair_svg.py" "$1.svg" "$1.json" 2>&1)" ''
}
compare pair boot-stock.data boot-patched.data
compare rules boot-stock.data "$top/tests/data/boot-rules.data"
compare swapped "$top/tests/data/boot-rules.data" boot-stock.data
ok 'pair: a label is at each mark' test "$(grep -c 'class="marker" x=.*y=.*>[a-z_.-]* [0-9.]* s<' pair.svg)" -ge 14
sed 's/\(<text class="marker"[^>]* y="\)[0-9.]*/\1100/' pair.svg >over.svg
like 'labels over each other are found' "$(python3 "$top/tests/tool/pair_svg.py" over.svg pair.json)" ' is over '
like 'pair: by how much is said' "$(cat pair.svg)" '>udev_settled [0-9.]+ s &gt; [0-9.]+ s: -'
like 'pair: nothing is known of noise' "$(cat pair.svg)" 'by themselves is unknown'
compare bands boot-stock.data,boot-patched.data boot-patched.data,boot-stock.data
compare gone boot-stock.data names.data
like 'gone: what vanished has its names' "$(cat gone.svg)" '>Vanished in B<'
ok 'gone: names are inert' sh -c '! grep -q "<script" gone.svg'
sed 's/data-what="live" x="[0-9]*/&5/' pair.svg >moved.svg
like 'a mark elsewhere is found' "$(python3 "$top/tests/tool/pair_svg.py" moved.svg pair.json)" ': live at '
"$modtrace" diff --format=svg boot-stock.data boot-stock.data boot-stock.data >out 2>err
is 'three sets are refused' $? 1
"$modtrace" report -i boot-stock.data --format=svg --fields=module >out 2>err
is 'options without effect are refused' $? 1
done_testing
